/* SPDX-License-Identifier: MIT */
#include "vcard/item.h"

#include "base/limits.h"
#include "vcard/clean.h"
#include "vcard/date.h"
#include "vcard/inside.h"
#include "vcard/label.h"
#include "vcard/param.h"
#include "vcard/point.h"
#include "vcard/property.h"
#include "vcard/value.h"

static const struct known {
	const char *name;
	size_t n;
	enum kith_role role;
	uint32_t kind;
} known[] = {
/* the usual ones first */
#define KNOWN(name, role, kind)                                                                    \
	{                                                                                          \
		name, sizeof(name) - 1, KITH_ROLE_##role, kind                                     \
	}
	KNOWN("FN", FN, KITH_FIELD_NAME),
	KNOWN("N", N, 0),
	KNOWN("TEL", TEL, KITH_FIELD_TEL),
	KNOWN("EMAIL", EMAIL, KITH_FIELD_EMAIL),
	KNOWN("VERSION", VERSION, 0),
	KNOWN("ADR", ADR, KITH_FIELD_ADR),
	KNOWN("UID", UID, 0),
	KNOWN("ORG", ORG, KITH_FIELD_ORG),
	KNOWN("REV", STAMP, 0),
	KNOWN("X-ABLABEL", LABEL, 0),
	KNOWN("NOTE", TEXT, KITH_FIELD_NOTE),
	KNOWN("URL", URL, KITH_FIELD_URL),
	KNOWN("BDAY", BDAY, KITH_FIELD_BDAY),
	KNOWN("PHOTO", PHOTO, KITH_FIELD_PHOTO),
	KNOWN("TITLE", TEXT, KITH_FIELD_TITLE),
	KNOWN("PRODID", STAMP, 0),
	KNOWN("NICKNAME", LIST, KITH_FIELD_NICKNAME),
	KNOWN("X-KITH-CARD", CARD, 0),
	KNOWN("X-KITH-CAME", STAMP, 0),
	KNOWN("X-KITH-OFFERS", TEXT, KITH_FIELD_OFFERS),
	KNOWN("X-KITH-ASKS", TEXT, KITH_FIELD_ASKS),
	KNOWN("PRONOUNS", TEXT, KITH_FIELD_PRONOUNS),
	KNOWN("X-PRONOUNS", TEXT, KITH_FIELD_PRONOUNS),
	KNOWN("X-PHONETIC-FIRST-NAME", SOUND_FIRST, KITH_FIELD_PHONETIC),
	KNOWN("X-PHONETIC-MIDDLE-NAME", SOUND_MIDDLE, KITH_FIELD_PHONETIC),
	KNOWN("X-PHONETIC-LAST-NAME", SOUND_LAST, KITH_FIELD_PHONETIC),
	KNOWN("LOGO", KEPT, 0),
	KNOWN("SOUND", KEPT, 0),
	KNOWN("KEY", KEPT, 0),
	KNOWN("AGENT", KEPT, 0),
	KNOWN("SOURCE", KEPT, 0),
	KNOWN("X-ABADR", KEPT, 0),
	KNOWN("X-ABUID", KEPT, 0),
};

static const uint32_t n_kinds[] = {KITH_FIELD_FAMILY, KITH_FIELD_GIVEN, KITH_FIELD_ADDITIONAL,
	KITH_FIELD_PREFIX, KITH_FIELD_SUFFIX}; /* as they stand in N */

#define N_KINDS (sizeof n_kinds / sizeof n_kinds[0])

enum kith_role kith_role_of(const struct kith_vcard_property *p, uint32_t *ret_kind)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (known[i].n == p->name.n &&
			kith_same_letters(p->name.p, known[i].name, known[i].n)) {
			*ret_kind = known[i].kind;
			return known[i].role;
		}
	}
	*ret_kind = 0;
	return KITH_ROLE_OTHER;
}

bool kith_item_in_n(uint32_t kind)
{
	return kind >= KITH_FIELD_GIVEN && kind <= KITH_FIELD_SUFFIX;
}

