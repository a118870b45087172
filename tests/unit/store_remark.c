/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/people.h>
#include <kith/select.h>

#include "base/auto.h"
#include "base/limits.h"

enum { ADA = 2, BOB, NOW = 1777809600 };

static struct kith_store *store;
static int64_t ada, bob;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	store = world_open(*state, KITH_STORE_WRITE);
	ada = world_person(store, ADA, "Ada");
	bob = world_person(store, BOB, "Bob");
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

static int64_t put(int64_t who, enum kith_remark_kind kind, int64_t at, const char *text)
{
	struct kith_remark r = {
		.contact = who, .kind = kind, .at = at, .text = kith_span_str(text)};
	int64_t row = 0;

	assert_ok(kith_store_remark_put(store, &r, NOW, &row));
	return row;
}

static enum kith_err change(
	int64_t row, int64_t who, enum kith_remark_kind kind, int64_t at, const char *text)
{
	struct kith_remark r = {
		.row = row, .contact = who, .kind = kind, .at = at, .text = kith_span_str(text)};
	int64_t same = 0;
	enum kith_err err = kith_store_remark_put(store, &r, NOW + 5, &same);

	if (!err)
		assert_int_equal(same, row);
	return err;
}

/* Each as "kind@at text", "*" where it was changed. */
static bool add_text(void *text, const struct kith_remark *r)
{
	size_t n = strlen(text);

	(void)snprintf((char *)text + n, 512 - n, "%s%d@%lld%s %.*s", n ? "|" : "", (int)r->kind,
		(long long)(r->at - NOW), r->edited == NOW + 5 ? "*" : "", (int)r->text.n,
		(const char *)r->text.p);
	return true;
}

static bool add_one(void *text, const struct kith_remark *r)
{
	(void)add_text(text, r);
	return false;
}

static void expect(int64_t who, const char *texts)
{
	char text[512] = "";

	assert_ok(kith_store_remarks(store, who, add_text, text));
	assert_string_equal(text, texts);
}

static int64_t touched(int64_t who, int64_t now)
{
	struct kith_memory memory;

	assert_ok(kith_store_memory(store, who, now, &memory));
	return memory.touched ? memory.touched - NOW : -1;
}

/* How many have that word; and the index fits the table. */
static int64_t said(const char *home, const char *word)
{
	char sql[128];

	world_sql(home, "INSERT INTO said (said, rank) VALUES ('integrity-check', 1)");
	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM said WHERE said MATCH '%s'", word);
	return world_number(home, sql);
}

static void kept_changed_and_removed(void **state)
{
	char text[512] = "";

	int64_t note = put(ada, KITH_REMARK_NOTE, NOW - 9, "likes Caf\xc3\xa9\nand tea");
	(void)put(bob, KITH_REMARK_NOTE, NOW, "another");
	int64_t call = put(ada, KITH_REMARK_CALL, NOW - 20, "");
	expect(ada, "1@-20 |0@-9 likes Caf\xc3\xa9\nand tea"); /* the oldest first */
	assert_ok(kith_store_remarks(store, ada, add_one, text));
	assert_string_equal(text, "1@-20 ");
	assert_int_equal(said(*state, "cafe"), 1);
	assert_ok(change(note, ada, KITH_REMARK_NOTE, NOW - 9, "likes coffee"));
	expect(ada, "1@-20 |0@-9* likes coffee");
	assert_int_equal(said(*state, "cafe"), 0);
	assert_int_equal(said(*state, "likes"), 1);
	text[0] = 0;
	assert_ok(kith_store_remark(store, note, add_text, text));
	assert_string_equal(text, "0@-9* likes coffee");
	assert_ok(kith_store_remark_remove(store, call));
	assert_ok(kith_store_remark_remove(store, note));
	expect(ada, "");
	expect(bob, "0@0 another");
	assert_int_equal(said(*state, "likes"), 0);
	assert_err(kith_store_remark(store, note, add_text, text), MISSING);
	assert_err(kith_store_remark_remove(store, note), MISSING);
	assert_true(put(ada, KITH_REMARK_NOTE, NOW, "x") > call); /* no number means two */
	world_sound(*state);
}

