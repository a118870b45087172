/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/cards.h>
#include <kith/due.h>
#include <kith/known.h>

#include "base/day.h"
#include "base/limits.h"

#define DAY_S 86400

/* Noon of a Sunday, 2026-05-03, and the day it is in. */
#define NOW   ((int64_t)1777809600)
#define TODAY 20576

/* What is due, as "kind name" with " | " between, and "+3" where it is so many days from today. */
struct told {
	char text[2048];
	size_t n;
	struct kith_due last; /* without its spans */
};

static bool tell(void *ctx, const struct kith_due *d)
{
	struct told *t = ctx;
	size_t n = strlen(t->text);

	(void)snprintf(t->text + n, sizeof t->text - n, "%s%s%s%.*s%+d", n ? " | " : "",
		kith_due_name(d->kind), d->name.n ? " " : "", (int)d->name.n,
		d->name.n ? (const char *)d->name.p : "", d->day - TODAY);
	t->n++;
	t->last = *d;
	return true;
}

static void expect_at(struct kith_store *store, int32_t today, uint32_t ahead, const char *text)
{
	struct told t = {0};

	assert_ok(kith_store_due(
		store, NOW + (int64_t)(today - TODAY) * DAY_S, today, ahead, tell, &t));
	assert_string_equal(t.text, text);
}

static void expect(struct kith_store *store, uint32_t ahead, const char *text)
{
	expect_at(store, TODAY, ahead, text);
}

static int64_t person(struct kith_store *store, const char *name)
{
	char text[64];

	(void)snprintf(text, sizeof text, "name=%s", name);
	return world_entry(store, 0, name, text);
}

static int64_t met_person(
	struct kith_store *store, uint8_t seed, const char *name, int64_t at, bool gives)
{
	struct kith_meeting m = world_meeting(seed, seed, name, 1);
	struct kith_contact c;

	m.at = at;
	m.event = kith_span("", 0);
	m.they_give = gives;
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_contact_of(store, m.ik, &c));
	int64_t row = c.row;
	kith_contact_free(&c);
	return row;
}

static void touch(struct kith_store *store, int64_t contact, int64_t at)
{
	struct kith_remark r = {.contact = contact, .kind = KITH_REMARK_CALL, .at = at};
	int64_t row;

	assert_ok(kith_store_remark_put(store, &r, NOW, &row));
}

static int64_t promise(
	struct kith_store *store, int64_t contact, bool theirs, int32_t by, int64_t made)
{
	struct kith_promise p = {.contact = contact,
		.theirs = theirs,
		.text = kith_span_str("a book"),
		.by = by,
		.made = made};
	int64_t row;

	assert_ok(kith_store_promise_put(store, &p, &row));
	return row;
}

static void set_time(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	assert_int_equal(kith_day_at(NOW), TODAY);
}

static void nothing(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)person(store, "Ada");
	expect(store, 0, "");
	expect(store, KITH_DUE_DAYS_MAX, "");
	struct told t = {0};
	assert_err(kith_store_due(store, NOW, TODAY, KITH_DUE_DAYS_MAX + 1, tell, &t), LIMIT);
	kith_store_close(store);
}

static void promises(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada"), bob = person(store, "Bob");

	(void)promise(store, ada, false, TODAY + KITH_DUE_AHEAD, NOW);
	(void)promise(store, ada, false, TODAY + KITH_DUE_AHEAD + 1, NOW);
	int64_t late = promise(store, bob, false, TODAY - 1, NOW);
	(void)promise(store, ada, false, TODAY, NOW);
	(void)promise(store, bob, true, TODAY, NOW);
	(void)promise(store, bob, true, TODAY + 1, NOW);
	expect(store, 0, "overdue Bob-1 | promise Ada+0 | promise Ada+7 | theirs Bob+0");
	expect(store, 1,
		"overdue Bob-1 | promise Ada+0 | promise Ada+7 | theirs Bob+0 | theirs Bob+1");
	expect(store, KITH_DUE_AHEAD + 1,
		"overdue Bob-1 | promise Ada+0 | promise Ada+7 | theirs Bob+0 | promise Ada+8 | theirs "
		"Bob+1");
	assert_ok(kith_store_promise_end(store, late, KITH_PROMISE_DONE, NOW));
	expect(store, 0, "promise Ada+0 | promise Ada+7 | theirs Bob+0");
	/* to who was let go mine stays, theirs does not */
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW));
	expect(store, 0, "promise Ada+0 | promise Ada+7");
	kith_store_close(store);
}

