/* SPDX-License-Identifier: MIT */
#include "crypto/stretch.h"

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/passphrase.h"

enum {
	KDF_NONE = 0,
	KDF_ARGON2ID13 = 1,
	AT_KDF = 8,
	AT_OPS = 9,
	AT_MEM = 13,
	AT_SALT = 17,
	STRETCHED = 32, /* what comes out of Argon2id */
};

static const struct kith_keyfile_cost moderate = {
	crypto_pwhash_argon2id_OPSLIMIT_MODERATE, crypto_pwhash_argon2id_MEMLIMIT_MODERATE / 1024};
static const struct kith_keyfile_cost interactive = {crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
	crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE / 1024};

_Static_assert(KITH_STRETCH_HEADER - AT_SALT == crypto_pwhash_argon2id_SALTBYTES, "salt");

static uint32_t u32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32be(uint8_t *p, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* Nothing without a passphrase; with one, what Argon2id can do and a reader agrees to. */
static bool parameters_allowed(const uint8_t *header)
{
	uint32_t ops = u32be(header + AT_OPS);
	uint32_t mem_kib = u32be(header + AT_MEM);

	if (header[AT_KDF] == KDF_NONE)
		return sodium_is_zero(header + AT_OPS, KITH_STRETCH_HEADER - AT_OPS);
	return ops >= crypto_pwhash_argon2id_OPSLIMIT_MIN && ops <= KITH_KEYFILE_OPS_MAX &&
	       mem_kib >= crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 &&
	       mem_kib <= KITH_KEYFILE_MEM_KIB_MAX;
}

/* What is hashed: nothing was stretched where there is no passphrase. */
static void make_key(struct kith_span stretched, const uint8_t *header, const char *label,
	uint8_t out[static 32])
{
	struct kith_span parts[2] = {stretched, kith_span(header, KITH_STRETCH_HEADER)};

	kith_hash(out, label, parts, 2);
}

void kith_stretch_plain(const char magic[static 8], const char *label,
	uint8_t ret_header[static KITH_STRETCH_HEADER], uint8_t ret_key[static 32])
{
	memset(ret_header, 0, KITH_STRETCH_HEADER);
	memcpy(ret_header, magic, 8);
	ret_header[AT_KDF] = KDF_NONE;
	make_key(kith_span("", 0), ret_header, label, ret_key);
}

enum kith_err kith_stretch_new(const struct kith_env *env, const char magic[static 8],
	const char *label, const struct kith_passphrase *passphrase,
	const struct kith_keyfile_cost *cost, uint8_t ret_header[static KITH_STRETCH_HEADER],
	uint8_t ret_key[static 32])
{
	const struct kith_keyfile_cost *c = cost ? cost : &moderate;
	enum kith_err err;

	env = env ? env : kith_env_default();
	memcpy(ret_header, magic, 8);
	ret_header[AT_KDF] = KDF_ARGON2ID13;
	put32be(ret_header + AT_OPS, c->ops);
	put32be(ret_header + AT_MEM, c->mem_kib);
	if (!parameters_allowed(ret_header))
		return KITH_ERR_LIMIT;
	env->random(env->ctx, ret_header + AT_SALT, KITH_STRETCH_HEADER - AT_SALT);
	err = kith_stretch_key(ret_header, label, passphrase, ret_key);
	return err == KITH_ERR_NOMEM && !cost ? kith_stretch_new(env, magic, label, passphrase,
							&interactive, ret_header, ret_key)
					      : err;
}

enum kith_err kith_stretch_check(struct kith_span bytes, const char magic[static 8])
{
	if (bytes.n < KITH_STRETCH_HEADER || memcmp(bytes.p, magic, 8) != 0)
		return KITH_ERR_KEYFILE;
	if (bytes.p[AT_KDF] > KDF_ARGON2ID13)
		return KITH_ERR_VERSION;
	return parameters_allowed(bytes.p) ? KITH_OK : KITH_ERR_KEYFILE;
}

bool kith_stretch_protected(const uint8_t header[static KITH_STRETCH_HEADER])
{
	return header[AT_KDF] == KDF_ARGON2ID13;
}

unsigned kith_stretch_mib(const uint8_t header[static KITH_STRETCH_HEADER])
{
	return (unsigned)u32be(header + AT_MEM) / 1024;
}

unsigned kith_stretch_least(const struct kith_keyfile_cost *cost)
{
	return (unsigned)(cost ? cost->mem_kib : interactive.mem_kib) / 1024;
}

enum kith_err kith_stretch_key(const uint8_t header[static KITH_STRETCH_HEADER], const char *label,
	const struct kith_passphrase *passphrase, uint8_t ret_key[static 32])
{
	uint8_t stretched[STRETCHED];

	if (!kith_stretch_protected(header)) {
		make_key(kith_span("", 0), header, label, ret_key);
		return KITH_OK;
	}
	if (!passphrase)
		return KITH_ERR_PASSPHRASE;
	struct kith_span word = kith_passphrase_span(passphrase);
	if (crypto_pwhash(stretched, sizeof stretched, (const char *)word.p, word.n,
		    header + AT_SALT, u32be(header + AT_OPS), (size_t)u32be(header + AT_MEM) * 1024,
		    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return KITH_ERR_NOMEM;
	make_key(kith_span(stretched, sizeof stretched), header, label, ret_key);
	sodium_memzero(stretched, sizeof stretched);
	return KITH_OK;
}
