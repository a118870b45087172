/* SPDX-License-Identifier: MIT
 *
 * private - my notes and tags in a vCard that is for myself, and how they are kept out when it comes back.
 * Source: proto/vcard.md "For myself".
 */
#ifndef KITH_BOOK_PRIVATE_H
#define KITH_BOOK_PRIVATE_H

#include <kith/people.h>

#include "vcard/vcard.h"

/* Whether a note or a touch is wanted. */
typedef bool (*kith_private_fn)(void *ctx, const struct kith_remark *remark);

/*
 * Puts my tags (CATEGORIES) and notes (NOTE, one each; those that wanted says, NULL: all) of a person before the END of the
 * vCard that ends out, as kith_vcard_write leaves it.  Without any nothing changes.  wanted is asked about touches, too, in
 * the order of kith_store_remarks.  KITH_ERR_LIMIT: PRIVATE_NOTES_MAX; KITH_ERR_NOMEM; store errors.
 */
enum kith_err kith_private_add(struct kith_store *store, int64_t contact, kith_private_fn wanted,
	void *ctx, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Appends the vCard without such properties; *ret_some: there were any, else nothing is appended.  One of version 2.1 has
 * none, since kith writes none there.  KITH_ERR_NOMEM.
 */
enum kith_err kith_private_strip(
	struct kith_vcard *v, struct kith_buf *out, bool *ret_some) KITH_MUST_CHECK;

#endif
