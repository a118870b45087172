/* SPDX-License-Identifier: MIT
 *
 * rank - the best match first.  proto/people.md, "The language of find".
 */
#ifndef KITH_STORE_RANK_H
#define KITH_STORE_RANK_H

#include <kith/select.h>

#include "store/rows.h"

/* What the places are worth where words were found, by row.  Start with {0}; end with kith_worth_free. */
struct kith_worth {
	uint16_t *sum; /* of all words so far */
	uint8_t *now;  /* the best place of this word */
	size_t rows;
};

void kith_worth_free(struct kith_worth *worth);

/* For rows up to most.  KITH_ERR_NOMEM. */
enum kith_err kith_worth_make(struct kith_worth *worth, int64_t most) KITH_MUST_CHECK;

/* The present word stands in those places; after the last of them the next word comes. */
void kith_worth_see(struct kith_worth *worth, int64_t row, uint32_t places);
void kith_worth_next(struct kith_worth *worth);

/* Hands over people: as many as are asked for, with worth the best first, else by folded name.  Store errors. */
enum kith_err kith_rank(struct kith_store *store, const struct kith_selection *asked,
	const struct kith_rows *rows, const struct kith_worth *worth, kith_contact_fn fn,
	void *ctx) KITH_MUST_CHECK;

#endif
