/* SPDX-License-Identifier: MIT
 *
 * calendar - days as an iCalendar (RFC 5545).  A module of its own, kith-calendar.so (base/module.h): libical takes as long to
 * load as kith does to start.
 */
#ifndef KITH_CALENDAR_CALENDAR_H
#define KITH_CALENDAR_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"

#define KITH_CALENDAR_MODULE "kith-calendar.so"
#define KITH_CALENDAR_SYMBOL "kith_calendar"

/* One event of a whole day.  Texts are UTF-8 without control characters other than line feeds; not checked. */
struct kith_calendar_entry {
	const char *uid;
	struct kith_date date;
	bool yearly;   /* comes every year, */
	bool leap_day; /* on the last day of February */
	const char *summary;
	const char *description;
};

struct kith_calendar {
	/* The whole calendar, stamped with that moment (Unix seconds), to be freed; NULL: memory ran out. */
	char *(*write)(const struct kith_calendar_entry *entries, size_t n, int64_t stamp);
};

#endif
