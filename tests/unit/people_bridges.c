/* SPDX-License-Identifier: MIT
 *
 * Bridges, of ties made by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/limits.h"
#include "people/bridges.h"

#define assert_ok(e) assert_string_equal(kith_err_name(e), "ok")

extern const struct kith_graph_library kith_graph_library;

/* So many people without names. */
struct world {
	struct kith_ties ties;
	struct kith_groups groups;
	struct kith_bridges bridges;
};

static void world_make(struct world *w, size_t people, size_t ties)
{
	*w = (struct world){0};
	w->ties.people = calloc(people, sizeof *w->ties.people);
	w->ties.n = people;
	w->ties.ties = calloc(ties + 1, sizeof *w->ties.ties);
	assert_non_null(w->ties.people);
	assert_non_null(w->ties.ties);
}

static void tie(struct world *w, uint32_t a, uint32_t b)
{
	w->ties.ties[w->ties.ties_n++] = (struct kith_tie){a, b, KITH_RELATION_SAID};
}

static void look(struct world *w, bool figures)
{
	KITH_AUTO_BUF struct kith_buf edges = {0};
	struct kith_groups *g = &w->groups;
	struct kith_diag diag = {0};
	struct kith_graph graph;

	assert_ok(kith_ties_graph(&w->ties, &edges, &graph));
	if (!g->of)
		g->of = calloc(graph.n, sizeof *g->of);
	g->hangs = calloc(graph.n, sizeof *g->hangs);
	g->part = calloc(graph.n, sizeof *g->part);
	const struct kith_graph_figures want = {.part = g->part, .hangs = g->hangs};
	assert_ok(kith_graph_library.measure(&graph, &want, &diag));
	assert_ok(kith_bridges_make(&kith_graph_library, &w->ties, g, figures, &w->bridges, &diag));
}

static void world_end(struct world *w)
{
	kith_bridges_free(&w->bridges);
	kith_groups_free(&w->groups);
	kith_ties_free(&w->ties);
}

#define WORLD(people, ties)                                                                        \
	KITH_AUTO(world_end) struct world w;                                                       \
	world_make(&w, people, ties)

static void assert_some(const struct kith_some *s, uint32_t all, uint32_t a, uint32_t b, uint32_t c)
{
	const uint32_t names[] = {a, b, c};

	assert_int_equal(s->all, all);
	assert_int_equal(s->n, all < 3 ? all : 3);
	for (uint32_t i = 0; i < s->n; i++)
		assert_int_equal(s->at[i], names[i]);
}

/* 9 knows 8 to 3, each alone, and 0, who knows 1 and 2, who know each other. */
static void who_is_named(void **state)
{
	WORLD(10, 10);

	(void)state;
	for (uint32_t i = 8; i > 2; i--)
		tie(&w, i, 9);
	tie(&w, 0, 9);
	tie(&w, 0, 1);
	tie(&w, 0, 2);
	tie(&w, 1, 2);
	look(&w, false);
	assert_int_equal(w.bridges.all, 2);
	const struct kith_bridge *b = &w.bridges.at[0];
	assert_int_equal(b->person, 9);
	assert_int_equal(b->hangs, 6);
	assert_some(&b->rest.people, 3, 0, 1, 2);
	assert_int_equal(b->sides, 0);
	assert_some(&b->others, 6, 3, 4, 5);
	b = &w.bridges.at[1];
	assert_int_equal(b->person, 0);
	assert_int_equal(b->hangs, 2);
	assert_some(&b->rest.people, 7, 3, 4, 5);
	assert_some(&b->others, 2, 1, 2, 0);
	assert_null(w.bridges.between);
	assert_int_equal(w.bridges.parts, 1);
}

/* Somebody in the middle of more sides than are told one by one: the largest are, the others are counted. */
static void more_sides_than_are_told(void **state)
{
	WORLD(1 + 7 * 10, 200);
	uint32_t next = 1, first[8] = {0};

	(void)state;
	for (uint32_t g = 1; g <= 7; g++) {
		uint32_t size = 3 + g % 7; /* 4 5 6 7 8 9 3 */
		first[g] = next;
		for (uint32_t i = 0; i < size; i++, next++)
			if (i)
				tie(&w, first[g], next);
		tie(&w, 0, first[g]);
	}
	look(&w, false);
	const struct kith_bridge *b = &w.bridges.at[0];
	assert_int_equal(b->person, 0);
	assert_int_equal(b->hangs, 4 + 5 + 6 + 7 + 8 + 3);
	assert_true(b->rest.named);
	assert_int_equal(b->rest.called.id, first[6]);
	assert_int_equal(b->sides, KITH_BRIDGE_SIDES);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(b->side[i].called.by, KITH_GROUP_PERSON);
		assert_int_equal(b->side[i].called.id, first[5 - i]);
		assert_int_equal(b->side[i].people.all, 8 - i);
	}
	/* the two smallest: of four, with number 1, and of three, the last of all */
	assert_some(&b->others, 4 + 3, 1, 2, 3);
}

