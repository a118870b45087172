/* SPDX-License-Identifier: MIT
 *
 * Ties, groups, and who holds them together.
 */
#include "people_world.h"

#include "base/auto.h"
#include "base/limits.h"

static void read_groups(struct kith_store *store, struct kith_ties *t, struct kith_groups *g)
{
	struct kith_diag diag = {0};

	assert_ok(kith_ties_read(store, t));
	assert_ok(kith_groups_make(&kith_graph_library, t, store, g, &diag));
}

#define WORLD                                                                                      \
	KITH_AUTO(kith_ties_free) struct kith_ties t = {0};                                        \
	KITH_AUTO(kith_groups_free) struct kith_groups g = {0}

static void assert_span(struct kith_span s, const char *text)
{
	char shown[256];

	(void)snprintf(shown, sizeof shown, "%.*s", (int)s.n, (const char *)s.p);
	assert_string_equal(shown, text);
}

/* "Ada" to "Ada9" and so on at an event. */
static void crowd(struct kith_store *store, const char *name, const char *event, const char *place,
	int n, int64_t *rows)
{
	for (int i = 0; i < n; i++) {
		char text[64];
		(void)snprintf(text, sizeof text, "%s%02d", name, i);
		rows[i] = people_add(store, text, "");
	}
	rows[n] = 0;
	people_event(store, event, place, rows);
}

/* Two events, and somebody who was at both. */
static void two_events_and_who_joins_them(void **state)
{
	WORLD;
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t a[32], b[32];

	crowd(store, "Ann", "FOSDEM", "Brussels", 9, a);
	crowd(store, "Bob", "Choir", "", 7, b);
	int64_t both = people_add(store, "Zoe", "");
	people_event(store, "Choir", "", (const int64_t[]){both, 0});
	people_event(store, "FOSDEM", "", (const int64_t[]){both, 0});
	int64_t alone = people_add(store, "Alone", "");
	people_ring(store, b[2], "inner");
	read_groups(store, &t, &g);
	assert_int_equal(t.n, 18);
	assert_int_equal(t.places_n, 2);
	assert_int_equal(g.n, 2);
	assert_span(g.at[0].name, "FOSDEM");
	assert_int_equal(g.at[0].by, KITH_GROUP_EVENT);
	assert_int_equal(g.at[0].close, 0);
	assert_span(g.at[1].name, "Choir");
	assert_int_equal(g.at[1].close, 1);
	for (int i = 0; i < 9; i++)
		assert_int_equal(g.of[kith_ties_find(&t, a[i])], 1);
	for (int i = 0; i < 7; i++)
		assert_int_equal(g.of[kith_ties_find(&t, b[i])], 2);
	/* who joins them is of the smaller one */
	assert_int_equal(g.of[kith_ties_find(&t, both)], 2);
	assert_int_equal(g.at[0].people, 9);
	assert_int_equal(g.at[1].people, 8);
	for (uint32_t i = 0; i < t.n; i++)
		assert_int_equal(g.hangs[i], t.people[i].row == both ? 7 : 0);
	assert_int_equal(g.of[kith_ties_find(&t, alone)], 0);
	kith_store_close(store);
}

/* Who was let go is nowhere, and ties nobody. */
static void without_those_let_go(void **state)
{
	WORLD;
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = people_add(store, "Ada", ""), bob = people_add(store, "Bob", "");
	int64_t cy = people_add(store, "Cy", ""), dan = people_add(store, "Dan", "");

	people_relate(store, ada, bob);
	people_relate(store, bob, cy);
	people_relate(store, cy, dan);
	read_groups(store, &t, &g);
	assert_int_equal(t.ties_n, 3);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.hangs[people_number(&t, "Bob")], 1);
	kith_ties_free(&t);
	kith_groups_free(&g);
	assert_ok(kith_store_reviewed(store, bob, KITH_REVIEW_LETGO, 1767225600));
	read_groups(store, &t, &g);
	assert_int_equal(t.n, 3);
	assert_int_equal(t.ties_n, 1);
	assert_int_equal(g.n, 0);
	assert_int_equal(kith_ties_find(&t, bob), KITH_TIES_NOBODY);
	kith_store_close(store);
}

/* CROWD_MAX and one more; those who were let go were there too. */
static void a_crowd_ties_nobody(void **state)
{
	WORLD;
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t rows[KITH_CROWD_MAX + 2];

	crowd(store, "Ann", "Fair", "", KITH_CROWD_MAX, rows);
	read_groups(store, &t, &g);
	assert_false(t.places[0].crowd);
	assert_true(g.n >= 1);
	kith_ties_free(&t);
	kith_groups_free(&g);
	int64_t more = people_add(store, "More", "");
	people_event(store, "Fair", "", (const int64_t[]){more, 0});
	read_groups(store, &t, &g);
	assert_true(t.places[0].crowd);
	assert_int_equal(t.places[0].end - t.places[0].start, KITH_CROWD_MAX + 1);
	assert_int_equal(g.n, 0);
	kith_ties_free(&t);
	kith_groups_free(&g);
	assert_ok(kith_store_reviewed(store, more, KITH_REVIEW_LETGO, 1767225600));
	read_groups(store, &t, &g);
	assert_true(t.places[0].crowd);
	kith_store_close(store);
}

