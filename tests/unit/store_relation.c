/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/people.h>

#include "base/limits.h"

enum { ADA = 2, BOB, CAROL, DAN, NOW = 1777809600 };

static struct kith_store *store;
static int64_t ada, bob, carol, dan;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	store = world_open(*state, KITH_STORE_WRITE);
	ada = world_person(store, ADA, "Ada");
	bob = world_person(store, BOB, "Bob");
	carol = world_person(store, CAROL, "Carol");
	dan = world_person(store, DAN, "Dan");
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

/* Each as "A-B s words", by the first letters of said, introduced, event, org, brought. */
static bool add_relation(void *text, const struct kith_relation *r)
{
	size_t n = strlen(text);

	(void)snprintf((char *)text + n, 512 - n, "%s%c-%c %c %.*s", n ? "|" : "",
		(char)('A' + r->a - ada), (char)('A' + r->b - ada), "sieob"[r->kind],
		(int)r -> words.n, (const char *)r->words.p);
	return true;
}

static bool add_one(void *text, const struct kith_relation *r)
{
	(void)add_relation(text, r);
	return false;
}

static void expect(int64_t who, const char *relations)
{
	char text[512] = "";

	assert_ok(kith_store_relations(store, who, add_relation, text));
	assert_string_equal(text, relations);
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

static enum kith_err relate(int64_t a, int64_t b, const char *words)
{
	return kith_store_relate(store, a, b, kith_span_str(words), NOW);
}

static void let_go(int64_t who)
{
	assert_ok(kith_store_reviewed(store, who, KITH_REVIEW_LETGO, NOW));
}

/* --- what I say ------------------------------------------------------------------------------- */

static void said_in_either_order(void **state)
{
	assert_ok(relate(bob, ada, "Cousins"));
	assert_ok(relate(ada, carol, "rivals"));
	expect(ada, "A-B s Cousins|A-C s rivals");
	expect(bob, "A-B s Cousins");
	expect(dan, "");
	expect(0, "A-B s Cousins|A-C s rivals");
	expect_find("cousins", "Ada|Bob");
	assert_ok(relate(ada, bob, "in-laws")); /* instead */
	expect(bob, "A-B s in-laws");
	expect_find("cousins", "");
	expect_find("laws", "Ada|Bob");
	assert_ok(relate(carol, ada, ""));
	assert_ok(relate(carol, ada, ""));
	expect(0, "A-B s in-laws");
	expect_find("rivals", "");
	world_sound(*state);
}

static void refused(void **state)
{
	char text[KITH_RELATION_MAX + 2];

	(void)state;
	memset(text, 'a', sizeof text);
	text[KITH_RELATION_MAX + 1] = 0;
	assert_err(relate(ada, bob, text), LIMIT);
	assert_err(relate(ada, ada, "herself"), VALUE);
	assert_err(relate(ada, 99, "x"), NOPERSON);
	assert_err(relate(99, ada, ""), NOPERSON);
	assert_ok(kith_store_aside(store, ada, ada, true, NOW)); /* with me */
	assert_ok(kith_store_aside(store, ada, ada, false, NOW));
	assert_err(kith_store_aside(store, ada, 99, true, NOW), NOPERSON);
	assert_err(kith_store_aside(store, 99, ada, false, NOW), NOPERSON);
	expect(0, "");
	text[KITH_RELATION_MAX] = 0;
	assert_ok(relate(ada, bob, text));
}

/* What was said of two names the one who goes: the other is not found by it any more. */
static void goes_with_either(void **state)
{
	assert_ok(relate(ada, bob, "wombatwombat"));
	assert_ok(relate(ada, carol, "numbatnumbat"));
	assert_ok(relate(bob, carol, "quollquoll"));
	assert_ok(kith_store_forget(store, ada));
	expect(0, "B-C s quollquoll");
	expect_find("wombatwombat", "");
	expect_find("numbatnumbat", "");
	assert_false(world_at_rest(*state, "wombatwombat"));
	assert_false(world_at_rest(*state, "numbatnumbat"));
	assert_ok(kith_store_forget(store, carol));
	expect(0, "");
	assert_false(world_at_rest(*state, "quollquoll"));
	world_sound(*state);
}

static void set_aside(void **state)
{
	assert_ok(kith_store_aside(store, bob, ada, true, NOW));
	assert_ok(kith_store_aside(store, ada, bob, true, NOW + 1));
	assert_ok(kith_store_aside(store, carol, ada, true, NOW));
	assert_int_equal(world_number(*state, "SELECT count(*) * 10 + sum(a < b) FROM aside"), 22);
	assert_ok(kith_store_aside(store, bob, ada, false, NOW));
	assert_err(kith_store_aside(store, bob, ada, false, NOW), MISSING);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM aside"), 1);
	expect(0, "");
	assert_ok(kith_store_forget(store, ada));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM aside"), 0);
}

/* --- what is known ---------------------------------------------------------------------------- */

static void introduced(void **state)
{
	char sql[1024];

	/* Ada brought Bob; I have brought Carol and Dan together, and have asked Bob and Carol */
	(void)snprintf(sql, sizeof sql,
		"INSERT INTO introduced (contact, introducer, words, how, at, intro, granted) VALUES "
		"(%lld, %lld, 'he cooks', 0, 1, x'00', x'00'), (%lld, NULL, '', 0, 1, x'01', x'00');"
		"INSERT INTO introduction (row, id, ik, words, at) VALUES "
		"(1, zeroblob(16), zeroblob(32), 'both sail', 1), "
		"(2, x'01010101010101010101010101010101', zeroblob(32), 'no', 1);"
		"INSERT INTO introduction_side (introduction, contact, ik, salt, stage, at) VALUES "
		"(1, %lld, zeroblob(32), zeroblob(32), 3, 1), (1, %lld, zeroblob(32), zeroblob(32), 3, 1), "
		"(2, %lld, zeroblob(32), zeroblob(32), 3, 1), (2, %lld, zeroblob(32), zeroblob(32), 2, 1);",
		(long long)bob, (long long)ada, (long long)dan, (long long)dan, (long long)carol,
		(long long)bob, (long long)carol);
	world_sql(*state, sql);
	expect(0, "A-B i he cooks|D-C b both sail");
	expect(bob, "A-B i he cooks");
	expect(carol, "D-C b both sail");
	let_go(ada);
	expect(bob, "");
	expect(0, "D-C b both sail");
	let_go(carol);
	expect(0, "");
}

static void at_the_same_event(void **state)
{
	assert_ok(world_meet(store, 1, ADA, "FOSDEM", NOW));
	assert_ok(world_meet(store, 2, ADA, "fosdem", NOW + 1)); /* twice is once */
	assert_ok(world_meet(store, 3, BOB, "FOSDEM", NOW));
	assert_ok(kith_store_event_add(
		store, world_number(*state, "SELECT row FROM event"), carol, true));
	assert_ok(world_meet(store, 4, ADA, "Pub", NOW + 9));
	assert_ok(world_meet(store, 5, BOB, "Pub", NOW + 9));
	expect(ada, "A-B e FOSDEM|A-C e FOSDEM|A-B e Pub");
	expect(carol, "C-A e FOSDEM|C-B e FOSDEM");
	expect(dan, "");
	expect(0, ""); /* of all they would be too many */
	let_go(bob);
	expect(ada, "A-C e FOSDEM");
}

/* At an event of CROWD_MAX they count as knowing each other, of one more not. */
static void of_a_crowd_nobody_knows(void **state)
{
	struct kith_event event = {
		.name = kith_span_str("Fair"), .began = NOW, .until = KITH_DAY_NONE};
	char text[32], uid[16], all[512] = "";
	int64_t last = 0;

	(void)state;
	assert_ok(kith_store_event_start(store, &event));
	assert_ok(kith_store_event_add(store, 1, ada, true));
	for (int i = 1; i <= KITH_CROWD_MAX; i++) {
		(void)snprintf(uid, sizeof uid, "u%d", i);
		(void)snprintf(text, sizeof text, "name=P\norg=Crowd%s", i > 1 ? "" : " Ltd");
		last = world_entry(store, 0, uid, text);
		if (i < KITH_CROWD_MAX)
			assert_ok(kith_store_event_add(store, 1, last, true));
	}
	/* Ada and CROWD_MAX - 1 more; an organisation of CROWD_MAX */
	assert_ok(kith_store_relations(store, ada, add_one, all));
	assert_non_null(strstr(all, " e Fair"));
	all[0] = 0;
	assert_ok(kith_store_relations(store, last, add_one, all));
	assert_non_null(strstr(all, " o Crowd"));
	assert_ok(kith_store_event_add(store, 1, bob, true));
	(void)world_entry(store, 0, "more", "name=P\norg=CROWD");
	expect(ada, "");
	expect(last, "");
}

static void of_the_same_organisation(void **state)
{
	(void)state;
	assert_ok(world_import(store, ADA, 1, 2, "name=Ada\norg=Acme Ltd.", NULL));
	assert_ok(world_import(store, BOB, 1, 2, "name=Bob\norg=ACME", NULL));
	assert_ok(world_import(store, CAROL, 1, 2, "name=Carol\norg=Acme & Sons", NULL));
	expect(ada, "A-B o ACME");
	expect(bob, "B-A o Acme Ltd.");
	expect(carol, "");
	let_go(ada);
	expect(bob, "");
}

static void it_may_stop(void **state)
{
	char text[512] = "";

	(void)state;
	assert_ok(relate(ada, bob, "cousins"));
	assert_ok(relate(ada, carol, "rivals"));
	assert_ok(world_meet(store, 1, ADA, "FOSDEM", NOW));
	assert_ok(world_meet(store, 3, BOB, "FOSDEM", NOW));
	assert_ok(kith_store_relations(store, ada, add_one, text));
	assert_string_equal(text, "A-B s cousins");
	expect(ada, "A-B s cousins|A-C s rivals|A-B e FOSDEM");
}

/* --- two rows that become one ----------------------------------------------------------------- */

static void joined_and_parted(void **state)
{
	int64_t typed = world_entry(store, 0, "t", "name=Typed"); /* the fifth: E */
	struct kith_remark note = {.contact = typed, .text = kith_span_str("zebra")};
	struct kith_promise promise = {
		.contact = typed, .text = kith_span_str("giraffe"), .by = KITH_DAY_NONE};
	struct kith_memory memory;
	int64_t row;

	assert_ok(kith_store_remark_put(store, &note, NOW, &row));
	assert_ok(kith_store_promise_put(store, &promise, &row));
	assert_ok(kith_store_tag(store, typed, kith_span_str("lisp"), true, 1));
	assert_ok(kith_store_tag(store, typed, kith_span_str("both"), true, 1));
	assert_ok(kith_store_tag(store, ada, kith_span_str("both"), true, 1));
	assert_ok(kith_store_ring_move(store, typed, 2, NOW));
	assert_ok(kith_store_snooze(store, typed, 20700));
	assert_ok(kith_store_reviewed(store, typed, KITH_REVIEW_SOON, NOW));
	assert_ok(relate(typed, bob, "cousins"));
	assert_ok(relate(typed, carol, "rivals"));
	assert_ok(relate(ada, carol, "friends"));
	assert_ok(relate(typed, ada, "one and the same"));
	assert_ok(kith_store_aside(store, typed, dan, true, NOW));
	assert_ok(kith_store_aside(store, typed, ada, true, NOW));
	assert_ok(kith_store_aside(store, typed, typed, true, NOW)); /* for me */

	assert_ok(kith_store_join(store, ada, typed));
	expect(0, "A-B s cousins|A-C s friends; rivals");
	expect_find("zebra", "Ada");
	expect_find("giraffe", "Ada");
	expect_find("lisp", "Ada");
	expect_find("rivals", "Ada|Carol");
	expect_find("same", "");
	assert_ok(kith_store_memory(store, ada, NOW, &memory));
	assert_int_equal(memory.ring, 2);
	assert_int_equal(memory.ring_at, NOW);
	assert_int_equal(memory.snoozed, 20700);
	assert_int_equal(memory.review, KITH_REVIEW_SOON);
	assert_int_equal(memory.reviewed_at, NOW);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM remark WHERE contact = 1"), 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM tag WHERE contact = 1"), 2);
	assert_int_equal(/* her and Dan, her and me */
		world_number(*state, "SELECT count(*) * 100 + sum(a * 10 + b) FROM aside"),
		200 + 14 + 11);

	assert_ok(kith_store_unjoin(store, ada));
	expect_find("giraffe", "Typed");
	expect_find("lisp", "Typed");
	expect_find("both", "Ada");
	assert_int_equal(world_number(*state, "SELECT contact FROM remark"), typed);
	expect(0, "A-B s cousins|A-C s friends; rivals"); /* that stays, as the ring does */
	world_sound(*state);
}

