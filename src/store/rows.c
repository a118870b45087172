/* SPDX-License-Identifier: MIT */
#include "store/rows.h"

#include <stdlib.h>

#define BITS 64

enum kith_err kith_rows_make(struct kith_rows *rows, int64_t most)
{
	size_t words = (size_t)(most < 0 ? 0 : most) / BITS + 1;

	*rows = (struct kith_rows){.bits = calloc(words, sizeof *rows->bits), .words = words};
	return rows->bits ? KITH_OK : KITH_ERR_NOMEM;
}

void kith_rows_add(struct kith_rows *rows, int64_t row)
{
	if (row > 0 && (size_t)row / BITS < rows->words)
		rows->bits[row / BITS] |= UINT64_C(1) << (row % BITS);
}

bool kith_rows_has(const struct kith_rows *rows, int64_t row)
{
	return row > 0 && (size_t)row / BITS < rows->words &&
	       rows->bits[row / BITS] >> (row % BITS) & 1;
}

size_t kith_rows_count(const struct kith_rows *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->words; i++)
		count += (size_t)__builtin_popcountll(rows->bits[i]);
	return count;
}

void kith_rows_keep(struct kith_rows *a, const struct kith_rows *b, bool not )
{
	for (size_t i = 0; i < a->words; i++)
		a->bits[i] &= not ? ~b->bits[i] : b->bits[i];
}

enum kith_err kith_rows_query(struct kith_rows *rows, struct kith_query *q)
{
	while (kith_query_row(q))
		kith_rows_add(rows, kith_column_int(q, 0));
	return kith_query_end(q);
}
