/* SPDX-License-Identifier: MIT
 *
 * backupfile - the form of a backup: parts with names, in one encrypted stream.  It knows nothing of homes.
 * Source: proto/backup.md "File".
 */
#ifndef KITH_BOOK_BACKUPFILE_H
#define KITH_BOOK_BACKUPFILE_H

#include <kith/identity.h>

#include "base/file.h"
#include "crypto/seal.h"

#define KITH_BACKUP_NAME 32 /* bytes of the name of a part, with a NUL */

/* --- writing ---------------------------------------------------------------------------------- */

/* A backup that is being written.  Start with kith_backup_begin, which always leaves something to free. */
struct kith_backup_writer {
	struct kith_file_writer file;
	struct kith_seal seal;
	struct kith_buf pending; /* less than a chunk */
};

/* Begins the file.  cost as in kith_identity_save_protected.  Errors of kith_file_begin, KITH_ERR_NOMEM,
 * KITH_ERR_LIMIT. */
enum kith_err kith_backup_begin(struct kith_backup_writer *w, const char *path,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Adds a part.  Errors of kith_file_put, KITH_ERR_NOMEM. */
enum kith_err kith_backup_part(struct kith_backup_writer *w, const char *name,
	struct kith_span bytes, struct kith_diag *diag) KITH_MUST_CHECK;

/* Ends it: the file stands under its name, in place of what was there, or nothing has happened.  Errors of
 * kith_file_end. */
enum kith_err kith_backup_end(struct kith_backup_writer *w, struct kith_diag *diag) KITH_MUST_CHECK;

void kith_backup_writer_free(struct kith_backup_writer *w);

/* --- reading ---------------------------------------------------------------------------------- */

/* Where the parts go. */
struct kith_backup_sink {
	void *ctx;
	/* A part of that name and size comes; the name is made of letters, digits, dots and dashes. */
	enum kith_err (*begin)(void *ctx, const char *name, uint64_t size, struct kith_diag *diag);
	enum kith_err (*bytes)(void *ctx, struct kith_span bytes, struct kith_diag *diag);
	enum kith_err (*end)(void *ctx, struct kith_diag *diag); /* that part is complete */
};

/* What is inside, as it comes in pieces of any size.  Start with {.sink = ...}. */
struct kith_backup_parser {
	const struct kith_backup_sink *sink;
	uint8_t head[1 + KITH_BACKUP_NAME + 8]; /* of the part that comes */
	size_t have;                            /* bytes of it */
	bool inside;                            /* its bytes come now */
	uint64_t left;                          /* so many */
	size_t parts;
};

/*
 * Takes a piece.  KITH_ERR_SHAPE (a name that is none), KITH_ERR_LIMIT (over BACKUP_PARTS_MAX or BACKUP_MAX);
 * what the sink says.
 */
enum kith_err kith_backup_feed(struct kith_backup_parser *p, struct kith_span piece,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Nothing more comes.  KITH_ERR_TRUNCATED: in the midst of a part. */
enum kith_err kith_backup_fed(const struct kith_backup_parser *p) KITH_MUST_CHECK;

/*
 * Reads the file from a descriptor to its end, and hands the parts over; what is behind a fault was never handed
 * over, but what is before it was.
 * KITH_ERR_NOTCARD (no backup at all), KITH_ERR_VERSION, KITH_ERR_KEYFILE (hostile parameters: nothing was
 * computed), KITH_ERR_PASSPHRASE (wrong, or the beginning is damaged: one answer), KITH_ERR_TRUNCATED,
 * KITH_ERR_SIG (altered), KITH_ERR_SHAPE (bytes behind the end), those of kith_backup_feed, KITH_ERR_NOMEM,
 * KITH_ERR_IO; with a sentence.
 */
enum kith_err kith_backup_read(int fd, const struct kith_passphrase *passphrase,
	const struct kith_backup_sink *sink, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether a file begins as a backup does. */
bool kith_backup_is(const char *path);

#endif
