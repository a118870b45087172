/* SPDX-License-Identifier: MIT
 *
 * scarce - a store that refuses and memory that runs out, at every single call: the session ends
 * cleanly, claims nothing that is not kept, and the next meeting completes.
 */
#include "pair.h"

static struct pair start(struct world **ret_w)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	have_habit(p, HABIT_AGREES);
	*ret_w = w;
	return p;
}

static void over(struct world *w, struct pair p)
{
	expect(claims_hold(p.ada, p.grace) && claims_hold(p.grace, p.ada));
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0 && kith_room_busy(p.grace->room) == 0);
}

static void next_time(struct world *w, struct pair p)
{
	all_see_each_other(w);
	picks(p.grace, p.ada);
	passes(w, 20000);
	expect(both_have_swapped(p));
	expect(keeping_people(p.ada->keeping) == 1 && keeping_people(p.grace->keeping) == 1);
	over(w, p);
}

/* --- the store -------------------------------------------------------------------------------- */

/* One of them cannot write that; returns who it was. */
static struct person *swap_with_a_full_disk(
	struct world *w, struct pair p, size_t who, enum writing what)
{
	struct person *poor = who ? p.grace : p.ada;

	poor->fails_at[what] = 1;
	picks(p.ada, p.grace);
	passes(w, 10000);
	expect(poor->called[what] >= 1);
	over(w, p);
	return poor;
}

static void the_pending_row_cannot_be_written(void **state)
{
	(void)state;
	for (size_t who = 0; who < 2; who++) {
		struct world *w;
		struct pair p = start(&w);
		struct person *poor = swap_with_a_full_disk(w, p, who, WRITING_CONFIRM);
		struct person *other = who ? p.ada : p.grace;
		expect(failed_with(poor, other, KITH_ERR_STORE_FULL));
		expect(knows_nothing(poor, other));
		expect(poor->sent[KITH_TYPE_CONFIRM] == 0 && poor->sent[KITH_TYPE_ABORT] == 1);
		expect(both_told(p, KITH_NEWS_SWAPPED) == 0);
		expect(both_told(p, KITH_NEWS_FAILED) == 2);
		next_time(w, p);
		world_ends(w);
	}
}

static void their_confirmation_cannot_be_written(void **state)
{
	(void)state;
	for (size_t who = 0; who < 2; who++) {
		struct world *w;
		struct pair p = start(&w);
		struct person *poor = swap_with_a_full_disk(w, p, who, WRITING_CONFIRMED);
		struct person *other = who ? p.ada : p.grace;
		expect(failed_with(poor, other, KITH_ERR_STORE_FULL));
		expect(poor->sent[KITH_TYPE_CARD] == 0 && poor->sent[KITH_TYPE_ABORT] == 1);
		expect(holds(other, poor).state == KITH_CONTACT_PENDING);
		expect(both_told(p, KITH_NEWS_SWAPPED) == 0);
		next_time(w, p);
		world_ends(w);
	}
}

static void the_card_cannot_be_written(void **state)
{
	(void)state;
	for (size_t who = 0; who < 2; who++) {
		struct world *w;
		struct pair p = start(&w);
		struct person *poor = swap_with_a_full_disk(w, p, who, WRITING_CARD);
		struct person *other = who ? p.ada : p.grace;
		expect(failed_with(poor, other, KITH_ERR_STORE_FULL));
		expect(poor->sent[KITH_TYPE_RECEIPT] == 0 && poor->sent[KITH_TYPE_ABORT] == 1);
		expect(holds(poor, other).state == KITH_CONTACT_PENDING);
		expect(!holds(other, poor).delivered);
		expect(told(poor, KITH_NEWS_SWAPPED, other) == 0);
		next_time(w, p);
		world_ends(w);
	}
}

