/* SPDX-License-Identifier: MIT
 *
 * date - birthdays in every spelling.  Source: proto/vcard.md "Birthdays".
 */
#ifndef KITH_VCARD_DATE_H
#define KITH_VCARD_DATE_H

#include "vcard/vcard.h"

#define KITH_DATE_LEAP_YEAR "1604" /* Apple's stand-in for a year that is not told */

/*
 * The date of a BDAY as the field has it, 1815-12-10 or --12-10; *ret lives as long as v.
 * *ret_more: a time of day stands behind it, which the field does not have (NULL allowed).
 * KITH_ERR_VALUE: it is none of the kind; KITH_ERR_NOMEM.
 */
enum kith_err kith_date_read(struct kith_vcard *v, const struct kith_vcard_property *p,
	struct kith_span *ret, bool *ret_more) KITH_MUST_CHECK;

/* Whether a field may have that date. */
bool kith_date_valid(struct kith_span s);

#endif
