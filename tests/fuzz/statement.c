/* SPDX-License-Identifier: MIT
 *
 * statement - any bytes as a statement about keys (first byte even), or as the body of one that is
 * signed here (odd): what verifies is signed by the keys inside, as libsodium sees it, and no other bit
 * of it could be different.
 */
#include <kith/statement.h>
#include <sodium.h>

#include "base/auto.h"
#include "base/limits.h"
#include "fuzz/fuzz.h"

/* Signature i of so many at the end of the statement. */
static bool is_signed(
	struct kith_span bytes, const struct kith_statement_frame *f, size_t i, const uint8_t *ik)
{
	static uint8_t text[16 + KITH_STATEMENT_MAX];
	const char *label = f->kind == KITH_STATEMENT_ROTATE ? "kith/1 rotate" : "kith/1 revoke";
	size_t n = strlen(label) + 1;

	memcpy(text, label, n);
	memcpy(text + n, f->body.p, f->body.n);
	return crypto_sign_verify_detached(
		       bytes.p + bytes.n - f->sigs.n + 64 * i, text, n + f->body.n, ik) == 0;
}

/* A bit that depends on the input, flipped. */
static void other_bit(struct kith_span bytes, const uint8_t hash[static 32])
{
	static uint8_t copy[KITH_STATEMENT_MAX];
	struct kith_statement s;
	size_t bit = (hash[0] | (size_t)hash[1] << 8) % (bytes.n * 8);

	memcpy(copy, bytes.p, bytes.n);
	copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
	must(kith_statement_verify(kith_span(copy, bytes.n), &s) != KITH_OK);
	must(kith_statement_verify(kith_span(bytes.p, bytes.n - 1), &s) != KITH_OK);
}

static void is_kept(struct kith_span bytes)
{
	KITH_AUTO_BUF struct kith_buf text = {0}, back = {0}, same = {0};

	must(kith_statement_armor(bytes, &text) == KITH_OK);
	must(kith_statement_from_file(kith_buf_span(&text), &back) == KITH_OK);
	must(kith_span_eq(kith_buf_span(&back), bytes));
	must(kith_statement_is(bytes));
	must(kith_statement_from_file(bytes, &same) == KITH_OK);
	must(kith_span_eq(kith_buf_span(&same), bytes));
}

static void read_it(struct kith_span bytes)
{
	struct kith_statement_frame f;
	struct kith_statement s;
	enum kith_err err = kith_statement_verify(bytes, &s);
	enum kith_err open = kith_statement_open(bytes, &f);

	must(!open || err == open); /* what the frame refuses is refused for that reason */
	if (err)
		return;
	bool rotate = s.kind == KITH_STATEMENT_ROTATE;
	must(rotate || s.kind == KITH_STATEMENT_REVOKE);
	must(bytes.n <= KITH_STATEMENT_MAX && fuzz_inside(f.body, bytes));
	must(is_signed(bytes, &f, 0, s.ik) && (!rotate || is_signed(bytes, &f, 1, s.new_ik)));
	must(!rotate || (s.seq > 0 && memcmp(s.ik, s.new_ik, 32) != 0));
	must(rotate || s.reason <= KITH_REVOKE_RETIRED);
	must(s.issued >= 0);
	is_kept(bytes);
	other_bit(bytes, s.hash);
}

/* The seeds of tests/python/cases: the people whose keys stand in the bodies. */
static struct kith_identity *person(const char *name)
{
	uint8_t seed[32];
	char text[64];
	struct kith_identity *id = NULL;
	int n = snprintf(text, sizeof text, "kith vector %s", name);

	(void)crypto_hash_sha256(seed, (const uint8_t *)text, (size_t)n);
	must(kith_identity_from_seed(seed, &id) == KITH_OK);
	return id;
}

static void sign_it(bool rotate, struct kith_span body)
{
	static struct kith_identity *ada, *new;
	KITH_AUTO_BUF struct kith_buf out = {0};

	if (!ada) {
		ada = person("ada");
		new = person("ada new");
	}
	enum kith_err err =
		kith_statement_sign(rotate ? KITH_STATEMENT_ROTATE : KITH_STATEMENT_REVOKE, body,
			ada, rotate ? new : NULL, &out);
	must(err == KITH_OK || err == KITH_ERR_LIMIT);
	if (!err)
		read_it(kith_buf_span(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	fuzz_start();
	if (n == 0)
		return 0;
	if (p[0] & 1)
		sign_it(p[0] & 2, kith_span(p + 1, n - 1));
	else
		read_it(kith_span(p + 1, n - 1));
	return 0;
}
