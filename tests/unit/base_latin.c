/* SPDX-License-Identifier: MIT
 *
 * Texts in letters of ASCII: of every script something that can be read, and never anything else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/auto.h"
#include "base/latin.h"

static void expect(const char *text, const char *want)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	assert_int_equal(kith_latin(kith_span_str(text), &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), want);
}

static void scripts_can_be_read(void **state)
{
	(void)state;
	expect("", "");
	expect("Ada Lovelace", "Ada Lovelace");
	expect("Grüße Ñandú", "Grusse Nandu");
	expect("Žižková Łódź", "Zizkova Lodz");
	expect("Ада", "Ada");
	expect("Ελένη", "Elene");
	expect("王小明", "wang xiao ming");
	expect("김철수", "gimcheolsu");
	expect("さくら", "sakura");
}

/* Full-width signs and clever quotes become those of ASCII; what is no letter goes. */
static void only_ascii_comes_out(void **state)
{
	(void)state;
	expect("a；b，c：d", "a;b,c:d");
	expect("“a” — b…", "\"a\" - b...");
	expect("Zoë 👋🏽", "Zoe ");
	expect("a\x1b[2J\nb\tc\x7f", "a[2Jbc");
	expect("👋", "");
	for (uint32_t c = 0x80; c < 0x30000; c += 7) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		char text[5] = {0};
		if (c < 0x800)
			(void)snprintf(text, sizeof text, "%c%c", 0xc0 | c >> 6, 0x80 | (c & 63));
		else if (c < 0x10000)
			(void)snprintf(text, sizeof text, "%c%c%c", 0xe0 | c >> 12,
				0x80 | (c >> 6 & 63), 0x80 | (c & 63));
		else
			(void)snprintf(text, sizeof text, "%c%c%c%c", 0xf0 | c >> 18,
				0x80 | (c >> 12 & 63), 0x80 | (c >> 6 & 63), 0x80 | (c & 63));
		if (c >= 0xd800 && c < 0xe000)
			continue;
		assert_int_equal(kith_latin(kith_span_str(text), &out), KITH_OK);
		for (size_t i = 0; i < out.n; i++)
			assert_in_range(out.p[i], 0x20, 0x7e);
	}
}

static void what_grows_and_what_is_broken(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	static char ligatures[3 * 300 + 1];

	(void)state;
	for (size_t i = 0; i < 300; i++)
		memcpy(ligatures + 3 * i, "\xef\xb7\xba",
			3); /* U+FDFA, a phrase in one character */
	assert_int_equal(kith_latin(kith_span_str(ligatures), &out), KITH_OK);
	kith_buf_clear(&out);
	assert_int_equal(kith_latin(kith_span_str("a\xff"), &out), KITH_ERR_UTF8);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_can_be_read),
		cmocka_unit_test(only_ascii_comes_out),
		cmocka_unit_test(what_grows_and_what_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
