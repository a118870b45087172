/* SPDX-License-Identifier: MIT
 *
 * stretch - the first 33 bytes of a file that a passphrase protects, and the key that they and the passphrase
 * give.  Source: proto/card.md "Key file", proto/backup.md.
 */
#ifndef KITH_CRYPTO_STRETCH_H
#define KITH_CRYPTO_STRETCH_H

#include <kith/identity.h>

#define KITH_STRETCH_HEADER      33      /* magic 8, kdf 1, ops 4, mem 4, salt 16 */
#define KITH_KEYFILE_OPS_MAX     10      /* Argon2id passes a reader agrees to */
#define KITH_KEYFILE_MEM_KIB_MAX 1048576 /* and memory */

/* A header without a passphrase, and the key that it gives. */
void kith_stretch_plain(const char magic[static 8], const char *label,
	uint8_t ret_header[static KITH_STRETCH_HEADER], uint8_t ret_key[static 32]);

/*
 * A header for a passphrase, and the key.  cost NULL: "moderate", or where that memory is not to be had
 * "interactive" (kith_identity_save_protected).  salt from env.
 * KITH_ERR_LIMIT (a cost that no reader agrees to), KITH_ERR_NOMEM (memory for Argon2id).
 */
enum kith_err kith_stretch_new(const struct kith_env *env, const char magic[static 8],
	const char *label, const struct kith_passphrase *passphrase,
	const struct kith_keyfile_cost *cost, uint8_t ret_header[static KITH_STRETCH_HEADER],
	uint8_t ret_key[static 32]) KITH_MUST_CHECK;

/* Whether a header can be used at all; before anything is computed.  KITH_ERR_KEYFILE (too short, another
 * magic, parameters outside their limits), KITH_ERR_VERSION (an unknown kdf). */
enum kith_err kith_stretch_check(
	struct kith_span bytes, const char magic[static 8]) KITH_MUST_CHECK;

/* Whether a header that was checked speaks of a passphrase, and what Argon2id takes then. */
bool kith_stretch_protected(const uint8_t header[static KITH_STRETCH_HEADER]);
unsigned kith_stretch_mib(const uint8_t header[static KITH_STRETCH_HEADER]);

/* MiB of the least that a new passphrase takes, at that cost. */
unsigned kith_stretch_least(const struct kith_keyfile_cost *cost);

/* The key of a header that was checked.  KITH_ERR_PASSPHRASE: it takes one, and passphrase is NULL;
 * KITH_ERR_NOMEM. */
enum kith_err kith_stretch_key(const uint8_t header[static KITH_STRETCH_HEADER], const char *label,
	const struct kith_passphrase *passphrase, uint8_t ret_key[static 32]) KITH_MUST_CHECK;

#endif
