/* SPDX-License-Identifier: MIT
 *
 * cardfile - signed cards in the bytes of a file, and why there are none.
 */
#ifndef KITH_CLI_CARDFILE_H
#define KITH_CLI_CARDFILE_H

#include "cli/cli.h"

/* How a card lies in a file. */
enum kith_cardfile_form { KITH_CARDFILE_PLAIN, KITH_CARDFILE_ARMOR };

/*
 * Takes the next card off the front of *rest: the envelope as it is, or the next block of armor.
 * Puts it into the empty buffer, unverified.
 * KITH_ERR_MISSING: no further one; KITH_ERR_NOTCARD: none at all, when first is set;
 * KITH_ERR_SHAPE: broken armor, which ends the file; KITH_ERR_NOMEM.
 */
enum kith_err kith_cardfile_next(struct kith_span *rest, bool first, struct kith_buf *ret_envelope,
	enum kith_cardfile_form *ret_form) KITH_MUST_CHECK;

/* Fills diag with why the file of these bytes gave err, with its name, and returns err. */
enum kith_err kith_cardfile_fail(
	struct kith_diag *diag, enum kith_err err, const char *path, struct kith_span bytes);

#endif
