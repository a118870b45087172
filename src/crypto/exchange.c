/* SPDX-License-Identifier: MIT */
#include "crypto/exchange.h"

#include <sodium.h>

#include "crypto/hash.h"

static const char label[] = "kith/1 keys"; /* its NUL is the separator */

void kith_pair_new(const struct kith_env *env, struct kith_pair *ret_pair)
{
	env->random(env->ctx, ret_pair->secret, sizeof ret_pair->secret);
	(void)crypto_scalarmult_base(ret_pair->key, ret_pair->secret);
}

bool kith_key_is_weak(const uint8_t key[static 32])
{
	static const uint8_t any[KITH_SECRET_BYTES] = {8};
	uint8_t out[32];

	return crypto_scalarmult(out, any, key) != 0;
}

enum kith_err kith_exchange(const struct kith_pair *mine, const uint8_t theirs[static 32],
	const uint8_t *k, const uint8_t th[static 32], uint8_t ret_ir[static KITH_SECRET_BYTES],
	uint8_t ret_ri[static KITH_SECRET_BYTES])
{
	crypto_generichash_state state;
	uint8_t key[crypto_scalarmult_BYTES + KITH_SECRET_BYTES]; /* dh, and K behind it */
	uint8_t prk[crypto_kdf_KEYBYTES];

	if (crypto_scalarmult(key, mine->secret, theirs) != 0)
		return KITH_ERR_PROTOCOL;
	if (k)
		memcpy(key + crypto_scalarmult_BYTES, k, KITH_SECRET_BYTES);
	(void)crypto_generichash_init(
		&state, key, k ? sizeof key : crypto_scalarmult_BYTES, sizeof prk);
	(void)crypto_generichash_update(&state, (const uint8_t *)label, sizeof label);
	(void)crypto_generichash_update(&state, th, 32);
	(void)crypto_generichash_final(&state, prk, sizeof prk);
	(void)crypto_kdf_derive_from_key(ret_ir, KITH_SECRET_BYTES, 1, "kith-ses", prk);
	(void)crypto_kdf_derive_from_key(ret_ri, KITH_SECRET_BYTES, 2, "kith-ses", prk);
	sodium_memzero(&state, sizeof state);
	sodium_memzero(key, sizeof key);
	sodium_memzero(prk, sizeof prk);
	return KITH_OK;
}

enum kith_err kith_tie_key(const uint8_t xk_secret[static KITH_KEY_BYTES],
	const uint8_t mine[static KITH_KEY_BYTES], const uint8_t theirs[static KITH_KEY_BYTES],
	const uint8_t their_xk[static KITH_KEY_BYTES], uint8_t ret_k[static KITH_SECRET_BYTES])
{
	uint8_t dh[crypto_scalarmult_BYTES] = {0};
	bool first = memcmp(mine, theirs, KITH_KEY_BYTES) < 0;
	struct kith_span parts[] = {kith_span(dh, sizeof dh),
		kith_span(first ? mine : theirs, KITH_KEY_BYTES),
		kith_span(first ? theirs : mine, KITH_KEY_BYTES)};

	if (crypto_scalarmult(dh, xk_secret, their_xk) != 0)
		return KITH_ERR_VALUE;
	kith_hash(ret_k, "kith/1 pair", parts, sizeof parts / sizeof parts[0]);
	sodium_memzero(dh, sizeof dh);
	return KITH_OK;
}

void kith_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
