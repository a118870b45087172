/* SPDX-License-Identifier: MIT */
#include "crypto/keyring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "crypto/exchange.h"
#include "crypto/hash.h"
#include "crypto/keyfile.h"
#include "crypto/seed.h"

#define KDF_CONTEXT    "kith-id1"
#define KDF_RETIRED    3
#define READY          "ik" /* the last file of a change, and the last that goes */
#define MACHINE_ID_MAX 256  /* bytes of the file that are looked at; 33 are usual */

static const char magic[8] = {'K', 'I', 'T', 'H', 'O', 'L', 'D', '1'};

enum {
	EACH = 8 + KITH_KEY_BYTES + KITH_KEY_BYTES, /* seq, ik, secret of xk */
	BOX_AT = sizeof magic + crypto_secretbox_NONCEBYTES,
	AROUND = BOX_AT + crypto_secretbox_MACBYTES,
};

/* --- retired.key ------------------------------------------------------------------------------ */

/* Of the identity that comes after them, so a passphrase that changes changes nothing here. */
static void box_key(const struct kith_identity *id, uint8_t out[static crypto_secretbox_KEYBYTES])
{
	(void)crypto_kdf_derive_from_key(
		out, crypto_secretbox_KEYBYTES, KDF_RETIRED, KDF_CONTEXT, kith_identity_seed(id));
}

static void put_key(uint8_t *p, const struct kith_retired *key)
{
	for (size_t i = 0; i < 8; i++)
		p[i] = (uint8_t)(key->seq >> (56 - 8 * i));
	memcpy(p + 8, key->ik, KITH_KEY_BYTES);
	memcpy(p + 8 + KITH_KEY_BYTES, key->xk_secret, KITH_KEY_BYTES);
}

static void get_key(const uint8_t *p, struct kith_retired *ret_key)
{
	ret_key->seq = 0;
	for (size_t i = 0; i < 8; i++)
		ret_key->seq = ret_key->seq << 8 | p[i];
	memcpy(ret_key->ik, p + 8, KITH_KEY_BYTES);
	ret_key->xk_secret = p + 8 + KITH_KEY_BYTES;
}

enum kith_err kith_retired_seal(const struct kith_env *env, const struct kith_identity *id,
	const struct kith_retired *keys, size_t n, struct kith_buf *out)
{
	uint8_t list[KITH_STATEMENTS_MAX * EACH];
	uint8_t key[crypto_secretbox_KEYBYTES];
	uint8_t *to;

	if (n == 0 || n > KITH_STATEMENTS_MAX)
		return KITH_ERR_LIMIT;
	enum kith_err err = kith_buf_more(out, AROUND + n * EACH, &to);
	if (err)
		return err;
	env = env ? env : kith_env_default();
	for (size_t i = 0; i < n; i++)
		put_key(list + i * EACH, &keys[i]);
	memcpy(to, magic, sizeof magic);
	env->random(env->ctx, to + sizeof magic, crypto_secretbox_NONCEBYTES);
	box_key(id, key);
	(void)crypto_secretbox_easy(to + BOX_AT, list, n * EACH, to + sizeof magic, key);
	sodium_memzero(list, sizeof list);
	sodium_memzero(key, sizeof key);
	return KITH_OK;
}

/* In one piece of guarded memory: the array, then the bytes that its entries point into. */
struct opened {
	struct kith_retired at[KITH_STATEMENTS_MAX];
	uint8_t list[KITH_STATEMENTS_MAX * EACH];
};

enum kith_err kith_retired_open(
	const struct kith_identity *id, struct kith_span bytes, struct kith_retired_keys *ret)
{
	uint8_t key[crypto_secretbox_KEYBYTES];
	size_t n = bytes.n > AROUND ? (bytes.n - AROUND) / EACH : 0;

	if (n == 0 || n > KITH_STATEMENTS_MAX || bytes.n != AROUND + n * EACH ||
		memcmp(bytes.p, magic, sizeof magic) != 0)
		return KITH_ERR_KEYFILE;
	struct opened *o = sodium_malloc(sizeof *o);
	if (!o)
		return KITH_ERR_NOMEM;
	box_key(id, key);
	int bad = crypto_secretbox_open_easy(
		o->list, bytes.p + BOX_AT, bytes.n - BOX_AT, bytes.p + sizeof magic, key);
	sodium_memzero(key, sizeof key);
	if (bad) {
		sodium_free(o);
		return KITH_ERR_KEYFILE;
	}
	for (size_t i = 0; i < n; i++)
		get_key(o->list + i * EACH, &o->at[i]);
	(void)sodium_mprotect_readonly(o);
	*ret = (struct kith_retired_keys){o->at, n, o};
	return KITH_OK;
}

