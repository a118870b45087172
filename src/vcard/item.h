/* SPDX-License-Identifier: MIT
 *
 * item - the fields of a vCard, each with the property that it comes from.
 * Source: proto/vcard.md "Fields".
 */
#ifndef KITH_VCARD_ITEM_H
#define KITH_VCARD_ITEM_H

#include "vcard/name.h"
#include "vcard/vcard.h"

/* What a property is to kith, by its name. */
enum kith_role {
	KITH_ROLE_OTHER,
	KITH_ROLE_FN,
	KITH_ROLE_N,
	KITH_ROLE_SOUND_FIRST, /* X-PHONETIC-FIRST-NAME and so on */
	KITH_ROLE_SOUND_MIDDLE,
	KITH_ROLE_SOUND_LAST,
	KITH_ROLE_LIST, /* NICKNAME */
	KITH_ROLE_ORG,
	KITH_ROLE_TEXT,
	KITH_ROLE_EMAIL,
	KITH_ROLE_TEL,
	KITH_ROLE_URL,
	KITH_ROLE_ADR,
	KITH_ROLE_BDAY,
	KITH_ROLE_PHOTO,
	KITH_ROLE_LABEL, /* X-ABLabel */
	KITH_ROLE_VERSION,
	KITH_ROLE_UID,
	KITH_ROLE_STAMP, /* REV, PRODID: of whoever wrote the vCard last */
	KITH_ROLE_CARD,  /* X-KITH-CARD */
	KITH_ROLE_KEPT,  /* no words in it: LOGO, KEY ... */
};

/* What became of a property. */
enum kith_use {
	KITH_USE_REST,   /* no field: kept as it is */
	KITH_USE_FIELD,  /* one or more */
	KITH_USE_LABEL,  /* the X-ABLabel of a field */
	KITH_USE_SYSTEM, /* VERSION, UID, REV, PRODID, X-KITH-CARD */
};

#define KITH_ITEM_LIST_MAX 64 /* values of one list that become fields; the others stay in it */

#define KITH_ITEM_DERIVED SIZE_MAX /* as a property: the name that no property says */

struct kith_item {
	struct kith_field field;
	size_t property; /* index; of several the first */
};

/* All memory lives as long as the vCard. */
struct kith_items {
	struct kith_vcard *v; /* borrowed */
	const struct kith_vcard_property *property;
	size_t properties;
	uint8_t *use; /* enum kith_use of each property */
	struct kith_item *at;
	size_t n;
	size_t cap;
	bool made_n; /* the N is one that kith has derived, in part at least */
};

/* Of those that a card may have many of, VCARD_ITEMS_MAX items at most; a property that would make more
 * stays KITH_USE_REST, whole.  KITH_ERR_NOMEM. */
enum kith_err kith_items_read(struct kith_vcard *v, struct kith_items *ret) KITH_MUST_CHECK;

/* role and kind of a property; kind is 0 where the role has none or several. */
enum kith_role kith_role_of(const struct kith_vcard_property *p, uint32_t *ret_kind);

/* Whether fields of that kind can have a label and be preferred: those a card may have many of, but
 * for a unit, which goes with its organisation. */
bool kith_item_has_label(uint32_t kind);

/* given, family, additional, prefix, suffix. */
bool kith_item_in_n(uint32_t kind);

/*
 * A field as it comes back from a vCard: texts without controls and blanks at the ends, one kind of
 * line end, URLs without what cannot stand in one.  *ret_says is false when nothing of it would.
 * Memory lives as long as v.  KITH_ERR_NOMEM.
 */
enum kith_err kith_item_norm(struct kith_vcard *v, const struct kith_field *field,
	struct kith_field *ret, bool *ret_says) KITH_MUST_CHECK;

/* Whether two such fields say the same. */
bool kith_item_same(const struct kith_field *a, const struct kith_field *b);

/* The value of a property as kith_vcard_text gives it, made fit for a field.  KITH_ERR_MISSING. */
enum kith_err kith_item_text(struct kith_vcard *v, const struct kith_vcard_property *p,
	char separator, size_t i, struct kith_span *ret) KITH_MUST_CHECK;

/* "jpeg", "png" or "webp" by the first bytes of a picture; NULL for anything else. */
const char *kith_picture_type(struct kith_span s);

/* What can serve as the name where none was said, from N, then a nickname, an organisation, an
 * address.  *ret lives as long as v.  n == 0: nothing.  KITH_ERR_NOMEM. */
enum kith_err kith_item_name(struct kith_vcard *v, const struct kith_fields *fields,
	struct kith_span *ret) KITH_MUST_CHECK;

#endif
