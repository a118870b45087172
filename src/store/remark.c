/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "store/memory.h"

/* The index follows the table only here: a trigger may not write to it in a schema that is not trusted. */

static enum kith_err unindex(struct kith_store *store, int64_t row)
{
	struct kith_query q = kith_query(store, "INSERT INTO said (said, rowid, fold) SELECT "
						"'delete', row, fold FROM remark WHERE row = ?1");

	kith_bind_int(&q, row);
	return kith_query_run(&q);
}

static enum kith_err index_it(struct kith_store *store, int64_t row, struct kith_span fold)
{
	struct kith_query q = kith_query(store, "INSERT INTO said (rowid, fold) VALUES (?1, ?2)");

	kith_bind_int(&q, row);
	kith_bind_text(&q, fold);
	return kith_query_run(&q);
}

/* --- writing ---------------------------------------------------------------------------------- */

static enum kith_err insert(
	struct kith_store *store, const struct kith_remark *r, struct kith_span fold)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO remark (contact, kind, at, text, fold, event) VALUES (?1, ?2, ?3, ?4, ?5, "
		"(SELECT row FROM event WHERE row = ?6))");

	kith_bind_int(&q, r->contact);
	kith_bind_int(&q, r->kind);
	kith_bind_int(&q, r->at);
	kith_bind_text(&q, r->text);
	kith_bind_text(&q, fold);
	kith_bind_int(&q, r->event); /* one that was forgotten meanwhile is none */
	return kith_query_run(&q);
}

static enum kith_err change(
	struct kith_store *store, const struct kith_remark *r, struct kith_span fold, int64_t now)
{
	enum kith_err err = unindex(store, r->row);

	if (err)
		return err;
	store->scrub |= KITH_SCRUB_SAID;
	struct kith_query q = kith_query(store,
		"UPDATE remark SET kind = ?3, at = ?4, text = ?5, fold = ?6, edited = ?7 "
		"WHERE row = ?1 AND contact = ?2");
	kith_bind_int(&q, r->row);
	kith_bind_int(&q, r->contact);
	kith_bind_int(&q, r->kind);
	kith_bind_int(&q, r->at);
	kith_bind_text(&q, r->text);
	kith_bind_text(&q, fold);
	kith_bind_int(&q, now);
	err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_MISSING;
}

static enum kith_err put(struct kith_store *store, const struct kith_remark *r,
	struct kith_span fold, int64_t now, int64_t *ret_row)
{
	enum kith_err err = kith_memory_is(store, r->contact);

	if (!err)
		err = r->row ? change(store, r, fold, now) : insert(store, r, fold);
	if (err)
		return err;
	*ret_row = r->row ? r->row : sqlite3_last_insert_rowid(store->db);
	if (!(err = index_it(store, *ret_row, fold)) && (r->row || r->kind != KITH_REMARK_NOTE))
		err = kith_memory_retouch(store, r->contact);
	return err ? err : kith_memory_back(store, r->contact, now);
}

enum kith_err kith_store_remark_put(
	struct kith_store *store, const struct kith_remark *remark, int64_t now, int64_t *ret_row)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, remark->text);

	if (!err && remark->text.n > KITH_NOTE_MAX)
		err = KITH_ERR_LIMIT;
	if (!err && ((remark->kind == KITH_REMARK_NOTE && fold.n == 0) ||
			    remark->kind < KITH_REMARK_NOTE || remark->kind > KITH_REMARK_WROTE))
		err = KITH_ERR_VALUE;
	if (!err)
		err = kith_db_begin(store);
	return err ? err
		   : kith_db_end(store, put(store, remark, kith_buf_span(&fold), now, ret_row));
}

static enum kith_err remove_it(struct kith_store *store, int64_t row)
{
	int64_t contact = 0;
	struct kith_query q = kith_query(store, "SELECT contact FROM remark WHERE row = ?1");

	kith_bind_int(&q, row);
	if (kith_query_row(&q))
		contact = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	if (err || !contact)
		return err ? err : KITH_ERR_MISSING;
	if ((err = unindex(store, row)))
		return err;
	store->scrub |= KITH_SCRUB_SAID;
	q = kith_query(store, "DELETE FROM remark WHERE row = ?1");
	kith_bind_int(&q, row);
	err = kith_query_run(&q);
	return err ? err : kith_memory_retouch(store, contact);
}

enum kith_err kith_store_remark_remove(struct kith_store *store, int64_t row)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, remove_it(store, row));
}

/* --- reading ---------------------------------------------------------------------------------- */

static enum kith_err each(struct kith_query *q, kith_remark_fn fn, void *ctx, size_t *ret_count)
{
	bool more = true;

	for (*ret_count = 0; more && kith_query_row(q); ++*ret_count) {
		struct kith_remark r = {.row = kith_column_int(q, 0),
			.contact = kith_column_int(q, 1),
			.kind = (enum kith_remark_kind)kith_column_int(q, 2),
			.at = kith_column_int(q, 3),
			.edited = kith_column_int(q, 4),
			.text = kith_column_span(q, 5),
			.event = kith_column_int(q, 6)};
		more = fn(ctx, &r);
	}
	return kith_query_end(q);
}

enum kith_err kith_store_remarks(
	struct kith_store *store, int64_t contact, kith_remark_fn fn, void *ctx)
{
	size_t count;
	struct kith_query q =
		kith_query(store, "SELECT row, contact, kind, at, edited, text, event FROM "
				  "remark WHERE contact = ?1 ORDER BY at, row");

	kith_bind_int(&q, contact);
	return each(&q, fn, ctx, &count);
}

enum kith_err kith_store_remark(struct kith_store *store, int64_t row, kith_remark_fn fn, void *ctx)
{
	size_t count;
	struct kith_query q =
		kith_query(store, "SELECT row, contact, kind, at, edited, text, event FROM "
				  "remark WHERE row = ?1");

	kith_bind_int(&q, row);
	enum kith_err err = each(&q, fn, ctx, &count);
	return err || count ? err : KITH_ERR_MISSING;
}
