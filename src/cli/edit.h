/* SPDX-License-Identifier: MIT
 *
 * edit - fields as lines of text, and a person's editor.
 *
 * One line a field: FIELD[.LABEL]=VALUE.  Lines that start with "#" and empty lines do not count.
 * Inside a value a line break is written \n and a backslash \\.
 */
#ifndef KITH_CLI_EDIT_H
#define KITH_CLI_EDIT_H

#include "cli/cli.h"

/* Appends the fields as text, under lines that explain it.  Pictures, fields of a newer kith, and
 * what cannot be said as a line (some that are imported) have no line.  KITH_ERR_NOMEM. */
enum kith_err kith_edit_write(
	const struct kith_fields *fields, struct kith_buf *out) KITH_MUST_CHECK;

/* The same for somebody else; about is the first line, a C string that is inert. */
enum kith_err kith_edit_write_about(
	const char *about, const struct kith_fields *fields, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Reads such text.  What had no line, and whether an item is preferred, is taken over from old.
 * Spans of *ret_fields borrow from old and from text, in which \n and \\ are replaced in place.
 * Every wrong line is told to errors ("line 7: ...", NULL allowed); then, or when single fields are
 * there twice or the name is missing, KITH_ERR_VALUE.  A line that old has is not checked again.
 */
enum kith_err kith_edit_read(struct kith_buf *text, const struct kith_fields *old, FILE *errors,
	struct kith_fields *ret_fields) KITH_MUST_CHECK;

/* The same, where named says whether a name is needed. */
enum kith_err kith_edit_read_about(struct kith_buf *text, const struct kith_fields *old, bool named,
	FILE *errors, struct kith_fields *ret_fields) KITH_MUST_CHECK;

/*
 * Runs $VISUAL, else $EDITOR, else vi on the file and waits for it.  True when it ended with 0;
 * otherwise *ret_status is set and the reason was printed.
 */
bool kith_edit_run(const char *path, int *ret_status);

/* Whether $VISUAL or $EDITOR names one; vi needs a terminal. */
bool kith_edit_named(void);

#endif
