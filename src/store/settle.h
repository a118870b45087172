/* SPDX-License-Identifier: MIT
 *
 * settle - what a home needs before and after its key is opened: a change of keys that was cut short is ended,
 * and a home that was copied from another machine is noticed.
 * Source: proto/card.md "A change of keys", proto/backup.md "Copies".
 */
#ifndef KITH_STORE_SETTLE_H
#define KITH_STORE_SETTLE_H

#include <kith/store.h>

/*
 * Before the key of the home is opened: ends a change of keys that was begun, by what the store says.  Costs one look
 * where there is none.  In a process of one thread only (kith_file_lock).
 * KITH_ERR_BUSY: another process is in the midst of one for longer than STORE_BUSY_MS; errors of
 * kith_store_open and kith_file_fail; all with a sentence.
 */
enum kith_err kith_home_settle(const char *home, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * After it was opened, by whoever goes on to sign or to run a node.  A home that another machine has made, or was
 * moved to this one, may be there twice: the counter leaves out RESTORE_JUMP numbers, every card is signed anew,
 * and *ret_copied is set, which the person should be told.  Also makes the revocation and the mark of the machine
 * where they are not there yet, and removes retired keys that everybody has let go of; where that fails it is done another time.
 * Store errors and those of kith_store_cards_sign, with a sentence.
 */
enum kith_err kith_home_started(const char *home, struct kith_store *store,
	const struct kith_identity *id, int64_t now, bool *ret_copied,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* What a person is told then; static. */
extern const char kith_home_copied_words[];

/* Writes revocation.kith for that identity into a folder, unless there is one.  Errors of kith_file_write. */
enum kith_err kith_revocation_make(const char *folder, const struct kith_identity *id, int64_t now,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Writes the mark of this machine into a folder, in place of the one that is there; a machine without a name leaves
 * none.  Errors of kith_file_write. */
enum kith_err kith_device_put(const char *folder, struct kith_diag *diag) KITH_MUST_CHECK;

/* Signs every card of mine anew, with numbers behind RESTORE_JUMP.  Errors as of kith_home_started. */
enum kith_err kith_cards_jump(struct kith_store *store, const struct kith_identity *id, int64_t now,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* --- what the store knows of my keys --------------------------------------------------------- */

struct kith_my_key {
	uint64_t seq;     /* rotations so far */
	int64_t made;     /* when the first card of it was signed, Unix seconds; 0 when unknown */
	uint64_t unheard; /* people who have not acknowledged the present key */
	uint64_t heard;   /* rotations that everybody has acknowledged */
};

/* Reads it.  KITH_ERR_MISSING: there is no card; store errors. */
enum kith_err kith_store_my_key(
	struct kith_store *store, struct kith_my_key *ret_key) KITH_MUST_CHECK;

/* Sets the number of my rotations; part of a batch.  Store errors. */
enum kith_err kith_store_my_seq_put(struct kith_store *store, uint64_t seq) KITH_MUST_CHECK;

#endif
