/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/people.h>

#include "base/limits.h"

enum { ADA = 2, BOB, NOW = 1777809600, TODAY = 20576 };

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

static int64_t promise(int64_t who, const char *text, int32_t by)
{
	struct kith_promise p = {
		.contact = who, .text = kith_span_str(text), .made = NOW, .by = by};
	int64_t row = 0;

	assert_ok(kith_store_promise_put(store, &p, &row));
	return row;
}

/* Each as "text day state", with marks for theirs and a thing. */
static bool add_promise(void *text, const struct kith_promise *p)
{
	char day[16] = "-";
	size_t n = strlen(text);

	assert_int_equal(p->made, NOW);
	assert_true((p->ended != 0) == (p->state != KITH_PROMISE_OPEN));
	if (p->by != KITH_DAY_NONE)
		(void)snprintf(day, sizeof day, "%d", p->by - TODAY);
	(void)snprintf((char *)text + n, 512 - n, "%s%.*s %s %d%s%s", n ? "|" : "", (int)p->text.n,
		(const char *)p->text.p, day, (int)p->state, p->theirs ? " theirs" : "",
		p->thing ? " thing" : "");
	return true;
}

static bool add_one(void *text, const struct kith_promise *p)
{
	(void)add_promise(text, p);
	return false;
}

static void expect(int64_t who, bool all, const char *promises)
{
	char text[512] = "";

	assert_ok(kith_store_promises(store, who, all, add_promise, text));
	assert_string_equal(text, promises);
}

static void expect_find(const char *words, const char *names)
{
	char text[512] = "";

	assert_ok(kith_store_find(store, kith_span_str(words), world_names, text));
	assert_string_equal(text, names);
}

static void by_day_and_number(void **state)
{
	char text[512] = "";

	(void)promise(ada, "whenever", KITH_DAY_NONE);
	(void)promise(ada, "late", TODAY + 9);
	(void)promise(bob, "his", TODAY - 3);
	(void)promise(ada, "soon", TODAY);
	(void)promise(ada, "soon too", TODAY);
	int64_t done = promise(ada, "done", TODAY + 1);
	assert_ok(kith_store_promise_end(store, done, KITH_PROMISE_DONE, NOW + 1));
	expect(ada, false, "soon 0 0|soon too 0 0|late 9 0|whenever - 0");
	expect(ada, true, "soon 0 0|soon too 0 0|done 1 1|late 9 0|whenever - 0");
	expect(bob, true, "his -3 0");
	expect(0, false, "his -3 0|soon 0 0|soon too 0 0|late 9 0|whenever - 0");
	expect(0, true, "his -3 0|soon 0 0|soon too 0 0|done 1 1|late 9 0|whenever - 0");
	assert_ok(kith_store_promises(store, 0, true, add_one, text));
	assert_string_equal(text, "his -3 0");
	assert_ok(kith_store_forget(store, bob));
	expect(0, false, "soon 0 0|soon too 0 0|late 9 0|whenever - 0");
	world_sound(*state);
}

static void changed_ended_and_opened_again(void **state)
{
	int64_t row = promise(ada, "Send the Book", TODAY);
	struct kith_promise p = {.row = row,
		.contact = ada,
		.theirs = true,
		.thing = true,
		.text = kith_span_str("return the lamp"),
		.made = NOW + 77, /* not looked at */
		.by = KITH_DAY_NONE,
		.state = KITH_PROMISE_DONE};
	int64_t same = 0;

	(void)state;
	expect_find("book", "Ada");
	assert_ok(kith_store_promise_put(store, &p, &same));
	assert_int_equal(same, row);
	expect(ada, false, "return the lamp - 0 theirs thing");
	expect_find("book", "");
	expect_find("lamp", "Ada");
	assert_ok(kith_store_promise_end(store, row, KITH_PROMISE_LETGO, NOW + 1));
	expect(ada, false, "");
	expect(ada, true, "return the lamp - 2 theirs thing");
	expect_find("lamp", "Ada"); /* it stays */
	assert_ok(kith_store_promise_end(store, row, KITH_PROMISE_OPEN, NOW + 2));
	expect(ada, false, "return the lamp - 0 theirs thing");
	assert_ok(kith_store_promise_end(store, row, KITH_PROMISE_DONE, NOW + 3));
	expect(ada, true, "return the lamp - 1 theirs thing");
	assert_err(kith_store_promise_end(store, 99, KITH_PROMISE_DONE, NOW), MISSING);
}

static void refused(void **state)
{
	static char text[KITH_NOTE_MAX + 1];
	struct kith_promise p = {.contact = ada, .made = NOW, .by = KITH_DAY_NONE};
	int64_t row = 77;

	(void)state;
	memset(text, 'a', sizeof text);
	p.text = kith_span(text, KITH_NOTE_MAX + 1);
	assert_err(kith_store_promise_put(store, &p, &row), LIMIT);
	p.text = kith_span(" \n", 2);
	assert_err(kith_store_promise_put(store, &p, &row), VALUE);
	p.text = kith_span_str("text");
	p.contact = 99;
	assert_err(kith_store_promise_put(store, &p, &row), NOPERSON);
	p.contact = bob;
	p.row = promise(ada, "hers", KITH_DAY_NONE);
	assert_err(kith_store_promise_put(store, &p, &row), MISSING);
	p.row = 99;
	assert_err(kith_store_promise_put(store, &p, &row), MISSING);
	assert_int_equal(row, 77);
	expect(0, true, "hers - 0");
	p.row = 0;
	p.text = kith_span(text, KITH_NOTE_MAX);
	assert_ok(kith_store_promise_put(store, &p, &row));
}

static void calls_back(void **state)
{
	struct kith_memory memory;

	(void)state;
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, NOW));
	(void)promise(ada, "a book", KITH_DAY_NONE);
	assert_ok(kith_store_memory(store, ada, NOW, &memory));
	assert_int_equal(memory.review, KITH_REVIEW_KEEP);
	assert_ok(kith_store_memory(store, bob, NOW, &memory));
	assert_int_equal(memory.review, KITH_REVIEW_LETGO);
}

/* A number names it, so it is never another's. */
static void numbers_are_given_once(void **state)
{
	int64_t first = promise(ada, "one", KITH_DAY_NONE);

	(void)state;
	assert_ok(kith_store_forget(store, ada));
	assert_true(promise(bob, "two", KITH_DAY_NONE) > first);
	assert_err(kith_store_promise_end(store, first, KITH_PROMISE_DONE, NOW), MISSING);
}

static void without_a_trace(void **state)
{
	(void)promise(ada, "wombatwombat", TODAY);
	(void)promise(bob, "quollquoll", TODAY);
	assert_true(world_at_rest(*state, "wombatwombat"));
	assert_ok(kith_store_forget(store, ada));
	assert_false(world_at_rest(*state, "wombatwombat"));
	assert_true(world_at_rest(*state, "quollquoll"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_day_and_number),
		TEST(changed_ended_and_opened_again),
		TEST(refused),
		TEST(calls_back),
		TEST(numbers_are_given_once),
		TEST(without_a_trace),
	};
	return cmocka_run_group_tests_name("store_promise", tests, NULL, NULL);
}
