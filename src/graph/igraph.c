/* SPDX-License-Identifier: MIT */
#include <igraph/igraph.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/inside.h"

/* The method goes through the nodes in an order by chance, here the same every time.  One that is unlucky ends at a division
 * that is not the best: of several the best is taken, as long as that costs nothing. */
#define ORDERS       16
#define ORDERS_EDGES 20000 /* with more, one order, gone through once */
#define AGAIN        2     /* how often one is gone through */
#define CHANCE       0.01  /* how far a refinement may stray: what the paper, and igraph, use */

/* --- errors ----------------------------------------------------------------------------------- */

/* What igraph said last; its own handler would end the process. */
static char reason[256];

static void keep_reason(const char *text, const char *file, int line, igraph_error_t err)
{
	(void)file;
	(void)line;
	(void)err;
	(void)snprintf(reason, sizeof reason, "%s", text);
	IGRAPH_FINALLY_FREE();
}

static void ignore(const char *text, const char *file, int line)
{
	(void)text;
	(void)file;
	(void)line;
}

static enum kith_err in_kith_words(igraph_error_t err, struct kith_diag *diag)
{
	if (err == IGRAPH_SUCCESS)
		return KITH_OK;
	if (err == IGRAPH_ENOMEM)
		return KITH_ERR_NOMEM;
	if (diag)
		(void)snprintf(diag->text, sizeof diag->text, "igraph: %s", reason);
	return KITH_ERR_INTERNAL;
}

/* --- the graph -------------------------------------------------------------------------------- */

static igraph_error_t add_edges(igraph_t *graph, const struct kith_graph_edges *edges)
{
	igraph_vector_int_t pairs;
	igraph_error_t err = igraph_vector_int_init(&pairs, (igraph_integer_t)(2 * edges->n));

	if (err)
		return err;
	for (size_t i = 0; i < edges->n; i++) {
		VECTOR(pairs)[2 * i] = edges->at[i].a;
		VECTOR(pairs)[2 * i + 1] = edges->at[i].b;
	}
	err = igraph_add_edges(graph, &pairs, NULL);
	igraph_vector_int_destroy(&pairs);
	return err;
}

struct kith_igraph {
	igraph_t graph;
	uint32_t n;
};

static igraph_error_t make(struct kith_igraph *g, uint32_t n, const struct kith_graph_edges *edges)
{
	igraph_error_t err = igraph_empty(&g->graph, n, IGRAPH_UNDIRECTED);

	if (err)
		return err;
	if ((err = add_edges(&g->graph, edges)))
		igraph_destroy(&g->graph);
	return err;
}

enum kith_err kith_igraph_new(uint32_t n, const struct kith_graph_edges *edges,
	struct kith_igraph **ret, struct kith_diag *diag)
{
	struct kith_igraph *g = calloc(1, sizeof *g);
	enum kith_err err;

	if (!g)
		return KITH_ERR_NOMEM;
	(void)igraph_set_error_handler(keep_reason);
	(void)igraph_set_warning_handler(ignore);
	g->n = n;
	if ((err = in_kith_words(make(g, n, edges), diag)))
		free(g);
	else
		*ret = g;
	return err;
}

void kith_igraph_free(struct kith_igraph *g)
{
	if (!g)
		return;
	igraph_destroy(&g->graph);
	free(g);
}

/* Numbers of igraph's, counted anew in the order in which they come. */
static enum kith_err renumber(const igraph_vector_int_t *of, uint32_t n, uint32_t *ret)
{
	uint32_t *new = calloc(n ? n : 1, sizeof *new);
	uint32_t next = 0;

	if (!new)
		return KITH_ERR_NOMEM;
	for (uint32_t i = 0; i < n; i++) {
		size_t old = (size_t)VECTOR(*of)[i];
		if (!new[old])
			new[old] = ++next;
		ret[i] = new[old] - 1;
	}
	free(new);
	return KITH_OK;
}

/* --- measures --------------------------------------------------------------------------------- */

