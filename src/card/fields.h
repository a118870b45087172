/* SPDX-License-Identifier: MIT
 *
 * fields - the array of fields inside a body, proto/card.md "field".
 */
#ifndef KITH_CARD_FIELDS_H
#define KITH_CARD_FIELDS_H

#include <kith/card.h>

#include "codec/pack.h"
#include "codec/unpack.h"

/* Packs the array.  The first error sticks in p. */
void kith_fields_write(struct kith_packer *p, const struct kith_fields *fields);

/* What a card must not be: KITH_ERR_VALUE for no name, an empty one, or a single field twice;
 * KITH_ERR_LIMIT and KITH_ERR_UTF8 for parts that do not fit. */
enum kith_err kith_fields_check(const struct kith_fields *fields) KITH_MUST_CHECK;

/* Reads the array, step 9 of proto/card.md "Verifying", without asking for a name. */
enum kith_err kith_fields_read(
	struct kith_node array, struct kith_fields *ret_fields) KITH_MUST_CHECK;

#endif
