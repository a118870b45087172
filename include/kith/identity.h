/* SPDX-License-Identifier: MIT
 *
 * identity.h - the secret that makes a person the same person.  UNSTABLE until 1.0.
 * Source: proto/card.md, "Keys" and "Key file".
 *
 * Call kith_crypto_start once before anything else of kith; all functions here are then safe from
 * any thread, an identity being read-only once made.
 */
#ifndef KITH_IDENTITY_H
#define KITH_IDENTITY_H

#include <kith/bytes.h>

#define KITH_KEY_BYTES         32 /* an Ed25519 or X25519 public key, a seed */
#define KITH_SIG_BYTES         64 /* an Ed25519 signature */
#define KITH_ID_CHARS          52 /* base32 of a key */
#define KITH_UID_CHARS         36 /* a UUID as text */
#define KITH_FINGERPRINT_CHARS 35 /* six groups of five digits and the blanks between */

/* Starts libsodium.  KITH_ERR_INTERNAL when it cannot be started; repeatable. */
enum kith_err kith_crypto_start(void) KITH_MUST_CHECK;

/* The secret keys.  Lives in guarded, locked memory; wiped when freed. */
struct kith_identity;

/* A new identity from env's randomness (NULL: the process's own).  KITH_ERR_NOMEM. */
enum kith_err kith_identity_new(
	const struct kith_env *env, struct kith_identity **ret) KITH_MUST_CHECK;

/* An identity from its seed.  KITH_ERR_NOMEM. */
enum kith_err kith_identity_from_seed(
	const uint8_t seed[static KITH_KEY_BYTES], struct kith_identity **ret) KITH_MUST_CHECK;

/* Wipes and frees; NULL allowed. */
void kith_identity_free(struct kith_identity *id);

/* The public keys, valid as long as the identity. */
const uint8_t *kith_identity_ik(const struct kith_identity *id);
const uint8_t *kith_identity_xk(const struct kith_identity *id);

/*
 * Writes the key file (new, mode 0600; without a passphrase for now) into the home folder.
 * Errors: KITH_ERR_EXISTS (nothing touched), KITH_ERR_PERMISSION, KITH_ERR_STORE_FULL, KITH_ERR_IO.
 */
enum kith_err kith_identity_save(
	const struct kith_identity *id, const char *home, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Reads the key file of the home folder.
 * Errors: KITH_ERR_NOIDENTITY (no such home or file), KITH_ERR_PERMISSION (folder or file open to
 * others, a link, another owner), KITH_ERR_KEYFILE (damaged, or hostile parameters),
 * KITH_ERR_PASSPHRASE (it is protected), KITH_ERR_VERSION, KITH_ERR_NOMEM, KITH_ERR_IO.
 */
enum kith_err kith_identity_load(
	const char *home, struct kith_identity **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* A person's id: base32 of ik, KITH_ID_CHARS and a NUL. */
void kith_id_text(const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_ID_CHARS + 1]);

/* The UID that a person has in vCards: a UUID from ik, KITH_UID_CHARS and a NUL. */
void kith_uid_text(const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_UID_CHARS + 1]);

/* For reading aloud: "12345 67890 ...", KITH_FINGERPRINT_CHARS and a NUL. */
void kith_fingerprint_text(
	const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_FINGERPRINT_CHARS + 1]);

#endif
