/* SPDX-License-Identifier: MIT */
#include "people/bridges.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/limits.h"
#include "people/array.h"

#define NONE UINT32_MAX

void kith_bridges_free(struct kith_bridges *b)
{
	free(b->at);
	free(b->reach);
	free(b->lonely);
	free(b->between);
	*b = (struct kith_bridges){0};
}

static void add_some(struct kith_some *some, uint32_t person)
{
	/* by number, the smallest first: the others are only counted */
	uint32_t i = some->n < KITH_BRIDGE_NAMES ? some->n++ : KITH_BRIDGE_NAMES;

	some->all++;
	for (; i > 0 && some->at[i - 1] > person; i--)
		if (i < KITH_BRIDGE_NAMES)
			some->at[i] = some->at[i - 1];
	if (i < KITH_BRIDGE_NAMES)
		some->at[i] = person;
}

/* --- the graph, from node to node ------------------------------------------------------------- */

struct web {
	const struct kith_ties *ties;
	struct kith_groups *groups;
	uint32_t *many; /* person: how many they are tied to */
	struct kith_graph graph;
	struct kith_buf edges;
	size_t *start;  /* of the neighbours of each node; n + 1 */
	uint32_t *next; /* those */
	uint32_t *seen; /* node: in which search it was seen last */
	uint32_t *queue;
	uint32_t search; /* the present one */
	uint32_t *
		side; /* node: where the queue began when it was reached, the same for all of a side */
	uint32_t *votes; /* by group */
};

static void web_end(struct web *w)
{
	kith_buf_free(&w->edges);
	free(w->many);
	free(w->start);
	free(w->next);
	free(w->seen);
	free(w->queue);
	free(w->side);
	free(w->votes);
}

static enum kith_err web_make(struct web *w)
{
	const struct kith_graph *g = &w->graph;
	enum kith_err err = kith_ties_graph(w->ties, &w->edges, &w->graph);

	if (!err)
		err = kith_ties_count(w->ties, &w->many);
	if (err)
		return err;
	w->start = calloc((size_t)g->n + 2, sizeof *w->start);
	w->next = calloc(2 * g->edges_n + 1, sizeof *w->next);
	w->seen = calloc((size_t)g->n + 1, sizeof *w->seen);
	w->queue = calloc((size_t)g->n + 1, sizeof *w->queue);
	w->side = calloc((size_t)g->n + 1, sizeof *w->side);
	w->votes = calloc((size_t)w->groups->n + 1, sizeof *w->votes);
	if (!w->start || !w->next || !w->seen || !w->queue || !w->side || !w->votes)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < g->edges_n; i++) {
		w->start[g->edges[i].a + 2]++;
		w->start[g->edges[i].b + 2]++;
	}
	for (size_t v = 2; v <= g->n; v++)
		w->start[v] += w->start[v - 1];
	for (size_t i = 0; i < g->edges_n; i++) {
		w->next[w->start[g->edges[i].a + 1]++] = g->edges[i].b;
		w->next[w->start[g->edges[i].b + 1]++] = g->edges[i].a;
	}
	return KITH_OK;
}

/* Everybody who can be reached from there without those seen already: w->queue, from `from` on.  Returns the end. */
static size_t reach_from(struct web *w, uint32_t node, size_t from)
{
	size_t end = from;

	w->seen[node] = w->search;
	w->queue[end++] = node;
	for (size_t i = from; i < end; i++) {
		w->side[w->queue[i]] = (uint32_t)from;
		for (size_t k = w->start[w->queue[i]]; k < w->start[w->queue[i] + 1]; k++)
			if (w->seen[w->next[k]] != w->search) {
				w->seen[w->next[k]] = w->search;
				w->queue[end++] = w->next[k];
			}
	}
	return end;
}

/* --- what a bridge connects ------------------------------------------------------------------- */