bool kith_item_has_label(uint32_t kind)
{
	const struct kith_field_info *info = kith_field_info(kind);

	return info && !info->single && kind != KITH_FIELD_UNIT;
}

const char *kith_picture_type(struct kith_span s)
{
	if (s.n > 3 && memcmp(s.p, "\xff\xd8\xff", 3) == 0)
		return "jpeg";
	if (s.n > 8 && memcmp(s.p, "\x89PNG\r\n\x1a\n", 8) == 0)
		return "png";
	if (s.n > 12 && memcmp(s.p, "RIFF", 4) == 0 && memcmp(s.p + 8, "WEBP", 4) == 0)
		return "webp";
	return NULL;
}

/* --- labels that stand in a property of their own --------------------------------------------- */

/* Groups that have an X-ABLabel: a table by hash, so that no vCard makes the search long. */
struct labels {
	size_t *slot; /* index of the property + 1; 0: free */
	size_t mask;
};

static size_t hash(struct kith_span s)
{
	size_t h = 5381;

	for (size_t i = 0; i < s.n; i++)
		h = h * 33 + (s.p[i] | 0x20);
	return h ^ h >> 15;
}

/* The slot of a group, or the free one where it would stand. */
static size_t *slot_of(
	const struct kith_items *items, const struct labels *l, struct kith_span group)
{
	size_t i = hash(group) & l->mask;

	while (l->slot[i] && !kith_word_eq(items->property[l->slot[i] - 1].group, group))
		i = (i + 1) & l->mask;
	return &l->slot[i];
}

static enum kith_err find_labels(struct kith_items *items, struct labels *ret)
{
	size_t n = 0, size = 4;
	uint32_t kind;

	ret->slot = NULL;
	for (size_t i = 0; i < items->properties; i++)
		n += items->property[i].group.n > 0 &&
		     kith_role_of(&items->property[i], &kind) == KITH_ROLE_LABEL;
	if (n == 0)
		return KITH_OK;
	while (size < 2 * n)
		size *= 2;
	ret->mask = size - 1;
	if (!(ret->slot = kith_vcard_alloc(items->v, size * sizeof *ret->slot)))
		return KITH_ERR_NOMEM;
	memset(ret->slot, 0, size * sizeof *ret->slot);
	for (size_t i = 0; i < items->properties; i++) {
		const struct kith_vcard_property *p = &items->property[i];
		if (p->group.n == 0 || kith_role_of(p, &kind) != KITH_ROLE_LABEL)
			continue;
		size_t *slot = slot_of(items, ret, p->group);
		if (!*slot)
			*slot = i + 1;
	}
	return KITH_OK;
}

/* --- fields ----------------------------------------------------------------------------------- */

struct reading {
	struct kith_items *items;
	struct labels labels;
	bool has_labels; /* looked for */
	bool has_name, has_n, has_pronouns, has_bday, has_photo;
	size_t many;       /* items of kinds that a card may have many of */
	size_t n_at;       /* of the N */
	size_t sound_item; /* of the pronunciation, once there is one */
	struct kith_span sound[3];
};

static enum kith_err push(struct kith_items *items, size_t property, struct kith_item **ret)
{
	if (items->n == items->cap) {
		size_t cap = items->cap ? items->cap * 2 : items->properties + 8;
		struct kith_item *at = kith_vcard_alloc(items->v, cap * sizeof *at);
		if (!at)
			return KITH_ERR_NOMEM;
		if (items->n > 0)
			memcpy(at, items->at, items->n * sizeof *at);
		items->at = at;
		items->cap = cap;
	}
	*ret = &items->at[items->n++];
	(*ret)->property = property;
	if (property != KITH_ITEM_DERIVED)
		items->use[property] = KITH_USE_FIELD;
	return KITH_OK;
}

static enum kith_err push_field(struct kith_items *items, size_t property, uint32_t kind,
	struct kith_span value, struct kith_field **ret)
{
	struct kith_item *item;
	enum kith_err err = push(items, property, &item);

