/* SPDX-License-Identifier: MIT
 *
 * keyfile - the bytes of identity.key, proto/card.md "Key file".
 */
#ifndef KITH_CRYPTO_KEYFILE_H
#define KITH_CRYPTO_KEYFILE_H

#include "crypto/stretch.h"

#define KITH_KEYFILE_BYTES 109 /* magic 8, kdf 1, ops 4, mem 4, salt 16, nonce 24, box 52 */

/* Writes the file's bytes for a seed, without a passphrase.  Nonce from env (NULL: default). */
void kith_keyfile_seal(const struct kith_env *env, const uint8_t seed[static KITH_KEY_BYTES],
	uint8_t out[static KITH_KEYFILE_BYTES]);

/*
 * The same with a passphrase, salt from env too.  cost as in kith_identity_save_protected.
 * Errors: KITH_ERR_LIMIT (a cost that no reader agrees to), KITH_ERR_NOMEM (memory for Argon2id).
 */
enum kith_err kith_keyfile_protect(const struct kith_env *env,
	const uint8_t seed[static KITH_KEY_BYTES], const struct kith_passphrase *passphrase,
	const struct kith_keyfile_cost *cost,
	uint8_t out[static KITH_KEYFILE_BYTES]) KITH_MUST_CHECK;

/*
 * Opens the file's bytes, without a passphrase or with one (NULL: none is at hand).  ret_seed is
 * written on success only.
 * Errors: KITH_ERR_KEYFILE (wrong size or magic, parameters outside their limits or not zero
 * where nothing is to be stretched, box does not open although there is no passphrase),
 * KITH_ERR_PASSPHRASE (protected by one, and this is not it), KITH_ERR_VERSION (an unknown kdf, or
 * flags are set), KITH_ERR_NOMEM (memory for Argon2id).
 */
enum kith_err kith_keyfile_open(
	struct kith_span bytes, uint8_t ret_seed[static KITH_KEY_BYTES]) KITH_MUST_CHECK;
enum kith_err kith_keyfile_unlock(struct kith_span bytes, const struct kith_passphrase *passphrase,
	uint8_t ret_seed[static KITH_KEY_BYTES]) KITH_MUST_CHECK;

/* The file's bytes for an identity, with a sentence; passphrase NULL: none.  Errors as of
 * kith_keyfile_protect. */
enum kith_err kith_keyfile_make(const struct kith_identity *id,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	uint8_t out[static KITH_KEYFILE_BYTES], struct kith_diag *diag) KITH_MUST_CHECK;

#endif