/* The group of most of them; of several the one with the smallest number.  Votes are zero before and after. */
static uint32_t count_votes(struct web *w, const uint32_t *people, size_t n)
{
	uint32_t best = 0;

	for (size_t i = 0; i < n; i++)
		w->votes[w->groups->of[people[i]]]++;
	for (size_t i = 0; i < n; i++) {
		uint32_t g = w->groups->of[people[i]];
		if (g && (!best || w->votes[g] > w->votes[best] ||
				 (w->votes[g] == w->votes[best] && g < best)))
			best = g;
	}
	for (size_t i = 0; i < n; i++)
		w->votes[w->groups->of[people[i]]] = 0;
	return best;
}

/* Moves the people among those nodes to the front, and says how many they are. */
static size_t only_people(const struct web *w, uint32_t *nodes, size_t n)
{
	size_t people = 0;

	for (size_t i = 0; i < n; i++)
		if (nodes[i] < w->ties->n)
			nodes[people++] = nodes[i];
	return people;
}

/* One of the sides while they are found: its people are w->queue from there on. */
struct found {
	struct kith_bridge_side side;
	size_t from;
};

static struct found describe(struct web *w, size_t from, size_t end)
{
	struct found f = {.from = from};
	size_t n = only_people(w, w->queue + from, end - from);

	for (size_t i = 0; i < n; i++)
		add_some(&f.side.people, w->queue[from + i]);
	return f;
}

static int by_people(const void *x, const void *y)
{
	const struct kith_some *a = &((const struct found *)x)->side.people;
	const struct kith_some *b = &((const struct found *)y)->side.people;

	if (a->all != b->all)
		return a->all > b->all ? -1 : 1;
	return (a->at[0] > b->at[0]) - (a->at[0] < b->at[0]);
}

/* By what they share themselves, whatever group they are in: nobody else is meant. */
static void call_side(struct web *w, struct kith_bridge_side *side, const uint32_t *people)
{
	size_t n = side->people.all;

	side->named = true;
	side->called = kith_marks_shared(&w->groups->marks, people, n, false);
	if (2 * (size_t)side->called.sharing < n)
		side->called = kith_marks_most_tied(w->many, people, n);
}

/* Those of the rest at most one place away from the person, to the beginning of the queue.  The sides were found last. */
static size_t find_near(struct web *w, uint32_t person, uint32_t rest)
{
	size_t n = 0;

	w->search++;
	w->seen[person] = w->search;
	for (size_t k = w->start[person]; k < w->start[person + 1]; k++) {
		uint32_t node = w->next[k];
		bool place = node >= w->ties->n;
		size_t from = place ? w->start[node] : k;
		size_t end = place ? w->start[node + 1] : k + 1;
		for (; w->side[node] == rest && from < end; from++)
			if (w->seen[w->next[from]] != w->search) {
				w->seen[w->next[from]] = w->search;
				w->queue[n++] = w->next[from];
			}
	}
	return n;
}

/* Of the event or organisation everybody else is in the rest: it still holds them together. */
static uint32_t count_without(
	const struct web *w, const struct kith_called *called, uint32_t person)
{
	const struct kith_ties_place *place =
		kith_marks_place(&w->groups->marks, called->by, called->id);
	uint32_t n = 0;

	for (size_t i = place->start; i < place->end; i++)
		n += w->ties->member[i] != person;
	return n;
}

/* Who has the most ties among those of the rest who are in one group with whom the person knows there. */
static void call_by_one(struct web *w, struct kith_bridge *b, uint32_t rest, size_t near)
{
	uint32_t group = count_votes(w, w->queue, near);
	size_t n = 0;

	for (uint32_t i = 0; group && i < w->ties->n; i++)
		if (i != b->person && w->groups->of[i] == group && w->side[i] == rest)
			w->queue[n++] = i;
	b->rest.named = true;
	b->rest.called = kith_marks_most_tied(w->many, w->queue, n ? n : near);
}

