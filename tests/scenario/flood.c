/* SPDX-License-Identifier: MIT
 *
 * Who floods a room with requests, and who fails at the codes (T5, T9, case 67).
 */
#include "pair.h"

/* A host and n people, who all see him. */
static struct person *hall(struct world *w, struct person **ret_all, size_t n)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
		"l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v"};
	struct person *host = comes(w, "the host");

	for (size_t i = 0; i < n; i++) {
		ret_all[i] = comes(w, names[i]);
		sees(ret_all[i], host);
	}
	return host;
}

static struct person *shown_now(const struct person *host)
{
	const struct heard *last = last_told(host, KITH_NEWS_REQUEST, NULL);

	return last ? last->about : NULL;
}

/* T5: one of a flood of n has his place with probability 16 of n, whenever he came.  The flood asks,
 * goes, and asks again; the honest one asks once, in the middle of it. */
static void a_fair_sample(void **state)
{
	enum { RUNS = 400, CROWD = 20, FLOOD = 48 };
	size_t kept = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct person *all[CROWD], *host = hall(w, all, CROWD);
		struct person *honest = all[CROWD - 1];
		size_t when = 1 + world_luck(w, FLOOD);
		for (size_t i = 0; i <= FLOOD; i++) {
			struct person *who = i == when ? honest : all[i % (CROWD - 1)];
			if (who != honest && wires_standing(w, who, host)) {
				leaves(who);
				returns(who);
				sees(who, host);
			}
			picks(who, host);
			settles(w);
		}
		kept += wires_standing(w, honest, host) > 0;
		expect(told(host, KITH_NEWS_REQUEST, NULL) <= FLOOD + 1);
		world_ends(w);
	}
	/* At least 16 of 49; four standard deviations below are 93 of 400. */
	expect(kept >= 93);
	expect(kept < RUNS); /* or there was no flood */
}

/* Of one address three a minute are shown and three wait, in whichever names it asks; another's comes
 * between. */
static void three_a_minute_from_one_address(void **state)
{
	enum { N = 8, THREE = KITH_PROMPTS_ADDRESS_MAX };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[N], *host = hall(w, all, N);
	size_t theirs = 0;

	(void)state;
	for (size_t i = 1; i < N - 1; i++)
		all[i]->neighbour = all[0];
	for (size_t i = 0; i < N; i++) {
		picks(all[i], host);
		settles(w);
	}
	for (size_t i = 0; i < N - 1; i++)
		theirs += wires_standing(w, all[i], host);
	expect(theirs == 1 + THREE);
	for (size_t i = 0; i < THREE; i++) {
		expect(shown_now(host) != all[N - 1]);
		says_no(host, shown_now(host));
		settles(w);
	}
	expect(shown_now(host) == all[N - 1]);
	says_no(host, all[N - 1]);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, NULL) == THREE + 1);
	passes(w, KITH_PROMPTS_MS);
	expect(told(host, KITH_NEWS_REQUEST, NULL) == THREE + 2);
	world_ends(w);
}

/* Who joins until all places are taken, goes, and joins again does not begin a new count: those who
 * waited before keep their chance. */
static void leaving_and_coming_again(void **state)
{
	enum { RUNS = 200, HONEST = 8, CROWD = 22, TURNS = 6 };
	size_t lost = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct person *all[CROWD], *host = hall(w, all, CROWD);
		for (size_t i = 0; i < HONEST; i++) {
			picks(all[i], host);
			settles(w);
		}
		for (size_t turn = 0; turn < TURNS; turn++) {
			for (size_t i = HONEST; i < CROWD; i++) {
				if (wires_standing(w, all[i], host))
					continue;
				leaves(all[i]);
				returns(all[i]);
				sees(all[i], host);
				picks(all[i], host);
				settles(w);
			}
			for (size_t i = HONEST; i < CROWD; i++) {
				leaves(all[i]);
				returns(all[i]);
				sees(all[i], host);
			}
		}
		for (size_t i = 0; i < HONEST; i++)
			lost += told(all[i], KITH_NEWS_UNREACHABLE, host);
		world_ends(w);
	}
	/* Half of the honest lose their place once in six turns; all but a few where every turn begins a
	 * new count. */
	expect(lost < RUNS * HONEST * 65 / 100);
}

/* Who quits under a code has seen a failure, and it counts in the next swap. */
static void leaving_under_a_code_counts(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	for (size_t i = 0; i < KITH_FAILURES_MAX; i++) {
		expect(kith_failures_many_until(&p.ada->failures, w->now) == 0);
		up_to_the_code(p);
		leaves(p.ada);
		settles(w);
		returns(p.ada);
		sees(p.ada, p.grace);
		sees(p.grace, p.ada);
	}
	expect(kith_failures_many_until(&p.ada->failures, w->now) > w->now);
	world_ends(w);
}

/* Ten swaps in a minute with the same one are no flood. */
static void who_is_welcome_may_come_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	for (size_t i = 0; i < 10; i++)
		whole_swap(p);
	expect(w->now < KITH_PROMPTS_MS);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 10);
	world_ends(w);
}

/* Failures of strangers, each with a key and an address of his own unless they are neighbours. */
static void fails(struct person *host, struct person *who)
{
	picks(who, host);
	settles(host->w);
	says_yes(host, who);
	settles(host->w);
	says_different(who, host);
	settles(host->w);
}

