/* SPDX-License-Identifier: MIT
 *
 * prompts - many ask one: in turn, one an S, PROMPTS_MAX waiting; who may ask or be picked at all;
 * and when a person is warned.
 */
#include "pair.h"

static const char *const names[] = {"Ada", "Alan", "Barbara", "Claude", "Donald", "Edith",
	"Frances", "Grace", "Hedy", "Ivan", "Jean", "Katherine", "Leslie", "Margaret", "Niklaus",
	"Ole", "Peter", "Radia", "Sophie", "Tony", "Ursula"};

/* A host, whom n people ask, one after the other. */
static struct person *crowd(struct world *w, size_t n, struct person **ret_all)
{
	struct person *host = comes(w, "the host");

	for (size_t i = 0; i < n; i++) {
		ret_all[i] = comes(w, names[i]);
		sees(ret_all[i], host);
		sees(host, ret_all[i]);
	}
	for (size_t i = 0; i < n; i++) {
		picks(ret_all[i], host);
		settles(w);
	}
	return host;
}

static void one_at_a_time_and_in_turn(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[4];
	struct person *host = crowd(w, 4, all);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		expect(told(host, KITH_NEWS_REQUEST, NULL) == i + 1);
		expect(told(host, KITH_NEWS_REQUEST, all[i]) == 1);
		says_no(host, all[i]);
		settles(w);
		expect(failed_with(all[i], host, KITH_ERR_DECLINED));
	}
	world_ends(w);
}

/* One shown, PROMPTS_MAX behind it; of one more, somebody is hung up on, and comes again. */
static void the_queue_has_an_end(void **state)
{
	enum { N = KITH_PROMPTS_MAX + 2 };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[N], *host = crowd(w, N, all), *left_out = NULL;

	(void)state;
	expect(told(host, KITH_NEWS_REQUEST, NULL) == 1);
	for (size_t i = 0; i < N; i++) {
		if (wires_standing(w, all[i], host) == 1)
			continue;
		expect(!left_out);
		left_out = all[i];
	}
	expect(left_out && left_out != all[0]);
	expect(told(left_out, KITH_NEWS_UNREACHABLE, host) == 1);
	says_no(host, all[0]);
	passes(w, 5000); /* now there is room for him */
	expect(wires_standing(w, left_out, host) == 1);
	for (size_t i = 1; i < N; i++) {
		struct person *shown = NULL;
		for (size_t k = 0; k < host->heard_n; k++)
			if (host->heard[k].kind == KITH_NEWS_REQUEST)
				shown = host->heard[k].about;
		says_no(host, shown);
		settles(w);
	}
	for (size_t i = 0; i < N; i++)
		expect(told(host, KITH_NEWS_REQUEST, all[i]) == 1);
	expect(told(host, KITH_NEWS_REQUEST, NULL) == N);
	world_ends(w);
}

/* While a code is on the screen nothing else is shown, and nobody else can be picked. */
static void not_while_a_code_is_up(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[3];
	struct person *host = crowd(w, 3, all);

	(void)state;
	says_yes(host, all[0]);
	settles(w);
	expect(same_code(host, all[0]));
	expect(told(host, KITH_NEWS_REQUEST, NULL) == 1);
	expect(pick(host, all[1]) == KITH_ERR_BUSY);
	expect(answer(host, all[1], true) == KITH_ERR_BUSY);
	both_say_same(host, all[0]);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, all[1]) == 1);
	expect(told(host, KITH_NEWS_REQUEST, all[2]) == 0);
	says_yes(host, all[1]);
	settles(w);
	expect(same_code(host, all[1]));
	says_different(host, all[1]);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, all[2]) == 1);
	world_ends(w);
}

static void who_goes_is_not_shown(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[3];
	struct person *host = crowd(w, 3, all);

	(void)state;
	leaves(all[1]);
	settles(w);
	expect(told(host, KITH_NEWS_WITHDRAWN, NULL) == 0);
	leaves(all[0]);
	settles(w);
	expect(told(host, KITH_NEWS_WITHDRAWN, all[0]) == 1);
	expect(told(host, KITH_NEWS_REQUEST, all[1]) == 0);
	expect(told(host, KITH_NEWS_REQUEST, all[2]) == 1);
	expect(answer(host, all[0], true) != KITH_OK);
	world_ends(w);
}

