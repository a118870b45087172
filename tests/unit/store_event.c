/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/known.h>
#include <kith/people.h>

#include "base/auto.h"
#include "base/day.h"
#include "base/limits.h"

/* A day and its moments: noon of 3 May 2026. */
enum { TODAY = 20576, HOUR = 3600, DAY = 86400 };
static int64_t now;

static struct kith_store *store;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	now = kith_day_begins(TODAY) + 12 * HOUR;
	store = world_open(*state, KITH_STORE_WRITE);
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

static enum kith_err start(const char *name, const char *place, int64_t began, int32_t until)
{
	struct kith_event event = {.name = kith_span_str(name),
		.place = kith_span_str(place),
		.began = began,
		.until = until};

	return kith_store_event_start(store, &event);
}

/* The last one that a reading function handed over. */
struct seen {
	size_t n;
	struct kith_event event;
	char name[KITH_EVENT_MAX + 1], place[KITH_EVENT_MAX + 1];
	char all[512];
};

static bool see(void *ctx, const struct kith_event *event)
{
	struct seen *seen = ctx;
	size_t n = strlen(seen->all);

	seen->n++;
	seen->event = *event;
	(void)snprintf(seen->name, sizeof seen->name, "%.*s", (int)event->name.n,
		(const char *)event->name.p);
	(void)snprintf(seen->place, sizeof seen->place, "%.*s", (int)event->place.n,
		(const char *)event->place.p);
	(void)snprintf(seen->all + n, sizeof seen->all - n, "%s%s", n ? "|" : "", seen->name);
	return true;
}

static bool see_one(void *ctx, const struct kith_event *event)
{
	(void)see(ctx, event);
	return false;
}

static struct seen running(int64_t at)
{
	struct seen seen = {0};

	assert_ok(kith_store_event_running(store, at, kith_day_at(at), see, &seen));
	assert_true(seen.n <= 1);
	return seen;
}

static struct kith_event named(const char *name)
{
	struct seen seen = {0};

	assert_ok(kith_store_event_named(store, kith_span_str(name), see, &seen));
	assert_int_equal(seen.n, 1);
	return seen.event;
}

static void expect_roster(const char *event, const char *names)
{
	char text[512] = "";

	assert_ok(kith_store_event_roster(store, named(event).row, world_names, text));
	assert_string_equal(text, names);
}

/* In whatever order. */
static void expect_find(const char *words, const char *names)
{
	char text[512] = "", name[64];

	assert_ok(kith_store_find(store, kith_span_str(words), world_names, text));
	assert_int_equal(strlen(text), strlen(names));
	for (const char *at = names; *at; at += strcspn(at, "|"), at += *at == '|') {
		(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "|"), at);
		assert_non_null(strstr(text, name));
	}
}

/* --- beginning and ending --------------------------------------------------------------------- */

static void begins_and_ends(void **state)
{
	struct seen seen = {0};

	(void)state;
	assert_int_equal(running(now).n, 0);
	assert_err(kith_store_event_stop(store, now), MISSING);
	assert_ok(start("FOSDEM", "Brussels", now, TODAY + 1));
	seen = running(now + 60);
	assert_string_equal(seen.name, "FOSDEM");
	assert_string_equal(seen.place, "Brussels");
	assert_int_equal(seen.event.began, now);
	assert_int_equal(seen.event.until, TODAY + 1);
	assert_int_equal(seen.event.ended, 0);
	assert_false(seen.event.has_card);
	assert_ok(start("A meal", "", now + 60, KITH_DAY_NONE)); /* which ends the other */
	assert_string_equal(running(now + 61).name, "A meal");
	assert_int_equal(named("FOSDEM").ended, now + 60);
	assert_ok(kith_store_event_stop(store, now + 90));
	assert_int_equal(named("a MEAL").ended, now + 90);
	assert_int_equal(running(now + 91).n, 0);
	assert_err(kith_store_event_stop(store, now + 91), MISSING);
	memset(&seen, 0, sizeof seen);
	assert_ok(kith_store_events(store, see, &seen));
	assert_string_equal(seen.all, "A meal|FOSDEM");
	memset(&seen, 0, sizeof seen);
	assert_ok(kith_store_events(store, see_one, &seen));
	assert_string_equal(seen.all, "A meal");
	assert_err(kith_store_event_named(store, kith_span_str("FOSDEM 2"), see, &seen), MISSING);
	assert_err(kith_store_event_named(store, kith_span_str(""), see, &seen), MISSING);
}