static void promises_without_a_day(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada"), bob = person(store, "Bob");
	const int64_t old = NOW - (int64_t)KITH_PROMISE_DAYS * DAY_S;

	(void)promise(store, ada, false, KITH_DAY_NONE, old);
	(void)promise(store, bob, true, KITH_DAY_NONE, old - DAY_S);
	expect(store, 0, "open Bob+0");
	expect(store, 1, "open Bob+0 | open Ada+1");
	expect_at(store, TODAY + 1, 0, "open Bob+0 | open Ada+1");
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW));
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	expect_at(store, TODAY + 1, 0, "open Ada+1");
	kith_store_close(store);
}

static void drifting(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada"), bob = person(store, "Bob"), eve = person(store, "Eve");

	/* inner: 28 days; without a contact from when they came into the ring */
	assert_ok(kith_store_ring_move(store, ada, 1, NOW - 28 * DAY_S));
	expect(store, 0, "");
	expect(store, 1, "drifting Ada+1");
	expect_at(store, TODAY + 1, 0, "drifting Ada+1");
	/* two rhythms before one and a half */
	assert_ok(kith_store_ring_move(store, bob, 1, NOW - 100 * DAY_S));
	assert_ok(kith_store_ring_move(store, eve, 2, NOW - 126 * DAY_S));
	expect(store, 0, "drifting Bob-71 | drifting Eve-41");
	touch(store, bob, NOW - DAY_S);
	touch(store, eve, NOW - 90 * DAY_S);
	expect(store, 0, "drifting Eve-5");
	assert_ok(kith_store_snooze(store, eve, TODAY + 2));
	expect(store, 0, "");
	expect_at(store, TODAY + 1, 0, "drifting Ada+1");
	expect_at(store, TODAY + 2, 0, "drifting Eve+2 | drifting Ada+1");
	assert_ok(kith_store_ring_move(store, eve, 0, NOW));
	assert_ok(kith_store_ring_move(store, ada, 0, NOW));
	expect_at(store, TODAY + 30, 0, "drifting Bob+28");
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW));
	expect_at(store, TODAY + 30, 0, "");
	kith_store_close(store);
}

/* What a clock wrote that was ahead keeps nobody off the list, and hides no earlier contact. */
static void clocks_that_were_wrong(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada"), bob = person(store, "Bob");
	struct told t = {0};

	assert_ok(kith_store_ring_move(store, ada, 1, NOW - 300 * DAY_S));
	touch(store, ada, NOW - 40 * DAY_S);
	touch(store, ada, NOW + 4000 * (int64_t)DAY_S);
	expect(store, 0, "drifting Ada-11");
	assert_ok(kith_store_due(store, NOW, TODAY, 0, tell, &t));
	assert_int_equal(t.last.since, NOW - 40 * DAY_S);
	/* also when it looks ahead: what is to come has not been */
	touch(store, ada, NOW);
	expect(store, 0, "");
	expect(store, 60, "drifting Ada+29");
	/* later today is no wrong clock */
	touch(store, ada, NOW + DAY_S / 4);
	expect(store, 28, "");
	/* into the ring by such a clock: since they are known */
	assert_ok(kith_store_ring_move(store, bob, 1, NOW + 4000 * (int64_t)DAY_S));
	world_sql(*state, "UPDATE contact SET added = 1777809600 - 29 * 86400 WHERE name = 'Bob'");
	expect(store, 0, "drifting Bob+0");
	kith_store_close(store);
}