static igraph_error_t by_parts(const igraph_t *graph, igraph_vector_int_t *of)
{
	return igraph_connected_components(graph, of, NULL, NULL, IGRAPH_WEAK);
}

/* Its community for each node by that order.  Weights of degrees make what is optimised the modularity. */
static igraph_error_t refine(const igraph_t *graph, const igraph_vector_t *degrees,
	igraph_uint_t order, igraph_integer_t rounds, igraph_vector_int_t *of)
{
	igraph_error_t err = igraph_rng_seed(igraph_rng_default(), order);

	return err ? err
		   : igraph_community_leiden(graph, NULL, degrees,
			     1 / (2. * (double)igraph_ecount(graph)), CHANCE, false, rounds, of,
			     NULL, NULL);
}

/* One division, and its modularity. */
static igraph_error_t divide(const igraph_t *graph, igraph_uint_t order, igraph_integer_t rounds,
	igraph_vector_int_t *of, igraph_real_t *ret)
{
	igraph_vector_t degrees;
	igraph_error_t err = igraph_vector_init(&degrees, 0);

	if (err)
		return err;
	if (!(err = igraph_strength(
		      graph, &degrees, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS, NULL)))
		err = refine(graph, &degrees, order, rounds, of);
	igraph_vector_destroy(&degrees);
	return err ? err : igraph_modularity(graph, of, NULL, 1, IGRAPH_UNDIRECTED, ret);
}

static igraph_error_t divide_better(
	const igraph_t *graph, igraph_vector_int_t *of, igraph_vector_int_t *other)
{
	bool large = igraph_ecount(graph) > ORDERS_EDGES;
	igraph_real_t best, q;
	igraph_error_t err = divide(graph, 1, large ? 1 : AGAIN, of, &best);
	igraph_uint_t orders = large ? 1 : ORDERS;

	for (igraph_uint_t order = 2; !err && order <= orders; order++)
		if (!(err = divide(graph, order, AGAIN, other, &q)) && q > best + 1e-12) {
			best = q;
			err = igraph_vector_int_update(of, other);
		}
	return err;
}

static igraph_error_t by_communities(const igraph_t *graph, igraph_vector_int_t *of)
{
	igraph_vector_int_t other;
	igraph_error_t err;

	if (igraph_ecount(graph) == 0) { /* one node */
		if (!(err = igraph_vector_int_resize(of, igraph_vcount(graph))))
			igraph_vector_int_null(of);
		return err;
	}
	if ((err = igraph_vector_int_init(&other, 0)))
		return err;
	err = divide_better(graph, of, &other);
	igraph_vector_int_destroy(&other);
	return err;
}

static enum kith_err number_nodes(struct kith_igraph *g,
	igraph_error_t (*number)(const igraph_t *, igraph_vector_int_t *), uint32_t *ret,
	struct kith_diag *diag)
{
	igraph_vector_int_t of;
	enum kith_err err = in_kith_words(igraph_vector_int_init(&of, 0), diag);

	if (err)
		return err;
	if (!(err = in_kith_words(number(&g->graph, &of), diag)))
		err = renumber(&of, g->n, ret);
	igraph_vector_int_destroy(&of);
	return err;
}

enum kith_err kith_igraph_parts(struct kith_igraph *g, uint32_t *ret_part, struct kith_diag *diag)
{
	return number_nodes(g, by_parts, ret_part, diag);
}

enum kith_err kith_igraph_communities(
	struct kith_igraph *g, uint32_t *ret_community, struct kith_diag *diag)
{
	return number_nodes(g, by_communities, ret_community, diag);
}

/* Nodes from all over the graph, so many. */
static igraph_error_t spread(igraph_vector_int_t *nodes, uint32_t n, uint32_t pivots)
{
	igraph_error_t err = igraph_vector_int_init(nodes, pivots);

	for (uint32_t i = 0; !err && i < pivots; i++)
		VECTOR(*nodes)[i] = (igraph_integer_t)((uint64_t)i * n / pivots);
	return err;
}