/* The rest may be everybody: what counts of it is where the person stands. */
static void call_rest(struct web *w, struct kith_bridge *b)
{
	uint32_t rest = w->side[b->rest.people.at[0]];
	size_t near = find_near(w, b->person, rest);
	struct kith_called *called = &b->rest.called;

	*called = kith_marks_shared(&w->groups->marks, w->queue, near, true);
	if (called->sharing && 2 * (size_t)called->sharing >= near)
		called->sharing = count_without(w, called, b->person);
	else
		called->sharing = 0;
	b->rest.named = called->sharing >= KITH_GROUP_MIN;
	if (!b->rest.named && b->rest.people.all > KITH_BRIDGE_NAMES)
		call_by_one(w, b, rest, near);
}

static void spread_sides(struct web *w, struct kith_bridge *b, struct found *found, size_t n)
{
	b->rest = found[0].side;
	for (size_t i = 1; i < n; i++) {
		const struct kith_some *people = &found[i].side.people;
		if (people->all >= KITH_GROUP_MIN && b->sides < KITH_BRIDGE_SIDES) {
			call_side(w, &found[i].side, w->queue + found[i].from);
			b->side[b->sides++] = found[i].side;
			continue;
		}
		b->others.all += people->all - people->n;
		for (uint32_t k = 0; k < people->n; k++)
			add_some(&b->others, people->at[k]);
	}
}

/* Without the person every neighbour that has not been reached yet begins another side. */
static enum kith_err find_sides(struct web *w, struct kith_bridge *b)
{
	KITH_AUTO_FREE struct found *found = NULL;
	size_t n = 0, cap = 0, end = 0;
	enum kith_err err = KITH_OK;

	w->search++;
	w->seen[b->person] = w->search;
	for (size_t k = w->start[b->person]; !err && k < w->start[b->person + 1]; k++) {
		if (w->seen[w->next[k]] == w->search)
			continue;
		size_t from = end;
		end = reach_from(w, w->next[k], from);
		if ((err = kith_array_room(&found, &cap, n, sizeof *found)))
			break;
		found[n] = describe(w, from, end);
		n += found[n].side.people.all > 0; /* a place without anybody else is none */
	}
	if (err || n == 0)
		return err;
	qsort(found, n, sizeof *found, by_people);
	spread_sides(w, b, found, n);
	call_rest(w, b);
	return KITH_OK;
}

static int by_hangs(const void *x, const void *y)
{
	const struct kith_bridge *a = x, *b = y;

	if (a->hangs != b->hangs)
		return a->hangs > b->hangs ? -1 : 1;
	return (a->person > b->person) - (a->person < b->person);
}

static enum kith_err find_bridges(struct web *w, struct kith_bridges *ret)
{
	size_t cap = 0;
	enum kith_err err = KITH_OK;

	for (uint32_t i = 0; !err && i < w->ties->n; i++) {
		if (!w->groups->hangs[i])
			continue;
		if (!(err = kith_array_room(&ret->at, &cap, ret->all, sizeof *ret->at)))
			ret->at[ret->all++] =
				(struct kith_bridge){.person = i, .hangs = w->groups->hangs[i]};
	}
	if (ret->all)
		qsort(ret->at, ret->all, sizeof *ret->at, by_hangs);
	ret->n = ret->all < KITH_BRIDGES_MAX ? ret->all : KITH_BRIDGES_MAX;
	for (size_t i = 0; !err && i < ret->n; i++)
		err = find_sides(w, &ret->at[i]);
	return err;
}

/* --- out of reach ----------------------------------------------------------------------------- */

/* The one person by whom I know of them, among those I met or wrote down; NONE: nobody, or more than one. */
static uint32_t only_way(const struct web *w, uint32_t person)
{
	const struct kith_ties *t = w->ties;
	uint32_t way = NONE;

	for (size_t k = w->start[person]; k < w->start[person + 1]; k++) {
		uint32_t node = w->next[k];
		size_t from = node < t->n ? k : w->start[node];
		size_t end = node < t->n ? k + 1 : w->start[node + 1];
		for (; from < end; from++) {
			uint32_t other = w->next[from];
			if (other == person || other == way || t->people[other].introduced)
				continue;
			if (way != NONE)
				return NONE;
			way = other;
		}
	}
	return way;
}

static int by_reach(const void *x, const void *y)
{
	const struct kith_reach *a = x, *b = y;

	if (a->people.all != b->people.all)
		return a->people.all > b->people.all ? -1 : 1;
	return (a->via > b->via) - (a->via < b->via);
}

