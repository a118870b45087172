/* SPDX-License-Identifier: MIT */
#include "cli/words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/text.h"

#define FIRST_SECOND INT64_C(-2209075200)  /* of 1899-12-31, where 1900 begins first */
#define LAST_SECOND  INT64_C(253402300799) /* of the year 9999 */

static bool in_range(int64_t at)
{
	return at >= FIRST_SECOND && at <= LAST_SECOND;
}

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"};

const char *kith_words_day(int32_t day, char out[static KITH_DATE_CHARS])
{
	struct kith_date date = kith_day_date(day);

	(void)snprintf(out, KITH_DATE_CHARS, "%u %s %d", (unsigned)date.day, months[date.month - 1],
		date.year);
	return out;
}

const char *kith_words_date(int64_t at, char out[static KITH_DATE_CHARS])
{
	time_t t = (time_t)at;
	struct tm tm;

	if (!in_range(at) || !localtime_r(&t, &tm))
		(void)snprintf(out, KITH_DATE_CHARS, "a day out of range");
	else
		(void)snprintf(out, KITH_DATE_CHARS, "%d %s %d", tm.tm_mday, months[tm.tm_mon],
			tm.tm_year + 1900);
	return out;
}

const char *kith_words_time(int64_t at, char out[static KITH_DATE_CHARS])
{
	time_t t = (time_t)at;
	struct tm tm;

	kith_words_date(at, out);
	size_t n = strlen(out);
	if (in_range(at) && localtime_r(&t, &tm))
		(void)snprintf(out + n, KITH_DATE_CHARS - n, ", %02d:%02d", tm.tm_hour, tm.tm_min);
	return out;
}

const char *kith_words_iso(int64_t at, char out[static KITH_DATE_CHARS])
{
	time_t t = (time_t)at;
	struct tm tm;

	out[0] = 0;
	if (in_range(at) && gmtime_r(&t, &tm))
		(void)strftime(out, KITH_DATE_CHARS, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

const char *kith_words_how(enum kith_how how)
{
	switch (how) {
	case KITH_HOW_TYPED:
		return "typed in";
	case KITH_HOW_FILE:
		return "from a file, not compared";
	case KITH_HOW_UNATTENDED:
		return "swapped without comparing";
	case KITH_HOW_COMPARED:
		return "compared face to face";
	case KITH_HOW_SCANNED:
		return "scanned face to face";
	}
	return "known in a way that this kith does not know";
}

enum kith_err kith_words_met(
	struct kith_buf *out, enum kith_how how, int64_t at, struct kith_span event)
{
	char date[KITH_DATE_CHARS];
	enum kith_err err =
		kith_buf_printf(out, "%s, %s", kith_words_how(how), kith_words_date(at, date));

	if (!err && event.n > 0 && !(err = kith_buf_add_str(out, ", ")))
		err = kith_show(out, event, KITH_SHOWN_NAME);
	return err;
}

enum kith_err kith_words_introduced(struct kith_buf *out, struct kith_span introducer, int64_t at)
{
	char date[KITH_DATE_CHARS], name[KITH_SHOWN_NAME * 4 + 8];

	return kith_buf_printf(out, "introduced by %s, not met, %s",
		introducer.n ? kith_quote_in(name, sizeof name, introducer, KITH_SHOWN_NAME)
			     : "somebody forgotten since",
		kith_words_date(at, date));
}

/* How somebody came here whom nobody has met. */
static const char *how_added(const struct kith_contact *contact)
{
	if (contact->has_key)
		return kith_words_how(KITH_HOW_FILE);
	return contact->imported ? "imported" : kith_words_how(KITH_HOW_TYPED);
}

enum kith_err kith_words_known(struct kith_buf *out, const struct kith_contact *contact)
{
	char date[KITH_DATE_CHARS];

	if (contact->met_at)
		return kith_words_met(out, contact->met_how, contact->met_at, contact->met_event);
	if (contact->state == KITH_CONTACT_INTRODUCED)
		return kith_words_introduced(out, contact->introducer, contact->added);
	return kith_buf_printf(
		out, "%s, %s", how_added(contact), kith_words_date(contact->added, date));
}

enum kith_err kith_words_whom(struct kith_buf *out, const struct kith_contact *contact)
{
	char date[KITH_DATE_CHARS];
	const char *how = contact->met_how == KITH_HOW_SCANNED    ? "scanned"
			  : contact->met_how == KITH_HOW_COMPARED ? "compared"
								  : "without comparing";
	enum kith_err err;

	if (!contact->has_key)
		return kith_buf_printf(out, "whom you have %s on %s, without a key",
			how_added(contact), kith_words_date(contact->added, date));
	if (contact->state == KITH_CONTACT_INTRODUCED) {
		char name[KITH_SHOWN_NAME * 4 + 8];
		return kith_buf_printf(out,
			"whom %s introduced to you on %s, and whom you never met",
			contact->introducer.n ? kith_quote_in(name, sizeof name,
							contact->introducer, KITH_SHOWN_NAME)
					      : "somebody you have forgotten",
			kith_words_date(contact->added, date));
	}
	if (!contact->met_at || contact->met_how == KITH_HOW_FILE)
		return kith_buf_printf(out,
			"whose card you have from a file, not compared, since %s",
			kith_words_date(contact->added, date));
	err = kith_buf_printf(out, "whom you met on %s", kith_words_date(contact->met_at, date));
	if (!err && contact->met_event.n > 0 && !(err = kith_buf_add_str(out, " at ")))
		err = kith_show(out, contact->met_event, KITH_SHOWN_NAME);
	return err ? err : kith_buf_printf(out, " (%s)", how);
}

const char *kith_words_state(const struct kith_contact *contact)
{
	if (contact->blocked)
		return contact->faded ? "blocked, and let go" : "blocked";
	if (contact->faded)
		return "let go";
	if (contact->frozen)
		return "frozen until you compare again in person";
	if (contact->conflict)
		return "two different cards with one revision were seen";
	switch (contact->state) {
	case KITH_CONTACT_PENDING:
		if (contact->let_go)
			return "you let go of their card";
		return contact->gives ? "their card has not come yet" : "gives no card";
	case KITH_CONTACT_COMPLETE:
	case KITH_CONTACT_TYPED:
		return "";
	case KITH_CONTACT_INTRODUCED:
		return "";
	case KITH_CONTACT_FROZEN:
		return "frozen";
	}
	return "in a state that this kith does not know";
}
