/* SPDX-License-Identifier: MIT
 *
 * folder - everybody in a folder of vCards, and back: export --vdir, import --vdir.
 */
#ifndef KITH_CLI_FOLDER_H
#define KITH_CLI_FOLDER_H

#include "cli/people.h"
#include "book/intake.h"
#include "book/vdir.h"

/* What is asked of an export. */
struct kith_folder_wish {
	const char *path;
	bool whole; /* people are all there are: files of others that kith made go */
	bool again; /* files that somebody removed are made again */
};

/* Writes the vCards of these people, with what is mine beside what is signed, and tells what was
 * done.  Returns the exit status. */
int kith_folder_export(struct kith_cli *cli, struct kith_store *store,
	const struct kith_people *people, const struct kith_folder_wish *wish);

/*
 * Gives a vCard without UID one, in its file: without it khard does not show it, no CardDAV server
 * takes it, and nobody could tell which file is whose.  A file that holds more than one vCard and
 * blank lines is left alone, *ret_left; so is what has a UID, and what is none.
 * Errors of kith_file_write, with a sentence; KITH_ERR_NOMEM.
 */
enum kith_err kith_folder_name(struct kith_vdir *dir, struct kith_vdir_file *file, bool *ret_left,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Before a file is imported: how it stands to what kith has of the person.  Store errors, with a
 * sentence; KITH_ERR_NOMEM. */
enum kith_err kith_folder_way(struct kith_store *store, struct kith_vdir_file *file,
	enum kith_intake_way *ret_way, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * After the files that had changed were imported: those of whom the store knows are in step.  Tells
 * whose file is gone, and writes the folder's list.  Errors of the store and of kith_file_write.
 */
enum kith_err kith_folder_settle(const struct kith_cli *cli, struct kith_store *store,
	struct kith_vdir *dir, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
