/* SPDX-License-Identifier: MIT
 *
 * clean - texts as a vCard can say them, so that what is read comes back when it is written.
 */
#ifndef KITH_VCARD_CLEAN_H
#define KITH_VCARD_CLEAN_H

#include "vcard/vcard.h"

static inline bool kith_clean_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Without blanks and line ends at both ends. */
static inline struct kith_span kith_clean_trim(struct kith_span s)
{
	while (s.n > 0 && kith_clean_blank(s.p[0]))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && kith_clean_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Without blanks at the ends and controls, every kind of line break "\n".  *ret borrows from s or
 * lives as long as v.  KITH_ERR_NOMEM. */
enum kith_err kith_clean(
	struct kith_vcard *v, struct kith_span s, struct kith_span *ret) KITH_MUST_CHECK;

/* A URL without blanks at the ends: what cannot stand in one is %XX, but for a comma. */
enum kith_err kith_clean_uri(
	struct kith_vcard *v, struct kith_span s, struct kith_span *ret) KITH_MUST_CHECK;

#endif
