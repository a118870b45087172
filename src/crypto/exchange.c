/* SPDX-License-Identifier: MIT */
#include "crypto/exchange.h"

#include <sodium.h>

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
	const uint8_t th[static 32], uint8_t ret_ir[static KITH_SECRET_BYTES],
	uint8_t ret_ri[static KITH_SECRET_BYTES])
{
	crypto_generichash_state state;
	uint8_t dh[crypto_scalarmult_BYTES];
	uint8_t prk[crypto_kdf_KEYBYTES];

	if (crypto_scalarmult(dh, mine->secret, theirs) != 0)
		return KITH_ERR_PROTOCOL;
	(void)crypto_generichash_init(&state, dh, sizeof dh, sizeof prk);
	(void)crypto_generichash_update(&state, (const uint8_t *)label, sizeof label);
	(void)crypto_generichash_update(&state, th, 32);
	(void)crypto_generichash_final(&state, prk, sizeof prk);
	(void)crypto_kdf_derive_from_key(ret_ir, KITH_SECRET_BYTES, 1, "kith-ses", prk);
	(void)crypto_kdf_derive_from_key(ret_ri, KITH_SECRET_BYTES, 2, "kith-ses", prk);
	sodium_memzero(&state, sizeof state);
	sodium_memzero(dh, sizeof dh);
	sodium_memzero(prk, sizeof prk);
	return KITH_OK;
}

void kith_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
