/* SPDX-License-Identifier: MIT
 *
 * blocks - what falls apart without a node.  Nodes and biconnected components form a forest, the block-cut tree: each block
 * hangs on the nodes in it.  Without a node, every block of its own is a rest for itself.
 */
#include <stdlib.h>

#include "graph/inside.h"

#define NONE UINT32_MAX

struct tree {
	uint32_t n, counted;
	const struct kith_graph_blocks *blocks;
	size_t *start;    /* of the blocks of each node, n + 1 */
	uint32_t *block;  /* those, one node after the other */
	uint32_t *up;     /* node: the block it was reached by */
	uint32_t *over;   /* block: the node it was reached by */
	uint32_t *below;  /* block: counted nodes that it leads to, away from `over` */
	uint32_t *order;  /* nodes as they were reached */
	uint32_t *weight; /* node: itself and everything below */
	uint32_t *root;   /* node: the first of its tree */
};

static void tree_end(struct tree *t)
{
	free(t->start);
	free(t->block);
	free(t->up);
	free(t->over);
	free(t->below);
	free(t->order);
	free(t->weight);
	free(t->root);
}

static void *room(size_t n, size_t size)
{
	return calloc(n ? n : 1, size);
}

static bool tree_make(struct tree *t)
{
	size_t members = t->blocks->start[t->blocks->n];

	t->start = room((size_t)t->n + 1, sizeof *t->start);
	t->block = room(members, sizeof *t->block);
	t->up = room(t->n, sizeof *t->up);
	t->over = room(t->blocks->n, sizeof *t->over);
	t->below = room(t->blocks->n, sizeof *t->below);
	t->order = room(t->n, sizeof *t->order);
	t->weight = room(t->n, sizeof *t->weight);
	t->root = room(t->n, sizeof *t->root);
	return t->start && t->block && t->up && t->over && t->below && t->order && t->weight &&
	       t->root;
}

/* Which blocks each node is in. */
static void index_blocks(struct tree *t)
{
	const struct kith_graph_blocks *b = t->blocks;

	for (size_t j = 0; j < b->start[b->n]; j++)
		t->start[b->node[j] + 1]++;
	for (uint32_t v = 0; v < t->n; v++)
		t->start[v + 1] += t->start[v];
	for (size_t i = 0; i < b->n; i++)
		for (size_t j = b->start[i]; j < b->start[i + 1]; j++)
			t->block[t->start[b->node[j]]++] = (uint32_t)i;
	for (uint32_t v = t->n; v > 0; v--) /* each start has gone on to the next */
		t->start[v] = t->start[v - 1];
	t->start[0] = 0;
}

/* Goes down from the first node of every tree. */
static void reach(struct tree *t)
{
	const struct kith_graph_blocks *b = t->blocks;
	size_t done = 0, found = 0;

	for (uint32_t v = 0; v < t->n; v++)
		t->root[v] = NONE;
	for (size_t i = 0; i < b->n; i++)
		t->over[i] = NONE;
	for (uint32_t first = 0; first < t->n; first++) {
		if (t->root[first] != NONE)
			continue;
		t->root[first] = first;
		t->up[first] = NONE;
		for (t->order[found++] = first; done < found; done++) {
			uint32_t v = t->order[done];
			for (size_t k = t->start[v]; k < t->start[v + 1]; k++) {
				uint32_t i = t->block[k];
				if (i == t->up[v])
					continue;
				t->over[i] = v;
				for (size_t j = b->start[i]; j < b->start[i + 1]; j++) {
					uint32_t w = b->node[j];
					if (w == v)
						continue;
					t->root[w] = first;
					t->up[w] = i;
					t->order[found++] = w;
				}
			}
		}
	}
}

static void weigh(struct tree *t)
{
	for (uint32_t k = t->n; k > 0; k--) {
		uint32_t v = t->order[k - 1];
		t->weight[v] += v < t->counted;
		if (t->up[v] == NONE)
			continue;
		t->below[t->up[v]] += t->weight[v];
		t->weight[t->over[t->up[v]]] += t->weight[v];
	}
}

/* Everything else in the tree, less the largest of what it falls into. */
static uint32_t hangs_on(const struct tree *t, uint32_t v)
{
	uint32_t all = t->weight[t->root[v]];
	uint32_t largest = all - t->weight[v];

	for (size_t k = t->start[v]; k < t->start[v + 1]; k++)
		if (t->block[k] != t->up[v] && t->below[t->block[k]] > largest)
			largest = t->below[t->block[k]];
	return all - (v < t->counted) - largest;
}

enum kith_err kith_graph_hangs(
	uint32_t n, uint32_t counted, const struct kith_graph_blocks *blocks, uint32_t *ret_hangs)
{
	struct tree t = {.n = n, .counted = counted, .blocks = blocks};
	enum kith_err err = tree_make(&t) ? KITH_OK : KITH_ERR_NOMEM;

	if (!err) {
		index_blocks(&t);
		reach(&t);
		weigh(&t);
		for (uint32_t v = 0; v < n; v++)
			ret_hangs[v] = hangs_on(&t, v);
	}
	tree_end(&t);
	return err;
}
