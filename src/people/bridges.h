/* SPDX-License-Identifier: MIT
 *
 * bridges - which person alone connects whom, who is out of reach without one, where nobody is close.
 * proto/people.md, "Bridges".
 */
#ifndef KITH_PEOPLE_BRIDGES_H
#define KITH_PEOPLE_BRIDGES_H

#include "people/groups.h"

#define KITH_BRIDGE_SIDES 4 /* that are told one by one */
#define KITH_BRIDGE_NAMES 3 /* people of one that are told by name */

/* People by their numbers in the ties: the first of them by name. */
struct kith_some {
	uint32_t at[KITH_BRIDGE_NAMES];
	uint32_t n;   /* of those, */
	uint32_t all; /* of so many */
};

/* What somebody holds together with the rest. */
struct kith_bridge_side {
	struct kith_some people;
	struct kith_called called; /* sharing: how many of those */
	bool named;                /* they are called something */
};

struct kith_bridge {
	uint32_t person;
	uint32_t hangs;               /* people that would be cut off */
	struct kith_bridge_side rest; /* from this, called by whom they know there */
	struct kith_bridge_side
		side[KITH_BRIDGE_SIDES]; /* the largest first, GROUP_MIN people or more each */
	uint32_t sides;
	struct kith_some others; /* in smaller ones, and in those there is no place for */
};

/* People whom I never met, and know of by one person alone. */
struct kith_reach {
	uint32_t via;
	struct kith_some people;
};

/* Start with {0}; end with kith_bridges_free. */
struct kith_bridges {
	struct kith_bridge *
		at; /* the one with most people behind them first, then by name; at most BRIDGES_MAX */
	size_t n, all;            /* of so many */
	struct kith_reach *reach; /* in the same order, all */
	size_t reach_n;
	uint32_t *lonely; /* groups in which nobody is close, the largest first */
	size_t lonely_n;
	double *between; /* of each person; NULL unless asked for */
	uint32_t pivots; /* it is estimated by so many nodes; 0: it is exact */
	double pairs; /* of nodes without one: what betweenness is divided by to be between 0 and 1 */
	uint32_t nodes;
	size_t edges;
	uint32_t parts; /* with two people or more */
};

void kith_bridges_free(struct kith_bridges *bridges);

/* figures: betweenness too.  The groups are used for counting, and are the same afterwards.  The same ties give the same answer.  KITH_ERR_NOMEM; those of kith_graph_measure_fn. */
enum kith_err kith_bridges_make(const struct kith_graph_library *graph,
	const struct kith_ties *ties, struct kith_groups *groups, bool figures,
	struct kith_bridges *ret, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
