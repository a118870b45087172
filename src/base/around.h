/* SPDX-License-Identifier: MIT
 *
 * around - the part of a text that is worth showing, for a word that was found in it.
 */
#ifndef KITH_BASE_AROUND_H
#define KITH_BASE_AROUND_H

#include <kith/bytes.h>

/*
 * The text from some `before` bytes before the first piece between blanks that has the word (folded) in it, begun at a
 * blank; all of it where no piece has.  Borrows.  KITH_ERR_NOMEM.
 */
enum kith_err kith_text_around(struct kith_span text, struct kith_span word, size_t before,
	struct kith_span *ret) KITH_MUST_CHECK;

#endif
