/* SPDX-License-Identifier: MIT */
#include <kith/due.h>
#include <kith/select.h>

#include "base/auto.h"
#include "base/day.h"
#include "base/limits.h"
#include "people/query.h"
#include "store/db.h"
#include "store_world.h"

#define DAY_S 86400

static int32_t today(void)
{
	return kith_day_of((struct kith_date){2026, 5, 3});
}

static int64_t at(int year, unsigned month, unsigned day)
{
	return kith_day_begins(kith_day_of((struct kith_date){year, month, day})) + DAY_S / 2;
}

static void expect_best(
	struct kith_store *store, const char *query, size_t best, const char *names, size_t count)
{
	KITH_AUTO(kith_find_free) struct kith_find find = {0};
	struct kith_diag diag = {0};
	char text[512] = "";
	size_t seen = 99;

	assert_ok(kith_find_read(kith_span_str(query), today(), &find, &diag));
	struct kith_selection asked = {
		.terms = find.at, .n = find.n, .today = today(), .best = best};
	assert_ok(kith_store_select(store, &asked, world_names, text, &seen));
	if (strcmp(text, names) != 0)
		fail_msg("%s: %s, not %s", query, text, names);
	assert_int_equal(seen, count);
}

static void expect(struct kith_store *store, const char *query, const char *names)
{
	size_t count = *names != 0;

	for (const char *c = names; *c; c++)
		count += *c == '|';
	expect_best(store, query, 0, names, count);
}

static void remark(struct kith_store *store, int64_t who, enum kith_remark_kind kind, int64_t when,
	const char *text)
{
	int64_t row;
	struct kith_remark r = {
		.contact = who, .kind = kind, .at = when, .text = kith_span_str(text)};

	assert_ok(kith_store_remark_put(store, &r, when, &row));
}

static void promise(struct kith_store *store, int64_t who, bool theirs, const char *text,
	enum kith_promise_state state)
{
	int64_t row;
	struct kith_promise p = {.contact = who,
		.theirs = theirs,
		.text = kith_span_str(text),
		.made = at(2026, 1, 1),
		.by = KITH_DAY_NONE};

	assert_ok(kith_store_promise_put(store, &p, &row));
	if (state != KITH_PROMISE_OPEN)
		assert_ok(kith_store_promise_end(store, row, state, at(2026, 1, 2)));
}

/* rows of the people of fill */
enum { ADA = 1, BOB, CAROL, DAN, EVE };

static bool first_ring(void *ctx, const struct kith_ring *ring)
{
	*(int64_t *)ctx = ring->row;
	return false;
}

static void fill(struct kith_store *store)
{
	int64_t ring = 0;

	assert_int_equal(world_entry(store, 0, "1",
				 "name=Ada\norg=Analytical Engines Ltd\ntitle=Countess\noffers="
				 "compilers, Rust\nasks=steam"),
		ADA);
	assert_int_equal(
		world_entry(store, 0, "2", "name=Bob\norg=CERN\nnote=likes compilers"), BOB);
	assert_int_equal(world_entry(store, 0, "3", "name=Carol\noffers=gardens"), CAROL);
	assert_int_equal(world_entry(store, 0, "4", "name=Dan"), DAN);
	assert_int_equal(world_entry(store, 0, "5", "name=Eve\nnote=rust"), EVE);
	assert_ok(kith_store_tag(store, ADA, kith_span_str("Rust"), true, 1));
	assert_ok(kith_store_tag(store, BOB, kith_span_str("rusty"), true, 1));
	assert_ok(kith_store_rings(store, first_ring, &ring));
	assert_ok(kith_store_ring_move(store, ADA, ring, at(2026, 1, 1)));
	assert_ok(kith_store_ring_move(store, CAROL, ring, at(2026, 4, 20)));
	remark(store, CAROL, KITH_REMARK_NOTE, at(2026, 2, 1), "knows LLVM and Z\xc3\xbcrich");
	remark(store, BOB, KITH_REMARK_CALL, at(2026, 4, 1), "about llvm's back end");
	remark(store, ADA, KITH_REMARK_MET, at(2026, 3, 1), "");
	promise(store, ADA, false, "the book on looms", KITH_PROMISE_OPEN);
	promise(store, BOB, true, "a ladder", KITH_PROMISE_OPEN);
	promise(store, CAROL, true, "seeds of a ladder fern", KITH_PROMISE_DONE);
}

