/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/people.h>

#include "base/limits.h"

enum { NOW = 1777809600 };

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

static enum kith_err put(const char *name, uint32_t place, uint32_t room, uint32_t rhythm)
{
	struct kith_ring ring = {
		.name = kith_span_str(name), .place = place, .room = room, .rhythm = rhythm};

	return kith_store_ring_put(store, &ring);
}

struct seen {
	char text[1024];
	const char *name; /* whose row is wanted */
	int64_t row;
	uint32_t place;
};

/* Each as "name room/rhythm:people"; places count from one. */
static bool see(void *ctx, const struct kith_ring *ring)
{
	struct seen *seen = ctx;
	size_t n = strlen(seen->text);

	assert_int_equal(ring->place, ++seen->place);
	(void)snprintf(seen->text + n, sizeof seen->text - n, "%s%.*s %u/%u:%zu", n ? "|" : "",
		(int)ring->name.n, (const char *)ring->name.p, ring->room, ring->rhythm,
		ring->people);
	if (seen->name && kith_span_eq(ring->name, kith_span_str(seen->name)))
		seen->row = ring->row;
	return true;
}

static bool see_one(void *ctx, const struct kith_ring *ring)
{
	(void)see(ctx, ring);
	return false;
}

static void expect(const char *rings)
{
	struct seen seen = {0};

	assert_ok(kith_store_rings(store, see, &seen));
	assert_string_equal(seen.text, rings);
}

static int64_t row_of(const char *name)
{
	struct seen seen = {.name = name};

	assert_ok(kith_store_rings(store, see, &seen));
	assert_true(seen.row > 0);
	return seen.row;
}

#define INNER  "inner 15/28:0"
#define MIDDLE "middle 40/84:0"
#define OUTER  "outer 150/365:0"

/* --- the rings -------------------------------------------------------------------------------- */

static void the_first_ones(void **state)
{
	struct seen seen = {0};

	(void)state;
	expect(INNER "|" MIDDLE "|" OUTER);
	assert_ok(kith_store_rings(store, see_one, &seen));
	assert_string_equal(seen.text, INNER);
}

static void others_make_way(void **state)
{
	(void)state;
	assert_ok(put("far", 0, 9, 0)); /* outermost */
	expect(INNER "|" MIDDLE "|" OUTER "|far 9/0:0");
	assert_ok(put("near", 1, 8, 7));
	expect("near 8/7:0|" INNER "|" MIDDLE "|" OUTER "|far 9/0:0");
	assert_ok(put("beyond", 99, 7, 7));
	expect("near 8/7:0|" INNER "|" MIDDLE "|" OUTER "|far 9/0:0|beyond 7/7:0");
	assert_ok(put("FAR", 2, 9, 1)); /* as it is written now */
	expect("near 8/7:0|FAR 9/1:0|" INNER "|" MIDDLE "|" OUTER "|beyond 7/7:0");
	assert_ok(put("near", 99, 8, 7));
	expect("FAR 9/1:0|" INNER "|" MIDDLE "|" OUTER "|beyond 7/7:0|near 8/7:0");
	assert_ok(put("near", 1, 8, 7));
	expect("near 8/7:0|FAR 9/1:0|" INNER "|" MIDDLE "|" OUTER "|beyond 7/7:0");
	assert_ok(put("inner", 0, 16, 30)); /* where it is */
	expect("near 8/7:0|FAR 9/1:0|inner 16/30:0|" MIDDLE "|" OUTER "|beyond 7/7:0");
	assert_ok(put("inner", 3, 15, 28));
	expect("near 8/7:0|FAR 9/1:0|" INNER "|" MIDDLE "|" OUTER "|beyond 7/7:0");
	assert_ok(kith_store_ring_remove(store, kith_span_str("far")));
	expect("near 8/7:0|" INNER "|" MIDDLE "|" OUTER "|beyond 7/7:0");
	assert_ok(kith_store_ring_remove(store, kith_span_str("beyond")));
	assert_ok(kith_store_ring_remove(store, kith_span_str("near")));
	expect(INNER "|" MIDDLE "|" OUTER);
	assert_err(kith_store_ring_remove(store, kith_span_str("near")), MISSING);
	assert_err(kith_store_ring_remove(store, kith_span_str("")), MISSING);
}

