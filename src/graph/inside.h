/* SPDX-License-Identifier: MIT
 *
 * inside - what the files of the module share.  None of them calls a function of kith's library: the module is loaded
 * into programs that have it.
 */
#ifndef KITH_GRAPH_INSIDE_H
#define KITH_GRAPH_INSIDE_H

#include "graph/graph.h"

/* Sorted, each edge once with a < b.  Owned. */
struct kith_graph_edges {
	struct kith_graph_edge *at;
	size_t n;
};

/* Which nodes are in which biconnected component: those of block i are node[start[i]] to node[start[i + 1]].  Owned. */
struct kith_graph_blocks {
	size_t n;
	size_t *start;
	uint32_t *node;
};

void kith_graph_blocks_free(struct kith_graph_blocks *blocks);

/* igraph.c, the only file that speaks to igraph.  Errors as of kith_graph_measure_fn. */
struct kith_igraph;

/* A graph of n nodes in igraph's form; NULL allowed when it is freed. */
enum kith_err kith_igraph_new(uint32_t n, const struct kith_graph_edges *edges,
	struct kith_igraph **ret, struct kith_diag *diag) KITH_MUST_CHECK;
void kith_igraph_free(struct kith_igraph *g);

enum kith_err kith_igraph_parts(
	struct kith_igraph *g, uint32_t *ret_part, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_igraph_communities(
	struct kith_igraph *g, uint32_t *ret_community, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_igraph_between(struct kith_igraph *g, uint32_t pivots, double *ret_between,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* The biconnected components, and (cut not NULL) who is an articulation point. */
enum kith_err kith_igraph_blocks(struct kith_igraph *g, struct kith_graph_blocks *ret_blocks,
	uint8_t *cut, struct kith_diag *diag) KITH_MUST_CHECK;

/* For every node how many of the first `counted` are cut off from the largest rest without it.  KITH_ERR_NOMEM. */
enum kith_err kith_graph_hangs(uint32_t n, uint32_t counted, const struct kith_graph_blocks *blocks,
	uint32_t *ret_hangs) KITH_MUST_CHECK;

/* For every node the cell it is in, any number that no other cell has; a part without a core is one of UINT32_MAX.  A core has
 * at least so many counted nodes.  KITH_ERR_NOMEM. */
enum kith_err kith_graph_cells(const struct kith_graph *graph, const struct kith_graph_edges *edges,
	const struct kith_graph_blocks *blocks, uint32_t least, uint32_t *ret_cell) KITH_MUST_CHECK;

#endif
