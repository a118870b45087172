/* SPDX-License-Identifier: MIT
 *
 * private - my notes and tags in a vCard that is for myself, and how they are known again when it comes back.
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
 * Appends the vCard without those of such properties that I remember of the person with its UID; *ret_some: there were
 * any, else nothing is appended.  The others are as any NOTE and CATEGORIES of a vCard: who wrote them is not known.
 * KITH_ERR_NOMEM; store errors.
 */
enum kith_err kith_private_strip(struct kith_store *store, struct kith_vcard *v,
	const struct kith_fields *fields, struct kith_buf *out, bool *ret_some) KITH_MUST_CHECK;

#endif
