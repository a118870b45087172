/* SPDX-License-Identifier: MIT
 *
 * broken - the line, the courier or the process ends after every single message: proto/session.md
 * "Durable".  Whatever was cut, what is kept is a row of that table; the next meeting completes.
 */
#include "pair.h"

#define SEEDS        24 /* worlds for each point; delays, and who only receives, differ */
#define MESSAGES_MAX 40 /* a swap has fewer */

typedef void (*trouble_fn)(struct world *w, struct wire *wire);

static struct manner manner_of(uint64_t bit, uint64_t seed)
{
	return (struct manner){.receives_only = seed % 6 == bit + 1};
}

/* Two people who say yes to everything.  Seeds: 1 and 2 (mod 6): one of them only receives. */
static struct pair start(uint64_t seed, enum keeping_kind keeping, struct world **ret_w)
{
	struct world *w = world_starts(seed, keeping);
	struct pair p = two_people(w, manner_of(0, seed), manner_of(1, seed));

	have_habit(p, HABIT_AGREES);
	*ret_w = w;
	return p;
}

/* How many messages arrive in an undisturbed swap. */
static size_t messages_in(uint64_t seed)
{
	struct world *w;
	struct pair p = start(seed, KEEPING_LEDGER, &w);

	picks(p.ada, p.grace);
	passes(w, 10000);
	expect(both_have_swapped(p) || seed % 6 == 1 || seed % 6 == 2);
	size_t n = w->delivered;
	expect(n > 9 && n < MESSAGES_MAX);
	world_ends(w);
	return n;
}

static size_t wires(const struct world *w)
{
	size_t n = 0;

	for (const struct wire *wire = w->wires; wire; wire = wire->next)
		n++;
	return n;
}

/* The table, for one side, from what arrived there. */
static void durable(const struct wire *wire, size_t side)
{
	const struct wire_end *end = &wire->end[side];
	const struct person *me = end->who, *other = wire->end[!side].who;
	struct holding h = holds(me, other);
	bool coded = told(me, KITH_NEWS_CODE, other) > 0;

	expect(h.known == coded); /* "same" was said, in time or after the line broke */
	expect(h.met == coded);
	expect(h.both == (coded && end->got[KITH_TYPE_CONFIRM]));
	expect((h.state == KITH_CONTACT_COMPLETE) ==
		(end->got[KITH_TYPE_CARD] && other->self.gives));
	expect(h.delivered == (end->got[KITH_TYPE_RECEIPT] > 0));
	expect(claims_hold(me, other));
}

static void meet_again(struct pair p)
{
	struct world *w = p.ada->w;

	all_see_each_other(w);
	picks(p.grace, p.ada);
	passes(w, 20000);
	expect(told(p.ada, KITH_NEWS_SWAPPED, p.grace) > 0);
	expect(has_swapped(p.ada, p.grace) || p.grace->manner.receives_only ||
		p.ada->manner.receives_only);
	expect(keeping_people(p.ada->keeping) == 1 && keeping_people(p.grace->keeping) == 1);
	expect(holds(p.ada, p.grace).met <= 2 && holds(p.grace, p.ada).met <= 2);
	expect(claims_hold(p.ada, p.grace) && claims_hold(p.grace, p.ada));
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0 && kith_room_busy(p.grace->room) == 0);
}

/* --- the line --------------------------------------------------------------------------------- */

static void cut_after(uint64_t seed, enum keeping_kind keeping, size_t n)
{
	struct world *w;
	struct pair p = start(seed, keeping, &w);

	w->after = (long)n;
	picks(p.ada, p.grace);
	passes(w, 30000);
	expect(w->after == -1); /* it was cut */
	if (wires(w) == 1) {
		durable(w->wires, 0);
		durable(w->wires, 1);
		expect(wires_standing(w, p.ada, p.grace) == 0);
	} else { /* before ACCEPT the pick stays wanted, and tries again by itself */
		expect(w->wires->next->end[0].got[KITH_TYPE_ACCEPT] == 0);
	}
	meet_again(p);
	world_ends(w);
}

static void the_line_is_cut_after_every_message(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		for (size_t n = 0; world_wanted(seed) && n <= messages_in(seed); n++)
			cut_after(seed, KEEPING_LEDGER, n);
}

static void the_line_is_cut_and_the_store_is_real(void **state)
{
	(void)state;
	for (size_t n = 0; n <= messages_in(3); n++)
		cut_after(3, KEEPING_STORE, n);
}

/* --- what a person says to a code whose line is gone ------------------------------------------ */

static void same_after_the_line_broke(void **state)
{
	struct world *w = world_starts(1, KEEPING_STORE);
	struct pair p = two(w);

	(void)state;
	up_to_the_code(p);
	cuts(p.ada, p.grace);
	settles(w);
	expect(both_told(p, KITH_NEWS_FAILED) == 0); /* not yet: the code may be answered */
	passes(w, KITH_HUMAN_MS / 2);
	says_same(p.ada, p.grace);
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	expect(failed_with(p.ada, p.grace, KITH_ERR_BROKEN));
	expect(last_told(p.ada, KITH_NEWS_FAILED, p.grace)->pending);
	passes(w, KITH_HUMAN_MS);
	expect(failed_with(p.grace, p.ada, KITH_ERR_TIMEOUT));
	expect(knows_nothing(p.grace, p.ada));
	expect(compare(p.grace, p.ada, true) == KITH_ERR_STATE); /* too late */
	have_habit(p, HABIT_AGREES);
	meet_again(p);
	world_ends(w);
}

