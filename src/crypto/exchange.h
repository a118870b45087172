/* SPDX-License-Identifier: MIT
 *
 * exchange - one attempt's key exchange: X25519, the two directions' keys, a wiped secret.
 * proto/session.md "Values"; RFC 7748 section 5.
 */
#ifndef KITH_CRYPTO_EXCHANGE_H
#define KITH_CRYPTO_EXCHANGE_H

#include <kith/identity.h>

#define KITH_SECRET_BYTES 32 /* an X25519 secret, a stream key */

/* A key pair of one attempt, or of one CURVE announcement.  Wipe with kith_wipe. */
struct kith_pair {
	uint8_t secret[KITH_SECRET_BYTES];
	uint8_t key[32]; /* the public half */
};

/* Makes a pair from env's randomness (never NULL). */
void kith_pair_new(const struct kith_env *env, struct kith_pair *ret_pair);

/* True for the keys that X25519 answers with zero: no honest program makes them. */
bool kith_key_is_weak(const uint8_t key[static 32]);

/*
 * The keys of both directions from my pair, their public key and the transcript hash:
 * dh = X25519, prk = BLAKE2b(key dh, "kith/1 keys" 0 th), then crypto_kdf ids 1 (I to R) and 2.
 * k: the K of a tie (proto/known.md), which then stands behind dh in the key; NULL between strangers.
 * KITH_ERR_PROTOCOL: their key is weak; the outputs are then untouched.
 */
enum kith_err kith_exchange(const struct kith_pair *mine, const uint8_t theirs[static 32],
	const uint8_t *k, const uint8_t th[static 32], uint8_t ret_ir[static KITH_SECRET_BYTES],
	uint8_t ret_ri[static KITH_SECRET_BYTES]) KITH_MUST_CHECK;

/* The secret of xk, 32 bytes, valid as long as the identity. */
const uint8_t *kith_identity_xk_secret(const struct kith_identity *id);

/*
 * What two who hold each other's keys have in common (proto/known.md, "Ties"): K from the secret of my xk,
 * my ik, and their ik and xk.  KITH_ERR_VALUE: their xk is weak; ret_k is then untouched.
 */
enum kith_err kith_tie_key(const uint8_t xk_secret[static KITH_KEY_BYTES],
	const uint8_t mine[static KITH_KEY_BYTES], const uint8_t theirs[static KITH_KEY_BYTES],
	const uint8_t their_xk[static KITH_KEY_BYTES],
	uint8_t ret_k[static KITH_SECRET_BYTES]) KITH_MUST_CHECK;

/* Overwrites memory that held a secret. */
void kith_wipe(void *p, size_t n);

#endif
