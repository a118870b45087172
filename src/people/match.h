/* SPDX-License-Identifier: MIT
 *
 * match - whose asks meet whose offers.  proto/people.md, "Match".
 */
#ifndef KITH_PEOPLE_MATCH_H
#define KITH_PEOPLE_MATCH_H

#include "base/limits.h"
#include "people/ties.h"

#define KITH_MATCH_ME    UINT32_MAX /* instead of a person's number */
#define KITH_MATCH_WORDS 5          /* of a pair that are told */

/* One pair: the asker asks for what the offerer offers.  Persons by their numbers in the ties, or KITH_MATCH_ME. */
struct kith_match_pair {
	uint32_t asker, offerer;
	double weight; /* the sum of what its words weigh */
	uint32_t
		ring; /* how near both are: the places of their rings, added; more for who is in none */
	struct kith_span word
		[KITH_MATCH_WORDS];   /* what both have, as the offer writes it; the rarest first */
	bool noted[KITH_MATCH_WORDS]; /* the word is of one, or to one, only by what I noted */
	size_t words;
	struct kith_span ask, offer; /* where that stands: of several the first with a word of it */
	bool ask_noted, offer_noted; /* by me: in a note or a value of mine */
	struct kith_span event;      /* where both were; of several the smallest.  n == 0: none */
};

/* Start with {0}; end with kith_matches_free. */
struct kith_matches {
	struct kith_match_pair at[KITH_MATCHES_MAX]; /* the best first */
	size_t n;
	bool passed_over; /* somebody has more pairs as good as these: MATCHES_OF_MAX */
	struct kith_buf text;
};

void kith_matches_free(struct kith_matches *matches);

/*
 * Whom I can bring together, of all (who KITH_TIES_NOBODY), each in at most MATCHES_OF_MAX, or with that person; mine: my own asks and offers, of any size.  The same
 * store gives the same answer.  KITH_ERR_NOMEM; store errors.
 */
enum kith_err kith_matches_make(const struct kith_ties *ties, struct kith_store *store,
	const struct kith_fields *mine, uint32_t who, struct kith_matches *ret) KITH_MUST_CHECK;

/* Whether a folded word says nothing about a thing: "the", "help". */
bool kith_match_common(struct kith_span word);

#endif