static void names_have_a_limit(void **state)
{
	char text[KITH_EVENT_MAX + 2];

	(void)state;
	memset(text, 'a', sizeof text);
	text[KITH_EVENT_MAX + 1] = 0;
	assert_err(start(text, "", now, KITH_DAY_NONE), LIMIT);
	assert_err(start("place", text, now, KITH_DAY_NONE), LIMIT);
	assert_err(start("", "", now, KITH_DAY_NONE), VALUE);
	assert_err(start(" \t ", "", now, KITH_DAY_NONE), VALUE);
	assert_int_equal(running(now).n, 0);
	text[KITH_EVENT_MAX] = 0;
	assert_ok(start(text, text, now, KITH_DAY_NONE));
	assert_string_equal(running(now).name, text);
	assert_string_equal(running(now).place, text);
}

/* There is one of each name, however it is written; what is not said again stays. */
static void begins_again(void **state)
{
	int64_t later = now + (int64_t)300 * DAY;

	(void)state;
	assert_ok(start("Caf\xc3\xa9 meeting", "Bonn", now, TODAY));
	assert_ok(kith_store_event_stop(store, now + HOUR));
	assert_ok(start("CAFE  Meeting", "", later, KITH_DAY_NONE));
	struct seen seen = running(later + HOUR);
	assert_string_equal(seen.name, "Caf\xc3\xa9 meeting");
	assert_string_equal(seen.place, "Bonn");
	assert_int_equal(seen.event.began, now); /* the first moment, and */
	assert_int_equal(seen.event.until, KITH_DAY_NONE);
	/* its days count from the second */
	assert_int_equal(running(later + (int64_t)KITH_EVENT_DAYS * DAY - 1).n, 1);
	assert_int_equal(running(later + (int64_t)KITH_EVENT_DAYS * DAY).n, 0);
	assert_int_equal(named("cafe meeting").ended, later + (int64_t)KITH_EVENT_DAYS * DAY);
	assert_ok(start("Other", "Ulm", later + HOUR, KITH_DAY_NONE));
	assert_ok(start("Other", "", later + 2 * HOUR, KITH_DAY_NONE)); /* while it runs */
	assert_string_equal(running(later + 2 * HOUR).place, "Ulm");
}

/* The last moment of its last day, and the next one. */
static void its_last_day_ends_it(void **state)
{
	int64_t over = kith_day_begins(TODAY + 3);

	assert_ok(start("FOSDEM", "", now, TODAY + 2));
	assert_int_equal(running(over - 1).n, 1);
	kith_store_close(store); /* who reads only, changes nothing */
	store = world_open(*state, KITH_STORE_READ);
	assert_int_equal(running(over).n, 0);
	assert_int_equal(named("FOSDEM").ended, 0);
	kith_store_close(store);
	store = world_open(*state, KITH_STORE_USE);
	assert_int_equal(running(over + 10 * DAY).n, 0);
	assert_int_equal(named("FOSDEM").ended, over);
	assert_err(kith_store_event_stop(store, over), MISSING);
}

static void after_some_days_without_one(void **state)
{
	int64_t over = now + (int64_t)KITH_EVENT_DAYS * DAY;

	(void)state;
	assert_ok(start("A meal", "", now, KITH_DAY_NONE));
	assert_int_equal(running(over - 1).n, 1);
	assert_int_equal(running(over).n, 0);
	assert_int_equal(named("A meal").ended, over);
}

/* Whoever ends it too late does not make it longer, and a clock that went back does not end it before it began. */
static void ended_late_or_too_early(void **state)
{
	int64_t over = now + (int64_t)KITH_EVENT_DAYS * DAY;

	(void)state;
	assert_ok(start("One", "", now, KITH_DAY_NONE));
	assert_ok(kith_store_event_stop(store, over + 30 * DAY));
	assert_int_equal(named("One").ended, over);
	assert_ok(start("Two", "", now, TODAY));
	assert_ok(start("Three", "", over, KITH_DAY_NONE));
	assert_int_equal(named("Two").ended, kith_day_begins(TODAY + 1));
	assert_ok(kith_store_event_stop(store, now));
	assert_int_equal(named("Three").ended, over);
	assert_ok(start("Past", "", now, TODAY - 4));
	assert_int_equal(running(now).n, 0);
	assert_int_equal(named("Past").ended, now);
}

