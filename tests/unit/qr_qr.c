/* SPDX-License-Identifier: MIT
 *
 * QR codes: their size, what is dark, and that each drawing shows every module.  That other programs
 * read them is shown by tests/cli/15_qr.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/auto.h"
#include "qr/qr.h"

#define QR KITH_AUTO(kith_qr_free) struct kith_qr

static size_t side_of(const char *text, size_t n, enum kith_qr_level level)
{
	QR qr = {0};

	assert_int_equal(kith_qr_make(kith_span(text, n), level, &qr), KITH_OK);
	return qr.side;
}

/* ISO/IEC 18004, table 7: what a version holds, in either alphabet, and one more. */
static void the_smallest_version(void **state)
{
	static const struct {
		enum kith_qr_level level;
		size_t version, bytes, letters;
	} table[] = {{KITH_QR_L, 1, 17, 25}, {KITH_QR_M, 1, 14, 20}, {KITH_QR_Q, 1, 11, 16},
		{KITH_QR_L, 10, 271, 395}, {KITH_QR_M, 10, 213, 311}, {KITH_QR_Q, 10, 151, 221},
		{KITH_QR_L, 13, 425, 619}, {KITH_QR_M, 13, 331, 483}, {KITH_QR_L, 20, 858, 1249},
		{KITH_QR_M, 20, 666, 970}, {KITH_QR_L, 39, 2809, 4087}};
	static char small[5000], capital[5000];

	(void)state;
	memset(small, 'a', sizeof small);
	memset(capital, 'A', sizeof capital);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		size_t side = 17 + 4 * table[i].version;
		assert_int_equal(side_of(small, table[i].bytes, table[i].level), side);
		assert_int_equal(side_of(small, table[i].bytes + 1, table[i].level), side + 4);
		assert_int_equal(side_of(capital, table[i].letters, table[i].level), side);
		assert_int_equal(side_of(capital, table[i].letters + 1, table[i].level), side + 4);
	}
}

static void limits_of_a_code(void **state)
{
	static char text[5000];
	QR qr = {0};

	(void)state;
	memset(text, 'a', sizeof text);
	assert_int_equal(kith_qr_make(kith_span(text, 2953), KITH_QR_L, &qr), KITH_OK);
	assert_int_equal(qr.side, 177);
	QR more = {0};
	assert_int_equal(kith_qr_make(kith_span(text, 2954), KITH_QR_L, &more), KITH_ERR_LIMIT);
	assert_int_equal(kith_qr_make(kith_span(text, 0), KITH_QR_L, &more), KITH_ERR_LIMIT);
	assert_null(more.dark);
	memset(text, 'A', sizeof text);
	assert_int_equal(kith_qr_make(kith_span(text, 4297), KITH_QR_L, &more), KITH_ERR_LIMIT);
	QR most = {0};
	assert_int_equal(kith_qr_make(kith_span(text, 4296), KITH_QR_L, &most), KITH_OK);
	assert_int_equal(most.side, 177);
}

/* Small letters, and bytes beyond ASCII, a NUL among them, are no letters of the alphabet. */
static void either_alphabet_or_bytes(void **state)
{
	(void)state;
	assert_int_equal(side_of("KITH:1/C/ABCDEFGHIJKLMNOP", 25, KITH_QR_L), 21);
	assert_int_equal(side_of("KITH:1/c/ABCDEFGHIJKLMNOP", 25, KITH_QR_L), 25);
	assert_int_equal(side_of("KITH:1/C/ABCDEFGHIJKLMNO\0", 25, KITH_QR_L), 25);
	assert_int_equal(side_of("KITH:1/C/ABCDEFGHIJKLM\xc3\xa9", 24, KITH_QR_L), 25);
}

/* The three finder patterns, and a light quiet zone. */
static void finders_and_quiet(void **state)
{
	QR qr = {0};

	(void)state;
	assert_int_equal(kith_qr_make(kith_span_str("kith"), KITH_QR_M, &qr), KITH_OK);
	long side = (long)qr.side;
	for (long i = 0; i < 7; i++) {
		assert_true(kith_qr_dark(&qr, i, 0) && kith_qr_dark(&qr, 0, i));
		assert_true(
			kith_qr_dark(&qr, side - 1 - i, 0) && kith_qr_dark(&qr, 0, side - 1 - i));
		assert_false(kith_qr_dark(&qr, 7, i) || kith_qr_dark(&qr, i, 7));
	}
	for (long i = -4; i < side + 4; i++) {
		assert_false(kith_qr_dark(&qr, i, -1) || kith_qr_dark(&qr, -1, i));
		assert_false(kith_qr_dark(&qr, i, side) || kith_qr_dark(&qr, side, i));
		assert_false(kith_qr_dark(&qr, i, 1000000) || kith_qr_dark(&qr, -1000000, i));
	}
}

