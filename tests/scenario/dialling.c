/* SPDX-License-Identifier: MIT
 *
 * dialling - who dials whom for recognising, how often, and beside what else: proto/known.md, "Who dials".
 */
#include "pair.h"
#include "stranger.h"

#define SOON (KITH_DIAL_WAIT_MS + 2000)

static const struct manner friendly = {.minds = true}, idle = {.minds = true, .idle = true};

static struct pair friends(struct world *w, struct manner manner)
{
	struct pair p = {comes_as(w, "Ada", manner), comes_as(w, "Grace", manner)};

	all_know_each_other(w);
	return p;
}

/* Ada is the one who dials first. */
static struct pair ada_first(struct world *w, struct manner manner)
{
	struct pair p = friends(w, manner);

	if (memcmp(p.ada->key, p.grace->key, 32) > 0)
		p = (struct pair){p.grace, p.ada};
	all_see_each_other(w);
	return p;
}

static struct kith_span text(const char *s)
{
	return kith_span_str(s);
}

/* --- who -------------------------------------------------------------------------------------- */

/* A hall of n people costs n(n-1)/2 connections, when all reach each other, and then none. */
static void hall_of(size_t n, uint64_t seed, bool friends_all)
{
	static const char *const names[] = {
		"Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal"};
	struct world *w = world_starts(seed, KEEPING_LEDGER);

	for (size_t i = 0; i < n; i++)
		(void)comes_as(w, names[i], idle);
	all_know_each_other(w);
	for (size_t i = 0; !friends_all && i < n; i++) /* all have ties, none to anybody here */
		for (size_t j = 0; j < n; j++) {
			struct kith_tie tie = {.contact = 100};
			new_key(w, tie.theirs);
			new_key(w, tie.their_xk);
			kith_circle_remove(w->people[i]->mind->circle, (int64_t)j);
			expect(kith_circle_add(w->people[i]->mind->circle, w->people[i]->id, NULL,
				       NULL, &tie) == KITH_OK);
		}
	all_see_each_other(w);
	passes(w, SOON);
	expect(connections(w) == n * (n - 1) / 2);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (i != j)
				expect(met(w->people[i], w->people[j]) == (friends_all ? 1 : 0));
	passes(w, 10 * KITH_UPDATE_MS);
	expect(connections(w) == n * (n - 1) / 2);
	world_ends(w);
}

static void one_connection_for_two(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		hall_of(2, seed, true);
		hall_of(8, seed, true);
		hall_of(8, seed, false);
	}
}

/* Their way is blocked: the other dials after DIAL_WAIT_MS, and not a moment before. */
static void the_other_after_a_while(void **state)
{
	(void)state;
	for (int silent = 0; silent < 2; silent++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct pair p = friends(w, idle);
		bool ada = memcmp(p.ada->key, p.grace->key, 32) < 0;
		struct person *first = ada ? p.ada : p.grace, *other = ada ? p.grace : p.ada;
		way_is(first, other, silent ? WAY_SILENT : WAY_REFUSED);
		all_see_each_other(w);
		passes(w, KITH_DIAL_WAIT_MS - 1);
		expect(first->dials == 1 && other->dials == 0 && met(first, other) == 0);
		passes(w, 1000);
		expect(other->dials == 1);
		expect(met(first, other) == 1 && met(other, first) == 1);
		passes(w, 10 * KITH_UPDATE_MS);
		/* a dial that was never answered is still tried again, until it is known that they came */
		expect(met(first, other) == 1 && first->dials <= 2 && other->dials == 1);
		world_ends(w);
	}
}

static size_t open_dials(const struct world *w, const struct person *a)
{
	size_t n = 0;

	for (const struct wire *wire = w->wires; wire; wire = wire->next)
		n += wire->end[0].who == a && wire->end[0].open;
	return n;
}

static size_t open_dials_to(const struct world *w, const struct person *a, const struct person *b)
{
	size_t n = 0;

	for (const struct wire *wire = w->wires; wire; wire = wire->next)
		n += wire->end[0].who == a && wire->end[0].open && wire->end[1].who == b;
	return n;
}

/* Her key is smaller than anybody's: it is she who dials. */
static void goes_first(struct person *a)
{
	memset(a->key, 0, sizeof a->key);
	a->key[1] = 1;
	kith_room_key(a->room, a->key);
}

