/* SPDX-License-Identifier: MIT
 *
 * keyring - the keys in a home beside the present one: those that were left, and those that are to come.
 * Source: proto/card.md "Retired keys" and "A change of keys".
 *
 * A change of keys is several files and one transaction of the store.  The files are first put into the folder
 * `next`, together with the ik that is to be mine ("ik", put last).  Whether the change has happened is what the store
 * says; then, or after any crash, the files go to their places, or they go.
 */
#ifndef KITH_CRYPTO_KEYRING_H
#define KITH_CRYPTO_KEYRING_H

#include <kith/identity.h>

#include "base/limits.h"

/* Appends the bytes of retired.key: n keys for the identity that comes after them.  Nonce from env (NULL:
 * default).  KITH_ERR_LIMIT (n is 0 or over STATEMENTS_MAX), KITH_ERR_NOMEM. */
enum kith_err kith_retired_seal(const struct kith_env *env, const struct kith_identity *id,
	const struct kith_retired *keys, size_t n, struct kith_buf *out) KITH_MUST_CHECK;

/* Opens them.  KITH_ERR_KEYFILE, KITH_ERR_NOMEM. */
enum kith_err kith_retired_open(const struct kith_identity *id, struct kith_span bytes,
	struct kith_retired_keys *ret) KITH_MUST_CHECK;

/* Writes n keys into the home in place of those that are there; 0: removes the file.  Errors of
 * kith_file_write. */
enum kith_err kith_retired_save(const char *home, const struct kith_identity *id,
	const struct kith_retired *keys, size_t n, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether a change of keys was begun here and not ended: one look. */
bool kith_next_is_begun(const char *home);

/* Whether a key file was begun to be written here and not put in its place, whose writer may be at it still; and removes
 * it, under the lock of who changes keys.  Errors of kith_file_fail. */
bool kith_next_is_torn(const char *home);
enum kith_err kith_next_mend(const char *home, struct kith_diag *diag) KITH_MUST_CHECK;

/* Begins one: an empty folder.  What an earlier one left, which must have been settled, goes. */
enum kith_err kith_next_begin(const char *home, struct kith_diag *diag) KITH_MUST_CHECK;

/* Puts a file into it that is to go to the home under that name. */
enum kith_err kith_next_put(const char *home, const char *name, struct kith_span bytes,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* It is complete: ik is to be mine. */
enum kith_err kith_next_ready(const char *home, const uint8_t ik[static KITH_KEY_BYTES],
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Ends it: where ik, the key of my card in the store, is the one that was to be mine, the files go to their places
 * and the old key file is overwritten; else they go.  May be repeated.  Errors of kith_file_fail.
 */
enum kith_err kith_next_settle(const char *home, const uint8_t ik[static KITH_KEY_BYTES],
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * The mark of this machine: H("kith/1 device", what the file holds, without the line end), cut to 16 bytes.  path is
 * that of machine-id(5).  False: it has none.
 */
#define KITH_DEVICE_BYTES 16
bool kith_device_mark(const char *path, uint8_t out[static KITH_DEVICE_BYTES]);

#endif
