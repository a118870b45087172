/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/diag.h"
#include "store/functions.h"

/* Everything of from, as it is now. */
static enum kith_err copy(struct kith_store *from, struct kith_store *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");

	if (!backup)
		return kith_db_fail(to);
	int code = sqlite3_backup_step(backup, -1);
	(void)sqlite3_backup_finish(backup);
	if (code == SQLITE_DONE)
		return KITH_OK;
	enum kith_err err = kith_db_fail(to);
	return err ? err : KITH_ERR_STORE;
}

static enum kith_err open_copy(struct kith_store *from, struct kith_store *to)
{
	enum kith_err err;

	to->mode = KITH_STORE_USE;
	if (!(to->home = strdup(from->home)) || !(to->path = strdup(from->path)))
		return KITH_ERR_NOMEM;
	if (sqlite3_open_v2(":memory:", &to->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
		    NULL) != SQLITE_OK)
		return to->db ? kith_db_fail(to) : KITH_ERR_NOMEM;
	if ((err = copy(from, to)))
		return err;
	if (sqlite3_exec(to->db, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON", NULL,
		    NULL, NULL) != SQLITE_OK)
		return kith_db_fail(to);
	return kith_functions_add(to);
}

enum kith_err kith_store_rehearse(struct kith_store *store, struct kith_store **ret)
{
	struct kith_store *copy = calloc(1, sizeof *copy);
	enum kith_err err = copy ? open_copy(store, copy) : KITH_ERR_NOMEM;

	if (err) {
		if (copy)
			store->why = copy->why;
		kith_store_close(copy);
		return err;
	}
	(void)kith_store_changed(copy); /* from here on */
	*ret = copy;
	return KITH_OK;
}
