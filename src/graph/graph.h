/* SPDX-License-Identifier: MIT
 *
 * graph - what can be measured of a graph: connected parts, communities, who alone holds it together, who lies between.
 * igraph does it, in a module that is loaded when it is asked for (base/module.h).
 *
 *	parts        connected components
 *	communities  multilevel modularity: Blondel, Guillaume, Lambiotte, Lefebvre, "Fast unfolding of communities in
 *	             large networks", J. Stat. Mech. 2008, P10008, in the form in which each is connected: Traag, Waltman,
 *	             van Eck, "From Louvain to Leiden", Scientific Reports 9, 5233, 2019
 *	             within cells: blocks that hang together otherwise than by one person, cells.c
 *	cut          articulation points: Hopcroft and Tarjan, "Efficient algorithms for graph manipulation",
 *	             Comm. ACM 16 (6), 1973
 *	between      betweenness: Freeman, "A set of measures of centrality based on betweenness", Sociometry 40 (1), 1977,
 *	             counted as Brandes does, J. Math. Sociology 25 (2), 2001
 */
#ifndef KITH_GRAPH_GRAPH_H
#define KITH_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kith/err.h>

struct kith_graph_edge {
	uint32_t a, b; /* below n */
};

/* Without directions and weights.  An edge that stands twice counts once, one from a node to itself not at all. */
struct kith_graph {
	uint32_t n; /* nodes, from 0 */
	uint32_t
		counted; /* the first so many are what sizes count (people); the others only connect them */
	const struct kith_graph_edge *edges;
	size_t edges_n;
};

/* What is wanted: arrays of the caller with room for n, or NULL. */
struct kith_graph_figures {
	/* the number of the part a node is in, from 0, by the first node of it */
	uint32_t *part;
	/* the number of its community, from 0, by the first node of it.  What one counted node alone joins, of at least `core`
	 * counted nodes each and held together by others (two events by a person), is cut apart there first; 0: nothing is.  A
	 * part of at most `small` counted nodes is one then */
	uint32_t *community;
	uint32_t core;
	uint32_t small;
	/* 1: an articulation point, else 0 */
	uint8_t *cut;
	/* how many counted nodes would be cut off from the largest rest of the part without this one; 0: none */
	uint32_t *hangs;
	/* betweenness: over all pairs of other nodes, which share of the shortest ways leads through this one.  Not
	 * normalised: at most (n - 1)(n - 2) / 2.  pivots: estimated by the ways that begin at so many nodes, evenly spread
	 * over their numbers (Brandes and Pich, "Centrality estimation in large networks", Int. J. Bifurcation and Chaos 17 (7),
	 * 2007); 0, or as many as there are: by all of them */
	double *between;
	uint32_t pivots;
};

/*
 * Writes what is wanted.  The answer depends on the set of edges and the numbers of the nodes alone, and repeats.
 * KITH_ERR_NOMEM; KITH_ERR_VALUE: an edge leads nowhere; KITH_ERR_INTERNAL: the library refuses, with its reason in diag.
 * Not for two threads at once.
 */
typedef enum kith_err (*kith_graph_measure_fn)(const struct kith_graph *graph,
	const struct kith_graph_figures *figures, struct kith_diag *diag);

/* What the module gives. */
struct kith_graph_library {
	uint32_t version; /* KITH_GRAPH_VERSION of its build */
	kith_graph_measure_fn measure;
};

#define KITH_GRAPH_MODULE  "kith-graph.so"
#define KITH_GRAPH_SYMBOL  "kith_graph_library"
#define KITH_GRAPH_VERSION 2

/* Loads it.  KITH_ERR_HELPER: it is not there, or of another build; KITH_ERR_NOMEM. */
enum kith_err kith_graph_open(
	const struct kith_graph_library **ret, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
