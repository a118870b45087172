/* SPDX-License-Identifier: MIT
 *
 * Faults in a body that only its signer could make are in proto/vectors/card.txt.
 */
#include "base_scratch.h"

#include <kith/card.h>

#include "base/limits.h"
#include "codec/pack.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)

static struct kith_identity *ada, *bob;
static struct kith_card card; /* Ada's, as a test changes it */
static struct kith_card got;  /* as verified */
static struct kith_buf bytes; /* the envelope */
static uint8_t letters[20000];

static int begin(void **state)
{
	static const uint8_t seeds[2][32] = {{1}, {2}};

	(void)state;
	memset(letters, 'v', sizeof letters);
	card = (struct kith_card){.rev = 1, .issued = 1750000000, .card = {1, 2, 3}, .pass = 1};
	card.fields.n = 1;
	card.fields.at[0] = (struct kith_field){
		.kind = KITH_FIELD_NAME, .parts = 1, .part = {LITERAL("Ada Lovelace")}};
	return kith_identity_from_seed(seeds[0], &ada) || kith_identity_from_seed(seeds[1], &bob)
		       ? -1
		       : 0;
}

static int end(void **state)
{
	(void)state;
	kith_identity_free(ada);
	kith_identity_free(bob);
	kith_buf_free(&bytes);
	return 0;
}

static struct kith_field *add(uint32_t kind, size_t n)
{
	struct kith_field *f = &card.fields.at[card.fields.n++];

	*f = (struct kith_field){.kind = kind, .parts = 1, .part = {kith_span(letters, n)}};
	return f;
}

static enum kith_err sign(void)
{
	kith_buf_clear(&bytes);
	enum kith_err err = kith_card_sign(ada, &card, &bytes);
	if (err)
		assert_int_equal(bytes.n, 0);
	return err;
}

/* Verifies; what comes out is written on success only. */
static enum kith_err verify(struct kith_span envelope)
{
	static struct kith_card untouched;
	uint8_t *copy = malloc(envelope.n ? envelope.n : 1);

	assert_non_null(copy);
	if (envelope.n)
		memcpy(copy, envelope.p, envelope.n);
	memset(&untouched, 0x5a, sizeof untouched);
	memset(&got, 0x5a, sizeof got);
	enum kith_err err = kith_card_verify(kith_span(copy, envelope.n), &got);
	if (err)
		assert_memory_equal(&got, &untouched, sizeof got);
	free(copy);
	return err;
}

/* Verifies the envelope in place, so that what borrows from it can be looked at. */
static void verified(void)
{
	assert_int_equal(kith_card_verify(kith_buf_span(&bytes), &got), KITH_OK);
}

/* --- signing and verifying -------------------------------------------------------------------- */

static void what_is_signed_is_verified(void **state)
{
	(void)state;
	add(KITH_FIELD_EMAIL, 5)->label = LITERAL("work");
	card.has_prev = true;
	memset(card.prev, 7, sizeof card.prev);
	card.rev = 77;
	card.pass = 2;
	assert_int_equal(sign(), KITH_OK);
	assert_memory_equal(bytes.p, "\x94\xa8KITHCARD\x01", 11);
	verified();
	assert_memory_equal(got.ik, kith_identity_ik(ada), 32);
	assert_memory_equal(got.xk, kith_identity_xk(ada), 32);
	assert_int_equal(got.rev, 77);
	assert_int_equal(got.issued, 1750000000);
	assert_int_equal(got.pass, 2);
	assert_int_equal(got.variant, KITH_CARD_FULL);
	assert_true(got.has_prev);
	assert_memory_equal(got.prev, card.prev, 32);
	assert_memory_equal(got.card, card.card, 8);
	assert_int_equal(got.fields.n, 2);
	assert_true(kith_span_eq(got.fields.at[0].part[0], LITERAL("Ada Lovelace")));
	assert_true(kith_span_eq(got.fields.at[1].label, LITERAL("work")));
	assert_true(got.body.p > bytes.p && got.body.p + got.body.n < bytes.p + bytes.n);
}

/* Signing is for the key's owner: what stands in the struct about keys does not count. */
static void keys_come_from_the_identity(void **state)
{
	(void)state;
	memcpy(card.ik, kith_identity_ik(bob), 32);
	memcpy(card.xk, kith_identity_xk(bob), 32);
	assert_int_equal(sign(), KITH_OK);
	verified();
	assert_memory_equal(got.ik, kith_identity_ik(ada), 32);
	assert_memory_equal(got.xk, kith_identity_xk(ada), 32);
}

