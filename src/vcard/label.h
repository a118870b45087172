/* SPDX-License-Identifier: MIT
 *
 * label - "work", "mobile" and other labels: as TYPE, or as a text beside the property.
 * Source: proto/vcard.md "Labels".
 */
#ifndef KITH_VCARD_LABEL_H
#define KITH_VCARD_LABEL_H

#include "vcard/vcard.h"

/*
 * What the parameters say: the label in *ret_label (n == 0 for none; lives as long as v), and in
 * *ret_preferred whether it is the first choice.  KITH_ERR_NOMEM.
 */
enum kith_err kith_label_read(struct kith_vcard *v, const struct kith_vcard_property *p,
	struct kith_span *ret_label, bool *ret_preferred) KITH_MUST_CHECK;

/* The text of an X-ABLabel as a label: Apple's _$!<Home>!$_ is home.  As kith_label_read. */
enum kith_err kith_label_text(
	struct kith_vcard *v, struct kith_span text, struct kith_span *ret_label) KITH_MUST_CHECK;

/* The TYPE that says the label for fields of that kind, "WORK,FAX"; NULL when none does. */
const char *kith_label_type(struct kith_span label, uint32_t kind);

/* Whether two labels come back from a vCard as the same one. */
bool kith_label_eq(struct kith_span a, struct kith_span b);

#endif
