/* SPDX-License-Identifier: MIT
 *
 * hash - H(label, x1 ... xn), proto/card.md "Conventions".
 */
#ifndef KITH_CRYPTO_HASH_H
#define KITH_CRYPTO_HASH_H

#include <kith/bytes.h>

#define KITH_HASH_BYTES 32

/* Writes H(label, parts[0] ... parts[n-1]).  Cannot fail; any thread. */
void kith_hash(uint8_t out[static KITH_HASH_BYTES], const char *label,
	const struct kith_span *parts, size_t n);

#endif
