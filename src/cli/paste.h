/* SPDX-License-Identifier: MIT
 *
 * paste - a command to be pasted into a shell.
 */
#ifndef KITH_CLI_PASTE_H
#define KITH_CLI_PASTE_H

#include <kith/bytes.h>

/*
 * A word is pasted only if it has nothing but letters and digits of any script, blanks and - _ . / : , + @ = %, since no quoting
 * is the same in every shell: in fish a backslash escapes within single quotes, in csh "!" does more.  Whatever others can write
 * is asked about first (kith_paste_safe), and somebody whose name does not pass is called by their id.
 */

/* Appends the words with blanks between, in single quotes where they are needed, and a C string's NUL behind.  KITH_ERR_VALUE: one
 * does not pass, out is unchanged; KITH_ERR_NOMEM. */
enum kith_err kith_paste(struct kith_buf *out, const char *const *words, size_t n) KITH_MUST_CHECK;

/* One word more: a blank before it unless out is empty, and no NUL.  The same errors. */
enum kith_err kith_paste_word(struct kith_buf *out, struct kith_span word) KITH_MUST_CHECK;

/* Whether the word passes, and can be taken for no option. */
bool kith_paste_safe(struct kith_span word);

#endif
