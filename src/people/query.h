/* SPDX-License-Identifier: MIT
 *
 * query - the language of `find`, read.  proto/people.md, "The language of find".
 */
#ifndef KITH_PEOPLE_QUERY_H
#define KITH_PEOPLE_QUERY_H

#include <kith/select.h>

#include "base/diag.h"
#include "base/limits.h"

/* Start with {0}; end with kith_query_free.  Spans of at[] lie in text. */
struct kith_find {
	struct kith_buf text;
	size_t n;
	struct kith_term at[KITH_QUERY_TERMS];
};

void kith_find_free(struct kith_find *find);

/*
 * Reads a query; today is the day of now.  All with a sentence in diag: KITH_ERR_USAGE (a key that there is not, a day that is
 * none, a quotation mark without its other, a word for is: that there is not, a word without letter or digit, nothing at all); KITH_ERR_LIMIT (QUERY_MAX bytes,
 * QUERY_TERMS terms); KITH_ERR_UTF8; KITH_ERR_NOMEM.
 */
enum kith_err kith_find_read(struct kith_span query, int32_t today, struct kith_find *ret_find,
	struct kith_diag *diag) KITH_MUST_CHECK;

#endif
