/* SPDX-License-Identifier: MIT
 *
 * map - which property is which field: what kith understands of a vCard, and changes to it.
 * Source: proto/vcard.md "Fields".
 */
#ifndef KITH_VCARD_MAP_H
#define KITH_VCARD_MAP_H

#include "vcard/vcard.h"

/*
 * The fields that kith understands, in the order of their properties; a name is always among them
 * when the vCard has anything that can serve as one (FN, N, NICKNAME, ORG, EMAIL, TEL), derived if it must.  Spans live
 * as long as v.  Sizes are not those of a card: a photo may be megabytes and a note a book; what is
 * more than KITH_CARD_FIELDS stays in the vCard, is kept and written, but not told here.
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_fields(
	struct kith_vcard *v, struct kith_fields *ret_fields) KITH_MUST_CHECK;

/* Its UID as it is to be compared: "urn:uuid:" off, trimmed; n == 0 for none. */
struct kith_span kith_vcard_uid(struct kith_vcard *v);

/* Appends what else there is to be found by words: texts of properties that are no field, one a line,
 * without bytes, addresses of pictures, keys.  KITH_ERR_NOMEM. */
enum kith_err kith_vcard_words(struct kith_vcard *v, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends a new vCard 3.0 with these fields and that UID (a bare UUID), as for a person typed in.
 * Sizes of the fields are not checked.  KITH_ERR_NOMEM. */
enum kith_err kith_vcard_make(const struct kith_fields *fields, struct kith_span uid,
	struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Appends v with other fields and, when uid is not empty, another UID: fields as kith_vcard_fields
 * gave them, changed.  A property whose field is still there stays byte for byte; what is new takes
 * the place of one of its kind that has gone, with its further parameters, or stands behind the last
 * of its kind; what has gone takes its X-ABLabel along.  The version stays, but 2.1 becomes 3.0.
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_set(struct kith_vcard *v, const struct kith_fields *fields,
	struct kith_span uid, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Appends v with what more vCard `other` has: fields whose value v lacks (single ones only where v
 * has none), and properties of no field that v lacks byte for byte.  *ret_added: how many came in; 0: out holds
 * v as it was.  A 2.1 v becomes 3.0 where something came in.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_merge(struct kith_vcard *v, struct kith_vcard *other, struct kith_buf *out,
	size_t *ret_added) KITH_MUST_CHECK;

/* The same for a v that is signed: where it has a field that a card has once, no second property of it
 * comes in, not even one that is no field (PHOTO with an address), for others might show that. */
enum kith_err kith_vcard_beside(
	struct kith_vcard *v, struct kith_vcard *other, struct kith_buf *out) KITH_MUST_CHECK;

#endif