	if (err)
		return err;
	item->field.kind = kind;
	item->field.flags = 0;
	item->field.label = kith_span("", 0);
	item->field.parts = 1;
	item->field.part[0] = value;
	*ret = &item->field;
	return KITH_OK;
}

enum kith_err kith_item_text(struct kith_vcard *v, const struct kith_vcard_property *p,
	char separator, size_t i, struct kith_span *ret)
{
	enum kith_err err = kith_vcard_text(v, p, separator, i, ret);

	if (err || !v->last.simple)
		return err ? err : kith_clean(v, *ret, ret);
	*ret = kith_clean_trim(*ret);
	return KITH_OK;
}

/* kith_vcard_parts, likewise. */
static enum kith_err parts_of(struct reading *r, size_t at, char separator, size_t max,
	struct kith_span *ret, size_t *ret_n)
{
	struct kith_vcard *v = r->items->v;
	enum kith_err err =
		kith_vcard_parts(v, &r->items->property[at], separator, max, ret, ret_n);

	for (size_t i = 0; !err && i < *ret_n; i++) {
		if (v->last.simple)
			ret[i] = kith_clean_trim(ret[i]);
		else
			err = kith_clean(v, ret[i], &ret[i]);
	}
	return err;
}

/* The label and flags of a property: X-ABLabel of its group, else TYPE. */
static enum kith_err read_label(
	struct reading *r, size_t at, struct kith_span *ret_label, uint32_t *ret_flags)
{
	struct kith_items *items = r->items;
	const struct kith_vcard_property *p = &items->property[at];
	bool preferred;
	enum kith_err err;

	if ((err = kith_label_read(items->v, p, ret_label, &preferred)))
		return err;
	*ret_flags = preferred ? KITH_FIELD_PREFERRED : 0;
	if (p->group.n == 0)
		return KITH_OK;
	if (!r->has_labels && (err = find_labels(items, &r->labels)))
		return err;
	r->has_labels = true;
	size_t slot = r->labels.slot ? *slot_of(items, &r->labels, p->group) : 0;
	if (slot == 0)
		return KITH_OK;
	struct kith_span text;
	if ((err = kith_item_text(items->v, &items->property[slot - 1], 0, 0, &text)) ||
		(err = kith_label_text(items->v, text, &text)) ||
		(err = kith_clean(items->v, text, &text)))
		return err;
	if (text.n > 0) {
		*ret_label = text;
		items->use[slot - 1] = KITH_USE_LABEL;
	}
	return KITH_OK;
}

/* Whether n more of those that a card may have many of become fields. */
static bool has_room(const struct reading *r, size_t n)
{
	return r->many + n <= KITH_VCARD_ITEMS_MAX;
}

static enum kith_err push_labelled(struct reading *r, size_t at, uint32_t kind,
	struct kith_span value, struct kith_field **ret)
{
	struct kith_span label;
	uint32_t flags;
	enum kith_err err;

	if ((err = read_label(r, at, &label, &flags)) ||
		(err = push_field(r->items, at, kind, value, ret)))
		return err;
	(*ret)->label = label;
	(*ret)->flags = flags;
	r->many++;
	return KITH_OK;
}

static enum kith_err read_n(struct reading *r, size_t at)
{
	struct kith_span part[N_KINDS];
	struct kith_field *f;
	size_t n = 0;

	if (r->has_n)
		return KITH_OK;
	enum kith_err err = parts_of(r, at, ';', N_KINDS, part, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (part[i].n > 0)
			err = push_field(r->items, at, n_kinds[i], part[i], &f);
	r->has_n = r->items->use[at] == KITH_USE_FIELD;
	r->n_at = at;
	return err;
}

static enum kith_err read_list(struct reading *r, size_t at, uint32_t kind)
{
	struct kith_span part[KITH_ITEM_LIST_MAX];
	struct kith_field *f;
	size_t n = 0;

