/* SPDX-License-Identifier: MIT
 *
 * diag - filling in the sentence about a failure.
 */
#ifndef KITH_BASE_DIAG_H
#define KITH_BASE_DIAG_H

#include <kith/err.h>

/*
 * Writes the sentence (cut at KITH_DIAG_BYTES) and returns err, so that a failing function can end
 * with `return kith_fail(diag, KITH_ERR_IO, "cannot write %s: %s", path, strerror(errno));`.
 * diag may be NULL.  Text that comes from outside must pass kith_show first (base/text.h).
 */
enum kith_err kith_fail(struct kith_diag *diag, enum kith_err err, const char *fmt, ...)
	KITH_PRINTF(3, 4);

/* The sentence if there is one, else what err means; diag may be NULL. */
const char *kith_diag_text(const struct kith_diag *diag, enum kith_err err);

#endif
