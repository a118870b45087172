/* SPDX-License-Identifier: MIT
 *
 * reason - where the words of a question stand with somebody.
 */
#ifndef KITH_PEOPLE_REASON_H
#define KITH_PEOPLE_REASON_H

#include "people/who.h"

struct kith_reason {
	enum kith_place place;
	const char *what;     /* as in kith_told, or "name"; static */
	int64_t at;           /* as there */
	int64_t other;        /* as there */
	struct kith_buf text; /* from a little before the word on; not inert */
};

/* Start with {0}; end with kith_reasons_free. */
struct kith_reasons {
	struct kith_reason at[KITH_WHO_WORDS];
	size_t n;
};

void kith_reasons_free(struct kith_reasons *reasons);

/* For each word that was found the best place, what counts most first, the newest of notes.  Store errors. */
enum kith_err kith_reasons_find(struct kith_store *store, const struct kith_who *who,
	const struct kith_who_hit *hit, struct kith_reasons *ret) KITH_MUST_CHECK;

/* What a word counts that stands in those places. */
double kith_who_worth(uint32_t places);

#endif