static void words_in_all_that_is_known(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	expect(store, "llvm", "Bob|Carol"); /* only in notes: the order of names */
	expect(store, "zurich", "Carol");
	expect(store, "compilers", "Ada|Bob"); /* offers before a note of the card */
	expect(store, "rust", "Ada|Bob|Eve");
	expect(store, "ladder", "Bob|Carol"); /* ended promises, too */
	expect(store, "llvm ladder", "Bob|Carol");
	expect(store, "compilers llvm", "Bob"); /* one in a field, one in a note */
	expect(store, "llvm -ladder", "");
	expect(store, "-llvm", "Ada|Dan|Eve");
	expect(store, "-llvm -rust", "Dan");
	expect(store, "\"back end\"", "Bob");
	expect(store, "\"end back\"", "");
	expect(store, "back -\"end back\"", "Bob");
	expect(store, "llvm's", "Bob"); /* literally, what the index does not know */
	expect(store, "vm", "");        /* inside of a word, in a note: not looked for */
	expect(store, "ompil",
		"Ada|Bob"); /* in a field it is, where nobody has it at the beginning */
	expect(store, "ompil -cern", "Ada");
	kith_store_close(store);
}

/* Where words have no blanks between them, notes are looked through from end to end. */
static void scripts_without_blanks(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	remark(store, DAN, KITH_REMARK_NOTE, at(2026, 2, 1),
		"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e");
	expect(store, "\xe5\xa4\xaa\xe9\x83\x8e", "Dan");
	expect(store, "note:\xe5\xa4\xaa\xe9\x83\x8e", "Dan");
	expect(store, "-\xe5\xa4\xaa\xe9\x83\x8e llvm", "Bob|Carol");
	kith_store_close(store);
}

static void keys(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	expect(store, "tag:rust", "Ada"); /* the whole tag */
	expect(store, "tag:RUSTY", "Bob");
	expect(store, "-tag:rust -tag:rusty", "Carol|Dan|Eve");
	expect(store, "ring:inner", "Ada|Carol");
	expect(store, "ring:none", "Bob|Dan|Eve");
	expect(store, "ring:nowhere", "");
	expect(store, "org:engines", "Ada");
	expect(store, "org:\"analytical engines\"", "Ada");
	expect(store, "org:compilers", "");
	expect(store, "title:count", "Ada");
	expect(store, "offers:rust", "Ada");
	expect(store, "offers:steam", "");
	expect(store, "asks:steam", "Ada");
	expect(store, "note:llvm", "Bob|Carol");
	expect(store, "note:compilers", ""); /* a field is no note of mine */
	expect(store, "promise:open", "Ada|Bob");
	expect(store, "promise:mine", "Ada");
	expect(store, "promise:theirs", "Bob");
	expect(store, "promise:ladder", "Bob|Carol");
	expect(store, "promise:ladder promise:open", "Bob");
	expect(store, "rust tag:rust", "Ada");
	kith_store_close(store);
}

static void days(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	expect(store, "touched:2026-03", "Ada");
	expect(store, "touched:2026-04-01", "Bob");
	expect(store, "touched:<2026-04", "Ada");
	expect(store, "touched:>2026-03", "Bob");
	expect(store, "touched:never", "Carol|Dan|Eve");
	expect(store, "-touched:never", "Ada|Bob");
	expect(store, "met:never", "Ada|Bob|Carol|Dan|Eve");
	/* what a wrong clock wrote does not hide what was before it */
	remark(store, ADA, KITH_REMARK_CALL, at(2031, 1, 1), "");
	expect(store, "touched:2026-03", "Ada");
	expect(store, "touched:2031", "");
	remark(store, DAN, KITH_REMARK_CALL, at(2031, 1, 1), "");
	expect(store, "touched:never", "Carol|Dan|Eve");
	kith_store_close(store);
}

static void meetings(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(9, 5, "Pam", 1);

	fill(store);
	assert_ok(kith_store_confirm(store, &m));
	char day[KITH_DAY_CHARS + 1], query[64];
	kith_day_write(kith_day_at(m.at), day);
	(void)snprintf(query, sizeof query, "met:%s", day);
	expect(store, query, "Pam");
	(void)snprintf(query, sizeof query, "met:<%s", day);
	expect(store, query, "");
	(void)snprintf(query, sizeof query, "met:>%s", day);
	expect(store, query, "");
	(void)snprintf(query, sizeof query, "met:%.7s", day);
	expect(store, query, "Pam");
	expect(store, "met:never is:typed", "Ada|Bob|Carol|Dan|Eve");
	expect(store, "event:cafe", "Pam");
	expect(store, "event:meet", "Pam");
	expect(store, "event:afe", "");
	expect(store, "is:met", "Pam");
	expect(store, "is:pending", "Pam");
	expect(store, "is:unreviewed", "Pam");
	world_sql(*state,
		"INSERT INTO event_guest (event, contact) SELECT event.row, contact.row FROM "
		"event, contact WHERE contact.name IN ('Pam', 'Dan')");
	expect(store, "is:unreviewed", "Dan|Pam");
	world_sql(*state, "UPDATE contact SET blocked = 1 WHERE name = 'Pam'");
	expect(store, "is:unreviewed", "Dan");
	kith_store_close(store);
}

