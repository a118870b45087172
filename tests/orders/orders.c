/* SPDX-License-Identifier: MIT
 *
 * orders - every sequence of events, for both roles, for a session alone and for the room around it,
 * with a card to give and without: until no new state is found, which is well beyond eight events.
 *
 * Breadth first.  A path is led again from the start for each letter that may follow it, in a world
 * in which the same path makes the same bytes.  Branches that are over are not extended; of states
 * with the same digest (scene.h says why that is sound) one is.  On every edge scene_goes_on holds
 * the rules: no byte of a card before Ada said "same" and the partner's CONFIRM was taken (T4; cases
 * 60, 62), no second prompt or code.  Besides: what was said before is never taken again (T14), from
 * every state the clock leads to the end, at each end memory is back to the start, and after it
 * nothing leaves any more.
 *
 *	orders session|room [DEPTH]    search no deeper
 */
#include <sodium.h>

#include "arena.h"
#include "letters.h"

#ifdef KITH_SANITIZED
#define DEPTH 6 /* a sanitizer makes every path some ten times as slow */
#else
#define DEPTH DEPTH_MAX
#endif
#define DEPTH_MAX  16
#define STATES_MAX 4096

struct state {
	uint8_t path[DEPTH_MAX];
	size_t n;
	uint8_t digest[32];
};

struct search {
	struct setting setting;
	struct state states[STATES_MAX]; /* in the order they were found */
	size_t found;
	size_t edges, merged, ended;
	bool steps[KITH_STEP_ENDED + 1]; /* LEVEL_SESSION: reached */
	bool news[KITH_NEWS_HELD + 1];   /* LEVEL_ROOM: told */
};

static size_t depth = DEPTH;

/* What a search that runs to its end finds at least, some tenths below what it did find: a generator
 * that breaks finds less. */
static const struct {
	size_t states, edges;
} least[2][2] = {/* by ada_dials, ada_gives */
	{{90, 3700}, {120, 5500}}, {{35, 1500}, {50, 2400}}};

static const struct search *running; /* for print_path */
static const struct state *extended;
static size_t by;

static void print_path(void)
{
	if (!extended)
		return;
	(void)fprintf(stderr, "orders: after:");
	for (size_t i = 0; i < extended->n; i++)
		(void)fprintf(stderr, " %s,", letter_name(extended->path[i]));
	(void)fprintf(stderr, " then: %s (%s, %s, %s)\n", letter_name(by),
		running->setting.level == LEVEL_ROOM ? "room" : "session",
		running->setting.ada_dials ? "I" : "R",
		running->setting.ada_gives ? "gives" : "receives only");
}

static void note_reached(struct search *s, const struct scene *c)
{
	if (c->session)
		s->steps[scene_step(c)] = true;
	for (size_t i = 0; i < c->ada->heard_n; i++)
		s->news[c->ada->heard[i].kind] = true;
}

/* The state that the scene is in, unless it is one that was found before. */
static void note_state(
	struct search *s, const struct scene *c, const struct state *from, size_t letter)
{
	struct state *new = &s->states[s->found];

	scene_digest(c, new->digest);
	for (size_t i = 0; i < s->found; i++) {
		if (memcmp(s->states[i].digest, new->digest, sizeof new->digest) == 0) {
			s->merged++;
			return;
		}
	}
	expect(++s->found < STATES_MAX);
	memcpy(new->path, from->path, from->n);
	new->path[from->n] = (uint8_t)letter;
	new->n = from->n + 1;
}

static bool at_the_end_of_a_swap(const struct scene *c)
{
	return scene_step(c) == KITH_STEP_DONE || told(c->ada, KITH_NEWS_SWAPPED, NULL) > 0;
}

/* Nothing more leaves, also while a listener still waits for the dialler to hang up. */
static void comes_to_its_end(struct search *s, struct scene *c)
{
	letters_after_the_end(c);
	if (!scene_is_over(c))
		letters_run_out(c);
	expect(scene_is_over(c));
	s->ended++;
}

static void extend(struct search *s, const struct state *from, size_t letter)
{
	struct scene c;

	extended = from;
	by = letter;
	scene_starts(&c, &s->setting);
	for (size_t i = 0; i < from->n; i++)
		expect(letter_happens(&c, from->path[i]));
	bool hears = scene_hears(&c);
	if (letter_happens(&c, letter)) {
		s->edges++;
		note_reached(s, &c);
		bool over = scene_is_over(&c);
		if (letter_is_replay(letter) && hears)
			expect(!scene_hears(&c)); /* never taken */
		if (letter_is_late(letter))
			expect(over); /* no state is stuck */
		if (over || at_the_end_of_a_swap(&c))
			comes_to_its_end(s, &c);
		else
			note_state(s, &c, from, letter);
	}
	scene_ends(&c);
}

