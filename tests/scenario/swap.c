/* SPDX-License-Identifier: MIT
 *
 * swap - two people, an undisturbed line: every way in which it can go and end.
 */
#include "pair.h"

/* *state: which keeping this run of the story uses. */
static struct world *starts(void **state)
{
	return world_starts(1, *(enum keeping_kind *)*state);
}

static void two_people_swap(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	picks(p.ada, p.grace);
	settles(w);
	expect(told(p.ada, KITH_NEWS_ASKING, p.grace) == 1);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	expect(last_told(p.grace, KITH_NEWS_REQUEST, p.ada)->gives);
	expect(last_told(p.grace, KITH_NEWS_REQUEST, p.ada)->attended);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(same_code(p.ada, p.grace));
	expect(strlen(last_told(p.ada, KITH_NEWS_CODE, p.grace)->code) == KITH_CODE_SHORT_DIGITS);
	says_same(p.ada, p.grace);
	settles(w);
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	expect(knows_nothing(p.grace, p.ada));
	says_same(p.grace, p.ada);
	settles(w);
	expect(both_have_swapped(p));
	expect(holds(p.ada, p.grace).how == KITH_HOW_COMPARED);
	expect(holds(p.ada, p.grace).both == 1 && holds(p.grace, p.ada).both == 1);
	expect(told(p.ada, KITH_NEWS_SWAPPED, p.grace) == 1);
	expect(told(p.grace, KITH_NEWS_SWAPPED, p.ada) == 1);
	expect(last_told(p.ada, KITH_NEWS_SWAPPED, p.grace)->delivered);
	expect(told(p.ada, KITH_NEWS_FAILED, NULL) + told(p.grace, KITH_NEWS_FAILED, NULL) == 0);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0 && kith_room_busy(p.grace->room) == 0);
	world_ends(w);
}

/* The one who was asked need not wait for the line's end to go on. */
static void the_screen_is_free_at_once(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	whole_swap(p);
	expect(told(p.grace, KITH_NEWS_SWAPPED, p.ada) == 1);
	picks(p.grace, p.ada);
	settles(w);
	expect(told(p.ada, KITH_NEWS_REQUEST, p.grace) == 1);
	world_ends(w);
}

static void grace_says_no(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	picks(p.ada, p.grace);
	settles(w);
	says_no(p.grace, p.ada);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_DECLINED));
	expect(told(p.grace, KITH_NEWS_FAILED, p.ada) == 0);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(answer(p.grace, p.ada, true) == KITH_ERR_STATE);
	passes(w, 2 * KITH_WANTED_MS); /* a no is a no: nothing is tried again */
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	whole_swap(p); /* but Ada may ask again */
	expect(both_have_swapped(p));
	world_ends(w);
}

static void grace_never_answers(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	picks(p.ada, p.grace);
	settles(w);
	passes(w, KITH_HUMAN_MS - 1000);
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 0);
	passes(w, 1000);
	expect(failed_with(p.ada, p.grace, KITH_ERR_TIMEOUT));
	expect(told(p.grace, KITH_NEWS_WITHDRAWN, p.ada) == 1);
	expect(answer(p.grace, p.ada, true) == KITH_ERR_STATE);
	passes(w, 2 * KITH_WANTED_MS);
	expect(told(p.grace, KITH_NEWS_REQUEST, p.ada) == 1);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	world_ends(w);
}

/* Nobody looks at the code on one side: both ends know after HUMAN_MS. */
static void grace_walks_away_at_the_code(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	up_to_the_code(p);
	says_same(p.ada, p.grace);
	passes(w, KITH_HUMAN_MS - 2000);
	expect(told(p.grace, KITH_NEWS_FAILED, p.ada) == 0);
	passes(w, 3000);
	expect(failed_with(p.grace, p.ada, KITH_ERR_TIMEOUT));
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 1);
	expect(last_told(p.ada, KITH_NEWS_FAILED, p.grace)->pending);
	expect(!last_told(p.grace, KITH_NEWS_FAILED, p.ada)->pending);
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	expect(knows_nothing(p.grace, p.ada));
	expect(wires_standing(w, p.ada, p.grace) == 0);
	world_ends(w);
}

static void both_walk_away_at_the_code(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	up_to_the_code(p);
	passes(w, KITH_HUMAN_MS + 1000);
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 1);
	expect(told(p.grace, KITH_NEWS_FAILED, p.ada) == 1);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	expect(compare(p.ada, p.grace, true) == KITH_ERR_STATE);
	world_ends(w);
}

static void ada_sees_another_code(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	up_to_the_code(p);
	says_different(p.ada, p.grace);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(failed_with(p.grace, p.ada, KITH_ERR_MISMATCH));
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	world_ends(w);
}

