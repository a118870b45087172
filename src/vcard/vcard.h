/* SPDX-License-Identifier: MIT
 *
 * vcard - one vCard as it was read: its properties in their order, each byte of them kept.
 * Source: proto/vcard.md; RFC 6350 (4.0), RFC 2426 (3.0), the vCard 2.1 of 1996.
 *
 * What kith understands of a vCard is worked out from the properties when asked (map.h), and the
 * properties are what is written back (write.h): so nothing is lost that kith does not understand.
 * A vCard belongs to one thread.
 */
#ifndef KITH_VCARD_VCARD_H
#define KITH_VCARD_VCARD_H

#include <kith/card.h>

enum kith_vcard_version { KITH_VCARD_21, KITH_VCARD_30, KITH_VCARD_40 };

/* One property.  All spans are UTF-8, borrow from the vCard, and stand as they were read: unfolded,
 * soft line breaks of quoted-printable and of base64 joined, nothing else undone.  A value that
 * was not UTF-8 has become it, and its CHARSET is no longer among the parameters; a line end inside
 * a value is "\n" in two characters. */
struct kith_vcard_property {
	struct kith_span group; /* "item1"; n == 0 for none */
	struct kith_span name;  /* as it was spelled: "TEL", "x-ablabel" */
	struct kith_span
		params; /* from the first ";" up to the colon: ";TYPE=CELL"; n == 0 for none */
	struct kith_span
		value; /* behind the colon; of an AGENT with a vCard in it, its lines too */
	uint32_t line; /* of the file, where it begins, from 1 */
};

/* A vCard, BEGIN and END not among its properties, VERSION among them. */
struct kith_vcard;

/* As VERSION says, whatever its case; without one, or with another number, 3.0. */
enum kith_vcard_version kith_vcard_version(const struct kith_vcard *v);

/* Its properties, *ret_n of them, valid as long as the vCard. */
const struct kith_vcard_property *kith_vcard_properties(const struct kith_vcard *v, size_t *ret_n);

/*
 * Reads the first vCard in the bytes (copied), by the rules of reader.h.
 * KITH_ERR_NOTCARD: there is none; KITH_ERR_LIMIT (VCARD_MAX, _PROPERTIES_MAX, _DEPTH_MAX,
 * _PARAMETERS_MAX; the sentence names which); KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_parse(
	struct kith_span bytes, struct kith_vcard **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* NULL allowed; not for one that a reader lent. */
void kith_vcard_free(struct kith_vcard *v);

#endif