	if (!has_room(r, 1))
		return KITH_OK;
	enum kith_err err = parts_of(r, at, ',', KITH_ITEM_LIST_MAX, part, &n);
	if (!has_room(r, n))
		return err;
	for (size_t i = 0; !err && i < n; i++)
		if (part[i].n > 0)
			err = push_labelled(r, at, kind, part[i], &f);
	return err;
}

static enum kith_err read_org(struct reading *r, size_t at)
{
	struct kith_span part[KITH_ITEM_LIST_MAX];
	struct kith_field *f;
	size_t n = 0;

	if (!has_room(r, 1))
		return KITH_OK;
	enum kith_err err = parts_of(r, at, ';', KITH_ITEM_LIST_MAX, part, &n);
	if (!has_room(r, n))
		return err;
	for (size_t i = 0; !err && i < n; i++) {
		if (part[i].n == 0)
			continue;
		err = push_labelled(r, at, i == 0 ? KITH_FIELD_ORG : KITH_FIELD_UNIT, part[i], &f);
		if (!err && i > 0)
			f->flags = 0;
	}
	return err;
}

static enum kith_err read_adr(struct reading *r, size_t at)
{
	struct kith_span part[KITH_FIELD_PARTS];
	struct kith_field *f;
	size_t n = 0, bytes = 0;

	if (!has_room(r, 1))
		return KITH_OK;
	enum kith_err err = parts_of(r, at, ';', KITH_FIELD_PARTS, part, &n);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		bytes += part[i].n;
	for (size_t i = n; i < KITH_FIELD_PARTS; i++)
		part[i] = kith_span("", 0);
	if (bytes == 0)
		return KITH_OK;
	if ((err = push_labelled(r, at, KITH_FIELD_ADR, part[0], &f)))
		return err;
	f->parts = KITH_FIELD_PARTS;
	memcpy(f->part, part, sizeof part);
	return KITH_OK;
}

static enum kith_err read_bday(struct reading *r, size_t at)
{
	struct kith_field *f;
	struct kith_span s;
	enum kith_err err;

	if (r->has_bday)
		return KITH_OK;
	err = kith_date_read(r->items->v, &r->items->property[at], &s, NULL);
	if (err)
		return err == KITH_ERR_VALUE ? KITH_OK : err;
	r->has_bday = true;
	return push_field(r->items, at, KITH_FIELD_BDAY, s, &f);
}

static enum kith_err read_photo(struct reading *r, size_t at)
{
	struct kith_field *f;
	struct kith_span s;
	enum kith_err err;

	if (r->has_photo)
		return KITH_OK;
	if ((err = kith_vcard_bytes(r->items->v, &r->items->property[at], &s)))
		return err == KITH_ERR_NOMEM ? err : KITH_OK;
	if (!kith_picture_type(s))
		return KITH_OK;
	r->has_photo = true;
	return push_field(r->items, at, KITH_FIELD_PHOTO, s, &f);
}

/* First, middle and last name as they are pronounced make one field, at the first of them. */
static enum kith_err read_sound(struct reading *r, size_t at, size_t which)
{
	struct kith_field *f;
	struct kith_span s;
	enum kith_err err;

	if (r->sound[which].n > 0)
		return KITH_OK;
	if ((err = kith_item_text(r->items->v, &r->items->property[at], 0, 0, &s)) || s.n == 0)
		return err;
	if (r->sound[0].n + r->sound[1].n + r->sound[2].n == 0) {
		r->sound_item = r->items->n;
		if ((err = push_field(r->items, at, KITH_FIELD_PHONETIC, s, &f)))
			return err;
	}
	r->items->use[at] = KITH_USE_FIELD;
	r->sound[which] = s;
	return KITH_OK;
}

/* Scheme in capitals. */
static inline bool begins(struct kith_span s, const char *scheme)
{
	size_t n = strlen(scheme);

	return s.n > n && kith_same_letters(s.p, scheme, n);
}

/* Texts of a kind as they are compared: an address without the name of its scheme. */
static enum kith_err fit(
	struct kith_vcard *v, uint32_t kind, struct kith_span s, struct kith_span *ret)
{
	if (kind == KITH_FIELD_TEL && begins(s, "TEL:"))
		return kith_clean(v, kith_span(s.p + 4, s.n - 4), ret);
	if (kind == KITH_FIELD_EMAIL && begins(s, "MAILTO:"))
		return kith_clean(v, kith_span(s.p + 7, s.n - 7), ret);
	if (kind == KITH_FIELD_URL)
		return kith_clean_uri(v, s, ret);
	*ret = s;
	return KITH_OK;
}

static enum kith_err read_text(struct reading *r, size_t at, uint32_t kind)
{
	struct kith_field *f;
	struct kith_span s;
	enum kith_err err;