/* What was decided about the one that stays counts, unless there is nothing, or one of them matters. */
static void whose_review_counts(void **state)
{
	static const enum kith_review table[][3] = {
		/* stays, goes, then */
		{KITH_REVIEW_WAITS, KITH_REVIEW_WAITS, KITH_REVIEW_WAITS},
		{KITH_REVIEW_WAITS, KITH_REVIEW_KEEP, KITH_REVIEW_KEEP},
		{KITH_REVIEW_WAITS, KITH_REVIEW_SOON, KITH_REVIEW_SOON},
		{KITH_REVIEW_WAITS, KITH_REVIEW_LETGO, KITH_REVIEW_WAITS},
		{KITH_REVIEW_KEEP, KITH_REVIEW_SOON, KITH_REVIEW_KEEP},
		{KITH_REVIEW_SOON, KITH_REVIEW_LETGO, KITH_REVIEW_SOON},
		{KITH_REVIEW_LETGO, KITH_REVIEW_WAITS, KITH_REVIEW_KEEP},
		{KITH_REVIEW_LETGO, KITH_REVIEW_SOON, KITH_REVIEW_SOON},
		{KITH_REVIEW_LETGO, KITH_REVIEW_LETGO, KITH_REVIEW_LETGO},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct kith_memory memory;
		char uid[16];
		(void)snprintf(uid, sizeof uid, "w%zu", i);
		int64_t typed = world_entry(store, 0, uid, "name=Typed");
		assert_ok(kith_store_reviewed(store, ada, table[i][0], NOW));
		assert_ok(kith_store_reviewed(store, typed, table[i][1], NOW));
		assert_ok(kith_store_join(store, ada, typed));
		assert_ok(kith_store_memory(store, ada, NOW, &memory));
		if (memory.review != table[i][2])
			fail_msg("line %zu: %d", i, (int)memory.review);
		assert_int_equal(
			world_number(*state, "SELECT count(*) FROM contact WHERE row = 1 AND "
					     "(review = 3) = (letgo_used IS NOT NULL)"),
			1);
	}
}

