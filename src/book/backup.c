/* SPDX-License-Identifier: MIT */
#include "book/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/backupfile.h"
#include "crypto/keyfile.h"
#include "crypto/keyring.h"
#include "store/image.h"
#include "store/settle.h"

#define REVOCATION     "revocation"
#define REVOCATION_END ".kith"
#define SHOWN_PATH     60

/* --- making one ------------------------------------------------------------------------------- */

static bool is_revocation(const char *name)
{
	size_t n = strlen(name);

	return strncmp(name, REVOCATION, sizeof REVOCATION - 1) == 0 &&
	       n > sizeof REVOCATION_END - 1 && n < KITH_BACKUP_NAME &&
	       strcmp(name + n - (sizeof REVOCATION_END - 1), REVOCATION_END) == 0;
}

static int by_revocation(const struct dirent *d)
{
	return is_revocation(d->d_name);
}

/* A small file of the home as a part; what is not there is left out, unless it must be. */
static enum kith_err add_file(struct kith_backup_writer *w, const char *home, const char *name,
	bool must, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct kith_diag unsaid = {0};

	if (!kith_path_join(&path, home, name))
		return KITH_ERR_NOMEM;
	enum kith_err err =
		kith_file_read_private((const char *)path.p, KITH_FILE_READ_MAX, &bytes, &unsaid);
	if (err == KITH_ERR_MISSING && !must)
		return KITH_OK;
	if (err)
		return kith_fail(diag, err, "%s", kith_diag_text(&unsaid, err));
	return kith_backup_part(w, name, kith_buf_span(&bytes), diag);
}

static enum kith_err add_revocations(
	struct kith_backup_writer *w, const char *home, struct kith_diag *diag)
{
	struct dirent **found = NULL;
	int n = scandir(home, &found, by_revocation, alphasort);
	enum kith_err err = n < 0 ? kith_file_fail(diag, "read", home) : KITH_OK;

	for (int i = 0; i < n; i++) {
		if (!err)
			err = add_file(w, home, found[i]->d_name, false, diag);
		free(found[i]);
	}
	free(found);
	return err;
}

static enum kith_err add_store(
	struct kith_backup_writer *w, struct kith_store *store, struct kith_diag *diag)
{
	KITH_AUTO(kith_image_free) struct kith_image image = {0};
	enum kith_err err = kith_store_image(store, &image);

	if (err)
		return kith_fail(diag, err, "%s",
			err == KITH_ERR_NOMEM ? kith_err_text(err) : kith_store_why(store));
	return kith_backup_part(w, KITH_HOME_STORE, kith_span(image.p, image.n), diag);
}

/* No name is taken from anything that is not a backup. */
static enum kith_err check_name(const char *path, struct kith_diag *diag)
{
	struct stat st;
	char shown[4 * SHOWN_PATH];

	if (lstat(path, &st) < 0 || (S_ISREG(st.st_mode) && kith_backup_is(path)))
		return KITH_OK;
	return kith_fail(diag, KITH_ERR_EXISTS, "%s is there and is no backup; choose another name",
		kith_show_in(shown, sizeof shown, kith_span_str(path), SHOWN_PATH));
}

static enum kith_err lock_keys(const char *home, int *ret_fd, struct kith_diag *diag)
{
	enum kith_err err =
		kith_file_lock(home, KITH_HOME_INIT_LOCK, KITH_STORE_BUSY_MS, ret_fd, diag);

	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err,
			"another kith is changing the key in %s; try again when it has ended",
			home);
	return err;
}

enum kith_err kith_backup_make(const char *home, struct kith_store *store, const char *path,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag)
{
	KITH_AUTO(kith_backup_writer_free)
	struct kith_backup_writer w = {.file = {.fd = -1}};
	KITH_AUTO_FD int lock = -1;
	enum kith_err err = check_name(path, diag);

	if (!err)
		err = kith_backup_begin(&w, path, passphrase, cost, diag);
	/* key and cards of the same moment */
	if (!err)
		err = lock_keys(home, &lock, diag);
	if (err || (err = add_file(&w, home, KITH_HOME_KEY, true, diag)) ||
		(err = add_file(&w, home, KITH_HOME_RETIRED, false, diag)) ||
		(err = add_revocations(&w, home, diag)) || (err = add_store(&w, store, diag)))
		return err;
	return kith_backup_end(&w, diag);
}

/* --- taking one out --------------------------------------------------------------------------- */

/* Removes the folder of a restore with all that is in it; what is not kith's own making is not touched, since
 * removing the folder then fails. */
static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		KITH_AUTO_BUF struct kith_buf path = {0};
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
			!kith_path_join(&path, folder, d->d_name))
			continue;
		KITH_AUTO_FD int fd = kith_file_hold((const char *)path.p);
		if (unlink((const char *)path.p) == 0)
			kith_file_blank(fd, KITH_KEYFILE_BYTES);
	}
	if (dir)
		(void)closedir(dir);
	(void)rmdir(folder);
}

