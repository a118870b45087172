/* SPDX-License-Identifier: MIT
 *
 * words - dates, and how somebody is known, in words.  Never a mark, never a colour.
 */
#ifndef KITH_CLI_WORDS_H
#define KITH_CLI_WORDS_H

#include <kith/store.h>

/* Of a question that KITH_QUERY_HITS refuses. */
#define KITH_WORDS_TOO_MUCH                                                                        \
	"these words begin too much of all that you know; fewer or longer ones find somebody"

#define KITH_DATE_CHARS 40 /* room for a date as text, NUL included */

/* "3 May 2026", by the clock of this place; returns out. */
const char *kith_words_date(int64_t at, char out[static KITH_DATE_CHARS]);

/* The same of a day (base/day.h). */
const char *kith_words_day(int32_t day, char out[static KITH_DATE_CHARS]);

/* "3 May 2026, 18:20", by the clock of this place; returns out. */
const char *kith_words_time(int64_t at, char out[static KITH_DATE_CHARS]);

/* "2026-05-03T18:20:11Z"; "" for a time beyond the year 9999; returns out. */
const char *kith_words_iso(int64_t at, char out[static KITH_DATE_CHARS]);

/* "compared face to face", "swapped without comparing", "from a file, not compared", "typed in";
 * static. */
const char *kith_words_how(enum kith_how how);

/* Appends "compared face to face, 3 May 2026, FOSDEM".  event may be empty; it is made inert. */
enum kith_err kith_words_met(struct kith_buf *out, enum kith_how how, int64_t at,
	struct kith_span event) KITH_MUST_CHECK;

/* The same for the last meeting of a person, or without one where the card comes from; for somebody
 * without a key "typed in, 3 May 2026" or "imported, 3 May 2026". */
enum kith_err kith_words_known(
	struct kith_buf *out, const struct kith_contact *contact) KITH_MUST_CHECK;

/* Appends "introduced by "Ada", not met, 3 May 2026".  The name is made inert; n == 0: whoever it was is forgotten. */
enum kith_err kith_words_introduced(
	struct kith_buf *out, struct kith_span introducer, int64_t at) KITH_MUST_CHECK;

/* Appends "whom you met on 3 May 2026 at FOSDEM (compared)", or the same without a meeting. */
enum kith_err kith_words_whom(
	struct kith_buf *out, const struct kith_contact *contact) KITH_MUST_CHECK;

/* What is not complete, in words; "" when nothing is missing; static. */
const char *kith_words_state(const struct kith_contact *contact);

#endif