	if ((kind == KITH_FIELD_NAME && r->has_name) ||
		(kind == KITH_FIELD_PRONOUNS && r->has_pronouns) ||
		(kith_item_has_label(kind) && !has_room(r, 1)))
		return KITH_OK;
	if ((err = kith_item_text(r->items->v, &r->items->property[at], 0, 0, &s)) ||
		(err = fit(r->items->v, kind, s, &s)) || s.n == 0)
		return err;
	r->has_name |= kind == KITH_FIELD_NAME;
	r->has_pronouns |= kind == KITH_FIELD_PRONOUNS;
	if (!kith_item_has_label(kind))
		return push_field(r->items, at, kind, s, &f);
	return push_labelled(r, at, kind, s, &f);
}

static enum kith_err read_property(struct reading *r, size_t at)
{
	uint32_t kind;
	enum kith_err err;

	switch (kith_role_of(&r->items->property[at], &kind)) {
	case KITH_ROLE_FN:
	case KITH_ROLE_TEXT:
	case KITH_ROLE_EMAIL:
	case KITH_ROLE_TEL:
	case KITH_ROLE_URL:
		err = read_text(r, at, kind);
		break;
	case KITH_ROLE_N:
		err = read_n(r, at);
		break;
	case KITH_ROLE_SOUND_FIRST:
		err = read_sound(r, at, 0);
		break;
	case KITH_ROLE_SOUND_MIDDLE:
		err = read_sound(r, at, 1);
		break;
	case KITH_ROLE_SOUND_LAST:
		err = read_sound(r, at, 2);
		break;
	case KITH_ROLE_LIST:
		err = read_list(r, at, kind);
		break;
	case KITH_ROLE_ORG:
		err = read_org(r, at);
		break;
	case KITH_ROLE_ADR:
		err = read_adr(r, at);
		break;
	case KITH_ROLE_BDAY:
		err = read_bday(r, at);
		break;
	case KITH_ROLE_PHOTO:
		err = read_photo(r, at);
		break;
	case KITH_ROLE_VERSION:
	case KITH_ROLE_UID:
	case KITH_ROLE_STAMP:
	case KITH_ROLE_CARD:
		r->items->use[at] = KITH_USE_SYSTEM;
		return KITH_OK;
	case KITH_ROLE_OTHER:
	case KITH_ROLE_LABEL:
	case KITH_ROLE_KEPT:
	default:
		return KITH_OK;
	}
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}

/* --- names ------------------------------------------------------------------------------------ */

static bool is_east(struct kith_span s)
{
	size_t n;

	return s.n > 0 && kith_point_east(kith_point(s, &n));
}

/* Some texts with a blank between them; without one where both sides are written without. */
static enum kith_err join(struct kith_vcard *v, const struct kith_span *part, size_t n, bool close,
	struct kith_span *ret)
{
	size_t size = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		size += part[i].n + 1;
	uint8_t *text = kith_vcard_alloc(v, size);
	if (!text)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		if (part[i].n == 0)
			continue;
		if (at > 0 && !close)
			text[at++] = ' ';
		memcpy(text + at, part[i].p, part[i].n);
		at += part[i].n;
	}
	*ret = kith_span(text, at);
	return KITH_OK;
}

static struct kith_span first_of(const struct kith_fields *fields, uint32_t kind)
{
	const struct kith_field *f = kith_fields_first(fields, kind);

	return f ? f->part[0] : kith_span("", 0);
}

