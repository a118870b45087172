/* SPDX-License-Identifier: MIT
 *
 * seal - the signed card inside a vCard, and whether the vCard still says what was signed.
 *
 * X-KITH-CARD holds the envelope (proto/card.md) in base64url without padding: no ";", ",", "\" or line break,
 * so servers and phones that rewrite a vCard carry it along.  Source: proto/vcard.md "Signed".
 */
#ifndef KITH_VCARD_SEAL_H
#define KITH_VCARD_SEAL_H

#include "vcard/vcard.h"

/* Appends the envelope that the vCard carries, not verified.  KITH_ERR_MISSING: none; KITH_ERR_SHAPE:
 * what is there is no base64url, or there are several; KITH_ERR_LIMIT; KITH_ERR_NOMEM. */
enum kith_err kith_vcard_envelope(struct kith_vcard *v, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Splits the fields of a vCard by a verified card: *ret_altered are those of the card that the vCard
 * lacks or says otherwise (as the card has them), *ret_added those of the vCard that are not the card's.  Both sides are compared
 * as they come back from a vCard, without regard to order, case of labels, and what 3.0 cannot say.  Spans live as long
 * as v and the card.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_against(struct kith_vcard *v, const struct kith_card *card,
	struct kith_fields *ret_altered, struct kith_fields *ret_added) KITH_MUST_CHECK;

/*
 * Appends the same by names, each once, ", " between them, and what else other programs would show.  altered: a field that
 * the vCard lacks or says otherwise, or that a card has once and the vCard in a further property, whatever is in that.
 * added: fields that are not the card's, also items and components beyond those that are read, then
 * the names of properties of no field, but VERSION, UID, REV, PRODID, X-KITH-CARD and the label of a field.
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_differs(struct kith_vcard *v, const struct kith_card *card,
	struct kith_buf *altered, struct kith_buf *added) KITH_MUST_CHECK;

/*
 * Appends what a vCard has beyond that card, as a vCard with that UID and the card's name (a vCard
 * must have one): the added fields, and every property of no field but UID, REV, PRODID and
 * X-KITH-CARD.  *ret_n: how many properties; 0: nothing is appended.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_beyond(struct kith_vcard *v, const struct kith_card *card,
	struct kith_span uid, struct kith_buf *out, size_t *ret_n) KITH_MUST_CHECK;

#endif