/* From every place to every other: the rest keeps its order. */
static void every_move(void **state)
{
	(void)state;
	assert_ok(put("d", 0, 1, 1));
	for (int64_t at = 0; at < 16; at++) {
		static const char *const names[] = {"inner", "middle", "outer", "d"};
		const char *order[4], *rest[4];
		char text[64] = "";
		size_t n = 0;
		for (uint32_t i = 0; i < 4; i++)
			assert_ok(put(names[i], i + 1, 1, 1));
		for (size_t i = 0; i < 4; i++)
			if (i != (size_t)at / 4)
				rest[n++] = names[i];
		n = 0;
		for (size_t i = 0; i < 4; i++)
			order[i] = i == (size_t)at % 4 ? names[at / 4] : rest[n++];
		for (size_t i = 0; i < 4; i++)
			(void)snprintf(text + strlen(text), sizeof text - strlen(text),
				"%s%s 1/1:0", i ? "|" : "", order[i]);
		assert_ok(put(names[at / 4], (uint32_t)(at % 4) + 1, 1, 1));
		expect(text);
	}
}

static void refused(void **state)
{
	char name[KITH_TAG_MAX + 2];

	(void)state;
	assert_err(put("", 0, 1, 1), VALUE);
	assert_err(put("two words", 0, 1, 1), VALUE);
	assert_err(put("None", 0, 1, 1), VALUE); /* which means no ring */
	assert_err(put("room", 0, 0, 1), LIMIT);
	assert_err(put("room", 0, KITH_RING_ROOM_MAX + 1, 1), LIMIT);
	assert_err(put("rhythm", 0, 1, KITH_RHYTHM_MAX + 1), LIMIT);
	memset(name, 'a', sizeof name);
	name[KITH_TAG_MAX + 1] = 0;
	assert_err(put(name, 0, 1, 1), LIMIT);
	expect(INNER "|" MIDDLE "|" OUTER);
	name[KITH_TAG_MAX] = 0;
	assert_ok(put(name, 0, KITH_RING_ROOM_MAX, KITH_RHYTHM_MAX));
}

static void as_many_as_there_is_room_for(void **state)
{
	char name[8];

	(void)state;
	for (int i = 3; i < KITH_RINGS_MAX; i++) {
		(void)snprintf(name, sizeof name, "r%d", i);
		assert_ok(put(name, 1, 1, 1));
	}
	assert_err(put("more", 1, 1, 1), LIMIT);
	assert_ok(put("R7", 1, 2, 2));
	assert_ok(kith_store_ring_remove(store, kith_span_str("r7")));
	assert_ok(put("more", 1, 1, 1));
}

/* --- who is in them --------------------------------------------------------------------------- */

static struct kith_memory memory_of(int64_t who)
{
	struct kith_memory memory;

	assert_ok(kith_store_memory(store, who, NOW, &memory));
	return memory;
}

static void moved(void **state)
{
	int64_t ada = world_person(store, 2, "Ada");
	int64_t inner = row_of("inner");

	(void)state;
	assert_ok(kith_store_ring_move(store, ada, inner, NOW - 9));
	expect("inner 15/28:1|" MIDDLE "|" OUTER);
	assert_int_equal(memory_of(ada).ring, inner);
	assert_int_equal(memory_of(ada).ring_at, NOW - 9);
	assert_ok(kith_store_snooze(store, ada, 20700));
	assert_ok(kith_store_ring_move(store, ada, inner, NOW)); /* there already */
	assert_int_equal(memory_of(ada).ring_at, NOW - 9);
	assert_int_equal(memory_of(ada).snoozed, 20700);
	assert_ok(kith_store_ring_move(store, ada, row_of("outer"), NOW - 5));
	assert_int_equal(memory_of(ada).ring_at, NOW - 5);
	assert_int_equal(memory_of(ada).snoozed, KITH_DAY_NONE);
	expect(INNER "|" MIDDLE "|outer 150/365:1");
	assert_ok(kith_store_ring_move(store, ada, 0, NOW));
	assert_int_equal(memory_of(ada).ring, 0);
	assert_int_equal(memory_of(ada).ring_at, 0);
	expect(INNER "|" MIDDLE "|" OUTER);
	assert_err(kith_store_ring_move(store, 99, inner, NOW), NOPERSON);
	assert_err(kith_store_ring_move(store, 99, 0, NOW), NOPERSON);
	assert_err(kith_store_ring_move(store, ada, 99, NOW), MISSING);
	assert_int_equal(memory_of(ada).ring, 0);
}