static void soon(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada");

	assert_ok(kith_store_ring_move(store, ada, 1, NOW - 300 * DAY_S));
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_SOON, NOW));
	/* not on the same day, and who is soon does not drift as well */
	expect(store, 0, "");
	expect(store, 1, "soon Ada+1");
	expect_at(store, TODAY + 1, 0, "soon Ada+1");
	touch(store, ada, NOW + DAY_S);
	expect_at(store, TODAY + 1, 0, "");
	expect_at(store, TODAY + 2, 0, "");
	/* a contact before the decision is none; nor is one by a clock that is ahead */
	int64_t bob = person(store, "Bob");
	touch(store, bob, NOW - DAY_S);
	touch(store, bob, NOW + 4000 * (int64_t)DAY_S);
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_SOON, NOW));
	expect_at(store, TODAY + 1, 0, "soon Bob+1");
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_KEEP, NOW));
	expect_at(store, TODAY + 1, 0, "");
	/* decided by a clock that was ahead */
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_SOON, NOW + 4000 * (int64_t)DAY_S));
	expect_at(store, TODAY + 1, 0, "soon Bob+4001");
	kith_store_close(store);
}

static void met_people(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = met_person(store, 2, "Ada", NOW - DAY_S, true);
	int64_t bob = met_person(store, 3, "Bob", NOW - 2 * DAY_S, true);
	struct told t = {0};

	(void)met_person(store, 4, "Eve", NOW, true);
	assert_ok(kith_store_due(store, NOW, TODAY, 0, tell, &t));
	assert_string_equal(t.text, "review-1");
	assert_int_equal(t.last.people, 2);
	assert_int_equal(t.last.contact, 0);
	assert_int_equal(t.last.since, NOW - 2 * DAY_S);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_KEEP, NOW));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_KEEP, NOW));
	expect(store, 0, "");
	expect(store, 1, "review+1");
	(void)met_person(store, 5, "Dan", NOW + 4000 * (int64_t)DAY_S, true); /* a wrong clock */
	expect(store, 0, "review+4001");
	kith_store_close(store);
}

static int64_t waiting(struct kith_store *store)
{
	struct told t = {0};

	assert_ok(kith_store_due(store, NOW, TODAY, 0, tell, &t));
	assert_true(t.n == 0 || t.last.kind == KITH_DUE_REVIEW);
	return (int64_t)t.last.people;
}

static bool one_more(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	++*(int64_t *)ctx;
	return true;
}

static void expect_waiting(struct kith_store *store, int64_t people)
{
	int64_t gone_through = 0;

	assert_int_equal(waiting(store), people);
	assert_ok(kith_store_unreviewed(store, 0, 0, one_more, &gone_through));
	assert_int_equal(gone_through, people);
}

/* Who is on a roster waits as who was met does, and nobody who is blocked. */
static void one_meaning_of_waiting(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = met_person(store, 2, "Ada", NOW - DAY_S, true), bob = person(store, "Bob");

	world_sql(*state, "UPDATE contact SET added = 1777809600 - 86400");
	expect_waiting(store, 1);
	assert_ok(kith_store_event_there(store, kith_span_str("Fair"), bob, NOW - DAY_S));
	expect_waiting(store, 2);
	/* both on the roster and met: once */
	assert_ok(kith_store_event_there(store, kith_span_str("Fair"), ada, NOW - DAY_S));
	expect_waiting(store, 2);
	assert_ok(kith_store_block(store, ada, true, NOW));
	expect_waiting(store, 1);
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_KEEP, NOW));
	expect_waiting(store, 0);
	kith_store_close(store);
}

static void pending(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const int64_t old = NOW - (int64_t)KITH_PENDING_DAYS * DAY_S;
	int64_t ada = met_person(store, 2, "Ada", old - DAY_S, true);
	int64_t bob = met_person(store, 3, "Bob", old, true);
	int64_t eve = met_person(store, 4, "Eve", old - DAY_S, false); /* nothing is to come */

	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_KEEP, NOW));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_KEEP, NOW));
	assert_ok(kith_store_reviewed(store, eve, KITH_REVIEW_KEEP, NOW));
	expect(store, 0, "pending Ada+0");
	expect_at(store, TODAY + 1, 0, "pending Ada+0 | pending Bob+1");
	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	assert_ok(kith_store_block(store, bob, true, NOW));
	expect_at(store, TODAY + 1, 0, "");
	kith_store_close(store);
}

