/* SPDX-License-Identifier: MIT
 *
 * day - days of the calendar, as people write them.  proto/people.md, "Days".
 */
#ifndef KITH_BASE_DAY_H
#define KITH_BASE_DAY_H

#include <kith/bytes.h>

#define KITH_DAY_CHARS 10 /* "2026-05-03" */

struct kith_date {
	int year;       /* 1900 to 9999 */
	unsigned month; /* 1 to 12 */
	unsigned day;   /* 1 to 31 */
};

/* Days since 1970-01-01 of a date that exists (not checked), and back. */
int32_t kith_day_of(struct kith_date date);
struct kith_date kith_day_date(int32_t day);

/* How many days that month has; year 1900 to 9999, month 1 to 12. */
unsigned kith_month_days(int year, unsigned month);

/* The day by the local calendar in which a moment (Unix seconds) lies, and the moment at which a day begins there.  A
 * moment outside of 1900 to 9999 counts as the nearest one inside. */
int32_t kith_day_at(int64_t moment);
int64_t kith_day_begins(int32_t day);

/* Which way a word such as "friday" or "2w" looks. */
enum kith_day_way { KITH_DAY_AHEAD, KITH_DAY_BACK };

/*
 * Reads a day, or a month or year as the days from *ret_first to *ret_last; of a single day both are that.
 * KITH_ERR_VALUE: it is none of the forms, there is no such day, or it is outside of 1900 to 9999.
 */
enum kith_err kith_day_read(struct kith_span text, int32_t today, enum kith_day_way way,
	int32_t *ret_first, int32_t *ret_last) KITH_MUST_CHECK;

/* Writes "2026-05-03" and NUL. */
void kith_day_write(int32_t day, char out[static KITH_DAY_CHARS + 1]);

#endif
