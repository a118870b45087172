/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/inside.h"

/* --- edges ------------------------------------------------------------------------------------ */

static int by_ends(const void *x, const void *y)
{
	const struct kith_graph_edge *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return (p->b > q->b) - (p->b < q->b);
}

/* In one order, so that the answer does not depend on the one in which they came. */
static enum kith_err sort_edges(const struct kith_graph *graph, struct kith_graph_edges *ret)
{
	size_t n = 0;

	if (!(ret->at = calloc(graph->edges_n ? graph->edges_n : 1, sizeof *ret->at)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < graph->edges_n; i++) {
		struct kith_graph_edge e = graph->edges[i];
		if (e.a >= graph->n || e.b >= graph->n)
			return KITH_ERR_VALUE;
		if (e.a != e.b)
			ret->at[n++] = e.a < e.b ? e : (struct kith_graph_edge){e.b, e.a};
	}
	if (n)
		qsort(ret->at, n, sizeof *ret->at, by_ends);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_ends(&ret->at[i], &ret->at[i - 1]))
			ret->at[ret->n++] = ret->at[i];
	return KITH_OK;
}

/* --- communities ------------------------------------------------------------------------------ */

/* One part by itself: which nodes it has, and what they are called in it. */
struct parts {
	uint32_t n;                   /* of them */
	uint32_t *of;                 /* node: its part */
	uint32_t *local;              /* node: its number in that part */
	uint32_t *size;               /* part: its nodes, */
	uint32_t *counted;            /* and those of them that count */
	size_t *edges;                /* part: where its edges begin; n + 1 */
	struct kith_graph_edge *edge; /* by their local ends */
};

static void parts_end(struct parts *p)
{
	free(p->of);
	free(p->local);
	free(p->size);
	free(p->counted);
	free(p->edges);
	free(p->edge);
}

static bool parts_make(struct parts *p, uint32_t n, const struct kith_graph_edges *edges)
{
	p->local = calloc(n ? n : 1, sizeof *p->local);
	p->size = calloc(n ? n : 1, sizeof *p->size);
	p->counted = calloc(n ? n : 1, sizeof *p->counted);
	p->edges = calloc((size_t)n + 2, sizeof *p->edges);
	p->edge = calloc(edges->n ? edges->n : 1, sizeof *p->edge);
	return p->local && p->size && p->counted && p->edges && p->edge;
}

static void fill_parts(
	struct parts *p, const struct kith_graph *graph, const struct kith_graph_edges *edges)
{
	for (uint32_t v = 0; v < graph->n; v++) {
		uint32_t part = p->of[v];
		if (part >= p->n)
			p->n = part + 1;
		p->local[v] = p->size[part]++;
		p->counted[part] += v < graph->counted;
	}
	for (size_t i = 0; i < edges->n; i++)
		p->edges[p->of[edges->at[i].a] + 1]++;
	for (uint32_t k = 0; k < p->n; k++)
		p->edges[k + 1] += p->edges[k];
	for (size_t i = 0; i < edges->n; i++) {
		struct kith_graph_edge e = edges->at[i];
		p->edge[p->edges[p->of[e.a]]++] =
			(struct kith_graph_edge){p->local[e.a], p->local[e.b]};
	}
	for (uint32_t k = p->n; k > 0; k--)
		p->edges[k] = p->edges[k - 1];
	p->edges[0] = 0;
}

static enum kith_err divide_one(
	uint32_t n, const struct kith_graph_edges *edges, uint32_t *within, struct kith_diag *diag)
{
	struct kith_igraph *g;
	enum kith_err err = kith_igraph_new(n, edges, &g, diag);

	if (err)
		return err;
	err = kith_igraph_communities(g, within, diag);
	kith_igraph_free(g);
	return err;
}

/* For each part the communities in it, at the places of its nodes one part after the other. */
static enum kith_err divide(
	const struct parts *p, uint32_t small, uint32_t *within, struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	for (uint32_t k = 0; !err && k < p->n; within += p->size[k++]) {
		struct kith_graph_edges own = {
			.at = p->edge + p->edges[k], .n = p->edges[k + 1] - p->edges[k]};
		if (p->counted[k] <= small)
			memset(within, 0, p->size[k] * sizeof *within);
		else
			err = divide_one(p->size[k], &own, within, diag);
	}
	return err;
}

/* One number over all parts, in the order in which nodes come. */
static enum kith_err number_all(
	const struct parts *p, uint32_t n, const uint32_t *within, uint32_t *ret)
{
	size_t *start = calloc((size_t)p->n + 1, sizeof *start);
	uint32_t *new = calloc(n ? n : 1, sizeof *new);
	uint32_t next = 0;

	for (uint32_t k = 0; start && k < p->n; k++)
		start[k + 1] = start[k] + p->size[k];
	for (uint32_t v = 0; start && new &&v < n; v++) {
		/* there are no more communities in a part than nodes */
		size_t at = start[p->of[v]] + within[start[p->of[v]] + p->local[v]];
		if (!new[at])
			new[at] = ++next;
		ret[v] = new[at] - 1;
	}
	enum kith_err err = start && new ? KITH_OK : KITH_ERR_NOMEM;
	free(start);
	free(new);
	return err;
}