static void birthday(struct kith_store *store, const char *name, const char *day)
{
	char text[96];

	(void)snprintf(text, sizeof text, "name=%s\nbday=%s", name, day);
	(void)world_entry(store, 0, name, text);
}

static int32_t day_of(int year, unsigned month, unsigned day)
{
	return kith_day_of((struct kith_date){year, month, day});
}

static void birthdays(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct told t = {0};

	birthday(store, "Zoe", "1990-05-03");
	birthday(store, "Ada", "--05-03");
	birthday(store, "Bob", "2001-05-10");
	birthday(store, "Eve", "1980-05-11");
	birthday(store, "Nobody", "1980-06-31");
	expect(store, 0, "birthday Ada+0 | birthday Zoe+0 | birthday Bob+7");
	/* a year ahead each comes once */
	expect(store, KITH_DUE_DAYS_MAX,
		"birthday Ada+0 | birthday Zoe+0 | birthday Bob+7 | birthday Eve+8");
	assert_ok(kith_store_due(store, NOW, TODAY, 8, tell, &t));
	assert_false(t.last.leap);
	kith_store_close(store);
}

/* A contact on the day settles it, one of the days before does not: to write about something else is no congratulation. */
static void congratulated(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const int64_t begins = kith_day_begins(TODAY);

	birthday(store, "Ada", "1990-05-03");
	birthday(store, "Bob", "1990-05-04");
	touch(store, 1, begins - 1);
	touch(store, 2, NOW);
	expect(store, 0, "birthday Ada+0 | birthday Bob+1");
	touch(store, 1, begins);
	expect(store, 0, "birthday Bob+1");
	expect_at(store, TODAY + 1, 0, "birthday Bob+1");
	touch(store, 2, NOW + 4000 * (int64_t)DAY_S); /* a clock that was wrong */
	expect_at(store, TODAY + 1, 0, "birthday Bob+1");
	touch(store, 2, NOW + DAY_S);
	expect(store, 0, "birthday Bob+1");
	expect_at(store, TODAY + 1, 0, "");
	/* the one of the next year is another */
	expect_at(store, TODAY + 365 - KITH_DUE_AHEAD, 0, "birthday Ada+365");
	kith_store_close(store);
}

static void expect_calendar(
	struct kith_store *store, int32_t today, uint32_t ahead, const char *text)
{
	struct told t = {0};

	assert_ok(kith_store_due_calendar(
		store, NOW + (int64_t)(today - TODAY) * DAY_S, today, ahead, tell, &t));
	assert_string_equal(t.text, text);
}

/* A calendar drops what it is no longer told: of a birthday that is settled or passed over it is told the next one. */
static void every_birthday_in_a_calendar(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const uint32_t year = KITH_DUE_DAYS_MAX;

	birthday(store, "Ada", "1990-05-03");
	birthday(store, "Bob", "1990-05-06");
	birthday(store, "Leap", "2000-02-29");
	expect_calendar(store, TODAY, year, "birthday Ada+0 | birthday Bob+3 | birthday Leap+301");
	touch(store, 1, NOW);
	touch(store, 2, NOW);
	expect(store, year, "birthday Bob+3 | birthday Leap+301");
	expect_calendar(
		store, TODAY, year, "birthday Bob+3 | birthday Leap+301 | birthday Ada+365");
	expect_calendar(store, TODAY, year - 1, "birthday Bob+3 | birthday Leap+301");
	expect_calendar(
		store, TODAY + 1, year, "birthday Bob+3 | birthday Leap+301 | birthday Ada+365");
	/* on the day of the snooze it is told, before it is not */
	assert_ok(kith_store_snooze(store, 2, TODAY + 3));
	expect_calendar(
		store, TODAY, year, "birthday Bob+3 | birthday Leap+301 | birthday Ada+365");
	assert_ok(kith_store_snooze(store, 2, TODAY + 4));
	assert_ok(kith_store_snooze(store, 3, TODAY + 700));
	expect_calendar(
		store, TODAY, year, "birthday Ada+365 | birthday Bob+368 | birthday Leap+1032");
	assert_ok(kith_store_snooze(store, 2, day_of(9999, 12, 31))); /* none is left */
	expect_calendar(store, TODAY, year, "birthday Ada+365 | birthday Leap+1032");
	assert_ok(kith_store_reviewed(store, 1, KITH_REVIEW_LETGO, NOW));
	expect_calendar(store, TODAY, year, "birthday Leap+1032");
	kith_store_close(store);
}