static void states(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	assert_ok(kith_store_reviewed(store, BOB, KITH_REVIEW_SOON, at(2026, 5, 1)));
	assert_ok(kith_store_reviewed(store, CAROL, KITH_REVIEW_KEEP, at(2026, 5, 1)));
	assert_ok(kith_store_reviewed(store, EVE, KITH_REVIEW_LETGO, at(2026, 5, 1)));
	remark(store, CAROL, KITH_REMARK_NOTE, at(2026, 5, 1), "Asks: a tango teacher");
	remark(store, BOB, KITH_REMARK_NOTE, at(2026, 5, 1), "offers: tango");
	remark(store, ADA, KITH_REMARK_NOTE, at(2026, 5, 1), "asks about tango");
	expect(store, "asks:tango", "Carol");
	expect(store, "asks:asks", "");
	expect(store, "offers:tang", "Bob");
	expect(store, "is:soon", "Bob");
	expect(store, "is:kept", "Carol");
	expect(store, "is:let-go", "Eve");
	expect(store, "is:let-go rust", "Eve");
	expect(store, "rust", "Ada|Bob"); /* gone from what is found */
	expect(store, "-is:let-go rust", "Ada|Bob");
	expect(store, "is:typed", "Ada|Bob|Carol|Dan");
	expect(store, "is:drifting",
		"Ada"); /* 63 days of 28; Carol came into the ring two weeks ago */
	expect(store, "is:introduced", "");
	expect(store, "is:blocked", "");
	world_sql(*state, "UPDATE contact SET blocked = 1 WHERE name = 'Dan'");
	expect(store, "is:blocked", "Dan");
	assert_ok(kith_store_snooze(store, ADA, today() + 1));
	expect(store, "is:drifting", "");
	/* put off, and ended by a contact that is later than the decision */
	assert_ok(kith_store_snooze(store, BOB, today() + 1));
	expect(store, "is:soon", "");
	assert_ok(kith_store_snooze(store, BOB, today()));
	expect(store, "is:soon", "Bob");
	remark(store, BOB, KITH_REMARK_CALL, at(2026, 4, 30), "");
	remark(store, BOB, KITH_REMARK_CALL, at(2030, 1, 1), ""); /* a clock that was wrong */
	expect(store, "is:soon", "Bob");
	remark(store, BOB, KITH_REMARK_CALL, at(2026, 5, 2), "");
	expect(store, "is:soon", "");
	kith_store_close(store);
}

struct drifters {
	char names[512];
};

static bool drifts(void *ctx, const struct kith_due *d)
{
	struct drifters *all = ctx;
	const struct kith_contact c = {.name = d->name};

	return d->kind != KITH_DUE_DRIFTING || world_names(all->names, &c);
}

/* is:drifting, and whom `due` shows so, on that day. */
static void expect_drifting(struct kith_store *store, int32_t day, const char *names)
{
	struct drifters due = {{0}};
	struct kith_term term = {.key = KITH_TERM_IS, .text = kith_span_str("drifting")};
	struct kith_selection asked = {.terms = &term, .n = 1, .today = day};
	char found[512] = "";
	size_t n;

	assert_ok(kith_store_select(store, &asked, world_names, found, &n));
	assert_string_equal(found, names);
	assert_ok(kith_store_due(store, kith_day_begins(day) + DAY_S / 2, day, 0, drifts, &due));
	assert_int_equal(strlen(due.names), strlen(names)); /* in an order of its own */
	for (char *name = strtok(found, "|"); name; name = strtok(NULL, "|"))
		assert_non_null(strstr(due.names, name));
}

/* One meaning, whatever else they are: soon, blocked, let go, put off, in a ring by a clock that was wrong. */
static void drifting_as_due_has_it(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const int64_t late = at(2026, 5, 3) - 29 * (int64_t)DAY_S;

	fill(store);
	for (int64_t row = ADA; row <= EVE; row++)
		assert_ok(kith_store_ring_move(store, row, 1, late));
	remark(store, BOB, KITH_REMARK_CALL, late + DAY_S, "");
	world_sql(*state, "UPDATE contact SET added = 1 WHERE name = 'Carol'");
	assert_ok(kith_store_ring_move(store, CAROL, 0, late));
	assert_ok(kith_store_ring_move(store, CAROL, 1, at(2030, 1, 1)));
	expect_drifting(store, today(), "Ada|Carol|Dan|Eve");
	expect_drifting(store, today() - 1, "Ada|Carol");
	expect_drifting(store, today() + 1, "Ada|Bob|Carol|Dan|Eve");
	assert_ok(kith_store_reviewed(store, DAN, KITH_REVIEW_SOON, at(2026, 5, 3)));
	assert_ok(kith_store_reviewed(store, EVE, KITH_REVIEW_LETGO, at(2026, 5, 1)));
	world_sql(*state, "UPDATE contact SET blocked = 1 WHERE name = 'Carol'");
	assert_ok(kith_store_snooze(store, ADA, today() + 1));
	expect_drifting(store, today(), "");
	expect(store, "is:soon", "Dan");
	expect(store, "is:drifting is:let-go", "");
	expect_drifting(store, today() + 1, "Ada|Bob");
	/* soon no longer, and late by then */
	remark(store, DAN, KITH_REMARK_CALL, at(2026, 5, 4), "");
	expect_drifting(store, today() + 30, "Ada|Bob|Dan");
	kith_store_close(store);
}

