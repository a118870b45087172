/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <kith/identity.h>

#include "crypto/seal.h"

#define HEADER   24 /* in front of the first box */
#define OVERHEAD 17 /* tag and authenticator of every box */

static const uint8_t key[32] = {1, 2, 3};
static const struct kith_span ad = {(const uint8_t *)"about", 5};

static struct kith_seal out, in;
static struct kith_buf box[4], plain;

static int begin(void **state)
{
	(void)state;
	kith_seal_start(&out, key);
	kith_seal_start(&in, key);
	return 0;
}

static int end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(box); i++)
		kith_buf_free(&box[i]);
	kith_buf_free(&plain);
	return 0;
}

static void push(size_t i, const char *text, bool final)
{
	assert_int_equal(kith_seal_push(&out, ad, kith_span_str(text), final, &box[i]), KITH_OK);
}

static enum kith_err pull(struct kith_span bytes)
{
	kith_buf_clear(&plain);
	return kith_seal_pull(&in, ad, bytes, &plain);
}

static void opened(size_t i, const char *want)
{
	assert_int_equal(pull(kith_buf_span(&box[i])), KITH_OK);
	assert_string_equal(kith_buf_cstr(&plain), want);
}

static void messages_come_out_in_order(void **state)
{
	(void)state;
	push(0, "first", false);
	push(1, "", false);
	push(2, "last", true);
	assert_int_equal(box[0].n, HEADER + 5 + OVERHEAD);
	assert_int_equal(box[1].n, OVERHEAD);
	opened(0, "first");
	opened(1, "");
	assert_false(in.ended);
	opened(2, "last");
	assert_true(in.ended);
	assert_true(out.ended);
}

static void nothing_comes_after_the_last(void **state)
{
	(void)state;
	push(0, "last", true);
	assert_int_equal(kith_seal_push(&out, ad, LITERAL("more"), false, &box[1]), KITH_ERR_STATE);
	assert_int_equal(box[1].n, 0);
	opened(0, "last");
	assert_int_equal(pull(kith_buf_span(&box[0])), KITH_ERR_PROTOCOL);
	assert_int_equal(plain.n, 0);
	out.ended = false; /* a sender who does not keep to it */
	push(1, "more", false);
	assert_int_equal(pull(kith_buf_span(&box[1])), KITH_ERR_PROTOCOL);
	assert_int_equal(plain.n, 0);
}

static void a_repeated_a_skipped_and_a_swapped_message_do_not_open(void **state)
{
	(void)state;
	push(0, "one", false);
	push(1, "two", false);
	push(2, "three", false);
	assert_int_equal(pull(kith_buf_span(&box[1])), KITH_ERR_PROTOCOL); /* no header */
	kith_seal_start(&in, key);
	opened(0, "one");
	assert_int_equal(pull(kith_buf_span(&box[0])), KITH_ERR_PROTOCOL);
	assert_int_equal(pull(kith_buf_span(&box[2])), KITH_ERR_PROTOCOL);
	opened(1, "two"); /* what was refused has not moved the stream */
	opened(2, "three");
}

static void every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	push(0, "content", false);
	for (size_t bit = 0; bit < 8 * box[0].n; bit++) {
		kith_seal_start(&in, key);
		box[0].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(pull(kith_buf_span(&box[0])), KITH_ERR_PROTOCOL);
		assert_int_equal(plain.n, 0);
		box[0].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	kith_seal_start(&in, key);
	opened(0, "content");
}

static void every_cut_is_noticed(void **state)
{
	(void)state;
	push(0, "content", false);
	for (size_t n = 0; n < box[0].n; n++) {
		kith_seal_start(&in, key);
		assert_int_equal(pull(kith_span(box[0].p, n)), KITH_ERR_PROTOCOL);
	}
}

static void key_and_context_are_bound(void **state)
{
	static const uint8_t other_key[32] = {9};

	(void)state;
	push(0, "content", false);
	assert_int_equal(kith_seal_pull(&in, LITERAL("abouT"), kith_buf_span(&box[0]), &plain),
		KITH_ERR_PROTOCOL);
	kith_seal_start(&in, other_key);
	assert_int_equal(pull(kith_buf_span(&box[0])), KITH_ERR_PROTOCOL);
}

/* A key that is needed no more is gone; the state has its own. */
static void the_key_is_wiped_once_used(void **state)
{
	static const uint8_t zeros[32];

	(void)state;
	push(0, "x", false);
	opened(0, "x");
	assert_memory_equal(out.key, zeros, sizeof zeros);
	assert_memory_equal(in.key, zeros, sizeof zeros);
}

static void two_streams_of_one_key_differ(void **state)
{
	(void)state;
	push(0, "same", false);
	kith_seal_start(&out, key);
	push(1, "same", false);
	assert_memory_not_equal(box[0].p, box[1].p, HEADER);
	assert_memory_not_equal(box[0].p + HEADER, box[1].p + HEADER, 4 + OVERHEAD);
}

static void *no_memory(void *ctx, size_t n)
{
	(void)ctx;
	(void)n;
	return NULL;
}

static void without_memory_nothing_moves(void **state)
{
	const struct kith_env env = {.alloc = no_memory};
	struct kith_buf none;

	(void)state;
	kith_buf_init(&none, &env);
	assert_int_equal(kith_seal_push(&out, ad, LITERAL("x"), false, &none), KITH_ERR_NOMEM);
	push(0, "x", false);
	assert_int_equal(kith_seal_pull(&in, ad, kith_buf_span(&box[0]), &none), KITH_ERR_NOMEM);
	opened(0, "x");
}

#define SEALED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEALED(messages_come_out_in_order),
		SEALED(nothing_comes_after_the_last),
		SEALED(a_repeated_a_skipped_and_a_swapped_message_do_not_open),
		SEALED(every_flipped_bit_is_noticed),
		SEALED(every_cut_is_noticed),
		SEALED(key_and_context_are_bound),
		SEALED(the_key_is_wiped_once_used),
		SEALED(two_streams_of_one_key_differ),
		SEALED(without_memory_nothing_moves),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