/* Until that day nothing of what a contact would settle stands there, and from it on all of it. */
static void snoozed(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada"), bob = person(store, "Bob");

	assert_ok(kith_store_ring_move(store, ada, 1, NOW - 99 * DAY_S));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_SOON, NOW - 5 * DAY_S));
	birthday(store, "Cyd", "1990-05-08");
	expect(store, 0, "birthday Cyd+5 | soon Bob-4 | drifting Ada-70");
	for (int64_t row = ada; row <= 3; row++)
		assert_ok(kith_store_snooze(store, row, TODAY + 3));
	expect(store, 0, "");
	expect_at(store, TODAY + 2, 0, "");
	expect(store, 2, "");
	expect(store, 3, "birthday Cyd+5 | soon Bob+3 | drifting Ada+3");
	expect_at(store, TODAY + 3, 0, "birthday Cyd+5 | soon Bob+3 | drifting Ada+3");
	/* a promise is kept or not, but not slept over */
	(void)promise(store, ada, false, TODAY, NOW);
	expect(store, 0, "promise Ada+0");
	/* beyond the birthday: that one does not come, the one of the next year does */
	assert_ok(kith_store_snooze(store, 3, TODAY + 6));
	expect_at(store, TODAY + 5, 0, "overdue Ada+0 | soon Bob+3 | drifting Ada+3");
	expect_at(store, TODAY + 365, 0,
		"overdue Ada+0 | birthday Cyd+370 | soon Bob+3 | drifting Ada+3");
	assert_ok(kith_store_snooze(store, 3, KITH_DAY_NONE));
	expect(store, 0, "promise Ada+0 | birthday Cyd+5");
	kith_store_close(store);
}

/* On the 28th where there is no 29th, and once in each year. */
static void born_on_29_february(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char text[64];

	birthday(store, "Leap", "2000-02-29");
	for (int year = 2026; year <= 2030; year++) {
		bool leap = year == 2028;
		int32_t kept = day_of(year, 2, leap ? 29 : 28);
		(void)snprintf(text, sizeof text, "birthday Leap+%d", kept - TODAY);
		if (kept < TODAY)
			(void)snprintf(text, sizeof text, "birthday Leap%d", kept - TODAY);
		for (int32_t day = kept - KITH_DUE_AHEAD; day <= kept; day++)
			expect_at(store, day, 0, text);
		expect_at(store, kept - KITH_DUE_AHEAD - 1, 0, "");
		expect_at(store, kept + 1, 0, "");
	}
	for (int year = 2027; year <= 2029; year++)
		for (int32_t day = day_of(year, 2, 26); day <= day_of(year, 3, 2); day++) {
			struct told t = {0};
			assert_ok(kith_store_due(
				store, (int64_t)day * DAY_S, day, KITH_DUE_DAYS_MAX, tell, &t));
			assert_int_equal(t.n, 1);
			assert_true(t.last.leap);
		}
	kith_store_close(store);
}

