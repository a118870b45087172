/* SPDX-License-Identifier: MIT
 *
 * crossing - both dial, one way is closed, picks that wait: proto/session.md "Both dial at once".
 */
#include "pair.h"

#define RUNS 1000 /* of a story with luck in it */

typedef void (*crossing_fn)(struct world *w, struct pair p);

/* The story in many worlds. */
static void many(size_t runs, crossing_fn story)
{
	for (size_t seed = 1; seed <= runs; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		w->delay_max = 1 + world_luck(w, 40);
		struct pair p = two(w);
		have_habit(p, HABIT_COMPARES);
		story(w, p);
		world_ends(w);
	}
}

/* One session, one code, both swapped, nothing said that would make a person wonder. */
static void one_session(struct pair p)
{
	expect(same_code(p.ada, p.grace));
	expect(both_told(p, KITH_NEWS_CODE) == 2);
	expect(both_told(p, KITH_NEWS_SWAPPED) == 2);
	expect(both_told(p, KITH_NEWS_FAILED) == 0);
	expect(p.ada->sent[KITH_TYPE_ACCEPT] + p.grace->sent[KITH_TYPE_ACCEPT] == 1);
	expect(both_have_swapped(p));
	expect(wires_standing(p.ada->w, p.ada, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0 && kith_room_busy(p.grace->room) == 0);
}

static void both_pick(struct world *w, struct pair p)
{
	picks(p.ada, p.grace);
	passes(w, world_luck(w, 60));
	bool asked = told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1;
	picks(p.grace, p.ada);
	passes(w, 10000);
	one_session(p);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 0);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == asked); /* and only before her own pick */
}

/* Case 64 */
static void both_dial_at_once(void **state)
{
	(void)state;
	many(RUNS, both_pick);
}

static void at_the_very_same_time(struct world *w, struct pair p)
{
	w->delay_min = w->delay_max;
	picks(p.ada, p.grace);
	picks(p.grace, p.ada);
	passes(w, 10000);
	one_session(p);
	expect(both_told(p, KITH_NEWS_REQUEST) == 0);
}

static void both_dial_at_the_very_same_time(void **state)
{
	(void)state;
	many(50, at_the_very_same_time);
}

/* Whose way is closed, and how, by the seed. */
static void one_way_closed(struct world *w, struct pair p)
{
	enum way way = w->seed % 2 ? WAY_REFUSED : WAY_SILENT;

	if (w->seed / 2 % 2)
		way_is(p.ada, p.grace, way);
	else
		way_is(p.grace, p.ada, way);
	both_pick(w, p);
	expect(both_told(p, KITH_NEWS_UNREACHABLE) <= 1);
}

static void both_dial_and_one_way_is_closed(void **state)
{
	(void)state;
	many(200, one_way_closed);
}

static void no_way(struct world *w, struct pair p)
{
	enum way way = w->seed % 2 ? WAY_REFUSED : WAY_SILENT;

	way_is(p.ada, p.grace, way);
	way_is(p.grace, p.ada, way);
	picks(p.ada, p.grace);
	picks(p.grace, p.ada);
	passes(w, 40000);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	expect(told(p.grace, KITH_NEWS_UNREACHABLE, p.ada) == 1);
	expect(both_told(p, KITH_NEWS_FAILED) == 0);
	passes(w, KITH_WANTED_MS);
	expect(failed_with(p.ada, p.grace, KITH_ERR_UNREACHABLE));
	expect(failed_with(p.grace, p.ada, KITH_ERR_UNREACHABLE));
	expect(both_told(p, KITH_NEWS_FAILED) == 2);
	expect(wires_standing(w, p.ada, p.grace) == 0);
}

static void both_ways_are_closed(void **state)
{
	(void)state;
	many(2, no_way);
}