/* The one who asked changes his mind: cancel ends it without a word about failure. */
static void ada_changes_her_mind(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	picks(p.ada, p.grace);
	settles(w);
	expect(cancel(p.ada, p.grace) == KITH_OK);
	passes(w, 2 * KITH_WANTED_MS);
	expect(told(p.grace, KITH_NEWS_WITHDRAWN, p.ada) == 1);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0);
	whole_swap(p);
	expect(both_have_swapped(p));
	world_ends(w);
}

static void cancel_at_the_code(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	up_to_the_code(p);
	expect(cancel(p.grace, p.ada) == KITH_OK);
	settles(w);
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 1);
	expect(told(p.grace, KITH_NEWS_FAILED, p.ada) == 1);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	expect(wires_standing(w, p.ada, p.grace) == 0);
	world_ends(w);
}

/* Another pick takes the place of the first. */
static void ada_picks_somebody_else(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);
	struct person *edith = comes(w, "Edith");

	(void)state;
	all_see_each_other(w);
	picks(p.ada, p.grace);
	settles(w);
	picks(p.ada, edith);
	settles(w);
	expect(told(p.grace, KITH_NEWS_WITHDRAWN, p.ada) == 1);
	expect(told(edith, KITH_NEWS_REQUEST, p.ada) == 1);
	expect(answer(p.grace, p.ada, true) != KITH_OK);
	world_ends(w);
}

/* Somebody whom discovery has not shown yet may ask; the row stays when he is announced. */
static void a_newcomer_asks(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct person *grace = comes(w, "Grace");

	(void)state;
	sees(ada, grace);
	picks(ada, grace);
	settles(w);
	expect(told(grace, KITH_NEWS_REQUEST, ada) == 1);
	expect(told(grace, KITH_NEWS_SEEN, ada) == 0);
	sees(grace, ada);
	expect(told(grace, KITH_NEWS_SEEN, ada) == 1);
	loses(grace, ada);
	says_yes(grace, ada);
	settles(w);
	both_say_same(ada, grace);
	settles(w);
	expect(has_swapped(ada, grace) && has_swapped(grace, ada));
	world_ends(w);
}

static void rows_come_and_go(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	sees(p.ada, p.grace); /* again: the same row, no news */
	sees(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_SEEN, p.grace) == 1);
	loses(p.ada, p.grace);
	loses(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_GONE, p.grace) == 1);
	expect(pick(p.ada, p.grace) == KITH_ERR_NOPERSON);
	sees(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_SEEN, p.grace) == 2);
	expect(answer(p.ada, p.grace, true) == KITH_ERR_STATE);
	expect(compare(p.ada, p.grace, true) == KITH_ERR_STATE);
	world_ends(w);
}

/* Two programs on one laptop, or a copied key: nobody swaps with himself. */
static void ada_finds_her_own_key(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct person *again = comes_as(w, "Ada's laptop", (struct manner){.twin = ada});

	(void)state;
	all_see_each_other(w);
	picks(ada, again);
	settles(w);
	says_yes(again, ada);
	settles(w);
	expect(failed_with(ada, again, KITH_ERR_OWNKEY));
	expect(told(again, KITH_NEWS_FAILED, ada) == 1);
	expect(ada->sent[KITH_TYPE_REVEAL] == 0);
	expect(told(ada, KITH_NEWS_CODE, NULL) + told(again, KITH_NEWS_CODE, NULL) == 0);
	expect(keeping_people(ada->keeping) + keeping_people(again->keeping) == 0);
	/* That ACCEPT spent the pick: what they ask now is asked about. */
	picks(again, ada);
	settles(w);
	expect(told(ada, KITH_NEWS_REQUEST, again) == 1);
	says_no(ada, again);
	settles(w);
	/* And the row can be picked anew. */
	picks(ada, again);
	settles(w);
	expect(told(again, KITH_NEWS_REQUEST, ada) == 2);
	world_ends(w);
}

