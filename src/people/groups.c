/* SPDX-License-Identifier: MIT */
#include "people/groups.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/limits.h"
#include "people/array.h"

void kith_groups_free(struct kith_groups *g)
{
	free(g->of);
	free(g->hangs);
	free(g->part);
	free(g->at);
	kith_marks_free(&g->marks);
	kith_buf_free(&g->text);
	*g = (struct kith_groups){0};
}

/* --- numbers ---------------------------------------------------------------------------------- */

static int by_size(const void *x, const void *y)
{
	const struct kith_group *a = x, *b = y;

	if (a->people != b->people)
		return a->people > b->people ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

/* Communities with enough people become groups, the largest first.  community: node by node, below nodes. */
static enum kith_err number_groups(
	const struct kith_ties *t, const uint32_t *community, uint32_t nodes, struct kith_groups *g)
{
	KITH_AUTO_FREE uint32_t *people = calloc(nodes ? nodes : 1, sizeof *people);
	KITH_AUTO_FREE uint32_t *number = calloc(nodes ? nodes : 1, sizeof *number);
	size_t cap = 0;
	enum kith_err err = people && number ? KITH_OK : KITH_ERR_NOMEM;

	for (size_t i = 0; !err && i < t->n; i++)
		people[community[i]]++;
	for (uint32_t i = 0; !err && i < t->n; i++) {
		uint32_t size = people[community[i]];
		if (size < KITH_GROUP_MIN)
			continue;
		people[community[i]] = 0; /* one group for the first of them */
		if (!(err = kith_array_room(&g->at, &cap, g->n, sizeof *g->at)))
			g->at[g->n++] = (struct kith_group){.people = size, .first = i};
	}
	if (err)
		return err;
	if (g->n)
		qsort(g->at, g->n, sizeof *g->at, by_size);
	for (uint32_t i = 0; i < g->n; i++)
		number[community[g->at[i].first]] = i + 1;
	for (size_t i = 0; i < t->n; i++) {
		g->of[i] = number[community[i]];
		if (g->of[i] && t->people[i].close)
			g->at[g->of[i] - 1].close++;
	}
	return KITH_OK;
}

/* --- names ------------------------------------------------------------------------------------ */

/* People one group after the other, each by number: those of group i are (*ret)[start[i - 1]] to (*ret)[start[i]]. */
static enum kith_err list_people(
	const struct kith_ties *t, const struct kith_groups *g, size_t *start, uint32_t **ret)
{
	KITH_AUTO_FREE size_t *next = calloc((size_t)g->n + 1, sizeof *next);
	uint32_t *people = calloc(t->n ? t->n : 1, sizeof *people);

	if (!next || !people) {
		free(people);
		return KITH_ERR_NOMEM;
	}
	for (uint32_t i = 0; i < g->n; i++)
		next[i + 1] = start[i + 1] = start[i] + g->at[i].people; /* next[0] is 0 */
	for (uint32_t i = 0; i < t->n; i++)
		if (g->of[i])
			people[next[g->of[i] - 1]++] = i;
	*ret = people;
	return KITH_OK;
}

/* Everybody of an event or organisation that is more than half here. */
static void count_all(
	const struct kith_ties *t, const struct kith_ties_place *place, struct kith_group *group)
{
	size_t all = place ? place->end - place->start : 0;

	if (!place || place->crowd || 2 * (size_t)group->sharing <= all)
		return;
	group->all = (uint32_t)all;
	for (size_t i = place->start; i < place->end; i++)
		group->all_close += t->people[t->member[i]].close;
}

static void call(const struct kith_ties *t, struct kith_groups *g, const uint32_t *ties,
	const uint32_t *people, struct kith_group *group, struct kith_called *ret)
{
	*ret = kith_marks_shared(&g->marks, people, group->people, false);
	if (2 * (size_t)ret->sharing < group->people)
		*ret = kith_marks_most_tied(ties, people, group->people);
	group->by = ret->by;
	group->sharing = ret->sharing;
	count_all(t, kith_marks_place(&g->marks, ret->by, ret->id), group);
}

static enum kith_err name_all(const struct kith_ties *t, struct kith_store *store,
	const uint32_t *ties, struct kith_groups *g)
{
	KITH_AUTO_FREE size_t *start = calloc((size_t)g->n + 1, sizeof *start);
	KITH_AUTO_FREE uint32_t *people = NULL;
	enum kith_err err = start ? list_people(t, g, start, &people) : KITH_ERR_NOMEM;

	if (!err)
		err = kith_buf_add(&g->text, "", 1);
	for (uint32_t i = 0; !err && i < g->n; i++) {
		struct kith_called called;
		size_t had = g->text.n;
		call(t, g, ties, people + start[i], &g->at[i], &called);
		err = kith_marks_name(&g->marks, store, &called, &g->text);
		g->at[i].name.n = g->text.n - had;
	}
	const uint8_t *p = g->text.p + 1;
	for (uint32_t i = 0; !err && i < g->n; p += g->at[i++].name.n)
		g->at[i].name.p = p;
	return err;
}

static enum kith_err name_groups(
	const struct kith_ties *t, struct kith_store *store, struct kith_groups *g)
{
	KITH_AUTO_FREE uint32_t *ties = NULL;
	enum kith_err err = kith_marks_read(t, store, &g->marks);

	if (!err)
		err = kith_ties_count(t, &ties);
	return err ? err : name_all(t, store, ties, g);
}

/* --- all -------------------------------------------------------------------------------------- */

static enum kith_err measure(const struct kith_graph_library *library, const struct kith_ties *t,
	struct kith_groups *g, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf edges = {0};
	KITH_AUTO_FREE uint32_t *community = NULL;
	struct kith_graph graph;
	enum kith_err err = kith_ties_graph(t, &edges, &graph);

	if (err)
		return err;
	size_t room = graph.n ? graph.n : 1;
	community = calloc(room, sizeof *community);
	g->part = calloc(room, sizeof *g->part);
	g->hangs = calloc(room, sizeof *g->hangs);
	g->of = calloc(room, sizeof *g->of);
	if (!community || !g->part || !g->hangs || !g->of)
		return KITH_ERR_NOMEM;
	const struct kith_graph_figures want = {.part = g->part,
		.community = community,
		.core = KITH_GROUP_MIN,
		.small = KITH_GROUP_SMALL,
		.hangs = g->hangs};
	if ((err = library->measure(&graph, &want, diag)))
		return err;
	return number_groups(t, community, graph.n, g);
}

enum kith_err kith_groups_make(const struct kith_graph_library *library,
	const struct kith_ties *ties, struct kith_store *store, struct kith_groups *ret,
	struct kith_diag *diag)
{
	enum kith_err err;

	*ret = (struct kith_groups){0};
	err = measure(library, ties, ret, diag);
	if (!err)
		err = name_groups(ties, store, ret);
	if (err)
		kith_groups_free(ret);
	return err;
}