static void refused(void **state)
{
	static char text[KITH_NOTE_MAX + 2];
	struct kith_remark r = {.contact = ada, .at = NOW};
	int64_t note = put(ada, KITH_REMARK_NOTE, NOW, "as it was");
	int64_t row = 77;

	memset(text, 'a', sizeof text - 1);
	r.text = kith_span(text, KITH_NOTE_MAX + 1);
	assert_err(kith_store_remark_put(store, &r, NOW, &row), LIMIT);
	assert_err(change(note, ada, KITH_REMARK_NOTE, NOW, text), LIMIT);
	r.text = kith_span(" \n\t", 3);
	assert_err(kith_store_remark_put(store, &r, NOW, &row), VALUE);
	assert_err(change(note, ada, KITH_REMARK_NOTE, NOW, ""), VALUE);
	r.text = kith_span_str("text");
	r.kind = KITH_REMARK_WROTE + 1;
	assert_err(kith_store_remark_put(store, &r, NOW, &row), VALUE);
	r.kind = (enum kith_remark_kind) - 1;
	assert_err(kith_store_remark_put(store, &r, NOW, &row), VALUE);
	r.kind = KITH_REMARK_NOTE;
	r.contact = 99;
	assert_err(kith_store_remark_put(store, &r, NOW, &row), NOPERSON);
	assert_err(change(note, bob, KITH_REMARK_NOTE, NOW, "Bob's"), MISSING);
	assert_err(change(99, ada, KITH_REMARK_NOTE, NOW, "nothing"), MISSING);
	assert_int_equal(row, 77);
	expect(ada, "0@0 as it was");
	assert_int_equal(said(*state, "was"), 1);
	r = (struct kith_remark){.contact = bob, .text = kith_span(text, KITH_NOTE_MAX)};
	assert_ok(kith_store_remark_put(store, &r, NOW, &row));
	r.kind = KITH_REMARK_WROTE; /* a touch needs no text */
	r.text = kith_span("", 0);
	assert_ok(kith_store_remark_put(store, &r, NOW, &row));
}

/* A touch counts, a note does not; moved, made a note or taken away it does not count any more. */
static void the_last_contact(void **state)
{
	(void)state;
	assert_int_equal(touched(ada, NOW), -1);
	int64_t note = put(ada, KITH_REMARK_NOTE, NOW - 1, "a thought");
	assert_int_equal(touched(ada, NOW), -1);
	(void)put(ada, KITH_REMARK_WROTE, NOW - 100, "");
	int64_t met = put(ada, KITH_REMARK_MET, NOW - 50, "");
	assert_int_equal(touched(ada, NOW), -50);
	assert_ok(change(met, ada, KITH_REMARK_MET, NOW - 200, ""));
	assert_int_equal(touched(ada, NOW), -100);
	assert_ok(change(note, ada, KITH_REMARK_CALL, NOW - 1, ""));
	assert_int_equal(touched(ada, NOW), -1);
	assert_ok(change(note, ada, KITH_REMARK_NOTE, NOW - 1, "a thought"));
	assert_int_equal(touched(ada, NOW), -100);
	assert_ok(kith_store_remark_remove(store, met));
	assert_ok(kith_store_handed(store, ada, NOW - 70));
	assert_int_equal(touched(ada, NOW), -70);
	assert_int_equal(touched(bob, NOW), -1);
}

/* What a clock wrote that was ahead does not count before its day. */
static void a_clock_that_was_ahead(void **state)
{
	(void)state;
	(void)put(ada, KITH_REMARK_CALL, NOW - 9, "");
	(void)put(ada, KITH_REMARK_CALL, NOW + 99, "");
	assert_int_equal(touched(ada, NOW), -9);
	assert_int_equal(touched(ada, NOW + 98), -9);
	assert_int_equal(touched(ada, NOW + 99), 99);
	assert_ok(world_meet(store, 1, BOB, "", NOW + 99));
	assert_int_equal(touched(bob, NOW), -1);
	assert_ok(kith_store_handed(store, bob, NOW + 99));
	assert_int_equal(touched(bob, NOW), -1);
	assert_ok(kith_store_handed(store, bob, NOW - 5)); /* the last session, not the latest */
	assert_int_equal(touched(bob, NOW), -5);
	assert_err(kith_store_handed(store, 99, NOW), NOPERSON);
}

