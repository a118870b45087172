/* SPDX-License-Identifier: MIT */
#include <kith/due.h>

#include <kith/cards.h>
#include <kith/introduction.h>

#include "base/day.h"
#include "base/limits.h"
#include "store/memory.h"
#include "store/who.h"

#define DAY_S    86400
#define YEAR_MAX 9999 /* of days that are written */

const char *kith_due_name(enum kith_due_kind kind)
{
	static const char *const names[KITH_DUE_KINDS] = {"overdue", "promise", "proposed",
		"asked-back", "birthday", "soon", "drifting", "theirs", "review", "pending",
		"open"};

	return (unsigned)kind < KITH_DUE_KINDS ? names[kind] : "unknown";
}

/* What is asked for, and who is told. */
struct asking {
	struct kith_store *store;
	int64_t now;   /* Unix seconds */
	int64_t begun; /* of today */
	int64_t ends;  /* of today: what is later was written by a clock that was wrong */
	int32_t today;
	int32_t ahead; /* what is ripe so many days from today is told, */
	bool comes;    /* but for what is so today; else ahead is 0 */
	bool every;    /* with each birthday */
	kith_due_fn fn;
	void *ctx;
	bool review; /* that is told */
	bool more;
};

_Static_assert(KITH_PROMISE_OPEN == 0 && KITH_PROPOSAL_OPEN == 0 && KITH_LETGO_OPEN == 0 &&
		       KITH_LETGO_GONE == 1 && KITH_REVIEW_WAITS == 0 && KITH_REVIEW_KEEP == 1 &&
		       KITH_REVIEW_SOON == 2 && KITH_REVIEW_LETGO == 3 && KITH_REMARK_NOTE == 0 &&
		       KITH_CONTACT_PENDING == 0,
	"stand in the statements below");

/* The columns that each statement begins with. */
#define PERSON "contact.row, contact.name, contact.ik, contact.uuid, contact.fold, "
#define HEARD  " AND contact.review <> 3 AND NOT contact.blocked "

/* The last day that is looked at, and the moment at which it begins. */
static int32_t last_day(const struct asking *a)
{
	return a->today + a->ahead;
}

static int64_t last_moment(const struct asking *a)
{
	return a->begun + a->ahead * (int64_t)DAY_S;
}

static int32_t later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static struct kith_due read_person(const struct kith_query *q, enum kith_due_kind kind)
{
	return (struct kith_due){.kind = kind,
		.contact = kith_column_int(q, 0),
		.name = kith_column_span(q, 1),
		.ik = kith_column_span(q, 2),
		.uuid = kith_column_span(q, 3),
		.fold = kith_column_span(q, 4)};
}

/* --- promises --------------------------------------------------------------------------------- */

/* Rows of a person, and behind that these. */
#define PROMISE                                                                                    \
	PERSON "promise.row, by, made, theirs, thing, promise.text FROM promise JOIN contact ON contact.row = promise.contact "

static enum kith_err each_promise(struct asking *a, struct kith_query *q, enum kith_due_kind kind)
{
	while (a->more && kith_query_row(q)) {
		struct kith_due d = read_person(q, kind);
		d.row = kith_column_int(q, 5);
		d.since = kith_column_int(q, 7);
		d.day = kind == KITH_DUE_OPEN ? kith_day_at(d.since) + KITH_PROMISE_DAYS + 1
					      : (int32_t)kith_column_int(q, 6);
		d.theirs = kith_column_int(q, 8);
		d.thing = kith_column_int(q, 9);
		d.text = kith_column_span(q, 10);
		a->more = a->fn(a->ctx, &d);
	}
	return kith_query_end(q);
}

/* Mine to people who were let go stay on the list: a word is a word. */
static enum kith_err mine(struct asking *a, int32_t first, int32_t last, enum kith_due_kind kind)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PROMISE "WHERE promise.state = 0 AND by BETWEEN ?1 AND ?2 AND NOT theirs "
		"ORDER BY by, promise.row");

	kith_bind_int(&q, first);
	kith_bind_int(&q, last);
	return each_promise(a, &q, kind);
}

