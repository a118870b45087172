/* SPDX-License-Identifier: MIT
 *
 * What becomes of names, limits and colours in a picture.  Where everything stands is looked at by tests/cli/33_picture.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "chart/chart.h"
#include "chart/label.h"
#include "chart/layout.h"

static const struct kith_span rings[] = {
	{(const uint8_t *)"inner", 5}, {(const uint8_t *)"outer", 5}};

/* So many people, on both rings and none, in some groups. */
static struct kith_chart_person *people(size_t n, const char *name)
{
	struct kith_chart_person *p = calloc(n + 1, sizeof *p);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (struct kith_chart_person){.name = kith_span_str(name),
			.ring = i % 3,
			.group = i % 7 * (i % 5),
			.drifting = i % 11 == 0,
			.bridge = i % 13 == 0};
	return p;
}

static struct kith_chart chart_of(const struct kith_chart_person *p, size_t n)
{
	return (struct kith_chart){.me = kith_span_str("Ada"),
		.rings = rings,
		.rings_n = 2,
		.people = p,
		.people_n = n};
}

static enum kith_err draw(const struct kith_chart *chart, struct kith_buf *out)
{
	struct kith_chart_size size = {0};
	enum kith_err err = kith_chart_svg(chart, out, &size);

	if (!err) {
		assert_true(size.width > 0 && size.height > 0);
		assert_non_null(kith_buf_cstr(out));
	}
	return err;
}

/* --- limits ----------------------------------------------------------------------------------- */

static void as_many_people_as_there_may_be_and_one_more(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	KITH_AUTO_FREE struct kith_chart_person *p = people(KITH_CHART_PEOPLE_MAX + 1, "Grace");
	struct kith_chart chart = chart_of(p, KITH_CHART_PEOPLE_MAX);

	(void)state;
	assert_int_equal(draw(&chart, &out), KITH_OK);
	assert_true(out.n < KITH_RENDER_FILE_MAX / 8);
	chart.people_n++;
	kith_buf_clear(&out);
	assert_int_equal(draw(&chart, &out), KITH_ERR_LIMIT);
	assert_int_equal(out.n, 0);
}

static void as_many_lines_as_there_may_be_and_one_more(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	KITH_AUTO_FREE struct kith_chart_person *p = people(200, "Grace");
	KITH_AUTO_FREE struct kith_chart_tie *ties = calloc(KITH_CHART_TIES_MAX + 1, sizeof *ties);
	struct kith_chart chart = chart_of(p, 200);
	size_t n = 0;

	(void)state;
	assert_non_null(ties);
	for (size_t a = 0; a < 200 && n <= KITH_CHART_TIES_MAX; a++)
		for (size_t b = a + 1; b < 200 && n <= KITH_CHART_TIES_MAX; b++)
			ties[n++] = (struct kith_chart_tie){a, b};
	chart.ties = ties;
	chart.ties_n = KITH_CHART_TIES_MAX;
	assert_int_equal(draw(&chart, &out), KITH_OK);
	assert_true(out.n < KITH_RENDER_FILE_MAX / 8);
	chart.ties_n++;
	assert_int_equal(draw(&chart, &out), KITH_ERR_LIMIT);
}

static void who_is_not_there_is_refused(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_chart_person p[2] = {{.name = kith_span_str("Grace"), .ring = 2}, {.ring = 0}};
	struct kith_chart_tie ties[] = {{0, 1}};
	struct kith_chart chart = chart_of(p, 2);

	(void)state;
	chart.ties = ties;
	chart.ties_n = 1;
	assert_int_equal(draw(&chart, &out), KITH_OK);
	p[0].ring = 3;
	assert_int_equal(draw(&chart, &out), KITH_ERR_VALUE);
	p[0].ring = 2;
	ties[0].b = 2;
	assert_int_equal(draw(&chart, &out), KITH_ERR_VALUE);
	ties[0].b = 0;
	assert_int_equal(draw(&chart, &out), KITH_ERR_VALUE);
}

/* --- names ------------------------------------------------------------------------------------ */

