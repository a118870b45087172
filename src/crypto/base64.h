/* SPDX-License-Identifier: MIT
 *
 * base64 - RFC 4648: section 4 with padding, and section 5 (base64url) without.
 */
#ifndef KITH_CRYPTO_BASE64_H
#define KITH_CRYPTO_BASE64_H

#include <kith/bytes.h>

/* Appends s in base64, a line feed after every `columns` characters and at the end (0: none). */
enum kith_err kith_base64(struct kith_buf *out, struct kith_span s, size_t columns) KITH_MUST_CHECK;

/* Appends the bytes of a base64 text; blanks and line ends are skipped.
 * KITH_ERR_SHAPE: not base64; KITH_ERR_NOMEM. */
enum kith_err kith_base64_read(struct kith_buf *out, struct kith_span text) KITH_MUST_CHECK;

/* The same in base64url without padding and without line ends; reading takes nothing else. */
enum kith_err kith_base64url(struct kith_buf *out, struct kith_span s) KITH_MUST_CHECK;
enum kith_err kith_base64url_read(struct kith_buf *out, struct kith_span text) KITH_MUST_CHECK;

#endif
