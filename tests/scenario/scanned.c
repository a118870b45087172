/* SPDX-License-Identifier: MIT
 *
 * scanned - invitations: who has scanned a key needs no code for it, and nobody else gets anything by
 * that.  Nobody sees anybody here, unless a story says so.
 */
#include "pair.h"

static struct world *starts(void **state)
{
	return world_starts(1, *(enum keeping_kind *)*state);
}

static struct pair unseen(struct world *w)
{
	return (struct pair){comes(w, "Ada"), comes(w, "Grace")};
}

static enum kith_how known_as(struct person *a, struct person *b)
{
	return holds(a, b).how;
}

/* Ada has scanned what Grace shows: Grace is asked and compares, Ada does not. */
static void one_scans_and_one_compares(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);

	scans(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_SEEN, p.grace) == 1);
	expect(told(p.ada, KITH_NEWS_CALLING, p.grace) == 1);
	settles(w);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(same_code(p.ada, p.grace));
	expect(last_told(p.ada, KITH_NEWS_CODE, p.grace)->scanned);
	expect(!last_told(p.grace, KITH_NEWS_CODE, p.ada)->scanned);
	expect(p.ada->sent[KITH_TYPE_CONFIRM] == 1 && p.ada->sent[KITH_TYPE_CARD] == 0);
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	expect(knows_nothing(p.grace, p.ada));                    /* a scan there is no yes here */
	expect(compare(p.ada, p.grace, false) == KITH_ERR_STATE); /* nothing is left to answer */
	says_same(p.grace, p.ada);
	settles(w);
	expect(both_have_swapped(p));
	/* the weaker of both counts, on both sides */
	expect(known_as(p.ada, p.grace) == KITH_HOW_COMPARED);
	expect(known_as(p.grace, p.ada) == KITH_HOW_COMPARED);
	expect(both_told(p, KITH_NEWS_FAILED) == 0);
	world_ends(w);
}

/* Each has the other's: one swap without a question, whoever's dial wins. */
static void both_scan(void **state)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, *(enum keeping_kind *)*state);
		struct pair p = unseen(w);

		scans(p.ada, p.grace);
		if (seed % 4)
			passes(w, world_luck(w, 60));
		scans(p.grace, p.ada);
		settles(w);
		passes(w, 2000);
		expect(both_have_swapped(p));
		expect(known_as(p.ada, p.grace) == KITH_HOW_SCANNED);
		expect(known_as(p.grace, p.ada) == KITH_HOW_SCANNED);
		if (both_told(p, KITH_NEWS_REQUEST) == 0)
			expect(both_told(p, KITH_NEWS_CODE) == 2);
		expect(both_told(p, KITH_NEWS_SWAPPED) == 2);
		expect(both_told(p, KITH_NEWS_FAILED) == 0);
		expect(p.ada->failures_told + p.grace->failures_told == 0);
		world_ends(w);
	}
}

/* Who answers proves another key than the invitation names: in the middle, say. */
static void another_key(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);
	struct person *bob = comes(w, "Bob");

	expect(scan(p.ada, p.grace, bob) == KITH_OK);
	settles(w);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(failed_with(p.grace, p.ada, KITH_ERR_MISMATCH));
	expect(told(p.ada, KITH_NEWS_CODE, p.grace) == 0);
	expect(p.ada->sent[KITH_TYPE_CONFIRM] == 0 && p.ada->wrote[WRITING_CONFIRM] == 0);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	expect(p.ada->failures_told == 1 && p.grace->failures_told == 1);
	passes(w, 2 * KITH_WANTED_MS); /* nothing is tried again by itself */
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	expect(p.ada->sent[KITH_TYPE_HELLO_I] == 1);
	sees(p.grace, p.ada); /* and the key stays wrong, whoever asks whom next */
	picks(p.grace, p.ada);
	settles(w);
	says_yes(p.ada, p.grace);
	settles(w);
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 2);
	expect(p.ada->sent[KITH_TYPE_CONFIRM] == 0);
	world_ends(w);
}

/* Hers is the machine in role I, or the invited one dials first: the key is looked at there, too. */
static void another_key_that_calls(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);
	struct person *bob = comes(w, "Bob");

	way_is(p.ada, p.grace, WAY_REFUSED);
	expect(scan(p.ada, p.grace, bob) == KITH_OK);
	settles(w);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	sees(p.grace, p.ada);
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 0); /* the scan was the yes */
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(p.ada->sent[KITH_TYPE_CONFIRM] == 0);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	world_ends(w);
}

/* My way is blocked and theirs is not: the scan was the yes, and the key is the one. */
static void the_invited_one_calls(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);

	way_is(p.ada, p.grace, WAY_SILENT);
	scans(p.ada, p.grace);
	sees(p.grace, p.ada);
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 0);
	expect(same_code(p.ada, p.grace));
	says_same(p.grace, p.ada);
	settles(w);
	expect(both_have_swapped(p));
	expect(known_as(p.ada, p.grace) == KITH_HOW_COMPARED);
	world_ends(w);
}

