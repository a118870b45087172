/* SPDX-License-Identifier: MIT
 *
 * hit - what of a person it was that a search has found.
 */
#ifndef KITH_BOOK_HIT_H
#define KITH_BOOK_HIT_H

#include <kith/store.h>

/*
 * Appends "note: ... punched cards", inert and short: a field, event or other text that has one of
 * the words that the name has not; several of them with ", " between, up to HIT_TEXTS.  Nothing
 * when the name has them all.  Case and accents do not matter.  KITH_ERR_STORE_CORRUPT, KITH_ERR_NOMEM,
 * store errors.
 */
enum kith_err kith_hit_find(struct kith_store *store, int64_t row, struct kith_span words,
	struct kith_buf *out) KITH_MUST_CHECK;

#endif
