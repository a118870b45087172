/* SPDX-License-Identifier: MIT
 *
 * mac - BLAKE2b with a key: a value that only those who hold the key can make or tell from chance.
 */
#ifndef KITH_CRYPTO_MAC_H
#define KITH_CRYPTO_MAC_H

#include <kith/bytes.h>

/* Writes n bytes, 16 to 64.  Cannot fail; any thread. */
void kith_mac(uint8_t *out, size_t n, const uint8_t key[static 32], struct kith_span bytes);

/* Whether n bytes are the same, in a time that does not depend on them. */
bool kith_same_bytes(const uint8_t *a, const uint8_t *b, size_t n);

#endif