/* n people come whom a's dials do not reach, in that way. */
static void come_as_ghosts(struct person *a, enum way way, struct person **ghosts, size_t n)
{
	static char names[PEOPLE_MAX][4];

	for (size_t i = 0; i < n; i++) {
		char *name = names[a->w->n];
		(void)snprintf(name, sizeof names[0], "P%zu", a->w->n);
		ghosts[i] = comes_as(a->w, name, idle);
		way_is(a, ghosts[i], way);
	}
}

static void sees_all(struct person *a, struct person *const *others, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sees(a, others[i]);
}

/* DIALS_MAX, spread over time, though nobody answers. */
static void so_many_at_once(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes_as(w, "Ada", idle);
	struct person *others[KITH_DIALS_MAX + 8];
	size_t most = 0;

	(void)state;
	come_as_ghosts(ada, WAY_SILENT, others, KITH_DIALS_MAX + 8);
	for (size_t i = 0; i < KITH_DIALS_MAX + 8; i++)
		knows(ada, others[i]);
	goes_first(ada);
	sees_all(ada, others, KITH_DIALS_MAX + 8);
	for (size_t ms = 0; ms < 5 * (KITH_CONNECT_MS * KITH_ADDRESSES_MAX + KITH_HANDSHAKE_MS);
		ms += 100) {
		passes(w, 100);
		size_t now = open_dials(w, ada);
		expect(now <= KITH_DIALS_MAX);
		most = now > most ? now : most;
	}
	expect(most == KITH_DIALS_MAX);
	for (size_t i = 0; i < KITH_DIALS_MAX + 8; i++)
		expect(connections_of(w, ada, others[i]) >= 1);
	world_ends(w);
}

/* Who is silent gives way to those who have not been tried; after them everybody has all the time of a dial. */
static void the_silent_give_way(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes_as(w, "Ada", idle), *ben;
	struct person *ghosts[2 * KITH_DIALS_MAX];
	const size_t n = sizeof ghosts / sizeof ghosts[0];

	(void)state;
	come_as_ghosts(ada, WAY_SILENT, ghosts, n);
	ben = comes_as(w, "Ben", idle);
	knows(ada, ben);
	knows(ben, ada);
	goes_first(ada);
	sees_all(ada, ghosts, n);
	sees(ada, ben);
	/* DIALS_AGAIN places go to those who were cut short */
	passes(w, (n + 1) * KITH_DIAL_ROW_MS +
			  n / (KITH_DIALS_MAX - KITH_DIALS_AGAIN) * KITH_DIAL_YIELD_MS +
			  (n + 1) * KITH_DIAL_ROW_MS);
	expect(met(ada, ben) == 1);
	for (size_t i = 0; i < n; i++)
		expect(connections_of(w, ada, ghosts[i]) >= 1);
	/* nobody is waiting for a first dial any more: nothing is cut short */
	passes(w, KITH_DIAL_YIELD_MS * 2);
	size_t open = open_dials(w, ada);
	passes(w, KITH_DIAL_YIELD_MS * 2);
	expect(open == KITH_DIALS_MAX && open_dials(w, ada) == open);
	world_ends(w);
}

/* Rows that have failed before give way to newcomers, but for DIALS_AGAIN places. */
static void a_share_for_those_who_failed(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes_as(w, "Ada", idle);
	struct person *old[KITH_DIALS_MAX], *fresh[KITH_DIALS_MAX];

	(void)state;
	come_as_ghosts(ada, WAY_REFUSED, old, KITH_DIALS_MAX);
	come_as_ghosts(ada, WAY_SILENT, fresh, KITH_DIALS_MAX);
	knows(ada, old[0]);
	goes_first(ada);
	sees_all(ada, old, KITH_DIALS_MAX);
	passes(w, 2000);
	expect(ada->dials == KITH_DIALS_MAX && open_dials(w, ada) == 0);
	for (size_t i = 0; i < KITH_DIALS_MAX; i++)
		way_is(ada, old[i], WAY_SILENT);
	sees_all(ada, old, KITH_DIALS_MAX);
	passes(w, 2000);
	expect(open_dials(w, ada) == KITH_DIALS_MAX);
	sees_all(ada, fresh, KITH_DIALS_MAX);
	passes(w, 2000);
	size_t kept = 0;
	for (size_t i = 0; i < KITH_DIALS_MAX; i++) {
		kept += open_dials_to(w, ada, old[i]);
		expect(connections_of(w, ada, fresh[i]) == 1);
	}
	expect(kept == KITH_DIALS_AGAIN && ada->dials == 3 * KITH_DIALS_MAX);
	world_ends(w);
}