/* Empties what an earlier restore has left; the lock file stays, being held. */
static enum kith_err empty_folder(const char *folder, struct kith_diag *diag)
{
	DIR *dir = opendir(folder);
	struct dirent *d;
	enum kith_err err = dir ? KITH_OK : kith_file_fail(diag, "read", folder);

	while (!err && (d = readdir(dir))) {
		KITH_AUTO_BUF struct kith_buf path = {0};
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
			strcmp(d->d_name, KITH_HOME_INIT_LOCK) == 0)
			continue;
		if (!kith_path_join(&path, folder, d->d_name))
			err = KITH_ERR_NOMEM;
		else if (unlink((const char *)path.p) < 0)
			err = kith_file_fail(diag, "remove", (const char *)path.p);
	}
	if (dir)
		(void)closedir(dir);
	return err;
}

static int by_any(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

enum kith_err kith_restore_possible(const char *home, struct kith_diag *diag)
{
	struct dirent **found = NULL;
	struct stat st;

	if (lstat(home, &st) < 0 && errno == ENOENT)
		return KITH_OK;
	int n = scandir(home, &found, by_any, NULL);
	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
	if (n < 0)
		return kith_file_fail(diag, "read", home);
	if (S_ISLNK(st.st_mode))
		return kith_fail(diag, KITH_ERR_EXISTS,
			"%s is a symbolic link; say where it leads with --home", home);
	if (n > 0)
		return kith_fail(diag, KITH_ERR_EXISTS,
			"%s is not empty, and a backup is restored into an empty home only; choose "
			"another one with --home, or move that away",
			home);
	return KITH_OK;
}

/* A part that is on its way into a file of the folder. */
struct unpacking {
	const char *folder;
	struct kith_file_writer file;
	bool open;
	struct kith_buf had; /* names, a line each */
};

static bool is_known(const char *name)
{
	return strcmp(name, KITH_HOME_KEY) == 0 || strcmp(name, KITH_HOME_RETIRED) == 0 ||
	       strcmp(name, KITH_HOME_STORE) == 0 || is_revocation(name);
}

static bool was_there(const struct unpacking *u, const char *name)
{
	char line[KITH_BACKUP_NAME + 3];
	int n = snprintf(line, sizeof line, "/%s/", name);

	return u->had.n > 0 && memmem(u->had.p, u->had.n, line, (size_t)n);
}

static enum kith_err begin_part(void *ctx, const char *name, uint64_t size, struct kith_diag *diag)
{
	struct unpacking *u = ctx;
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!is_known(name))
		return kith_fail(diag, KITH_ERR_VERSION,
			"it holds something that this kith does not know: %s", name);
	if (was_there(u, name))
		return kith_fail(diag, KITH_ERR_SHAPE, "it holds %s twice", name);
	if (strcmp(name, KITH_HOME_STORE) != 0 && size > KITH_FILE_READ_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "%s in it is larger than %d bytes", name,
			KITH_FILE_READ_MAX);
	if (kith_buf_printf(&u->had, "/%s/", name) || !kith_path_join(&path, u->folder, name))
		return KITH_ERR_NOMEM;
	u->open = true;
	return kith_file_begin(&u->file, (const char *)path.p, diag);
}

static enum kith_err take_bytes(void *ctx, struct kith_span bytes, struct kith_diag *diag)
{
	struct unpacking *u = ctx;

	return kith_file_put(&u->file, bytes, diag);
}

static enum kith_err end_part(void *ctx, struct kith_diag *diag)
{
	struct unpacking *u = ctx;
	enum kith_err err = kith_file_end(&u->file, 0600, KITH_FILE_NEW, diag);

	kith_file_writer_free(&u->file);
	u->open = false;
	return err;
}

static void unpacking_end(struct unpacking *u)
{
	if (u->open)
		kith_file_writer_free(&u->file);
	kith_buf_free(&u->had);
}

static enum kith_err unpack(const char *path, const char *folder,
	const struct kith_passphrase *passphrase, struct kith_diag *diag)
{
	KITH_AUTO(unpacking_end) struct unpacking u = {.folder = folder};
	const struct kith_backup_sink sink = {&u, begin_part, take_bytes, end_part};
	struct kith_diag why = {0};
	char shown[4 * SHOWN_PATH];
	KITH_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	(void)kith_show_in(shown, sizeof shown, kith_span_str(path), SHOWN_PATH);
	if (fd < 0)
		return kith_file_fail(diag, "open", shown);
	enum kith_err err = kith_backup_read(fd, passphrase, &sink, &why);
	if (!err && (!was_there(&u, KITH_HOME_KEY) || !was_there(&u, KITH_HOME_STORE)))
		err = kith_fail(&why, KITH_ERR_SHAPE, "there is no key or no store in it");
	if (err)
		return kith_fail(diag, err, "%s was not restored, and nothing was changed: %s",
			shown, kith_diag_text(&why, err));
	return KITH_OK;
}

/* What came out, read through: the store opens, and is brought up to date where it is older. */
static enum kith_err open_store(struct kith_restore *r, struct kith_diag *diag)
{
	enum kith_err err =
		kith_store_open((const char *)r->folder.p, KITH_STORE_USE, &r->store, diag);