static void signing_appends(void **state)
{
	(void)state;
	assert_int_equal(kith_buf_add_str(&bytes, "before"), KITH_OK);
	assert_int_equal(kith_card_sign(ada, &card, &bytes), KITH_OK);
	assert_memory_equal(bytes.p, "before\x94", 7);
	assert_int_equal(verify(kith_span(bytes.p + 6, bytes.n - 6)), KITH_OK);
}

/* --- limits, both ways ------------------------------------------------------------------------ */

static void numbers_are_at_their_limit_or_past_it(void **state)
{
	(void)state;
	card.rev = NUMBER_MAX;
	card.issued = (int64_t)NUMBER_MAX;
	card.pass = 2;
	assert_int_equal(sign(), KITH_OK);
	verified();
	assert_int_equal(got.rev, NUMBER_MAX);
	assert_int_equal(got.issued, NUMBER_MAX);
	card.rev++;
	assert_int_equal(sign(), KITH_ERR_VALUE);
	card.rev = 0;
	assert_int_equal(sign(), KITH_ERR_VALUE);
	card.rev = 1;
	card.issued++;
	assert_int_equal(sign(), KITH_ERR_VALUE);
	card.issued = -1; /* a clock before 1970 */
	assert_int_equal(sign(), KITH_OK);
	verified();
	assert_int_equal(got.issued, 0);
	card.pass = 3;
	assert_int_equal(sign(), KITH_ERR_VALUE);
	card.pass = 0;
	card.variant = (enum kith_card_variant)2;
	assert_int_equal(sign(), KITH_ERR_VALUE);
}

/* Adds notes until the body has exactly n bytes. */
static void body_of(size_t n)
{
	size_t left;

	assert_int_equal(sign(), KITH_OK);
	verified();
	while ((left = n - got.body.n) > 0) {
		size_t head = 9; /* array, kind 31, flags, label, str 16, and room to grow below */
		size_t take =
			left > KITH_FIELD_VALUE_MAX ? KITH_FIELD_VALUE_MAX - 100 : left - head;
		(void)add(KITH_FIELD_NOTE, take);
		assert_int_equal(sign(), KITH_OK);
		verified();
		if (got.body.n + 20 > n)
			break;
	}
	struct kith_field *last = &card.fields.at[card.fields.n - 1];
	last->part[0].n += n - got.body.n;
	assert_true(last->part[0].n <= KITH_FIELD_VALUE_MAX);
}

static void a_body_is_at_its_limit_or_past_it(void **state)
{
	(void)state;
	(void)add(KITH_FIELD_PHOTO, KITH_FIELD_PHOTO_MAX);
	body_of(KITH_CARD_BODY_MAX);
	assert_int_equal(sign(), KITH_OK);
	verified();
	assert_int_equal(got.body.n, KITH_CARD_BODY_MAX);
	assert_int_equal(bytes.n, KITH_CARD_ENVELOPE_MAX); /* which is why it is that number */
	card.fields.at[card.fields.n - 1].part[0].n++;
	assert_int_equal(sign(), KITH_ERR_LIMIT);
}

static void an_envelope_past_its_limit_is_not_read(void **state)
{
	(void)state;
	assert_int_equal(verify(kith_span(letters, KITH_CARD_ENVELOPE_MAX + 1)), KITH_ERR_LIMIT);
	assert_int_not_equal(verify(kith_span(letters, KITH_CARD_ENVELOPE_MAX)), KITH_ERR_LIMIT);
}

static void a_pocket_card_is_at_its_limit_or_past_it(void **state)
{
	(void)state;
	card.variant = KITH_CARD_POCKET;
	body_of(KITH_CARD_POCKET_MAX);
	assert_int_equal(sign(), KITH_OK);
	verified();
	assert_int_equal(got.body.n, KITH_CARD_POCKET_MAX);
	assert_int_equal(got.variant, KITH_CARD_POCKET);
	card.fields.at[card.fields.n - 1].part[0].n++;
	assert_int_equal(sign(), KITH_ERR_LIMIT);
	card.variant = KITH_CARD_FULL;
	assert_int_equal(sign(), KITH_OK);
}

