/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "picture/order.h"

#define ARGS_MAX 8

static struct kith_picture_order order;

/* Reads words that are separated by NULL at the end. */
static bool reads(const char *const *words)
{
	char *argv[ARGS_MAX] = {NULL};
	int n = 0;

	while (words[n]) {
		argv[n] = (char *)words[n];
		n++;
	}
	return kith_picture_order_read(n, argv, &order);
}

#define READS(...) reads((const char *const[]){"kith-picture", __VA_ARGS__, NULL})

static void each_word_is_read(void **state)
{
	(void)state;
	assert_true(READS("check"));
	assert_int_equal(order.what, KITH_PICTURE_CHECK);
	assert_true(READS("codes"));
	assert_int_equal(order.what, KITH_PICTURE_CODES);
	assert_true(READS("take", "8192"));
	assert_int_equal(order.what, KITH_PICTURE_TAKE);
	assert_int_equal(order.arg[0], 8192);
	assert_true(READS("png", "1"));
	assert_int_equal(order.what, KITH_PICTURE_PNG);
	assert_true(READS("sixel", "320"));
	assert_int_equal(order.what, KITH_PICTURE_SIXEL);
	assert_true(READS("plot", "21", "0", "3"));
	assert_int_equal(order.what, KITH_PICTURE_PLOT);
	assert_int_equal(order.arg[1], 0);
	assert_int_equal(order.arg[2], 3);
}

static void nothing_else_is_a_word(void **state)
{
	char *none[] = {NULL};

	(void)state;
	assert_false(kith_picture_order_read(0, none, &order));
	assert_false(reads((const char *const[]){"kith-picture", NULL}));
	assert_false(READS(""));
	assert_false(READS("checks"));
	assert_false(READS("Check"));
	assert_false(READS("--help"));
}

static void as_many_numbers_as_belong_to_it(void **state)
{
	(void)state;
	assert_false(READS("check", "1"));
	assert_false(READS("take"));
	assert_false(READS("take", "1", "2"));
	assert_false(READS("plot", "21", "4"));
	assert_false(READS("plot", "21", "4", "1", "1"));
}

static void a_number_is_digits(void **state)
{
	static const char *const wrong[] = {"", "-1", "+1", " 1", "1 ", "1x", "0x10", "01", "00",
		"0", "1.0", "4294967297", "18446744073709551617", "99999999999999999999999"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(READS("take", wrong[i]));
}

static void a_number_at_its_limit_and_one_past(void **state)
{
	(void)state;
	assert_true(READS("take", "1048576"));
	assert_int_equal(order.arg[0], KITH_PICTURE_TAKE_MAX);
	assert_false(READS("take", "1048577"));
	assert_true(READS("png", "4096"));
	assert_int_equal(order.arg[0], KITH_PICTURE_SIDE_MAX);
	assert_false(READS("png", "4097"));
	assert_true(READS("plot", "1", "64", "1"));
	assert_false(READS("plot", "1", "65", "1"));
}

static void a_plot_is_no_larger_than_a_drawing(void **state)
{
	(void)state;
	assert_true(READS("plot", "177", "4", "22")); /* 185 * 22 = 4070 */
	assert_false(READS("plot", "177", "4", "23"));
	assert_true(READS("plot", "4096", "0", "1"));
	assert_false(READS("plot", "4096", "1", "1"));
	assert_false(READS("plot", "1", "0", "0"));
	assert_false(READS("plot", "0", "4", "1"));
}

static void what_is_wrong_leaves_the_order_alone(void **state)
{
	(void)state;
	assert_true(READS("png", "77"));
	assert_false(READS("take", "0"));
	assert_int_equal(order.what, KITH_PICTURE_PNG);
	assert_int_equal(order.arg[0], 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_is_read),
		cmocka_unit_test(nothing_else_is_a_word),
		cmocka_unit_test(as_many_numbers_as_belong_to_it),
		cmocka_unit_test(a_number_is_digits),
		cmocka_unit_test(a_number_at_its_limit_and_one_past),
		cmocka_unit_test(a_plot_is_no_larger_than_a_drawing),
		cmocka_unit_test(what_is_wrong_leaves_the_order_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
