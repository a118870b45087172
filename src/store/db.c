/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <errno.h>
#include <time.h>

#include "base/diag.h"
#include "base/limits.h"
#include "store/scrub.h"

#define LOOK_MS 5 /* between two looks at a store that is locked */

static enum kith_err translate(sqlite3 *db)
{
	int code = sqlite3_extended_errcode(db);

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return KITH_ERR_STORE_LOCKED;
	case SQLITE_READONLY:
		return KITH_ERR_STORE_READONLY;
	case SQLITE_FULL:
		return KITH_ERR_STORE_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return KITH_ERR_STORE_CORRUPT;
	case SQLITE_NOMEM:
		return KITH_ERR_NOMEM;
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		if (code == SQLITE_IOERR_NOMEM)
			return KITH_ERR_NOMEM;
		/* the files beside the store cannot be made, or grow, on a full disk either */
		if (sqlite3_system_errno(db) == ENOSPC || sqlite3_system_errno(db) == EDQUOT)
			return KITH_ERR_STORE_FULL;
		return KITH_ERR_STORE;
	default:
		return KITH_ERR_STORE;
	}
}

enum kith_err kith_db_fail(struct kith_store *store)
{
	enum kith_err err = translate(store->db);
	const char *said = sqlite3_errmsg(store->db);

	switch (err) {
	case KITH_ERR_STORE_LOCKED:
		return kith_fail(&store->why, err,
			"%s was locked by another process for more than "
			"%d s; try again when that one is done",
			store->path, KITH_STORE_BUSY_MS / 1000);
	case KITH_ERR_STORE_READONLY:
		return kith_fail(&store->why, err,
			"%s cannot be written, its disk or the file is "
			"read-only; nothing was changed",
			store->path);
	case KITH_ERR_STORE_FULL:
		return kith_fail(&store->why, err,
			"the disk that holds %s is full; nothing was "
			"changed, free some space and do it again",
			store->path);
	case KITH_ERR_STORE_CORRUPT:
		return kith_fail(&store->why, err,
			"%s is damaged (%s); put back a copy from a backup, "
			"or save what can still be read with: sqlite3 kith.db .recover",
			store->path, said);
	case KITH_ERR_NOMEM:
		return kith_fail(&store->why, err, "memory ran out while using %s", store->path);
	default:
		return kith_fail(&store->why, err, "%s cannot be used: %s (%d)", store->path, said,
			sqlite3_extended_errcode(store->db));
	}
}

void kith_db_close(struct kith_store *store)
{
	for (size_t i = 0; i < KITH_DB_STATEMENTS; i++)
		(void)sqlite3_finalize(store->kept[i].stmt);
	memset(store->kept, 0, sizeof store->kept);
	(void)sqlite3_close(store->db);
	store->db = NULL;
}

/* The statement for that literal, prepared the first time; NULL with the error in *ret_err. */
static sqlite3_stmt *prepared(struct kith_store *store, const char *sql, enum kith_err *ret_err)
{
	size_t i = 0;

	while (i < KITH_DB_STATEMENTS && store->kept[i].sql && store->kept[i].sql != sql)
		i++;
	if (i == KITH_DB_STATEMENTS ||
		(store->kept[i].sql && sqlite3_stmt_busy(store->kept[i].stmt))) {
		*ret_err =
			kith_fail(&store->why, KITH_ERR_INTERNAL, "a statement runs inside itself");
		return NULL;
	}
	if (!store->kept[i].sql) {
		if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			    &store->kept[i].stmt, NULL) != SQLITE_OK) {
			*ret_err = kith_db_fail(store);
			return NULL;
		}
		store->kept[i].sql = sql;
	}
	return store->kept[i].stmt;
}

struct kith_query kith_query(struct kith_store *store, const char *sql)
{
	struct kith_query q = {.store = store};

	q.stmt = prepared(store, sql, &q.err);
	return q;
}

static void note_bind(struct kith_query *q, int code)
{
	if (code != SQLITE_OK)
		q->err = kith_db_fail(q->store);
}

