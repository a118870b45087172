/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "base/base32.h"

/* RFC 4648 section 10, without the padding. */
static const struct {
	const char *bytes;
	const char *text;
} rfc[] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"},
	{"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};

static void writes_the_vectors_of_the_rfc(void **state)
{
	char out[32];

	(void)state;
	for (size_t i = 0; i < COUNT(rfc); i++) {
		kith_base32(out, kith_span_str(rfc[i].bytes));
		assert_string_equal(out, rfc[i].text);
	}
}

static void reads_back_in_both_cases(void **state)
{
	uint8_t bytes[6];
	char lower[32];

	(void)state;
	for (size_t i = 0; i < COUNT(rfc); i++) {
		size_t n = strlen(rfc[i].bytes);
		assert_true(kith_base32_read(bytes, n, kith_span_str(rfc[i].text)));
		assert_memory_equal(bytes, rfc[i].bytes, n);
		for (size_t j = 0; j <= strlen(rfc[i].text); j++) {
			char c = rfc[i].text[j];
			lower[j] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		}
		memset(bytes, 0, sizeof bytes);
		assert_true(kith_base32_read(bytes, n, kith_span_str(lower)));
		assert_memory_equal(bytes, rfc[i].bytes, n);
	}
}

static void all_lengths_come_back(void **state)
{
	uint8_t in[64], out[64];
	char text[KITH_BASE32_CHARS(64) + 1];

	(void)state;
	for (size_t n = 0; n <= sizeof in; n++) {
		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)(i * 37 + n * 11);
		kith_base32(text, kith_span(in, n));
		assert_int_equal(strlen(text), KITH_BASE32_CHARS(n));
		assert_true(kith_base32_read(out, n, kith_span_str(text)));
		assert_memory_equal(in, out, n);
	}
}

/* "MY" is "f"; its last character has two bits that belong to no byte. */
static void refuses_bits_that_belong_to_nothing(void **state)
{
	uint8_t out[4];

	(void)state;
	assert_true(kith_base32_read(out, 1, LITERAL("MY")));
	assert_false(kith_base32_read(out, 1, LITERAL("MZ")));
	assert_false(kith_base32_read(out, 1, LITERAL("M2")));
	assert_false(kith_base32_read(out, 4, LITERAL("MZXW6YR")));
}

static void refuses_other_lengths_and_characters(void **state)
{
	static const char *const wrong[] = {
		"", "M", "MYA", "M=", "M1", "M0", "M8", "M ", "M-", "M\xc3"};
	uint8_t out[4];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(kith_base32_read(out, 1, kith_span_str(wrong[i])));
	assert_false(kith_base32_read(out, 1, LITERAL("M\0")));
	assert_true(kith_base32_read(out, 0, LITERAL("")));
	assert_false(kith_base32_read(out, 0, LITERAL("A")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_vectors_of_the_rfc),
		cmocka_unit_test(reads_back_in_both_cases),
		cmocka_unit_test(all_lengths_come_back),
		cmocka_unit_test(refuses_bits_that_belong_to_nothing),
		cmocka_unit_test(refuses_other_lengths_and_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
