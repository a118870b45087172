/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "store/db.h"

static enum kith_err note(struct kith_store *store, const struct kith_failed *f)
{
	struct kith_query q = kith_query(
		store, "INSERT INTO failed (boot, at, key, source) VALUES (?1, ?2, ?3, ?4)");

	kith_bind_blob(&q, f->boot, sizeof f->boot);
	kith_bind_int(&q, (int64_t)f->at);
	kith_bind_blob(&q, f->key, sizeof f->key);
	kith_bind_blob(&q, f->source, sizeof f->source);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "DELETE FROM failed WHERE row <= (SELECT max(row) FROM failed) - ?1");
	kith_bind_int(&q, KITH_FAILURES_KEPT);
	return kith_query_run(&q);
}

enum kith_err kith_store_failed(struct kith_store *store, const struct kith_failed *failed)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, note(store, failed));
}

/* False: the row is not of the shape that note() gives it. */
static bool read_row(const struct kith_query *q, struct kith_failed *f)
{
	struct kith_span key = kith_column_span(q, 1), source = kith_column_span(q, 2);

	if (key.n != sizeof f->key || source.n != sizeof f->source)
		return false;
	f->at = (uint64_t)kith_column_int(q, 0);
	memcpy(f->key, key.p, sizeof f->key);
	memcpy(f->source, source.p, sizeof f->source);
	return true;
}

enum kith_err kith_store_each_failed(struct kith_store *store, const uint8_t boot[static 16],
	void (*fn)(void *ctx, const struct kith_failed *failed), void *ctx)
{
	struct kith_failed f;
	KITH_QUERY struct kith_query q = kith_query(
		store, "SELECT at, key, source FROM failed WHERE boot = ?1 ORDER BY row");

	memcpy(f.boot, boot, sizeof f.boot);
	kith_bind_blob(&q, boot, sizeof f.boot);
	while (kith_query_row(&q))
		if (read_row(&q, &f))
			fn(ctx, &f);
	return kith_query_end(&q);
}
