/* SPDX-License-Identifier: MIT
 *
 * who - whom to ask.  proto/people.md, "Who".
 */
#ifndef KITH_PEOPLE_WHO_H
#define KITH_PEOPLE_WHO_H

#include <kith/select.h>

#include "base/limits.h"
#include "people/near.h"

/* One word of the question. */
struct kith_who_word {
	struct kith_span text;    /* folded, without the s of a plural */
	struct kith_span asked;   /* as it was asked, folded */
	struct kith_nearest near; /* nobody has it, so it was taken for these */
	size_t people;            /* how many have it, or one of these */
	size_t let_go;            /* it, where nobody else has: of those who were let go */
};

/* Somebody who may know. */
struct kith_who_hit {
	int64_t contact;
	uint32_t words;  /* a bit for each word of the question that was found */
	uint32_t places; /* where (enum kith_place) */
	uint32_t ring;   /* its place, from 1; 0: in none */
	double weight;
};

/* Start with {0}; end with kith_who_free.  Spans lie in text. */
struct kith_who {
	struct kith_buf text;
	struct kith_who_word word[KITH_WHO_WORDS];
	size_t words;
	bool cut;                /* there were more */
	struct kith_who_hit *at; /* the best first */
	size_t n;
	size_t people;   /* how many have any of the words */
	bool introduced; /* nobody whom I met or wrote down: these were introduced to me */
};

void kith_who_free(struct kith_who *who);

/* Answers a question; best: at most so many people, 0 for all.  KITH_ERR_MISSING: there is no word in it; KITH_ERR_LIMIT: its
 * words stand in more than QUERY_HITS places; KITH_ERR_UTF8; store errors. */
enum kith_err kith_who_ask(struct kith_store *store, struct kith_span question, size_t best,
	struct kith_who *ret) KITH_MUST_CHECK;

#endif
