/* SPDX-License-Identifier: MIT */
#include "store/schema.h"

#include <stdio.h>

#include "base/diag.h"

/* steps[n] leads from version n to n + 1.  A step that was released is never changed. */
static const char *const steps[] = {
	/* 0 to 1 */
	"CREATE TABLE mine (\n"
	"\tone INTEGER PRIMARY KEY CHECK (one = 1),\n"
	"\trev INTEGER NOT NULL,\n"
	"\tprofile BLOB NOT NULL,\n"
	"\theld INTEGER NOT NULL REFERENCES mine_card (rev)\n"
	");\n"
	"CREATE TABLE mine_card (\n"
	"\trev INTEGER PRIMARY KEY,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tenvelope BLOB NOT NULL\n"
	");\n"
	"CREATE TABLE contact (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tik BLOB NOT NULL UNIQUE CHECK (length(ik) = 32),\n"
	"\tadded INTEGER NOT NULL,\n"
	"\tconflict INTEGER NOT NULL DEFAULT 0,\n"
	"\tstate INTEGER NOT NULL DEFAULT 0,\n"
	"\txk BLOB,\n"
	"\tname TEXT NOT NULL DEFAULT '',\n"
	"\tfold TEXT NOT NULL DEFAULT '',\n"
	"\torg TEXT NOT NULL DEFAULT '',\n"
	"\trev INTEGER NOT NULL DEFAULT 0,\n"
	"\tgives INTEGER NOT NULL DEFAULT 0,\n"
	"\tdelivered INTEGER NOT NULL DEFAULT 0,\n"
	"\tmet_at INTEGER,\n"
	"\tmet_event TEXT,\n"
	"\tmet_how INTEGER\n"
	");\n"
	"CREATE INDEX contact_fold ON contact (fold);\n"
	"CREATE TABLE card (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tvariant INTEGER NOT NULL,\n"
	"\trev INTEGER NOT NULL,\n"
	"\txk BLOB NOT NULL CHECK (length(xk) = 32),\n"
	"\thash BLOB NOT NULL CHECK (length(hash) = 32),\n"
	"\tlive INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\theld INTEGER NOT NULL DEFAULT 0,\n"
	"\tenvelope BLOB NOT NULL,\n"
	"\tUNIQUE (contact, card, variant, rev)\n"
	");\n"
	"CREATE UNIQUE INDEX card_held ON card (contact) WHERE held;\n"
	"CREATE TABLE field (\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tseq INTEGER NOT NULL,\n"
	"\tkind INTEGER NOT NULL,\n"
	"\tlabel TEXT NOT NULL,\n"
	"\tvalue TEXT NOT NULL,\n"
	"\tfold TEXT NOT NULL,\n"
	"\tPRIMARY KEY (contact, seq)\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX field_email ON field (fold) WHERE kind = 20;\n"
	"CREATE TABLE search (\n"
	"\tcontact INTEGER PRIMARY KEY REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\ttext TEXT NOT NULL\n"
	");\n"
	"CREATE TABLE met (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\tsession BLOB NOT NULL UNIQUE CHECK (length(session) = 32),\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\txk BLOB NOT NULL CHECK (length(xk) = 32),\n"
	"\tlabel TEXT NOT NULL,\n"
	"\tevent TEXT NOT NULL,\n"
	"\tnetwork TEXT NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tgives INTEGER NOT NULL,\n"
	"\thow_mine INTEGER NOT NULL,\n"
	"\thow_theirs INTEGER\n"
	");\n"
	"CREATE INDEX met_contact ON met (contact);\n"
	"CREATE TABLE debt (\n"
	"\tsession BLOB PRIMARY KEY REFERENCES met (session) ON DELETE CASCADE,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\trev INTEGER NOT NULL\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX debt_contact ON debt (contact);\n"
	"CREATE TABLE receipt (\n"
	"\tsession BLOB NOT NULL CHECK (length(session) = 32),\n"
	"\tenvelope_hash BLOB NOT NULL CHECK (length(envelope_hash) = 32),\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tsig BLOB NOT NULL CHECK (length(sig) = 64),\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\trev INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tPRIMARY KEY (session, envelope_hash)\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX receipt_contact ON receipt (contact);\n",
	/* 1 to 2 */
	"CREATE TABLE failed (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tboot BLOB NOT NULL CHECK (length(boot) = 16),\n"
	"\tat INTEGER NOT NULL\n"
	");\n",
};

_Static_assert(sizeof steps / sizeof steps[0] == KITH_SCHEMA_VERSION, "a step for each version");
_Static_assert(KITH_FIELD_EMAIL == 20, "stands in the index field_email");

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

/* One step, unless another process was faster.  Inside a transaction. */
static enum kith_err step(struct kith_store *store, int64_t *version)
{
	char pragma[64];
	enum kith_err err = ask(store, "PRAGMA user_version", version);

	if (err || *version >= KITH_SCHEMA_VERSION)
		return err;
	if ((err = run(store, steps[*version])))
		return err;
	*version += 1;
	(void)snprintf(pragma, sizeof pragma, "PRAGMA user_version = %lld", (long long)*version);
	return run(store, pragma);
}

enum kith_err kith_schema_migrate(struct kith_store *store)
{
	int64_t version = 0;
	enum kith_err err = ask(store, "PRAGMA user_version", &version);

	while (!err && version < KITH_SCHEMA_VERSION) {
		if ((err = kith_db_begin(store)))
			break;
		err = kith_db_end(store, step(store, &version));
	}
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
		err = run(&memory, pragma);
	if (!err)
		err = kith_schema_migrate(&memory);
	if (!err)
		err = add_image(&memory, out);
	kith_db_close(&memory);
	return err;
}