static enum kith_err find_reach(const struct web *w, struct kith_bridges *ret)
{
	const struct kith_ties *t = w->ties;
	KITH_AUTO_FREE uint32_t *place = calloc(t->n + 1, sizeof *place); /* of a via, from 1 */
	size_t cap = 0;
	enum kith_err err = place ? KITH_OK : KITH_ERR_NOMEM;

	for (uint32_t i = 0; !err && i < t->n; i++) {
		uint32_t via = t->people[i].introduced ? only_way(w, i) : NONE;
		if (via == NONE)
			continue;
		if (!place[via]) {
			if ((err = kith_array_room(
				     &ret->reach, &cap, ret->reach_n, sizeof *ret->reach)))
				break;
			ret->reach[ret->reach_n++] = (struct kith_reach){.via = via};
			place[via] = (uint32_t)ret->reach_n;
		}
		add_some(&ret->reach[place[via] - 1].people, i);
	}
	if (!err && ret->reach_n)
		qsort(ret->reach, ret->reach_n, sizeof *ret->reach, by_reach);
	return err;
}

/* --- the rest --------------------------------------------------------------------------------- */

static enum kith_err find_lonely(const struct kith_groups *g, struct kith_bridges *ret)
{
	if (!(ret->lonely = calloc((size_t)g->n + 1, sizeof *ret->lonely)))
		return KITH_ERR_NOMEM;
	for (uint32_t i = 0; i < g->n; i++)
		if (!g->at[i].close && !g->at[i].all_close)
			ret->lonely[ret->lonely_n++] = i + 1;
	return KITH_OK;
}

static enum kith_err count_parts(const struct web *w, struct kith_bridges *ret)
{
	KITH_AUTO_FREE uint32_t *people = calloc((size_t)w->graph.n + 1, sizeof *people);

	if (!people)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < w->ties->n; i++)
		ret->parts += ++people[w->groups->part[i]] == 2;
	return KITH_OK;
}

/* Exactly where that takes no longer than BETWEEN_WORK, else from as many nodes as that allows. */
static enum kith_err find_between(const struct kith_graph_library *library, const struct web *w,
	struct kith_bridges *ret, struct kith_diag *diag)
{
	uint64_t each = w->graph.n + w->graph.edges_n, n = w->graph.n;

	if (!(ret->between = calloc(n + 1, sizeof *ret->between)))
		return KITH_ERR_NOMEM;
	if (n * each > KITH_BETWEEN_WORK)
		ret->pivots = (uint32_t)(each < KITH_BETWEEN_WORK ? KITH_BETWEEN_WORK / each : 1);
	const struct kith_graph_figures want = {.between = ret->between, .pivots = ret->pivots};
	return library->measure(&w->graph, &want, diag);
}

static enum kith_err make(const struct kith_graph_library *library, struct web *w, bool figures,
	struct kith_bridges *ret, struct kith_diag *diag)
{
	enum kith_err err = web_make(w);

	if (!err)
		err = find_bridges(w, ret);
	if (!err)
		err = find_reach(w, ret);
	if (!err)
		err = find_lonely(w->groups, ret);
	if (!err)
		err = count_parts(w, ret);
	if (!err && figures)
		err = find_between(library, w, ret, diag);
	ret->nodes = w->graph.n;
	ret->edges = w->graph.edges_n;
	ret->pairs = ret->nodes > 2 ? (ret->nodes - 1.) * (ret->nodes - 2.) / 2 : 1;
	return err;
}

enum kith_err kith_bridges_make(const struct kith_graph_library *library,
	const struct kith_ties *ties, struct kith_groups *groups, bool figures,
	struct kith_bridges *ret, struct kith_diag *diag)
{
	struct web w = {.ties = ties, .groups = groups};
	enum kith_err err;

	*ret = (struct kith_bridges){0};
	err = make(library, &w, figures, ret, diag);
	web_end(&w);
	if (err)
		kith_bridges_free(ret);
	return err;
}