/* Another key than the one that was scanned: no code, and nothing behind it. */
static void nothing_was_reached(const struct search *s)
{
	expect(!s->news[KITH_NEWS_CODE] && !s->news[KITH_NEWS_SWAPPED]);
	for (size_t step = KITH_STEP_COMPARING; step < KITH_STEP_ENDED; step++)
		expect(!s->steps[step]);
	expect(s->setting.level == LEVEL_ROOM ? s->news[KITH_NEWS_FAILED]
					      : s->steps[KITH_STEP_PROVING]);
}

static void all_was_reached(const struct search *s)
{
	static const enum kith_news_kind room[] = {
		KITH_NEWS_CODE, KITH_NEWS_SWAPPED, KITH_NEWS_FAILED, KITH_NEWS_CUT};

	if (s->setting.scanned == SCANNED_OTHER) {
		nothing_was_reached(s);
		return;
	}
	for (size_t i = 0; s->setting.level == LEVEL_ROOM && i < 4; i++)
		expect(s->news[room[i]] != (room[i] == KITH_NEWS_CUT && s->setting.scanned));
	if (s->setting.level == LEVEL_ROOM)
		return;
	for (size_t step = KITH_STEP_GREETING; step <= KITH_STEP_ENDED; step++) {
		bool of_i = step == KITH_STEP_ASKED;
		bool of_r = step == KITH_STEP_ASKING || step == KITH_STEP_REVEALING;
		bool of_friends = step == KITH_STEP_KNOWING || step == KITH_STEP_MET;
		expect(s->steps[step] == (!of_friends && (s->setting.ada_dials ? !of_r : !of_i)));
	}
}

static const char *const scanned_names[] = {"", " and has scanned his key", " and another's key"};

static void run(struct setting setting)
{
	struct search *s = calloc(1, sizeof *s);
	struct scene c;
	size_t next, deepest = 0;

	expect(s);
	running = s;
	s->setting = setting;
	scene_starts(&c, &setting);
	scene_digest(&c, s->states[0].digest);
	note_reached(s, &c);
	scene_ends(&c);
	s->found = 1;
	for (next = 0; next < s->found && s->states[next].n < depth; next++) {
		deepest = s->states[next].n + 1;
		for (size_t letter = 0; letter < letters(); letter++)
			extend(s, &s->states[next], letter);
	}
	bool whole = next == s->found;
	print_message("%s of role %s that %s%s: %zu states, %zu edges (%zu merged, %zu ended), "
		      "%s depth %zu\n",
		setting.level == LEVEL_ROOM ? "room" : "session", setting.ada_dials ? "I" : "R",
		setting.ada_gives ? "gives" : "receives only", scanned_names[setting.scanned],
		s->found, s->edges, s->merged, s->ended, whole ? "whole, at" : "cut off at",
		deepest);
	expect(deepest < DEPTH_MAX);
	if (whole)
		all_was_reached(s);
	if (whole && !setting.scanned) {
		expect(s->found >= least[setting.ada_dials][setting.ada_gives].states);
		expect(s->edges >= least[setting.ada_dials][setting.ada_gives].edges);
	} else if (!whole) {
		expect(depth < DEPTH_MAX);
	}
	extended = NULL;
	free(s);
}

static void both_roles(enum level level)
{
	for (unsigned i = 0; i < 4; i++)
		run((struct setting){.level = level, .ada_dials = i % 2, .ada_gives = i / 2 == 0});
}

/* The room dials whom it has an invitation to. */
static void with_an_invitation(enum level level)
{
	for (enum scanned scanned = SCANNED_KEY; scanned <= SCANNED_OTHER; scanned++)
		for (unsigned dials = level == LEVEL_ROOM; dials < 2; dials++)
			run((struct setting){.level = level,
				.ada_dials = dials,
				.ada_gives = true,
				.scanned = scanned});
}

static void every_order_with_an_invitation_for_the_session(void **state)
{
	(void)state;
	with_an_invitation(LEVEL_SESSION);
}

static void every_order_with_an_invitation_for_the_room(void **state)
{
	(void)state;
	with_an_invitation(LEVEL_ROOM);
}

static void every_order_for_the_session(void **state)
{
	(void)state;
	both_roles(LEVEL_SESSION);
}

static void every_order_for_the_room(void **state)
{
	(void)state;
	both_roles(LEVEL_ROOM);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest session[] = {
		cmocka_unit_test(every_order_for_the_session), /* T4, cases 60 and 62 */
		cmocka_unit_test(every_order_with_an_invitation_for_the_session),
	};
	const struct CMUnitTest room[] = {
		cmocka_unit_test(every_order_for_the_room), /* T4, cases 60 and 62 */
		cmocka_unit_test(every_order_with_an_invitation_for_the_room),
	};

	if (argc < 2)
		return 2;
	if (argc > 2)
		depth = strtoul(argv[2], NULL, 10);
	arena_takes_randomness();
	(void)atexit(print_path);
	if (strcmp(argv[1], "room") == 0)
		return stories_run("orders.room", room);
	return stories_run("orders.session", session);
}