/* Reads a drawing of half blocks back; dark is what a cell's letters are, or with light the rest. */
static void reads_back(const struct kith_qr *qr, const char *text, const char *before,
	const char *behind, bool light)
{
	static const char *const cells[] = {" ", "▄", "▀", "█"};
	long end = (long)qr->side + KITH_QR_QUIET;

	for (long y = -KITH_QR_QUIET; y < end; y += 2) {
		assert_memory_equal(text, before, strlen(before));
		text += strlen(before);
		for (long x = -KITH_QR_QUIET; x < end; x++) {
			size_t cell = 0;
			while (cell < 4 && strncmp(text, cells[cell], strlen(cells[cell])) != 0)
				cell++;
			assert_true(cell < 4);
			text += strlen(cells[cell]);
			assert_int_equal((cell >> 1) != light, kith_qr_dark(qr, x, y));
			assert_int_equal((cell & 1) != light, kith_qr_dark(qr, x, y + 1));
		}
		assert_memory_equal(text, behind, strlen(behind));
		text += strlen(behind);
	}
	assert_int_equal(*text, 0);
}

static void every_module_is_drawn(void **state)
{
	KITH_AUTO_BUF struct kith_buf drawn = {0};
	KITH_AUTO_BUF struct kith_buf plain = {0};
	QR qr = {0};
	size_t lines = 0;

	(void)state;
	assert_int_equal(kith_qr_make(kith_span_str("KITH:1/C/AA"), KITH_QR_L, &qr), KITH_OK);
	assert_int_equal(kith_qr_text(&qr, &drawn), KITH_OK);
	reads_back(&qr, kith_buf_cstr(&drawn), "\x1b[30;47m\x1b[38;5;16m\x1b[48;5;231m",
		"\x1b[0m\n", false);
	for (size_t i = 0; i < drawn.n; i++)
		lines += drawn.p[i] == '\n';
	assert_int_equal(lines, kith_qr_rows(&qr));
	assert_int_equal(kith_qr_columns(&qr), 29);
	assert_int_equal(kith_qr_rows(&qr), 15);
	assert_int_equal(kith_qr_text_plain(&qr, &plain), KITH_OK);
	reads_back(&qr, kith_buf_cstr(&plain), "", "\n", true);
}

/* Paints what the path of an SVG says and compares it. */
static void svg_shows_every_module(void **state)
{
	KITH_AUTO_BUF struct kith_buf svg = {0};
	static uint8_t painted[200][200];
	long x, y, run, again;
	QR qr = {0};
	int used;

	(void)state;
	assert_int_equal(
		kith_qr_make(kith_span_str("https://example.org/"), KITH_QR_Q, &qr), KITH_OK);
	assert_int_equal(kith_qr_svg(&qr, &svg), KITH_OK);
	const char *p = strstr(kith_buf_cstr(&svg), " d=\"");
	assert_non_null(p);
	for (p += 4; *p != '"'; p += used) {
		used = 0;
		if (*p == '\n') {
			used = 1;
			continue;
		}
		assert_int_equal(
			sscanf(p, "M%ld %ldh%ldv1h-%ldz%n", &x, &y, &run, &again, &used), 4);
		assert_true(used > 0 && run == again && x + run < 200 && y < 200);
		for (long i = 0; i < run; i++)
			painted[y][x + i] = 1;
	}
	long end = (long)kith_qr_columns(&qr);
	for (y = 0; y < end; y++)
		for (x = 0; x < end; x++)
			assert_int_equal(painted[y][x],
				kith_qr_dark(&qr, x - KITH_QR_QUIET, y - KITH_QR_QUIET));
	assert_non_null(strstr((const char *)svg.p, "viewBox=\"0 0 33 33\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_version),
		cmocka_unit_test(limits_of_a_code),
		cmocka_unit_test(either_alphabet_or_bytes),
		cmocka_unit_test(finders_and_quiet),
		cmocka_unit_test(every_module_is_drawn),
		cmocka_unit_test(svg_shows_every_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