/* The next of them goes, and comes again: as he was, or as somebody new. */
static void flaps(struct person *ada, struct person *ghost, bool new_name)
{
	loses(ada, ghost);
	if (new_name)
		changes_key(ghost);
	sees(ada, ghost);
	ada->heard_n = 0; /* more than there is room for, and nothing but this */
}

/* Ghosts come and go faster than they can be dialled.  Ben, who could not be reached at first, is met all the same,
 * and Cleo, who comes into the middle of it, once those are through who were there before her. */
static void nobody_waits_for_good(bool new_names)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes_as(w, "Ada", idle), *ben = comes_as(w, "Ben", idle);
	struct person *cleo = comes_as(w, "Cleo", idle), *ghosts[2 * KITH_DIALS_MAX];
	const size_t n = sizeof ghosts / sizeof ghosts[0];
	const uint64_t dial_ms = KITH_CONNECT_MS * KITH_ADDRESSES_MAX + KITH_HANDSHAKE_MS;
	size_t before = 0, after = 0, i = 0;

	come_as_ghosts(ada, WAY_SILENT, ghosts, n);
	all_know_each_other(w);
	way_is(ada, ben, WAY_SILENT);
	goes_first(ada);
	sees(ada, ben);
	sees_all(ada, ghosts, n);
	for (uint64_t ms = 0; ms < 3 * dial_ms; ms += KITH_DIAL_ROW_MS) {
		passes(w, KITH_DIAL_ROW_MS);
		flaps(ada, ghosts[i++ % n], new_names);
		if (!before && connections_of(w, ada, ben) && !open_dials_to(w, ada, ben)) {
			way_is(ada, ben, WAY_OPEN); /* he was cut short */
			sees(ada, cleo);
			before = ada->dials;
		}
		if (!met(ada, cleo))
			after = ada->dials;
	}
	expect(met(ada, ben) == 1);
	expect(met(ada, cleo) == 1 && after - before <= n + KITH_DIALS_AGAIN);
	world_ends(w);
}

static void whoever_comes_and_goes(void **state)
{
	(void)state;
	nobody_waits_for_good(false);
	nobody_waits_for_good(true);
}

static enum fate is_cut_short(
	struct world *w, struct wire *wire, size_t side, uint8_t *bytes, size_t n)
{
	uint64_t type;

	(void)w;
	(void)wire;
	(void)side;
	return kith_message_type(kith_span(bytes, n), &type) == KITH_OK && type == KITH_TYPE_QUIET
		       ? FATE_LOST
		       : FATE_ARRIVES;
}

/* Nor is somebody a newcomer by having gone, where it is still known who he was: his session broke. */
static void no_newcomer_by_coming_back(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes_as(w, "Ada", idle), *ben = comes_as(w, "Ben", idle);
	struct person *ghosts[KITH_DIALS_MAX];

	(void)state;
	come_as_ghosts(ada, WAY_SILENT, ghosts, KITH_DIALS_MAX);
	knows(ada, ben);
	knows(ben, ada);
	goes_first(ada);
	w->meddles = is_cut_short;
	sees(ada, ben);
	passes(w, KITH_STEP_MS + 1000);
	expect(met(ada, ben) == 1 && broke(ada, ben) == 1);
	way_is(ada, ben, WAY_SILENT);
	sees_all(ada, ghosts, KITH_DIALS_MAX);
	passes(w, 2 * KITH_DIAL_YIELD_MS);
	for (size_t i = 0; i < 5; i++) {
		loses(ada, ben);
		sees(ada, ben);
		passes(w, 500);
	}
	expect(connections_of(w, ada, ben) == 1);
	for (size_t i = 0; i < KITH_DIALS_MAX; i++)
		expect(open_dials_to(w, ada, ghosts[i]) == 1);
	world_ends(w);
}

/* --- somebody I know, many times over --------------------------------------------------------- */

