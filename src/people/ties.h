/* SPDX-License-Identifier: MIT
 *
 * ties - everybody at once, and what ties them to each other.  proto/people.md, "Relations".
 */
#ifndef KITH_PEOPLE_TIES_H
#define KITH_PEOPLE_TIES_H

#include <kith/network.h>

#include "graph/graph.h"

/* Spans lie in the ties they belong to. */
struct kith_ties_person {
	int64_t row;
	struct kith_span name;
	struct kith_span org; /* n == 0: none */
	uint32_t ring;        /* its place, from the nearest, 1, outwards; 0: none */
	bool close;           /* that ring has a rhythm */
	bool introduced;      /* known by an introduction alone */
	bool blocked;
};

/* An event or organisation with two people or more. */
struct kith_ties_place {
	bool org;               /* an organisation, else an event */
	bool crowd;             /* more than CROWD_MAX: it ties nobody to anybody */
	struct kith_span name;  /* an organisation's as the first of its people has it */
	struct kith_span where; /* of an event; n == 0: none */
	size_t start, end;      /* its people: member[start] to member[end] */
};

/* Two people of whom I said something, or who were introduced; by their numbers, a < b. */
struct kith_tie {
	uint32_t a, b;
	enum kith_relation_kind kind;
};

/* People who were not let go, by folded name; their numbers are their places here.  Start with {0}; end with kith_ties_free. */
struct kith_ties {
	struct kith_ties_person *people;
	size_t n;
	struct kith_ties_place *places; /* events, then organisations, by name */
	size_t places_n;
	uint32_t *member; /* numbers of people */
	size_t members_n;
	struct kith_tie *ties; /* by a, then b; each pair once */
	size_t ties_n;
	struct kith_buf text;
	struct kith_ties_row {
		int64_t row;
		uint32_t person;
	} * by_row;
};

void kith_ties_free(struct kith_ties *ties);

/* Reads all.  KITH_ERR_LIMIT: more than can be numbered; KITH_ERR_NOMEM; store errors. */
enum kith_err kith_ties_read(struct kith_store *store, struct kith_ties *ret) KITH_MUST_CHECK;

#define KITH_TIES_NOBODY UINT32_MAX

/* The number of somebody; KITH_TIES_NOBODY: not here. */
uint32_t kith_ties_find(const struct kith_ties *ties, int64_t row);

/* How many each is tied to, an event or organisation counted by its people; for the caller to free.  KITH_ERR_NOMEM. */
enum kith_err kith_ties_count(const struct kith_ties *ties, uint32_t **ret_count) KITH_MUST_CHECK;

/*
 * The graph of people.md, "Bridges": people, then places (person n + i is places[i]; a crowd has no edge).  Appends the edges
 * to the empty buffer, as an array of struct kith_graph_edge.  KITH_ERR_NOMEM.
 */
enum kith_err kith_ties_graph(const struct kith_ties *ties, struct kith_buf *edges,
	struct kith_graph *ret) KITH_MUST_CHECK;

#endif