/* GROUP_MIN and one less; GROUP_SMALL people in a chain are one group, one more has communities. */
static void how_many_are_a_group(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t rows[KITH_GROUP_SMALL + 1];

	for (int i = 0; i <= KITH_GROUP_SMALL; i++) {
		WORLD;
		char name[32];
		(void)snprintf(name, sizeof name, "P%02d", i);
		rows[i] = people_add(store, name, "");
		if (i)
			people_relate(store, rows[i - 1], rows[i]);
		read_groups(store, &t, &g);
		if (i + 1 < KITH_GROUP_MIN)
			assert_int_equal(g.n, 0);
		else if (i + 1 <= KITH_GROUP_SMALL)
			assert_int_equal(g.n, 1);
		else
			assert_true(g.n > 1);
	}
	kith_store_close(store);
}

/* Two events of four that one joins are two groups; that two join, one. */
static void two_small_events(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t a[4], b[4];

	crowd(store, "Ann", "Chess", "", 3, a);
	crowd(store, "Bob", "Sailing", "", 3, b);
	for (int joining = 1; joining <= 2; joining++) {
		WORLD;
		int64_t both = people_add(store, joining == 1 ? "Zoe" : "Zora", "");
		people_event(store, "Chess", "", (const int64_t[]){both, 0});
		people_event(store, "Sailing", "", (const int64_t[]){both, 0});
		read_groups(store, &t, &g);
		assert_int_equal(g.n, 3 - joining);
		assert_int_equal(g.hangs[people_number(&t, "Zoe")], joining == 1 ? 3 : 0);
		if (joining == 2)
			continue;
		/* both as large: to the one whose name comes first */
		assert_span(g.at[0].name, "Chess");
		assert_int_equal(g.at[0].people, 4);
		assert_int_equal(g.at[0].all, 4);
		assert_span(g.at[1].name, "Sailing");
		assert_int_equal(g.at[1].people, 3);
		assert_int_equal(g.at[1].all, 4);
		people_ring(store, both, "inner");
		kith_ties_free(&t);
		kith_groups_free(&g);
		read_groups(store, &t, &g);
		assert_int_equal(g.at[1].close, 0);
		assert_int_equal(g.at[1].all_close, 1);
	}
	kith_store_close(store);
}

static void called_by_what_is_shared(void **state)
{
	WORLD;
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t a[3], b[3], c[3], d[3];
	static const char *const names[] = {"Ann", "Bea", "Cat"};
	char text[64];

	for (int i = 0; i < 3; i++) {
		(void)snprintf(text, sizeof text, "%s A", names[i]);
		a[i] = people_add(store, text, i == 2 ? "" : "org=Initech");
		(void)snprintf(text, sizeof text, "%s B", names[i]);
		b[i] = people_add(store, text, "");
		(void)snprintf(text, sizeof text, "%s C", names[i]);
		c[i] = people_add(store, text, i == 1 ? "" : "adr=Weg 1;Z\xc3\xbcrich;;8000;CH");
		(void)snprintf(text, sizeof text, "%s D", names[i]);
		d[i] = people_add(store, text, "");
	}
	for (int i = 1; i < 3; i++) {
		people_relate(store, a[0], a[i]);
		people_relate(store, b[0], b[i]);
		people_relate(store, c[0], c[i]);
		people_relate(store, d[1], d[i == 1 ? 0 : 2]);
	}
	for (int i = 0; i < 2; i++)
		assert_ok(kith_store_tag(store, b[i], kith_span_str("Choir"), true, 1));
	assert_ok(kith_store_tag(store, d[0], kith_span_str("alone"), true, 1));
	read_groups(store, &t, &g);
	assert_int_equal(g.n, 4);
	assert_span(g.at[0].name, "Initech");
	assert_int_equal(g.at[0].by, KITH_GROUP_ORG);
	assert_int_equal(g.at[0].sharing, 2);
	assert_span(g.at[1].name, "Choir");
	assert_int_equal(g.at[1].by, KITH_GROUP_TAG);
	assert_span(g.at[2].name, "Z\xc3\xbcrich");
	assert_int_equal(g.at[2].by, KITH_GROUP_PLACE);
	assert_span(g.at[3].name, "Bea D");
	assert_int_equal(g.at[3].by, KITH_GROUP_PERSON);
	assert_int_equal(g.at[3].sharing, 0);
	kith_store_close(store);
}

/* The same people and ties in a store with other rows. */
static void whatever_the_rows(void **state)
{
	uint32_t of[2][40], hangs[2][40];

	for (int round = 0; round < 2; round++) {
		WORLD;
		struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
		int64_t rows[40];
		for (int i = 0; i < 40; i++) {
			char name[32];
			int who = round ? 39 - i : i;
			(void)snprintf(name, sizeof name, "P%02d", who);
			rows[who] = people_add(store, name, "");
		}
		for (int i = 0; i < 100; i++) {
			int k = round ? 99 - i : i, a = k * 7 % 40, b = (k * k + 3 * k + 1) % 40;
			if (a != b)
				people_relate(store, rows[round ? b : a], rows[round ? a : b]);
		}
		read_groups(store, &t, &g);
		memcpy(of[round], g.of, sizeof of[round]);
		memcpy(hangs[round], g.hangs, sizeof hangs[round]);
		assert_true(g.n > 1);
		for (int i = 0; i < 40; i++)
			assert_ok(kith_store_forget(store, rows[i]));
		kith_store_close(store);
	}
	assert_memory_equal(of[0], of[1], sizeof of[0]);
	assert_memory_equal(hangs[0], hangs[1], sizeof hangs[0]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_events_and_who_joins_them),
		TEST(without_those_let_go),
		TEST(a_crowd_ties_nobody),
		TEST(how_many_are_a_group),
		TEST(two_small_events),
		TEST(called_by_what_is_shared),
		TEST(whatever_the_rows),
	};
	return cmocka_run_group_tests_name("people_groups", tests, NULL, NULL);
}