/* Cases 26, 27 and 29, where a browser is the screen. */
static void names_are_inert(void **state)
{
	static const struct {
		const char *name, *not, *there;
	} cases[] = {
		{"<script>alert(1)</script>", "<script", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"a\"><image href=\"x\"/>&amp;", "<image", "&quot;&gt;&lt;image"},
		{"]]>--&#0;", "&#0", "]]&gt;--&amp;#0;"},
		{"a\033[31mb\x01", "\033", "a\xef\xbf\xbd[31mb"},
		{"\xe2\x80\xaegnp.exe", "\xe2\x80\xae", "gnp.exe"},
		{"a\xef\xbf\xbe z", "\xef\xbf\xbe", "a\xef\xbf\xbd z"},
		{"a\xed\xa0\x80 z", "\xed\xa0\x80", " z"},
		{"", "<script", ">?</text>"},
		{"\xe2\x80\x8b\xe2\x80\x8b", "\xe2\x80\x8b", ">?</text>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		struct kith_chart_person p = {.name = kith_span_str(cases[i].name), .ring = 0};
		struct kith_chart chart = chart_of(&p, 1);
		chart.me = p.name;
		assert_int_equal(draw(&chart, &out), KITH_OK);
		assert_null(strstr((const char *)out.p, cases[i].not ));
		assert_non_null(strstr((const char *)out.p, cases[i].there));
		assert_true(kith_text_valid(kith_buf_span(&out)));
		for (size_t k = 0; k < out.n; k++)
			assert_true(out.p[k] >= ' ' || out.p[k] == '\n');
	}
}

static void a_name_is_cut_to_its_room(void **state)
{
	static const char *const names[] = {
		"Wolfgang Schwarzenegger-Oberhauser von und zu Wittgenstein",
		"ЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩ", "山田太郎山田太郎山田太郎山田太郎山田太郎",
		"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (double room = 30; room <= 150; room += 10) {
			KITH_AUTO_BUF struct kith_buf out = {0};
			assert_int_equal(
				kith_label_cut(&out, kith_span_str(names[i]), 12, room), KITH_OK);
			assert_true(kith_label_width(kith_buf_span(&out), 12) <= room);
			assert_true(out.n > 3 && memcmp(out.p + out.n - 3, "…", 3) == 0);
		}
}

static void a_name_that_has_room_is_whole(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_label_cut(&out, kith_span_str("Ada Lovelace"), 12, 90), KITH_OK);
	assert_int_equal(out.n, 12);
	/* 69+64+62+32 + 56+62+60+62+28+62+55+62 hundredths of 12 */
	assert_true(kith_label_width(kith_buf_span(&out), 12) > 80.8);
	assert_true(kith_label_width(kith_buf_span(&out), 12) < 81.0);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void nobody_at_all_is_a_picture_too(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_chart chart = {.me = kith_span_str("Ada")};

	(void)state;
	assert_int_equal(draw(&chart, &out), KITH_OK);
	assert_non_null(strstr((const char *)out.p, "The people of Ada"));
	assert_non_null(strstr((const char *)out.p, "0 people around"));
	assert_null(strstr((const char *)out.p, "bridge<"));
}

static void the_same_is_drawn_the_same(void **state)
{
	KITH_AUTO_BUF struct kith_buf one = {0};
	KITH_AUTO_BUF struct kith_buf other = {0};
	KITH_AUTO_FREE struct kith_chart_person *p = people(300, "Grace Hopper");
	struct kith_chart chart = chart_of(p, 300);

	(void)state;
	assert_int_equal(draw(&chart, &one), KITH_OK);
	assert_int_equal(draw(&chart, &other), KITH_OK);
	assert_true(kith_span_eq(kith_buf_span(&one), kith_buf_span(&other)));
	assert_null(strstr((const char *)one.p, "-0.0"));
	assert_null(strstr((const char *)one.p, "nan"));
}

static void each_scheme_has_its_colours(void **state)
{
	struct kith_chart_person p = {.name = kith_span_str("Grace")};
	struct kith_chart chart = chart_of(&p, 1);

	(void)state;
	for (int scheme = KITH_CHART_BOTH; scheme <= KITH_CHART_DARK; scheme++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		chart.scheme = (enum kith_chart_scheme)scheme;
		assert_int_equal(draw(&chart, &out), KITH_OK);
		const char *text = (const char *)out.p;
		assert_int_equal(strstr(text, "prefers-color-scheme:dark") != NULL,
			scheme == KITH_CHART_BOTH);
		assert_int_equal(
			strstr(text, ".paper{fill:#fff}") != NULL, scheme != KITH_CHART_DARK);
		assert_int_equal(
			strstr(text, ".paper{fill:#101316}") != NULL, scheme != KITH_CHART_LIGHT);
	}
}

/* The largest group first; those of one person, and those after the eleventh, share the last sector. */
static void groups_have_their_sectors(void **state)
{
	KITH_AUTO(kith_chart_layout_free) struct kith_chart_layout layout = {.spots = NULL};
	struct kith_chart_person p[40] = {{.ring = 0}};
	struct kith_chart chart = chart_of(p, 40);
	double sum = 0;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		p[i] = (struct kith_chart_person){.name = kith_span_str("Grace"),
			.group = i < 2    ? 90
				 : i < 37 ? 10 + i % 14
					  : 50 + i};
	for (size_t i = 2; i < 7; i++)
		p[i].group = 91;
	assert_int_equal(kith_chart_layout(&chart, &layout), KITH_OK);
	assert_int_equal(layout.sectors_n, KITH_CHART_SECTORS);
	assert_int_equal(layout.spots[2].sector, 0);
	for (size_t i = 37; i < 40; i++)
		assert_int_equal(layout.spots[i].sector, KITH_CHART_SECTORS - 1);
	for (size_t s = 0; s < layout.sectors_n; s++)
		sum += layout.sectors[s].width;
	assert_true(sum > 6.2831 && sum < 6.2832);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_people_as_there_may_be_and_one_more),
		cmocka_unit_test(as_many_lines_as_there_may_be_and_one_more),
		cmocka_unit_test(who_is_not_there_is_refused),
		cmocka_unit_test(names_are_inert),
		cmocka_unit_test(a_name_is_cut_to_its_room),
		cmocka_unit_test(a_name_that_has_room_is_whole),
		cmocka_unit_test(nobody_at_all_is_a_picture_too),
		cmocka_unit_test(the_same_is_drawn_the_same),
		cmocka_unit_test(each_scheme_has_its_colours),
		cmocka_unit_test(groups_have_their_sectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
