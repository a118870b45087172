/* SPDX-License-Identifier: MIT
 *
 * Statements about keys: what is signed comes back, what must not be signed is not, and any other
 * bytes are refused.  case 23.  The faults one by one are in proto/vectors/statement.txt.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <kith/card.h>
#include <kith/statement.h>

#include "base/auto.h"
#include "base/limits.h"
#include "codec/pack.h"

static struct kith_identity *ada, *new;

static int begin(void **state)
{
	static const uint8_t seeds[2][KITH_KEY_BYTES] = {{1}, {2}};

	(void)state;
	return kith_crypto_start() || kith_identity_from_seed(seeds[0], &ada) ||
			       kith_identity_from_seed(seeds[1], &new)
		       ? -1
		       : 0;
}

static int end(void **state)
{
	(void)state;
	kith_identity_free(ada);
	kith_identity_free(new);
	return 0;
}

static void a_rotation_comes_back(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_statement s;

	(void)state;
	assert_int_equal(kith_statement_rotate(ada, new, 7, 1750000000, &out), KITH_OK);
	assert_int_equal(kith_statement_verify(kith_buf_span(&out), &s), KITH_OK);
	assert_int_equal(s.kind, KITH_STATEMENT_ROTATE);
	assert_memory_equal(s.ik, kith_identity_ik(ada), 32);
	assert_memory_equal(s.new_ik, kith_identity_ik(new), 32);
	assert_memory_equal(s.new_xk, kith_identity_xk(new), 32);
	assert_int_equal(s.seq, 7);
	assert_int_equal(s.issued, 1750000000);
}

static void a_revocation_comes_back(void **state)
{
	(void)state;
	for (int reason = 0; reason < 4; reason++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		struct kith_statement s;
		assert_int_equal(
			kith_statement_revoke(ada, (enum kith_revoke_reason)reason, 12, &out),
			KITH_OK);
		assert_int_equal(kith_statement_verify(kith_buf_span(&out), &s), KITH_OK);
		assert_int_equal(s.kind, KITH_STATEMENT_REVOKE);
		assert_memory_equal(s.ik, kith_identity_ik(ada), 32);
		assert_int_equal(s.reason, reason);
		assert_int_equal(s.issued, 12);
	}
}

/* case 20: a clock may be anywhere. */
static void a_clock_out_of_range_is_cut(void **state)
{
	KITH_AUTO_BUF struct kith_buf early = {0}, late = {0};
	struct kith_statement s;

	(void)state;
	assert_int_equal(kith_statement_revoke(ada, KITH_REVOKE_LOST, -5, &early), KITH_OK);
	assert_int_equal(kith_statement_verify(kith_buf_span(&early), &s), KITH_OK);
	assert_int_equal(s.issued, 0);
	assert_int_equal(kith_statement_rotate(ada, new, 1, INT64_MAX, &late), KITH_OK);
	assert_int_equal(kith_statement_verify(kith_buf_span(&late), &s), KITH_OK);
	assert_int_equal(s.issued, (INT64_C(1) << 53) - 1);
}

static void what_must_not_be_said_is_not_signed(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_span body = kith_span("\x81\x01\x01", 3);

	(void)state;
	assert_int_equal(kith_statement_rotate(ada, ada, 1, 0, &out), KITH_ERR_VALUE);
	assert_int_equal(kith_statement_rotate(ada, new, 0, 0, &out), KITH_ERR_VALUE);
	assert_int_equal(
		kith_statement_rotate(ada, new, UINT64_C(1) << 53, 0, &out), KITH_ERR_VALUE);
	assert_int_equal(
		kith_statement_revoke(ada, (enum kith_revoke_reason)4, 0, &out), KITH_ERR_VALUE);
	assert_int_equal(
		kith_statement_sign(KITH_STATEMENT_ROTATE, body, ada, NULL, &out), KITH_ERR_VALUE);
	assert_int_equal(
		kith_statement_sign(KITH_STATEMENT_REVOKE, body, ada, new, &out), KITH_ERR_VALUE);
	assert_int_equal(kith_statement_sign((enum kith_statement_kind)0, body, ada, NULL, &out),
		KITH_ERR_VALUE);
	assert_int_equal(kith_statement_sign((enum kith_statement_kind)5, body, ada, NULL, &out),
		KITH_ERR_VALUE);
	assert_int_equal(out.n, 0);
}

/* A body of a grant with so many bytes of text. */
static void make_body(struct kith_buf *body, size_t n)
{
	struct kith_packer p = {.out = body};
	uint8_t text[KITH_STATEMENT_MAX] = {0};

	kith_buf_clear(body);
	kith_pack_map(&p, 2);
	kith_pack_uint(&p, 1);
	kith_pack_uint(&p, 1);
	kith_pack_uint(&p, 2);
	kith_pack_bin(&p, kith_span(text, n));
	assert_int_equal(p.err, KITH_OK);
}

