/* SPDX-License-Identifier: MIT
 *
 * cells - where a graph is cut before it is divided.  A core is what hangs together through nodes that are not counted (events)
 * and that no counted one alone (a person) takes apart: blocks that share such a node are one.  Two cores that one person joins
 * are two cells, and whatever hangs on a core is of its cell.
 */
#include <stdlib.h>
#include <string.h>

#include "graph/inside.h"

#define NONE UINT32_MAX

struct cells {
	uint32_t n, counted;
	const struct kith_graph_blocks *blocks;
	uint32_t *up;  /* block: one that it is joined to; itself: the first of them, their root */
	uint32_t *met; /* node: the first block it is in */
	uint32_t *people; /* root: counted nodes */
	uint32_t *
		first; /* root: its smallest node that is not counted, which no other has; NONE: there is none */
	size_t *start;  /* of the neighbours of each node; n + 1 */
	uint32_t *next; /* those */
	uint32_t *queue;
};

static void cells_end(struct cells *c)
{
	free(c->up);
	free(c->met);
	free(c->people);
	free(c->first);
	free(c->start);
	free(c->next);
	free(c->queue);
}

static bool cells_make(struct cells *c, size_t edges)
{
	size_t blocks = c->blocks->n + 1, nodes = (size_t)c->n + 2;

	c->up = calloc(blocks, sizeof *c->up);
	c->met = calloc(nodes, sizeof *c->met);
	c->people = calloc(blocks, sizeof *c->people);
	c->first = calloc(blocks, sizeof *c->first);
	c->start = calloc(nodes, sizeof *c->start);
	c->next = calloc(2 * edges + 1, sizeof *c->next);
	c->queue = calloc(nodes, sizeof *c->queue);
	return c->up && c->met && c->people && c->first && c->start && c->next && c->queue;
}

/* --- cores ------------------------------------------------------------------------------------ */

static uint32_t root_of(struct cells *c, uint32_t block)
{
	while (c->up[block] != block) {
		c->up[block] = c->up[c->up[block]];
		block = c->up[block];
	}
	return block;
}

static void join(struct cells *c, uint32_t a, uint32_t b)
{
	a = root_of(c, a);
	b = root_of(c, b);
	c->up[a > b ? a : b] = a < b ? a : b;
}

static void join_blocks(struct cells *c)
{
	const struct kith_graph_blocks *blocks = c->blocks;

	memset(c->met, 0xff, c->n * sizeof *c->met);
	for (uint32_t b = 0; b < blocks->n; b++)
		c->up[b] = b;
	for (uint32_t b = 0; b < blocks->n; b++)
		for (size_t i = blocks->start[b]; i < blocks->start[b + 1]; i++) {
			uint32_t node = blocks->node[i];
			if (c->met[node] == NONE)
				c->met[node] = b;
			else if (node >= c->counted)
				join(c, c->met[node], b);
		}
}

/* Joined blocks share nodes that are not counted, and no others: in the block-cut tree there is one way. */
static void weigh(struct cells *c)
{
	const struct kith_graph_blocks *blocks = c->blocks;

	memset(c->first, 0xff, blocks->n * sizeof *c->first);
	for (uint32_t b = 0; b < blocks->n; b++) {
		uint32_t root = root_of(c, b);
		for (size_t i = blocks->start[b]; i < blocks->start[b + 1]; i++) {
			uint32_t node = blocks->node[i];
			c->people[root] += node < c->counted;
			if (node >= c->counted && node < c->first[root])
				c->first[root] = node;
		}
	}
}

static bool is_smaller(const struct cells *c, uint32_t a, uint32_t b)
{
	if (c->people[a] != c->people[b])
		return c->people[a] < c->people[b];
	return c->first[a] < c->first[b];
}

/* Who joins several is of the smallest, which needs them most. */
static void settle_cores(struct cells *c, uint32_t least, uint32_t *cell)
{
	const struct kith_graph_blocks *blocks = c->blocks;

	for (uint32_t b = 0; b < blocks->n; b++) {
		uint32_t root = root_of(c, b);
		if (c->first[root] == NONE || c->people[root] < least)
			continue;
		for (size_t i = blocks->start[b]; i < blocks->start[b + 1]; i++) {
			uint32_t *of = &cell[blocks->node[i]];
			if (*of == NONE || is_smaller(c, root, *of))
				*of = root;
		}
	}
}

/* --- what hangs on them ----------------------------------------------------------------------- */

static void index_edges(struct cells *c, const struct kith_graph_edges *edges)
{
	for (size_t i = 0; i < edges->n; i++) {
		c->start[edges->at[i].a + 2]++;
		c->start[edges->at[i].b + 2]++;
	}
	for (size_t v = 2; v <= (size_t)c->n + 1; v++)
		c->start[v] += c->start[v - 1];
	for (size_t i = 0; i < edges->n; i++) {
		c->next[c->start[edges->at[i].a + 1]++] = edges->at[i].b;
		c->next[c->start[edges->at[i].b + 1]++] = edges->at[i].a;
	}
}

/* Each is of the cell of whom it is reached by first, from all cores at once. */
static void spread(struct cells *c, uint32_t *cell)
{
	size_t end = 0;

	for (uint32_t v = 0; v < c->n; v++)
		if (cell[v] != NONE)
			c->queue[end++] = v;
	for (size_t i = 0; i < end; i++)
		for (size_t k = c->start[c->queue[i]]; k < c->start[c->queue[i] + 1]; k++)
			if (cell[c->next[k]] == NONE) {
				cell[c->next[k]] = cell[c->queue[i]];
				c->queue[end++] = c->next[k];
			}
}

enum kith_err kith_graph_cells(const struct kith_graph *graph, const struct kith_graph_edges *edges,
	const struct kith_graph_blocks *blocks, uint32_t least, uint32_t *ret_cell)
{
	struct cells c = {.n = graph->n, .counted = graph->counted, .blocks = blocks};
	enum kith_err err = cells_make(&c, edges->n) ? KITH_OK : KITH_ERR_NOMEM;

	if (!err) {
		memset(ret_cell, 0xff, graph->n * sizeof *ret_cell);
		join_blocks(&c);
		weigh(&c);
		settle_cores(&c, least, ret_cell);
		index_edges(&c, edges);
		spread(&c, ret_cell);
	}
	cells_end(&c);
	return err;
}
