/* SPDX-License-Identifier: MIT */
#include "crypto/mac.h"

#include <sodium.h>

void kith_mac(uint8_t *out, size_t n, const uint8_t key[static 32], struct kith_span bytes)
{
	(void)crypto_generichash(out, n, bytes.p, bytes.n, key, 32);
}

bool kith_same_bytes(const uint8_t *a, const uint8_t *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}
