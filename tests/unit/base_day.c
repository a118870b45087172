/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "base/day.h"

#define assert_ok(e)        assert_string_equal(kith_err_name(e), "ok")
#define assert_err(e, name) assert_string_equal(kith_err_name(e), #name)

enum { FIRST = -25567, LAST = 2932896 }; /* 1900-01-01, 9999-12-31 */

static int32_t day(int year, unsigned month, unsigned of_month)
{
	return kith_day_of((struct kith_date){year, month, of_month});
}

/* --- the calendar ----------------------------------------------------------------------------- */

static void every_day_follows_the_one_before(void **state)
{
	struct kith_date date = {1900, 1, 1};

	(void)state;
	assert_int_equal(day(1900, 1, 1), FIRST);
	assert_int_equal(day(1970, 1, 1), 0);
	assert_int_equal(day(2000, 2, 29), 11016);
	assert_int_equal(day(9999, 12, 31), LAST);
	for (int32_t d = FIRST; d <= LAST; d++) {
		struct kith_date is = kith_day_date(d);
		if (is.year != date.year || is.month != date.month || is.day != date.day ||
			kith_day_of(is) != d)
			fail_msg("day %d is %d-%u-%u", d, is.year, is.month, is.day);
		if (date.day++ < kith_month_days(date.year, date.month))
			continue;
		date.day = 1;
		date.year += date.month == 12;
		date.month = date.month % 12 + 1;
	}
	assert_int_equal(date.year, 10000);
}

static void months(void **state)
{
	(void)state;
	assert_int_equal(kith_month_days(1900, 2), 28);
	assert_int_equal(kith_month_days(2000, 2), 29);
	assert_int_equal(kith_month_days(2024, 2), 29);
	assert_int_equal(kith_month_days(2026, 2), 28);
	assert_int_equal(kith_month_days(2026, 4), 30);
	assert_int_equal(kith_month_days(2026, 12), 31);
}

static void written(void **state)
{
	char text[KITH_DAY_CHARS + 1];

	(void)state;
	kith_day_write(day(2026, 5, 3), text);
	assert_string_equal(text, "2026-05-03");
	kith_day_write(FIRST, text);
	assert_string_equal(text, "1900-01-01");
	kith_day_write(LAST, text);
	assert_string_equal(text, "9999-12-31");
}

/* --- moments ---------------------------------------------------------------------------------- */

static void in(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

/* The same whatever moment was worked out before: mktime's guess at an hour that comes twice goes by that. */
static int64_t begins_of(int32_t d)
{
	(void)kith_day_begins(day(2026, 1, 1));
	int64_t begins = kith_day_begins(d);

	(void)kith_day_begins(day(2026, 7, 1));
	assert_int_equal(kith_day_begins(d), begins);
	return begins;
}

/* Also where clocks go on at midnight, so that a day begins at one o'clock, or back, so that it has two midnights. */
static void each_begins_where_the_one_before_ends(void **state)
{
	static const char *const zones[] = {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45",
		"<-03>3<-02>,M11.1.0/0,M2.3.0/0", "<-01>1<+00>,M3.5.0/0,M10.5.0/1",
		"CST5CDT,M3.2.0/0,M11.1.0/1", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "<+14>-14",
		"<-12>12"};

	(void)state;
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		in(zones[i]);
		for (int32_t d = day(2018, 1, 1); d < day(2028, 1, 1); d++) {
			int64_t begins = begins_of(d);
			if (kith_day_at(begins) != d || kith_day_at(begins - 1) != d - 1)
				fail_msg("%s: day %d begins at %lld, which is day %d after %d",
					zones[i], d, (long long)begins, kith_day_at(begins),
					kith_day_at(begins - 1));
		}
	}
	in("UTC0");
	assert_int_equal(kith_day_begins(day(2026, 5, 3)), 1777766400);
	assert_int_equal(kith_day_at(1777766399), day(2026, 5, 2));
}

static void moments_far_away(void **state)
{
	(void)state;
	in("UTC0");
	assert_int_equal(kith_day_at(INT64_MAX), LAST);
	assert_int_equal(kith_day_at(INT64_MIN), FIRST);
	assert_int_equal(kith_day_at(INT64_C(253402300799)), LAST);
	assert_int_equal(kith_day_at(INT64_C(253402300800)), LAST);
	assert_int_equal(kith_day_at(INT64_C(-2208988800)), FIRST);
	assert_int_equal(kith_day_at(INT64_C(-2208988801)), FIRST);
	assert_int_equal(kith_day_at(-1), -1);
}

/* --- as people write them --------------------------------------------------------------------- */

static void reads_from(
	int32_t today, const char *text, enum kith_day_way way, const char *first, const char *last)
{
	int32_t from = 0, to = 0;
	char is[KITH_DAY_CHARS + 1];

	if (kith_day_read(kith_span_str(text), today, way, &from, &to))
		fail_msg("%s is refused", text);
	kith_day_write(from, is);
	assert_string_equal(is, first);
	kith_day_write(to, is);
	assert_string_equal(is, last);
}

