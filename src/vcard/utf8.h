/* SPDX-License-Identifier: MIT
 *
 * utf8 - UTF-8 in quantity: most of what is read is ASCII.
 */
#ifndef KITH_VCARD_UTF8_H
#define KITH_VCARD_UTF8_H

#include <kith/bytes.h>

/* Bytes of ASCII at the front. */
size_t kith_utf8_ascii(struct kith_span s);

/* As kith_text_valid says. */
bool kith_utf8_valid(struct kith_span s);

/* Bytes of the valid character of several bytes at the front, 0 when there is none. */
size_t kith_utf8_character(struct kith_span s);

/* A code point into out, of 4 bytes; how many it took. */
size_t kith_utf8_put(uint32_t c, uint8_t *out);

/* Whether it is nothing but ASCII from " " to "~" without a backslash: what stands for itself. */
bool kith_utf8_simple(struct kith_span s);

#endif
