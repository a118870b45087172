/* SPDX-License-Identifier: MIT
 *
 * z85 - a CURVE key as ZeroMQ writes it (RFC 32).
 */
#ifndef KITH_HOSTILE_Z85_H
#define KITH_HOSTILE_Z85_H

#include <stdint.h>

#define Z85_KEY_CHARS 40

static inline void z85_key(const uint8_t key[32], char out[Z85_KEY_CHARS + 1])
{
	static const char chars[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    ".-:+=^!/*?&<>()[]{}@%$#";

	for (int i = 0; i < 8; i++) {
		uint32_t v = (uint32_t)key[4 * i] << 24 | (uint32_t)key[4 * i + 1] << 16 |
			     (uint32_t)key[4 * i + 2] << 8 | key[4 * i + 3];
		for (int k = 4; k >= 0; k--, v /= 85)
			out[5 * i + k] = chars[v % 85];
	}
	out[Z85_KEY_CHARS] = 0;
}

#endif
