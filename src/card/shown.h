/* SPDX-License-Identifier: MIT
 *
 * shown - which fields a named card of mine shows, by a list such as "email.work,tel".
 * Source: proto/store.md "My cards".
 */
#ifndef KITH_CARD_SHOWN_H
#define KITH_CARD_SHOWN_H

#include <kith/card.h>

/*
 * The fields that the list names, and the name, in the order of fields: FIELD is all of that kind, whatever the
 * label, FIELD.LABEL those with that label.  An empty list is everything.  What the list names and fields have not is
 * passed over.  The spans are those of fields.
 */
void kith_fields_shown(
	struct kith_span list, const struct kith_fields *fields, struct kith_fields *ret_fields);

#endif
