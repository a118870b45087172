/* SPDX-License-Identifier: MIT
 *
 * keys - what a person does with the key of their own: another one, and the word that it is not to be trusted any more.
 * Source: proto/statement.md, proto/card.md "A change of keys".
 */
#ifndef KITH_BOOK_KEYS_H
#define KITH_BOOK_KEYS_H

#include <kith/statement.h>
#include <kith/store.h>

/* What is asked for. */
struct kith_rotation {
	const char *home;
	const struct kith_identity *old;          /* the key of the home */
	const struct kith_passphrase *passphrase; /* of the new key file; NULL: none */
	const struct kith_keyfile_cost *cost;     /* NULL: kith_identity_save_protected */
	int64_t now;
};

/*
 * A new key takes the place of the one in the home: the rotation is signed by both and kept, every card is signed anew by
 * the new one, the secret of the old one is overwritten but for its xk, which is kept as a retired key, and there is a
 * revocation for the new one.  A process that ends in the midst of it leaves the old key or the new one
 * working (kith_home_settle).
 * KITH_ERR_KEYFILE: old is not the key of the card; KITH_ERR_BUSY: another process is changing the key;
 * errors of kith_store_cards_sign, of files and the store, all with a sentence.  *ret_seq: how many rotations that makes.
 */
enum kith_err kith_key_rotate(struct kith_store *store, const struct kith_rotation *r,
	struct kith_identity **ret_new, uint64_t *ret_seq, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Puts the key of the home under another passphrase, or under none (NULL).  Errors of kith_identity_replace;
 * KITH_ERR_BUSY: another process is changing the key.
 */
enum kith_err kith_key_protect(const char *home, const struct kith_identity *id,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Forgets every retired key: who has not heard of the rotation then does not recognise me.  *ret_n: how many.
 * Errors of kith_retired_load and kith_retired_save. */
enum kith_err kith_key_forget_old(const char *home, const struct kith_identity *id, size_t *ret_n,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Reads a revocation from a file of any form (the home's own, a copy on a stick, armor), verified.  bytes are
 * appended.  Errors of kith_file_read, kith_statement_verify; KITH_ERR_SUBJECT: it is another kind of statement. */
enum kith_err kith_revocation_read(const char *path, struct kith_buf *bytes,
	struct kith_statement *ret, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Whether that key is mine, or was: the one of my card, or one that a rotation of mine has left.
 * Store errors, with a sentence.
 */
enum kith_err kith_key_was_mine(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	bool *ret_present, bool *ret_former, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether a revocation of that key is among those that I hand out.  Store errors. */
enum kith_err kith_key_is_revoked(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	bool *ret) KITH_MUST_CHECK;

/* The same of the key of my card; without a card none is.  Store errors. */
enum kith_err kith_key_mine_is_revoked(struct kith_store *store, bool *ret) KITH_MUST_CHECK;

/* A key from what was kept of it: a key file (passphrase NULL: none at hand), or the text on paper.
 * KITH_ERR_KEYFILE, KITH_ERR_PASSPHRASE, KITH_ERR_VERSION, KITH_ERR_NOMEM. */
enum kith_err kith_key_from(struct kith_span text, const struct kith_passphrase *passphrase,
	struct kith_identity **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether the text is a key file, and whether it takes a passphrase. */
bool kith_key_is_file(struct kith_span text, bool *ret_protected);

#endif