/* The consent is to that key: who else asks meanwhile is a question like any other. */
static void consent_is_to_that_key(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);
	struct person *bob = comes(w, "Bob");

	way_is(p.ada, p.grace, WAY_REFUSED);
	scans(p.ada, p.grace);
	settles(w);
	sees(bob, p.ada);
	picks(bob, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, bob) == 1);
	says_yes(p.ada, bob);
	settles(w);
	expect(!last_told(p.ada, KITH_NEWS_CODE, bob)->scanned);
	expect(p.ada->sent[KITH_TYPE_CONFIRM] == 0);
	both_say_same(p.ada, bob);
	settles(w);
	expect(known_as(p.ada, bob) == KITH_HOW_COMPARED);
	world_ends(w);
}

/* One scan is one pick, and one pick is one ACCEPT. */
static void one_scan_is_one_pick(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);

	scans(p.ada, p.grace);
	settles(w);
	says_yes(p.grace, p.ada);
	settles(w);
	says_different(p.grace, p.ada);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(knows_nothing(p.ada, p.grace)); /* the pending row went with it */
	expect(p.ada->failures_told == 1 && p.grace->failures_told == 1);
	sees(p.grace, p.ada);
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 1); /* asked, this time */
	world_ends(w);
}

/* An invitation that leads nowhere is told at once and given up in time; found later, it goes on. */
static void nobody_there(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);

	way_is(p.ada, p.grace, WAY_REFUSED);
	scans(p.ada, p.grace);
	settles(w);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	passes(w, KITH_WANTED_MS + 1000);
	expect(failed_with(p.ada, p.grace, KITH_ERR_UNREACHABLE));
	expect(p.ada->failures_told == 0);
	way_is(p.ada, p.grace, WAY_OPEN);
	passes(w, KITH_WANTED_MS);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 0);
	picks(p.ada, p.grace); /* by hand it may be tried again */
	settles(w);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	world_ends(w);
}

static void the_way_opens_in_time(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);

	way_is(p.ada, p.grace, WAY_REFUSED);
	scans(p.ada, p.grace);
	passes(w, 5000);
	way_is(p.ada, p.grace, WAY_OPEN); /* the cable is in */
	passes(w, 5000);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	world_ends(w);
}

/* Who is seen, goes, and comes again stays in the list: the invitation still says where they are. */
static void seen_and_gone(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);

	way_is(p.ada, p.grace, WAY_REFUSED);
	scans(p.ada, p.grace);
	sees(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_SEEN, p.grace) == 2); /* now with a name */
	loses(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_GONE, p.grace) == 0);
	way_is(p.ada, p.grace, WAY_OPEN);
	passes(w, 5000);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	world_ends(w);
}

static void what_cannot_be_called(void **state)
{
	struct world *w = starts(state);
	struct pair p = unseen(w);
	uint8_t weak[32] = {0};

	expect(scan(p.ada, p.ada, p.grace) == KITH_ERR_OWNKEY);
	expect(scan(p.ada, p.grace, p.ada) == KITH_ERR_OWNKEY);
	expect(kith_room_invited(p.ada->room, weak, kith_identity_ik(p.grace->id)) ==
		KITH_ERR_VALUE);
	expect(told(p.ada, KITH_NEWS_SEEN, NULL) == 0);
	struct person *bob = comes_as(w, "Bob", (struct manner){.looks_only = true});
	expect(scan(bob, p.grace, NULL) == KITH_ERR_STATE);
	world_ends(w);
}

/* Scanned by a machine that nobody sits at: the key was scanned all the same.  The other side's own
 * way is the weaker one. */
static void scanned_and_unattended(void **state)
{
	struct world *w = starts(state);
	struct pair p = {comes_as(w, "Ada", (struct manner){.unattended = true}),
		comes_as(w, "Grace", (struct manner){.unattended = true})};

	have_habit(p, HABIT_AGREES);
	scans(p.ada, p.grace);
	passes(w, 30000);
	expect(both_have_swapped(p));
	expect(known_as(p.ada, p.grace) == KITH_HOW_UNATTENDED);
	expect(known_as(p.grace, p.ada) == KITH_HOW_UNATTENDED);
	world_ends(w);
}

/* The line breaks at every message in turn: what each was told is what each holds. */
static void the_line_breaks(void **state)
{
	for (long after = 0; after < 16; after++) {
		struct world *w = starts(state);
		struct pair p = unseen(w);

		p.grace->habit = HABIT_AGREES;
		w->after = after;
		w->happens = cut_happens;
		scans(p.ada, p.grace);
		passes(w, KITH_SESSION_MS);
		expect(claims_hold(p.ada, p.grace) && claims_hold(p.grace, p.ada));
		world_ends(w);
	}
}

int main(void)
{
	static enum keeping_kind ledger = KEEPING_LEDGER, store = KEEPING_STORE;
#define STORY(f)                                                                                   \
	{                                                                                          \
#f, f, NULL, NULL, &ledger                                                         \
	}
	const struct CMUnitTest stories[] = {
		STORY(one_scans_and_one_compares),
		{"one_scans_and_one_compares, in a store", one_scans_and_one_compares, NULL, NULL,
			&store},
		STORY(both_scan),
		STORY(another_key), /* T6 */
		STORY(another_key_that_calls),
		STORY(the_invited_one_calls),
		STORY(consent_is_to_that_key),
		STORY(one_scan_is_one_pick),
		STORY(nobody_there),
		STORY(the_way_opens_in_time),
		STORY(seen_and_gone),
		STORY(what_cannot_be_called),
		STORY(scanned_and_unattended),
		STORY(the_line_breaks),
	};

	return stories_run("scanned", stories);
}