/* Grace had said "same" already: what that wrote goes again. */
static void ada_sees_another_code_after_grace_agreed(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	up_to_the_code(p);
	says_same(p.grace, p.ada);
	settles(w);
	expect(holds(p.grace, p.ada).known);
	says_different(p.ada, p.grace);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(failed_with(p.grace, p.ada, KITH_ERR_MISMATCH));
	expect(!last_told(p.grace, KITH_NEWS_FAILED, p.ada)->pending);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	world_ends(w);
}

static void grace_sees_another_code_after_ada_agreed(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	up_to_the_code(p);
	says_same(p.ada, p.grace);
	settles(w);
	says_different(p.grace, p.ada);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(failed_with(p.grace, p.ada, KITH_ERR_MISMATCH));
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	world_ends(w);
}

static void both_see_another_code(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	up_to_the_code(p);
	says_different(p.ada, p.grace);
	says_different(p.grace, p.ada);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(failed_with(p.grace, p.ada, KITH_ERR_MISMATCH));
	expect(told(p.ada, KITH_NEWS_FAILED, p.grace) == 1);
	expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	world_ends(w);
}

/* A mismatch undoes its own meeting; what earlier meetings wrote stays. */
static void a_mismatch_keeps_an_older_friend(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	whole_swap(p);
	picks(p.grace, p.ada);
	settles(w);
	says_yes(p.ada, p.grace);
	settles(w);
	expect(same_code(p.ada, p.grace));
	says_same(p.ada, p.grace);
	settles(w);
	expect(holds(p.ada, p.grace).met == 2);
	says_different(p.grace, p.ada);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_MISMATCH));
	expect(both_have_swapped(p));
	expect(holds(p.ada, p.grace).met == 1 && holds(p.grace, p.ada).met == 1);
	world_ends(w);
}

static void ada_only_receives(void **state)
{
	struct world *w = starts(state);
	struct pair p = two_people(w, (struct manner){.receives_only = true}, (struct manner){0});

	picks(p.ada, p.grace);
	settles(w);
	expect(!last_told(p.grace, KITH_NEWS_REQUEST, p.ada)->gives);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(!last_told(p.grace, KITH_NEWS_CODE, p.ada)->gives);
	expect(last_told(p.ada, KITH_NEWS_CODE, p.grace)->gives);
	both_say_same(p.ada, p.grace);
	settles(w);
	expect(has_swapped(p.ada, p.grace));
	expect(holds(p.grace, p.ada).state == KITH_CONTACT_PENDING);
	expect(holds(p.grace, p.ada).delivered);
	expect(last_told(p.ada, KITH_NEWS_SWAPPED, p.grace)->delivered);
	expect(last_told(p.grace, KITH_NEWS_SWAPPED, p.ada)->delivered);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	world_ends(w);
}

static void grace_only_receives(void **state)
{
	struct world *w = starts(state);
	struct pair p = two_people(w, (struct manner){0}, (struct manner){.receives_only = true});

	up_to_the_code(p);
	expect(!last_told(p.ada, KITH_NEWS_CODE, p.grace)->gives);
	both_say_same(p.ada, p.grace);
	settles(w);
	expect(has_swapped(p.grace, p.ada));
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	expect(holds(p.ada, p.grace).delivered);
	expect(told(p.ada, KITH_NEWS_SWAPPED, p.grace) == 1);
	world_ends(w);
}

static void both_only_receive(void **state)
{
	struct world *w = starts(state);
	struct manner receives = {.receives_only = true};
	struct pair p = two_people(w, receives, receives);

	whole_swap(p);
	expect(told(p.ada, KITH_NEWS_SWAPPED, p.grace) == 1);
	expect(told(p.grace, KITH_NEWS_SWAPPED, p.ada) == 1);
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	expect(holds(p.ada, p.grace).both == 1 && holds(p.grace, p.ada).both == 1);
	expect(p.ada->sent[KITH_TYPE_RECEIPT] == 0 && p.grace->sent[KITH_TYPE_RECEIPT] == 0);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	world_ends(w);
}

/* Nobody compares at the poster: its code is whole, and both remember that it was not compared. */
static void grace_is_unattended(void **state)
{
	struct world *w = starts(state);
	struct pair p = two_people(w, (struct manner){0}, (struct manner){.unattended = true});

	picks(p.ada, p.grace);
	settles(w);
	says_yes(p.grace, p.ada);
	settles(w);
	expect(!last_told(p.ada, KITH_NEWS_CODE, p.grace)->attended);
	expect(last_told(p.grace, KITH_NEWS_CODE, p.ada)->attended);
	expect(strlen(last_told(p.grace, KITH_NEWS_CODE, p.ada)->code) == KITH_CODE_DIGITS);
	both_say_same(p.ada, p.grace);
	settles(w);
	expect(both_have_swapped(p));
	expect(holds(p.ada, p.grace).how == KITH_HOW_UNATTENDED);
	expect(holds(p.grace, p.ada).how == KITH_HOW_UNATTENDED);
	world_ends(w);
}

