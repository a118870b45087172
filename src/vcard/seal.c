/* SPDX-License-Identifier: MIT */
#include "vcard/seal.h"

#include "base/auto.h"
#include "base/limits.h"
#include "crypto/base64.h"
#include "vcard/name.h"
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
