/* SPDX-License-Identifier: MIT
 *
 * card - any bytes as the body of a card that Ada, whose seed the vectors have, signs.  So the fuzzer
 * gets behind the signature: what a bad contact could send.
 */
#include <sodium.h>

#include "cards.h"
#include "codec/pack.h"
#include "crypto/sign.h"

static const uint8_t seed[KITH_KEY_BYTES] = {0x2f, 0xd2, 0xa8, 0x27, 0xfd, 0xa4, 0xe7, 0x39, 0x26,
	0xe1, 0x29, 0x55, 0xac, 0x20, 0x36, 0xed, 0x46, 0x6e, 0x7c, 0x23, 0xf7, 0x8b, 0x60, 0x4b,
	0xe8, 0xd0, 0x82, 0x2a, 0xad, 0x5e, 0xe3, 0xba};

static struct kith_identity *ada;

static void sign(struct kith_span body, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};
	uint8_t sig[KITH_SIG_BYTES];

	must(kith_sign(ada, "kith/1 card", body, sig) == KITH_OK);
	kith_pack_array(&p, 4);
	kith_pack_str(&p, kith_span_str("KITHCARD"));
	kith_pack_uint(&p, 1);
	kith_pack_bin(&p, body);
	kith_pack_bin(&p, kith_span(sig, sizeof sig));
	must(!p.err);
}

/* What is known of a card, signed anew, reads the same; only a writer refuses doubles. */
static void again(const struct kith_card *c)
{
	static struct kith_card back;
	struct kith_buf out = {0};
	enum kith_err err = kith_card_sign(ada, c, &out);

	must(err == KITH_OK || err == KITH_ERR_VALUE || err == KITH_ERR_LIMIT);
	if (!err) {
		must(kith_card_verify(kith_buf_span(&out), &back) == KITH_OK);
		same_fields(&c->fields, &back.fields);
		must(back.rev == c->rev && back.issued == c->issued && back.pass == c->pass);
		must(back.variant == c->variant && back.has_prev == c->has_prev);
		must(memcmp(back.card, c->card, sizeof back.card) == 0);
	}
	kith_buf_free(&out);
}

/* The fields that this kith knows, alone, as the store has them. */
static void fields_alone(const struct kith_fields *fields)
{
	static struct kith_fields known, back;
	struct kith_buf out = {0};

	known.n = 0;
	for (size_t i = 0; i < fields->n; i++)
		if (kith_field_info(fields->at[i].kind))
			known.at[known.n++] = fields->at[i];
	must(kith_fields_pack(&known, &out) == KITH_OK);
	must(kith_fields_unpack(kith_buf_span(&out), &back) == KITH_OK);
	same_fields(&known, &back);
	kith_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct kith_card card;
	struct kith_buf envelope = {0};

	fuzz_start();
	if (!ada)
		must(kith_identity_from_seed(seed, &ada) == KITH_OK);
	sign(kith_span(p, n), &envelope);
	if (kith_card_verify(kith_buf_span(&envelope), &card) == KITH_OK) {
		must(memcmp(card.ik, kith_identity_ik(ada), KITH_KEY_BYTES) == 0);
		must(card.body.n == n && memcmp(card.body.p, p, n) == 0);
		card_is_sound(&card, kith_buf_span(&envelope));
		card_is_kept(kith_buf_span(&envelope));
		again(&card);
		fields_alone(&card.fields);
	}
	kith_buf_free(&envelope);
	return 0;
}