void kith_retired_free(struct kith_retired_keys *keys)
{
	if (keys)
		sodium_free(keys->memory);
}

enum kith_err kith_retired_load(const char *home, const struct kith_identity *id,
	struct kith_retired_keys *ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};

	if (!kith_path_join(&path, home, KITH_HOME_RETIRED))
		return KITH_ERR_NOMEM;
	enum kith_err err = kith_file_read_private(
		(const char *)path.p, AROUND + KITH_STATEMENTS_MAX * EACH, &bytes, diag);
	if (err == KITH_ERR_MISSING) {
		*ret = (struct kith_retired_keys){0};
		if (diag)
			diag->text[0] = 0;
		return KITH_OK;
	}
	if (!err)
		err = kith_retired_open(id, kith_buf_span(&bytes), ret);
	if (err == KITH_ERR_KEYFILE || err == KITH_ERR_LIMIT)
		return kith_fail(diag, KITH_ERR_KEYFILE,
			"%s is damaged; put back a copy from your backup, or remove it: people who have "
			"not heard of your new key then do not recognise you",
			(const char *)path.p);
	return err;
}

/* Removes a secret, after which its bytes are overwritten. */
static enum kith_err remove_secret(const char *path, size_t n, struct kith_diag *diag)
{
	KITH_AUTO_FD int fd = kith_file_hold(path);

	if (unlink(path) < 0 && errno != ENOENT)
		return kith_file_fail(diag, "remove", path);
	kith_file_blank(fd, n);
	return KITH_OK;
}

enum kith_err kith_retired_save(const char *home, const struct kith_identity *id,
	const struct kith_retired *keys, size_t n, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	enum kith_err err;

	if (!kith_path_join(&path, home, KITH_HOME_RETIRED))
		return KITH_ERR_NOMEM;
	if (n == 0)
		return remove_secret(
			(const char *)path.p, AROUND + KITH_STATEMENTS_MAX * EACH, diag);
	if ((err = kith_retired_seal(NULL, id, keys, n, &bytes)))
		return err;
	return kith_file_write(
		(const char *)path.p, kith_buf_span(&bytes), 0600, KITH_FILE_REPLACE, diag);
}

/* --- a change of keys ------------------------------------------------------------------------- */

static const char *next_path(struct kith_buf *out, const char *home, const char *name)
{
	if (kith_buf_printf(
		    out, *name ? "%s/" KITH_HOME_NEXT "/%s" : "%s/" KITH_HOME_NEXT, home, name))
		return NULL;
	return kith_buf_cstr(out);
}

bool kith_next_is_begun(const char *home)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct stat st;

	/* without memory: rather one look too many */
	return !next_path(&path, home, "") || lstat((const char *)path.p, &st) == 0;
}

/* Removes one file of the change; or, where the change has happened, puts it in its place. */
static enum kith_err settle_file(
	const char *home, const char *name, bool keep, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf from = {0};
	KITH_AUTO_BUF struct kith_buf to = {0};

	if (!next_path(&from, home, name) || !kith_path_join(&to, home, name))
		return KITH_ERR_NOMEM;
	const char *gone = (const char *)(keep ? to.p : from.p);
	KITH_AUTO_FD int old = kith_file_hold(gone);
	if (keep ? rename((const char *)from.p, gone) < 0 : unlink(gone) < 0)
		return kith_file_fail(diag, keep ? "put in place" : "remove", gone);
	kith_file_blank(old, KITH_KEYFILE_BYTES);
	return KITH_OK;
}

static int is_change(const struct dirent *d)
{
	return d->d_name[0] != '.' && strcmp(d->d_name, READY) != 0;
}

static enum kith_err settle_files(
	const char *home, const char *folder, bool keep, struct kith_diag *diag)
{
	struct dirent **found = NULL;
	int n = scandir(folder, &found, is_change, alphasort);
	enum kith_err err = n < 0 ? kith_file_fail(diag, "read", folder) : KITH_OK;

	for (int i = 0; i < n; i++) {
		/* what was not written to its end is no file of the change */
		bool half = strstr(found[i]->d_name, ".tmp") != NULL;
		if (!err)
			err = settle_file(home, found[i]->d_name, keep && !half, diag);
		free(found[i]);
	}
	free(found);
	return err;
}

/* The home's names are durable before the change counts as ended. */
static enum kith_err end_change(const char *home, const char *folder, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf ready = {0};

	if (!next_path(&ready, home, READY))
		return KITH_ERR_NOMEM;
	if (!kith_folder_sync(home))
		return kith_file_fail(diag, "write", home);
	if (unlink((const char *)ready.p) < 0 && errno != ENOENT)
		return kith_file_fail(diag, "remove", (const char *)ready.p);
	if (rmdir(folder) < 0 && errno != ENOENT)
		return kith_file_fail(diag, "remove", folder);
	return kith_folder_sync(home) ? KITH_OK : kith_file_fail(diag, "write", home);
}

