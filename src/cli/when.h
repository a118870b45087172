/* SPDX-License-Identifier: MIT
 *
 * when - days in arguments and in sentences.  proto/people.md, "Days".
 */
#ifndef KITH_CLI_WHEN_H
#define KITH_CLI_WHEN_H

#include "base/day.h"

#define KITH_WHEN_CHARS 32

/* Now, Unix seconds, and the day it is in. */
int64_t kith_when_now(void);
int32_t kith_when_today(void);

/* Reads a day of the command's arguments; of a month or a year the first.  False with the sentence told and
 * *ret_status set when it is none. */
bool kith_when_read(const char *command, const char *text, enum kith_day_way way, int32_t *ret_day,
	int *ret_status);

/* How far a day is from today: "today", "tomorrow", "yesterday", "in 5 days", "5 days ago", from two weeks on
 * "on 3 May 2026".  Returns out. */
const char *kith_when_words(int32_t day, int32_t today, char out[static KITH_WHEN_CHARS]);

#endif