static void my_card_there(void **state)
{
	struct kith_event event = {.name = kith_span_str("FOSDEM"),
		.began = now,
		.until = KITH_DAY_NONE,
		.has_card = true,
		.card = {1, 2, 3, 4, 5, 6, 7, 8}};

	assert_err(kith_store_event_start(store, &event), MISSING);
	world_sql(*state,
		"INSERT INTO mine_card (rev, card, envelope) VALUES (1, x'0102030405060708', x'00');"
		"INSERT INTO my_card (card, name, fold, shows, held) VALUES "
		"(x'0102030405060708', 'work', 'work', '', 1)");
	assert_ok(start("Before", "", now, KITH_DAY_NONE));
	assert_ok(kith_store_event_start(store, &event));
	assert_true(running(now).event.has_card);
	assert_memory_equal(running(now).event.card, event.card, sizeof event.card);
	assert_int_not_equal(named("Before").ended, 0);
	world_sql(*state, "UPDATE my_card SET gone = 1");
	assert_true(running(now).event.has_card); /* a fuller one must not go out in its place */
	assert_err(kith_store_event_start(store, &event), MISSING);
	assert_string_equal(running(now).name, "FOSDEM");
}

/* --- who was there ---------------------------------------------------------------------------- */

enum { ADA = 2, BOB, CAROL, DAN, EVE, FAY, GUS, HAL, IDA, JOE };

/* Each way of meeting finds the event by its name as it is compared. */
static void met_by_its_folded_name(void **state)
{
	int64_t bob = world_person(store, BOB, "Bob"), carol = world_person(store, CAROL, "Carol");

	assert_ok(start("Caf\xc3\xa9 meeting", "", now, KITH_DAY_NONE));
	assert_ok(world_meet(store, 1, ADA, "cafe  MEETING", now + 1));
	assert_ok(world_meet(store, 1, ADA, "cafe  MEETING", now + 1)); /* told twice */
	assert_ok(kith_store_compared(
		store, carol, KITH_HOW_SCANNED, kith_span_str("CAFE meeting"), now + 2));
	assert_ok(kith_store_compared(
		store, bob, KITH_HOW_COMPARED, kith_span_str("caf\xc3\xa9 meeting "), now + 3));
	assert_ok(kith_store_compared(
		store, bob, KITH_HOW_COMPARED, kith_span_str("cafe meeting"), now + 4));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM event"), 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met WHERE happening = 1"), 4);
	expect_roster("cafe meeting", "Somebody|Carol|Bob");
	assert_int_equal(named("cafe meeting").people, 3);
	assert_int_equal(named("cafe meeting").ended, 0); /* and runs still */
	assert_string_equal(running(now + 5).name, "Caf\xc3\xa9 meeting");
}

/* A name that came with a meeting alone lasts from the first to the last. */
static void one_that_nobody_began(void **state)
{
	int64_t bob = world_person(store, BOB, "Bob");

	assert_ok(world_meet(store, 1, ADA, "Pub", now));
	assert_int_equal(named("Pub").began, now);
	assert_int_equal(named("Pub").ended, now);
	assert_int_equal(running(now).n, 0);
	assert_ok(kith_store_compared(
		store, bob, KITH_HOW_COMPARED, kith_span_str("pub"), now + DAY));
	assert_int_equal(named("Pub").began, now);
	assert_int_equal(named("Pub").ended, now + DAY);
	/* one that was stopped too */
	assert_ok(start("FOSDEM", "", now, KITH_DAY_NONE));
	assert_ok(kith_store_event_stop(store, now + 1));
	assert_ok(world_meet(store, 2, CAROL, "FOSDEM", now + HOUR));
	assert_int_equal(named("FOSDEM").ended, now + HOUR);
	/* none, and one that shows nothing */
	assert_ok(world_meet(store, 3, DAN, "", now));
	assert_ok(world_meet(store, 4, DAN, " \xe2\x80\x8b ", now));
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM met WHERE happening IS NULL"), 2);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM event"), 2);
}

