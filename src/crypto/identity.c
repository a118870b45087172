/* SPDX-License-Identifier: MIT */
#include <kith/identity.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base32.h"
#include "crypto/exchange.h"
#include "crypto/hash.h"
#include "crypto/seed.h"
#include "crypto/sign.h"

#define KDF_CONTEXT "kith-id1"

/* In memory from sodium_malloc: guarded, locked, wiped when freed. */
struct kith_identity {
	uint8_t seed[KITH_KEY_BYTES];
	uint8_t ik_secret[crypto_sign_SECRETKEYBYTES];
	uint8_t ik[KITH_KEY_BYTES];
	uint8_t xk_secret[KITH_KEY_BYTES];
	uint8_t xk[KITH_KEY_BYTES];
};

enum kith_err kith_crypto_start(void)
{
	return sodium_init() < 0 ? KITH_ERR_INTERNAL : KITH_OK;
}

enum kith_err kith_identity_from_seed(
	const uint8_t seed[static KITH_KEY_BYTES], struct kith_identity **ret)
{
	uint8_t ik_seed[crypto_sign_SEEDBYTES];
	struct kith_identity *id = sodium_malloc(sizeof *id);

	if (!id)
		return KITH_ERR_NOMEM;
	memcpy(id->seed, seed, sizeof id->seed);
	(void)crypto_kdf_derive_from_key(ik_seed, sizeof ik_seed, 1, KDF_CONTEXT, seed);
	(void)crypto_kdf_derive_from_key(id->xk_secret, sizeof id->xk_secret, 2, KDF_CONTEXT, seed);
	(void)crypto_sign_seed_keypair(id->ik, id->ik_secret, ik_seed);
	(void)crypto_scalarmult_base(id->xk, id->xk_secret);
	sodium_memzero(ik_seed, sizeof ik_seed);
	(void)sodium_mprotect_readonly(id);
	*ret = id;
	return KITH_OK;
}

enum kith_err kith_identity_new(const struct kith_env *env, struct kith_identity **ret)
{
	uint8_t seed[KITH_KEY_BYTES];

	if (!env)
		env = kith_env_default();
	env->random(env->ctx, seed, sizeof seed);
	enum kith_err err = kith_identity_from_seed(seed, ret);
	sodium_memzero(seed, sizeof seed);
	return err;
}

void kith_identity_free(struct kith_identity *id)
{
	sodium_free(id);
}

const uint8_t *kith_identity_ik(const struct kith_identity *id)
{
	return id->ik;
}

const uint8_t *kith_identity_xk(const struct kith_identity *id)
{
	return id->xk;
}

const uint8_t *kith_identity_seed(const struct kith_identity *id)
{
	return id->seed;
}

const uint8_t *kith_identity_xk_secret(const struct kith_identity *id)
{
	return id->xk_secret;
}

/* Ed25519 over label || 0 || bytes, in one pass over a copy: libsodium has no multi-part PureEdDSA. */
static uint8_t *labelled(const char *label, struct kith_span bytes, size_t *ret_n)
{
	size_t label_n = strlen(label) + 1;
	uint8_t *m = malloc(label_n + bytes.n);

	if (!m)
		return NULL;
	memcpy(m, label, label_n);
	if (bytes.n)
		memcpy(m + label_n, bytes.p, bytes.n);
	*ret_n = label_n + bytes.n;
	return m;
}

enum kith_err kith_sign(const struct kith_identity *id, const char *label, struct kith_span bytes,
	uint8_t out[static KITH_SIG_BYTES])
{
	size_t n = 0;
	uint8_t *m = labelled(label, bytes, &n);

	if (!m)
		return KITH_ERR_NOMEM;
	(void)crypto_sign_detached(out, NULL, m, n, id->ik_secret);
	free(m);
	return KITH_OK;
}

enum kith_err kith_sign_verify(const uint8_t ik[static KITH_KEY_BYTES], const char *label,
	struct kith_span bytes, const uint8_t sig[static KITH_SIG_BYTES])
{
	size_t n = 0;
	uint8_t *m = labelled(label, bytes, &n);

	if (!m)
		return KITH_ERR_NOMEM;
	int bad = crypto_sign_verify_detached(sig, m, n, ik);
	free(m);
	return bad ? KITH_ERR_SIG : KITH_OK;
}

void kith_id_text(const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_ID_CHARS + 1])
{
	kith_base32(out, kith_span(ik, KITH_KEY_BYTES));
}

void kith_uid_mark(uint8_t bytes[static KITH_UID_BYTES], uint8_t version)
{
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | version << 4);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
}

void kith_uid_write(const uint8_t bytes[static KITH_UID_BYTES], char out[static KITH_UID_CHARS + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < KITH_UID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 0xf];
	}
	*out = 0;
}

void kith_uid_text(const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_UID_CHARS + 1])
{
	struct kith_span part = kith_span(ik, KITH_KEY_BYTES);
	uint8_t h[KITH_HASH_BYTES];

	kith_hash(h, "kith/1 uid", &part, 1);
	kith_uid_mark(h, 8);
	kith_uid_write(h, out);
}

void kith_uid_random(const struct kith_env *env, char out[static KITH_UID_CHARS + 1])
{
	uint8_t h[KITH_UID_BYTES];

	env = env ? env : kith_env_default();
	env->random(env->ctx, h, sizeof h);
	kith_uid_mark(h, 4);
	kith_uid_write(h, out);
}

void kith_fingerprint_text(
	const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_FINGERPRINT_CHARS + 1])
{
	for (uint8_t i = 0; i < 6; i++) {
		struct kith_span parts[2] = {kith_span(ik, KITH_KEY_BYTES), kith_span(&i, 1)};
		uint8_t h[KITH_HASH_BYTES];
		uint64_t v = 0;
		kith_hash(h, "kith/1 fingerprint", parts, 2);
		for (size_t j = 0; j < 8; j++)
			v = v << 8 | h[j];
		out += snprintf(out, 7, i ? " %05u" : "%05u", (unsigned)(v % 100000));
	}
}
