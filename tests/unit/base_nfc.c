/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "base/nfc.h"

static int32_t work[64];
static uint8_t out[64];

static void is(const char *text, const char *want)
{
	size_t n = 99;

	assert_true(kith_nfc(kith_span_str(text), work, COUNT(work), out, sizeof out, &n));
	assert_int_equal(n, strlen(want));
	assert_memory_equal(out, want, n);
	/* and once more is the same */
	assert_true(kith_nfc(kith_span_str(want), work, COUNT(work), out, sizeof out, &n));
	assert_int_equal(n, strlen(want));
	assert_memory_equal(out, want, n);
}

static void what_is_composed_stays(void **state)
{
	(void)state;
	is("", "");
	is("correct horse", "correct horse");
	is("größe", "größe");
	is("\U0001F600", "\U0001F600");
}

static void what_is_not_becomes_it(void **state)
{
	(void)state;
	is("gro\u0308ße", "größe");
	is("q\u0323\u0307", "q\u0323\u0307");
	is("q\u0307\u0323", "q\u0323\u0307"); /* in canonical order */
	is("\u1100\u1161\u11a8", "\uac01");
	is("\u212b", "\u00c5");       /* Angstrom */
	is("\u0344", "\u0308\u0301"); /* grows */
	is("\u0958", "\u0915\u093c"); /* excluded from composition */
}

static void compatibility_is_left_alone(void **state)
{
	(void)state;
	is("\ufb01\u00b9", "\ufb01\u00b9");
}

/* A memory that is too small is refused, and nothing behind it is written. */
static void what_does_not_fit_is_refused(void **state)
{
	uint8_t small[8 + KITH_NFC_SPARE];
	size_t n = 99;

	(void)state;
	memset(small, 0x5a, sizeof small);
	assert_true(kith_nfc(
		kith_span_str("12345678"), work, COUNT(work), small, 8 + KITH_NFC_SPARE - 1, &n));
	assert_int_equal(n, 8);
	n = 99;
	assert_false(kith_nfc(
		kith_span_str("123456789"), work, COUNT(work), small, 8 + KITH_NFC_SPARE - 1, &n));
	assert_false(kith_nfc(kith_span_str("123456789"), work, 8, out, sizeof out, &n));
	assert_int_equal(n, 99);
	assert_int_equal(small[8 + KITH_NFC_SPARE - 1], 0x5a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_composed_stays),
		cmocka_unit_test(what_is_not_becomes_it),
		cmocka_unit_test(compatibility_is_left_alone),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
