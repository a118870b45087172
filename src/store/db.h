/* SPDX-License-Identifier: MIT
 *
 * db - one SQLite connection: statements that stay prepared, transactions, and SQLite's errors in
 * kith's words.  This folder alone includes sqlite3.h.
 */
#ifndef KITH_STORE_DB_H
#define KITH_STORE_DB_H

#include <sqlite3.h>

#include <kith/store.h>

#include "base/auto.h"

#define KITH_DB_STATEMENTS 320 /* more than this folder has; one past it is KITH_ERR_INTERNAL */

/* What deleted words stay in, until it is made one part. */
enum { KITH_SCRUB_WORDS = 1, KITH_SCRUB_SAID = 2 };

struct kith_store {
	sqlite3 *db;               /* the connection */
	char *home;                /* the folder, without links */
	char *path;                /* of the file in it */
	enum kith_store_mode mode; /* how it was opened */
	int64_t data_version;      /* as kith_store_changed last saw it */
	uint64_t waits_from;       /* ms, since when it waits for another process */
	struct kith_diag why;      /* about the last store error */
	bool batch;                /* between kith_store_batch and its end */
	enum kith_err lost;        /* why the batch cannot be kept any more */
	bool looking;              /* between kith_store_look and its end */
	bool places;               /* stands.c has told the connection its function */
	bool wide;                 /* the connection has been made ready for many entries */
	bool *told_changes; /* where kith_store_tell_changes wants to hear of them, or NULL */
	int changes;        /* made before this transaction */
	bool owes;          /* something of what was taken away here is not paid yet (scrub.h) */
	unsigned scrub;     /* something was forgotten: leave no trace at the end, in these */
	struct {
		const char *sql; /* found by its address, so it must be a literal */
		sqlite3_stmt *stmt;
	} kept[KITH_DB_STATEMENTS];
};

/* Opens the file that stands under the store's name now (open.c), for one that was replaced.  The old
 * connection stays when that fails: KITH_ERR_MISSING (nothing stands there), errors of opening. */
enum kith_err kith_db_reopen(struct kith_store *store) KITH_MUST_CHECK;

/* From now on a statement that finds the store locked waits for STORE_BUSY_MS at most. */
void kith_db_patience(struct kith_store *store);

/* Whether the file that is open is no longer the one under the store's name. */
bool kith_db_moved(struct kith_store *store);

/* Finalizes the statements and closes the connection, NULL allowed; frees nothing else. */
void kith_db_close(struct kith_store *store);

/* Fills in the sentence about what SQLite just answered, and returns it as one of kith's errors. */
enum kith_err kith_db_fail(struct kith_store *store);

/*
 * One run of a statement.  Start with kith_query, bind from the left, step, end.  The first error
 * sticks: what follows does nothing, and kith_query_end tells it.
 *
 *	KITH_QUERY struct kith_query q = kith_query(store, "SELECT name FROM contact WHERE row =
 *?1"); kith_bind_int(&q, row); while (kith_query_row(&q))
 *		...
 *	return kith_query_end(&q);
 */
struct kith_query {
	struct kith_store *store;
	sqlite3_stmt *stmt; /* NULL once it ended, or when it could not be prepared */
	int bound;          /* values bound so far */
	enum kith_err err;  /* the first error */
};

/* sql is a string literal.  A statement cannot be started again while it runs. */
struct kith_query kith_query(struct kith_store *store, const char *sql);

/* Bind the next value, or NULL.  Bytes are borrowed until kith_query_end; an empty text is '', not NULL. */
void kith_bind_int(struct kith_query *q, int64_t v);
void kith_bind_blob(struct kith_query *q, const void *p, size_t n);
void kith_bind_text(struct kith_query *q, struct kith_span s);
void kith_bind_null(struct kith_query *q);

/* Steps to the next row; false at the end and on an error. */
bool kith_query_row(struct kith_query *q);

/* A column of the current row; NULL reads as 0 or as n == 0.  A span lives until the next step. */
int64_t kith_column_int(const struct kith_query *q, int i);
struct kith_span kith_column_span(const struct kith_query *q, int i);

/* Ends the run and returns the first error; may be repeated. */
enum kith_err kith_query_end(struct kith_query *q);

/* Steps to the end, for a statement without rows, and ends. */
enum kith_err kith_query_run(struct kith_query *q);

static inline void kith_auto_query(struct kith_query *q)
{
	(void)kith_query_end(q);
}

#define KITH_QUERY KITH_AUTO(kith_auto_query) /* on a struct kith_query */

/* Starts a writing transaction, or gives up after STORE_BUSY_MS.  A store that was put back or
 * replaced since is opened anew.  Inside a batch it is a part of that, which can be taken back on
 * its own.  Store errors; why the batch was lost. */
enum kith_err kith_db_begin(struct kith_store *store) KITH_MUST_CHECK;

/* Ends it: commits when err is KITH_OK, takes everything back otherwise.  Returns err, or what went
 * wrong with the commit. */
enum kith_err kith_db_end(struct kith_store *store, enum kith_err err) KITH_MUST_CHECK;

/* The same for a change that writes nothing before it has found everything in order.  Inside a batch
 * that costs nothing; a store error there, which may have left half a change, loses the batch. */
enum kith_err kith_db_begin_sure(struct kith_store *store) KITH_MUST_CHECK;
enum kith_err kith_db_end_sure(struct kith_store *store, enum kith_err err) KITH_MUST_CHECK;

#endif
