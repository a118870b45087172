/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "base/limits.h"
#include "codec/scan.h"

#define MAX 70000 /* a bound that is out of the way */

/* Scans a copy that ends where its memory ends. */
static enum kith_err scan(struct kith_span s, size_t max)
{
	uint8_t *copy = malloc(s.n ? s.n : 1);

	assert_non_null(copy);
	if (s.n)
		memcpy(copy, s.p, s.n);
	enum kith_err err = kith_scan(kith_span(copy, s.n), max);
	free(copy);
	return err;
}

struct row {
	enum kith_err want;
	struct kith_span bytes;
};

static void run(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum kith_err got = scan(rows[i].bytes, MAX);
		if (got != rows[i].want)
			fail_msg("row %zu: expected %s, got %s", i, kith_err_name(rows[i].want),
				kith_err_name(got));
	}
}

/* The shortest form is right, every longer one of the same value is not. */
static void numbers_have_one_form(void **state)
{
	const struct row rows[] = {
		{KITH_OK, LITERAL("\x00")},
		{KITH_OK, LITERAL("\x7f")},
		{KITH_OK, LITERAL("\xcc\x80")},
		{KITH_ERR_SHAPE, LITERAL("\xcc\x7f")},
		{KITH_ERR_SHAPE, LITERAL("\xcc\x00")},
		{KITH_OK, LITERAL("\xcc\xff")},
		{KITH_OK, LITERAL("\xcd\x01\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xcd\x00\xff")},
		{KITH_OK, LITERAL("\xcd\xff\xff")},
		{KITH_OK, LITERAL("\xce\x00\x01\x00\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xce\x00\x00\xff\xff")},
		{KITH_OK, LITERAL("\xce\xff\xff\xff\xff")},
		{KITH_OK, LITERAL("\xcf\x00\x00\x00\x01\x00\x00\x00\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xcf\x00\x00\x00\x00\xff\xff\xff\xff")},
		{KITH_OK, LITERAL("\xcf\xff\xff\xff\xff\xff\xff\xff\xff")},
		{KITH_OK, LITERAL("\xc2")},
		{KITH_OK, LITERAL("\xc3")},
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void what_is_not_in_the_form(void **state)
{
	const struct row rows[] = {
		{KITH_ERR_TYPE, LITERAL("\xc0")},
		{KITH_ERR_TYPE, LITERAL("\xc1")},
		{KITH_ERR_TYPE, LITERAL("\xc7\x01\x01\x00")},
		{KITH_ERR_TYPE, LITERAL("\xc8\x00\x01\x01\x00")},
		{KITH_ERR_TYPE, LITERAL("\xc9\x00\x00\x00\x01\x01\x00")},
		{KITH_ERR_TYPE, LITERAL("\xca\x00\x00\x00\x00")},
		{KITH_ERR_TYPE, LITERAL("\xcb\x00\x00\x00\x00\x00\x00\x00\x00")},
		{KITH_ERR_TYPE, LITERAL("\xd0\x01")},
		{KITH_ERR_TYPE, LITERAL("\xd1\x01\x00")},
		{KITH_ERR_TYPE, LITERAL("\xd2\x00\x01\x00\x00")},
		{KITH_ERR_TYPE, LITERAL("\xd3\x00\x00\x00\x01\x00\x00\x00\x00")},
		{KITH_ERR_TYPE, LITERAL("\xd4\x01\x00")},
		{KITH_ERR_TYPE, LITERAL("\xd8\x01")},
		{KITH_ERR_TYPE, LITERAL("\xe0")},
		{KITH_ERR_TYPE, LITERAL("\xff")},
		{KITH_ERR_TYPE, LITERAL("\x92\x01\xc0")},
		{KITH_ERR_TYPE, LITERAL("\x81\x01\xc0")},
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void every_first_byte_has_an_answer(void **state)
{
	(void)state;
	for (int b = 0; b < 256; b++) {
		uint8_t byte = (uint8_t)b;
		bool whole =
			b <= 0x7f || b == 0x80 || b == 0x90 || b == 0xa0 || b == 0xc2 || b == 0xc3;
		bool other = b == 0xc0 || b == 0xc1 || (b >= 0xc7 && b <= 0xcb) ||
			     (b >= 0xd0 && b <= 0xd8) || b >= 0xe0;
		enum kith_err want = whole ? KITH_OK : other ? KITH_ERR_TYPE : KITH_ERR_TRUNCATED;
		assert_int_equal(scan(kith_span(&byte, 1), MAX), want);
	}
}

static void texts_are_utf8_without_nul(void **state)
{
	const struct row rows[] = {
		{KITH_OK, LITERAL("\xa0")},
		{KITH_OK, LITERAL("\xa3"
				  "Ada")},
		{KITH_OK, LITERAL("\xa2\xc3\xbc")}, {KITH_ERR_UTF8, LITERAL("\xa1\x80")},
		{KITH_ERR_UTF8, LITERAL("\xa1\x00")},
		{KITH_ERR_UTF8, LITERAL("\xa2"
					"a\x00")},
		{KITH_ERR_UTF8, LITERAL("\xa2\xc0\x80")},
		{KITH_ERR_UTF8, LITERAL("\xa3\xed\xa0\x80")}, {KITH_ERR_UTF8, LITERAL("\xa1\xc3")},
		{KITH_OK, LITERAL("\xc4\x02\xff\x00")},       /* a bin holds anything */
		{KITH_ERR_UTF8, LITERAL("\x92\xa1\xff\xc0")}, /* the first fault from the left */
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void maps_have_ascending_keys(void **state)
{
	const struct row rows[] = {
		{KITH_OK, LITERAL("\x80")},
		{KITH_OK, LITERAL("\x81\x00\x01")},
		{KITH_OK, LITERAL("\x82\x01\x05\x02\x05")},
		{KITH_ERR_DUP, LITERAL("\x82\x01\x05\x01\x05")},
		{KITH_ERR_SHAPE, LITERAL("\x82\x02\x05\x01\x05")},
		{KITH_ERR_TYPE, LITERAL("\x81\xa1"
					"k\x01")},
		{KITH_ERR_TYPE, LITERAL("\x81\xc2\x01")},
		{KITH_ERR_TYPE, LITERAL("\x81\xc4\x00\x01")},
		{KITH_ERR_TYPE, LITERAL("\x81\x90\x01")},
		{KITH_ERR_TYPE, LITERAL("\x81\x80\x01")},
		{KITH_ERR_TYPE, LITERAL("\x81\xff\x01")},
		{KITH_ERR_SHAPE, LITERAL("\x81\xcc\x01\x01")},
		{KITH_OK,
			LITERAL("\x82\x01\x81\x01\x01\x02\x81\x01\x01")}, /* each map for itself */
		{KITH_ERR_DUP, LITERAL("\x83\x01\x01\x02\x81\x09\x01\x02\x01")},
		{KITH_OK, LITERAL("\x82\x7f\x01\xcc\x80\x01")},
		{KITH_OK, LITERAL("\x81\xcf\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void nothing_stands_behind(void **state)
{
	const struct row rows[] = {
		{KITH_ERR_SHAPE, LITERAL("\x00\x00")},
		{KITH_ERR_SHAPE, LITERAL("\x90\xc0")},
		{KITH_ERR_SHAPE, LITERAL("\x91\x00\xc1")},
		{KITH_ERR_SHAPE, LITERAL("\xa1"
					 "ab")},
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void the_first_fault_is_named(void **state)
{
	const struct row rows[] = {
		{KITH_ERR_TYPE, LITERAL("\x93\xc0\xcc\x01\xff")},
		{KITH_ERR_SHAPE, LITERAL("\x93\xcc\x01\xc0\xff")},
		{KITH_ERR_DUP, LITERAL("\x82\x01\x01\x01\xc0")},
		{KITH_ERR_TRUNCATED, LITERAL("\x92\x01")},
		{KITH_ERR_TRUNCATED, LITERAL("\x92\xa5"
					     "abc")},
		{KITH_ERR_TRUNCATED, LITERAL("")},
	};

	(void)state;
	run(rows, COUNT(rows));
	assert_int_equal(kith_scan(kith_span(NULL, 0), MAX), KITH_ERR_TRUNCATED);
}

/* Everything the form has, once. */
static const char all_kinds[] = "\x96\x00\xcd\x01\x00\xc3\xa3"
				"Ada\xc4\x02\x00\xff\x82\x01\xa0\xcc\x80"
				"\x92\x01\xa1x";

static void every_beginning_is_truncated(void **state)
{
	(void)state;
	assert_int_equal(scan(LITERAL(all_kinds), MAX), KITH_OK);
	for (size_t n = 0; n < sizeof all_kinds - 1; n++)
		assert_int_equal(scan(kith_span(all_kinds, n), MAX), KITH_ERR_TRUNCATED);
}

static void a_size_is_at_its_bound_or_past_it(void **state)
{
	static uint8_t bytes[300] = {0xc5, 0x01, 0x00}; /* bin of 256 */

	(void)state;
	assert_int_equal(scan(kith_span(bytes, 259), 259), KITH_OK);
	assert_int_equal(scan(kith_span(bytes, 259), 258), KITH_ERR_LIMIT);
	/* a declared length over the bound is a limit, one within it but past the end is not */
	assert_int_equal(scan(kith_span(bytes, 100), 255), KITH_ERR_LIMIT);
	assert_int_equal(scan(kith_span(bytes, 100), 256), KITH_ERR_TRUNCATED);
	assert_int_equal(scan(LITERAL("\xc6\xff\xff\xff\xff"), MAX), KITH_ERR_LIMIT);
	assert_int_equal(scan(LITERAL("\xdb\xff\xff\xff\xff"), MAX), KITH_ERR_LIMIT);
	assert_int_equal(scan(LITERAL("\x00"), 0), KITH_ERR_LIMIT);
}

/* Heads of 16 and 32 bits declare no more than they must. */
static void counts_and_lengths_have_one_form(void **state)
{
	const struct row rows[] = {
		{KITH_ERR_SHAPE, LITERAL("\xd9\x01"
					 "a")},
		{KITH_ERR_SHAPE, LITERAL("\xda\x00\x01"
					 "a")},
		{KITH_ERR_SHAPE, LITERAL("\xdb\x00\x00\x00\x01"
					 "a")},
		{KITH_ERR_SHAPE, LITERAL("\xc5\x00\x01"
					 "a")},
		{KITH_ERR_SHAPE, LITERAL("\xc6\x00\x00\x00\x01"
					 "a")},
		{KITH_ERR_SHAPE, LITERAL("\xdc\x00\x01\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xdd\x00\x00\x00\x01\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xde\x00\x01\x00\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xdf\x00\x00\x00\x01\x00\x00")},
		{KITH_ERR_SHAPE, LITERAL("\xdc\x00\x0f")},
		{KITH_ERR_TRUNCATED, LITERAL("\xdc\x00\x10")},
		{KITH_ERR_SHAPE, LITERAL("\xd9\x1f")},
		{KITH_ERR_TRUNCATED, LITERAL("\xd9\x20")},
		{KITH_ERR_TRUNCATED, LITERAL("\xde\x00\x10")},
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void levels_are_at_their_limit_or_past_it(void **state)
{
	uint8_t bytes[KITH_STRICT_DEPTH + 3];

	(void)state;
	for (int map = 0; map < 2; map++) {
		uint8_t deep[2 * KITH_STRICT_DEPTH + 4];
		size_t n = 0;
		for (int i = 0; i < KITH_STRICT_DEPTH; i++) {
			deep[n++] = map ? 0x81 : 0x91;
			if (map)
				deep[n++] = 0;
		}
		deep[n] = 0;
		assert_int_equal(scan(kith_span(deep, n + 1), MAX), KITH_OK);
		deep[n] = 0x90; /* one level more, even though it is empty */
		assert_int_equal(scan(kith_span(deep, n + 1), MAX), KITH_ERR_LIMIT);
		deep[n] = 0x80;
		assert_int_equal(scan(kith_span(deep, n + 1), MAX), KITH_ERR_LIMIT);
	}
	memset(bytes, 0x91, sizeof bytes);
	bytes[sizeof bytes - 1] = 0;
	assert_int_equal(scan(kith_span(bytes, sizeof bytes), MAX), KITH_ERR_LIMIT);
	/* levels that were closed do not count */
	assert_int_equal(scan(LITERAL("\x93\x91\x91\x90\x91\x91\x90\x91\x91\x90"), MAX), KITH_OK);
}

static void elements_are_at_their_limit_or_past_it(void **state)
{
	static uint8_t bytes[3 + KITH_STRICT_ELEMENTS + 8];
	const unsigned most = KITH_STRICT_ELEMENTS;

	(void)state;
	bytes[0] = 0xdc;
	bytes[1] = (uint8_t)(most >> 8);
	bytes[2] = (uint8_t)most;
	assert_int_equal(scan(kith_span(bytes, 3 + most), MAX), KITH_OK);
	bytes[1] = (uint8_t)((most + 1) >> 8);
	bytes[2] = (uint8_t)(most + 1);
	assert_int_equal(scan(kith_span(bytes, 3 + most + 1), MAX), KITH_ERR_LIMIT);
	/* summed over all: the outer array and what its last element declares */
	bytes[1] = (uint8_t)((most - 2) >> 8);
	bytes[2] = (uint8_t)(most - 2);
	bytes[3 + most - 3] = 0x92;
	assert_int_equal(scan(kith_span(bytes, 3 + most), MAX), KITH_OK);
	bytes[3 + most - 3] = 0x93;
	assert_int_equal(scan(kith_span(bytes, 3 + most + 1), MAX), KITH_ERR_LIMIT);
	bytes[3 + most - 3] = 0x82; /* a pair counts two */
	assert_int_equal(scan(kith_span(bytes, 3 + most + 2), MAX), KITH_ERR_LIMIT);
}

static void huge_counts_are_a_limit_before_anything_else(void **state)
{
	(void)state;
	assert_int_equal(scan(LITERAL("\xdd\xff\xff\xff\xff"), MAX), KITH_ERR_LIMIT);
	assert_int_equal(scan(LITERAL("\xdf\xff\xff\xff\xff"), MAX), KITH_ERR_LIMIT);
	assert_int_equal(scan(LITERAL("\xdf\x80\x00\x00\x00"), MAX), KITH_ERR_LIMIT);
	assert_int_equal(scan(LITERAL("\xde\xff\xff"), MAX), KITH_ERR_LIMIT);
}

/* No byte string makes it read outside, loop or answer with something else. */
static void random_bytes_have_an_answer(void **state)
{
	uint32_t r = 12345;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[48];
		size_t n = (size_t)(round % (int)sizeof bytes);
		for (size_t i = 0; i < n; i++) {
			r = r * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(r >> 24);
		}
		enum kith_err err = scan(kith_span(bytes, n), 40);
		assert_true(err == KITH_OK || err == KITH_ERR_LIMIT || err == KITH_ERR_TRUNCATED ||
			    err == KITH_ERR_SHAPE || err == KITH_ERR_TYPE || err == KITH_ERR_DUP ||
			    err == KITH_ERR_UTF8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_one_form),
		cmocka_unit_test(what_is_not_in_the_form),
		cmocka_unit_test(every_first_byte_has_an_answer),
		cmocka_unit_test(texts_are_utf8_without_nul),
		cmocka_unit_test(maps_have_ascending_keys),
		cmocka_unit_test(nothing_stands_behind),
		cmocka_unit_test(the_first_fault_is_named),
		cmocka_unit_test(every_beginning_is_truncated),
		cmocka_unit_test(a_size_is_at_its_bound_or_past_it),
		cmocka_unit_test(counts_and_lengths_have_one_form),
		cmocka_unit_test(levels_are_at_their_limit_or_past_it),
		cmocka_unit_test(elements_are_at_their_limit_or_past_it),
		cmocka_unit_test(huge_counts_are_a_limit_before_anything_else),
		cmocka_unit_test(random_bytes_have_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
