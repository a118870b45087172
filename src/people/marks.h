/* SPDX-License-Identifier: MIT
 *
 * marks - what people share: events, organisations, tags, places.
 */
#ifndef KITH_PEOPLE_MARKS_H
#define KITH_PEOPLE_MARKS_H

#include "people/ties.h"

/* What several are called by. */
enum kith_group_by {
	KITH_GROUP_EVENT, /* what at least half of them share: an event, */
	KITH_GROUP_ORG,   /* an organisation, */
	KITH_GROUP_TAG,   /* a tag, */
	KITH_GROUP_PLACE, /* a place where they live, or where the event was */
	KITH_GROUP_PERSON /* nothing of that: who has the most ties */
};

/* One of somebody. */
struct kith_mark {
	uint32_t person;
	uint32_t by; /* enum kith_group_by */
	uint32_t id; /* which of that kind, in the order of the names */
};

/* By person, kind, name; none twice.  Borrows from the ties.  Start with {0}; end with kith_marks_free. */
struct kith_marks {
	const struct kith_ties *ties;
	struct kith_mark *at;
	size_t n, cap;
	size_t *start; /* person: where theirs begin; one more than people.  NULL: nobody has any */
	struct kith_span *names[4]; /* of each kind, by id; a tag is folded */
	size_t names_n[4], names_cap[4];
	uint32_t *count[4]; /* for counting; zero in between */
	struct kith_buf text;
};

/* What several are called by. */
struct kith_called {
	enum kith_group_by by;
	uint32_t id;      /* which of that kind; a person's number */
	uint32_t sharing; /* how many of them share it; 0: nothing is, or a person */
	uint32_t first;   /* the one of them with the smallest number */
};

void kith_marks_free(struct kith_marks *marks);

/* Of everybody.  KITH_ERR_NOMEM; store errors. */
enum kith_err kith_marks_read(const struct kith_ties *ties, struct kith_store *store,
	struct kith_marks *ret) KITH_MUST_CHECK;

/* What most of those people share: of several the event or organisation that is smallest, then of the kind that comes first,
 * then by name.  together: only an event or
 * organisation that ties its people, no crowd.  sharing 0: nothing. */
struct kith_called kith_marks_shared(
	struct kith_marks *marks, const uint32_t *people, size_t n, bool together);

/* Who of them has the most ties (kith_ties_count); of several the one with the smallest number.  At least one. */
struct kith_called kith_marks_most_tied(const uint32_t *ties, const uint32_t *people, size_t n);

/* The event or organisation; NULL: it is none. */
const struct kith_ties_place *kith_marks_place(
	const struct kith_marks *marks, enum kith_group_by by, uint32_t id);

/* Appends the name; a tag as the first of them has it.  KITH_ERR_NOMEM; store errors. */
enum kith_err kith_marks_name(const struct kith_marks *marks, struct kith_store *store,
	const struct kith_called *called, struct kith_buf *out) KITH_MUST_CHECK;

#endif