enum kith_err kith_item_name(
	struct kith_vcard *v, const struct kith_fields *fields, struct kith_span *ret)
{
	static const uint32_t instead[] = {
		KITH_FIELD_NICKNAME, KITH_FIELD_ORG, KITH_FIELD_EMAIL, KITH_FIELD_TEL};
	struct kith_span family = first_of(fields, KITH_FIELD_FAMILY);
	struct kith_span given = first_of(fields, KITH_FIELD_GIVEN);
	struct kith_span further = first_of(fields, KITH_FIELD_ADDITIONAL);
	struct kith_span prefix = first_of(fields, KITH_FIELD_PREFIX);
	struct kith_span suffix = first_of(fields, KITH_FIELD_SUFFIX);

	if (is_east(family) && (given.n == 0 || is_east(given))) {
		const struct kith_span close[] = {family, given, further};
		enum kith_err err = join(v, close, 3, true, ret);
		const struct kith_span whole[] = {prefix, err ? family : *ret, suffix};
		return err ? err : join(v, whole, 3, false, ret);
	}
	if (family.n + given.n + further.n > 0) {
		const struct kith_span west[] = {prefix, given, further, family, suffix};
		return join(v, west, 5, false, ret);
	}
	for (size_t i = 0; i < sizeof instead / sizeof instead[0]; i++)
		if ((*ret = first_of(fields, instead[i])).n > 0)
			return KITH_OK;
	*ret = kith_span("", 0);
	return KITH_OK;
}

#define ONCE                                                                                       \
	8 /* fields of a name that a card has once; they find room behind however many others */

/* The fields among the items that tell about the name. */
static void name_fields(const struct kith_items *items, bool without_given, bool without_family,
	struct kith_fields *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < items->n && ret->n < KITH_CARD_FIELDS; i++) {
		const struct kith_field *f = &items->at[i].field;
		if (f->kind >= KITH_FIELD_NICKNAME && ret->n >= KITH_CARD_FIELDS - ONCE)
			continue;
		if ((f->kind == KITH_FIELD_GIVEN && without_given) ||
			(f->kind == KITH_FIELD_FAMILY && without_family))
			continue;
		if (f->kind <= KITH_FIELD_NICKNAME || f->kind == KITH_FIELD_ORG ||
			f->kind == KITH_FIELD_EMAIL || f->kind == KITH_FIELD_TEL)
			ret->at[ret->n++] = *f;
	}
}

static void drop(struct kith_items *items, uint32_t kind)
{
	for (size_t i = 0; i < items->n; i++) {
		if (items->at[i].field.kind != kind)
			continue;
		items->n--;
		memmove(&items->at[i], &items->at[i + 1], (items->n - i) * sizeof items->at[0]);
		return;
	}
}

/* kith writes an N because 3.0 demands one, and says which parts of it are no more than that. */
static void drop_made(struct reading *r)
{
	struct kith_items *items = r->items;
	struct kith_span made;
	struct kith_fields fields;

	if (!r->has_n || !kith_vcard_param(&items->property[r->n_at], "X-KITH-DERIVED", 0, &made))
		return;
	bool given = !kith_word_is(made, "family"), family = !kith_word_is(made, "given");
	name_fields(items, given, family, &fields);
	struct kith_name parts = kith_name_parts(&fields);
	name_fields(items, false, false, &fields);
	if (given && kith_span_eq(parts.given, first_of(&fields, KITH_FIELD_GIVEN))) {
		drop(items, KITH_FIELD_GIVEN);
		items->made_n = true;
	}
	if (family && kith_span_eq(parts.family, first_of(&fields, KITH_FIELD_FAMILY))) {
		drop(items, KITH_FIELD_FAMILY);
		items->made_n = true;
	}
}

static enum kith_err add_name(struct reading *r)
{
	struct kith_items *items = r->items;
	struct kith_fields fields;
	struct kith_field *f;
	struct kith_span name;
	enum kith_err err;