/* It was made by a meeting, and goes with the last one; one that I began stays. */
static void goes_with_its_last_meeting(void **state)
{
	struct kith_meeting m = world_meeting(1, ADA, "Ada", 1);
	int64_t bob = world_person(store, BOB, "Bob");

	m.event = kith_span_str("Ada's wedding");
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_mismatch(store, m.session));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM event"), 0);
	m = world_meeting(2, BOB, "Bob", 1); /* who stays, since his card came by file */
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_mismatch(store, m.session));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM event"), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 1);
	assert_ok(kith_store_compared(
		store, bob, KITH_HOW_COMPARED, kith_span_str("Bob's wedding"), now));
	assert_ok(kith_store_forget(store, bob));
	assert_false(world_at_rest(*state, "Bob's wedding"));
	assert_false(world_at_rest(*state, "bob's wedding"));
	assert_ok(start("FOSDEM", "", now, KITH_DAY_NONE));
	assert_ok(world_meet(store, 3, CAROL, "FOSDEM", now));
	assert_ok(kith_store_forget(store, world_number(*state, "SELECT max(row) FROM contact")));
	assert_int_equal(named("FOSDEM").people, 0);
}

static void added_by_hand(void **state)
{
	int64_t bob = world_person(store, BOB, "Bob"), ada = world_person(store, ADA, "Ada");

	assert_ok(start("FOSDEM", "", now, KITH_DAY_NONE));
	int64_t fosdem = named("FOSDEM").row;
	assert_ok(kith_store_event_add(store, fosdem, bob, true));
	assert_ok(kith_store_event_add(store, fosdem, bob, true));
	assert_ok(kith_store_event_add(store, fosdem, ada, true));
	expect_roster("FOSDEM", "Ada|Bob");
	expect_find("fosdem", "Ada|Bob");
	assert_ok(world_meet(store, 1, BOB, "FOSDEM", now)); /* who was met stands first, once */
	expect_roster("FOSDEM", "Bob|Ada");
	assert_int_equal(named("FOSDEM").people, 2);
	assert_ok(kith_store_event_add(store, fosdem, ada, false));
	expect_roster("FOSDEM", "Bob");
	expect_find("fosdem", "Bob");
	assert_err(kith_store_event_add(store, fosdem, ada, false), MISSING);
	assert_ok(kith_store_event_add(
		store, fosdem, bob, false)); /* the meeting stays, without it */
	expect_roster("FOSDEM", "");
	expect_find("fosdem", "");
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met WHERE event = ''"), 1);
	assert_err(kith_store_event_add(store, fosdem, bob, false), MISSING);
	assert_err(kith_store_event_add(store, fosdem, 99, true), NOPERSON);
	assert_err(kith_store_event_add(store, 99, bob, true), MISSING);
	assert_err(kith_store_event_add(store, 99, bob, false), MISSING);
	world_sound(*state);
}

static int64_t row_of(uint8_t seed)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	uint8_t ik[32], xk[32];

	world_keys(seed, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &c));
	return c.row;
}

/* A place on the roster is no meeting. */
static void there_without_a_meeting(void **state)
{
	int64_t later = now + 80 * DAY;

	(void)state;
	assert_ok(start("Pub", "", now, KITH_DAY_NONE));
	assert_ok(kith_store_event_stop(store, now + HOUR));
	int64_t bob = world_person(store, BOB, "Bob");
	assert_ok(kith_store_event_there(store, kith_span_str("PUB"), bob, later));
	assert_int_equal(named("Pub").ended, now + HOUR);
	expect_roster("Pub", "Bob");
	assert_ok(kith_store_event_there(store, kith_span_str("Pier"), bob, now));
	assert_ok(kith_store_event_there(store, kith_span_str("Pier"), bob, later));
	assert_int_equal(named("Pier").began, now);
	assert_int_equal(named("Pier").ended, now);
	/* a meeting lasts */
	assert_ok(world_meet(store, 1, ADA, "Pub", later));
	assert_int_equal(named("Pub").ended, later);
}

