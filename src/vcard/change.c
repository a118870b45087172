/* SPDX-License-Identifier: MIT
 *
 * change - other fields in a vCard that keeps everything else as it stands.
 */
#include "vcard/map.h"
#include "vcard/param.h"
#include "vcard/pick.h"

#define NOWHERE SIZE_MAX

struct change {
	struct kith_items items;       /* as they were */
	size_t told;                   /* items that the caller knows of */
	struct kith_fields now;        /* as they are to be, those that say something */
	size_t home[KITH_CARD_FIELDS]; /* property that field i goes into, NOWHERE for a new one */
	size_t behind[KITH_CARD_FIELDS]; /* property that a new one stands behind */
	bool kept[KITH_CARD_FIELDS];     /* told item i is among the new fields */
	bool found[KITH_CARD_FIELDS];    /* new field i was told */
	bool moved[KITH_CARD_FIELDS];    /* new field i has another label than what it replaces */
	bool any;                        /* something differs */
	bool n_anew;                     /* N is to be written again */
	struct kith_put put;
};

/* --- what becomes of what --------------------------------------------------------------------- */

static enum kith_err take_fields(struct change *c, const struct kith_fields *fields)
{
	c->now.n = 0;
	for (size_t i = 0; i < fields->n; i++) {
		bool says;
		enum kith_err err =
			kith_item_norm(c->items.v, &fields->at[i], &c->now.at[c->now.n], &says);
		if (err)
			return err;
		c->now.n += says;
	}
	return KITH_OK;
}

static void match(struct change *c)
{
	for (size_t i = 0; i < c->told; i++) {
		const struct kith_item *item = &c->items.at[i];
		for (size_t j = 0; j < c->now.n; j++) {
			if (c->found[j] || !kith_item_same(&item->field, &c->now.at[j]))
				continue;
			c->found[j] = c->kept[i] = true;
			c->home[j] = item->property;
			break;
		}
		c->any |= !c->kept[i];
	}
	for (size_t j = 0; j < c->now.n; j++)
		c->any |= !c->found[j];
}

static bool same_label(const struct kith_field *a, const struct kith_field *b)
{
	struct kith_field x = *a, y = *b;

	x.parts = y.parts = 0;
	return kith_item_same(&x, &y);
}

static bool same_value(const struct kith_field *a, const struct kith_field *b)
{
	struct kith_field x = *a;

	x.label = b->label;
	x.flags = b->flags;
	return kith_item_same(&x, b);
}

/* A field that is new takes the place of one of its kind that has gone: of the most alike. */
static void replace(struct change *c, size_t j)
{
	const struct kith_field *now = &c->now.at[j];
	size_t best = NOWHERE;
	int best_score = -1;

	for (size_t i = 0; i < c->told; i++) {
		const struct kith_item *item = &c->items.at[i];
		if (c->kept[i] || item->field.kind != now->kind)
			continue;
		int score = 2 * same_value(&item->field, now) + same_label(&item->field, now);
		if (score > best_score) {
			best = i;
			best_score = score;
		}
	}
	if (best == NOWHERE)
		return;
	c->kept[best] = true;
	c->home[j] = c->items.at[best].property;
	c->moved[j] = !same_label(&c->items.at[best].field, now);
}

static uint32_t line_kind(uint32_t kind)
{
	return kind == KITH_FIELD_UNIT ? KITH_FIELD_ORG : kind;
}

/* A new unit goes into the property of the organisation before it. */
static void attach(struct change *c, size_t unit)
{
	for (size_t j = unit; j-- > 0;) {
		if (c->now.at[j].kind != KITH_FIELD_ORG)
			continue;
		c->home[unit] = c->home[j];
		return;
	}
}

/* Behind which property a new one stands: the last of its kind. */
static size_t last_of(const struct change *c, uint32_t kind)
{
	size_t last = NOWHERE;
	uint32_t next;

	for (size_t i = 0; i < c->items.n; i++)
		if (c->items.at[i].property != KITH_ITEM_DERIVED &&
			line_kind(c->items.at[i].field.kind) == line_kind(kind))
			last = c->items.at[i].property;
	while (last != NOWHERE && last + 1 < c->items.properties &&
		kith_role_of(&c->items.property[last + 1], &next) == KITH_ROLE_LABEL)
		last++;
	return last;
}

static bool is_n(const struct kith_field *f)
{
	return kith_item_in_n(f->kind);
}

