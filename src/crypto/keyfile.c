/* SPDX-License-Identifier: MIT */
#include "crypto/keyfile.h"

#include <sodium.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "crypto/hash.h"
#include "crypto/passphrase.h"
#include "crypto/seed.h"

static const char magic[8] = {'K', 'I', 'T', 'H', 'K', 'E', 'Y', '1'};

enum {
	KDF_NONE = 0,
	KDF_ARGON2ID13 = 1,
	AT_KDF = 8,
	AT_OPS = 9,
	AT_MEM = 13,
	AT_SALT = 17,
	HEADER = 33, /* up to the nonce; bound into the key, since secretbox has no AD */
	AT_BOX = HEADER + crypto_secretbox_NONCEBYTES,
	INSIDE = KITH_KEY_BYTES + 4, /* seed and flags */
	STRETCHED = 32,              /* what comes out of Argon2id */
};

static const struct kith_keyfile_cost moderate = {
	crypto_pwhash_argon2id_OPSLIMIT_MODERATE, crypto_pwhash_argon2id_MEMLIMIT_MODERATE / 1024};
static const struct kith_keyfile_cost interactive = {crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
	crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE / 1024};

_Static_assert(HEADER - AT_SALT == crypto_pwhash_argon2id_SALTBYTES, "key file salt");
_Static_assert(AT_BOX + crypto_secretbox_MACBYTES + INSIDE == KITH_KEYFILE_BYTES, "key file size");

