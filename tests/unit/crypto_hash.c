/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <sodium.h>

#include "crypto/hash.h"

static void hash(uint8_t out[static KITH_HASH_BYTES], const char *label,
	const struct kith_span *parts, size_t n)
{
	memset(out, 0, KITH_HASH_BYTES);
	kith_hash(out, label, parts, n);
}

/* Written out byte by byte from the page. */
static void it_is_the_hash_of_the_page(void **state)
{
	static const char written[] = "\0\0\0\x0bkith/1 test\0\0\0\x03"
				      "abc\0\0\0\0";
	const struct kith_span parts[] = {LITERAL("abc"), {NULL, 0}};
	uint8_t want[KITH_HASH_BYTES], got[KITH_HASH_BYTES];

	(void)state;
	assert_int_equal(crypto_generichash(want, sizeof want, (const uint8_t *)written,
				 sizeof written - 1, NULL, 0),
		0);
	hash(got, "kith/1 test", parts, 2);
	assert_memory_equal(want, got, sizeof want);
}

/* Where one part ends and the next begins is part of what is hashed. */
static void another_cut_is_another_hash(void **state)
{
	const struct kith_span cuts[][3] = {
		{LITERAL("abc"), LITERAL(""), LITERAL("")},
		{LITERAL("ab"), LITERAL("c"), LITERAL("")},
		{LITERAL("a"), LITERAL("bc"), LITERAL("")},
		{LITERAL(""), LITERAL("abc"), LITERAL("")},
		{LITERAL("a"), LITERAL("b"), LITERAL("c")},
		{LITERAL("\0\0\0\x03"
			 "abc"),
			LITERAL(""), LITERAL("")},
	};
	uint8_t h[COUNT(cuts) + 3][KITH_HASH_BYTES];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cuts); i++)
		hash(h[n++], "kith/1 test", cuts[i], 3);
	hash(h[n++], "kith/1 test", cuts[0], 1);
	hash(h[n++], "kith/1 tes", cuts[0], 1);
	hash(h[n++], "kith/1 test", NULL, 0);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(h[i], h[j], KITH_HASH_BYTES);
}

static void a_long_part_is_hashed_whole(void **state)
{
	static uint8_t bytes[100000];
	const struct kith_span part = kith_span(bytes, sizeof bytes);
	uint8_t before[KITH_HASH_BYTES], after[KITH_HASH_BYTES];

	(void)state;
	hash(before, "kith/1 test", &part, 1);
	bytes[sizeof bytes - 1] = 1;
	hash(after, "kith/1 test", &part, 1);
	assert_memory_not_equal(before, after, sizeof before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_hash_of_the_page),
		cmocka_unit_test(another_cut_is_another_hash),
		cmocka_unit_test(a_long_part_is_hashed_whole),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
