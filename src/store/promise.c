/* SPDX-License-Identifier: MIT */
#include "base/day.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/contact.h"
#include "store/memory.h"

static void bind_day(struct kith_query *q, int32_t day)
{
	if (day == KITH_DAY_NONE)
		kith_bind_null(q);
	else
		kith_bind_int(q, day);
}

static enum kith_err insert(struct kith_store *store, const struct kith_promise *p)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO promise (contact, theirs, thing, text, "
				  "by, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

	kith_bind_int(&q, p->contact);
	kith_bind_int(&q, p->theirs);
	kith_bind_int(&q, p->thing);
	kith_bind_text(&q, p->text);
	bind_day(&q, p->by);
	kith_bind_int(&q, p->made);
	return kith_query_run(&q);
}

static enum kith_err change(struct kith_store *store, const struct kith_promise *p)
{
	struct kith_query q =
		kith_query(store, "UPDATE promise SET theirs = ?3, thing = ?4, text = "
				  "?5, by = ?6 WHERE row = ?1 AND contact = ?2");

	store->scrub |= KITH_SCRUB_WORDS;
	kith_bind_int(&q, p->row);
	kith_bind_int(&q, p->contact);
	kith_bind_int(&q, p->theirs);
	kith_bind_int(&q, p->thing);
	kith_bind_text(&q, p->text);
	bind_day(&q, p->by);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_MISSING;
}

static enum kith_err put(struct kith_store *store, const struct kith_promise *p, int64_t *ret_row)
{
	bool is_new = p->row == 0; /* ret_row may be p->row */
	enum kith_err err = kith_memory_is(store, p->contact);

	if (!err)
		err = p->row ? change(store, p) : insert(store, p);
	if (err)
		return err;
	*ret_row = p->row ? p->row : sqlite3_last_insert_rowid(store->db);
	if (is_new)
		err = kith_memory_back(store, p->contact, p->made);
	return err ? err : kith_contact_refresh(store, p->contact);
}

enum kith_err kith_store_promise_put(
	struct kith_store *store, const struct kith_promise *promise, int64_t *ret_row)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, promise->text);

	if (!err && promise->text.n > KITH_NOTE_MAX)
		err = KITH_ERR_LIMIT;
	if (!err && fold.n == 0)
		err = KITH_ERR_VALUE;
	if (!err)
		err = kith_db_begin(store);
	return err ? err : kith_db_end(store, put(store, promise, ret_row));
}

static enum kith_err whose(
	struct kith_store *store, int64_t row, int64_t *ret_contact, bool *ret_open)
{
	struct kith_query q =
		kith_query(store, "SELECT contact, state = 0 FROM promise WHERE row = ?1");

	kith_bind_int(&q, row);
	bool found = kith_query_row(&q);
	if (found) {
		*ret_contact = kith_column_int(&q, 0);
		*ret_open = kith_column_int(&q, 1);
	}
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

static enum kith_err end(
	struct kith_store *store, int64_t row, enum kith_promise_state state, int64_t now)
{
	int64_t contact;
	bool open;
	enum kith_err err = whose(store, row, &contact, &open);

	if (err)
		return err;
	struct kith_query q = kith_query(
		store, "UPDATE promise SET state = ?2, ended = iif(?2, ?3, 0) WHERE row = ?1");
	kith_bind_int(&q, row);
	kith_bind_int(&q, state);
	kith_bind_int(&q, now);
	err = kith_query_run(&q);
	if (!err && open != (state == KITH_PROMISE_OPEN))
		err = kith_memory_tie(store, contact, kith_day_at(now));
	return err;
}

enum kith_err kith_store_promise_end(
	struct kith_store *store, int64_t row, enum kith_promise_state state, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, end(store, row, state, now));
}

#define COLUMNS "row, contact, theirs, thing, text, made, by, state, ended"

static enum kith_err each(struct kith_query *q, kith_promise_fn fn, void *ctx, size_t *ret_count)
{
	bool more = true;

	for (*ret_count = 0; more && kith_query_row(q); ++*ret_count) {
		struct kith_promise p = {.row = kith_column_int(q, 0),
			.contact = kith_column_int(q, 1),
			.theirs = kith_column_int(q, 2),
			.thing = kith_column_int(q, 3),
			.text = kith_column_span(q, 4),
			.made = kith_column_int(q, 5),
			.by = kith_column_span(q, 6).n ? (int32_t)kith_column_int(q, 6)
						       : KITH_DAY_NONE,
			.state = (enum kith_promise_state)kith_column_int(q, 7),
			.ended = kith_column_int(q, 8)};
		more = fn(ctx, &p);
	}
	return kith_query_end(q);
}

_Static_assert(KITH_PROMISE_OPEN == 0, "stands in the statements below");

enum kith_err kith_store_promises(
	struct kith_store *store, int64_t contact, bool all, kith_promise_fn fn, void *ctx)
{
	struct kith_query q;
	size_t count;

	if (contact) {
		q = kith_query(store,
			"SELECT " COLUMNS " FROM promise WHERE contact = ?1 AND (?2 OR "
			"state = 0) ORDER BY by IS NULL, by, row");
		kith_bind_int(&q, contact);
		kith_bind_int(&q, all);
	} else if (all) {
		q = kith_query(
			store, "SELECT " COLUMNS " FROM promise ORDER BY by IS NULL, by, row");
	} else { /* by the index of open ones */
		q = kith_query(store, "SELECT " COLUMNS
				      " FROM promise WHERE state = 0 ORDER BY by IS NULL, by, row");
	}
	return each(&q, fn, ctx, &count);
}

enum kith_err kith_store_promise(
	struct kith_store *store, int64_t row, kith_promise_fn fn, void *ctx)
{
	size_t count;
	struct kith_query q = kith_query(store, "SELECT " COLUMNS " FROM promise WHERE row = ?1");

	kith_bind_int(&q, row);
	enum kith_err err = each(&q, fn, ctx, &count);
	return err || count ? err : KITH_ERR_MISSING;
}