/* How many dials of hers have gone past HELLO with that identity. */
static size_t talks(const struct world *w, const struct person *a, const struct kith_identity *id)
{
	size_t n = 0;

	for (const struct wire *wire = w->wires; wire; wire = wire->next)
		n += wire->end[0].who == a && wire->end[0].open && wire->end[1].who &&
		     wire->end[1].who->id == id && wire->end[0].sent[KITH_TYPE_K1];
	return n;
}

/* Whoever is meddled with answers nothing behind HELLO_R. */
static enum fate says_no_more(
	struct world *w, struct wire *wire, size_t side, uint8_t *bytes, size_t n)
{
	uint64_t type;
	bool k2 = kith_message_type(kith_span(bytes, n), &type) == KITH_OK && type == KITH_TYPE_K2;

	return k2 && wire->end[!side].who->id == w->meddler ? FATE_LOST : FATE_ARRIVES;
}

/* Ben is here as often as there are places, and more: one dial is with him, the others are for others; and when that
 * one has ended, the next of his machines is met.  All of them in turn, since one may be of his and one a thief's. */
static void one_dial_a_person(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes_as(w, "Ada", idle), *cleo = comes_as(w, "Cleo", idle);
	struct person *bens[KITH_DIALS_MAX + 2];
	const size_t n = sizeof bens / sizeof bens[0];
	size_t most = 0;

	(void)state;
	for (size_t i = 0; i < n; i++)
		bens[i] = comes_as(w, "Ben",
			(struct manner){.minds = true, .idle = true, .twin = i ? bens[0] : NULL});
	knows(ada, bens[0]);
	knows(ada, cleo);
	knows(cleo, ada);
	for (size_t i = 0; i < n; i++)
		knows(bens[i], ada);
	goes_first(ada);
	w->meddles = says_no_more;
	w->meddler = bens[0]->id;
	sees_all(ada, bens, n);
	passes(w, 2000);
	expect(ada->dials == n && open_dials(w, ada) == 1 && talks(w, ada, bens[0]->id) == 1);
	sees(ada, cleo);
	passes(w, 1000);
	expect(met(ada, cleo) == 1 && met(ada, bens[0]) == 0);
	w->meddles = NULL;
	for (uint64_t ms = 0; ms < KITH_STEP_MS + KITH_REDIAL_KNOWN_MS; ms++) {
		passes(w, 1);
		size_t now = talks(w, ada, bens[0]->id);
		most = now > most ? now : most;
	}
	expect(most == 1);
	for (size_t i = 0; i < n; i++)
		expect(told(ada, KITH_NEWS_KNOWN, bens[i]) == 1);
	world_ends(w);
}

/* The first is somewhere in the jitter of that many rows, and it is not always at the same place. */
static void spread_over_time(void **state)
{
	uint64_t earliest = UINT64_MAX, latest = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = ada_first(w, idle);
		uint64_t began = w->now;
		while (p.ada->dials == 0 && w->now < began + KITH_DIAL_WAIT_MS)
			passes(w, 1);
		uint64_t after = w->now - began;
		expect(after <= KITH_DIAL_ROW_MS + 1);
		earliest = after < earliest ? after : earliest;
		latest = after > latest ? after : latest;
		world_ends(w);
	}
	expect(latest - earliest >= KITH_DIAL_ROW_MS / 2);
}

static void who_has_no_ties_dials_nobody(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};

	(void)state;
	all_see_each_other(w);
	passes(w, 10 * KITH_UPDATE_MS);
	expect(connections(w) == 0);
	knows(p.ada, p.grace);
	passes(w, 10 * KITH_UPDATE_MS);
	expect(connections(w) == 1 && p.ada->dials == 1 && met(p.ada, p.grace) == 0);
	expect(both_told(p, KITH_NEWS_KNOWN) == 0);
	world_ends(w);
}

/* `--where never`: nobody is dialled; what leaves is as from one without ties. */
static void not_here(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = friends(w, idle);

	(void)state;
	kith_room_recognise(p.ada->room, false);
	all_see_each_other(w);
	passes(w, 10 * KITH_UPDATE_MS);
	expect(p.ada->dials == 0 && p.grace->dials == 1); /* who learns nothing */
	expect(met(p.ada, p.grace) == 0 && met(p.grace, p.ada) == 0);
	kith_room_recognise(p.ada->room, true);
	tends(p.ada);
	passes(w, SOON);
	expect(met(p.ada, p.grace) == 1 && met(p.grace, p.ada) == 1);
	kith_room_recognise(p.ada->room, false);
	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	passes(w, 10 * KITH_UPDATE_MS);
	expect(met(p.ada, p.grace) == 1);
	world_ends(w);
}