/* Rows as a proposal and a question make them (store_introductions.c, store_letgo in keep_letgo.c). */
static void who_waits(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, 2, 1, 3, "name=Ada", NULL));
	assert_ok(world_import(store, 3, 1, 1, "name=Bob", NULL));
	kith_store_close(store);
	world_sql(*state,
		"INSERT INTO proposal (contact, ik, id, aud, words, at) SELECT row, ik, zeroblob(16), "
		"zeroblob(32), 'looms', 1777809600 - 14 * 86400 FROM contact");
	world_sql(*state,
		"INSERT INTO letgo (contact, card, at, upto) SELECT contact, card, 1777809600 - "
		"86400, 3 FROM card WHERE rev = 3");
	store = world_open(*state, KITH_STORE_WRITE);
	expect(store, 0, "proposed Ada-14 | proposed Bob-14 | asked-back Ada-1");
	/* one second more, and the time to answer is over */
	struct told t = {0};
	assert_ok(kith_store_due(store, NOW + 1 + (int64_t)(KITH_INTRODUCTION_DAYS - 14) * DAY_S,
		TODAY, 0, tell, &t));
	assert_string_equal(t.text, "asked-back Ada-1");
	assert_ok(kith_store_block(store, 1, true, NOW));
	expect(store, 0, "proposed Bob-14");
	assert_ok(kith_store_block(store, 1, false, NOW));
	/* by a key in doubt, and by one that was left */
	world_sql(*state, "UPDATE contact SET frozen = 1 WHERE name = 'Ada'");
	expect(store, 0, "proposed Bob-14 | asked-back Ada-1");
	world_sql(*state, "UPDATE contact SET frozen = 0 WHERE name = 'Ada'");
	world_sql(*state, "UPDATE contact SET ik = randomblob(32) WHERE name = 'Bob'");
	expect(store, 0, "proposed Ada-14 | asked-back Ada-1");
	/* a newer card than the one they asked for */
	assert_ok(world_import(store, 2, 1, 4, "name=Ada", NULL));
	expect(store, 0, "proposed Ada-14");
	kith_store_close(store);
}

static bool first_only(void *ctx, const struct kith_due *d)
{
	(void)d;
	++*(int *)ctx;
	return false;
}

static void the_order(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada"),
		bob = met_person(store, 2, "Bob", NOW - 40 * DAY_S, true);
	int calls = 0;

	(void)promise(store, ada, true, KITH_DAY_NONE, NOW - 99 * DAY_S);
	(void)promise(store, ada, true, TODAY - 9, NOW);
	assert_ok(kith_store_ring_move(store, ada, 1, NOW - 99 * DAY_S));
	birthday(store, "Cyd", "1990-05-05");
	(void)promise(store, ada, false, TODAY + 5, NOW);
	(void)promise(store, ada, false, TODAY - 9, NOW);
	(void)bob;
	int64_t eve = person(store, "Eve");
	assert_ok(kith_store_reviewed(store, eve, KITH_REVIEW_SOON, NOW - 5 * DAY_S));
	expect(store, 0,
		"overdue Ada-9 | promise Ada+5 | birthday Cyd+2 | soon Eve-4 | drifting Ada-70 | theirs "
		"Ada-9 | review-39 | pending Bob-9 | open Ada-68");
	assert_ok(kith_store_due(store, NOW, TODAY, 0, first_only, &calls));
	assert_int_equal(calls, 1);
	kith_store_close(store);
}

/* What was told so many days ahead begins with what is ripe, has nothing twice, and what comes does so after today. */
static void expect_ripe_first(struct kith_store *store, int32_t today)
{
	static const uint32_t days[] = {1, 2, 7, 8, 20, 40, KITH_DUE_DAYS_MAX};
	struct told ripe = {0};
	int64_t now = kith_day_begins(today) + DAY_S / 2;

	assert_ok(kith_store_due(store, now, today, 0, tell, &ripe));
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		struct told t = {0};
		size_t n = strlen(ripe.text);
		assert_ok(kith_store_due(store, now, today, days[i], tell, &t));
		assert_memory_equal(t.text, ripe.text, n);
		assert_true(!t.text[n] || !n || strncmp(t.text + n, " | ", 3) == 0);
		const char *ada = strstr(t.text, "drifting Ada");
		assert_null(ada ? strstr(ada + 1, "drifting Ada") : NULL);
		if (ada >= t.text + n && ada)
			assert_true(atoi(ada + strlen("drifting Ada")) > today - TODAY);
	}
}

