/* SPDX-License-Identifier: MIT
 *
 * sign - Ed25519 over label || 0x00 || bytes, proto/card.md "Conventions"; RFC 8032 section 5.1.
 */
#ifndef KITH_CRYPTO_SIGN_H
#define KITH_CRYPTO_SIGN_H

#include <kith/identity.h>

/* Signs with the identity's ik.  KITH_ERR_NOMEM; any thread. */
enum kith_err kith_sign(const struct kith_identity *id, const char *label, struct kith_span bytes,
	uint8_t out[static KITH_SIG_BYTES]) KITH_MUST_CHECK;

/* KITH_OK, KITH_ERR_SIG (also for a small-order or non-canonical key or signature), KITH_ERR_NOMEM. */
enum kith_err kith_sign_verify(const uint8_t ik[static KITH_KEY_BYTES], const char *label,
	struct kith_span bytes, const uint8_t sig[static KITH_SIG_BYTES]) KITH_MUST_CHECK;

#endif