/* --- again ------------------------------------------------------------------------------------ */

/* A dial that failed: after REDIAL_KNOWN_MS, and when the row changes. */
static void a_failed_dial_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = friends(w, idle);
	bool ada = memcmp(p.ada->key, p.grace->key, 32) < 0;
	struct person *first = ada ? p.ada : p.grace, *other = ada ? p.grace : p.ada;

	(void)state;
	way_is(first, other, WAY_REFUSED);
	way_is(other, first, WAY_REFUSED);
	all_see_each_other(w);
	passes(w, KITH_REDIAL_KNOWN_MS - 1000);
	expect(first->dials == 1);
	passes(w, 2000);
	expect(first->dials == 2);
	passes(w, 5 * KITH_REDIAL_KNOWN_MS);
	expect(first->dials == 7);
	way_is(first, other, WAY_OPEN);
	sees(first, other); /* another address */
	passes(w, 1000);
	expect(first->dials == 8 && met(first, other) == 1 && met(other, first) == 1);
	world_ends(w);
}

/* Something is due: at once, when the last session is UPDATE_MS ago; else when it is. */
static void at_most_once_in_a_while(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = ada_first(w, idle);

	(void)state;
	passes(w, SOON);
	expect(met(p.ada, p.grace) == 1);
	owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, text("a")); /* nothing was sent yet: at once */
	passes(w, SOON);
	expect(met(p.ada, p.grace) == 2 && p.ada->mind->comes == 1 && p.grace->dials == 1);
	for (size_t i = 0; i < 10; i++)
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("b"));
	passes(w, KITH_UPDATE_MS - SOON - 1000);
	expect(met(p.ada, p.grace) == 2);
	passes(w, SOON + 2000);
	expect(met(p.ada, p.grace) == 3 && p.grace->mind->comes == 10);
	passes(w, 10 * KITH_UPDATE_MS);
	expect(met(p.ada, p.grace) == 3);
	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("c"));
	passes(w, 1000);
	expect(met(p.ada, p.grace) == 4 && waiting_for(p.grace, p.ada) == 0);
	world_ends(w);
}

/* It comes up while they talk: it goes along, or the next session is for it. */
static void due_in_the_middle(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 12; n++) {
		struct world *w = world_starts(3, KEEPING_LEDGER);
		struct pair p = ada_first(w, idle);
		for (uint64_t ms = 0; w->delivered < n && ms < SOON; ms++)
			passes(w, 1);
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
		owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, text("b"));
		passes(w, SOON + 2 * KITH_UPDATE_MS);
		expect(waiting_for(p.grace, p.ada) == 0 && waiting_for(p.ada, p.grace) == 0);
		expect(met(p.ada, p.grace) <= 3);
		world_ends(w);
	}
}

/* Announced, gone, announced: whoever forges that buys no sessions. */
static void coming_and_going(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = ada_first(w, idle);

	(void)state;
	passes(w, SOON);
	for (size_t i = 0; i < 20; i++) {
		loses(p.ada, p.grace);
		passes(w, 500);
		sees(p.ada, p.grace);
		passes(w, 500);
	}
	expect(p.ada->dials == 1);
	expect(told(p.ada, KITH_NEWS_KNOWN, p.grace) == 21); /* but it is said who it is */
	world_ends(w);
}

/* Ada dials, and is away before Grace has seen her: that she is gone is told all the same. */
static void known_and_never_seen(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};

	(void)state;
	all_know_each_other(w);
	sees(p.ada, p.grace);
	passes(w, SOON);
	expect(told(p.grace, KITH_NEWS_KNOWN, NULL) == 1);
	expect(told(p.grace, KITH_NEWS_GONE, NULL) == 0);
	passes(w, 2 * KITH_UPDATE_MS);
	expect(told(p.grace, KITH_NEWS_GONE, NULL) == 1);
	expect(told(p.ada, KITH_NEWS_GONE, p.grace) == 0);
	world_ends(w);
}

/* Under a new key I am somebody new to everybody. */
static void a_new_name(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = ada_first(w, idle);

	(void)state;
	passes(w, SOON);
	expect(met(p.ada, p.grace) == 1);
	changes_key(p.ada);
	sees(p.grace, p.ada);
	passes(w, SOON);
	expect(met(p.ada, p.grace) == 2 && met(p.grace, p.ada) == 2 && connections(w) == 2);
	world_ends(w);
}

