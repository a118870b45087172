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
#define KITH_UID_BYTES         16 /* a UUID */
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

/* --- at rest ---------------------------------------------------------------------------------- */

/* A passphrase: one line of valid UTF-8, in NFC, so that two keyboards agree.  Lives in guarded,
 * locked memory; wiped when freed. */
struct kith_passphrase;

/*
 * A passphrase from text, or from the next line of a descriptor, of which no byte behind the line
 * is read; the line ends with LF, CR LF, or where the input ends.  Reading waits, until the
 * descriptor `stop` becomes readable (-1: none), which is KITH_ERR_PASSPHRASE.
 * Errors: KITH_ERR_LIMIT (longer than PASSPHRASE_MAX), KITH_ERR_UTF8, KITH_ERR_NOMEM, KITH_ERR_IO.
 */
enum kith_err kith_passphrase_new(struct kith_span text, struct kith_passphrase **ret,
	struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_passphrase_read(
	int fd, int stop, struct kith_passphrase **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* Writes it as a line, for kith_passphrase_read in another process.  A pipe that is empty takes it
 * at once.  KITH_ERR_IO. */
enum kith_err kith_passphrase_write(
	const struct kith_passphrase *p, int fd, struct kith_diag *diag) KITH_MUST_CHECK;

/* Wipes and frees; NULL allowed. */
void kith_passphrase_free(struct kith_passphrase *p);

bool kith_passphrase_empty(const struct kith_passphrase *p);
bool kith_passphrase_same(const struct kith_passphrase *a, const struct kith_passphrase *b);

/* What Argon2id is to cost whoever opens a key file, and whoever guesses at it. */
struct kith_keyfile_cost {
	uint32_t ops;     /* passes */
	uint32_t mem_kib; /* memory */
};

/*
 * Writes the key file (new, mode 0600) into the home folder: without a passphrase, or protected by
 * one.  cost NULL: libsodium's "moderate" (3 passes, 256 MiB, most of a second), or where that
 * memory is not to be had "interactive" (2 passes, 64 MiB); the file says which.
 * Errors: KITH_ERR_EXISTS (nothing touched), KITH_ERR_PERMISSION, KITH_ERR_STORE_FULL,
 * KITH_ERR_STORE_READONLY, KITH_ERR_IO; with a passphrase KITH_ERR_NOMEM, and KITH_ERR_LIMIT for a
 * cost that no reader agrees to.
 */
enum kith_err kith_identity_save(
	const struct kith_identity *id, const char *home, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_identity_save_protected(const struct kith_identity *id, const char *home,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Reads the key file of the home folder: one without a passphrase, or either kind (passphrase may
 * be NULL, and is not looked at when the file has none).
 * Errors: KITH_ERR_NOIDENTITY (no such home or file), KITH_ERR_PERMISSION (folder or file open to
 * others, a link, another owner), KITH_ERR_KEYFILE (damaged, or hostile parameters: refused before
 * anything is computed), KITH_ERR_PASSPHRASE (missing, or it does not open the file: one answer
 * after the same work, whatever is wrong), KITH_ERR_VERSION, KITH_ERR_NOMEM (also when what
 * Argon2id takes is not to be had), KITH_ERR_IO.
 */
enum kith_err kith_identity_load(
	const char *home, struct kith_identity **ret, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_identity_load_protected(const char *home,
	const struct kith_passphrase *passphrase, struct kith_identity **ret,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether the home's key file is protected by a passphrase, from its header alone.  Errors: those of
 * kith_identity_load that need no passphrase. */
enum kith_err kith_identity_is_protected(
	const char *home, bool *ret, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Puts another key file in the place of the home's by rename: the same identity under another passphrase or
 * none, or a new identity.  The bytes of the old file are overwritten, for what that is worth on this disk.
 * passphrase NULL: none; cost as above.  Errors as of kith_identity_save_protected.
 */
enum kith_err kith_identity_replace(const struct kith_identity *id, const char *home,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* --- keys that were left (proto/card.md "Retired keys") ---------------------------------------- */

/* A former xk of mine, whose ik is gone.  Borrowed, in guarded memory. */
struct kith_retired {
	uint8_t ik[KITH_KEY_BYTES];
	const uint8_t *xk_secret; /* KITH_KEY_BYTES */
	uint64_t seq;             /* of the rotation that retired it */
};

/* All of a home's, in guarded memory.  Start with {0}. */
struct kith_retired_keys {
	struct kith_retired *at; /* n of them, the oldest first; NULL for none */
	size_t n;                /* at most STATEMENTS_MAX */
	void *memory;            /* kith_retired_free */
};

/*
 * Reads them, with the identity that came after them; none when the home has none.  Call kith_home_settle
 * (store/settle.h) first, as before kith_identity_load.
 * Errors: KITH_ERR_KEYFILE (damaged, or of another identity), KITH_ERR_PERMISSION, KITH_ERR_NOMEM,
 * KITH_ERR_IO.
 */
enum kith_err kith_retired_load(const char *home, const struct kith_identity *id,
	struct kith_retired_keys *ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* Wipes and frees; {0} allowed. */
void kith_retired_free(struct kith_retired_keys *keys);

/* --- as text ---------------------------------------------------------------------------------- */

/* A person's id: base32 of ik, KITH_ID_CHARS and a NUL. */
void kith_id_text(const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_ID_CHARS + 1]);

/* Sets the bits of version and variant in the bytes of a UUID (RFC 9562 section 4). */
void kith_uid_mark(uint8_t bytes[static KITH_UID_BYTES], uint8_t version);

/* The bytes of a UUID as text, KITH_UID_CHARS and a NUL. */
void kith_uid_write(
	const uint8_t bytes[static KITH_UID_BYTES], char out[static KITH_UID_CHARS + 1]);

/* The UID that a person has in vCards: a UUID from ik, KITH_UID_CHARS and a NUL. */
void kith_uid_text(const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_UID_CHARS + 1]);

/* A UID for somebody without a key: a random UUID, KITH_UID_CHARS and a NUL.  env NULL: the process's
 * own randomness. */
void kith_uid_random(const struct kith_env *env, char out[static KITH_UID_CHARS + 1]);

/* For reading aloud: "12345 67890 ...", KITH_FINGERPRINT_CHARS and a NUL. */
void kith_fingerprint_text(
	const uint8_t ik[static KITH_KEY_BYTES], char out[static KITH_FINGERPRINT_CHARS + 1]);

#endif