	if (!err)
		err = kith_store_sound(r->store);
	return err == KITH_ERR_STORE_CORRUPT || err == KITH_ERR_STORE
		       ? kith_fail(diag, err,
				 "the store in the backup is damaged; nothing was restored")
		       : err;
}

/* A folder of that name which no restore has made stays as it is. */
static enum kith_err check_folder(const char *folder, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf lock = {0};
	struct kith_diag unsaid = {0};
	struct stat st;

	if (!kith_path_join(&lock, folder, KITH_HOME_INIT_LOCK))
		return KITH_ERR_NOMEM;
	if (!kith_restore_possible(folder, &unsaid) || lstat((const char *)lock.p, &st) == 0)
		return KITH_OK;
	return kith_fail(diag, KITH_ERR_EXISTS,
		"%s is in the way: a backup is unpacked there first; move it away", folder);
}

enum kith_err kith_restore_begin(struct kith_restore *r, const char *path, const char *home,
	const struct kith_passphrase *passphrase, struct kith_diag *diag)
{
	enum kith_err err = kith_restore_possible(home, diag);

	*r = (struct kith_restore){.lock = -1};
	if (err)
		return err;
	if (kith_buf_add_str(&r->home, home) || !kith_buf_cstr(&r->home) ||
		kith_buf_printf(&r->folder, "%s.restoring", home) || !kith_buf_cstr(&r->folder))
		return KITH_ERR_NOMEM;
	const char *folder = (const char *)r->folder.p;
	if ((err = check_folder(folder, diag)) || (err = kith_folder_real(folder, diag)))
		return err;
	err = kith_file_lock(folder, KITH_HOME_INIT_LOCK, 0, &r->lock, diag);
	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err, "another kith restore is running for %s", home);
	if (err) {
		(void)rmdir(folder); /* nothing is in it yet, or it is not ours */
		return err;
	}
	r->begun = true;
	if ((err = empty_folder(folder, diag)) || (err = unpack(path, folder, passphrase, diag)))
		return err;
	return open_store(r, diag);
}

/* The key is that of my card. */
static enum kith_err check_key(const struct kith_restore *r, struct kith_diag *diag)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct kith_card card;
	enum kith_err err = kith_store_mine(r->store, &mine);

	if (err && err != KITH_ERR_MISSING)
		return kith_fail(diag, err, "%s", kith_store_why(r->store));
	if (!err)
		err = kith_card_verify(kith_buf_span(&mine.envelope), &card);
	if (err == KITH_ERR_NOMEM)
		return err;
	if (!err && memcmp(card.ik, kith_identity_ik(r->id), sizeof card.ik) != 0)
		err = KITH_ERR_SUBJECT;
	if (err)
		return kith_fail(diag, KITH_ERR_KEYFILE,
			"the backup was not restored: its key and its cards do not belong together");
	return KITH_OK;
}

enum kith_err kith_restore_unlock(
	struct kith_restore *r, const struct kith_passphrase *passphrase, struct kith_diag *diag)
{
	const char *folder = (const char *)r->folder.p;
	KITH_AUTO(kith_retired_free) struct kith_retired_keys retired = {0};
	enum kith_err err = kith_identity_load_protected(folder, passphrase, &r->id, diag);

	if (!err)
		err = check_key(r, diag);
	return err ? err : kith_retired_load(folder, r->id, &retired, diag);
}

/* A crash from here on leaves the folder beside, or the home. */
static enum kith_err put_in_place(struct kith_restore *r, struct kith_diag *diag)
{
	const char *folder = (const char *)r->folder.p;
	const char *home = (const char *)r->home.p;

	if (!kith_folder_sync(folder))
		return kith_file_fail(diag, "write", folder);
	if (rename(folder, home) < 0) {
		if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
			return kith_restore_possible(home, diag) ? KITH_ERR_EXISTS : KITH_ERR_IO;
		return kith_file_fail(diag, "make", home);
	}
	r->begun = false;
	return kith_folder_sync_of(home) ? KITH_OK : kith_file_fail(diag, "write", home);
}

enum kith_err kith_restore_end(struct kith_restore *r, int64_t now, struct kith_diag *diag)
{
	const char *folder = (const char *)r->folder.p;
	enum kith_err err = kith_cards_jump(r->store, r->id, now, diag);

	if (!err)
		err = kith_revocation_make(folder, r->id, now, diag);
	if (!err)
		err = kith_device_put(folder, diag);
	if (err)
		return err;
	kith_store_close(r->store); /* the last one to close empties the WAL */
	r->store = NULL;
	return put_in_place(r, diag);
}

void kith_restore_free(struct kith_restore *r)
{
	kith_store_close(r->store);
	kith_identity_free(r->id);
	if (r->begun)
		remove_folder((const char *)r->folder.p);
	if (r->lock > 0)
		(void)close(r->lock);
	kith_buf_free(&r->home);
	kith_buf_free(&r->folder);
}
