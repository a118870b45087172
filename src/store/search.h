/* SPDX-License-Identifier: MIT
 *
 * search - the text by which somebody is found: folded, in lines.
 */
#ifndef KITH_STORE_SEARCH_H
#define KITH_STORE_SEARCH_H

#include "store/db.h"

/* Adds what a field says.  Of a telephone number the digits alone too.  KITH_ERR_NOMEM. */
enum kith_err kith_search_field(
	struct kith_buf *text, uint32_t kind, struct kith_span value) KITH_MUST_CHECK;

/* Adds any text.  KITH_ERR_NOMEM. */
enum kith_err kith_search_text(struct kith_buf *text, struct kith_span more) KITH_MUST_CHECK;

/* Appends the digits of a telephone number.  KITH_ERR_NOMEM. */
enum kith_err kith_search_digits(struct kith_buf *out, struct kith_span value) KITH_MUST_CHECK;

/*
 * Keeps name and text, both folded, as those of that person: _add when there are none yet.  The text
 * stands in search, and the full-text index (words) follows it only here: a trigger may not write to
 * it in a schema that is not trusted.  Store errors.
 */
enum kith_err kith_search_add(struct kith_store *store, int64_t contact, struct kith_span name,
	struct kith_span text) KITH_MUST_CHECK;
enum kith_err kith_search_put(struct kith_store *store, int64_t contact, struct kith_span name,
	struct kith_span text) KITH_MUST_CHECK;
enum kith_err kith_search_remove(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Works the text out of fields, entries and meetings, and keeps it.  Store errors. */
enum kith_err kith_search_refresh(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

#endif