static enum kith_err theirs(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PROMISE
		"WHERE promise.state = 0 AND by BETWEEN ?1 AND ?2 AND theirs" HEARD
		"ORDER BY by, promise.row");

	kith_bind_int(&q, a->comes ? a->today + 1 : INT32_MIN);
	kith_bind_int(&q, last_day(a));
	return each_promise(a, &q, KITH_DUE_THEIRS);
}

/* ?1 and ?2: from when to when something was that becomes ripe after so many days. */
static void bind_moments(const struct asking *a, struct kith_query *q, int32_t after)
{
	const int64_t days = (int64_t)after * DAY_S;

	kith_bind_int(q, a->comes ? a->begun - days : INT64_MIN);
	kith_bind_int(q, last_moment(a) - days);
}

static enum kith_err without_a_day(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PROMISE
		"WHERE promise.state = 0 AND by IS NULL AND made >= ?1 AND made < ?2 AND (NOT theirs "
		"OR (contact.review <> 3 AND NOT contact.blocked)) ORDER BY made, promise.row");

	bind_moments(a, &q, KITH_PROMISE_DAYS);
	return each_promise(a, &q, KITH_DUE_OPEN);
}

/* --- who waits for my answer ------------------------------------------------------------------ */

/* Rows of a person, and behind that row, moment, text and a day or 0; ripe so many days after the moment, not before the day. */
static enum kith_err each_moment(
	struct asking *a, struct kith_query *q, enum kith_due_kind kind, int32_t after)
{
	while (a->more && kith_query_row(q)) {
		struct kith_due d = read_person(q, kind);
		d.row = kith_column_int(q, 5);
		d.since = kith_column_int(q, 6);
		d.day = later(kith_day_at(d.since) + after, (int32_t)kith_column_int(q, 8));
		d.text = kith_column_span(q, 7);
		a->more = a->fn(a->ctx, &d);
	}
	return kith_query_end(q);
}

/* Where the key was left since, or is in doubt, nothing comes of a yes. */
static enum kith_err proposed(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PERSON
		"proposal.row, at, words, 0 FROM proposal JOIN contact ON contact.row = "
		"proposal.contact WHERE stage = 0 AND at >= ?1 AND proposal.ik IS contact.ik AND NOT frozen" HEARD
		"ORDER BY at, proposal.row");

	kith_bind_int(&q, a->now - (int64_t)KITH_INTRODUCTION_DAYS * DAY_S);
	return each_moment(a, &q, KITH_DUE_PROPOSED, 0);
}

/* As long as there is something to let go of, and nothing newer came since. */
static enum kith_err asked_back(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PERSON
		"letgo.row, letgo.at, '', 0 FROM letgo JOIN contact ON contact.row = "
		"letgo.contact WHERE answer = 0 AND (SELECT max(card.rev) FROM card WHERE card.contact = "
		"letgo.contact AND card.card = letgo.card) <= upto" HEARD
		"ORDER BY letgo.at, letgo.row");

	return each_moment(a, &q, KITH_DUE_ASKED_BACK, 0);
}

/* --- birthdays -------------------------------------------------------------------------------- */

#define LEAP_DAY 229

static int month_day(int32_t day)
{
	struct kith_date date = kith_day_date(day);

	return (int)(date.month * 100 + date.day);
}

/* In a year without 29 February that is kept on the day before. */
static bool is_kept(int birthday, int32_t day)
{
	return month_day(day) == birthday ||
	       (birthday == LEAP_DAY && month_day(day) == LEAP_DAY - 1 &&
		       month_day(day + 1) != LEAP_DAY);
}

