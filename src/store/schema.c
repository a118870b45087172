/* SPDX-License-Identifier: MIT */
#include "store/schema.h"

#include <stdio.h>

#include "base/diag.h"
#include "store/contact.h"
#include "store/functions.h"
#include "store/steps.h"

/* A statement that is needed once: one number out, or nothing. */
static enum kith_err ask(struct kith_store *store, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	enum kith_err err = KITH_OK;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
		sqlite3_step(stmt) != SQLITE_ROW)
		err = kith_db_fail(store);
	else
		*ret = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}

static enum kith_err run(struct kith_store *store, const char *sql)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) ? kith_db_fail(store) : KITH_OK;
}

enum kith_err kith_schema_check(struct kith_store *store, int64_t *ret_version)
{
	int64_t application;
	int64_t version;
	int64_t objects;
	enum kith_err err = ask(store, "PRAGMA application_id", &application);

	if (!err)
		err = ask(store, "PRAGMA user_version", &version);
	if (!err) /* reads the whole schema, and so finds it damaged before anything is written */
		err = ask(store, "SELECT count(*) FROM sqlite_schema", &objects);
	if (err)
		return err;
	if (application != KITH_SCHEMA_APPLICATION)
		return kith_fail(&store->why, KITH_ERR_STORE,
			"%s is the database of another program; "
			"it was not touched, move it away",
			store->path);
	if (version < 0 || version > KITH_SCHEMA_VERSION)
		return kith_fail(&store->why, KITH_ERR_STORE_NEWER,
			"%s was written by a newer kith "
			"(schema %lld, this one knows %d); it was not touched, use that kith",
			store->path, (long long)version, KITH_SCHEMA_VERSION);
	*ret_version = version;
	return KITH_OK;
}

/* What is repeated from other tables, for everybody. */
static enum kith_err refresh_all(struct kith_store *store)
{
	int64_t row = 0;
	enum kith_err err = KITH_OK;

	while (!err) {
		struct kith_query q =
			kith_query(store, "SELECT min(row) FROM contact WHERE row > ?1");
		kith_bind_int(&q, row);
		row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
		if ((err = kith_query_end(&q)) || row == 0)
			break;
		err = kith_contact_refresh(store, row);
	}
	return err;
}

static enum kith_err check_keys(struct kith_store *store)
{
	int64_t broken;
	enum kith_err err = ask(store, "SELECT count(*) FROM pragma_foreign_key_check", &broken);

	if (!err && broken)
		err = kith_fail(&store->why, KITH_ERR_STORE_CORRUPT,
			"%s is damaged (rows that belong to nobody); put back a copy from a "
			"backup",
			store->path);
	return err;
}

/* One step, unless another process was faster.  Inside a transaction. */
static enum kith_err step(struct kith_store *store, int64_t *version)
{
	char pragma[64];
	enum kith_err err = ask(store, "PRAGMA user_version", version);

	if (err || *version >= KITH_SCHEMA_VERSION)
		return err;
	if ((err = run(store, kith_schema_steps[*version])))
		return err;
	*version += 1;
	(void)snprintf(pragma, sizeof pragma, "PRAGMA user_version = %lld", (long long)*version);
	if ((err = run(store, pragma)))
		return err;
	if (*version == KITH_SCHEMA_VERSION && (err = refresh_all(store)))
		return err;
	/* after each: what is damaged stays as it was */
	return check_keys(store);
}

static enum kith_err take_steps(struct kith_store *store, int64_t version)
{
	enum kith_err err = KITH_OK;

	while (!err && version < KITH_SCHEMA_VERSION) {
		if ((err = kith_db_begin(store)))
			break;
		err = kith_db_end(store, step(store, &version));
	}
	return err;
}

enum kith_err kith_schema_migrate(struct kith_store *store)
{
	int64_t version = 0;
	enum kith_err err = ask(store, "PRAGMA user_version", &version);

	if (err || version >= KITH_SCHEMA_VERSION)
		return err;
	/* a table that is built anew must not take with it what refers to it, and this can be
	 * switched outside a transaction only */
	if ((err = run(store, "PRAGMA foreign_keys = OFF")))
		return err;
	err = take_steps(store, version);
	if (!err)
		err = run(store, "PRAGMA foreign_keys = ON");
	return err;
}

/* The file header's "read version" and "write version" say WAL (sqlite.org/fileformat2.html 1.3),
 * so a store is born in that mode: switching later needs a lock that two first openers fight for.
 */
static enum kith_err add_image(struct kith_store *store, struct kith_buf *out)
{
	sqlite3_int64 n = 0;
	unsigned char *image = sqlite3_serialize(store->db, "main", &n, 0);
	enum kith_err err = image ? KITH_OK : KITH_ERR_NOMEM;

	if (!err && n < 100)
		err = KITH_ERR_INTERNAL;
	if (!err) {
		image[18] = 2;
		image[19] = 2;
		err = kith_buf_add(out, image, (size_t)n);
	}
	sqlite3_free(image);
	return err;
}

enum kith_err kith_schema_image(struct kith_buf *out)
{
	static char where[] = "the new store";
	struct kith_store memory = {.path = where};
	char pragma[64];
	enum kith_err err = KITH_OK;

	(void)snprintf(
		pragma, sizeof pragma, "PRAGMA application_id = %d", KITH_SCHEMA_APPLICATION);
	if (sqlite3_open(":memory:", &memory.db) != SQLITE_OK)
		err = KITH_ERR_NOMEM;
	if (!err)
		err = kith_functions_add(&memory);
	if (!err)
		err = run(&memory, pragma);
	if (!err)
		err = kith_schema_migrate(&memory);
	if (!err)
		err = add_image(&memory, out);
	kith_db_close(&memory);
	return err;
}
