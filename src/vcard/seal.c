/* SPDX-License-Identifier: MIT */
#include "vcard/seal.h"

#include "base/auto.h"
#include "base/limits.h"
#include "crypto/base64.h"
#include "vcard/label.h"
#include "vcard/name.h"
#include "vcard/param.h"
#include "vcard/pick.h"
#include "vcard/value.h"

#define TEXT_MAX ((KITH_CARD_ENVELOPE_MAX * 4 + 2) / 3) /* characters of base64url */

enum kith_err kith_vcard_envelope(struct kith_vcard *v, struct kith_buf *out)
{
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	const struct kith_vcard_property *found = NULL;
	struct kith_span text;
	uint32_t kind;
	enum kith_err err;

	for (size_t i = 0; i < n; i++) {
		if (kith_role_of(&p[i], &kind) != KITH_ROLE_CARD)
			continue;
		if (found)
			return KITH_ERR_SHAPE;
		found = &p[i];
	}
	if (!found)
		return KITH_ERR_MISSING;
	if ((err = kith_item_text(v, found, 0, 0, &text)))
		return err == KITH_ERR_MISSING ? KITH_ERR_SHAPE : err;
	if (text.n > TEXT_MAX)
		return KITH_ERR_LIMIT;
	return text.n == 0 ? KITH_ERR_SHAPE : kith_base64url_read(out, text);
}

/* What of a card a vCard says, and what it says besides. */
struct against {
	struct kith_items items;
	bool *added;                    /* item i is not the card's */
	bool altered[KITH_CARD_FIELDS]; /* field i of the card is not in the vCard */
};

/* A part of the name that kith itself derived from the card's, and whoever rewrote the vCard kept
 * without the sign that it was. */
static bool is_derived(const struct kith_field *f, const struct kith_name *parts)
{
	return (f->kind == KITH_FIELD_GIVEN && kith_span_eq(f->part[0], parts->given)) ||
	       (f->kind == KITH_FIELD_FAMILY && kith_span_eq(f->part[0], parts->family));
}

static enum kith_err compare(struct kith_vcard *v, const struct kith_card *card, struct against *a)
{
	struct kith_fields norm = {.n = 0};
	enum kith_err err = kith_items_read(v, &a->items);

	if (err)
		return err;
	if (!(a->added = kith_vcard_alloc(v, a->items.n + 1)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < a->items.n; i++)
		a->added[i] = true;
	for (size_t i = 0; i < card->fields.n; i++) {
		struct kith_field *f = &norm.at[norm.n];
		if ((err = kith_item_norm(v, &card->fields.at[i], f, &a->altered[i])))
			return err;
		norm.n += a->altered[i];
		for (size_t k = 0; k < a->items.n && a->altered[i]; k++) {
			if (!a->added[k] || !kith_item_same(&a->items.at[k].field, f))
				continue;
			a->added[k] = a->altered[i] = false;
		}
	}
	struct kith_name parts = kith_name_parts(&norm);
	for (size_t k = 0; k < a->items.n; k++)
		if (a->added[k] && (a->items.at[k].property == KITH_ITEM_DERIVED ||
					   is_derived(&a->items.at[k].field, &parts)))
			a->added[k] = false;
	return KITH_OK;
}

enum kith_err kith_vcard_against(struct kith_vcard *v, const struct kith_card *card,
	struct kith_fields *ret_altered, struct kith_fields *ret_added)
{
	struct against a = {.added = NULL};
	enum kith_err err = compare(v, card, &a);