/* Strangers are tried again when the ties grew, and those whose tie is gone are strangers. */
static void ties_come_and_go(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *cleo = comes_as(w, "Cleo", idle);
	struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};

	(void)state;
	knows(p.ada, cleo);
	knows(p.grace, cleo);
	sees(p.ada, p.grace);
	sees(p.grace, p.ada);
	passes(w, SOON);
	expect(connections(w) == 1 && both_told(p, KITH_NEWS_KNOWN) == 0);
	knows(p.ada, p.grace);
	passes(w, SOON);
	expect(connections(w) == 2 && both_told(p, KITH_NEWS_KNOWN) == 0);
	knows(p.grace, p.ada);
	passes(w, SOON);
	expect(connections(w) == 3 && both_told(p, KITH_NEWS_KNOWN) == 2);
	forgets(p.ada, p.grace);
	expect(told(p.ada, KITH_NEWS_STRANGER, p.grace) == 1);
	expect(last_told(p.ada, KITH_NEWS_STRANGER, p.grace)->contact == 2);
	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	passes(w, 10 * KITH_UPDATE_MS);
	expect(connections(w) == 3);
	world_ends(w);
}

/* What she has said to him beyond HELLO, on every connection they had. */
static unsigned confided(const struct person *a, const struct person *b)
{
	unsigned n = 0;

	for (const struct wire *wire = a->w->wires; wire; wire = wire->next)
		for (size_t side = 0; side < 2; side++)
			for (size_t type = KITH_TYPE_TAGS + 1; type < TYPES_MAX; type++)
				if (wire->end[side].who == a && wire->end[!side].who == b)
					n += wire->end[side].sent[type];
	return n;
}

/* Ada and Grace, with much to say, and Cleo, who is a friend of Ada's too. */
static struct person *all_talk(struct pair p)
{
	struct person *cleo = comes_as(p.ada->w, "Cleo", idle);

	knows(p.ada, cleo);
	knows(cleo, p.ada);
	for (size_t i = 0; i < 4; i++) {
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
		owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, text("b"));
		owes(p.ada, cleo, KITH_PARCEL_STATEMENT, text("c"));
	}
	all_see_each_other(p.ada->w);
	return cleo;
}

/* Ada blocks Grace when n messages have arrived: the line breaks without another word, and the next time she is a stranger.
 * Cleo is served all the same.  False: there were fewer messages. */
static bool blocked_after(size_t n, uint64_t seed, size_t *broken)
{
	struct world *w = world_starts(seed, KEEPING_LEDGER);
	struct pair p = friends(w, idle);
	struct person *cleo = all_talk(p);

	for (uint64_t ms = 0; w->delivered < n && ms < 2 * SOON; ms++)
		passes(w, 1);
	bool happened = w->delivered >= n;
	size_t ended = parted(p.ada, p.grace), came = p.ada->mind->comes;
	forgets(p.ada, p.grace);
	unsigned said = confided(p.ada, p.grace);
	size_t broke_off = broke(p.ada, p.grace);
	expect(met(p.ada, p.grace) == ended + broke_off && kith_room_busy(p.ada->room) <= 1);
	expect(told(p.ada, KITH_NEWS_STRANGER, p.grace) == told(p.ada, KITH_NEWS_KNOWN, p.grace));
	passes(w, KITH_REDIAL_KNOWN_MS + 2 * SOON);
	expect(confided(p.ada, p.grace) == said && p.ada->mind->comes == came);
	expect(met(p.ada, p.grace) == ended + broke_off && parted(p.ada, p.grace) == ended);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(parted(p.ada, cleo) == 1 && broke(p.ada, cleo) == 0);
	expect(waiting_for(cleo, p.ada) == 0);
	*broken += broke_off;
	world_ends(w);
	return happened;
}

/* Whom a tie is taken away from in the middle learns what a stranger learns. */
static void blocked_in_the_middle(void **state)
{
	size_t broken = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		size_t n = 1;
		while (world_wanted(seed) && blocked_after(n, seed, &broken))
			n++;
		expect(!world_wanted(seed) || n > 30);
	}
	expect(getenv("KITH_SCENARIO_SEED") || broken > 30);
}