static igraph_error_t by_pivots(
	const igraph_t *graph, uint32_t n, uint32_t pivots, igraph_vector_t *of)
{
	igraph_vector_int_t nodes;
	igraph_error_t err = spread(&nodes, n, pivots);

	if (err)
		return err;
	err = igraph_betweenness_subset(graph, of, igraph_vss_all(), IGRAPH_UNDIRECTED,
		igraph_vss_vector(&nodes), igraph_vss_all(), NULL);
	if (!err)
		igraph_vector_scale(of, (double)n / pivots);
	igraph_vector_int_destroy(&nodes);
	return err;
}

enum kith_err kith_igraph_between(
	struct kith_igraph *g, uint32_t pivots, double *ret_between, struct kith_diag *diag)
{
	igraph_vector_t of;
	enum kith_err err = in_kith_words(igraph_vector_init(&of, 0), diag);

	if (err)
		return err;
	err = in_kith_words(pivots && pivots < g->n
				    ? by_pivots(&g->graph, g->n, pivots, &of)
				    : igraph_betweenness(&g->graph, &of, igraph_vss_all(),
					      IGRAPH_UNDIRECTED, NULL),
		diag);
	for (uint32_t i = 0; !err && i < g->n; i++)
		ret_between[i] = VECTOR(of)[i];
	igraph_vector_destroy(&of);
	return err;
}

/* --- blocks ----------------------------------------------------------------------------------- */

void kith_graph_blocks_free(struct kith_graph_blocks *blocks)
{
	free(blocks->start);
	free(blocks->node);
	*blocks = (struct kith_graph_blocks){0};
}

static enum kith_err copy_blocks(
	const igraph_vector_int_list_t *lists, struct kith_graph_blocks *ret)
{
	size_t n = (size_t)igraph_vector_int_list_size(lists), all = 0;

	for (size_t i = 0; i < n; i++)
		all += (size_t)igraph_vector_int_size(
			igraph_vector_int_list_get_ptr(lists, (igraph_integer_t)i));
	*ret = (struct kith_graph_blocks){.n = n,
		.start = calloc(n + 1, sizeof *ret->start),
		.node = calloc(all ? all : 1, sizeof *ret->node)};
	if (!ret->start || !ret->node) {
		kith_graph_blocks_free(ret);
		return KITH_ERR_NOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		const igraph_vector_int_t *list =
			igraph_vector_int_list_get_ptr(lists, (igraph_integer_t)i);
		size_t size = (size_t)igraph_vector_int_size(list);
		for (size_t j = 0; j < size; j++)
			ret->node[ret->start[i] + j] = (uint32_t)VECTOR(*list)[j];
		ret->start[i + 1] = ret->start[i] + size;
	}
	return KITH_OK;
}

static enum kith_err read_blocks(struct kith_igraph *g, igraph_vector_int_list_t *lists,
	igraph_vector_int_t *points, struct kith_graph_blocks *ret, uint8_t *cut,
	struct kith_diag *diag)
{
	enum kith_err err = in_kith_words(
		igraph_biconnected_components(&g->graph, NULL, NULL, NULL, lists, points), diag);

	if (!err)
		err = copy_blocks(lists, ret);
	if (err || !cut)
		return err;
	memset(cut, 0, g->n);
	for (igraph_integer_t i = 0; i < igraph_vector_int_size(points); i++)
		cut[VECTOR(*points)[i]] = 1;
	return KITH_OK;
}

enum kith_err kith_igraph_blocks(struct kith_igraph *g, struct kith_graph_blocks *ret_blocks,
	uint8_t *cut, struct kith_diag *diag)
{
	igraph_vector_int_list_t lists;
	igraph_vector_int_t points;
	enum kith_err err = in_kith_words(igraph_vector_int_list_init(&lists, 0), diag);

	if (err)
		return err;
	if (!(err = in_kith_words(igraph_vector_int_init(&points, 0), diag))) {
		err = read_blocks(g, &lists, &points, ret_blocks, cut, diag);
		igraph_vector_int_destroy(&points);
	}
	igraph_vector_int_list_destroy(&lists);
	return err;
}