/* Of each kind something that is ripe and something that comes: all that comes stands below. */
static void ripe_first(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const int64_t old = NOW - (int64_t)KITH_PENDING_DAYS * DAY_S;
	int64_t ada = person(store, "Ada"), bob = person(store, "Bob"), eve = person(store, "Eve");
	int64_t dan = person(store, "Dan"), pam = met_person(store, 2, "Pam", old - DAY_S, true);
	int64_t pia = met_person(store, 3, "Pia", old, true);

	(void)promise(store, ada, false, TODAY - 1, NOW);
	(void)promise(store, ada, false, TODAY + KITH_DUE_AHEAD, NOW);
	(void)promise(store, ada, false, TODAY + KITH_DUE_AHEAD + 1, NOW);
	(void)promise(store, ada, true, TODAY, NOW);
	(void)promise(store, ada, true, TODAY + 1, NOW);
	(void)promise(store, ada, false, KITH_DAY_NONE, NOW - 99 * DAY_S);
	(void)promise(store, ada, false, KITH_DAY_NONE, NOW);
	birthday(store, "Cyd", "1990-05-05");
	birthday(store, "Cyn", "1990-05-06"); /* row 8 */
	birthday(store, "Cys", "1990-05-20");
	assert_ok(kith_store_snooze(store, 8, TODAY + 1));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_SOON, NOW - DAY_S));
	assert_ok(kith_store_reviewed(store, eve, KITH_REVIEW_SOON, NOW));
	assert_ok(kith_store_ring_move(store, ada, 1, NOW - 99 * DAY_S));
	assert_ok(kith_store_ring_move(store, dan, 1, NOW - 10 * DAY_S));
	assert_ok(kith_store_reviewed(store, pia, KITH_REVIEW_KEEP, NOW));
	expect(store, 0,
		"overdue Ada-1 | promise Ada+7 | birthday Cyd+2 | soon Bob+0 | drifting Ada-70 | theirs "
		"Ada+0 | review-30 | pending Pam+0 | open Ada-68");
	expect(store, 60,
		"overdue Ada-1 | promise Ada+7 | birthday Cyd+2 | soon Bob+0 | drifting Ada-70 | theirs "
		"Ada+0 | review-30 | pending Pam+0 | open Ada-68 | promise Ada+8 | birthday Cyn+3 | "
		"birthday Cys+17 | soon Eve+1 | drifting Dan+19 | theirs Ada+1 | pending Pia+1 | open "
		"Ada+31");
	for (int32_t day = TODAY; day < TODAY + 40; day++)
		expect_ripe_first(store, day);
	/* who is not reviewed: one line, which comes when none of them is ripe */
	assert_ok(kith_store_reviewed(store, pam, KITH_REVIEW_KEEP, NOW));
	(void)met_person(store, 4, "Tim", NOW, true);
	struct told t = {0};
	assert_ok(kith_store_due(store, NOW, TODAY, 1, tell, &t));
	assert_non_null(strstr(t.text, "theirs Ada+1 | review+1 | pending Pia+1"));
	kith_store_close(store);
}

/* Where a clock is put forward and back, a rhythm begins at another hour: once all the same. */
static void once_in_each_hour(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = person(store, "Ada");

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	for (int hour = 0; hour < 48; hour++) {
		int64_t spring = kith_day_begins(day_of(2026, 3, 28)) + hour * INT64_C(3600);
		assert_ok(kith_store_ring_move(store, ada, 0, spring));
		assert_ok(kith_store_ring_move(store, ada, 1, spring - 14 * (int64_t)DAY_S));
		for (int32_t day = day_of(2026, 4, 9); day <= day_of(2026, 4, 14); day++)
			expect_ripe_first(store, day);
	}
	setenv("TZ", "UTC", 1);
	kith_store_close(store);
}

/* --- the shortest WHO ------------------------------------------------------------------------- */

static bool same_row(void *ctx, const struct kith_contact *contact)
{
	*(int64_t *)ctx = contact->row;
	return true;
}

static void expect_who(struct kith_store *store, int64_t row, const char *who)
{
	char got[KITH_ID_CHARS + 1];
	int64_t found = 0;

	assert_ok(kith_store_who_of(store, row, got));
	if (who)
		assert_string_equal(got, who);
	assert_ok(kith_store_who(store, kith_span_str(got), same_row, &found));
	assert_int_equal(found, row);
}

