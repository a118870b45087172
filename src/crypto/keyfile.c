/* SPDX-License-Identifier: MIT */
#include "crypto/keyfile.h"

#include <sodium.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "crypto/seed.h"

static const char magic[8] = {'K', 'I', 'T', 'H', 'K', 'E', 'Y', '1'};
static const char label[] = "kith/1 keyfile";

enum {
	HEADER = KITH_STRETCH_HEADER, /* bound into the key, since secretbox has no AD */
	AT_BOX = HEADER + crypto_secretbox_NONCEBYTES,
	INSIDE = KITH_KEY_BYTES + 4, /* seed and flags */
};

_Static_assert(AT_BOX + crypto_secretbox_MACBYTES + INSIDE == KITH_KEYFILE_BYTES, "key file size");

/* Nonce and box behind the header that stands in out. */
static void put_box(const struct kith_env *env, const uint8_t *seed,
	const uint8_t key[static crypto_secretbox_KEYBYTES], uint8_t out[static KITH_KEYFILE_BYTES])
{
	uint8_t inside[INSIDE] = {0};

	env = env ? env : kith_env_default();
	env->random(env->ctx, out + HEADER, crypto_secretbox_NONCEBYTES);
	memcpy(inside, seed, KITH_KEY_BYTES);
	(void)crypto_secretbox_easy(out + AT_BOX, inside, sizeof inside, out + HEADER, key);
	sodium_memzero(inside, sizeof inside);
}

void kith_keyfile_seal(const struct kith_env *env, const uint8_t seed[static KITH_KEY_BYTES],
	uint8_t out[static KITH_KEYFILE_BYTES])
{
	uint8_t key[crypto_secretbox_KEYBYTES];

	kith_stretch_plain(magic, label, out, key);
	put_box(env, seed, key, out);
	sodium_memzero(key, sizeof key);
}

enum kith_err kith_keyfile_protect(const struct kith_env *env,
	const uint8_t seed[static KITH_KEY_BYTES], const struct kith_passphrase *passphrase,
	const struct kith_keyfile_cost *cost, uint8_t out[static KITH_KEYFILE_BYTES])
{
	uint8_t key[crypto_secretbox_KEYBYTES];
	enum kith_err err = kith_stretch_new(env, magic, label, passphrase, cost, out, key);

	if (err)
		return err;
	put_box(env, seed, key, out);
	sodium_memzero(key, sizeof key);
	return KITH_OK;
}

/* Whether the bytes can be opened at all; before anything is computed. */
static enum kith_err check_header(struct kith_span bytes)
{
	return bytes.n == KITH_KEYFILE_BYTES ? kith_stretch_check(bytes, magic) : KITH_ERR_KEYFILE;
}

enum kith_err kith_keyfile_unlock(struct kith_span bytes, const struct kith_passphrase *passphrase,
	uint8_t ret_seed[static KITH_KEY_BYTES])
{
	uint8_t inside[INSIDE];
	uint8_t key[crypto_secretbox_KEYBYTES];
	enum kith_err err = check_header(bytes);

	if (err || (err = kith_stretch_key(bytes.p, label, passphrase, key)))
		return err;
	if (crypto_secretbox_open_easy(
		    inside, bytes.p + AT_BOX, bytes.n - AT_BOX, bytes.p + HEADER, key) != 0)
		err = kith_stretch_protected(bytes.p) ? KITH_ERR_PASSPHRASE : KITH_ERR_KEYFILE;
	else if (!sodium_is_zero(inside + KITH_KEY_BYTES, INSIDE - KITH_KEY_BYTES))
		err = KITH_ERR_VERSION;
	else
		memcpy(ret_seed, inside, KITH_KEY_BYTES);
	sodium_memzero(inside, sizeof inside);
	sodium_memzero(key, sizeof key);
	return err;
}

enum kith_err kith_keyfile_open(struct kith_span bytes, uint8_t ret_seed[static KITH_KEY_BYTES])
{
	return kith_keyfile_unlock(bytes, NULL, ret_seed);
}

/* --- the file --------------------------------------------------------------------------------- */

static enum kith_err write_file(const char *home, const uint8_t bytes[static KITH_KEYFILE_BYTES],
	enum kith_file_how how, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!kith_path_join(&path, home, KITH_HOME_KEY))
		return KITH_ERR_NOMEM;
	return kith_file_write(
		(const char *)path.p, kith_span(bytes, KITH_KEYFILE_BYTES), 0600, how, diag);
}

