/* SPDX-License-Identifier: MIT
 *
 * paper - a key as text that can be printed and typed in again.  Source: proto/backup.md "On paper".
 */
#ifndef KITH_CRYPTO_PAPER_H
#define KITH_CRYPTO_PAPER_H

#include <kith/identity.h>

#define KITH_PAPER_LINES 4
#define KITH_PAPER_CHARS (KITH_PAPER_LINES * 20) /* four groups of four a line, and the line ends */

/* The four lines, and a NUL.  It is as secret as the key. */
void kith_paper_write(const struct kith_identity *id, char out[static KITH_PAPER_CHARS + 1]);

/*
 * An identity from the lines as they were typed: case, blanks and dashes do not count, 0 is O, 1 is I, 8 is B.
 * What stands below the fourth line does not count.
 * KITH_ERR_KEYFILE, with a sentence that says in which line; KITH_ERR_NOMEM.
 */
enum kith_err kith_paper_read(
	struct kith_span text, struct kith_identity **ret, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