static void different_after_the_line_broke(void **state)
{
	struct world *w = world_starts(1, KEEPING_STORE);
	struct pair p = two(w);

	(void)state;
	up_to_the_code(p);
	cuts(p.ada, p.grace);
	settles(w);
	says_different(p.ada, p.grace);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(knows_nothing(p.ada, p.grace));
	have_habit(p, HABIT_AGREES);
	passes(w, KITH_HUMAN_MS);
	meet_again(p);
	world_ends(w);
}

/* --- the courier, the key, the process -------------------------------------------------------- */

/* A new process or courier has a new key, and sees everybody anew. */
static void recovers(struct person *p)
{
	if (!p->room)
		returns(p);
	else if (p->courierless)
		courier_returns(p);
}

static void trouble_after(uint64_t seed, size_t n, trouble_fn trouble)
{
	struct world *w;
	struct pair p = start(seed, KEEPING_LEDGER, &w);

	w->after = (long)n;
	w->happens = trouble;
	picks(p.ada, p.grace);
	passes(w, 10000);
	recovers(p.ada);
	recovers(p.grace);
	all_see_each_other(w);
	passes(w, 3 * KITH_HUMAN_MS); /* what was still on a screen ends, what is wanted is tried */
	expect(w->after == -1);
	meet_again(p);
	world_ends(w);
}

static void trouble_at_every_point(trouble_fn trouble)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		for (size_t n = 0; world_wanted(seed) && n < messages_in(seed); n++)
			trouble_after(seed, n, trouble);
}

static void adas_courier_dies_now(struct world *w, struct wire *wire)
{
	(void)wire;
	courier_dies(w->people[0]);
}

static void graces_courier_dies_now(struct world *w, struct wire *wire)
{
	(void)wire;
	courier_dies(w->people[1]);
}

static void ada_leaves_now(struct world *w, struct wire *wire)
{
	(void)wire;
	leaves(w->people[0]);
}

static void grace_leaves_now(struct world *w, struct wire *wire)
{
	(void)wire;
	leaves(w->people[1]);
}

static void ada_crashes_now(struct world *w, struct wire *wire)
{
	(void)wire;
	crashes(w->people[0]);
}

static void grace_crashes_now(struct world *w, struct wire *wire)
{
	(void)wire;
	crashes(w->people[1]);
}

static void a_courier_dies_at_every_point(void **state)
{
	(void)state;
	trouble_at_every_point(adas_courier_dies_now);
	trouble_at_every_point(graces_courier_dies_now);
}

static void somebody_leaves_at_every_point(void **state)
{
	(void)state;
	trouble_at_every_point(ada_leaves_now);
	trouble_at_every_point(grace_leaves_now);
}

static void a_process_is_killed_at_every_point(void **state)
{
	(void)state;
	trouble_at_every_point(ada_crashes_now);
	trouble_at_every_point(grace_crashes_now);
}

static void both_change_their_keys(struct world *w, struct wire *wire)
{
	(void)wire;
	changes_key(w->people[0]);
	changes_key(w->people[1]);
}

/* A new network: new keys are announced, but the running session goes on under the old ones. */
static void new_keys_at_every_point(void **state)
{
	(void)state;
	for (uint64_t seed = 3; seed < 6 + SEEDS; seed += 6) {
		for (size_t n = 0; n < messages_in(seed); n++) {
			struct world *w;
			struct pair p = start(seed, KEEPING_LEDGER, &w);
			w->after = (long)n;
			w->happens = both_change_their_keys;
			picks(p.ada, p.grace);
			passes(w, 10000);
			expect(w->after == -1);
			expect(both_have_swapped(p));
			expect(both_told(p, KITH_NEWS_CODE) == 2 &&
				both_told(p, KITH_NEWS_FAILED) == 0);
			world_ends(w);
		}
	}
}

/* Many ask when the courier dies: nobody who waits is shown or answered on a wire that is gone. */
static void the_courier_dies_while_others_wait(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *hedy = comes(w, "Hedy"), *edith = comes(w, "Edith");
	struct pair p = two(w);

	(void)state;
	all_see_each_other(w);
	picks(hedy, p.grace);
	settles(w);
	picks(edith, p.grace);
	settles(w);
	up_to_the_code(p); /* Hedy is on the screen, Edith waits, but Grace answers Ada */
	leaves(hedy);
	settles(w);
	says_same(p.grace, p.ada);
	courier_dies(p.grace);
	expect(failed_with(p.grace, p.ada, KITH_ERR_BROKEN));
	expect(told(p.grace, KITH_NEWS_REQUEST, edith) == 0);
	expect(kith_room_busy(p.grace->room) == 0);
	expect(told(p.grace, KITH_NEWS_GONE, NULL) == 3);
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(the_line_is_cut_after_every_message),
		cmocka_unit_test(the_line_is_cut_and_the_store_is_real),
		cmocka_unit_test(same_after_the_line_broke),
		cmocka_unit_test(different_after_the_line_broke),
		cmocka_unit_test(a_courier_dies_at_every_point),
		cmocka_unit_test(somebody_leaves_at_every_point),
		cmocka_unit_test(a_process_is_killed_at_every_point),
		cmocka_unit_test(new_keys_at_every_point),
		cmocka_unit_test(the_courier_dies_while_others_wait),
	};

	return stories_run("broken", stories);
}
