/* SPDX-License-Identifier: MIT
 *
 * envelope - any bytes as a signed card.  What verifies is signed by the key inside, as libsodium
 * sees it, and no other bit of it could be different.
 */
#include <sodium.h>

#include "base/limits.h"
#include "cards.h"

#define LABEL "kith/1 card"

/* The last 64 bytes of an envelope are its signature. */
static bool is_signed(const struct kith_card *c, struct kith_span envelope)
{
	static uint8_t text[sizeof LABEL + KITH_CARD_BODY_MAX];

	memcpy(text, LABEL, sizeof LABEL);
	memcpy(text + sizeof LABEL, c->body.p, c->body.n);
	return crypto_sign_verify_detached(envelope.p + envelope.n - KITH_SIG_BYTES, text,
		       sizeof LABEL + c->body.n, c->ik) == 0;
}

/* case 4: a bit that depends on the input, flipped. */
static void other_bit(struct kith_span envelope, struct kith_card *c)
{
	static uint8_t copy[KITH_CARD_ENVELOPE_MAX];
	uint8_t hash[32];

	kith_card_hash(envelope, hash);
	size_t bit = (hash[0] | (size_t)hash[1] << 8 | (size_t)hash[2] << 16) % (envelope.n * 8);
	memcpy(copy, envelope.p, envelope.n);
	copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
	must(kith_card_verify(kith_span(copy, envelope.n), c) != KITH_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct kith_card card, other;
	struct kith_span envelope = kith_span(p, n);

	fuzz_start();
	if (kith_card_verify(envelope, &card))
		return 0;
	must(n <= KITH_CARD_ENVELOPE_MAX && is_signed(&card, envelope));
	card_is_sound(&card, envelope);
	card_is_kept(envelope);
	other_bit(envelope, &other);
	return 0;
}
