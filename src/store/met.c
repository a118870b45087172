/* SPDX-License-Identifier: MIT */
#include "store/db.h"

enum kith_err kith_store_met(struct kith_store *store, int64_t row, kith_met_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT at, event, network, min(how_mine, coalesce(how_theirs, how_mine)), "
		"how_theirs IS NOT NULL FROM met WHERE contact = ?1 ORDER BY row");

	kith_bind_int(&q, row);
	while (more && kith_query_row(&q)) {
		struct kith_met met = {
			.at = kith_column_int(&q, 0),
			.event = kith_column_span(&q, 1),
			.network = kith_column_span(&q, 2),
			.how = (enum kith_how)kith_column_int(&q, 3),
			.both = kith_column_int(&q, 4),
		};
		more = fn(ctx, &met);
	}
	return kith_query_end(&q);
}