#define BIRTHDAYS(but)                                                                             \
	"SELECT " PERSON KITH_MEMORY_BELIEVED                                                      \
	" FROM contact WHERE birthday = ?2 AND " KITH_MEMORY_BELIEVED                              \
	" < ?4 AND " KITH_MEMORY_AWAKE("?3") but HEARD "ORDER BY fold, row"

/* Who was in touch on the day is not told again; who is put off beyond it is not told of this one.  One that has come up
 * is to come for those who are put off beyond today. */
static enum kith_err birthdays_of(struct asking *a, int32_t day, int birthday)
{
	if (day - a->today >= KITH_DUE_DAYS_MAX && is_kept(birthday, a->today))
		return KITH_OK; /* the same one, a year later */
	bool put_off = a->comes && day <= a->today + KITH_DUE_AHEAD;
	struct kith_query q = kith_query(
		a->store, put_off ? BIRTHDAYS(" AND NOT " KITH_MEMORY_AWAKE("?5")) : BIRTHDAYS(""));
	kith_bind_int(&q, a->ends);
	kith_bind_int(&q, birthday);
	kith_bind_int(&q, day < last_day(a) ? day : last_day(a));
	kith_bind_int(&q, kith_day_begins(day));
	if (put_off)
		kith_bind_int(&q, a->today);
	while (a->more && kith_query_row(&q)) {
		struct kith_due d = read_person(&q, KITH_DUE_BIRTHDAY);
		d.day = day;
		d.since = kith_column_int(&q, 5);
		d.leap = birthday == LEAP_DAY;
		a->more = a->fn(a->ctx, &d);
	}
	return kith_query_end(&q);
}

static enum kith_err birthdays(struct asking *a, int32_t upto)
{
	enum kith_err err = KITH_OK;

	for (int32_t day = a->today; !err && a->more && day <= upto; day++) {
		err = birthdays_of(a, day, month_day(day));
		if (!err && month_day(day) != LEAP_DAY && is_kept(LEAP_DAY, day))
			err = birthdays_of(a, day, LEAP_DAY);
	}
	return err;
}

/* From that day on; KITH_DAY_NONE: never. */
static int32_t next_kept(int birthday, int32_t from)
{
	const unsigned month = (unsigned)birthday / 100, day = (unsigned)birthday % 100;
	int32_t kept = KITH_DAY_NONE;

	for (int year = kith_day_date(from).year; year <= YEAR_MAX && kept < from; year++) {
		unsigned last = kith_month_days(year, month);
		kept = kith_day_of((struct kith_date){year, month, day < last ? day : last});
	}
	return kept >= from && is_kept(birthday, kept) ? kept : KITH_DAY_NONE;
}

/* Those that `birthdays` of a whole year leaves out, in the order of names. */
static enum kith_err passed_over(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PERSON KITH_MEMORY_BELIEVED
		", birthday, coalesce(snoozed, 0) FROM contact WHERE birthday IS NOT NULL AND (touched >= ?2 OR "
		"NOT " KITH_MEMORY_AWAKE("?3") ")" HEARD "ORDER BY fold, row");

	kith_bind_int(&q, a->ends);
	kith_bind_int(&q, a->begun);
	kith_bind_int(&q, a->today);
	while (a->more && kith_query_row(&q)) {
		struct kith_due d = read_person(&q, KITH_DUE_BIRTHDAY);
		int birthday = (int)kith_column_int(&q, 6);
		int32_t from = later(a->today, (int32_t)kith_column_int(&q, 7));
		int32_t next = next_kept(birthday, a->today);
		d.since = kith_column_int(&q, 5);
		if (from <= next && (next > a->today || d.since < a->begun))
			continue; /* that one is told */
		d.day = next_kept(birthday, later(from, next + 1));
		d.leap = birthday == LEAP_DAY;
		if (d.day != KITH_DAY_NONE)
			a->more = a->fn(a->ctx, &d);
	}
	return kith_query_end(&q);
}