static void ada_wants_the_long_code(void **state)
{
	struct world *w = starts(state);
	struct pair p = two_people(w, (struct manner){.long_code = true}, (struct manner){0});

	picks(p.ada, p.grace);
	settles(w);
	says_yes(p.grace, p.ada);
	settles(w);
	const char *whole = last_told(p.ada, KITH_NEWS_CODE, p.grace)->code;
	const char *last = last_told(p.grace, KITH_NEWS_CODE, p.ada)->code;
	expect(strlen(whole) == KITH_CODE_DIGITS && strlen(last) == KITH_CODE_SHORT_DIGITS);
	expect(strcmp(whole + KITH_CODE_DIGITS - KITH_CODE_SHORT_DIGITS, last) == 0);
	both_say_same(p.ada, p.grace);
	settles(w);
	expect(has_swapped(p.ada, p.grace));
	world_ends(w);
}

/* One contact, two meetings, a new code. */
static void the_same_two_meet_twice(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);
	char first[KITH_CODE_DIGITS + 1];

	whole_swap(p);
	strcpy(first, last_told(p.ada, KITH_NEWS_CODE, p.grace)->code);
	whole_swap(p);
	expect(strcmp(first, last_told(p.ada, KITH_NEWS_CODE, p.grace)->code) != 0);
	expect(told(p.ada, KITH_NEWS_SWAPPED, p.grace) == 2);
	expect(keeping_people(p.ada->keeping) == 1 && keeping_people(p.grace->keeping) == 1);
	expect(holds(p.ada, p.grace).met == 2 && holds(p.grace, p.ada).met == 2);
	expect(both_have_swapped(p));
	world_ends(w);
}

static void a_newer_card_at_the_second_meeting(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	whole_swap(p);
	leaves(p.grace);
	rewrites(p.grace, 7);
	returns(p.grace);
	all_see_each_other(w);
	whole_swap(p);
	expect(holds(p.ada, p.grace).rev == 7);
	expect(both_have_swapped(p));
	expect(keeping_people(p.ada->keeping) == 1);
	world_ends(w);
}

/* Somebody put an old copy of his kith back: his older card changes nothing. */
static void an_older_card_at_the_second_meeting(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	leaves(p.grace);
	rewrites(p.grace, 7);
	returns(p.grace);
	all_see_each_other(w);
	whole_swap(p);
	leaves(p.grace);
	rewrites(p.grace, 3);
	returns(p.grace);
	all_see_each_other(w);
	whole_swap(p);
	expect(holds(p.ada, p.grace).rev == 7);
	expect(holds(p.ada, p.grace).met == 2);
	world_ends(w);
}

/* More than a question holds: cut between two letters. */
static void a_long_name(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);
	char name[KITH_LABEL_MAX + 2] = "A";

	for (size_t i = 1; i < KITH_LABEL_MAX; i += 2)
		memcpy(name + i, "\xc3\xa9",
			2); /* the last letter begins at the limit's last byte */
	p.ada->self.label = kith_span(name, KITH_LABEL_MAX + 1);
	whole_swap(p);
	expect(both_have_swapped(p));
	world_ends(w);
}

static void no_name(void **state)
{
	struct world *w = starts(state);
	struct pair p = two(w);

	p.ada->self.label = kith_span("", 0);
	p.grace->self.label = kith_span(NULL, 0);
	p.grace->self.event = kith_span(NULL, 0);
	whole_swap(p);
	expect(both_have_swapped(p));
	world_ends(w);
}

int main(void)
{
	static enum keeping_kind kinds[] = {KEEPING_LEDGER, KEEPING_STORE};
#define STORY(f) cmocka_unit_test_prestate(f, &kinds[0]), cmocka_unit_test_prestate(f, &kinds[1])
	const struct CMUnitTest stories[] = {
		STORY(two_people_swap),
		STORY(the_screen_is_free_at_once),
		STORY(grace_says_no),
		STORY(grace_never_answers),
		STORY(grace_walks_away_at_the_code),
		STORY(both_walk_away_at_the_code),
		STORY(ada_sees_another_code),
		STORY(ada_sees_another_code_after_grace_agreed),
		STORY(grace_sees_another_code_after_ada_agreed),
		STORY(both_see_another_code),
		STORY(a_mismatch_keeps_an_older_friend),
		STORY(ada_only_receives),
		STORY(grace_only_receives),
		STORY(both_only_receive),
		STORY(grace_is_unattended),
		STORY(ada_wants_the_long_code),
		STORY(the_same_two_meet_twice),
		STORY(a_newer_card_at_the_second_meeting),
		STORY(a_long_name),
		STORY(no_name),
		STORY(an_older_card_at_the_second_meeting),
	};
#undef STORY

	return stories_run("swap", stories);
}
