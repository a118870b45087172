/* SPDX-License-Identifier: MIT
 *
 * pocket - my pocket card: some fields of my card, signed apart, small enough for a QR code.
 * Source: proto/uri.md, "C".
 */
#ifndef KITH_BOOK_POCKET_H
#define KITH_BOOK_POCKET_H

#include "book/mine.h"

/*
 * What stands on it: with show (NULL: none given) those fields, kith_chosen; else of name, e-mail,
 * telephone, organisation, title and web page the first of each, as long as they fit.
 * KITH_ERR_LIMIT: those that were asked for do not fit; errors of kith_chosen; KITH_ERR_NOMEM.
 */
enum kith_err kith_pocket_fields(const struct kith_my *my, const char *show,
	struct kith_fields *ret_fields, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Appends the envelope of the last one, if it is of my card and has just these fields.
 * KITH_ERR_MISSING: it is not, or there is none; store errors, with a sentence.
 */
enum kith_err kith_pocket_last(struct kith_store *store, const struct kith_my *my,
	const struct kith_fields *fields, struct kith_buf *out,
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Signs one with the next number of my counter, keeps it, and appends the envelope.
 * KITH_ERR_BUSY: the counter has moved since my was read; KITH_ERR_KEYFILE: another key than my
 * card's; errors of kith_card_sign and kith_store_pocket_put, with a sentence.
 */
enum kith_err kith_pocket_sign(struct kith_store *store, const struct kith_identity *id,
	const struct kith_my *my, const struct kith_fields *fields, struct kith_buf *out,
	struct kith_diag *diag) KITH_MUST_CHECK;

#endif
