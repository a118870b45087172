/* SPDX-License-Identifier: MIT
 *
 * write - vCards for phones, address books and CardDAV servers: 3.0 (RFC 2426) and 4.0 (RFC 6350).
 * Source: proto/vcard.md "Writing".
 */
#ifndef KITH_VCARD_WRITE_H
#define KITH_VCARD_WRITE_H

#include "vcard/vcard.h"

/*
 * Appends v as version `as` (KITH_VCARD_30 or _40), BEGIN to END, CRLF, folded.  Of the same version every
 * property is written as it stands; of another one those that are fields are written anew, with
 * their further parameters, and all others as they stand.  What the version demands (VERSION, FN, N,
 * UID) is added where it is missing.  The same v always gives the same bytes, and reading those back
 * and writing them again gives them once more.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_write(
	struct kith_vcard *v, enum kith_vcard_version as, struct kith_buf *out) KITH_MUST_CHECK;

/* Whether a property is to be left out. */
typedef bool (*kith_vcard_drop_fn)(void *ctx, const struct kith_vcard_property *property);

/* Appends v in its version (3.0 or 4.0), every property as it stands, but for those of which drop says so.
 * KITH_ERR_NOMEM. */
enum kith_err kith_vcard_write_without(struct kith_vcard *v, kith_vcard_drop_fn drop, void *ctx,
	struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Appends the vCard of a card that came out of kith_card_verify: its fields, UID (kith_uid_text), REV, and
 * X-KITH-CARD with the envelope (seal.h).  Behind them stand what own has more (own NULL for none):
 * values of mine beside the signed ones.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_write_card(const struct kith_card *card, struct kith_span envelope,
	struct kith_vcard *own, enum kith_vcard_version as, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Appends a vCard 3.0 for the QR code that a phone reads: FN, N, at most two TEL, one EMAIL, ORG, TITLE, one URL, one ADR,
 * of each the preferred one first; no groups, no folding, TEL without blanks.  *ret_left_out: the
 * names of the fields that did not come along, ", " between them, NUL-terminated.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_write_phone(const struct kith_fields *fields, struct kith_buf *out,
	struct kith_buf *ret_left_out) KITH_MUST_CHECK;

#endif
