/* SPDX-License-Identifier: MIT
 *
 * What a helper that was taken over could answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
#include "picture/answer.h"

/* --- sixels, of at most 12 pixels each way ---------------------------------------------------- */

static bool draws(const char *body)
{
	KITH_AUTO_BUF struct kith_buf b = {0};

	assert_int_equal(kith_buf_printf(&b, "\x1bP%s\x1b\\", body), KITH_OK);
	return kith_picture_is_sixel(kith_buf_span(&b), 12);
}

static void sixels_as_they_are_made(void **state)
{
	(void)state;
	assert_true(draws("q"));
	assert_true(draws("0;1;2q"));
	assert_true(draws("q\"1;1;12;12#0;2;63;63;63#1;2;0;0;100#0!12~$#1!11?@-#0~~~\n\r!9?-"));
	assert_true(draws("q#255~"));
}

static void sixels_that_are_too_large(void **state)
{
	(void)state;
	assert_false(draws("q\"1;1;13;12"));
	assert_false(draws("q\"1;1;12;13"));
	assert_false(draws("q\"2;1;12;12"));
	assert_false(draws("q!13~"));
	assert_false(draws("q!99999999999999999999~"));
	assert_false(draws("q!4294967297~"));
	assert_true(draws("q!6~!6~$!12~"));
	assert_false(draws("q!6~!6~~"));
	assert_false(draws("q~~~~~~~~~~~~~"));
	assert_true(draws("q---"));
	assert_false(draws("q----"));
	assert_false(draws("q#256~"));
	assert_false(draws("q#1000000;2;0;0;0~"));
}

static void what_is_no_sixel(void **state)
{
	static const char *const bodies[] = {"", "+q5463", "0;1;2;3q", "$qm", "q\x07",
		"q\x9b"
		"31m",
		"q%", "q~/", "q!5", "q!5$", "q!5;5~", "q\"1;1;1;1;1", "q#1;2;3;4;5;6",
		"q~~\x1b\\\x1b]0;owned\x07", "1000000q"};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		assert_false(draws(bodies[i]));
	assert_false(kith_picture_is_sixel(kith_span("\x1bPq~~", 5), 12));
	assert_false(kith_picture_is_sixel(kith_span("\x1bP\x1b\\", 4), 12));
	assert_false(kith_picture_is_sixel(kith_span("", 0), 12));
}

/* --- a picture that was taken ------------------------------------------------------------------ */

#define SOI       "\xff\xd8"
#define JFIF      "\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x60\0\x60\0\0"
#define TABLE     "\xff\xdb\0\x04\0\x01"
#define SOF(size) "\xff\xc0\0\x0b\x08" size "\x01\x01\x11\0"
#define FULL      SOF("\x01\x40\x01\x40") /* 320 each way */
#define SCAN      "\xff\xda\0\x08\x01\x01\0\0\x3f\0\x2a\xff\0\xff\xd0\x2b"
#define END       "\xff\xd9"

#define TAKEN(text) kith_picture_is_taken(kith_span(text, sizeof(text) - 1))

static void pictures_as_they_are_taken(void **state)
{
	(void)state;
	assert_true(TAKEN(SOI JFIF TABLE FULL TABLE SCAN END));
	assert_true(TAKEN(SOI FULL SCAN TABLE SCAN END));
	assert_true(TAKEN(SOI SOF("\0\x01\0\x01") SCAN END));
}

static void pictures_that_are_too_large(void **state)
{
	(void)state;
	assert_false(TAKEN(SOI SOF("\x01\x41\x01\x40") SCAN END));
	assert_false(TAKEN(SOI SOF("\x01\x40\x01\x41") SCAN END));
	assert_false(TAKEN(SOI SOF("\0\0\x01\x40") SCAN END));
	assert_false(TAKEN(SOI SOF("\x01\x40\0\0") SCAN END));
	assert_false(TAKEN(SOI FULL FULL SCAN END));
}

static void pictures_with_more_in_them(void **state)
{
	(void)state;
	assert_false(TAKEN(SOI "\xff\xe1\0\x08"
			       "Exif\0\0" FULL SCAN END));
	assert_false(TAKEN(SOI "\xff\xe2\0\x04ii" FULL SCAN END));
	assert_false(TAKEN(SOI "\xff\xef\0\x04ii" FULL SCAN END));
	assert_false(TAKEN(SOI "\xff\xfe\0\x04hi" FULL SCAN END));
	assert_false(TAKEN(SOI FULL SCAN "\xff\xfe\0\x04hi" END));
	assert_false(TAKEN(SOI "\xff\xe0\0\x11JFIF\0\x01\x01\x01\0\x60\0\x60\0\0x" FULL SCAN END));
	assert_false(TAKEN(SOI "\xff\xe0\0\x10JFXX\0\x01\x01\x01\0\x60\0\x60\0\0" FULL SCAN END));
	assert_false(TAKEN(SOI FULL SCAN END "x"));
	assert_false(TAKEN(SOI FULL SCAN END SOI FULL SCAN END));
	assert_false(TAKEN(SOI FULL SCAN "\xff\xff" END));
	assert_false(TAKEN(SOI FULL "x" SCAN END));
}

static void pictures_that_are_not_whole(void **state)
{
	static const char whole[] = SOI JFIF TABLE FULL SCAN END;

	(void)state;
	for (size_t n = 0; n < sizeof whole - 1; n++) {
		KITH_AUTO_BUF struct kith_buf exact = {0}; /* so that a read past it is seen */
		assert_int_equal(kith_buf_add(&exact, whole, n), KITH_OK);
		assert_false(kith_picture_is_taken(kith_buf_span(&exact)));
	}
	assert_false(TAKEN(SOI END));
	assert_false(TAKEN(SOI FULL END));
	assert_false(TAKEN(SOI SCAN END));
	assert_false(TAKEN(SOI "\xff\xdb\0\x01" FULL SCAN END));
	assert_false(TAKEN(SOI "\xff\xdb\xff\xff" FULL SCAN END));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixels_as_they_are_made),
		cmocka_unit_test(sixels_that_are_too_large),
		cmocka_unit_test(what_is_no_sixel),
		cmocka_unit_test(pictures_as_they_are_taken),
		cmocka_unit_test(pictures_that_are_too_large),
		cmocka_unit_test(pictures_with_more_in_them),
		cmocka_unit_test(pictures_that_are_not_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
