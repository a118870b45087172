/* SPDX-License-Identifier: MIT
 *
 * vdir - a folder with one vCard file a person, kept in step with others who change it, too (khard,
 * vdirsyncer, a person).  Source: proto/vcard.md "Folder"; the vdir page of pimutils' vdirsyncer.
 *
 * The folder holds a list of its own, .kith: what each file held when it was last in step, and what
 * kith would have written then.  So a file is written only where kith has something new, and never
 * over a change that was not read yet.
 */
#ifndef KITH_BOOK_VDIR_H
#define KITH_BOOK_VDIR_H

#include <kith/bytes.h>

#define KITH_VDIR_HASH 16 /* bytes */

/* One file, there or only remembered. */
struct kith_vdir_file {
	char *name;                   /* in the folder */
	char *uid;                    /* of the vCard in it, bare; "" for none */
	uint8_t now[KITH_VDIR_HASH];  /* of its bytes */
	uint8_t then[KITH_VDIR_HASH]; /* of its bytes when it was in step */
	uint8_t ours[KITH_VDIR_HASH]; /* of what kith would have written then */
	bool there;                   /* it exists; else it was removed by somebody */
	bool known;                   /* it is in the list; then and ours are set */
	bool put;                     /* kith_vdir_put was about it */
	bool both;                    /* kith's side has changed, too, since it was in step */
};

struct kith_vdir {
	char *path;
	struct kith_vdir_file *at;
	size_t n, cap;
	size_t sorted; /* so many of at stand in by_uid */
	size_t *by_uid;
};

/* Reads the folder, which with make is made (0700) when missing.  Files whose name does not end in
 * .vcf or begins with a dot, links, and names with control characters are passed over.
 * KITH_ERR_MISSING, KITH_ERR_PERMISSION, KITH_ERR_IO, KITH_ERR_LIMIT (VDIR_FILES_MAX), KITH_ERR_NOMEM, with a sentence. */
enum kith_err kith_vdir_open(
	const char *path, bool make, struct kith_vdir *ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* {0} allowed.  Writes nothing. */
void kith_vdir_free(struct kith_vdir *dir);

/* Whether it is there and was changed, or came, since it was in step. */
bool kith_vdir_changed(const struct kith_vdir_file *file);

/* Appends the path of a file as a C string to an empty buffer; NULL: no memory. */
const char *kith_vdir_path(
	const struct kith_vdir *dir, const struct kith_vdir_file *file, struct kith_buf *out);

/* Writes other bytes into a file that is there; it counts as changed, as it was.  Errors of kith_file_write. */
enum kith_err kith_vdir_rewrite(struct kith_vdir *dir, struct kith_vdir_file *file,
	struct kith_span vcard, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether `ours`, what kith would write, is what it would have written when the file was in step.
 * False for a file that is not in the list. */
bool kith_vdir_still(const struct kith_vdir_file *file, struct kith_span ours);

/* A file was read, and `ours` is what kith would write now: it is in step. */
void kith_vdir_took(struct kith_vdir_file *file, struct kith_span ours);

enum kith_vdir_done {
	KITH_VDIR_SAME,    /* untouched: nothing is new */
	KITH_VDIR_NEW,     /* a file was made */
	KITH_VDIR_WRITTEN, /* a file was replaced */
	KITH_VDIR_CHANGED, /* untouched: somebody changed it, and that was not read yet */
	KITH_VDIR_REMOVED, /* not written: somebody removed the file */
};

/* What kith_vdir_put would do with that vCard; nothing is done yet.  KITH_ERR_NOMEM. */
enum kith_err kith_vdir_ask(const struct kith_vdir *dir, struct kith_span vcard, bool again,
	enum kith_vdir_done *ret_done) KITH_MUST_CHECK;

/*
 * Puts the vCard of a person, found in the folder by its UID, whatever its file is called.  A file
 * that somebody removed is made again only with again.  *ret_name: the file's, until the next call.
 * Errors of kith_file_write; KITH_ERR_NOMEM.
 */
enum kith_err kith_vdir_put(struct kith_vdir *dir, struct kith_span vcard, bool again,
	enum kith_vdir_done *ret_done, const char **ret_name,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Removes the files of people who were not put, if they are as kith left them; *ret_n: how many. */
enum kith_err kith_vdir_clear(
	struct kith_vdir *dir, size_t *ret_n, struct kith_diag *diag) KITH_MUST_CHECK;

/* Writes the list.  Errors of kith_file_write. */
enum kith_err kith_vdir_keep(struct kith_vdir *dir, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