/* Looking only: requests are closed, nothing can be picked. */
static void a_room_for_looking(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct person *watcher = comes_as(w, "watcher", (struct manner){.looks_only = true});

	(void)state;
	all_see_each_other(w);
	expect(told(watcher, KITH_NEWS_SEEN, ada) == 1);
	expect(pick(watcher, ada) == KITH_ERR_STATE);
	picks(ada, watcher);
	settles(w);
	expect(told(ada, KITH_NEWS_UNREACHABLE, watcher) == 1);
	expect(told(watcher, KITH_NEWS_REQUEST, NULL) == 0);
	expect(wires_standing(w, ada, watcher) == 0);
	world_ends(w);
}

/* A CURVE key that anybody can compute with, and one's own, make no row. */
static void keys_that_make_no_row(void **state)
{
	static const uint8_t weak[32] = {1}; /* of order 1 on the curve */
	static const uint8_t zero[32] = {0};
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct kith_span name = kith_span_str("Mallory");
	uint8_t old[32];

	(void)state;
	kith_room_seen(ada->room, weak, name);
	kith_room_seen(ada->room, zero, name);
	kith_room_seen(ada->room, ada->key, name);
	memcpy(old, ada->key, 32);
	changes_key(ada);
	kith_room_seen(ada->room, old, name);
	expect(ada->heard_n == 0);
	world_ends(w);
}

/* Failed comparisons: the fifth within ten minutes is said out loud. */
static void fail_once(struct pair p)
{
	up_to_the_code(p);
	says_different(p.grace, p.ada);
	settles(p.ada->w);
}

static void somebody_may_be_in_the_middle(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	for (size_t i = 1; i < KITH_FAILURES_MAX; i++) {
		fail_once(p);
		passes(w, KITH_FAILURES_MS / KITH_FAILURES_MAX - 5000);
	}
	expect(both_told(p, KITH_NEWS_MIDDLE) == 0);
	fail_once(p);
	expect(told(p.ada, KITH_NEWS_MIDDLE, NULL) == 1);
	expect(told(p.grace, KITH_NEWS_MIDDLE, NULL) == 1);
	world_ends(w);
}

static void failures_spread_out(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	for (size_t i = 0; i < 3 * KITH_FAILURES_MAX; i++) {
		fail_once(p);
		passes(w, KITH_FAILURES_MS / (KITH_FAILURES_MAX - 1));
	}
	expect(both_told(p, KITH_NEWS_MIDDLE) == 0);
	world_ends(w);
}

/* A broken line after ACCEPT counts like a mismatch; a decline and a success do not. */
static void what_counts_as_a_failure(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	for (size_t i = 1; i < KITH_FAILURES_MAX; i++) {
		up_to_the_code(p);
		cuts(p.ada, p.grace);
		settles(w);
		says_same(p.ada, p.grace); /* to an empty room */
		expect(compare(p.grace, p.ada, false) == KITH_OK);
		passes(w, KITH_PROMPTS_MS); /* or the fourth waits */
	}
	picks(p.ada, p.grace);
	settles(w);
	says_no(p.grace, p.ada);
	settles(w);
	whole_swap(p);
	expect(both_told(p, KITH_NEWS_MIDDLE) == 0);
	fail_once(p);
	expect(both_told(p, KITH_NEWS_MIDDLE) == 2);
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(one_at_a_time_and_in_turn),
		cmocka_unit_test(the_queue_has_an_end),
		cmocka_unit_test(not_while_a_code_is_up),
		cmocka_unit_test(who_goes_is_not_shown),
		cmocka_unit_test(ada_changes_her_mind),
		cmocka_unit_test(cancel_at_the_code),
		cmocka_unit_test(ada_picks_somebody_else),
		cmocka_unit_test(a_newcomer_asks),
		cmocka_unit_test(rows_come_and_go),
		cmocka_unit_test(ada_finds_her_own_key),
		cmocka_unit_test(a_room_for_looking),
		cmocka_unit_test(keys_that_make_no_row),
		cmocka_unit_test(somebody_may_be_in_the_middle),
		cmocka_unit_test(failures_spread_out),
		cmocka_unit_test(what_counts_as_a_failure),
	};

	return stories_run("prompts", stories);
}