static int64_t reviewed_at(int64_t contact, int64_t asked)
{
	int64_t event = -1;

	assert_ok(kith_store_event_reviewed(store, contact, asked, &event));
	return event;
}

/* Which event a review of somebody is about. */
static void reviewed_there(void **state)
{
	(void)state;
	int64_t bob = world_person(store, BOB, "Bob"), eve = world_person(store, EVE, "Eve");
	assert_ok(start("Pier", "", now, KITH_DAY_NONE));
	assert_ok(start("Pub", "", now, KITH_DAY_NONE));
	int64_t pier = named("Pier").row, pub = named("Pub").row;
	assert_int_equal(reviewed_at(bob, 0), 0);
	assert_int_equal(reviewed_at(bob + eve, 0), 0); /* nobody */
	assert_ok(kith_store_event_add(store, pub, bob, true));
	assert_int_equal(reviewed_at(bob, 0), pub);
	assert_int_equal(reviewed_at(bob, pier), 0);
	/* a meeting goes before a place on a roster, and the last one before the others */
	assert_ok(world_meet(store, 1, BOB, "Pier", now));
	assert_int_equal(reviewed_at(bob, 0), pier);
	assert_ok(world_meet(store, 2, BOB, "Dock", now - DAY));
	assert_ok(world_meet(store, 3, BOB, "", now));
	assert_int_equal(reviewed_at(bob, 0), named("Dock").row);
	assert_int_equal(reviewed_at(bob, pub), pub);
	/* once decided, of the one that is asked for alone */
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_KEEP, now));
	assert_int_equal(reviewed_at(bob, 0), 0);
	assert_int_equal(reviewed_at(bob, pier), pier);
	assert_int_equal(reviewed_at(eve, pier), 0);
}

static int64_t note_of(int64_t contact, int64_t event)
{
	struct kith_remark note = {
		.contact = contact, .at = now, .event = event, .text = kith_span_str("n")};
	int64_t row = 0;

	assert_ok(kith_store_remark_put(store, &note, now, &row));
	return row;
}

static bool see_event(void *ctx, const struct kith_remark *r)
{
	*(int64_t *)ctx = r->event;
	return true;
}

static int64_t event_of(int64_t note)
{
	int64_t event = -1;

	assert_ok(kith_store_remark(store, note, see_event, &event));
	return event;
}

/* A note is of an event until that is forgotten, or the person taken off its roster. */
static void notes_of_it(void **state)
{
	assert_ok(world_meet(store, 1, ADA, "Pub", now));
	assert_ok(world_meet(store, 2, BOB, "Pub", now));
	assert_ok(world_meet(store, 3, BOB, "Pier", now));
	int64_t pub = named("Pub").row, pier = named("Pier").row;
	int64_t ada = note_of(row_of(ADA), pub), bob = note_of(row_of(BOB), pub),
		too = note_of(row_of(BOB), pier);
	struct kith_remark changed = {
		.row = bob, .contact = row_of(BOB), .at = now, .text = kith_span_str("other")};
	assert_ok(kith_store_remark_put(store, &changed, now, &bob));
	assert_int_equal(event_of(bob), pub);
	assert_int_equal(event_of(note_of(row_of(ADA), 4711)), 0);
	assert_ok(kith_store_event_add(store, pub, row_of(BOB), false));
	assert_int_equal(event_of(bob), 0);
	assert_int_equal(event_of(too), pier);
	assert_int_equal(event_of(ada), pub);
	size_t gone;
	assert_ok(kith_store_event_forget(store, pub, false, &gone));
	assert_int_equal(event_of(ada), 0);
	world_sound(*state);
}