/* --- being in touch --------------------------------------------------------------------------- */

/* ?1: the end of today; ?2 and ?3: the last day that is looked at; where it comes, ?4 and ?5: today. */
static void bind_days(const struct asking *a, struct kith_query *q)
{
	kith_bind_int(q, a->ends);
	kith_bind_int(q, last_moment(a));
	kith_bind_int(q, last_day(a));
	if (!a->comes)
		return;
	kith_bind_int(q, a->begun);
	kith_bind_int(q, a->today);
}

/* Of who is soon: told from the day after the decision on. */
#define SINCE(begun, day)                                                                          \
	"(reviewed_at < " begun " OR reviewed_at >= ?1) AND " KITH_MEMORY_AWAKE(day)

#define SOON(but)                                                                                  \
	"SELECT " PERSON                                                                           \
	"0, reviewed_at, '', coalesce(snoozed, 0) FROM contact WHERE " KITH_MEMORY_SOON            \
	" AND " SINCE("?2", "?3") but " ORDER BY reviewed_at, row"

static enum kith_err soon(struct asking *a)
{
	struct kith_query q = kith_query(
		a->store, a->comes ? SOON(" AND NOT (" SINCE("?4", "?5") ")") : SOON(""));

	bind_days(a, &q);
	return each_moment(a, &q, KITH_DUE_SOON, 1);
}

/* On which day they begin to; by then a clock may have been put forward an hour. */
static int32_t drifts_from(const struct asking *a, int64_t since, uint32_t rhythm, int32_t snoozed)
{
	int32_t day = later(kith_day_at(since) + (int32_t)rhythm + 1, snoozed);

	if (a->comes)
		day = later(day, a->today + 1);
	return day < last_day(a) ? day : last_day(a);
}

#define DRIFTING(but)                                                                              \
	"SELECT " PERSON KITH_MEMORY_BELIEVED ", " KITH_MEMORY_COUNTED                             \
	", rhythm, ring.name, coalesce(snoozed, 0) FROM ring CROSS JOIN contact ON contact.ring "  \
	"= ring.row WHERE " KITH_MEMORY_DRIFTING("?2", "?3") but                                   \
		" ORDER BY (?2 - " KITH_MEMORY_COUNTED ") * 1.0 / rhythm DESC, contact.row"

static enum kith_err drifting(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		a->comes ? DRIFTING(" AND NOT (" KITH_MEMORY_LATE("?4", "?5") ")") : DRIFTING(""));

	bind_days(a, &q);
	while (a->more && kith_query_row(&q)) {
		struct kith_due d = read_person(&q, KITH_DUE_DRIFTING);
		d.since = kith_column_int(&q, 5);
		d.rhythm = (uint32_t)kith_column_int(&q, 7);
		d.text = kith_column_span(&q, 8);
		d.day = drifts_from(
			a, kith_column_int(&q, 6), d.rhythm, (int32_t)kith_column_int(&q, 9));
		a->more = a->fn(a->ctx, &d);
	}
	return kith_query_end(&q);
}

/* --- after a meeting -------------------------------------------------------------------------- */

/* One line, however many: those that kith_store_unreviewed has.  Who comes is gone through with those who are ripe. */
static enum kith_err unreviewed(struct asking *a)
{
	struct kith_due d = {.kind = KITH_DUE_REVIEW};

	if (a->review)
		return KITH_OK;
	struct kith_query q =
		kith_query(a->store, "SELECT count(*), min(since) FROM " KITH_MEMORY_WAITING
				     " WHERE since < ?1 OR since >= ?2");

	kith_bind_int(&q, last_moment(a));
	kith_bind_int(&q, a->ends);
	if (kith_query_row(&q)) {
		d.people = (size_t)kith_column_int(&q, 0);
		d.since = kith_column_int(&q, 1);
		d.day = kith_day_at(d.since) + 1;
	}
	enum kith_err err = kith_query_end(&q);
	a->review = d.people > 0;
	if (!err && d.people && a->more)
		a->more = a->fn(a->ctx, &d);
	return err;
}