	if (err)
		return err;
	ret_altered->n = ret_added->n = 0;
	for (size_t i = 0; i < card->fields.n; i++)
		if (a.altered[i])
			ret_altered->at[ret_altered->n++] = card->fields.at[i];
	for (size_t i = 0; i < a.items.n && ret_added->n < KITH_CARD_FIELDS; i++)
		if (a.added[i])
			ret_added->at[ret_added->n++] = a.items.at[i].field;
	return KITH_OK;
}

/* --- by names --------------------------------------------------------------------------------- */

_Static_assert(KITH_FIELD_PHOTO < 64, "a bit each");

static uint64_t bit(uint32_t kind)
{
	return UINT64_C(1) << kind;
}

/* What differs: kinds of fields, a bit each, and properties of no field. */
struct differs {
	struct kith_vcard *v;
	uint64_t card; /* kinds of fields that it has */
	uint64_t altered, added;
	const struct kith_vcard_property **other; /* one of each name */
	size_t others;
};

static void add_other(struct differs *d, const struct kith_vcard_property *p)
{
	for (size_t i = 0; i < d->others; i++)
		if (kith_word_eq(d->other[i]->name, p->name))
			return;
	d->other[d->others++] = p;
}

/* Whether there is more in a value than separators. */
static bool says(struct kith_span value)
{
	for (size_t i = 0; i < value.n; i++)
		if (!memchr(" \t;,", value.p[i], 4))
			return true;
	return false;
}

/* What stands in a property behind the parts that are fields. */
static enum kith_err look_behind(struct differs *d, const struct kith_vcard_property *p)
{
	uint32_t kind;
	enum kith_role role = kith_role_of(p, &kind);
	bool list = role == KITH_ROLE_LIST;
	size_t i = role == KITH_ROLE_N     ? 5
		   : role == KITH_ROLE_ADR ? KITH_FIELD_PARTS
					   : KITH_ITEM_LIST_MAX;
	struct kith_span s;
	enum kith_err err;

	if (role == KITH_ROLE_ADR && kith_vcard_param(p, "LABEL", 0, &s))
		d->added |= bit(KITH_FIELD_ADR);
	if (!list && role != KITH_ROLE_N && role != KITH_ROLE_ADR && role != KITH_ROLE_ORG)
		return KITH_OK;
	for (; !(err = kith_item_text(d->v, p, list ? ',' : ';', i, &s)); i++) {
		if (s.n == 0)
			continue;
		d->added |= bit(role == KITH_ROLE_N     ? KITH_FIELD_NAME
				: role == KITH_ROLE_ORG ? KITH_FIELD_UNIT
							: kind);
		return KITH_OK;
	}
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}

/* A property that kith took no field from: others may show it all the same. */
static void look_at_rest(struct differs *d, const struct kith_vcard_property *p)
{
	uint32_t kind;
	enum kith_role role = kith_role_of(p, &kind);

	if (role == KITH_ROLE_N)
		kind = KITH_FIELD_NAME;
	if (kind == 0)
		add_other(d, p);
	else if (says(p->value) && kith_field_info(kind)->single && (d->card & bit(kind)) != 0)
		d->altered |= bit(kind);
	else if (says(p->value))
		d->added |= bit(kind);
}

/* A field of the card: its TYPE must not say otherwise than the X-ABLabel that kith goes by. */
static enum kith_err look_at_label(
	struct differs *d, const struct kith_vcard_property *p, const struct kith_field *f)
{
	struct kith_span label;
	bool preferred;

	if (!kith_item_has_label(f->kind))
		return KITH_OK;
	enum kith_err err = kith_label_read(d->v, p, &label, &preferred);
	if (!err && label.n > 0 && !kith_label_eq(label, f->label))
		d->altered |= bit(f->kind);
	return err;
}

static enum kith_err look(struct differs *d, const struct kith_card *card)
{
	struct against a = {.added = NULL};
	enum kith_err err = compare(d->v, card, &a);

