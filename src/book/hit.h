/* SPDX-License-Identifier: MIT
 *
 * hit - what of a person it was that a search has found.
 */
#ifndef KITH_BOOK_HIT_H
#define KITH_BOOK_HIT_H

#include <kith/select.h>

/*
 * Appends "note: ... punched cards", inert and short: a field, event or other text that has what one of the terms looks for, at
 * a place that its key means, and that the name has not; several of them with ", " between, up to HIT_TEXTS.  A word that begins
 * so comes before one that has it inside.  Nothing for terms that look for no text, that must not hold, or that the
 * name has all.  At most QUERY_TERMS.  KITH_ERR_STORE_CORRUPT, KITH_ERR_NOMEM, store errors.
 */
enum kith_err kith_hit_find(struct kith_store *store, int64_t row, const struct kith_term *terms,
	size_t n, struct kith_buf *out) KITH_MUST_CHECK;

#endif