static void requests_are_held_back(void **state)
{
	enum { N = KITH_FAILURES_MAX + 2 };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[N], *host = hall(w, all, N);
	struct person *late = all[N - 1], *early = all[N - 2];

	(void)state;
	for (size_t i = 0; i < KITH_FAILURES_MAX; i++) {
		expect(told(host, KITH_NEWS_MIDDLE, NULL) == 0);
		fails(host, all[i]);
	}
	expect(told(host, KITH_NEWS_MIDDLE, NULL) == 1);
	expect(told(host, KITH_NEWS_HELD, NULL) == 0);
	picks(early, host);
	settles(w);
	picks(late, host);
	settles(w);
	expect(told(host, KITH_NEWS_HELD, NULL) == 1 &&
		last_told(host, KITH_NEWS_HELD, NULL)->waiting);
	expect(told(host, KITH_NEWS_REQUEST, early) == 0);
	kith_room_show(host->room);
	expect(told(host, KITH_NEWS_REQUEST, early) == 1);
	expect(!last_told(host, KITH_NEWS_HELD, NULL)->waiting);
	/* The next failure holds them back again. */
	says_yes(host, early);
	settles(w);
	says_different(early, host);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, late) == 0);
	expect(last_told(host, KITH_NEWS_HELD, NULL)->waiting);
	world_ends(w);
}

/* Time ends it, too; what my person picks was never held back. */
static void held_back_until_the_time_is_over(void **state)
{
	enum { N = KITH_FAILURES_MAX + 2 };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[N], *host = hall(w, all, N);
	struct person *late = all[N - 1], *friend = all[N - 2];

	(void)state;
	for (size_t i = 0; i < KITH_FAILURES_MAX; i++)
		fails(host, all[i]);
	sees(host, friend);
	picks(host, friend);
	settles(w);
	says_yes(friend, host);
	settles(w);
	both_say_same(host, friend);
	settles(w);
	expect(has_swapped(host, friend));
	passes(w, KITH_FAILURES_MS - 60000);
	picks(late, host);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, late) == 0);
	passes(w, 61000);
	expect(told(host, KITH_NEWS_REQUEST, late) == 1);
	world_ends(w);
}

/* A new swap does not forget: the count is the node's. */
static void a_new_swap_forgets_nothing(void **state)
{
	enum { N = KITH_FAILURES_MAX + 1 };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[N], *host = hall(w, all, N);

	(void)state;
	for (size_t i = 0; i < KITH_FAILURES_MAX; i++) {
		fails(host, all[i]);
		if (i == 2) {
			leaves(host);
			returns(host);
			for (size_t k = 0; k < N; k++)
				sees(all[k], host);
		}
	}
	expect(told(host, KITH_NEWS_MIDDLE, NULL) == 1);
	picks(all[N - 1], host);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, all[N - 1]) == 0);
	world_ends(w);
}

/* Two who had bad luck five times find each other again: the request waits, and is shown when my person
 * asks to see it. */
static void bad_luck_is_not_for_ever(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	for (size_t i = 0; i < KITH_FAILURES_MAX; i++)
		fails(p.grace, p.ada);
	picks(p.ada, p.grace);
	settles(w);
	expect(told(p.ada, KITH_NEWS_ASKING, p.grace) == KITH_FAILURES_MAX + 1);
	expect(last_told(p.grace, KITH_NEWS_HELD, NULL)->waiting);
	kith_room_show(p.grace->room);
	says_yes(p.grace, p.ada);
	settles(w);
	both_say_same(p.ada, p.grace);
	settles(w);
	expect(both_have_swapped(p));
	world_ends(w);
}

/* Where nobody compares, a failure buys nothing: requests are accepted as ever. */
static void unattended_holds_nothing_back(void **state)
{
	enum { N = KITH_FAILURES_MAX + 1 };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *all[N];
	struct person *host = comes_as(w, "the desk", (struct manner){.unattended = true});

	(void)state;
	for (size_t i = 0; i < N; i++) {
		static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
		all[i] = comes(w, names[i]);
		sees(all[i], host);
	}
	for (size_t i = 0; i < KITH_FAILURES_MAX; i++)
		fails(host, all[i]);
	picks(all[N - 1], host);
	settles(w);
	expect(told(host, KITH_NEWS_REQUEST, all[N - 1]) == 1);
	expect(told(host, KITH_NEWS_HELD, NULL) == 0);
	world_ends(w);
}

/* Strangers' requests keep nobody from a new name; a code on the screen does. */
static void a_request_does_not_keep_the_name(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	picks(p.ada, p.grace);
	settles(w);
	expect(kith_room_busy(p.grace->room) == 0);
	expect(kith_room_busy(p.ada->room) == 1);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(kith_room_busy(p.grace->room) == 1);
	world_ends(w);
}

/* A key may come in other clothes: its handle cannot be foreseen, and stays while the room does. */
static void handles_cannot_be_made(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);
	char first[KITH_HANDLE_MAX + 1];

	(void)state;
	memcpy(first, p.ada->handle[1], sizeof first);
	loses(p.ada, p.grace);
	sees(p.ada, p.grace);
	expect(strcmp(first, p.ada->handle[1]) == 0);
	leaves(p.ada);
	returns(p.ada);
	sees(p.ada, p.grace);
	expect(strcmp(first, p.ada->handle[1]) != 0);
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_fair_sample),
		cmocka_unit_test(three_a_minute_from_one_address),
		cmocka_unit_test(leaving_and_coming_again),
		cmocka_unit_test(leaving_under_a_code_counts),
		cmocka_unit_test(who_is_welcome_may_come_again),
		cmocka_unit_test(requests_are_held_back),
		cmocka_unit_test(held_back_until_the_time_is_over),
		cmocka_unit_test(a_new_swap_forgets_nothing),
		cmocka_unit_test(bad_luck_is_not_for_ever),
		cmocka_unit_test(unattended_holds_nothing_back),
		cmocka_unit_test(a_request_does_not_keep_the_name),
		cmocka_unit_test(handles_cannot_be_made),
	};

	return stories_run("flood", stories);
}
