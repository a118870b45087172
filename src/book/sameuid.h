/* SPDX-License-Identifier: MIT
 *
 * sameuid - two vCards of one UID: which is the newer one, and are they of one person at all?
 */
#ifndef KITH_BOOK_SAMEUID_H
#define KITH_BOOK_SAMEUID_H

#include <kith/card.h>

#include "vcard/vcard.h"

enum kith_age { KITH_AGE_OLDER = -1, KITH_AGE_EQUAL, KITH_AGE_NEWER, KITH_AGE_UNKNOWN };

/* How the REV of a vCard stands to that of the one held. */
enum kith_age kith_sameuid_age(const struct kith_vcard *v, const struct kith_vcard *held);

/* Whether they are evidently of two people: nothing that they are called, and no address, is common
 * to both. KITH_ERR_NOMEM. */
enum kith_err kith_sameuid_other(
	const struct kith_fields *a, const struct kith_fields *b, bool *ret_other) KITH_MUST_CHECK;

#endif
