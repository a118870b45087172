/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/people.h>

#include "base/limits.h"

enum { ADA = 2, BOB, CAROL, DAN, NOW = 1777809600, TODAY = 20576 };

static struct kith_store *store;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	store = world_open(*state, KITH_STORE_WRITE);
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

static struct kith_memory memory_of(int64_t who)
{
	struct kith_memory memory;

	assert_ok(kith_store_memory(store, who, NOW, &memory));
	assert_int_equal(memory.contact, who);
	return memory;
}

static enum kith_touched last_of(int64_t who)
{
	enum kith_touched last;

	assert_ok(kith_store_touched(store, who, memory_of(who).touched, &last));
	return last;
}

static enum kith_review review_of(int64_t who)
{
	return memory_of(who).review;
}

/* Somebody who was met then and there, and whose card has come. */
static int64_t met(uint8_t seed, const char *name, const char *event, int64_t at)
{
	int64_t who = world_person(store, seed, name);

	assert_ok(world_meet(store, seed, seed, event, at));
	return who;
}

static bool count(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	++*(size_t *)ctx;
	return true;
}

/* After a start of the machine each time, so that the day alone counts; unit.store_used has the rest. */
static size_t use(int32_t day)
{
	static uint8_t boot;
	struct kith_use at = {.today = day, .boot = {++boot ? boot : ++boot}};
	size_t gone = 0;

	assert_ok(kith_store_used(store, &at, count, &gone));
	assert_ok(kith_store_fading_told(store, day));
	return gone;
}

/* --- how I stand to somebody ------------------------------------------------------------------ */

static void of_somebody_new(void **state)
{
	int64_t ada = world_person(store, ADA, "Ada");
	struct kith_memory memory = memory_of(ada);

	(void)state;
	assert_int_equal(memory.ring, 0);
	assert_int_equal(memory.ring_at, 0);
	assert_int_equal(memory.touched, 0);
	assert_int_equal(last_of(ada), KITH_TOUCHED_NEVER);
	assert_int_equal(memory.snoozed, KITH_DAY_NONE);
	assert_int_equal(memory.review, KITH_REVIEW_WAITS);
	assert_int_equal(memory.reviewed_at, 0);
	assert_int_equal(memory.used_since, 0);
	assert_err(kith_store_memory(store, 99, NOW, &memory), NOPERSON);
}

/* A swap, a comparison, a touch, a session in which something went over: whichever was last. */
static void the_last_contact(void **state)
{
	struct kith_remark call = {.kind = KITH_REMARK_CALL, .at = NOW - 100};
	int64_t row;
	int64_t ada = met(ADA, "Ada", "", NOW - 1000);

	(void)state;
	assert_int_equal(memory_of(ada).touched, NOW - 1000);
	assert_int_equal(last_of(ada), KITH_TOUCHED_MET);
	assert_ok(kith_store_handed(store, ada, NOW - 700));
	assert_int_equal(memory_of(ada).touched, NOW - 700);
	assert_int_equal(last_of(ada), KITH_TOUCHED_NODES);
	assert_ok(kith_store_compared(store, ada, KITH_HOW_COMPARED, kith_span("", 0), NOW - 500));
	assert_int_equal(memory_of(ada).touched, NOW - 500);
	assert_int_equal(last_of(ada), KITH_TOUCHED_MET);
	call.contact = ada;
	assert_ok(kith_store_remark_put(store, &call, NOW, &row));
	assert_int_equal(memory_of(ada).touched, NOW - 100);
	assert_int_equal(last_of(ada), KITH_TOUCHED_CALL);
	assert_ok(kith_store_handed(store, ada, NOW - 300)); /* an earlier one takes none away */
	assert_int_equal(memory_of(ada).touched, NOW - 100);
	/* what lies ahead was written by a wrong clock */
	assert_ok(world_meet(store, 9, ADA, "", NOW + 500));
	assert_int_equal(memory_of(ada).touched, NOW - 100);
	assert_ok(kith_store_remark_remove(store, row));
	assert_int_equal(memory_of(ada).touched, NOW - 300);
	assert_ok(kith_store_handed(store, ada, NOW + 1));
	assert_int_equal(memory_of(ada).touched, NOW - 500);
	assert_ok(kith_store_handed(store, ada, NOW));
	assert_int_equal(memory_of(ada).touched, NOW);
}

static void snoozed(void **state)
{
	int64_t ada = world_person(store, ADA, "Ada");

	(void)state;
	assert_ok(kith_store_snooze(store, ada, TODAY + 9));
	assert_int_equal(memory_of(ada).snoozed, TODAY + 9);
	assert_ok(kith_store_snooze(store, ada, -3)); /* a day before 1970 is one too */
	assert_int_equal(memory_of(ada).snoozed, -3);
	assert_ok(kith_store_snooze(store, ada, KITH_DAY_NONE));
	assert_int_equal(memory_of(ada).snoozed, KITH_DAY_NONE);
	assert_err(kith_store_snooze(store, 99, TODAY), NOPERSON);
}