/* The first of many, and how many there are. */
static void the_first_of_many(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	for (int i = 0; i < 600; i++) { /* more than are put into order by their texts */
		char uid[8], text[64];
		(void)snprintf(uid, sizeof uid, "%d", i);
		(void)snprintf(text, sizeof text, "name=Person %03d\nnote=lighthouse", i);
		(void)world_entry(store, 0, uid, text);
	}
	(void)world_entry(store, 0, "o", "name=Zoe\noffers=lighthouses");
	(void)world_entry(store, 0, "n", "name=Zed Lighthouse");
	expect_best(store, "lighthouse", 3, "Zed Lighthouse|Zoe|Person 000", 602);
	expect_best(store, "is:typed", 2, "Person 000|Person 001", 602);
	expect_best(store, "lighthouse -person", 1, "Zed Lighthouse", 2);
	kith_store_close(store);
}

static int count_statement(unsigned kind, void *n, void *stmt, void *sql)
{
	(void)kind;
	(void)stmt;
	(void)sql;
	++*(int *)n;
	return 0;
}

static int statements(struct kith_store *store, const char *query, const char *names)
{
	int n = 0;

	(void)sqlite3_trace_v2(store->db, SQLITE_TRACE_STMT, count_statement, &n);
	expect(store, query, names);
	(void)sqlite3_trace_v2(store->db, 0, NULL, NULL);
	return n;
}

/* The short words, which many have, are not looked for once nobody is left; what leaves out comes last. */
static void nobody_is_left(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)world_entry(store, 0, "a", "name=Ada Lovelace\nnote=poetry");
	(void)world_entry(store, 0, "b", "name=Bob\nnote=poetry");
	expect(store, "po -bob", "Ada Lovelace");
	expect(store, "-bob p lovelace is:typed", "Ada Lovelace");
	expect(store, "p p -b", "Ada Lovelace");
	int least = statements(store, "zzzzz", "");
	assert_int_equal(statements(store, "p a zzzzz o e -l", ""), least);
	assert_true(statements(store, "p a o e -l", "") > least);
	kith_store_close(store);
}

/* So many notes with every letter of the query make QUERY_HITS; one more is too many, however few people there are. */
static void words_that_stand_everywhere(void **state)
{
	static const char query[] =
		"a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5";
	KITH_AUTO(kith_find_free) struct kith_find find = {0};
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t row = world_entry(store, 0, "9", "name=999");
	char sql[512], text[64] = "";
	size_t count;

	assert_ok(kith_find_read(kith_span_str(query), today(), &find, NULL));
	assert_int_equal(find.n, KITH_QUERY_TERMS);
	(void)snprintf(sql, sizeof sql,
		"INSERT INTO remark (contact, kind, at, text, fold) WITH RECURSIVE n (i) AS (SELECT 1 "
		"UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT %lld, 0, 1, 'x', '%s' FROM n; "
		"INSERT INTO said (said) VALUES ('rebuild')",
		KITH_QUERY_HITS / KITH_QUERY_TERMS, (long long)row, query);
	world_sql(*state, sql);
	expect(store, query, "999");
	remark(store, row, KITH_REMARK_NOTE, 1, "a");
	struct kith_selection asked = {.terms = find.at, .n = find.n, .today = today()};
	assert_int_equal(
		kith_store_select(store, &asked, world_names, text, &count), KITH_ERR_LIMIT);
	assert_string_equal(text, "");
	expect(store, "a b c", "999");
	kith_store_close(store);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(words_in_all_that_is_known),
		TEST(scripts_without_blanks), TEST(keys), TEST(days), TEST(meetings), TEST(states),
		TEST(drifting_as_due_has_it), TEST(the_first_of_many), TEST(nobody_is_left),
		TEST(words_that_stand_everywhere)};

	return cmocka_run_group_tests_name("store_select", tests, NULL, NULL);
}