/* --- beside a swap ---------------------------------------------------------------------------- */

/* Both know each other already (from files, say) and compare now: REQUEST behind tags that match. */
static void a_swap_of_friends(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = friends(w, friendly);
		all_see_each_other(w);
		if (seed % 2)
			passes(w, SOON); /* after they were recognised, or while */
		else
			passes(w, seed);
		whole_swap(p);
		expect(both_have_swapped(p));
		passes(w, SOON + KITH_REDIAL_KNOWN_MS);
		expect(met(p.ada, p.grace) >= 1 && met(p.grace, p.ada) >= 1);
		expect(both_told(p, KITH_NEWS_FAILED) == 0 && both_told(p, KITH_NEWS_KNOWN) == 2);
		world_ends(w);
	}
}

/* A pick at every moment of a known session, and a pick of somebody who dials me just then. */
static void a_pick_at_every_moment(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 16; n++) {
		struct world *w = world_starts(2, KEEPING_LEDGER);
		struct pair p = friends(w, friendly);
		have_habit(p, HABIT_AGREES);
		for (size_t i = 0; i < 3; i++)
			mind_owes(p.ada->mind, 1, KITH_PARCEL_STATEMENT, text("a"));
		all_see_each_other(w);
		for (uint64_t ms = 0; w->delivered < n && ms < SOON; ms++)
			passes(w, 1);
		picks(n % 2 ? p.ada : p.grace, n % 2 ? p.grace : p.ada);
		passes(w, 30000);
		expect(both_have_swapped(p));
		expect(waiting_for(p.grace, p.ada) == 0 && parted(p.ada, p.grace) == 1);
		expect(both_told(p, KITH_NEWS_FAILED) + both_told(p, KITH_NEWS_UNREACHABLE) == 0);
		world_ends(w);
	}
}

/* A node that does not swap: no request reaches anybody, nothing can be picked, scanned, or asked. */
static void who_does_not_swap(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = {comes_as(w, "Ada", friendly), comes_as(w, "Grace", idle)};

	(void)state;
	knows(p.ada, p.grace);
	knows(p.grace, p.ada);
	all_see_each_other(w);
	passes(w, SOON);
	expect(met(p.ada, p.grace) == 1);
	picks(p.ada, p.grace);
	settles(w);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, p.grace) == 1);
	expect(pick(p.grace, p.ada) == KITH_ERR_STATE &&
		scan(p.grace, p.ada, NULL) == KITH_ERR_STATE);
	passes(w, KITH_WANTED_MS + 1000);
	expect(told(p.grace, KITH_NEWS_REQUEST, NULL) == 0);
	expect(told(p.grace, KITH_NEWS_FAILED, NULL) == 0 && p.grace->failures_told == 0);
	expect(p.grace->sent[KITH_TYPE_ABORT] == 0 && p.grace->sent[KITH_TYPE_DECLINE] == 0);
	world_ends(w);
}

/* A new name waits for a session with somebody I know, and for no stranger. */
static void what_a_new_name_waits_for(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = ada_first(w, idle);
	struct stranger s = stranger_meets(w, "Mallory", p.ada, true);
	bool busy = false;

	(void)state;
	stranger_goes(&s, STAGE_GREETED);
	expect(kith_room_busy(p.ada->room) == 0);
	for (size_t i = 0; i < 20; i++)
		mind_owes(p.ada->mind, 1 - (p.grace == w->people[0]), KITH_PARCEL_STATEMENT,
			text("a"));
	changes_key(p.ada);
	sees(p.grace, p.ada);
	for (uint64_t ms = 0; ms < SOON; ms++) {
		passes(w, 1);
		busy = busy || kith_room_busy(p.ada->room) == 1;
	}
	expect(busy && kith_room_busy(p.ada->room) == 0);
	stranger_free(&s);
	world_ends(w);
}

/* --- blocked ---------------------------------------------------------------------------------- */

/* What Grace was told about Ada, in order. */
static size_t her_view(const struct pair *p, enum kith_news_kind *kinds, enum kith_err *ret_err)
{
	size_t n = 0;

	*ret_err = KITH_OK;
	for (size_t i = 0; i < p->grace->heard_n && n < 16; i++) {
		kinds[n++] = p->grace->heard[i].kind;
		if (p->grace->heard[i].kind == KITH_NEWS_FAILED)
			*ret_err = p->grace->heard[i].error;
	}
	return n;
}