static void any_body_has_a_frame(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0}, body = {0};
	struct kith_statement_frame f;
	struct kith_statement s;

	(void)state;
	make_body(&body, 10);
	assert_int_equal(
		kith_statement_sign(KITH_STATEMENT_GRANT, kith_buf_span(&body), ada, NULL, &out),
		KITH_OK);
	assert_int_equal(kith_statement_open(kith_buf_span(&out), &f), KITH_OK);
	assert_int_equal(f.kind, KITH_STATEMENT_GRANT);
	assert_true(kith_span_eq(f.body, kith_buf_span(&body)));
	assert_int_equal(kith_statement_signed(&f, 0, kith_identity_ik(ada)), KITH_OK);
	assert_int_equal(kith_statement_signed(&f, 0, kith_identity_ik(new)), KITH_ERR_SIG);
	assert_int_equal(kith_statement_signed(&f, 1, kith_identity_ik(ada)), KITH_ERR_SIG);
	assert_int_equal(kith_statement_verify(kith_buf_span(&out), &s), KITH_ERR_SUBJECT);
}

static void the_size_has_a_limit(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0}, body = {0};
	struct kith_statement_frame f;
	size_t n = KITH_STATEMENT_MAX / 2;

	(void)state;
	for (; out.n < KITH_STATEMENT_MAX; n++) {
		kith_buf_clear(&out);
		make_body(&body, n);
		assert_int_equal(kith_statement_sign(KITH_STATEMENT_INTRO, kith_buf_span(&body),
					 ada, NULL, &out),
			KITH_OK);
	}
	assert_int_equal(out.n, KITH_STATEMENT_MAX);
	assert_int_equal(kith_statement_open(kith_buf_span(&out), &f), KITH_OK);
	make_body(&body, n);
	assert_int_equal(
		kith_statement_sign(KITH_STATEMENT_INTRO, kith_buf_span(&body), ada, NULL, &out),
		KITH_ERR_LIMIT);
	assert_int_equal(out.n, KITH_STATEMENT_MAX); /* what stood there still stands */
}

static void no_part_and_no_other_bit_passes(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_statement s;

	(void)state;
	assert_int_equal(kith_statement_rotate(ada, new, 1, 1750000000, &out), KITH_OK);
	for (size_t n = 0; n < out.n; n++)
		assert_int_equal(
			kith_statement_verify(kith_span(out.p, n), &s), KITH_ERR_TRUNCATED);
	for (size_t bit = 0; bit < out.n * 8; bit++) {
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(kith_statement_verify(kith_buf_span(&out), &s), KITH_OK);
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_int_equal(kith_statement_verify(kith_buf_span(&out), &s), KITH_OK);
}

static void what_says_the_same_has_one_hash(void **state)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	struct kith_statement_frame f = {.kind = KITH_STATEMENT_GRANT}, g;
	uint8_t a[32], b[32];

	(void)state;
	make_body(&body, 3);
	f.body = kith_buf_span(&body);
	g = f;
	g.sigs = kith_span_str("others");
	kith_statement_hash(&f, a);
	kith_statement_hash(&g, b);
	assert_memory_equal(a, b, 32);
	g.kind = KITH_STATEMENT_INTRO;
	kith_statement_hash(&g, b);
	assert_memory_not_equal(a, b, 32);
}

static void armor_holds_it(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0}, text = {0}, back = {0}, none = {0};

	(void)state;
	assert_int_equal(kith_statement_revoke(ada, KITH_REVOKE_STOLEN, 1, &out), KITH_OK);
	assert_true(kith_statement_is(kith_buf_span(&out)));
	assert_int_equal(kith_statement_armor(kith_buf_span(&out), &text), KITH_OK);
	assert_false(kith_statement_is(kith_buf_span(&text)));
	assert_int_equal(kith_statement_from_file(kith_buf_span(&text), &back), KITH_OK);
	assert_true(kith_span_eq(kith_buf_span(&out), kith_buf_span(&back)));
	assert_int_equal(kith_card_from_file(kith_buf_span(&text), &none), KITH_ERR_NOTCARD);
	assert_int_equal(none.n, 0);
}

static void reasons_have_names(void **state)
{
	enum kith_revoke_reason reason;

	(void)state;
	for (int i = 0; i < 4; i++) {
		const char *name = kith_revoke_reason_name((enum kith_revoke_reason)i);
		assert_true(kith_revoke_reason_named(kith_span_str(name), &reason));
		assert_int_equal(reason, i);
	}
	assert_true(kith_revoke_reason_named(kith_span_str("LOST"), &reason));
	assert_int_equal(reason, KITH_REVOKE_LOST);
	assert_false(kith_revoke_reason_named(kith_span_str("los"), &reason));
	assert_false(kith_revoke_reason_named(kith_span_str("lostt"), &reason));
	assert_false(kith_revoke_reason_named(kith_span_str(""), &reason));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rotation_comes_back),
		cmocka_unit_test(a_revocation_comes_back),
		cmocka_unit_test(a_clock_out_of_range_is_cut),
		cmocka_unit_test(what_must_not_be_said_is_not_signed),
		cmocka_unit_test(any_body_has_a_frame),
		cmocka_unit_test(the_size_has_a_limit),
		cmocka_unit_test(no_part_and_no_other_bit_passes),
		cmocka_unit_test(what_says_the_same_has_one_hash),
		cmocka_unit_test(armor_holds_it),
		cmocka_unit_test(reasons_have_names),
	};

	return cmocka_run_group_tests_name("card_statement", tests, begin, end);
}