	if (err)
		return err;
	if (!(d->other = kith_vcard_alloc(d->v, (a.items.properties + 1) * sizeof *d->other)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < card->fields.n; i++) {
		uint32_t kind = card->fields.at[i].kind;
		d->card |= kith_field_info(kind) ? bit(kind) : 0;
		d->altered |= a.altered[i] && kith_field_info(kind) ? bit(kind) : 0;
	}
	for (size_t i = 0; !err && i < a.items.n; i++) {
		const struct kith_item *item = &a.items.at[i];
		if (a.added[i])
			d->added |= bit(item->field.kind);
		else if (item->property != KITH_ITEM_DERIVED)
			err = look_at_label(d, &a.items.property[item->property], &item->field);
	}
	for (size_t i = 0; !err && i < a.items.properties; i++) {
		if (a.items.use[i] == KITH_USE_FIELD)
			err = look_behind(d, &a.items.property[i]);
		else if (a.items.use[i] == KITH_USE_REST)
			look_at_rest(d, &a.items.property[i]);
	}
	return err;
}

static enum kith_err add_name(struct kith_buf *out, size_t start, struct kith_span name)
{
	enum kith_err err = out->n > start ? kith_buf_add(out, ", ", 2) : KITH_OK;

	return err ? err : kith_buf_add(out, name.p, name.n);
}

static enum kith_err add_kinds(struct kith_buf *out, size_t start, uint64_t kinds)
{
	enum kith_err err = KITH_OK;

	for (uint32_t kind = 1; !err && kind <= KITH_FIELD_PHOTO; kind++)
		if ((kinds & bit(kind)) != 0)
			err = add_name(out, start, kith_span_str(kith_field_info(kind)->name));
	return err;
}

enum kith_err kith_vcard_differs(struct kith_vcard *v, const struct kith_card *card,
	struct kith_buf *altered, struct kith_buf *added)
{
	struct differs d = {.v = v};
	size_t start = added->n;
	enum kith_err err = look(&d, card);

	if (err || (err = add_kinds(altered, altered->n, d.altered)) ||
		(err = add_kinds(added, start, d.added)))
		return err;
	for (size_t i = 0; !err && i < d.others; i++)
		err = add_name(added, start, d.other[i]->name);
	return err;
}

/* --- what there is beyond --------------------------------------------------------------------- */

static enum kith_err beyond(struct kith_vcard *v, const struct kith_card *card,
	struct kith_span uid, struct kith_buf *out, size_t *ret_n)
{
	struct against a = {.added = NULL};
	struct kith_fields name = {.n = 0};
	struct kith_put w;
	uint32_t kind;
	enum kith_err err = compare(v, card, &a);

	if (err)
		return err;
	bool *rest = kith_vcard_alloc(v, a.items.properties + 1);
	if (!rest)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < a.items.properties; i++) {
		enum kith_role role = kith_role_of(&a.items.property[i], &kind);
		rest[i] = a.items.use[i] == KITH_USE_REST && role != KITH_ROLE_FN &&
			  role != KITH_ROLE_N && role != KITH_ROLE_LABEL;
	}
	for (size_t i = 0; i < card->fields.n; i++)
		if (card->fields.at[i].kind == KITH_FIELD_NAME)
			name.at[name.n++] = card->fields.at[i];
	kith_put_begin(&w, out, kith_vcard_kept(v), v);
	kith_put_name(&w, &name);
	if ((err = kith_pick(&w, &a.items, a.added, rest, false, ret_n)))
		return err;
	kith_put_text(&w, "UID", uid);
	kith_put_end(&w);
	return w.line.err;
}

enum kith_err kith_vcard_beyond(struct kith_vcard *v, const struct kith_card *card,
	struct kith_span uid, struct kith_buf *out, size_t *ret_n)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_vcard *kept, *owned;
	size_t n = 0;
	enum kith_err err = kith_vcard_as(v, kith_vcard_kept(v), &kept, &owned);

	if (!err)
		err = beyond(kept, card, uid, &text, &n);
	kith_vcard_free(owned);
	if (!err && n > 0)
		err = kith_buf_add(out, text.p, text.n);
	if (!err)
		*ret_n = n;
	return err;
}