static void the_shortest_who(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char got[KITH_ID_CHARS + 1];
	int64_t ada = person(store, "Ada Lovelace"), zoe = person(store, "Zo\xc3\xab Quinn");

	expect_who(store, ada, "ada");
	expect_who(store, zoe, "zoe");
	/* a word that begins so, wherever in a name */
	int64_t mary = person(store, "Mary Adams");
	expect_who(store, ada, "ada lovelace");
	expect_who(store, mary, "mary");
	/* 30 columns, and one more */
	int64_t most = person(store, "Ada Abcdefghijklmnopqrstuvwxyz");
	int64_t past = person(store, "Ada Zbcdefghijklmnopqrstuvwxyza");
	expect_who(store, most, "ada abcdefghijklmnopqrstuvwxyz");
	expect_who(store, past, NULL);
	assert_ok(kith_store_who_of(store, past, got));
	assert_null(strchr(got, ' '));
	/* nothing that a shell or a screen would act on */
	expect_who(store, person(store, "$(reboot) Smith"), NULL);
	expect_who(store, person(store, "\xe5\xb1\xb1\xe7\x94\xb0"), NULL);
	expect_who(store, person(store, "-rf"), NULL);
	expect_who(store, person(store, "\xe2\x80\xae nuf"), "nuf");
	/* two who are called alike, to the letter */
	int64_t bob = person(store, "Bob"), other = world_entry(store, 0, "bob2", "name=Bob");
	expect_who(store, bob, NULL);
	expect_who(store, other, NULL);
	assert_err(kith_store_who_of(store, 999, got), NOPERSON);
	kith_store_close(store);
}

/* An id goes before the beginning of a name, and a whole name or an address before an id. */
static void ids_that_are_words(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char id[KITH_ID_CHARS + 1], text[96];
	uint8_t ik[KITH_KEY_BYTES], xk[KITH_KEY_BYTES];

	assert_ok(world_import(store, 2, 1, 1, "name=\xe5\xb1\xb1", NULL));
	world_keys(2, ik, xk);
	kith_id_text(ik, id);
	id[4] = 0;
	expect_who(store, 1, id);
	/* somebody whose first name begins so, and somebody who is called that */
	(void)snprintf(text, sizeof text, "name=%s Smith", id);
	int64_t smith = world_entry(store, 0, "smith", text);
	(void)snprintf(text, sizeof text, "%s smith", id);
	for (char *c = text; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	expect_who(store, smith, text);
	expect_who(store, 1, id);
	(void)snprintf(text, sizeof text, "name=%s", id);
	int64_t called = world_entry(store, 0, "called", text);
	expect_who(store, 1, NULL);
	expect_who(store, called, NULL);
	kith_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(set_time, world_make, world_remove),
		cmocka_unit_test_setup_teardown(nothing, world_make, world_remove),
		cmocka_unit_test_setup_teardown(promises, world_make, world_remove),
		cmocka_unit_test_setup_teardown(promises_without_a_day, world_make, world_remove),
		cmocka_unit_test_setup_teardown(drifting, world_make, world_remove),
		cmocka_unit_test_setup_teardown(clocks_that_were_wrong, world_make, world_remove),
		cmocka_unit_test_setup_teardown(soon, world_make, world_remove),
		cmocka_unit_test_setup_teardown(met_people, world_make, world_remove),
		cmocka_unit_test_setup_teardown(one_meaning_of_waiting, world_make, world_remove),
		cmocka_unit_test_setup_teardown(pending, world_make, world_remove),
		cmocka_unit_test_setup_teardown(birthdays, world_make, world_remove),
		cmocka_unit_test_setup_teardown(congratulated, world_make, world_remove),
		cmocka_unit_test_setup_teardown(
			every_birthday_in_a_calendar, world_make, world_remove),
		cmocka_unit_test_setup_teardown(snoozed, world_make, world_remove),
		cmocka_unit_test_setup_teardown(born_on_29_february, world_make, world_remove),
		cmocka_unit_test_setup_teardown(who_waits, world_make, world_remove),
		cmocka_unit_test_setup_teardown(the_order, world_make, world_remove),
		cmocka_unit_test_setup_teardown(ripe_first, world_make, world_remove),
		cmocka_unit_test_setup_teardown(once_in_each_hour, world_make, world_remove),
		cmocka_unit_test_setup_teardown(the_shortest_who, world_make, world_remove),
		cmocka_unit_test_setup_teardown(ids_that_are_words, world_make, world_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