/* --- review ----------------------------------------------------------------------------------- */

static void expect_waiting(int64_t event, int64_t since, const char *names)
{
	char text[512] = "";

	assert_ok(kith_store_unreviewed(store, event, since, world_names, text));
	assert_string_equal(text, names);
}

/* Whoever was met and not decided about, in the order of meeting; from a file nobody was met. */
static void who_waits(void **state)
{
	int64_t carol = met(CAROL, "Carol", "FOSDEM", NOW - 50);
	int64_t ada = met(ADA, "Ada", "", NOW - 70); /* by another clock */
	int64_t bob = met(BOB, "Bob", "fosdem", NOW - 10);

	(void)world_person(store, DAN, "Dan");
	(void)world_entry(store, 0, "e", "name=Eve");
	expect_waiting(0, 0, "Carol|Ada|Bob");
	int64_t fosdem = world_number(*state, "SELECT row FROM event WHERE fold = 'fosdem'");
	expect_waiting(fosdem, 0, "Carol|Bob");
	expect_waiting(0, NOW - 50, "Carol|Bob");
	expect_waiting(0, NOW - 49, "Bob");
	expect_waiting(fosdem, NOW - 49, "Bob");
	assert_ok(world_meet(store, 90, CAROL, "", NOW)); /* the first meeting counts */
	expect_waiting(0, 0, "Carol|Ada|Bob");
	/* who was left in the middle comes first, until that is over */
	assert_ok(kith_store_review_step(store, bob, 2));
	assert_int_equal(memory_of(bob).step, 2);
	expect_waiting(0, 0, "Bob|Carol|Ada");
	assert_ok(kith_store_review_step(store, bob, 0));
	expect_waiting(0, 0, "Carol|Ada|Bob");
	assert_err(kith_store_review_step(store, 99, 1), NOPERSON);
	assert_ok(kith_store_reviewed(store, carol, KITH_REVIEW_KEEP, NOW));
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_SOON, NOW));
	expect_waiting(0, 0, "Bob");
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW));
	expect_waiting(0, 0, "");
	assert_int_equal(review_of(carol), KITH_REVIEW_KEEP);
	assert_int_equal(review_of(ada), KITH_REVIEW_SOON);
	assert_int_equal(memory_of(ada).reviewed_at, NOW);
	assert_int_equal(review_of(bob), KITH_REVIEW_LETGO);
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_WAITS, NOW));
	assert_int_equal(memory_of(bob).reviewed_at, 0);
	expect_waiting(0, 0, "Bob");
	assert_err(kith_store_reviewed(store, 99, KITH_REVIEW_KEEP, NOW), NOPERSON);
	assert_err(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO + 1, NOW), VALUE);
	assert_err(kith_store_reviewed(store, bob, (enum kith_review) - 1, NOW), VALUE);
	expect_waiting(0, 0, "Bob");
}

/* Asked about once; who was let go is asked about again, however they were met. */
static void met_again(void **state)
{
	int64_t ada = met(ADA, "Ada", "", NOW - 70), bob = met(BOB, "Bob", "", NOW - 60);

	(void)state;
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_KEEP, NOW - 50));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW - 50));
	assert_ok(world_meet(store, 90, ADA, "", NOW - 40));
	expect_waiting(0, 0, "");
	assert_ok(world_meet(store, 91, BOB, "", NOW - 40));
	expect_waiting(0, 0, "Bob");
	assert_int_equal(memory_of(bob).reviewed_at, 0);
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW - 30));
	assert_ok(kith_store_compared(store, bob, KITH_HOW_SCANNED, kith_span("", 0), NOW - 20));
	expect_waiting(0, 0, "Bob");
	/* a session of two machines is no meeting */
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW - 10));
	assert_ok(kith_store_handed(store, bob, NOW));
	assert_int_equal(review_of(bob), KITH_REVIEW_LETGO);
}

/* --- days of use ------------------------------------------------------------------------------ */

static void expect_there(const char *names)
{
	char text[512] = "";

	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, names);
}

/* One day short of LETGO_DAYS they are there, and then not; nor is anything of them in the file. */
static void forgotten_after_so_many_days(void **state)
{
	struct kith_remark note = {.text = kith_span_str("wombatwombat")};
	int64_t ada = met(ADA, "Ada", "FOSDEM", NOW);
	int64_t row;

	(void)met(BOB, "Bob", "FOSDEM", NOW);
	assert_int_equal(use(TODAY), 0);
	note.contact = ada;
	assert_ok(kith_store_remark_put(store, &note, NOW, &row));
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_int_equal(use(TODAY), 0); /* the same day counts once, and it counted before */
	assert_int_equal(memory_of(ada).used_since, 0);
	for (int32_t i = 1; i < KITH_LETGO_DAYS; i++) {
		assert_int_equal(use(TODAY + i * 9), 0); /* nobody uses it every day */
		assert_int_equal(use(TODAY + i * 9), 0);
		assert_int_equal(memory_of(ada).used_since, i);
	}
	expect_there("Ada|Bob");
	assert_int_equal(use(TODAY + KITH_LETGO_DAYS * 9), 1);
	expect_there("Bob");
	assert_false(world_at_rest(*state, "wombatwombat"));
	assert_int_equal(use(TODAY + KITH_LETGO_DAYS * 9 + 1), 0);
	world_sound(*state);
}

