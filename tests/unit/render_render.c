/* SPDX-License-Identifier: MIT
 *
 * What kith-render is told, and what is made of its answers: this program itself, started again as the helper.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/beside.h"
#include "base/limits.h"
#include "render/order.h"
#include "render/render.h"

const char *__wrap_kith_beside(const char *name, struct kith_buf *out);

const char *__wrap_kith_beside(const char *name, struct kith_buf *out)
{
	assert_string_equal(name, "kith-render");
	return kith_buf_add_str(out, "/proc/self/exe") ? NULL : kith_buf_cstr(out);
}

/* --- the helper, which does by the width that it is asked for ---------------------------------- */

enum { RIGHT = 1, OTHER_SIZE, SHORT, NO_PNG, TOO_MUCH, NO_CAGE, OLD, DIES };

static void answer(uint32_t width, uint32_t height, size_t n)
{
	uint8_t png[64] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

	for (int i = 0; i < 4; i++) {
		png[16 + i] = (uint8_t)(width >> (24 - 8 * i));
		png[20 + i] = (uint8_t)(height >> (24 - 8 * i));
	}
	if (write(STDOUT_FILENO, png, n) != (ssize_t)n)
		_exit(EXIT_FAILURE);
}

static int help(char **argv)
{
	uint32_t width = (uint32_t)strtoul(argv[1], NULL, 10);
	uint32_t height = (uint32_t)strtoul(argv[2], NULL, 10);

	switch (width) {
	case RIGHT:
		answer(width, height, 64);
		return 0;
	case OTHER_SIZE:
		answer(width, height + 1, 64);
		return 0;
	case SHORT:
		answer(width, height, 24);
		return 0;
	case NO_PNG:
		return write(STDOUT_FILENO, "GIF89a and more than that, much more", 36) != 36;
	case TOO_MUCH:
		for (;;)
			answer(width, height, 64);
	case NO_CAGE:
		return KITH_RENDER_CAGE;
	case OLD:
		return KITH_RENDER_ORDER;
	default:
		return raise(SIGKILL);
	}
}

static void expect(uint32_t width, enum kith_err err, const char *words)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_diag diag = {0};

	assert_int_equal(kith_buf_add_str(&out, "before"), KITH_OK);
	assert_int_equal(kith_render_png(kith_span_str("<svg/>"), width, 20, &out, &diag), err);
	assert_int_equal(out.n, err ? 6 : 6 + 64);
	if (words)
		assert_non_null(strstr(diag.text, words));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void only_what_was_asked_for_is_taken(void **state)
{
	(void)state;
	expect(RIGHT, KITH_OK, NULL);
	expect(OTHER_SIZE, KITH_ERR_PICTURE, "given up");
	expect(SHORT, KITH_ERR_PICTURE, "given up");
	expect(NO_PNG, KITH_ERR_PICTURE, "given up");
	expect(TOO_MUCH, KITH_ERR_PICTURE, "given up");
}

static void each_end_has_its_sentence(void **state)
{
	(void)state;
	expect(NO_CAGE, KITH_ERR_HELPER, "cage");
	expect(OLD, KITH_ERR_HELPER, "another version");
	expect(DIES, KITH_ERR_PICTURE, "given up");
}

/* --- limits ----------------------------------------------------------------------------------- */

static void a_side_at_its_limit_and_past_it(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(
		kith_render_png(kith_span_str("<svg/>"), 1, KITH_RENDER_SIDE_MAX, &out, &diag),
		KITH_OK);
	out.n = 0;
	assert_int_equal(
		kith_render_png(kith_span_str("<svg/>"), 1, KITH_RENDER_SIDE_MAX + 1, &out, &diag),
		KITH_ERR_LIMIT);
	assert_int_equal(
		kith_render_png(kith_span_str("<svg/>"), KITH_RENDER_SIDE_MAX + 1, 1, &out, &diag),
		KITH_ERR_LIMIT);
	assert_int_equal(
		kith_render_png(kith_span_str("<svg/>"), 0, 1, &out, &diag), KITH_ERR_LIMIT);
	assert_int_equal(out.n, 0);
}

static void an_svg_at_its_limit_and_past_it(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	KITH_AUTO_FREE uint8_t *big = calloc(1, KITH_RENDER_FILE_MAX + 1);
	struct kith_diag diag = {0};

	(void)state;
	assert_non_null(big);
	assert_int_equal(
		kith_render_png(kith_span(big, KITH_RENDER_FILE_MAX), 1, 20, &out, &diag), KITH_OK);
	assert_int_equal(
		kith_render_png(kith_span(big, KITH_RENDER_FILE_MAX + 1), 1, 20, &out, &diag),
		KITH_ERR_LIMIT);
}

static void orders(void **state)
{
	static const struct {
		const char *width, *height;
		bool good;
	} cases[] = {{"1", "1", true}, {"6000", "6000", true}, {"6001", "1", false},
		{"1", "6001", false}, {"0", "1", false}, {"01", "1", false}, {"", "1", false},
		{"-1", "1", false}, {"1", "1 ", false}, {"4294967297", "1", false},
		{"1", "99999999999999999999", false}, {"1", NULL, false}};

	(void)state;
	assert_int_equal(KITH_RENDER_SIDE_MAX, 6000);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *argv[] = {(char *)"kith-render", (char *)cases[i].width,
			(char *)cases[i].height, (char *)"1", NULL};
		struct kith_render_order o = {7, 7};
		int argc = cases[i].height ? 3 : 2;
		assert_int_equal(kith_render_order_read(argc, argv, &o), cases[i].good);
		assert_int_equal(o.width == 7, !cases[i].good);
		assert_false(kith_render_order_read(4, argv, &o));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_asked_for_is_taken),
		cmocka_unit_test(each_end_has_its_sentence),
		cmocka_unit_test(a_side_at_its_limit_and_past_it),
		cmocka_unit_test(an_svg_at_its_limit_and_past_it),
		cmocka_unit_test(orders),
	};

	if (argc == 3)
		return help(argv);
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
