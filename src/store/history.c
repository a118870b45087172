/* SPDX-License-Identifier: MIT */
#include <kith/known.h>

#include "store/db.h"

enum kith_err kith_store_history(
	struct kith_store *store, int64_t contact, kith_revision_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT row, card, variant, rev, at, live, held, envelope FROM card "
		"WHERE contact = ?1 ORDER BY row");

	kith_bind_int(&q, contact);
	while (more && kith_query_row(&q)) {
		struct kith_span card = kith_column_span(&q, 1);
		struct kith_revision r = {.row = kith_column_int(&q, 0),
			.variant = (enum kith_card_variant)kith_column_int(&q, 2),
			.rev = (uint64_t)kith_column_int(&q, 3),
			.at = kith_column_int(&q, 4),
			.live = kith_column_int(&q, 5),
			.held = kith_column_int(&q, 6),
			.envelope = kith_column_span(&q, 7)};
		if (card.n == sizeof r.card)
			memcpy(r.card, card.p, card.n);
		more = fn(ctx, &r);
	}
	return kith_query_end(&q);
}
