/* SPDX-License-Identifier: MIT */
#include "base/day.h"

#include <stdio.h>
#include <strings.h>
#include <time.h>

#define FIRST_YEAR 1900
#define LAST_YEAR  9999
#define FAR_MAX    36500 /* of "3d" and the like: a hundred years of days */
#define WEEK       7
#define MONTHS     12
#define HOUR_S     3600 /* by which clocks are put back */

/* --- the calendar ----------------------------------------------------------------------------- */

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned kith_month_days(int year, unsigned month)
{
	static const uint8_t days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Years begin with March here, so that a leap day is the last of its year (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days). */
int32_t kith_day_of(struct kith_date date)
{
	int y = date.year - (date.month <= 2);
	int era = y / 400;
	int of_era = y - era * 400;
	int of_year =
		(153 * ((int)date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + (int)date.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct kith_date kith_day_date(int32_t day)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	unsigned month = (unsigned)(m < 10 ? m + 3 : m - 9);

	return (struct kith_date){.year = (int)(y + era * 400 + (month <= 2)),
		.month = month,
		.day = (unsigned)(of_year - (153 * m + 2) / 5 + 1)};
}

int32_t kith_day_at(int64_t moment)
{
	const int32_t first = kith_day_of((struct kith_date){FIRST_YEAR, 1, 1});
	const int32_t last = kith_day_of((struct kith_date){LAST_YEAR, MONTHS, 31});
	struct tm t;
	time_t at = (time_t)moment;

	if (!localtime_r(&at, &t) || t.tm_year + 1900 > LAST_YEAR || t.tm_year < 0)
		return moment < 0 ? first : last;
	return kith_day_of(
		(struct kith_date){t.tm_year + 1900, (unsigned)t.tm_mon + 1, (unsigned)t.tm_mday});
}

int64_t kith_day_begins(int32_t day)
{
	struct kith_date date = kith_day_date(day);
	struct tm t = {.tm_year = date.year - 1900,
		.tm_mon = (int)date.month - 1,
		.tm_mday = (int)date.day,
		.tm_isdst = -1};

	int64_t at = mktime(&t); /* where midnight is left out, the hour after it */
	bool again = date.year > FIRST_YEAR && kith_day_at(at - HOUR_S) == day;
	return again ? at - HOUR_S : at; /* where it comes twice, the first one */
}

void kith_day_write(int32_t day, char out[static KITH_DAY_CHARS + 1])
{
	struct kith_date date = kith_day_date(day);
	unsigned digits = (unsigned)date.year * 10000 + date.month * 100 + date.day;

	for (int i = KITH_DAY_CHARS - 1; i >= 0; i--)
		if (i == 4 || i == 7) {
			out[i] = '-';
		} else {
			out[i] = (char)('0' + digits % 10);
			digits /= 10;
		}
	out[KITH_DAY_CHARS] = 0;
}

/* --- as people write them --------------------------------------------------------------------- */

/* A number of so many digits at the front of *s, which goes on behind it. */
static bool take_number(struct kith_span *s, size_t digits, int *ret)
{
	int n = 0;

	if (s->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		n = n * 10 + (s->p[i] - '0');
	}
	*s = kith_span(s->p + digits, s->n - digits);
	*ret = n;
	return true;
}

static bool take_dash(struct kith_span *s)
{
	if (s->n == 0 || s->p[0] != '-')
		return false;
	*s = kith_span(s->p + 1, s->n - 1);
	return true;
}

/* 2026, 2026-05, 2026-05-03 */
static bool read_date(struct kith_span s, int32_t *ret_first, int32_t *ret_last)
{
	int year, month = 1, day = 1, last_month = MONTHS, last_day = 31;

	if (!take_number(&s, 4, &year) || year < FIRST_YEAR)
		return false;
	if (s.n > 0) {
		if (!take_dash(&s) || !take_number(&s, 2, &month) || month < 1 || month > MONTHS)
			return false;
		last_month = month;
		last_day = (int)kith_month_days(year, (unsigned)month);
	}
	if (s.n > 0) {
		if (!take_dash(&s) || !take_number(&s, 2, &day) || day < 1 || day > last_day)
			return false;
		last_day = day;
	}
	*ret_first = kith_day_of((struct kith_date){year, (unsigned)month, (unsigned)day});
	*ret_last = kith_day_of((struct kith_date){year, (unsigned)last_month, (unsigned)last_day});
	return s.n == 0;
}

static bool is_word(struct kith_span s, const char *word, size_t least)
{
	return s.n >= least && s.n <= strlen(word) &&
	       strncasecmp((const char *)s.p, word, s.n) == 0;
}

/* A day of the week: never today. */
static bool read_weekday(struct kith_span s, int32_t today, enum kith_day_way way, int32_t *ret)
{
	static const char *const names[WEEK] = {"thursday", "friday", "saturday", "sunday",
		"monday", "tuesday", "wednesday"}; /* 1970-01-01 was a Thursday */
	int now = (today % WEEK + WEEK) % WEEK;

	for (int i = 0; i < WEEK; i++) {
		size_t whole = strlen(names[i]);
		if (!is_word(s, names[i], 3) || (s.n != 3 && s.n != whole))
			continue;
		int ahead = (i - now + WEEK) % WEEK;
		*ret = way == KITH_DAY_AHEAD ? today + (ahead ? ahead : WEEK)
					     : today - (ahead ? WEEK - ahead : WEEK);
		return true;
	}
	return false;
}

/* So many months on; a day that is not there becomes the last of its month. */
static int32_t add_months(int32_t day, int months)
{
	struct kith_date date = kith_day_date(day);
	int all = date.year * MONTHS + (int)date.month - 1 + months;

	date.year = all / MONTHS;
	date.month = (unsigned)(all % MONTHS) + 1;
	if (date.day > kith_month_days(date.year, date.month))
		date.day = kith_month_days(date.year, date.month);
	return kith_day_of(date);
}

/* 3d 2w 6m 1y */
static bool read_far(struct kith_span s, int32_t today, enum kith_day_way way, int32_t *ret)
{
	static const char units[] = "dwmy";
	static const int each[] = {1, WEEK, 31, 366}; /* at most so many days */
	int n, sign = way == KITH_DAY_AHEAD ? 1 : -1;

	if (s.n < 2 || s.n > 6 || !take_number(&s, s.n - 1, &n))
		return false;
	const char *unit = memchr(units, s.p[0] | 0x20, sizeof units - 1);
	if (!unit || n > FAR_MAX / each[unit - units])
		return false;
	if (unit - units < 2)
		*ret = today + sign * n * each[unit - units];
	else
		*ret = add_months(today, sign * n * (*unit == 'y' ? MONTHS : 1));
	return true;
}

static bool read_word(struct kith_span s, int32_t today, enum kith_day_way way, int32_t *ret)
{
	static const struct {
		const char *word;
		int off;
	} words[] = {{"today", 0}, {"tomorrow", 1}, {"yesterday", -1}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (is_word(s, words[i].word, strlen(words[i].word))) {
			*ret = today + words[i].off;
			return true;
		}
	return read_weekday(s, today, way, ret) || read_far(s, today, way, ret);
}

enum kith_err kith_day_read(struct kith_span text, int32_t today, enum kith_day_way way,
	int32_t *ret_first, int32_t *ret_last)
{
	int32_t first, last;

	if (!read_date(text, &first, &last)) {
		if (!read_word(text, today, way, &first))
			return KITH_ERR_VALUE;
		last = first;
	}
	if (kith_day_date(first).year < FIRST_YEAR || kith_day_date(last).year > LAST_YEAR)
		return KITH_ERR_VALUE;
	*ret_first = first;
	*ret_last = last;
	return KITH_OK;
}