static enum kith_err divide_parts(const struct kith_graph *graph,
	const struct kith_graph_edges *edges, const uint32_t *part, uint32_t small, uint32_t *ret,
	struct kith_diag *diag)
{
	struct parts p = {0};
	uint32_t *within = calloc(graph->n ? graph->n : 1, sizeof *within);
	enum kith_err err = KITH_ERR_NOMEM;

	if (within && parts_make(&p, graph->n, edges) &&
		(p.of = calloc(graph->n ? graph->n : 1, sizeof *p.of))) {
		memcpy(p.of, part, graph->n * sizeof *p.of);
		fill_parts(&p, graph, edges);
		if (!(err = divide(&p, small, within, diag)))
			err = number_all(&p, graph->n, within, ret);
	}
	parts_end(&p);
	free(within);
	return err;
}

/* --- cells ------------------------------------------------------------------------------------ */

/* The edges that stay within a cell. */
static enum kith_err cut(const struct kith_graph *graph, const struct kith_graph_edges *edges,
	const struct kith_graph_blocks *blocks, uint32_t core, struct kith_graph_edges *ret)
{
	uint32_t *cell = calloc(graph->n ? graph->n : 1, sizeof *cell);
	enum kith_err err = KITH_ERR_NOMEM;

	ret->at = calloc(edges->n ? edges->n : 1, sizeof *ret->at);
	if (cell && ret->at)
		err = kith_graph_cells(graph, edges, blocks, core, cell);
	for (size_t i = 0; !err && i < edges->n; i++)
		if (cell[edges->at[i].a] == cell[edges->at[i].b])
			ret->at[ret->n++] = edges->at[i];
	free(cell);
	return err;
}

/* Communities of the graph with those edges, which g is. */
static enum kith_err divide_graph(struct kith_igraph *g, const struct kith_graph *graph,
	const struct kith_graph_edges *edges, const struct kith_graph_figures *f,
	struct kith_diag *diag)
{
	uint32_t *part = calloc(graph->n ? graph->n : 1, sizeof *part);
	enum kith_err err = part ? kith_igraph_parts(g, part, diag) : KITH_ERR_NOMEM;

	if (!err)
		err = divide_parts(graph, edges, part, f->small, f->community, diag);
	free(part);
	return err;
}

static enum kith_err communities(struct kith_igraph *g, const struct kith_graph *graph,
	const struct kith_graph_edges *edges, const struct kith_graph_blocks *blocks,
	const struct kith_graph_figures *f, struct kith_diag *diag)
{
	struct kith_graph_edges within = {0};
	struct kith_igraph *less = NULL;
	enum kith_err err = f->core ? cut(graph, edges, blocks, f->core, &within) : KITH_OK;

	if (!err && f->core && within.n < edges->n) {
		if (!(err = kith_igraph_new(graph->n, &within, &less, diag)))
			err = divide_graph(less, graph, &within, f, diag);
	} else if (!err) {
		err = divide_graph(g, graph, edges, f, diag);
	}
	kith_igraph_free(less);
	free(within.at);
	return err;
}

/* --- all that is wanted ----------------------------------------------------------------------- */

/* What takes the blocks, which are looked for once. */
static enum kith_err separate(struct kith_igraph *g, const struct kith_graph *graph,
	const struct kith_graph_edges *edges, const struct kith_graph_figures *f,
	struct kith_diag *diag)
{
	struct kith_graph_blocks blocks = {0};
	enum kith_err err = KITH_OK;

	if (f->cut || f->hangs || (f->community && f->core))
		err = kith_igraph_blocks(g, &blocks, f->cut, diag);
	if (!err && f->hangs)
		err = kith_graph_hangs(graph->n, graph->counted, &blocks, f->hangs);
	if (!err && f->community)
		err = communities(g, graph, edges, &blocks, f, diag);
	kith_graph_blocks_free(&blocks);
	return err;
}

static enum kith_err measure(
	const struct kith_graph *graph, const struct kith_graph_figures *f, struct kith_diag *diag)
{
	struct kith_graph_edges edges = {0};
	struct kith_igraph *g = NULL;
	enum kith_err err = sort_edges(graph, &edges);

	if (!err)
		err = kith_igraph_new(graph->n, &edges, &g, diag);
	if (!err && f->part)
		err = kith_igraph_parts(g, f->part, diag);
	if (!err)
		err = separate(g, graph, &edges, f, diag);
	if (!err && f->between)
		err = kith_igraph_between(g, f->pivots, f->between, diag);
	kith_igraph_free(g);
	free(edges.at);
	return err;
}

extern const struct kith_graph_library kith_graph_library;

__attribute__((visibility("default"))) const struct kith_graph_library kith_graph_library = {
	.version = KITH_GRAPH_VERSION, .measure = measure};