static void plan(struct change *c)
{
	bool name = false;

	for (size_t j = 0; j < c->now.n; j++)
		c->home[j] = c->behind[j] = NOWHERE;
	match(c);
	for (size_t i = 0; i < c->told; i++) {
		c->n_anew |= is_n(&c->items.at[i].field) && !c->kept[i];
		name |= c->items.at[i].field.kind == KITH_FIELD_NAME && !c->kept[i];
	}
	for (size_t j = 0; j < c->now.n; j++) {
		c->n_anew |= is_n(&c->now.at[j]) && !c->found[j];
		name |= c->now.at[j].kind == KITH_FIELD_NAME && !c->found[j];
		if (!c->found[j] && !is_n(&c->now.at[j]))
			replace(c, j);
	}
	c->n_anew |= name && c->items.made_n;
	for (size_t j = 0; j < c->now.n; j++) {
		if (c->home[j] == NOWHERE && c->now.at[j].kind == KITH_FIELD_UNIT)
			attach(c, j);
		if (c->home[j] == NOWHERE)
			c->behind[j] = last_of(c, c->now.at[j].kind);
	}
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The fields of property p as they are to be; with those that were not told. */
static size_t members_of(const struct change *c, size_t p, const struct kith_field **member,
	bool *ret_moved, bool *ret_new)
{
	size_t n = 0;

	*ret_moved = *ret_new = false;
	for (size_t j = 0; j < c->now.n && n < KITH_CARD_FIELDS; j++) {
		if (c->home[j] != p)
			continue;
		member[n++] = &c->now.at[j];
		*ret_new |= !c->found[j];
		*ret_moved |= c->moved[j];
		if (c->now.at[j].kind == KITH_FIELD_ORG) { /* before its units */
			member[n - 1] = member[0];
			member[0] = &c->now.at[j];
		}
	}
	for (size_t i = c->told; i < c->items.n && n < KITH_CARD_FIELDS; i++)
		if (c->items.at[i].property == p)
			member[n++] = &c->items.at[i].field;
	return n;
}

enum fate { STAYS, CHANGES, LEAVES };

static enum fate fate_of(const struct change *c, size_t p, const struct kith_field **member,
	size_t *ret_n, bool *ret_moved)
{
	bool new, gone = false;

	*ret_n = members_of(c, p, member, ret_moved, &new);
	for (size_t i = 0; i < c->told; i++)
		gone |= c->items.at[i].property == p && !c->kept[i];
	if (!new && !gone)
		return STAYS;
	return *ret_n > 0 ? CHANGES : LEAVES;
}

/* The first of several properties that make the pronunciation. */
static size_t sound_home(const struct change *c)
{
	for (size_t i = 0; i < c->items.n; i++)
		if (c->items.at[i].field.kind == KITH_FIELD_PHONETIC)
			return c->items.at[i].property;
	return NOWHERE;
}

/* Whether the X-ABLabel still has something in its group that it labels. */
static bool label_stays(const struct change *c, size_t label)
{
	struct kith_span group = c->items.property[label].group;
	const struct kith_field *member[KITH_CARD_FIELDS];
	bool touched = false, moved;
	uint32_t kind;
	size_t n;

	for (size_t i = 0; i < c->told && !touched; i++) {
		size_t p = c->items.at[i].property;
		touched = p != KITH_ITEM_DERIVED &&
			  kith_word_eq(c->items.property[p].group, group) &&
			  (fate_of(c, p, member, &n, &moved) != STAYS);
	}
	if (!touched)
		return true;
	for (size_t p = 0; p < c->items.properties; p++) {
		const struct kith_vcard_property *q = &c->items.property[p];
		if (!kith_word_eq(q->group, group) || kith_role_of(q, &kind) == KITH_ROLE_LABEL)
			continue;
		if (c->items.use[p] != KITH_USE_FIELD)
			return true;
		enum fate fate = fate_of(c, p, member, &n, &moved);
		if (fate == STAYS || (fate == CHANGES && !moved))
			return true;
	}
	return false;
}

/* New properties whose place is behind p; NOWHERE: that have no place. */
static void put_behind(struct change *c, size_t p)
{
	const struct kith_field *member[KITH_CARD_FIELDS];
	bool taken[KITH_CARD_FIELDS];
	bool some = false;

	for (size_t j = 0; j < c->now.n; j++) {
		const struct kith_field *f = &c->now.at[j];
		taken[j] = c->found[j] || c->home[j] != NOWHERE || c->behind[j] != p || is_n(f) ||
			   f->kind == KITH_FIELD_NAME;
		some |= !taken[j];
	}
	for (size_t j = 0; some && j < c->now.n; j++) {
		if (taken[j])
			continue;
		size_t n = kith_put_bundle(&c->now, j, taken, member);
		kith_put_fields(&c->put, member, n);
	}
}

/* FN where the name was only derived, or not there; and N when a part of it is new. */
static void put_names(struct change *c)
{
	const struct kith_field *name = kith_fields_first(&c->now, KITH_FIELD_NAME);
	bool has_fn = false, has_n = false;

	for (size_t i = 0; i < c->items.n; i++) {
		size_t p = c->items.at[i].property;
		has_fn |= c->items.at[i].field.kind == KITH_FIELD_NAME && p != KITH_ITEM_DERIVED;
	}
	for (size_t i = 0; i < c->items.properties; i++) {
		uint32_t kind;
		has_n |= kith_role_of(&c->items.property[i], &kind) == KITH_ROLE_N &&
			 c->items.use[i] == KITH_USE_FIELD;
	}
	if (c->any && name && !has_fn)
		kith_put_text(&c->put, "FN", name->part[0]);
	if (c->n_anew && !has_n)
		kith_put_n(&c->put, &c->now, KITH_DERIVED_MARKED);
}

/* An FN or N that says nothing, beside which one that does is written. */
static bool gives_way(const struct change *c, size_t p, enum kith_role role)
{
	if (c->items.use[p] == KITH_USE_FIELD)
		return false;
	return (role == KITH_ROLE_FN && c->any) || (role == KITH_ROLE_N && c->n_anew);
}

static void put_field(struct change *c, size_t p, enum kith_role role)
{
	const struct kith_vcard_property *property = &c->items.property[p];
	const struct kith_field *member[KITH_CARD_FIELDS];
	bool moved;
	size_t n;

	if (role == KITH_ROLE_N) {
		if (c->n_anew)
			kith_put_n(&c->put, &c->now, KITH_DERIVED_MARKED);
		else
			kith_put_property(&c->put, property);
		return;
	}
	bool sound = role >= KITH_ROLE_SOUND_FIRST && role <= KITH_ROLE_SOUND_LAST;
	size_t home = sound ? sound_home(c) : p;
	switch (fate_of(c, home, member, &n, &moved)) {
	case STAYS:
		kith_put_property(&c->put, property);
		break;
	case CHANGES:
		if (sound && home == p)
			kith_put_fields(&c->put, member, n);
		else if (!sound)
			kith_put_instead(&c->put, property, !moved, member, n);
		break;
	case LEAVES:
	default:
		break;
	}
}

static void put_property(struct change *c, size_t p, struct kith_span uid, bool *has_uid)
{
	const struct kith_vcard_property *property = &c->items.property[p];
	uint32_t kind;
	enum kith_role role = kith_role_of(property, &kind);

	if (role == KITH_ROLE_VERSION || gives_way(c, p, role))
		return;
	if (role == KITH_ROLE_UID && uid.n > 0) {
		if (!*has_uid)
			kith_put_text(&c->put, "UID", uid);
		*has_uid = true;
	} else if (c->items.use[p] == KITH_USE_FIELD) {
		put_field(c, p, role);
	} else if (role != KITH_ROLE_LABEL || property->group.n == 0 || !c->any ||
		   label_stays(c, p)) {
		kith_put_property(&c->put, property);
	}
}

static enum kith_err set(struct change *c, struct kith_vcard *v, const struct kith_fields *fields,
	struct kith_span uid, struct kith_buf *out)
{
	bool has_uid = false;
	enum kith_err err = kith_items_read(v, &c->items);

	if (err)
		return err;
	c->told = c->items.n < KITH_CARD_FIELDS ? c->items.n : KITH_CARD_FIELDS;
	if ((err = take_fields(c, fields)))
		return err;
	plan(c);
	if (kith_span_eq(kith_vcard_uid(v), uid))
		uid = kith_span("", 0);
	kith_put_begin(&c->put, out, kith_vcard_kept(v), v);
	put_names(c);
	for (size_t p = 0; p < c->items.properties; p++) {
		put_property(c, p, uid, &has_uid);
		if (c->any)
			put_behind(c, p);
	}
	put_behind(c, NOWHERE);
	if (uid.n > 0 && !has_uid)
		kith_put_text(&c->put, "UID", uid);
	kith_put_end(&c->put);
	return c->put.line.err;
}

enum kith_err kith_vcard_set(struct kith_vcard *v, const struct kith_fields *fields,
	struct kith_span uid, struct kith_buf *out)
{
	struct kith_vcard *kept, *owned;
	struct change c = {.any = false};
	enum kith_err err = kith_vcard_as(v, kith_vcard_kept(v), &kept, &owned);

	if (!err)
		err = set(&c, kept, fields, uid, out);
	kith_vcard_free(owned);
	return err;
}