/* GROUP_MIN people are told as a side of their own, one less are among the others. */
static void how_many_are_a_side(void **state)
{
	WORLD(1 + KITH_GROUP_MIN + KITH_GROUP_MIN - 1 + 5, 40);
	uint32_t next = 1;

	(void)state;
	for (uint32_t size = KITH_GROUP_MIN - 1; size <= KITH_GROUP_MIN + 2; size++) {
		if (size == KITH_GROUP_MIN + 1)
			continue; /* the last is the rest */
		for (uint32_t i = 0, first = next; i < size; i++, next++)
			tie(&w, i ? first : 0, next);
	}
	look(&w, false);
	assert_int_equal(w.bridges.at[0].sides, 1);
	assert_int_equal(w.bridges.at[0].side[0].people.all, KITH_GROUP_MIN);
	assert_int_equal(w.bridges.at[0].others.all, KITH_GROUP_MIN - 1);
}

/* BRIDGES_MAX chains of three, and one more. */
static void as_many_as_are_told(void **state)
{
	(void)state;
	for (uint32_t n = KITH_BRIDGES_MAX; n <= KITH_BRIDGES_MAX + 1; n++) {
		WORLD(3 * n, 2 * n);
		for (uint32_t i = 0; i < n; i++) {
			tie(&w, 3 * i, 3 * i + 1);
			tie(&w, 3 * i + 1, 3 * i + 2);
		}
		look(&w, false);
		assert_int_equal(w.bridges.all, n);
		assert_int_equal(w.bridges.n, KITH_BRIDGES_MAX);
		for (uint32_t i = 0; i < w.bridges.n; i++)
			assert_int_equal(w.bridges.at[i].person, 3 * i + 1);
		assert_int_equal(w.bridges.parts, n);
	}
}

/* A star of as many as BETWEEN_WORK allows is counted in full, one more is estimated: every way leads through its middle. */
static void betweenness_of_a_star(void **state)
{
	uint32_t n = 1;

	(void)state;
	while ((uint64_t)(n + 1) * (2 * (uint64_t)(n + 1) - 1) <= KITH_BETWEEN_WORK)
		n++;
	for (uint32_t people = n; people <= n + 1; people++) {
		WORLD(people, people);
		for (uint32_t i = 1; i < people; i++)
			tie(&w, 0, i);
		look(&w, true);
		assert_true(w.bridges.pairs == (people - 1.) * (people - 2.) / 2);
		if (people == n) {
			assert_int_equal(w.bridges.pivots, 0);
			assert_true(fabs(w.bridges.between[0] / w.bridges.pairs - 1) < 1e-9);
		} else {
			assert_int_equal(w.bridges.pivots, KITH_BETWEEN_WORK / (2 * people - 1));
			assert_true(fabs(w.bridges.between[0] / w.bridges.pairs - 1) < 0.01);
		}
		assert_true(w.bridges.between[1] == 0);
		assert_int_equal(w.bridges.at[0].hangs, people - 2);
	}
}

/* 0 to 2 are known by an introduction alone: 0 by 3, 1 by 3 and 4, 2 by 0 alone. */
static void known_by_one_alone(void **state)
{
	WORLD(5, 5);

	(void)state;
	for (int i = 0; i < 3; i++)
		w.ties.people[i].introduced = true;
	tie(&w, 0, 3);
	tie(&w, 1, 3);
	tie(&w, 1, 4);
	tie(&w, 0, 2);
	look(&w, false);
	assert_int_equal(w.bridges.reach_n, 1);
	assert_int_equal(w.bridges.reach[0].via, 3);
	assert_some(&w.bridges.reach[0].people, 1, 0, 0, 0);
}

static void nobody_at_all(void **state)
{
	WORLD(1, 0);

	(void)state;
	w.ties.n = 0;
	look(&w, true);
	assert_int_equal(w.bridges.all, 0);
	assert_int_equal(w.bridges.reach_n, 0);
	assert_int_equal(w.bridges.parts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_named),
		cmocka_unit_test(more_sides_than_are_told),
		cmocka_unit_test(how_many_are_a_side),
		cmocka_unit_test(as_many_as_are_told),
		cmocka_unit_test(betweenness_of_a_star),
		cmocka_unit_test(known_by_one_alone),
		cmocka_unit_test(nobody_at_all),
	};
	return cmocka_run_group_tests_name("people_bridges", tests, NULL, NULL);
}
