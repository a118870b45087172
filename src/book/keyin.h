/* SPDX-License-Identifier: MIT
 *
 * keyin - statements about keys that come by file: into the store, by the rules of kith/keys.h.
 */
#ifndef KITH_BOOK_KEYIN_H
#define KITH_BOOK_KEYIN_H

#include "book/intake.h"

/*
 * Takes a rotation or revocation; it joins a batch, which is begun if need be.  name stands before
 * the sentence of one that is skipped: its file. KITH_OK also when it was skipped; KITH_ERR_NOMEM
 * and store errors end an import.
 */
enum kith_err kith_intake_statement(struct kith_intake *in, const char *name,
	struct kith_span bytes, struct kith_intake_result *ret) KITH_MUST_CHECK;

/* Fills diag with why the statement in the file of that name (inert) gave err, and returns err. */
enum kith_err kith_keyin_fail(struct kith_diag *diag, enum kith_err err, const char *name);

#endif