static void a_full_one_takes_nobody(void **state)
{
	int64_t ada = world_person(store, 2, "Ada"), bob = world_person(store, 3, "Bob");
	int64_t carol = world_person(store, 4, "Carol");
	int64_t inner = row_of("inner"), outer = row_of("outer");

	(void)state;
	assert_ok(put("inner", 0, 2, 28));
	assert_ok(kith_store_ring_move(store, ada, inner, NOW));
	assert_ok(kith_store_ring_move(store, bob, inner, NOW));
	assert_ok(kith_store_ring_move(store, carol, outer, NOW));
	assert_err(kith_store_ring_move(store, carol, inner, NOW), LIMIT);
	assert_int_equal(memory_of(carol).ring, outer);
	assert_ok(put("inner", 0, 1, 28)); /* made smaller it keeps whom it has */
	expect("inner 1/28:2|" MIDDLE "|outer 150/365:1");
	assert_ok(kith_store_ring_move(store, bob, inner, NOW));
	assert_ok(kith_store_ring_move(store, bob, 0, NOW));
	assert_err(kith_store_ring_move(store, carol, inner, NOW), LIMIT);
	assert_ok(kith_store_ring_move(store, ada, outer, NOW));
	assert_ok(kith_store_ring_move(store, carol, inner, NOW));
	expect("inner 1/28:1|" MIDDLE "|outer 150/365:1");
}

static void who_was_let_go_takes_no_room(void **state)
{
	int64_t ada = world_person(store, 2, "Ada"), bob = world_person(store, 3, "Bob");
	int64_t inner = row_of("inner");

	(void)state;
	assert_ok(put("inner", 0, 1, 28));
	assert_ok(kith_store_ring_move(store, ada, inner, NOW));
	assert_err(kith_store_ring_move(store, bob, inner, NOW), LIMIT);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_ok(kith_store_ring_move(store, bob, inner, NOW));
	expect("inner 1/28:1|" MIDDLE "|" OUTER);
	/* called back she has it again, and one too many are in it */
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_KEEP, NOW));
	assert_int_equal(memory_of(ada).ring, inner);
	expect("inner 1/28:2|" MIDDLE "|" OUTER);
}

static void in_order_of_the_last_contact(void **state)
{
	int64_t inner = row_of("inner");
	char text[512] = "";

	(void)state;
	for (uint8_t seed = 2; seed < 6; seed++) {
		char name[2] = {(char)('A' + seed), 0};
		int64_t who = world_person(store, seed, name);
		assert_ok(kith_store_ring_move(store, who, inner, NOW));
		if (seed != 3)
			assert_ok(kith_store_handed(store, who, NOW - seed * 100));
	}
	assert_ok(kith_store_ring_people(store, inner, world_names, text));
	assert_string_equal(text, "D|F|E|C"); /* never comes first */
}

static void a_ring_that_is_removed(void **state)
{
	int64_t ada = world_person(store, 2, "Ada"), bob = world_person(store, 3, "Bob");
	char text[512] = "";

	assert_ok(kith_store_ring_move(store, ada, row_of("inner"), NOW));
	assert_ok(kith_store_ring_move(store, bob, row_of("middle"), NOW));
	assert_ok(kith_store_snooze(store, ada, 20700));
	assert_ok(kith_store_snooze(store, bob, 20700));
	int64_t inner = row_of("inner");
	assert_ok(kith_store_ring_remove(store, kith_span_str("INNER")));
	expect("middle 40/84:1|" OUTER);
	assert_int_equal(memory_of(ada).ring, 0);
	assert_int_equal(memory_of(ada).ring_at, 0);
	assert_int_equal(memory_of(ada).snoozed, KITH_DAY_NONE);
	assert_int_equal(memory_of(bob).snoozed, 20700);
	assert_ok(kith_store_ring_people(store, inner, world_names, text));
	assert_string_equal(text, "");
	assert_ok(put("inner", 1, 15, 28));
	assert_true(row_of("inner") > inner); /* no number means two */
	world_sound(*state);
}

static void calls_back(void **state)
{
	int64_t ada = world_person(store, 2, "Ada");

	(void)state;
	assert_ok(kith_store_ring_move(store, ada, row_of("outer"), NOW));
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	assert_ok(kith_store_ring_move(store, ada, 0, NOW));
	assert_int_equal(memory_of(ada).review, KITH_REVIEW_LETGO);
	assert_ok(kith_store_ring_move(store, ada, row_of("outer"), NOW));
	assert_int_equal(memory_of(ada).review, KITH_REVIEW_KEEP);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_ones),
		TEST(others_make_way),
		TEST(every_move),
		TEST(refused),
		TEST(as_many_as_there_is_room_for),
		TEST(moved),
		TEST(a_full_one_takes_nobody),
		TEST(who_was_let_go_takes_no_room),
		TEST(in_order_of_the_last_contact),
		TEST(a_ring_that_is_removed),
		TEST(calls_back),
	};
	return cmocka_run_group_tests_name("store_ring", tests, NULL, NULL);
}
