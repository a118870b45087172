/* SPDX-License-Identifier: MIT */
#include "crypto/keyfile.h"

#include <sodium.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "crypto/hash.h"
#include "crypto/seed.h"

static const char magic[8] = {'K', 'I', 'T', 'H', 'K', 'E', 'Y', '1'};

enum {
	KDF_NONE = 0,
	KDF_ARGON2ID13 = 1,
	AT_KDF = 8,
	AT_OPS = 9,
	AT_MEM = 13,
	HEADER = 33, /* up to the nonce; bound into the key, since secretbox has no AD */
	AT_BOX = HEADER + crypto_secretbox_NONCEBYTES,
	INSIDE = KITH_KEY_BYTES + 4, /* seed and flags */
};

_Static_assert(AT_BOX + crypto_secretbox_MACBYTES + INSIDE == KITH_KEYFILE_BYTES, "key file size");

static uint32_t u32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void box_key(const uint8_t *header, struct kith_span stretched, uint8_t out[static 32])
{
	struct kith_span parts[2] = {stretched, kith_span(header, HEADER)};

	kith_hash(out, "kith/1 keyfile", parts, 2);
}

void kith_keyfile_seal(const struct kith_env *env, const uint8_t seed[static KITH_KEY_BYTES],
	uint8_t out[static KITH_KEYFILE_BYTES])
{
	uint8_t inside[INSIDE] = {0};
	uint8_t key[crypto_secretbox_KEYBYTES];

	if (!env)
		env = kith_env_default();
	memset(out, 0, KITH_KEYFILE_BYTES);
	memcpy(out, magic, sizeof magic);
	out[AT_KDF] = KDF_NONE;
	env->random(env->ctx, out + HEADER, crypto_secretbox_NONCEBYTES);
	memcpy(inside, seed, KITH_KEY_BYTES);
	box_key(out, kith_span("", 0), key);
	(void)crypto_secretbox_easy(out + AT_BOX, inside, sizeof inside, out + HEADER, key);
	sodium_memzero(inside, sizeof inside);
	sodium_memzero(key, sizeof key);
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

enum kith_err kith_keyfile_open(struct kith_span bytes, uint8_t ret_seed[static KITH_KEY_BYTES])
{
	uint8_t inside[INSIDE];
	uint8_t key[crypto_secretbox_KEYBYTES];
	enum kith_err err = KITH_OK;

	if (bytes.n != KITH_KEYFILE_BYTES || memcmp(bytes.p, magic, sizeof magic) != 0)
		return KITH_ERR_KEYFILE;
	if (bytes.p[AT_KDF] > KDF_ARGON2ID13)
		return KITH_ERR_VERSION;
	if (!parameters_allowed(bytes.p))
		return KITH_ERR_KEYFILE;
	if (bytes.p[AT_KDF] == KDF_ARGON2ID13)
		return KITH_ERR_PASSPHRASE;
	box_key(bytes.p, kith_span("", 0), key);
	if (crypto_secretbox_open_easy(
		    inside, bytes.p + AT_BOX, bytes.n - AT_BOX, bytes.p + HEADER, key) != 0)
		err = KITH_ERR_KEYFILE;
	else if (u32be(inside + KITH_KEY_BYTES) != 0)
		err = KITH_ERR_VERSION;
	else
		memcpy(ret_seed, inside, KITH_KEY_BYTES);
	sodium_memzero(inside, sizeof inside);
	sodium_memzero(key, sizeof key);
	return err;
}

enum kith_err kith_identity_save(
	const struct kith_identity *id, const char *home, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	uint8_t bytes[KITH_KEYFILE_BYTES];

	if (!kith_path_join(&path, home, KITH_HOME_KEY))
		return KITH_ERR_NOMEM;
	kith_keyfile_seal(NULL, kith_identity_seed(id), bytes);
	enum kith_err err = kith_file_write(
		(const char *)path.p, kith_span(bytes, sizeof bytes), 0600, KITH_FILE_NEW, diag);
	sodium_memzero(bytes, sizeof bytes); /* without a passphrase it is as good as the seed */
	return err;
}

static enum kith_err explain(enum kith_err err, const char *path, struct kith_diag *diag)
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
		return kith_fail(diag, err,
			"%s is protected by a passphrase, which this kith cannot "
			"ask for yet",
			path);
	case KITH_ERR_VERSION:
		return kith_fail(diag, err, "%s was written by a newer kith", path);
	default:
		return err;
	}
}

enum kith_err kith_identity_load(
	const char *home, struct kith_identity **ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	uint8_t seed[KITH_KEY_BYTES];

	if (!kith_path_join(&path, home, KITH_HOME_KEY))
		return KITH_ERR_NOMEM;
	enum kith_err err = kith_folder_check(home, diag);
	if (!err)
		err = kith_file_read_private(
			(const char *)path.p, KITH_KEYFILE_BYTES, &bytes, diag);
	if (!err)
		err = kith_keyfile_open(kith_buf_span(&bytes), seed);
	if (err)
		return explain(err, (const char *)path.p, diag);
	err = kith_identity_from_seed(seed, ret);
	sodium_memzero(seed, sizeof seed);
	return err;
}