/* Of two that were let go the later counts, whichever of them stays. */
static void the_later_letting_go_counts(void **state)
{
	for (int later = 0; later < 2; later++) {
		char uid[16];
		(void)snprintf(uid, sizeof uid, "l%d", later);
		int64_t typed = world_entry(store, 0, uid, "name=Typed");
		assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
		assert_ok(kith_store_reviewed(store, typed, KITH_REVIEW_LETGO, NOW));
		char sql[128];
		(void)snprintf(sql, sizeof sql,
			"UPDATE contact SET letgo_used = iif(row = %lld, 4, 33) WHERE review = 3",
			(long long)(later ? ada : typed));
		world_sql(*state, sql);
		assert_ok(kith_store_join(store, ada, typed));
		assert_int_equal(
			world_number(*state, "SELECT letgo_used FROM contact WHERE row = 1"), 33);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(said_in_either_order),
		TEST(refused),
		TEST(goes_with_either),
		TEST(set_aside),
		TEST(introduced),
		TEST(at_the_same_event),
		TEST(of_a_crowd_nobody_knows),
		TEST(of_the_same_organisation),
		TEST(it_may_stop),
		TEST(joined_and_parted),
		TEST(whose_review_counts),
		TEST(the_later_letting_go_counts),
	};
	return cmocka_run_group_tests_name("store_relation", tests, NULL, NULL);
}
