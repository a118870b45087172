/* SPDX-License-Identifier: MIT
 *
 * leftover - what was written in an editor and did not come into the store (note --edit): a private file of the home folder.
 */
#ifndef KITH_CLI_LEFTOVER_H
#define KITH_CLI_LEFTOVER_H

#include "cli/cli.h"

/* Where a text about the person with that id is written, or, from 1 on, the note of that number is changed.  Appends the path with
 * a NUL behind; NULL: memory ran out. */
const char *kith_leftover_path(
	struct kith_buf *out, const char *home, const char *id, int64_t note);

/* The file goes, overwritten; without one nothing happens. */
void kith_leftover_remove(const char *path);

/* The same of all that are about a person or a note that there is no more: behind everything that forgets one.  What cannot be
 * read or removed stays until the next time. */
void kith_leftover_sweep(const struct kith_cli *cli, struct kith_store *store);

#endif