/* Everybody was at FOSDEM; Ada and Eve nowhere else; nothing holds Eve, and what I wrote Ada.  Nobody was known before. */
static void make_crowd(const char *home)
{
	struct kith_promise promise = {.text = kith_span_str("a book"), .by = KITH_DAY_NONE};
	struct kith_remark note = {.text = kith_span_str("likes tea")};
	int64_t row;
	char sql[256];

	assert_ok(start("FOSDEM", "", now, KITH_DAY_NONE));
	for (uint8_t seed = ADA; seed <= IDA; seed++) {
		char name[2] = {(char)('A' + seed - ADA), 0};
		(void)world_person(store, seed, name);
		assert_ok(world_meet(store, seed, seed, "FOSDEM", now));
	}
	world_sql(home, "UPDATE contact SET added = met_at");
	assert_ok(kith_store_ring_move(store, row_of(BOB), 3, now));
	promise.contact = row_of(CAROL);
	assert_ok(kith_store_promise_put(store, &promise, &row));
	promise.contact = row_of(ADA);
	assert_ok(kith_store_promise_put(store, &promise, &row));
	assert_ok(kith_store_promise_end(store, row, KITH_PROMISE_DONE, now));
	note.contact = row_of(ADA);
	assert_ok(kith_store_remark_put(store, &note, now, &row));
	assert_ok(world_meet(store, 50, DAN, "", now));
	assert_ok(world_meet(store, 51, FAY, "Pub", now));
	assert_ok(kith_store_event_add(store, named("Pub").row, row_of(GUS), true));
	assert_ok(kith_store_reviewed(store, row_of(HAL), KITH_REVIEW_LETGO, now));
	(void)snprintf(sql, sizeof sql,
		"INSERT INTO introduced (contact, words, how, at, intro, granted) "
		"VALUES (%lld, '', 0, 1, x'00', x'00')",
		(long long)row_of(IDA));
	world_sql(home, sql);
	/* added, but never met: from a file, and typed in */
	assert_ok(kith_store_event_add(
		store, named("FOSDEM").row, world_person(store, JOE, "J"), true));
	assert_ok(kith_store_event_add(
		store, named("FOSDEM").row, world_entry(store, 0, "k", "name=K"), true));
}

static void only_there(void **state)
{
	char text[512] = "";

	make_crowd(*state);
	assert_int_equal(named("FOSDEM").people, 11);
	assert_ok(kith_store_event_only(store, named("FOSDEM").row, world_names, text));
	assert_string_equal(text, "E");
}

/* What I wrote or decided about somebody, a kind a statement; each alone keeps them. */
static void held_by_what_i_wrote(void **state)
{
#define NEWEST "(SELECT max(row) FROM contact)"
	static const char *const held[] = {
		"INSERT INTO remark (contact, kind, at, text, fold) VALUES (" NEWEST
		", 0, 1, 'n', 'n')",
		"INSERT INTO remark (contact, kind, at, text, fold) VALUES (" NEWEST
		", 1, 1, '', '')",
		"INSERT INTO tag (contact, fold, name) VALUES (" NEWEST ", 't', 't')",
		"INSERT INTO relation (a, b, words, at) VALUES (1, " NEWEST ", 'w', 1)",
		"INSERT INTO promise (contact, theirs, thing, text, made, state) VALUES (" NEWEST
		", 0, 0, "
		"'x', 1, 1)",
		"UPDATE contact SET review = 1 WHERE row = " NEWEST,
		"UPDATE contact SET review = 2 WHERE row = " NEWEST,
		"UPDATE contact SET snoozed = 9 WHERE row = " NEWEST,
		/* introductions, whatever became of them: mine, theirs to me, of somebody by them */
		"INSERT INTO introduction (id, ik, words, at, closed) VALUES (zeroblob(16), "
		"zeroblob(32), '', 1, 1); INSERT INTO introduction_side (introduction, contact, ik, "
		"salt, stage, at) VALUES (1, " NEWEST ", zeroblob(32), zeroblob(32), 4, 1)",
		"INSERT INTO proposal (contact, ik, id, aud, words, at, stage) VALUES (" NEWEST
		", zeroblob(32), zeroblob(16), zeroblob(32), '', 1, 2)",
		"INSERT INTO introduced (contact, introducer, words, how, at, intro, granted) VALUES "
		"(1, " NEWEST ", '', 0, 1, x'00', x'00')",
		/* set aside in a match, with somebody and with me */
		"INSERT INTO aside (a, b, at) VALUES (1, " NEWEST ", 1)",
		"INSERT INTO aside (a, b, at) VALUES (" NEWEST ", " NEWEST ", 1)",
	};

	assert_ok(start("FOSDEM", "", now, KITH_DAY_NONE));
	(void)world_person(store, ADA, "A");
	for (uint8_t i = 0; i <= sizeof held / sizeof held[0]; i++) {
		char name[2] = {(char)('B' + i), 0};
		(void)world_person(store, BOB + i, name);
		assert_ok(world_meet(store, BOB + i, BOB + i, "FOSDEM", now));
		if (i < sizeof held / sizeof held[0])
			world_sql(*state, held[i]);
	}
	world_sql(*state, "UPDATE contact SET added = met_at WHERE met_at NOT NULL");

	char text[512] = "";
	assert_ok(kith_store_event_only(store, named("FOSDEM").row, world_names, text));
	assert_string_equal(text, "O"); /* the last, about whom nothing was written */
	/* whom I knew before, by a card in a file, the meeting did not bring */
	world_sql(*state, "UPDATE contact SET added = met_at - 1 WHERE name = 'O'");
	*text = 0;
	assert_ok(kith_store_event_only(store, named("FOSDEM").row, world_names, text));
	assert_string_equal(text, "");
}

