/* SPDX-License-Identifier: MIT
 *
 * rows - a set of people, by their rows: one bit each.
 */
#ifndef KITH_STORE_ROWS_H
#define KITH_STORE_ROWS_H

#include "store/db.h"

/* Rows from 1 to most.  Start with {0}; end with kith_rows_free. */
struct kith_rows {
	uint64_t *bits;
	size_t words;
};

static inline void kith_rows_free(struct kith_rows *rows)
{
	free(rows->bits);
	*rows = (struct kith_rows){0};
}

/* An empty set with room for rows up to most.  KITH_ERR_NOMEM. */
enum kith_err kith_rows_make(struct kith_rows *rows, int64_t most) KITH_MUST_CHECK;

/* A row that there is no room for came after the set was made, and is left out. */
void kith_rows_add(struct kith_rows *rows, int64_t row);
bool kith_rows_has(const struct kith_rows *rows, int64_t row);

/* How many there are. */
size_t kith_rows_count(const struct kith_rows *rows);

/* Keeps of a those that are in b, or (not) those that are not.  Both have room for the same rows. */
void kith_rows_keep(struct kith_rows *a, const struct kith_rows *b, bool not );

/* Adds the first column of each row of a query, and ends it.  Store errors. */
enum kith_err kith_rows_query(struct kith_rows *rows, struct kith_query *q) KITH_MUST_CHECK;

#endif
