/* SPDX-License-Identifier: MIT
 *
 * backup - everything of a home in one file, and a home from it.
 * Source: proto/backup.md.
 */
#ifndef KITH_BOOK_BACKUP_H
#define KITH_BOOK_BACKUP_H

#include <kith/store.h>

/*
 * Writes a backup of the home, whose key must have been settled (kith_home_settle), under that name: all of it or
 * nothing, mode 0600, in place of an earlier backup of that name and of nothing else.  Others may write to the store
 * meanwhile: what the backup holds is one moment.  cost NULL: that of a new key file.
 * KITH_ERR_EXISTS: something else has that name; KITH_ERR_BUSY: another process is changing the key; errors of
 * kith_store_image, of files, KITH_ERR_NOMEM; with a sentence.
 */
enum kith_err kith_backup_make(const char *home, struct kith_store *store, const char *path,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* A home that is being restored, in a folder beside it.  Start with {0}. */
struct kith_restore {
	struct kith_buf home;   /* where it goes */
	struct kith_buf folder; /* where it is meanwhile: HOME.restoring */
	int lock;               /* a descriptor; valid while begun */
	bool begun;
	struct kith_store *store;
	struct kith_identity *id;
};

/* Whether a backup can be restored to that home: it is not there, or an empty folder.  KITH_ERR_EXISTS, with a
 * sentence; errors of kith_file_fail. */
enum kith_err kith_restore_possible(const char *home, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Takes everything out of the file into the folder beside the home, and looks whether it is whole and sound.
 * KITH_ERR_EXISTS: the home is there and not empty (nothing is touched); KITH_ERR_BUSY: another restore is
 * running; errors of kith_backup_read and kith_store_open, KITH_ERR_VERSION (a part that this kith does not know);
 * with a sentence.
 */
enum kith_err kith_restore_begin(struct kith_restore *r, const char *path, const char *home,
	const struct kith_passphrase *passphrase, struct kith_diag *diag) KITH_MUST_CHECK;

/* Opens the key that is in it; passphrase NULL: none at hand.  Errors of kith_identity_load_protected, and
 * KITH_ERR_KEYFILE: it is not the key of the cards. */
enum kith_err kith_restore_unlock(struct kith_restore *r, const struct kith_passphrase *passphrase,
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * The counter leaves out RESTORE_JUMP numbers, every card is signed anew, and the folder becomes the home by one
 * rename.  Errors of kith_cards_jump and files; KITH_ERR_EXISTS: something came to stand there.
 */
enum kith_err kith_restore_end(
	struct kith_restore *r, int64_t now, struct kith_diag *diag) KITH_MUST_CHECK;

/* Removes what did not become a home; {0} allowed. */
void kith_restore_free(struct kith_restore *r);

#endif