static void calls_back(void **state)
{
	struct kith_memory memory;

	(void)state;
	int64_t note = put(ada, KITH_REMARK_NOTE, NOW, "x");
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	(void)put(bob, KITH_REMARK_NOTE, NOW, "of somebody else");
	assert_ok(kith_store_remark_remove(store, note));
	assert_ok(kith_store_memory(store, ada, NOW, &memory));
	assert_int_equal(memory.review, KITH_REVIEW_LETGO);
	(void)put(ada, KITH_REMARK_CALL, NOW, "");
	assert_ok(kith_store_memory(store, ada, NOW, &memory));
	assert_int_equal(memory.review, KITH_REVIEW_KEEP);
}

/* Neither text nor index hold it after it was removed, or after its person was forgotten. */
static void without_a_trace(void **state)
{
	for (int i = 0; i < 40; i++)
		(void)put(bob, KITH_REMARK_NOTE, NOW, "so that the index has several parts");
	int64_t note = put(ada, KITH_REMARK_NOTE, NOW, "wombatwombat");
	(void)put(ada, KITH_REMARK_MET, NOW, "numbatnumbat");
	(void)put(bob, KITH_REMARK_NOTE, NOW, "quollquoll");
	assert_true(world_at_rest(*state, "wombatwombat"));
	assert_ok(kith_store_remark_remove(store, note));
	assert_false(world_at_rest(*state, "wombatwombat"));
	assert_true(world_at_rest(*state, "numbatnumbat"));
	assert_ok(kith_store_forget(store, ada));
	assert_false(world_at_rest(*state, "numbatnumbat"));
	assert_true(world_at_rest(*state, "quollquoll"));
	assert_int_equal(said(*state, "quollquoll"), 1);
	world_sound(*state);
}

static void read_while_removing(const char *home, struct kith_store *by, const char *text)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_store *reader = world_open(home, KITH_STORE_READ);
	int64_t note = put(ada, KITH_REMARK_NOTE, NOW, text);

	assert_ok(kith_store_look(reader));
	assert_ok(kith_store_contact(reader, ada, &c));
	assert_ok(kith_store_remark_remove(by, note));
	assert_true(world_at_rest(home, text)); /* the reader needs the WAL */
	kith_store_look_end(reader);
	kith_store_close(reader);
	assert_true(world_at_rest(home, text));
}

/* Once the reader has gone the next who writes leaves no trace, be it the same or another; and so does whoever closes what they wrote to. */
static void without_a_trace_later(void **state)
{
	struct kith_store *other = world_open(*state, KITH_STORE_USE);

	read_while_removing(*state, store, "wombatwombat");
	assert_ok(kith_store_tag(store, bob, kith_span_str("t"), true, 1));
	assert_false(world_at_rest(*state, "wombatwombat"));

	read_while_removing(*state, other, "numbatnumbat");
	assert_ok(kith_store_tag(store, bob, kith_span_str("u"), true, 1));
	assert_false(world_at_rest(*state, "numbatnumbat"));

	read_while_removing(*state, other, "quollquoll");
	kith_store_close(other);
	assert_false(world_at_rest(*state, "quollquoll"));
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM setting WHERE name = 'owed'"), 0);
	world_sound(*state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kept_changed_and_removed),
		TEST(refused),
		TEST(the_last_contact),
		TEST(a_clock_that_was_ahead),
		TEST(calls_back),
		TEST(without_a_trace),
		TEST(without_a_trace_later),
	};
	return cmocka_run_group_tests_name("store_remark", tests, NULL, NULL);
}
