/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "store/db.h"

#define BOOT_BYTES 16

static enum kith_err note(struct kith_store *store, const uint8_t *boot, uint64_t at)
{
	struct kith_query q = kith_query(store, "INSERT INTO failed (boot, at) VALUES (?1, ?2)");

	kith_bind_blob(&q, boot, BOOT_BYTES);
	kith_bind_int(&q, (int64_t)at);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "DELETE FROM failed WHERE row <= (SELECT max(row) FROM failed) - ?1");
	kith_bind_int(&q, KITH_FAILURES_MAX);
	return kith_query_run(&q);
}

enum kith_err kith_store_failed(
	struct kith_store *store, const uint8_t boot[static BOOT_BYTES], uint64_t at)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, note(store, boot, at));
}

enum kith_err kith_store_each_failed(struct kith_store *store,
	const uint8_t boot[static BOOT_BYTES], void (*fn)(void *ctx, uint64_t at), void *ctx)
{
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT at FROM failed WHERE boot = ?1 ORDER BY row");

	kith_bind_blob(&q, boot, BOOT_BYTES);
	while (kith_query_row(&q))
		fn(ctx, (uint64_t)kith_column_int(&q, 0));
	return kith_query_end(&q);
}
