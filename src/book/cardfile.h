/* SPDX-License-Identifier: MIT
 *
 * cardfile - signed cards in what somebody handed us, and in words why there is none.
 */
#ifndef KITH_BOOK_CARDFILE_H
#define KITH_BOOK_CARDFILE_H

#include <kith/store.h>

#include "card/uri.h"

/* Fills diag with why the card in the file of that name (inert) gave err, and returns err. */
enum kith_err kith_cardfile_fail(struct kith_diag *diag, enum kith_err err, const char *name);

/* Appends the envelope or the statement in a link, unverified.  KITH_ERR_NOTCARD also for a link to
 * something else: the sentence says what it is for.  Else the errors of kith_uri_read. */
enum kith_err kith_cardfile_link(struct kith_span text, const char *name,
	enum kith_uri_kind *ret_kind, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/* Called for the text of each QR code; false: stop. */
typedef bool (*kith_cardfile_code_fn)(void *ctx, struct kith_span text);

/* Hands the codes in a picture to fn.  KITH_ERR_NOTCARD: there are none; those of picture.h. */
enum kith_err kith_cardfile_codes(struct kith_span picture, const char *name,
	kith_cardfile_code_fn fn, void *ctx, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