	if (r->has_name)
		return KITH_OK;
	name_fields(items, false, false, &fields);
	if ((err = kith_item_name(items->v, &fields, &name)) ||
		(err = kith_clean(items->v, name, &name)))
		return err;
	if (name.n == 0)
		return KITH_OK;
	if ((err = push_field(items, KITH_ITEM_DERIVED, KITH_FIELD_NAME, name, &f)))
		return err;
	struct kith_item last = items->at[items->n - 1];
	memmove(&items->at[1], &items->at[0], (items->n - 1) * sizeof items->at[0]);
	items->at[0] = last;
	return KITH_OK;
}

/* Family name first where the name is written so. */
static enum kith_err join_sound(struct reading *r)
{
	struct kith_span *first = &r->sound[0], *middle = &r->sound[1], *last = &r->sound[2];
	struct kith_items *items = r->items;
	bool east = is_east(*last) || is_east(*first);

	if ((first->n > 0) + (middle->n > 0) + (last->n > 0) < 2)
		return KITH_OK;
	for (size_t i = 0; i < items->n && !east; i++)
		east = items->at[i].field.kind == KITH_FIELD_FAMILY &&
		       is_east(items->at[i].field.part[0]);
	const struct kith_span part[] = {
		east ? *last : *first, east ? *first : *middle, east ? *middle : *last};
	return join(items->v, part, 3, false, &items->at[r->sound_item].field.part[0]);
}

enum kith_err kith_items_read(struct kith_vcard *v, struct kith_items *ret)
{
	struct reading r = {.items = ret};
	enum kith_err err = KITH_OK;

	*ret = (struct kith_items){.v = v};
	ret->property = kith_vcard_properties(v, &ret->properties);
	if (!(ret->use = kith_vcard_alloc(v, ret->properties + 1)))
		return KITH_ERR_NOMEM;
	memset(ret->use, KITH_USE_REST, ret->properties + 1);
	for (size_t i = 0; !err && i < ret->properties; i++)
		err = read_property(&r, i);
	if (err || (err = join_sound(&r)))
		return err;
	err = add_name(&r);
	if (!err)
		drop_made(&r); /* by the name, which is written beside it from now on */
	return err;
}

/* --- comparing -------------------------------------------------------------------------------- */

enum kith_err kith_item_norm(struct kith_vcard *v, const struct kith_field *field,
	struct kith_field *ret, bool *ret_says)
{
	const struct kith_field_info *info = kith_field_info(field->kind);
	enum kith_err err;
	size_t n = 0;

	*ret_says = false;
	*ret = *field;
	if (!info || field->parts != info->parts)
		return KITH_OK;
	for (size_t i = 0; i < field->parts && field->kind != KITH_FIELD_PHOTO; i++) {
		if (field->kind != KITH_FIELD_URL &&
			(err = kith_clean(v, field->part[i], &ret->part[i])))
			return err;
		if ((err = fit(v, field->kind, ret->part[i], &ret->part[i])))
			return err;
	}
	for (size_t i = 0; i < field->parts; i++)
		n += ret->part[i].n;
	ret->label = kith_span("", 0);
	ret->flags = 0;
	if (kith_item_has_label(field->kind)) {
		ret->flags = field->flags & KITH_FIELD_PREFERRED;
		if ((err = kith_clean(v, field->label, &ret->label)) ||
			(err = kith_label_text(v, ret->label, &ret->label)) ||
			(err = kith_clean(v, ret->label, &ret->label)))
			return err;
	}
	*ret_says = n > 0;
	if (field->kind == KITH_FIELD_BDAY)
		*ret_says = kith_date_valid(ret->part[0]);
	if (field->kind == KITH_FIELD_PHOTO)
		*ret_says = kith_picture_type(ret->part[0]) != NULL;
	return KITH_OK;
}

bool kith_item_same(const struct kith_field *a, const struct kith_field *b)
{
	if (a->kind != b->kind || a->parts != b->parts)
		return false;
	if (kith_item_has_label(a->kind) && (((a->flags ^ b->flags) & KITH_FIELD_PREFERRED) != 0 ||
						    !kith_label_eq(a->label, b->label)))
		return false;
	for (size_t i = 0; i < a->parts; i++)
		if (!kith_span_eq(a->part[i], b->part[i]))
			return false;
	return true;
}