static void fields_are_at_their_limit_or_past_it(void **state)
{
	(void)state;
	while (card.fields.n < KITH_CARD_FIELDS_MAX)
		(void)add(KITH_FIELD_NOTE, 1);
	assert_int_equal(sign(), KITH_OK);
	assert_int_equal(verify(kith_buf_span(&bytes)), KITH_OK);
	card.fields.n++;
	assert_int_equal(sign(), KITH_ERR_LIMIT);
}

/* Addresses are few bytes but many elements; nothing is signed that a reader would refuse. */
static void elements_are_at_their_limit_or_past_it(void **state)
{
	(void)state;
	enum kith_err err = KITH_OK;
	while (!err && card.fields.n < KITH_CARD_FIELDS_MAX) {
		struct kith_field *adr = add(KITH_FIELD_ADR, 1);
		adr->parts = 7;
		err = sign();
		if (!err)
			assert_int_equal(verify(kith_buf_span(&bytes)), KITH_OK);
	}
	assert_int_equal(err, KITH_ERR_LIMIT);
	/* 18 of the body's map, one a field, 4 of the name, 10 of every address */
	size_t addresses = card.fields.n - 2;
	assert_true(18 + 1 + 4 + addresses * 11 <= KITH_STRICT_ELEMENTS);
	assert_true(18 + 1 + 4 + (addresses + 1) * 11 > KITH_STRICT_ELEMENTS);
}

static void a_card_has_one_name(void **state)
{
	(void)state;
	card.fields.n = 0;
	assert_int_equal(sign(), KITH_ERR_VALUE);
	(void)add(KITH_FIELD_NOTE, 3);
	assert_int_equal(sign(), KITH_ERR_VALUE);
	(void)add(KITH_FIELD_NAME, 3);
	assert_int_equal(sign(), KITH_OK);
	(void)add(KITH_FIELD_NAME, 3);
	assert_int_equal(sign(), KITH_ERR_VALUE);
	card.fields.at[1].part[0] = LITERAL("A\xff");
	card.fields.n = 2;
	assert_int_equal(sign(), KITH_ERR_UTF8);
}

/* --- damage ----------------------------------------------------------------------------------- */