static void forgotten(void **state)
{
	size_t gone = 7;

	make_crowd(*state);
	int64_t fosdem = named("FOSDEM").row;
	assert_ok(kith_store_event_forget(store, fosdem, false, &gone));
	assert_int_equal(gone, 0);
	assert_err(kith_store_event_forget(store, fosdem, false, &gone), MISSING);
	expect_find("fosdem", ""); /* who was met, and who was added */
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 11);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met"), 11);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met WHERE event = 'Pub'"), 1);
	assert_int_equal(running(now).n, 0);
	assert_false(world_at_rest(*state, "FOSDEM"));
	assert_false(world_at_rest(*state, "fosdem"));
	world_sound(*state);
}

static void forgotten_with_people(void **state)
{
	struct kith_contact c = {0};
	size_t gone = 7;

	make_crowd(*state);
	int64_t ada = row_of(ADA), eve = row_of(EVE);
	assert_true(world_at_rest(*state, "likes tea"));
	assert_ok(kith_store_event_forget(store, named("FOSDEM").row, true, &gone));
	assert_int_equal(gone, 1);
	assert_ok(kith_store_contact(store, ada, &c));
	kith_contact_free(&c);
	assert_err(kith_store_contact(store, eve, &c), NOPERSON);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 10);
	assert_false(world_at_rest(*state, "FOSDEM"));
	assert_false(world_at_rest(*state, "fosdem"));
	assert_true(world_at_rest(*state, "likes tea")); /* what I wrote keeps her */
	world_sound(*state);
}

/* One that came with a swap, of which nobody is left: the receipt of somebody else still names it. */
static void forgotten_where_it_goes_by_itself(void **state)
{
	struct kith_receipt r = world_receipt(9, 1);
	int64_t bob = world_person(store, BOB, "Bob");
	size_t gone;

	assert_ok(world_meet(store, 1, ADA, "Pub", now));
	assert_ok(world_meet(store, 2, BOB, "", now));
	assert_ok(kith_store_known_receipt(
		store, bob, &r, kith_span_str("PUB"), kith_span_str("eth0")));
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM receipt WHERE event = 'PUB'"), 1);
	assert_ok(kith_store_event_forget(store, named("Pub").row, true, &gone));
	assert_int_equal(gone, 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM receipt WHERE event = ''"), 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM event"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(begins_and_ends),
		TEST(names_have_a_limit),
		TEST(begins_again),
		TEST(its_last_day_ends_it),
		TEST(after_some_days_without_one),
		TEST(ended_late_or_too_early),
		TEST(my_card_there),
		TEST(met_by_its_folded_name),
		TEST(one_that_nobody_began),
		TEST(goes_with_its_last_meeting),
		TEST(added_by_hand),
		TEST(there_without_a_meeting),
		TEST(reviewed_there),
		TEST(notes_of_it),
		TEST(only_there),
		TEST(held_by_what_i_wrote),
		TEST(forgotten),
		TEST(forgotten_with_people),
		TEST(forgotten_where_it_goes_by_itself),
	};
	return cmocka_run_group_tests_name("store_event", tests, NULL, NULL);
}
