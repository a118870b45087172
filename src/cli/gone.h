/* SPDX-License-Identifier: MIT
 *
 * gone - where nobody is found: those who were let go and have it.
 */
#ifndef KITH_CLI_GONE_H
#define KITH_CLI_GONE_H

#include <kith/store.h>

#include "people/query.h"

/* How many of those who were let go fulfil the query, which may ask for them or not.  Store errors; KITH_ERR_NOMEM. */
enum kith_err kith_gone_count(
	struct kith_store *store, const struct kith_find *query, size_t *ret_n) KITH_MUST_CHECK;

/* Appends ", but 1 person whom you let go: kith find is:let-go WORDS", of n == 0 people nothing, and a C string's NUL behind.  words:
 * of the query; where one cannot be pasted (paste.h) the command stands without them.  KITH_ERR_NOMEM. */
enum kith_err kith_gone_tell(
	struct kith_buf *out, size_t n, struct kith_span words) KITH_MUST_CHECK;

#endif
