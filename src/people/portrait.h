/* SPDX-License-Identifier: MIT
 *
 * portrait - me and my people as chart draws them: who is in it, on which ring, in which group, and the lines.
 * proto/people.md, "The picture".
 */
#ifndef KITH_PEOPLE_PORTRAIT_H
#define KITH_PEOPLE_PORTRAIT_H

#include "base/limits.h"
#include "chart/chart.h"
#include "people/groups.h"

/* What is wanted.  Borrows. */
struct kith_portrait_wish {
	const struct kith_span *rings; /* only who is on these, by name; "none": in no ring */
	size_t rings_n;                /* 0: everybody */
	int32_t today;                 /* who is drifting on it */
};

/* Start with {0}; end with kith_portrait_free. */
struct kith_portrait {
	struct kith_chart chart; /* scheme and width are for the caller to set */
	size_t left_out;         /* people over CHART_PEOPLE_MAX, */
	size_t ties_left_out;    /* and lines over CHART_TIES_MAX */
	const struct kith_span
		*unknown; /* of the wish: a ring that there is not, when KITH_ERR_MISSING */

	struct kith_chart_person *people; /* what chart borrows */
	struct kith_chart_tie *ties;
	struct kith_span rings[KITH_RINGS_MAX];
	struct kith_ties from;
	struct kith_buf text;
};

void kith_portrait_free(struct kith_portrait *portrait);

/* The same store and moment make the same portrait, whatever the order of its rows.  KITH_ERR_MISSING; KITH_ERR_NOMEM;
 * store errors; with a sentence in diag those of kith_groups_make. */
enum kith_err kith_portrait_make(struct kith_store *store, const struct kith_graph_library *graph,
	const struct kith_portrait_wish *wish, struct kith_portrait *ret,
	struct kith_diag *diag) KITH_MUST_CHECK;

#endif