/* The card is there and stays; only that mine arrived is not known here. */
static void the_receipt_cannot_be_written(void **state)
{
	(void)state;
	for (size_t who = 0; who < 2; who++) {
		struct world *w;
		struct pair p = start(&w);
		struct person *poor = swap_with_a_full_disk(w, p, who, WRITING_RECEIPT);
		struct person *other = who ? p.ada : p.grace;
		expect(!holds(poor, other).delivered);
		expect(holds(other, poor).state == KITH_CONTACT_COMPLETE);
		next_time(w, p);
		world_ends(w);
	}
}

static void the_mismatch_cannot_be_written(void **state)
{
	(void)state;
	for (size_t who = 0; who < 2; who++) {
		struct world *w;
		struct pair p = start(&w);
		struct person *poor = who ? p.grace : p.ada;
		struct person *other = who ? p.ada : p.grace;
		have_habit(p, HABIT_NONE);
		poor->fails_at[WRITING_MISMATCH] = 1;
		up_to_the_code(p);
		says_same(poor, other);
		settles(w);
		says_different(other, poor);
		settles(w);
		expect(told(poor, KITH_NEWS_FAILED, other) == 1);
		expect(holds(poor, other).state == KITH_CONTACT_PENDING);
		over(w, p);
		have_habit(p, HABIT_AGREES);
		next_time(w, p);
		world_ends(w);
	}
}

/* --- memory ----------------------------------------------------------------------------------- */

/* A swap in which the n-th allocation fails; false when there were not as many. */
static bool swap_without_the(size_t n, void (*course)(struct world *w, struct pair p))
{
	struct world *w;
	struct pair p = start(&w);

	w->allocs = 0;
	w->scarce_at = n;
	course(w, p);
	bool reached = w->allocs >= n;
	w->scarce_at = 0;
	over(w, p);
	next_time(w, p);
	world_ends(w);
	return reached;
}

static void ada_asks(struct world *w, struct pair p)
{
	picks(p.ada, p.grace);
	passes(w, 3 * KITH_HUMAN_MS);
}

static void both_ask(struct world *w, struct pair p)
{
	picks(p.ada, p.grace);
	passes(w, 3);
	picks(p.grace, p.ada);
	passes(w, 3 * KITH_HUMAN_MS);
}

static void they_disagree(struct world *w, struct pair p)
{
	p.grace->habit = HABIT_DISAGREES;
	picks(p.ada, p.grace);
	passes(w, 3 * KITH_HUMAN_MS);
	p.grace->habit = HABIT_AGREES;
}

static void memory_runs_out_everywhere(void **state)
{
	size_t n = 1;

	(void)state;
	while (swap_without_the(n, ada_asks))
		n++;
	expect(n > 40); /* there were as many to fail */
	for (n = 1; swap_without_the(n, both_ask); n++)
		;
	for (n = 1; swap_without_the(n, they_disagree); n++)
		;
}

static void no_memory_for_a_room_or_a_row(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);
	struct kith_room_host host = {.ctx = p.ada};
	struct kith_room *room = NULL;
	uint8_t key[32];

	(void)state;
	w->scarce_at = w->allocs + 1;
	expect(kith_room_new(&w->env, &p.ada->self, &host, &room) == KITH_ERR_NOMEM);
	expect(!room);
	new_key(w, key);
	w->scarce_at = w->allocs + 1;
	kith_room_seen(p.ada->room, key, kith_span_str("nobody"));
	expect(told(p.ada, KITH_NEWS_SEEN, NULL) == 1);
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(the_pending_row_cannot_be_written),
		cmocka_unit_test(their_confirmation_cannot_be_written),
		cmocka_unit_test(the_card_cannot_be_written),
		cmocka_unit_test(the_receipt_cannot_be_written),
		cmocka_unit_test(the_mismatch_cannot_be_written),
		cmocka_unit_test(memory_runs_out_everywhere),
		cmocka_unit_test(no_memory_for_a_room_or_a_row),
	};

	return stories_run("scarce", stories);
}