/* Days that a clock has said before make no new ones, wherever it jumps. */
static void a_clock_that_jumps(void **state)
{
	int64_t ada = met(ADA, "Ada", "", NOW);

	(void)state;
	for (int32_t i = 0; i < 5; i++)
		assert_int_equal(use(TODAY + i), 0);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	for (int round = 0; round < KITH_LETGO_DAYS; round++)
		for (int32_t i = 0; i < 5; i++)
			assert_int_equal(use(TODAY + i), 0);
	assert_int_equal(memory_of(ada).used_since, 0);
	assert_int_equal(use(TODAY + 36500), 0); /* a hundred years are one day */
	assert_int_equal(use(TODAY - 36500), 0);
	assert_int_equal(memory_of(ada).used_since, 2);
	expect_there("Ada");
}

static void a_promise_keeps_them(void **state)
{
	struct kith_promise promise = {.text = kith_span_str("a book"), .by = KITH_DAY_NONE};
	int64_t ada = met(ADA, "Ada", "", NOW);
	int64_t row;

	(void)state;
	promise.contact = ada;
	assert_ok(kith_store_promise_put(store, &promise, &row));
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	for (int32_t i = 0; i < 2 * KITH_LETGO_DAYS; i++)
		assert_int_equal(use(TODAY + i), 0);
	expect_there("Ada");
	assert_ok(kith_store_promise_end(store, row, KITH_PROMISE_DONE, NOW));
	for (int32_t i = 1; i < KITH_LETGO_DAYS; i++)
		assert_int_equal(use(TODAY + 100 + i), 0); /* they begin anew */
	expect_there("Ada");
	assert_int_equal(use(TODAY + 200), 1);
	expect_there("");
}

/* The days count from the last time that they were let go. */
static void called_back(void **state)
{
	int64_t ada = met(ADA, "Ada", "", NOW), bob = met(BOB, "Bob", "", NOW);

	(void)state;
	assert_int_equal(use(TODAY), 0);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW));
	for (int32_t i = 1; i < KITH_LETGO_DAYS; i++)
		assert_int_equal(use(TODAY + i), 0);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_WAITS, NOW));
	assert_int_equal(memory_of(ada).used_since, 0);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_int_equal(use(TODAY + KITH_LETGO_DAYS), 1);
	expect_there("Ada");
	assert_int_equal(memory_of(ada).used_since, 1);
	for (int32_t i = 1; i < KITH_LETGO_DAYS - 1; i++)
		assert_int_equal(use(TODAY + 100 + i), 0);
	assert_int_equal(use(TODAY + 200), 1);
	expect_there("");
}

static void so_many_days_are_kept(void **state)
{
	int64_t ada = met(ADA, "Ada", "", NOW);

	assert_int_equal(use(TODAY), 0);
	for (int32_t i = 1; i < KITH_USED_MAX; i++)
		assert_int_equal(use(TODAY + i), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), KITH_USED_MAX);
	assert_int_equal(use(TODAY - 5), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), KITH_USED_MAX);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	/* the first in the order in which they came is gone, not the earliest */
	assert_int_equal(use(TODAY - 5), 0);
	assert_int_equal(memory_of(ada).used_since, 0);
	assert_int_equal(use(TODAY), 0); /* the day of the decision */
	assert_int_equal(memory_of(ada).used_since, 0);
	assert_int_equal(use(TODAY + 1), 0);
	assert_int_equal(memory_of(ada).used_since, 1);
}

/* Two processes that both saw no such day before. */
static int use_it(const char *home)
{
	struct kith_store *own = NULL;
	size_t gone = 0;

	world_check(!kith_store_open(home, KITH_STORE_USE, &own, NULL));
	for (int32_t i = 0; i < 40; i++) {
		struct kith_use at = {.today = TODAY + i, .boot = {(uint8_t)(i + 1)}};
		world_check(!kith_store_used(own, &at, count, &gone));
	}
	kith_store_close(own);
	return 0;
}

static void by_two_at_once(void **state)
{
	pid_t child[2];

	(void)fflush(NULL);
	for (int i = 0; i < 2; i++)
		if ((child[i] = fork()) == 0)
			_exit(use_it(*state));
	for (int i = 0; i < 2; i++)
		assert_int_equal(world_wait(child[i]), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 40);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_somebody_new),
		TEST(the_last_contact),
		TEST(snoozed),
		TEST(who_waits),
		TEST(met_again),
		TEST(forgotten_after_so_many_days),
		TEST(a_clock_that_jumps),
		TEST(a_promise_keeps_them),
		TEST(called_back),
		TEST(so_many_days_are_kept),
		TEST(by_two_at_once),
	};
	return cmocka_run_group_tests_name("store_memory", tests, NULL, NULL);
}
