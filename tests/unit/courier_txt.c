/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
#include "courier/txt.h"

/* 32 bytes 0 to 31 */
#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

/* Strings to rdata; ends with NULL. */
static void build(struct kith_buf *out, const char *const *strings)
{
	kith_buf_clear(out);
	for (; *strings; strings++) {
		uint8_t n = (uint8_t)strlen(*strings);
		assert_int_equal(kith_buf_add(out, &n, 1), KITH_OK);
		assert_int_equal(kith_buf_add_str(out, *strings), KITH_OK);
	}
}

#define READ(...)                                                                                  \
	(build(&rdata, (const char *const[]){__VA_ARGS__, NULL}),                                  \
		kith_txt_read(kith_buf_span(&rdata), &txt))

static void a_record_is_read(void **state)
{
	KITH_AUTO_BUF struct kith_buf rdata = {0};
	struct kith_txt txt;

	(void)state;
	assert_int_equal(READ("v=1", "k=" KEY), KITH_OK);
	for (size_t i = 0; i < sizeof txt.key; i++)
		assert_int_equal(txt.key[i], i);
	assert_string_equal(txt.label, "");
	assert_int_equal(
		READ("n=Ada \xc3\xa9", "K=" KEY, "", "x=9", "nothing", "=", "V=1"), KITH_OK);
	assert_string_equal(txt.label, "Ada \xc3\xa9");
	assert_int_equal(READ("v=1", "v=2", "k=" KEY, "k=rubbish", "n=first", "n=second"), KITH_OK);
	assert_string_equal(txt.label, "first");
	/* only a key that is followed by "=" is one */
	assert_int_equal(READ("v", "v=1", "k", "k=" KEY, "no=1", "n"), KITH_OK);
	assert_string_equal(txt.label, "");
}

static void what_is_written_is_read(void **state)
{
	KITH_AUTO_BUF struct kith_buf rdata = {0};
	struct kith_txt txt = {.label = "Ada Lovelace"}, got;

	(void)state;
	for (unsigned round = 0; round < 256; round++) {
		memset(txt.key, (int)round, sizeof txt.key);
		txt.key[0] = 1;
		kith_buf_clear(&rdata);
		assert_int_equal(kith_txt_write(&txt, &rdata), KITH_OK);
		assert_int_equal(kith_txt_read(kith_buf_span(&rdata), &got), KITH_OK);
		assert_memory_equal(&txt, &got, sizeof txt);
	}
}

static void the_whole_record_is_short(void **state)
{
	KITH_AUTO_BUF struct kith_buf rdata = {0};
	struct kith_txt txt = {.key = {1}};

	(void)state;
	memset(txt.label, 'x', KITH_TXT_LABEL_MAX);
	assert_int_equal(kith_txt_write(&txt, &rdata), KITH_OK);
	assert_true(rdata.n <= 200);
}

static void faults_are_named(void **state)
{
	KITH_AUTO_BUF struct kith_buf rdata = {0};
	struct kith_txt txt;

	(void)state;
	assert_int_equal(kith_txt_read(kith_span(NULL, 0), &txt), KITH_ERR_VERSION);
	assert_int_equal(READ("k=" KEY), KITH_ERR_VERSION);
	assert_int_equal(READ("v=2", "k=" KEY), KITH_ERR_VERSION);
	assert_int_equal(READ("v=", "v=1", "k=" KEY), KITH_ERR_VERSION);
	assert_int_equal(READ("v=11", "k=" KEY), KITH_ERR_VERSION);
	assert_int_equal(READ("v=1"), KITH_ERR_VALUE);
	assert_int_equal(READ("v=1", "k="), KITH_ERR_VALUE);
	assert_int_equal(READ("v=1", "k=" KEY "="), KITH_ERR_VALUE);
	assert_int_equal(READ("v=1", "k=A" KEY), KITH_ERR_VALUE);
	assert_int_equal(
		READ("v=1", "k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh"), KITH_ERR_VALUE);
	/* the last character carries two bits that must be zero */
	assert_int_equal(
		READ("v=1", "k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9"), KITH_ERR_VALUE);
	assert_int_equal(
		READ("v=1", "k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh/"), KITH_ERR_VALUE);
	assert_int_equal(
		READ("v=1", "k=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), KITH_ERR_VALUE);
	/* a string that runs past the end, at every length */
	assert_int_equal(READ("v=1", "k=" KEY), KITH_OK);
	for (size_t n = 1; n < rdata.n; n++)
		if (n != 4) /* the end of the first string */
			assert_int_equal(
				kith_txt_read(kith_span(rdata.p, n), &txt), KITH_ERR_TRUNCATED);
}

static void the_limit_holds(void **state)
{
	KITH_AUTO_BUF struct kith_buf rdata = {0};
	struct kith_txt txt;
	uint8_t empty = 0;

	(void)state;
	assert_int_equal(READ("v=1", "k=" KEY), KITH_OK);
	while (rdata.n < KITH_TXT_MAX)
		assert_int_equal(kith_buf_add(&rdata, &empty, 1), KITH_OK);
	assert_int_equal(kith_txt_read(kith_buf_span(&rdata), &txt), KITH_OK);
	assert_int_equal(kith_buf_add(&rdata, &empty, 1), KITH_OK);
	assert_int_equal(kith_txt_read(kith_buf_span(&rdata), &txt), KITH_ERR_LIMIT);
}

static void labels_are_cut_and_dropped(void **state)
{
	KITH_AUTO_BUF struct kith_buf rdata = {0};
	struct kith_txt txt;
	char text[80] = "n=", want[80];

	(void)state;
	memset(text + 2, 'x', KITH_TXT_LABEL_MAX);
	assert_int_equal(READ("v=1", "k=" KEY, text), KITH_OK);
	assert_string_equal(txt.label, text + 2);
	text[2 + KITH_TXT_LABEL_MAX] = 'y';
	assert_int_equal(READ("v=1", "k=" KEY, text), KITH_OK);
	memset(want, 'x', KITH_TXT_LABEL_MAX);
	want[KITH_TXT_LABEL_MAX] = 0;
	assert_string_equal(txt.label, want);
	/* not through the middle of a character */
	memcpy(text + 2 + KITH_TXT_LABEL_MAX - 2, "\xe2\x82\xac", 4);
	assert_int_equal(READ("v=1", "k=" KEY, text), KITH_OK);
	want[KITH_TXT_LABEL_MAX - 2] = 0;
	assert_string_equal(txt.label, want);
	assert_int_equal(READ("v=1", "k=" KEY, "n=\xff\xfe"), KITH_OK);
	assert_string_equal(txt.label, "");
	assert_int_equal(READ("v=1", "k=" KEY, "n=\xc0\x80"), KITH_OK);
	assert_string_equal(txt.label, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_read),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_whole_record_is_short),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(the_limit_holds),
		cmocka_unit_test(labels_are_cut_and_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