/* On Sunday, 3 May 2026; ahead and back. */
static void reads(const char *text, const char *ahead, const char *back)
{
	reads_from(day(2026, 5, 3), text, KITH_DAY_AHEAD, ahead, ahead);
	reads_from(day(2026, 5, 3), text, KITH_DAY_BACK, back, back);
}

static void forms(void **state)
{
	(void)state;
	reads("2026-05-03", "2026-05-03", "2026-05-03");
	reads("2024-02-29", "2024-02-29", "2024-02-29");
	reads("today", "2026-05-03", "2026-05-03");
	reads("Tomorrow", "2026-05-04", "2026-05-04");
	reads("YESTERDAY", "2026-05-02", "2026-05-02");
	reads("monday", "2026-05-04", "2026-04-27");
	reads("Tue", "2026-05-05", "2026-04-28");
	reads("wednesday", "2026-05-06", "2026-04-29");
	reads("THU", "2026-05-07", "2026-04-30");
	reads("fri", "2026-05-08", "2026-05-01");
	reads("saturday", "2026-05-09", "2026-05-02");
	reads("sunday", "2026-05-10", "2026-04-26"); /* never today */
	reads("0d", "2026-05-03", "2026-05-03");
	reads("3d", "2026-05-06", "2026-04-30");
	reads("2W", "2026-05-17", "2026-04-19");
	reads("6m", "2026-11-03", "2025-11-03");
	reads("1y", "2027-05-03", "2025-05-03");
	reads("36500d", "2126-04-09", "1926-05-28");
	reads_from(day(2026, 5, 3), "2026-02", KITH_DAY_BACK, "2026-02-01", "2026-02-28");
	reads_from(day(2026, 5, 3), "2024-02", KITH_DAY_BACK, "2024-02-01", "2024-02-29");
	reads_from(day(2026, 5, 3), "2026", KITH_DAY_AHEAD, "2026-01-01", "2026-12-31");
	reads_from(day(1969, 12, 31), "thu", KITH_DAY_AHEAD, "1970-01-01", "1970-01-01");
	reads_from(day(1969, 12, 31), "thu", KITH_DAY_BACK, "1969-12-25", "1969-12-25");
}

static void a_month_that_is_too_short_ends_on_its_last_day(void **state)
{
	(void)state;
	reads_from(day(2026, 1, 31), "1m", KITH_DAY_AHEAD, "2026-02-28", "2026-02-28");
	reads_from(day(2024, 1, 31), "1m", KITH_DAY_AHEAD, "2024-02-29", "2024-02-29");
	reads_from(day(2026, 1, 31), "2m", KITH_DAY_BACK, "2025-11-30", "2025-11-30");
	reads_from(day(2024, 2, 29), "1y", KITH_DAY_AHEAD, "2025-02-28", "2025-02-28");
	reads_from(day(2024, 2, 29), "4y", KITH_DAY_BACK, "2020-02-29", "2020-02-29");
	reads_from(day(2026, 12, 31), "14m", KITH_DAY_AHEAD, "2028-02-29", "2028-02-29");
}

static void refused(int32_t today, const char *text, enum kith_day_way way)
{
	int32_t first = 7, last = 8;

	if (!kith_day_read(kith_span_str(text), today, way, &first, &last))
		fail_msg("\"%s\" is taken", text);
	assert_int_equal(first * 10 + last, 78); /* not written */
}

static void no_days(void **state)
{
	static const char *const texts[] = {"", " ", "2026-02-29", "2026-04-31", "2026-13",
		"2026-00", "2026-00-10", "2026-05-00", "2026-5-3", "26-05-03", "1899", "1899-12-31",
		"0000-01-01", "10000", "2026-", "2026-05-", "2026-05-03 ", " 2026-05-03",
		"2026-05-03T10", "20260503", "03.05.2026", "05/03/2026", "tues", "mo", "mondays",
		"todays", "tomorro", "3", "d", "-3d", "+3d", "3x", "3dd", "1.5d", "36501d", "5215w",
		"1178m", "100y", "999999999999d", "1000000d", "never", "\xff",
		"\xd9\xa3"
		"d"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		refused(day(2026, 5, 3), texts[i], KITH_DAY_AHEAD);
		refused(day(2026, 5, 3), texts[i], KITH_DAY_BACK);
	}
	refused(LAST, "tomorrow", KITH_DAY_AHEAD);
	refused(LAST, "1m", KITH_DAY_AHEAD);
	refused(LAST, "fri", KITH_DAY_AHEAD);
	refused(FIRST, "yesterday", KITH_DAY_BACK);
	refused(FIRST, "1y", KITH_DAY_BACK);
	reads_from(LAST, "today", KITH_DAY_AHEAD, "9999-12-31", "9999-12-31");
	reads_from(FIRST, "today", KITH_DAY_BACK, "1900-01-01", "1900-01-01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_follows_the_one_before),
		cmocka_unit_test(months),
		cmocka_unit_test(written),
		cmocka_unit_test(each_begins_where_the_one_before_ends),
		cmocka_unit_test(moments_far_away),
		cmocka_unit_test(forms),
		cmocka_unit_test(a_month_that_is_too_short_ends_on_its_last_day),
		cmocka_unit_test(no_days),
	};
	return cmocka_run_group_tests_name("base_day", tests, NULL, NULL);
}
