/* SPDX-License-Identifier: MIT
 *
 * base32 - RFC 4648 section 6, upper case, without padding: legal in names, URIs and QR codes.
 */
#ifndef KITH_BASE_BASE32_H
#define KITH_BASE_BASE32_H

#include <stdbool.h>

#include <kith/bytes.h>

#define KITH_BASE32_CHARS(bytes) (((bytes)*8 + 4) / 5) /* characters for that many bytes */

/* Writes KITH_BASE32_CHARS(s.n) characters and a NUL to out. */
void kith_base32(char *out, struct kith_span s);

/* Reads exactly n bytes from KITH_BASE32_CHARS(n) characters; lower case is taken too.  False,
 * with out undefined, on any other length or character, or when unused bits are not zero. */
bool kith_base32_read(uint8_t *out, size_t n, struct kith_span text);

#endif
