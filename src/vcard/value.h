/* SPDX-License-Identifier: MIT
 *
 * value - parameters and values of a property, decoded.
 */
#ifndef KITH_VCARD_VALUE_H
#define KITH_VCARD_VALUE_H

#include "vcard/vcard.h"

/* Whether the property has that name (any case; name in capitals). */
bool kith_vcard_is(const struct kith_vcard_property *p, const char *name);

/*
 * The i-th value of a parameter (any case; name in capitals), counted over all its mentions and the
 * commas in them: TYPE=work,voice;TYPE="cell,pref" has four (a comma between quotes parts only those
 * of TYPE).  Bare words of 2.1 (;WORK;VOICE) count as TYPE, but for QUOTED-PRINTABLE, BASE64, 8BIT
 * and 7BIT, which count as ENCODING, and INLINE, URL, CONTENT-ID, CID, which count as VALUE.  Quotes
 * are taken off; RFC 6868's ^ is left; empty ones do not count.  False when there is no i-th, and
 * from VCARD_PARAMETERS_MAX on.
 */
bool kith_vcard_param(
	const struct kith_vcard_property *p, const char *name, size_t i, struct kith_span *ret);

/*
 * The value as text: quoted-printable and charset undone, then the escapes of that version, up to
 * the i-th unescaped separator: with ';' the i-th component of N, ADR or ORG, with ',' the i-th of a
 * list, with 0 the whole.  *ret lives as long as v.  KITH_ERR_MISSING: no i-th; KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_text(struct kith_vcard *v, const struct kith_vcard_property *p,
	char separator, size_t i, struct kith_span *ret) KITH_MUST_CHECK;

/* Its parts, max of them at most: *ret_n, in ret, each as kith_vcard_text gives it.  KITH_ERR_NOMEM. */
enum kith_err kith_vcard_parts(struct kith_vcard *v, const struct kith_vcard_property *p,
	char separator, size_t max, struct kith_span *ret, size_t *ret_n) KITH_MUST_CHECK;

/*
 * The bytes of a value that holds some: base64 by ENCODING=b or BASE64, by a data: URI, or without
 * any sign of it.  *ret lives as long as v.  KITH_ERR_MISSING: it is an address (http:, file:, any
 * URI but data:), which nobody follows; KITH_ERR_SHAPE: neither; KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_bytes(struct kith_vcard *v, const struct kith_vcard_property *p,
	struct kith_span *ret) KITH_MUST_CHECK;

/* Memory that lives as long as v; NULL when there is none left. */
void *kith_vcard_alloc(struct kith_vcard *v, size_t n);

#endif
