/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "store/functions.h"
#include "store/schema.h"
#include "store/scrub.h"

/* Finds the file.  realpath, because SQLITE_OPEN_NOFOLLOW minds links in the folders too, and a
 * person's home may well stand behind one. */
static enum kith_err locate(struct kith_store *store, const char *home)
{
	enum kith_err err = kith_folder_check(home, &store->why);

	if (err == KITH_ERR_MISSING)
		return kith_fail(&store->why, err, "there is no folder %s; run kith init", home);
	if (err)
		return err;
	if (!(store->home = realpath(home, NULL)))
		return kith_fail(&store->why, errno == ENOMEM ? KITH_ERR_NOMEM : KITH_ERR_STORE,
			"cannot open %s: %s", home, strerror(errno));
	if (asprintf(&store->path, "%s/%s", store->home, KITH_HOME_STORE) < 0) {
		store->path = NULL;
		return KITH_ERR_NOMEM;
	}
	return KITH_OK;
}

/* What must hold of the file before SQLite sees it.  By lstat: opening it here and closing it again
 * would drop the locks of every other connection of this process (POSIX record locks). */
static enum kith_err check_file(struct kith_store *store)
{
	struct stat st;

	if (lstat(store->path, &st) < 0)
		return kith_fail(&store->why, errno == ENOENT ? KITH_ERR_MISSING : KITH_ERR_STORE,
			"cannot open %s: %s", store->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return kith_fail(&store->why, KITH_ERR_PERMISSION,
			"%s is not a regular file; kith keeps "
			"contacts in real files only",
			store->path);
	if (st.st_uid != geteuid())
		return kith_fail(&store->why, KITH_ERR_PERMISSION,
			"%s belongs to another user; kith will not use it", store->path);
	if (st.st_mode & 077)
		return kith_fail(&store->why, KITH_ERR_PERMISSION,
			"%s can be read by others (mode %04o); run: chmod 600 %s", store->path,
			(unsigned)(st.st_mode & 07777), store->path);
	/* a new store is put in place whole, so an empty file is the remains of one */
	if (st.st_size == 0)
		return kith_fail(&store->why, KITH_ERR_STORE_CORRUPT,
			"%s is empty, what was in it is "
			"lost; put back a copy from a backup, or move it away to begin anew",
			store->path);
	return KITH_OK;
}

/* Puts an empty store in place unless there is one.  Of two who do so at once one wins, whole. */
static enum kith_err create(struct kith_store *store)
{
	KITH_AUTO_BUF struct kith_buf image = {0};
	struct stat st;
	enum kith_err err;

	if (lstat(store->path, &st) == 0 || errno != ENOENT)
		return KITH_OK; /* check_file says more */
	if (access(store->home, W_OK) < 0 && errno == EROFS)
		return kith_fail(&store->why, KITH_ERR_STORE_READONLY,
			"%s is on a read-only disk; choose another folder with --home",
			store->home);
	if ((err = kith_schema_image(&image)))
		return err;
	err = kith_file_write(store->path, kith_buf_span(&image), 0600, KITH_FILE_NEW, &store->why);
	if (err == KITH_ERR_EXISTS)
		return KITH_OK;
	return err == KITH_ERR_IO ? KITH_ERR_STORE : err; /* the sentence stays */
}

static const char *const pragmas = "PRAGMA trusted_schema = OFF;"
				   "PRAGMA foreign_keys = ON;"
				   "PRAGMA cell_size_check = ON;"
				   "PRAGMA synchronous = FULL;"
				   "PRAGMA secure_delete = ON;"
				   "PRAGMA temp_store = MEMORY;"
				   "PRAGMA cache_size = -16384;"; /* KiB */

static enum kith_err connect_to(struct kith_store *store, const char *name, int flags)
{
	flags |= SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (sqlite3_open_v2(name, &store->db, flags, NULL) != SQLITE_OK)
		return store->db ? kith_db_fail(store) : KITH_ERR_NOMEM;
	/* SQLite falls back to reading by itself; said here, as what follows fails less clearly */
	if ((flags & SQLITE_OPEN_READWRITE) && sqlite3_db_readonly(store->db, "main") == 1)
		return kith_fail(&store->why, KITH_ERR_STORE_READONLY,
			"%s cannot be written, its disk or the file is read-only", store->path);
	kith_db_patience(store);
	/* until the file has proved to be a store of ours it stays as it is, its WAL included */
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (sqlite3_exec(store->db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
		return kith_db_fail(store);
	return kith_functions_add(store);
}

/* A store is born in WAL mode (schema.c), so this is only a question, unless another program
 * switched it off.  Switching does not wait for others; who finds it in use goes on as it is, and
 * the next opener switches: durable it is either way. */
static enum kith_err check_mode(struct kith_store *store)
{
	KITH_QUERY struct kith_query q = kith_query(store, "PRAGMA journal_mode = WAL");

	while (kith_query_row(&q))
		;
	enum kith_err err = kith_query_end(&q);
	return err == KITH_ERR_STORE_LOCKED ? KITH_OK : err;
}

static enum kith_err open_write(struct kith_store *store)
{
	int64_t version;
	enum kith_err err = check_file(store);

	if (!err)
		err = connect_to(store, store->path, SQLITE_OPEN_READWRITE);
	if (!err)
		err = kith_schema_check(store, &version);
	if (err)
		return err;
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	if (!(err = check_mode(store)))
		err = kith_schema_migrate(store);
	if (!err)
		kith_scrub_pay(store);
	return err;
}

/* The path as a URI that tells SQLite that nobody can change the file. */
static enum kith_err immutable_name(const char *path, struct kith_buf *out)
{
	enum kith_err err = kith_buf_add_str(out, "file:");

	for (; !err && *path; path++) {
		if (strchr("%?#", *path))
			err = kith_buf_printf(out, "%%%02X", (unsigned)*path);
		else
			err = kith_buf_add(out, path, 1);
	}
	if (!err)
		err = kith_buf_add_str(out, "?immutable=1");
	return err || kith_buf_cstr(out) ? err : KITH_ERR_NOMEM;
}

/* Whether no program of this user can write there (each would need a file beside the store), and no
 * change waits in a WAL, so that the file alone is all there is. */
static bool is_frozen(const struct kith_store *store)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	struct stat st;

	if (access(store->home, W_OK) == 0 || kith_buf_printf(&name, "%s-wal", store->path) ||
		!kith_buf_cstr(&name))
		return false;
	return stat((const char *)name.p, &st) < 0 || st.st_size == 0;
}

/* A WAL store on read-only media can be opened by telling SQLite so; but that switches off all
 * locks, hence only after the ordinary way failed. */
static enum kith_err open_frozen(struct kith_store *store, int64_t *ret_version)
{
	KITH_AUTO_BUF struct kith_buf uri = {0};
	enum kith_err err = immutable_name(store->path, &uri);