/* Ada's machine dies, or has Grace blocked, when they would reveal themselves: Grace sees no difference. */
static size_t at_the_reveal(
	bool grace_asks, bool blocked, enum kith_news_kind *kinds, enum kith_err *err)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);
	struct person *asks = grace_asks ? p.grace : p.ada, *answers = grace_asks ? p.ada : p.grace;

	if (blocked)
		p.ada->blocked = p.grace;
	picks(asks, answers);
	settles(w);
	p.ada->mute = !blocked && !grace_asks; /* her ACCEPT gets there, nothing behind it */
	says_yes(answers, asks);
	p.ada->mute = !blocked;
	settles(w);
	expect(told(p.grace, KITH_NEWS_CODE, NULL) == 0);
	passes(w, KITH_SESSION_MS);
	if (blocked) {
		expect(failed_with(p.ada, p.grace, KITH_ERR_DECLINED));
		expect(p.ada->sent[KITH_TYPE_REVEAL] + p.ada->sent[KITH_TYPE_AUTH] +
				p.ada->sent[KITH_TYPE_ABORT] + p.ada->sent[KITH_TYPE_DECLINE] ==
			0);
		expect(told(p.ada, KITH_NEWS_CODE, NULL) == 0 && knows_nothing(p.ada, p.grace));
		expect(wires_standing(w, p.ada, p.grace) == 0 && kith_room_busy(p.ada->room) == 0);
	}
	expect(knows_nothing(p.grace, p.ada));
	p.ada->mute = false;
	size_t n = her_view(&p, kinds, err);
	world_ends(w);
	return n;
}

/* Case 74's neighbour: block */
static void blocked_is_like_a_dead_line(void **state)
{
	(void)state;
	for (int asks = 0; asks < 2; asks++) {
		enum kith_news_kind dead[16], blocked[16];
		enum kith_err why_dead, why_blocked;
		size_t n = at_the_reveal(asks, false, dead, &why_dead);
		size_t m = at_the_reveal(asks, true, blocked, &why_blocked);
		expect(n == m && memcmp(dead, blocked, n * sizeof dead[0]) == 0);
		expect(why_dead == why_blocked && why_blocked == KITH_ERR_TIMEOUT);
	}
}

/* Who is blocked may ask somebody else, and Ada may swap with somebody else meanwhile. */
static void the_screen_is_free_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);
	struct person *cleo = comes(w, "Cleo");

	(void)state;
	all_see_each_other(w);
	p.ada->blocked = p.grace;
	picks(p.grace, p.ada);
	settles(w);
	says_yes(p.ada, p.grace);
	settles(w);
	expect(failed_with(p.ada, p.grace, KITH_ERR_DECLINED));
	whole_swap((struct pair){p.ada, cleo});
	expect(has_swapped(p.ada, cleo) && has_swapped(cleo, p.ada));
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(one_connection_for_two),
		cmocka_unit_test(the_other_after_a_while),
		cmocka_unit_test(so_many_at_once),
		cmocka_unit_test(the_silent_give_way),
		cmocka_unit_test(a_share_for_those_who_failed),
		cmocka_unit_test(whoever_comes_and_goes),
		cmocka_unit_test(no_newcomer_by_coming_back),
		cmocka_unit_test(one_dial_a_person),
		cmocka_unit_test(spread_over_time),
		cmocka_unit_test(who_has_no_ties_dials_nobody),
		cmocka_unit_test(not_here),
		cmocka_unit_test(a_failed_dial_again),
		cmocka_unit_test(at_most_once_in_a_while),
		cmocka_unit_test(due_in_the_middle),
		cmocka_unit_test(coming_and_going),
		cmocka_unit_test(a_new_name),
		cmocka_unit_test(ties_come_and_go),
		cmocka_unit_test(blocked_in_the_middle),
		cmocka_unit_test(a_swap_of_friends),
		cmocka_unit_test(a_pick_at_every_moment),
		cmocka_unit_test(who_does_not_swap),
		cmocka_unit_test(what_a_new_name_waits_for),
		cmocka_unit_test(known_and_never_seen),
		cmocka_unit_test(blocked_is_like_a_dead_line),
		cmocka_unit_test(the_screen_is_free_again),
	};

	return stories_run("dialling", stories);
}