void kith_bind_int(struct kith_query *q, int64_t v)
{
	if (!q->err)
		note_bind(q, sqlite3_bind_int64(q->stmt, ++q->bound, v));
}

void kith_bind_blob(struct kith_query *q, const void *p, size_t n)
{
	if (!q->err)
		note_bind(
			q, sqlite3_bind_blob64(q->stmt, ++q->bound, p ? p : "", n, SQLITE_STATIC));
}

void kith_bind_text(struct kith_query *q, struct kith_span s)
{
	if (!q->err)
		note_bind(q, sqlite3_bind_text64(q->stmt, ++q->bound, s.p ? (const char *)s.p : "",
				     s.n, SQLITE_STATIC, SQLITE_UTF8));
}

void kith_bind_null(struct kith_query *q)
{
	if (!q->err)
		note_bind(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

bool kith_query_row(struct kith_query *q)
{
	if (q->err || !q->stmt)
		return false;
	int code = sqlite3_step(q->stmt);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		q->err = kith_db_fail(q->store);
	return code == SQLITE_ROW;
}

int64_t kith_column_int(const struct kith_query *q, int i)
{
	return sqlite3_column_int64(q->stmt, i);
}

struct kith_span kith_column_span(const struct kith_query *q, int i)
{
	const void *p = sqlite3_column_blob(q->stmt, i);

	return kith_span(p, p ? (size_t)sqlite3_column_bytes(q->stmt, i) : 0);
}

enum kith_err kith_query_end(struct kith_query *q)
{
	if (q->stmt) {
		(void)sqlite3_reset(q->stmt); /* repeats the error of the step, which is kept */
		(void)sqlite3_clear_bindings(q->stmt);
		q->stmt = NULL;
	}
	return q->err;
}

enum kith_err kith_query_run(struct kith_query *q)
{
	while (kith_query_row(q))
		;
	return kith_query_end(q);
}

bool kith_db_moved(struct kith_store *store)
{
	int moved = 0;

	return sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) ==
		       SQLITE_OK &&
	       moved;
}

static enum kith_err fail_moved(struct kith_store *store)
{
	return kith_fail(&store->why, KITH_ERR_STORE,
		"%s was moved or deleted while kith used it; nothing was changed, put it back",
		store->path);
}

static const char rollback[] = "ROLLBACK"; /* found by its address, as all of them */

/* Takes everything back, if there is something: on some errors SQLite has done so already. */
static void take_back(struct kith_store *store)
{
	if (sqlite3_get_autocommit(store->db))
		return;
	struct kith_diag why = store->why; /* what went wrong before says more */
	struct kith_query q = kith_query(store, rollback);
	if (kith_query_run(&q) == KITH_OK)
		store->why = why;
}

static enum kith_err begin(struct kith_store *store)
{
	enum kith_err err = kith_db_moved(store) ? kith_db_reopen(store) : KITH_OK;

	if (err == KITH_ERR_MISSING)
		return fail_moved(store);
	if (err)
		return err;
	take_back(store);
	store->scrub = 0;
	/* prepared before it is needed: a transaction that could not be taken back for want of memory
	 * would keep everybody else out */
	struct kith_query way_back = kith_query(store, rollback);
	if ((err = kith_query_end(&way_back)))
		return err;
	store->changes = sqlite3_total_changes(store->db);
	struct kith_query q = kith_query(store, "BEGIN IMMEDIATE");
	return kith_query_run(&q);
}

/* Somebody else writes: looks again after LOOK_MS.  SQLite's own waiting grows to 100 ms, and would
 * miss the moments between two batches of a long import. */
static int wait_for_others(void *ctx, int times)
{
	static const struct timespec pause = {0, LOOK_MS * 1000000};
	const struct kith_env *env = kith_env_default();
	struct kith_store *store = ctx;
	uint64_t now = env->ticks(env->ctx);

	if (times == 0)
		store->waits_from = now;
	if (now - store->waits_from >= KITH_STORE_BUSY_MS)
		return 0;
	(void)nanosleep(&pause, NULL);
	return 1;
}

void kith_db_patience(struct kith_store *store)
{
	(void)sqlite3_busy_handler(store->db, wait_for_others, store);
}

/* Not whether what words leave is still owed. */
static bool is_changed(const struct kith_store *store)
{
	return sqlite3_total_changes(store->db) != store->changes;
}

static enum kith_err end(struct kith_store *store, enum kith_err err)
{
	bool changed = is_changed(store);

	if (!err && store->scrub)
		err = kith_scrub_owe(store);
	/* a file that was deleted or replaced under us takes writes and loses them */
	if (!err && kith_db_moved(store))
		err = fail_moved(store);
	if (!err) {
		struct kith_query q = kith_query(store, "COMMIT");
		err = kith_query_run(&q);
	}
	if (!err && store->told_changes && changed)
		*store->told_changes = true;
	if (err)
		take_back(store);
	return err;
}

/* What a batch takes away is paid for once, when the store is closed or a change comes alone: an import is many batches. */
static enum kith_err end_alone(struct kith_store *store, enum kith_err err)
{
	if (!(err = end(store, err)))
		kith_scrub_pay(store);
	return err;
}

static enum kith_err run(struct kith_store *store, const char *sql)
{
	struct kith_query q = kith_query(store, sql);

	return kith_query_run(&q);
}

enum kith_err kith_db_begin(struct kith_store *store)
{
	if (!store->batch)
		return begin(store);
	return store->lost ? store->lost : run(store, "SAVEPOINT part");
}

enum kith_err kith_db_end(struct kith_store *store, enum kith_err err)
{
	enum kith_err back = KITH_OK;

	if (!store->batch)
		return end_alone(store, err);
	if (err && !sqlite3_get_autocommit(store->db))
		back = run(store, "ROLLBACK TO part");
	if (!back && !sqlite3_get_autocommit(store->db))
		back = run(store, "RELEASE part");
	/* on some errors SQLite takes back all of it */
	if (back || sqlite3_get_autocommit(store->db))
		store->lost = back ? back : err;
	return err ? err : back;
}

enum kith_err kith_db_begin_sure(struct kith_store *store)
{
	return store->batch ? store->lost : begin(store);
}

enum kith_err kith_db_end_sure(struct kith_store *store, enum kith_err err)
{
	if (!store->batch)
		return end_alone(store, err);
	switch (err) {
	case KITH_OK:
	case KITH_ERR_EXISTS:
	case KITH_ERR_LIMIT:
	case KITH_ERR_MISSING:
	case KITH_ERR_NOPERSON:
	case KITH_ERR_VALUE:
		return err;
	default:
		store->lost = err;
		return err;
	}
}

/* An import of many touches the indexes all over: it goes twice as fast when they stay in memory, and
 * when not every batch is copied from the WAL at once. */
static void widen(struct kith_store *store)
{
	if (store->wide)
		return;
	store->wide = true;
	(void)sqlite3_exec(store->db, "PRAGMA cache_size = -65536", NULL, NULL, NULL); /* KiB */
	(void)sqlite3_wal_autocheckpoint(store->db, 8192);
}

enum kith_err kith_store_batch(struct kith_store *store)
{
	enum kith_err err = store->batch ? KITH_ERR_INTERNAL : begin(store);

	if (err)
		return err;
	widen(store);
	store->batch = true;
	store->lost = KITH_OK;
	return KITH_OK;
}

enum kith_err kith_store_batch_end(struct kith_store *store, bool keep)
{
	enum kith_err lost = store->lost;

	if (!store->batch)
		return KITH_ERR_INTERNAL;
	store->batch = false;
	store->lost = KITH_OK;
	if (keep) {
		store->owes = store->owes || store->scrub;
		return end(store, lost);
	}
	take_back(store);
	/* still inside it: what could not be taken back is, before the next change begins */
	return KITH_OK;
}
