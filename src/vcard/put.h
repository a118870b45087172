/* SPDX-License-Identifier: MIT
 *
 * put - properties as lines: those of a vCard as they stand, and fields as new ones.
 */
#ifndef KITH_VCARD_PUT_H
#define KITH_VCARD_PUT_H

#include "vcard/item.h"
#include "vcard/line.h"

/* A vCard that is being written.  The first error sticks in line.err. */
struct kith_put {
	struct kith_line line;
	enum kith_vcard_version as; /* _30 or _40 */
	unsigned group;             /* the highest N of a group itemN so far */
};

/* Starts after the groups of v (NULL allowed): writes BEGIN and VERSION. */
void kith_put_begin(
	struct kith_put *w, struct kith_buf *out, enum kith_vcard_version as, struct kith_vcard *v);

/* END. */
void kith_put_end(struct kith_put *w);

/* A property as it stands, or in another group. */
void kith_put_property(struct kith_put *w, const struct kith_vcard_property *p);
void kith_put_grouped(
	struct kith_put *w, const struct kith_vcard_property *p, struct kith_span group);

/* The part before the name: "item1." */
void kith_put_group(struct kith_put *w, struct kith_span group);

/* A property of one text. */
void kith_put_text(struct kith_put *w, const char *name, struct kith_span value);

/* Whether parts of a name that nobody gave stand in N as name.h derives them: not; yes; yes, and a
 * parameter says so, by which they are told apart from given ones when the vCard is read. */
enum kith_derived { KITH_DERIVED_NOT, KITH_DERIVED_PLAIN, KITH_DERIVED_MARKED };

/* N of these fields. */
void kith_put_n(struct kith_put *w, const struct kith_fields *fields, enum kith_derived derived);

/* FN and N, marked: 3.0 demands both. */
void kith_put_name(struct kith_put *w, const struct kith_fields *fields);

/* Fields that make one property (an organisation and its units, or just one field) as a new one. */
void kith_put_fields(struct kith_put *w, const struct kith_field *const *f, size_t n);

/*
 * The same in the place of a property: its group and further parameters stay; its label and PREF
 * only if those of the fields are the same as before.
 */
void kith_put_instead(struct kith_put *w, const struct kith_vcard_property *old, bool same_label,
	const struct kith_field *const *f, size_t n);

/* What to do with the parameters of a property that is written again. */
enum {
	KITH_PARAMS_CODED = 1u << 0, /* the value is coded anew: ENCODING, CHARSET, VALUE go */
	KITH_PARAMS_TYPE = 1u << 1,  /* TYPE and PREF go */
	KITH_PARAMS_PREF = 1u << 2,  /* PREF as the version says it */
};
void kith_put_params(struct kith_put *w, const struct kith_vcard_property *p, unsigned flags);

/* The value of a date 1815-12-10 or --12-10, with its colon. */
void kith_put_date(struct kith_put *w, struct kith_span date);

/* The value of a picture, with its parameters and colon. */
void kith_put_picture(struct kith_put *w, struct kith_span picture);

/* Whether nothing of a field would be written. */
bool kith_put_skips(const struct kith_field *f);

/* The fields that go into one property with field i of those not taken yet: sets taken[] and
 * member[] (both KITH_CARD_FIELDS long), returns how many. */
size_t kith_put_bundle(
	const struct kith_fields *fields, size_t i, bool *taken, const struct kith_field **member);

/* New properties for all fields that are not taken yet, in their usual order; but names. */
void kith_put_rest(struct kith_put *w, const struct kith_fields *fields, bool *taken);

/* The usual order: kinds of fields, but for the parts of N. */
extern const uint32_t kith_put_order[];
extern const size_t kith_put_orders;

#endif
