/* SPDX-License-Identifier: MIT
 *
 * keyfile - the bytes of identity.key, proto/card.md "Key file".
 */
#ifndef KITH_CRYPTO_KEYFILE_H
#define KITH_CRYPTO_KEYFILE_H

#include <kith/identity.h>

#define KITH_KEYFILE_BYTES       109 /* magic 8, kdf 1, ops 4, mem 4, salt 16, nonce 24, box 52 */
#define KITH_KEYFILE_OPS_MAX     10  /* Argon2id passes a reader agrees to */
#define KITH_KEYFILE_MEM_KIB_MAX 1048576 /* and memory */

/* Writes the file's bytes for a seed, without a passphrase.  Nonce from env (NULL: default). */
void kith_keyfile_seal(const struct kith_env *env, const uint8_t seed[static KITH_KEY_BYTES],
	uint8_t out[static KITH_KEYFILE_BYTES]);

/*
 * Opens the file's bytes.  ret_seed is written on success only.
 * Errors: KITH_ERR_KEYFILE (wrong size or magic, parameters outside their limits or not zero
 * where nothing is to be stretched, box does not open),
 * KITH_ERR_PASSPHRASE (protected by one), KITH_ERR_VERSION (an unknown kdf, or flags are set).
 */
enum kith_err kith_keyfile_open(
	struct kith_span bytes, uint8_t ret_seed[static KITH_KEY_BYTES]) KITH_MUST_CHECK;

#endif