/* The key that was to be mine; KITH_ERR_MISSING: it had not come so far. */
static enum kith_err read_ready(
	const char *home, uint8_t ret_ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};

	if (!next_path(&path, home, READY))
		return KITH_ERR_NOMEM;
	enum kith_err err =
		kith_file_read_private((const char *)path.p, KITH_KEY_BYTES, &bytes, diag);
	if (err)
		return err;
	if (bytes.n != KITH_KEY_BYTES)
		return KITH_ERR_MISSING;
	memcpy(ret_ik, bytes.p, KITH_KEY_BYTES);
	return KITH_OK;
}

enum kith_err kith_next_settle(
	const char *home, const uint8_t ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf folder = {0};
	struct kith_diag unsaid = {0};
	uint8_t ready[KITH_KEY_BYTES];

	if (!next_path(&folder, home, ""))
		return KITH_ERR_NOMEM;
	if (!kith_next_is_begun(home))
		return KITH_OK;
	enum kith_err err = read_ready(home, ready, &unsaid);
	if (err && err != KITH_ERR_MISSING)
		return kith_fail(diag, err, "%s", kith_diag_text(&unsaid, err));
	bool keep = !err && memcmp(ready, ik, sizeof ready) == 0;
	err = settle_files(home, (const char *)folder.p, keep, diag);
	return err ? err : end_change(home, (const char *)folder.p, diag);
}

enum kith_err kith_next_begin(const char *home, struct kith_diag *diag)
{
	static const uint8_t nobody[KITH_KEY_BYTES];
	KITH_AUTO_BUF struct kith_buf folder = {0};
	enum kith_err err = kith_next_settle(home, nobody, diag);

	if (err)
		return err;
	if (!next_path(&folder, home, ""))
		return KITH_ERR_NOMEM;
	if (mkdir((const char *)folder.p, 0700) < 0)
		return kith_file_fail(diag, "make the folder", (const char *)folder.p);
	return kith_folder_sync(home) ? KITH_OK : kith_file_fail(diag, "write", home);
}

enum kith_err kith_next_put(
	const char *home, const char *name, struct kith_span bytes, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!next_path(&path, home, name))
		return KITH_ERR_NOMEM;
	return kith_file_write((const char *)path.p, bytes, 0600, KITH_FILE_REPLACE, diag);
}

enum kith_err kith_next_ready(
	const char *home, const uint8_t ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	return kith_next_put(home, READY, kith_span(ik, KITH_KEY_BYTES), diag);
}

/* A key file under the name that kith_file_write gives it meanwhile. */
static int is_torn(const struct dirent *d)
{
	size_t n = strlen(d->d_name), key = sizeof KITH_HOME_KEY - 1, tmp = sizeof ".tmp" - 1;

	return n > key + tmp && strncmp(d->d_name, KITH_HOME_KEY ".", key + 1) == 0 &&
	       strcmp(d->d_name + n - tmp, ".tmp") == 0;
}

bool kith_next_is_torn(const char *home)
{
	struct dirent **found = NULL;
	int n = scandir(home, &found, is_torn, NULL);

	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
	return n > 0;
}

enum kith_err kith_next_mend(const char *home, struct kith_diag *diag)
{
	struct dirent **found = NULL;
	int n = scandir(home, &found, is_torn, NULL);
	enum kith_err err = KITH_OK;

	for (int i = 0; i < n; i++) {
		KITH_AUTO_BUF struct kith_buf path = {0};
		if (!err && !kith_path_join(&path, home, found[i]->d_name))
			err = KITH_ERR_NOMEM;
		if (!err)
			err = remove_secret((const char *)path.p, KITH_KEYFILE_BYTES, diag);
		free(found[i]);
	}
	free(found);
	return err;
}

/* --- which machine this is -------------------------------------------------------------------- */

bool kith_device_mark(const char *path, uint8_t out[static KITH_DEVICE_BYTES])
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	uint8_t h[KITH_HASH_BYTES];

	if (kith_file_read(path, MACHINE_ID_MAX, &text, NULL))
		return false;
	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	/* systemd writes "uninitialized" before the first boot has ended: that is no machine */
	if (text.n < 32)
		return false;
	struct kith_span part = kith_buf_span(&text);
	kith_hash(h, "kith/1 device", &part, 1);
	memcpy(out, h, KITH_DEVICE_BYTES);
	return true;
}