/* Ada's way is closed; she is told so, and Grace's pick brings them together without a prompt. */
static void then_the_other_picks(struct world *w, struct pair p)
{
	way_is(p.ada, p.grace, w->seed % 2 ? WAY_REFUSED : WAY_SILENT);
	picks(p.ada, p.grace);
	passes(w, 30000);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	picks(p.grace, p.ada);
	passes(w, 10000);
	one_session(p);
	expect(both_told(p, KITH_NEWS_REQUEST) == 0);
}

static void only_one_picks_and_his_way_is_closed(void **state)
{
	(void)state;
	many(50, then_the_other_picks);
}

/* One pick is good for one ACCEPT: the second request within the same minute is asked about. */
static void a_wanted_one_may_ask_once(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	way_is(p.ada, p.grace, WAY_REFUSED);
	picks(p.ada, p.grace);
	passes(w, 3000);
	picks(p.grace, p.ada);
	settles(w);
	expect(same_code(p.ada, p.grace));
	says_different(p.ada, p.grace);
	settles(w);
	expect(failed_with(p.grace, p.ada, KITH_ERR_MISMATCH));
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 1);
	expect(told(p.ada, KITH_NEWS_CODE, p.grace) == 1);
	world_ends(w);
}

static void wanted_for_a_minute(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	way_is(p.ada, p.grace, WAY_REFUSED);
	picks(p.ada, p.grace);
	passes(w, 100);
	const struct heard *since = last_told(p.ada, KITH_NEWS_UNREACHABLE, p.grace);
	expect(since);
	passes(w, since->at + KITH_WANTED_MS - 100 - w->now);
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 0);
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 0);
	expect(same_code(p.ada, p.grace));
	world_ends(w);
}

static void not_wanted_after_a_minute(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	way_is(p.ada, p.grace, WAY_REFUSED);
	picks(p.ada, p.grace);
	passes(w, 100);
	const struct heard *since = last_told(p.ada, KITH_NEWS_UNREACHABLE, p.grace);
	expect(since);
	passes(w, since->at + KITH_WANTED_MS - w->now);
	expect(failed_with(p.ada, p.grace, KITH_ERR_UNREACHABLE));
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 1);
	world_ends(w);
}

/* The way opens while the pick is wanted: the room tries again by itself. */
static void the_way_opens_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	way_is(p.ada, p.grace, WAY_REFUSED);
	picks(p.ada, p.grace);
	passes(w, 10000);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	way_is(p.ada, p.grace, WAY_OPEN);
	passes(w, 10000);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(same_code(p.ada, p.grace));
	world_ends(w);
}

/* Reached at last, in the end of that minute: the other person has all her time to answer. */
static void reached_in_the_last_moment(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	way_is(p.ada, p.grace, WAY_REFUSED);
	picks(p.ada, p.grace);
	passes(w, KITH_WANTED_MS - 8000);
	way_is(p.ada, p.grace, WAY_OPEN);
	passes(w, 6000);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	passes(w, KITH_HUMAN_MS / 2);
	expect(told(p.grace, KITH_NEWS_WITHDRAWN, p.ada) == 0);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(same_code(p.ada, p.grace));
	world_ends(w);
}

/* Announced anew, perhaps with another address: tried at once. */
static void a_new_address_is_tried_at_once(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	way_is(p.ada, p.grace, WAY_REFUSED);
	picks(p.ada, p.grace);
	passes(w, 100);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	way_is(p.ada, p.grace, WAY_OPEN);
	sees(p.ada, p.grace);
	settles(w);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	world_ends(w);
}

/* Grace picks while Ada's request is on her screen: that is her yes. */
static void a_pick_answers_the_prompt(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	picks(p.ada, p.grace);
	settles(w);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	picks(p.grace, p.ada);
	settles(w);
	both_say_same(p.ada, p.grace);
	settles(w);
	one_session(p);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 0);
	world_ends(w);
}

/* The wire breaks somewhere while both are dialling: never more than one ACCEPT for a yes (as
 * network.c watches), and in the end nobody hangs. */