static uint32_t u32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32be(uint8_t *p, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* The key of the box from the header, and from the passphrase if the header speaks of one. */
static enum kith_err box_key(
	const uint8_t *header, const struct kith_passphrase *passphrase, uint8_t out[static 32])
{
	uint8_t stretched[STRETCHED];
	struct kith_span parts[2] = {kith_span("", 0), kith_span(header, HEADER)};

	if (header[AT_KDF] == KDF_ARGON2ID13) {
		struct kith_span word = kith_passphrase_span(passphrase);
		if (crypto_pwhash(stretched, sizeof stretched, (const char *)word.p, word.n,
			    header + AT_SALT, u32be(header + AT_OPS),
			    (size_t)u32be(header + AT_MEM) * 1024,
			    crypto_pwhash_ALG_ARGON2ID13) != 0)
			return KITH_ERR_NOMEM;
		parts[0] = kith_span(stretched, sizeof stretched);
	}
	kith_hash(out, "kith/1 keyfile", parts, 2);
	sodium_memzero(stretched, sizeof stretched);
	return KITH_OK;
}

/* Nothing without a passphrase; with one, what Argon2id can do and a reader agrees to. */
static bool parameters_allowed(const uint8_t *header)
{
	uint32_t ops = u32be(header + AT_OPS);
	uint32_t mem_kib = u32be(header + AT_MEM);

	if (header[AT_KDF] == KDF_NONE)
		return sodium_is_zero(header + AT_OPS, HEADER - AT_OPS);
	return ops >= crypto_pwhash_argon2id_OPSLIMIT_MIN && ops <= KITH_KEYFILE_OPS_MAX &&
	       mem_kib >= crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 &&
	       mem_kib <= KITH_KEYFILE_MEM_KIB_MAX;
}

/* Nonce and box under the header that stands in out. */
static enum kith_err put_box(const struct kith_env *env, const uint8_t *seed,
	const struct kith_passphrase *passphrase, uint8_t out[static KITH_KEYFILE_BYTES])
{
	uint8_t inside[INSIDE] = {0};
	uint8_t key[crypto_secretbox_KEYBYTES];
	enum kith_err err = box_key(out, passphrase, key);

	if (err)
		return err;
	env->random(env->ctx, out + HEADER, crypto_secretbox_NONCEBYTES);
	memcpy(inside, seed, KITH_KEY_BYTES);
	(void)crypto_secretbox_easy(out + AT_BOX, inside, sizeof inside, out + HEADER, key);
	sodium_memzero(inside, sizeof inside);
	sodium_memzero(key, sizeof key);
	return KITH_OK;
}

void kith_keyfile_seal(const struct kith_env *env, const uint8_t seed[static KITH_KEY_BYTES],
	uint8_t out[static KITH_KEYFILE_BYTES])
{
	memset(out, 0, KITH_KEYFILE_BYTES);
	memcpy(out, magic, sizeof magic);
	out[AT_KDF] = KDF_NONE;
	(void)put_box(env ? env : kith_env_default(), seed, NULL, out);
}

enum kith_err kith_keyfile_protect(const struct kith_env *env,
	const uint8_t seed[static KITH_KEY_BYTES], const struct kith_passphrase *passphrase,
	const struct kith_keyfile_cost *cost, uint8_t out[static KITH_KEYFILE_BYTES])
{
	const struct kith_keyfile_cost *c = cost ? cost : &moderate;
	enum kith_err err;

	if (!env)
		env = kith_env_default();
	memset(out, 0, KITH_KEYFILE_BYTES);
	memcpy(out, magic, sizeof magic);
	out[AT_KDF] = KDF_ARGON2ID13;
	put32be(out + AT_OPS, c->ops);
	put32be(out + AT_MEM, c->mem_kib);
	if (!parameters_allowed(out))
		return KITH_ERR_LIMIT;
	env->random(env->ctx, out + AT_SALT, HEADER - AT_SALT);
	err = put_box(env, seed, passphrase, out);
	return err == KITH_ERR_NOMEM && !cost
		       ? kith_keyfile_protect(env, seed, passphrase, &interactive, out)
		       : err;
}

/* Whether the bytes can be opened at all; before anything is computed. */
static enum kith_err check_header(struct kith_span bytes)
{
	if (bytes.n != KITH_KEYFILE_BYTES || memcmp(bytes.p, magic, sizeof magic) != 0)
		return KITH_ERR_KEYFILE;
	if (bytes.p[AT_KDF] > KDF_ARGON2ID13)
		return KITH_ERR_VERSION;
	return parameters_allowed(bytes.p) ? KITH_OK : KITH_ERR_KEYFILE;
}

enum kith_err kith_keyfile_unlock(struct kith_span bytes, const struct kith_passphrase *passphrase,
	uint8_t ret_seed[static KITH_KEY_BYTES])
{
	uint8_t inside[INSIDE];
	uint8_t key[crypto_secretbox_KEYBYTES];
	enum kith_err err = check_header(bytes);

	if (err)
		return err;
	bool protected = bytes.p[AT_KDF] == KDF_ARGON2ID13;
	if (protected && !passphrase)
		return KITH_ERR_PASSPHRASE;
	if ((err = box_key(bytes.p, passphrase, key)))
		return err;
	if (crypto_secretbox_open_easy(
		    inside, bytes.p + AT_BOX, bytes.n - AT_BOX, bytes.p + HEADER, key) != 0)
		err = protected ? KITH_ERR_PASSPHRASE : KITH_ERR_KEYFILE;
	else if (u32be(inside + KITH_KEY_BYTES) != 0)
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

static enum kith_err write_file(
	const char *home, const uint8_t bytes[static KITH_KEYFILE_BYTES], struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!kith_path_join(&path, home, KITH_HOME_KEY))
		return KITH_ERR_NOMEM;
	return kith_file_write((const char *)path.p, kith_span(bytes, KITH_KEYFILE_BYTES), 0600,
		KITH_FILE_NEW, diag);
}

enum kith_err kith_identity_save(
	const struct kith_identity *id, const char *home, struct kith_diag *diag)
{
	uint8_t bytes[KITH_KEYFILE_BYTES];

	kith_keyfile_seal(NULL, kith_identity_seed(id), bytes);
	enum kith_err err = write_file(home, bytes, diag);
	sodium_memzero(bytes, sizeof bytes); /* without a passphrase it is as good as the seed */
	return err;
}

enum kith_err kith_identity_save_protected(const struct kith_identity *id, const char *home,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag)
{
	uint8_t bytes[KITH_KEYFILE_BYTES];
	enum kith_err err =
		kith_keyfile_protect(NULL, kith_identity_seed(id), passphrase, cost, bytes);

	if (err == KITH_ERR_NOMEM)
		return kith_fail(diag, err,
			"a passphrase takes %u MiB of memory here, which are not to be had",
			(unsigned)(cost ? cost->mem_kib : interactive.mem_kib) / 1024);
	return err ? err : write_file(home, bytes, diag);
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
					 path, (unsigned)u32be(bytes.p + AT_MEM) / 1024);
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
	*ret = bytes.p[AT_KDF] == KDF_ARGON2ID13;
	return KITH_OK;
}
