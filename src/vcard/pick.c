/* SPDX-License-Identifier: MIT */
#include "vcard/pick.h"

#include <stdio.h>

#include "base/auto.h"
#include "vcard/param.h"
#include "vcard/value.h"
#include "vcard/write.h"

enum kith_vcard_version kith_vcard_kept(const struct kith_vcard *v)
{
	return kith_vcard_version(v) == KITH_VCARD_40 ? KITH_VCARD_40 : KITH_VCARD_30;
}

enum kith_err kith_vcard_as(struct kith_vcard *v, enum kith_vcard_version as,
	struct kith_vcard **ret, struct kith_vcard **ret_owned)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err;

	*ret = v;
	*ret_owned = NULL;
	if (kith_vcard_version(v) == as)
		return KITH_OK;
	if ((err = kith_vcard_write(v, as, &text)) ||
		(err = kith_vcard_parse(kith_buf_span(&text), ret_owned, NULL)))
		return err;
	*ret = *ret_owned;
	return KITH_OK;
}

/* How far each property is chosen. */
enum much { NONE, SOME, ALL };

static void measure(
	const struct kith_items *items, const bool *chosen, const bool *rest, uint8_t *much)
{
	uint8_t sound = NONE;

	for (size_t i = 0; i < items->properties; i++)
		much[i] = rest[i] ? ALL : NONE;
	for (size_t i = 0; i < items->n; i++) {
		size_t p = items->at[i].property;
		if (p == KITH_ITEM_DERIVED)
			continue;
		if (i == 0 || items->at[i - 1].property != p)
			much[p] = chosen[i] ? ALL : NONE;
		else if ((much[p] == ALL) != chosen[i])
			much[p] = SOME;
		/* parts that kith has derived hold for the name beside them only */
		if (items->made_n && much[p] == ALL && kith_item_in_n(items->at[i].field.kind))
			much[p] = SOME;
		if (items->at[i].field.kind == KITH_FIELD_PHONETIC)
			sound = much[p];
	}
	for (size_t i = 0; i < items->properties; i++) { /* several properties, one field */
		uint32_t kind;
		(void)kith_role_of(&items->property[i], &kind);
		if (kind == KITH_FIELD_PHONETIC && items->use[i] == KITH_USE_FIELD)
			much[i] = sound;
	}
}

/* One text of a vCard under many names: the groups that came along, each with its new name. */
struct groups {
	struct {
		struct kith_span old;
		unsigned now;
	} * at;
	size_t mask;
};

static size_t hash(struct kith_span s)
{
	size_t h = 5381;

	for (size_t i = 0; i < s.n; i++)
		h = h * 33 + (s.p[i] | 0x20);
	return h ^ h >> 15;
}

static enum kith_err groups_open(struct groups *g, const struct kith_items *items)
{
	size_t n = 0, size = 4;

	for (size_t i = 0; i < items->properties; i++)
		n += items->property[i].group.n > 0;
	while (size < 2 * n)
		size *= 2;
	g->mask = size - 1;
	g->at = kith_vcard_alloc(items->v, size * sizeof *g->at);
	if (!g->at)
		return KITH_ERR_NOMEM;
	memset(g->at, 0, size * sizeof *g->at);
	return KITH_OK;
}

/* The number of the new group for an old one; 0 when there is none and make is false. */
static unsigned groups_get(struct groups *g, struct kith_span old, bool make, struct kith_put *w)
{
	size_t i = hash(old) & g->mask;

	while (g->at[i].now && !kith_word_eq(g->at[i].old, old))
		i = (i + 1) & g->mask;
	if (!g->at[i].now && make) {
		g->at[i].old = old;
		g->at[i].now = ++w->group;
	}
	return g->at[i].now;
}

static void put_one(
	struct kith_put *w, const struct kith_vcard_property *p, bool renamed, unsigned number)
{
	char group[32];

	if (!renamed || p->group.n == 0) {
		kith_put_property(w, p);
		return;
	}
	(void)snprintf(group, sizeof group, "item%u", number);
	kith_put_grouped(w, p, kith_span_str(group));
}

/* New properties of the chosen fields among those of property p, which begin with item i. */
static size_t put_some(
	struct kith_put *w, const struct kith_items *items, const bool *chosen, size_t i)
{
	size_t p = items->at[i].property, n = 0;
	struct kith_fields fields = {.n = 0};
	bool taken[KITH_CARD_FIELDS] = {false};

	for (; i < items->n && items->at[i].property == p && fields.n < KITH_CARD_FIELDS; i++)
		if (chosen[i])
			fields.at[fields.n++] = items->at[i].field;
	if (fields.n > 0 && kith_item_in_n(fields.at[0].kind)) {
		kith_put_n(w, &fields, KITH_DERIVED_NOT);
		return 1;
	}
	for (size_t k = 0; k < fields.n; k++) {
		const struct kith_field *member[KITH_CARD_FIELDS];
		if (taken[k])
			continue;
		size_t members = kith_put_bundle(&fields, k, taken, member);
		kith_put_fields(w, member, members);
		n++;
	}
	return n;
}

enum kith_err kith_pick(struct kith_put *w, const struct kith_items *items, const bool *chosen,
	const bool *rest, bool renamed, size_t *ret_n)
{
	uint8_t *much = kith_vcard_alloc(items->v, items->properties + 1);
	struct groups groups;
	size_t n = 0, item = 0;
	uint32_t kind;
	enum kith_err err = much ? groups_open(&groups, items) : KITH_ERR_NOMEM;

	if (err)
		return err;
	measure(items, chosen, rest, much);
	for (size_t i = 0; i < items->properties; i++) /* labels may stand before */
		if (much[i] == ALL && items->property[i].group.n > 0 &&
			kith_role_of(&items->property[i], &kind) != KITH_ROLE_LABEL)
			(void)groups_get(&groups, items->property[i].group, true, w);
	for (size_t i = 0; i < items->properties; i++) {
		const struct kith_vcard_property *p = &items->property[i];
		unsigned group = p->group.n > 0 ? groups_get(&groups, p->group, false, w) : 0;
		bool label = kith_role_of(p, &kind) == KITH_ROLE_LABEL;
		while (item < items->n && (items->at[item].property == KITH_ITEM_DERIVED ||
						  items->at[item].property < i))
			item++;
		if (label && p->group.n > 0) {
			if (group)
				put_one(w, p, renamed, group);
		} else if (much[i] == ALL) {
			put_one(w, p, renamed, group);
			n++;
		} else if (much[i] == SOME) {
			n += put_some(w, items, chosen, item);
		}
	}
	*ret_n = n;
	return w->line.err;
}