static void a_break_in_the_crossing(struct world *w, struct pair p)
{
	w->after = (long)(w->seed % 14);
	picks(p.ada, p.grace);
	passes(w, world_luck(w, 60));
	picks(p.grace, p.ada);
	passes(w, 3 * KITH_HUMAN_MS);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0 && kith_room_busy(p.grace->room) == 0);
	have_habit(p, HABIT_AGREES);
	picks(p.ada, p.grace);
	passes(w, 20000);
	expect(both_have_swapped(p));
	expect(keeping_people(p.ada->keeping) == 1 && keeping_people(p.grace->keeping) == 1);
}

static void both_dial_and_the_line_breaks(void **state)
{
	(void)state;
	many(RUNS, a_break_in_the_crossing);
}

static void a_courier_dies_now(struct world *w, struct wire *wire)
{
	(void)wire;
	courier_dies(w->people[w->seed / 16 % 2]);
}

/* The courier of one of them dies in the crossing.  Whose pick no ACCEPT had spent stays wanted. */
static void a_death_in_the_crossing(struct world *w, struct pair p)
{
	struct person *struck = w->seed / 16 % 2 ? p.grace : p.ada;

	w->after = (long)(w->seed % 8);
	w->happens = a_courier_dies_now;
	picks(p.ada, p.grace);
	passes(w, world_luck(w, 60));
	(void)pick(p.grace, p.ada); /* her list may be empty just now */
	passes(w, 1000);
	if (!struck->courierless)
		courier_dies(struck); /* a prompt spared messages */
	courier_returns(struck);
	all_see_each_other(w);
	passes(w, 3 * KITH_HUMAN_MS);
	have_habit(p, HABIT_AGREES);
	picks(p.ada, p.grace);
	passes(w, 20000);
	expect(both_have_swapped(p));
}

static void both_dial_and_a_courier_dies(void **state)
{
	(void)state;
	many(2 * RUNS, a_death_in_the_crossing);
}

/* Case 65: Ada asks Grace, Grace asks Edith, Edith asks Ada; each prompt names who asks. */
static void all_ask(struct world *w, struct pair p)
{
	struct person *edith = comes(w, "Edith");
	struct person *three[] = {p.ada, p.grace, edith};

	have_habit(p, HABIT_AGREES);
	edith->habit = HABIT_AGREES;
	all_see_each_other(w);
	for (size_t round = 0; round < 4; round++) {
		for (size_t i = 0; i < 3; i++) {
			struct person *next = three[(i + 1) % 3];
			if (!has_swapped(three[i], next))
				(void)pick(three[i], next); /* busy is an answer, too */
			passes(w, world_luck(w, 60));
		}
		passes(w, 30000);
	}
	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < 3; j++)
			expect(i == j || has_swapped(three[i], three[j]));
		expect(keeping_people(three[i]->keeping) == 2);
		expect(told(three[i], KITH_NEWS_REQUEST, NULL) ==
			told(three[i], KITH_NEWS_REQUEST, three[(i + 1) % 3]) +
				told(three[i], KITH_NEWS_REQUEST, three[(i + 2) % 3]));
	}
}

static void three_people_ask_each_other(void **state)
{
	(void)state;
	many(200, all_ask);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(both_dial_at_once),
		cmocka_unit_test(both_dial_at_the_very_same_time),
		cmocka_unit_test(both_dial_and_one_way_is_closed),
		cmocka_unit_test(both_ways_are_closed),
		cmocka_unit_test(only_one_picks_and_his_way_is_closed),
		cmocka_unit_test(a_wanted_one_may_ask_once),
		cmocka_unit_test(wanted_for_a_minute),
		cmocka_unit_test(not_wanted_after_a_minute),
		cmocka_unit_test(the_way_opens_again),
		cmocka_unit_test(reached_in_the_last_moment),
		cmocka_unit_test(a_new_address_is_tried_at_once),
		cmocka_unit_test(a_pick_answers_the_prompt),
		cmocka_unit_test(both_dial_and_the_line_breaks),
		cmocka_unit_test(both_dial_and_a_courier_dies),
		cmocka_unit_test(three_people_ask_each_other),
	};

	return stories_run("crossing", stories);
}