/* Nothing is to come from who gives no card, nor of a card that I let go of. */
static enum kith_err pending(struct asking *a)
{
	struct kith_query q = kith_query(a->store,
		"SELECT " PERSON
		"0, met_at, '', 0 FROM contact WHERE state = 0 AND met_at >= ?1 AND met_at < ?2 AND gives AND "
		"NOT EXISTS (SELECT 1 FROM letgo WHERE letgo.contact = contact.row AND answer = 1)" HEARD
		"ORDER BY met_at, row");

	bind_moments(a, &q, KITH_PENDING_DAYS);
	return each_moment(a, &q, KITH_DUE_PENDING, KITH_PENDING_DAYS + 1);
}

/* --- all of it -------------------------------------------------------------------------------- */

/* One kind after the other: what is ripe, or what comes. */
static enum kith_err list(struct asking *a)
{
	int32_t upto = a->today + (a->ahead > KITH_DUE_AHEAD ? a->ahead : KITH_DUE_AHEAD);
	int32_t from = a->comes ? a->today + KITH_DUE_AHEAD + 1 : a->today;
	enum kith_err err = KITH_OK;

	if (!a->comes)
		err = mine(a, INT32_MIN, a->today - 1, KITH_DUE_OVERDUE);
	if (!err)
		err = mine(a, from, upto, KITH_DUE_PROMISE);
	if (!err && !a->comes)
		err = proposed(a);
	if (!err && !a->comes)
		err = asked_back(a);
	if (!err)
		err = birthdays(a, upto);
	if (!err && a->comes && a->every && a->ahead == KITH_DUE_DAYS_MAX)
		err = passed_over(a);
	if (!err)
		err = soon(a);
	if (!err)
		err = drifting(a);
	if (!err)
		err = theirs(a);
	if (!err)
		err = unreviewed(a);
	if (!err)
		err = pending(a);
	return err ? err : without_a_day(a);
}

/* Each page of people is read once: more of a cache would be memory that has to be cleared first. */
static void look_once(struct kith_store *store)
{
	if (store->mode == KITH_STORE_READ)
		(void)sqlite3_exec(
			store->db, "PRAGMA cache_size = -2048", NULL, NULL, NULL); /* KiB */
}

/* What is ripe, and below it what comes. */
static enum kith_err ask(struct asking *a, int32_t today, uint32_t ahead)
{
	if (ahead > KITH_DUE_DAYS_MAX)
		return KITH_ERR_LIMIT;
	look_once(a->store);
	a->begun = kith_day_begins(today);
	a->ends = kith_day_begins(today + 1);
	a->today = today;
	a->more = true;
	enum kith_err err = list(a);
	if (err || !a->more || ahead == 0)
		return err;
	a->comes = true;
	a->ahead = (int32_t)ahead;
	return list(a);
}

enum kith_err kith_store_due(struct kith_store *store, int64_t now, int32_t today, uint32_t ahead,
	kith_due_fn fn, void *ctx)
{
	struct asking a = {.store = store, .now = now, .fn = fn, .ctx = ctx};

	return ask(&a, today, ahead);
}

enum kith_err kith_store_due_calendar(struct kith_store *store, int64_t now, int32_t today,
	uint32_t ahead, kith_due_fn fn, void *ctx)
{
	struct asking a = {.store = store, .now = now, .every = true, .fn = fn, .ctx = ctx};

	return ask(&a, today, ahead);
}

enum kith_err kith_due_who(
	struct kith_store *store, const struct kith_due *due, char out[static KITH_ID_CHARS + 1])
{
	return kith_who_short(store,
		&(struct kith_called){
			.row = due->contact, .fold = due->fold, .ik = due->ik, .uuid = due->uuid},
		out);
}
