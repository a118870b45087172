/* SPDX-License-Identifier: MIT
 *
 * near - the words that somebody has and that are nearest to one that nobody has.
 */
#ifndef KITH_PEOPLE_NEAR_H
#define KITH_PEOPLE_NEAR_H

#include <kith/select.h>

#include "base/limits.h"

/* One of them; the text is a C string. */
struct kith_near_word {
	struct kith_buf text;
	size_t people;
	unsigned distance;
};

/* Start with {0}; end with kith_nearest_free. */
struct kith_nearest {
	struct kith_near_word at[KITH_WHO_NEAR];
	size_t n;
};

void kith_nearest_free(struct kith_nearest *near);

/* How many letters more, less, other or swapped with the next a is from b, both UTF-8; more than most: most + 1.  (Optimal string
 * alignment, the restricted distance of Damerau and Levenshtein.)  Of more than NEAR_LETTERS letters: most + 1. */
unsigned kith_distance(struct kith_span a, struct kith_span b, unsigned most);

/* The WHO_NEAR nearest that the store knows; among equals those that more people have.  The word is folded.  Store errors. */
enum kith_err kith_nearest_find(
	struct kith_store *store, struct kith_span word, struct kith_nearest *ret) KITH_MUST_CHECK;

#endif