	kith_db_close(store);
	if (!err)
		err = connect_to(
			store, (const char *)uri.p, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	return err ? err : kith_schema_check(store, ret_version);
}

static enum kith_err open_read(struct kith_store *store)
{
	int64_t version = 0;
	enum kith_err err = check_file(store);

	if (err)
		return err;
	err = connect_to(store, store->path, SQLITE_OPEN_READONLY);
	if (!err)
		err = kith_schema_check(store, &version);
	if ((err == KITH_ERR_STORE || err == KITH_ERR_STORE_READONLY) && is_frozen(store))
		err = open_frozen(store, &version);
	if (!err && version < KITH_SCHEMA_VERSION)
		err = kith_fail(&store->why, KITH_ERR_STORE,
			"%s is from an older kith; a command that writes "
			"brings it up to date, such as: kith swap",
			store->path);
	return err;
}

enum kith_err kith_db_reopen(struct kith_store *store)
{
	struct kith_store old = *store;

	store->db = NULL;
	store->wide = false;
	store->places = false;
	memset(store->kept, 0, sizeof store->kept);
	enum kith_err err = store->mode == KITH_STORE_READ ? open_read(store) : open_write(store);
	if (!err) {
		kith_db_close(&old);
		return KITH_OK;
	}
	kith_db_close(store);
	store->db = old.db;
	store->wide = old.wide;
	store->places = old.places;
	memcpy(store->kept, old.kept, sizeof store->kept);
	return err;
}

/* What PRAGMA data_version says; 0 when it cannot be asked. */
static int64_t data_version(struct kith_store *store)
{
	KITH_QUERY struct kith_query q = kith_query(store, "PRAGMA data_version");

	return kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
}

enum kith_err kith_store_open(const char *home, enum kith_store_mode mode, struct kith_store **ret,
	struct kith_diag *diag)
{
	struct kith_store *store = calloc(1, sizeof *store);
	enum kith_err err = store ? locate(store, home) : KITH_ERR_NOMEM;

	if (!err)
		store->mode = mode;
	if (!err && mode == KITH_STORE_WRITE)
		err = create(store);
	if (!err)
		err = mode == KITH_STORE_READ ? open_read(store) : open_write(store);
	if (err) {
		(void)kith_fail(diag, err, "%s", kith_diag_text(store ? &store->why : NULL, err));
		kith_store_close(store);
		return err;
	}
	store->data_version = data_version(store);
	*ret = store;
	return KITH_OK;
}

void kith_store_tell_changes(struct kith_store *store, bool *ret_any)
{
	store->told_changes = ret_any;
}

void kith_store_close(struct kith_store *store)
{
	if (!store)
		return;
	if (store->owes && !store->batch)
		kith_scrub_pay(store);
	kith_db_close(store);
	free(store->home);
	free(store->path);
	free(store);
}

const char *kith_store_why(const struct kith_store *store)
{
	return kith_diag_text(&store->why, KITH_ERR_STORE);
}

bool kith_store_changed(struct kith_store *store)
{
	bool replaced = !store->batch && kith_db_moved(store) && !kith_db_reopen(store);
	int64_t now = data_version(store);
	bool changed = replaced || now != store->data_version || now == 0;

	store->data_version = now;
	return changed;
}
