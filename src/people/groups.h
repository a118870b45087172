/* SPDX-License-Identifier: MIT
 *
 * groups - who belongs together, and who alone holds them together.  proto/people.md, "Bridges".
 */
#ifndef KITH_PEOPLE_GROUPS_H
#define KITH_PEOPLE_GROUPS_H

#include "people/marks.h"

struct kith_group {
	enum kith_group_by by;
	struct kith_span name;
	uint32_t people;
	uint32_t sharing; /* how many of them share that; KITH_GROUP_PERSON: 0 */
	uint32_t close;   /* how many are in a ring with a rhythm */
	uint32_t
		all; /* of the event or organisation, if more than half are here and it ties its people; else 0 */
	uint32_t all_close; /* of those */
	uint32_t first;     /* the first of them by name */
};

/* People by their numbers in the ties.  Start with {0}; end with kith_groups_free. */
struct kith_groups {
	uint32_t *of; /* person: the number of their group, from 1; 0: in none */
	uint32_t *
		hangs; /* person: how many would be cut off from the rest of their part; 0: no bridge */
	uint32_t *part; /* node: the connected part it is in */
	struct kith_group
		*at; /* at[0] is group 1; the largest first, then by the name of the first person */
	uint32_t n;
	struct kith_marks marks; /* what everybody has */
	struct kith_buf text;
};

void kith_groups_free(struct kith_groups *groups);

/*
 * The same ties give the same groups.  A group has at least GROUP_MIN people.  KITH_ERR_NOMEM; store errors; those of
 * kith_graph_measure_fn, with a sentence in diag.
 */
enum kith_err kith_groups_make(const struct kith_graph_library *graph, const struct kith_ties *ties,
	struct kith_store *store, struct kith_groups *ret, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
