/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/terminal.h"

#define YES "\x1b_Gi=31;OK\x1b\\"

static bool over;

static enum kith_terminal_graphics says(const char *text)
{
	return kith_terminal_answer(kith_span_str(text), &over);
}

static void kitty_says_ok(void **state)
{
	(void)state;
	assert_int_equal(says(YES "\x1b[?62;c"), KITH_TERMINAL_KITTY);
	assert_true(over);
	assert_int_equal(says(YES "\x1b[?62;4;22c"), KITH_TERMINAL_KITTY);
	assert_int_equal(says(YES), KITH_TERMINAL_KITTY);
	assert_false(over); /* what it says next must not be left for the shell */
}

static void another_word_is_no(void **state)
{
	(void)state;
	assert_int_equal(says("\x1b_Gi=31;ENOENT:no\x1b\\\x1b[?62;22c"), KITH_TERMINAL_NONE);
	assert_int_equal(says("\x1b_Gi=32;OK\x1b\\\x1b[?62;22c"), KITH_TERMINAL_NONE);
	assert_int_equal(says("\x1b_Gi=31;OK"), KITH_TERMINAL_NONE);
}

static void four_is_sixel(void **state)
{
	(void)state;
	assert_int_equal(says("\x1b[?62;4;22c"), KITH_TERMINAL_SIXEL);
	assert_true(over);
	assert_int_equal(says("\x1b[?4c"), KITH_TERMINAL_SIXEL);
	assert_int_equal(says("\x1b[?62;4c"), KITH_TERMINAL_SIXEL);
	assert_int_equal(says("\x1b[?62;14;44;40c"), KITH_TERMINAL_NONE);
	assert_true(over);
	assert_int_equal(says("\x1b[?4000000004c"), KITH_TERMINAL_NONE);
}

static void half_is_none_yet(void **state)
{
	static const char whole[] = "\x1b[?62;4;22c";

	(void)state;
	for (size_t n = 0; n + 1 < sizeof whole - 1; n++) {
		assert_int_equal(
			kith_terminal_answer(kith_span(whole, n), &over), KITH_TERMINAL_NONE);
		assert_false(over);
	}
}

static void nonsense_is_none(void **state)
{
	(void)state;
	assert_int_equal(says(""), KITH_TERMINAL_NONE);
	assert_int_equal(says("4c"), KITH_TERMINAL_NONE);
	assert_int_equal(says("\x1b[4c"), KITH_TERMINAL_NONE);
	assert_int_equal(says("\x1b[?4;x;c"), KITH_TERMINAL_NONE);
	assert_false(over);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kitty_says_ok),
		cmocka_unit_test(another_word_is_no),
		cmocka_unit_test(four_is_sixel),
		cmocka_unit_test(half_is_none_yet),
		cmocka_unit_test(nonsense_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