enum kith_err kith_keyfile_make(const struct kith_identity *id,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	uint8_t out[static KITH_KEYFILE_BYTES], struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	if (passphrase)
		err = kith_keyfile_protect(NULL, kith_identity_seed(id), passphrase, cost, out);
	else
		kith_keyfile_seal(NULL, kith_identity_seed(id), out);
	if (err == KITH_ERR_NOMEM)
		return kith_fail(diag, err,
			"a passphrase takes %u MiB of memory here, which are not to be had",
			kith_stretch_least(cost));
	return err;
}

enum kith_err kith_identity_save_protected(const struct kith_identity *id, const char *home,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag)
{
	uint8_t bytes[KITH_KEYFILE_BYTES];
	enum kith_err err = kith_keyfile_make(id, passphrase, cost, bytes, diag);

	if (!err)
		err = write_file(home, bytes, KITH_FILE_NEW, diag);
	sodium_memzero(bytes, sizeof bytes); /* without a passphrase it is as good as the seed */
	return err;
}

enum kith_err kith_identity_save(
	const struct kith_identity *id, const char *home, struct kith_diag *diag)
{
	return kith_identity_save_protected(id, home, NULL, NULL, diag);
}

enum kith_err kith_identity_replace(const struct kith_identity *id, const char *home,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	uint8_t bytes[KITH_KEYFILE_BYTES];

	if (!kith_path_join(&path, home, KITH_HOME_KEY))
		return KITH_ERR_NOMEM;
	KITH_AUTO_FD int old = kith_file_hold((const char *)path.p);
	enum kith_err err = kith_keyfile_make(id, passphrase, cost, bytes, diag);
	if (!err)
		err = write_file(home, bytes, KITH_FILE_REPLACE, diag);
	if (!err)
		kith_file_blank(old, KITH_KEYFILE_BYTES);
	sodium_memzero(bytes, sizeof bytes);
	return err;
}

/* Why the file at path could not be opened; bytes are what was read of it. */
static enum kith_err explain(enum kith_err err, const char *path, struct kith_span bytes,
	bool tried, struct kith_diag *diag)
{
	switch (err) {
	case KITH_ERR_MISSING:
		return kith_fail(
			diag, KITH_ERR_NOIDENTITY, "%s", kith_err_text(KITH_ERR_NOIDENTITY));
	case KITH_ERR_KEYFILE:
	case KITH_ERR_LIMIT:
		return kith_fail(diag, KITH_ERR_KEYFILE,
			"%s is damaged; put back a copy from your backup", path);
	case KITH_ERR_PASSPHRASE:
		return tried ? kith_fail(diag, err, "that passphrase does not open %s", path)
			     : kith_fail(diag, err,
				       "%s is protected by a passphrase, and none was given", path);
	case KITH_ERR_VERSION:
		return kith_fail(diag, err, "%s was written by a newer kith", path);
	case KITH_ERR_NOMEM:
		return bytes.n < HEADER
			       ? err
			       : kith_fail(diag, err,
					 "opening %s takes %u MiB of memory, which are not to be had",
					 path, kith_stretch_mib(bytes.p));
	default:
		return err;
	}
}

/* Reads the file of that home, which must be private, as its folder. */
static enum kith_err read_file(const char *home, struct kith_buf *ret_path,
	struct kith_buf *ret_bytes, struct kith_diag *diag)
{
	enum kith_err err;

	if (!kith_path_join(ret_path, home, KITH_HOME_KEY))
		return KITH_ERR_NOMEM;
	if ((err = kith_folder_check(home, diag)))
		return err;
	return kith_file_read_private(
		(const char *)ret_path->p, KITH_KEYFILE_BYTES, ret_bytes, diag);
}

enum kith_err kith_identity_load_protected(const char *home,
	const struct kith_passphrase *passphrase, struct kith_identity **ret,
	struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	uint8_t seed[KITH_KEY_BYTES];
	enum kith_err err = read_file(home, &path, &bytes, diag);

	if (!err)
		err = kith_keyfile_unlock(kith_buf_span(&bytes), passphrase, seed);
	if (err)
		return explain(err, (const char *)path.p, kith_buf_span(&bytes), passphrase, diag);
	err = kith_identity_from_seed(seed, ret);
	sodium_memzero(seed, sizeof seed);
	return err;
}

enum kith_err kith_identity_load(
	const char *home, struct kith_identity **ret, struct kith_diag *diag)
{
	return kith_identity_load_protected(home, NULL, ret, diag);
}

enum kith_err kith_identity_is_protected(const char *home, bool *ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	enum kith_err err = read_file(home, &path, &bytes, diag);

	if (!err)
		err = check_header(kith_buf_span(&bytes));
	if (err)
		return explain(err, (const char *)path.p, kith_buf_span(&bytes), false, diag);
	*ret = kith_stretch_protected(bytes.p);
	return KITH_OK;
}