static void every_flipped_bit_is_refused(void **state)
{
	(void)state;
	assert_int_equal(sign(), KITH_OK);
	for (size_t bit = 0; bit < 8 * bytes.n; bit++) {
		bytes.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (verify(kith_buf_span(&bytes)) == KITH_OK)
			fail_msg("bit %zu does not matter", bit);
		bytes.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(verify(kith_buf_span(&bytes)), KITH_OK);
}

static void every_beginning_is_truncated(void **state)
{
	(void)state;
	assert_int_equal(sign(), KITH_OK);
	for (size_t n = 0; n < bytes.n; n++)
		assert_int_equal(verify(kith_span(bytes.p, n)), KITH_ERR_TRUNCATED);
	assert_int_equal(verify(kith_span(NULL, 0)), KITH_ERR_TRUNCATED);
}

static void a_byte_behind_is_refused(void **state)
{
	(void)state;
	assert_int_equal(sign(), KITH_OK);
	for (int c = 0; c < 256; c++) {
		uint8_t byte = (uint8_t)c;
		assert_int_equal(kith_buf_add(&bytes, &byte, 1), KITH_OK);
		assert_int_equal(verify(kith_buf_span(&bytes)), KITH_ERR_SHAPE);
		bytes.n--;
	}
}

/* The envelope of a body under a label. */
static void enclose(struct kith_span body, const struct kith_identity *by, const char *label)
{
	uint8_t sig[KITH_SIG_BYTES];
	struct kith_packer p = {.out = &bytes};

	kith_buf_clear(&bytes);
	assert_int_equal(kith_sign(by, label, body, sig), KITH_OK);
	kith_pack_array(&p, 4);
	kith_pack_str(&p, LITERAL("KITHCARD"));
	kith_pack_uint(&p, 1);
	kith_pack_bin(&p, body);
	kith_pack_bin(&p, kith_span(sig, sizeof sig));
	assert_int_equal(p.err, KITH_OK);
}

static void only_the_key_inside_may_sign_and_only_as_a_card(void **state)
{
	struct kith_buf body = {0};

	(void)state;
	assert_int_equal(sign(), KITH_OK);
	verified();
	assert_int_equal(kith_buf_add(&body, got.body.p, got.body.n), KITH_OK);
	enclose(kith_buf_span(&body), ada, "kith/1 card");
	assert_int_equal(verify(kith_buf_span(&bytes)), KITH_OK);
	enclose(kith_buf_span(&body), bob, "kith/1 card");
	assert_int_equal(verify(kith_buf_span(&bytes)), KITH_ERR_SIG);
	enclose(kith_buf_span(&body), ada, "kith/1 auth I");
	assert_int_equal(verify(kith_buf_span(&bytes)), KITH_ERR_SIG);
	enclose(kith_buf_span(&body), ada, "kith/1 receipt");
	assert_int_equal(verify(kith_buf_span(&bytes)), KITH_ERR_SIG);
	kith_buf_free(&body);
}

/* --- hashes and revisions --------------------------------------------------------------------- */

static void hashes_have_their_labels(void **state)
{
	const struct kith_span text = LITERAL("bytes");
	uint8_t want[32], h[32];

	(void)state;
	kith_hash(want, "kith/1 prev", &text, 1);
	kith_card_prev(text, h);
	assert_memory_equal(h, want, 32);
	kith_hash(want, "kith/1 env", &text, 1);
	kith_card_hash(text, h);
	assert_memory_equal(h, want, 32);
}

static enum kith_err newer(uint64_t have, const char *have_body, uint64_t rev, const char *body)
{
	static struct kith_card a, b;

	a = (struct kith_card){.rev = have, .body = kith_span_str(have_body)};
	b = (struct kith_card){.rev = rev, .body = kith_span_str(body)};
	return kith_card_newer(&a, &b);
}

static void revisions_go_up(void **state)
{
	const uint64_t jump = UINT64_C(1) << 32;

	(void)state;
	assert_int_equal(newer(5, "x", 6, "y"), KITH_OK);
	assert_int_equal(newer(5, "x", 6, "x"), KITH_OK);
	assert_int_equal(newer(5, "x", 5, "x"), KITH_ERR_EXISTS);
	assert_int_equal(newer(5, "x", 5, "y"), KITH_ERR_CONFLICT);
	assert_int_equal(newer(5, "x", 5, "xy"), KITH_ERR_CONFLICT);
	assert_int_equal(newer(5, "x", 4, "x"), KITH_ERR_ROLLBACK);
	assert_int_equal(newer(5, "x", 5 + jump, "y"), KITH_OK);
	assert_int_equal(newer(5, "x", 6 + jump, "y"), KITH_ERR_LIMIT);
	assert_int_equal(newer(1, "x", NUMBER_MAX, "y"), KITH_ERR_LIMIT);
	assert_int_equal(newer(NUMBER_MAX, "x", 1, "y"), KITH_ERR_ROLLBACK);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void *so_many(void *ctx, size_t n)
{
	size_t *left = ctx;

	return *left > 0 && (*left)-- > 0 ? calloc(1, n) : NULL;
}

static void give_back(void *ctx, void *p, size_t n)
{
	(void)ctx;
	(void)n;
	free(p);
}

static void without_memory_nothing_is_appended(void **state)
{
	size_t left = 0;
	const struct kith_env env = {.ctx = &left, .alloc = so_many, .release = give_back};
	enum kith_err err = KITH_ERR_NOMEM;

	(void)state;
	for (size_t pieces = 0; err; pieces++) {
		struct kith_buf out;
		left = pieces;
		kith_buf_init(&out, &env);
		err = kith_card_sign(ada, &card, &out);
		if (err) {
			assert_int_equal(err, KITH_ERR_NOMEM);
			assert_int_equal(out.n, 0);
		}
		kith_buf_free(&out);
		assert_true(pieces < 50);
	}
}

#define CARD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CARD(what_is_signed_is_verified),
		CARD(keys_come_from_the_identity),
		CARD(signing_appends),
		CARD(numbers_are_at_their_limit_or_past_it),
		CARD(a_body_is_at_its_limit_or_past_it),
		CARD(an_envelope_past_its_limit_is_not_read),
		CARD(a_pocket_card_is_at_its_limit_or_past_it),
		CARD(fields_are_at_their_limit_or_past_it),
		CARD(elements_are_at_their_limit_or_past_it),
		CARD(a_card_has_one_name),
		CARD(every_flipped_bit_is_refused),
		CARD(every_beginning_is_truncated),
		CARD(a_byte_behind_is_refused),
		CARD(only_the_key_inside_may_sign_and_only_as_a_card),
		CARD(hashes_have_their_labels),
		CARD(revisions_go_up),
		CARD(without_memory_nothing_is_appended),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
