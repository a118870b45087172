/* SPDX-License-Identifier: MIT */
#include "crypto/hash.h"

#include <sodium.h>

static void take(crypto_generichash_state *state, const void *p, size_t n)
{
	uint8_t length[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

	(void)crypto_generichash_update(state, length, sizeof length);
	(void)crypto_generichash_update(state, p ? p : (const void *)"", n);
}

void kith_hash(uint8_t out[static KITH_HASH_BYTES], const char *label,
	const struct kith_span *parts, size_t n)
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, KITH_HASH_BYTES);
	take(&state, label, strlen(label));
	for (size_t i = 0; i < n; i++)
		take(&state, parts[i].p, parts[i].n);
	(void)crypto_generichash_final(&state, out, KITH_HASH_BYTES);
	sodium_memzero(&state, sizeof state);
}
