/* SPDX-License-Identifier: MIT
 *
 * merge - what one vCard has more than another.
 */
#include <stdlib.h>

#include "vcard/map.h"
#include "vcard/pick.h"
#include "vcard/value.h"

/* Values sorted, so that no vCard makes the comparison long. */
struct sorted {
	const void **at;
	size_t n;
};

static int compare_spans(struct kith_span a, struct kith_span b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return a.n > 0 ? memcmp(a.p, b.p, a.n) : 0;
}

/* Values, those with lines in them (AGENT) without regard to how the lines end. */
static int compare_values(struct kith_span a, struct kith_span b)
{
	bool x = a.n > 0 && memchr(a.p, '\n', a.n), y = b.n > 0 && memchr(b.p, '\n', b.n);
	size_t i = 0, j = 0;

	if (!x && !y)
		return compare_spans(a, b);
	if (x != y)
		return x ? 1 : -1;
	for (;; i++, j++) {
		while (i < a.n && a.p[i] == '\r')
			i++;
		while (j < b.n && b.p[j] == '\r')
			j++;
		if (i == a.n || j == b.n)
			return (i < a.n) - (j < b.n);
		if (a.p[i] != b.p[j])
			return a.p[i] < b.p[j] ? -1 : 1;
	}
}

static int compare_items(const void *a, const void *b)
{
	const struct kith_field *x = &(*(const struct kith_item *const *)a)->field;
	const struct kith_field *y = &(*(const struct kith_item *const *)b)->field;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	for (size_t i = 0; i < x->parts; i++) {
		int d = compare_spans(x->part[i], y->part[i]);
		if (d != 0)
			return d;
	}
	return 0;
}

static int compare_properties(const void *a, const void *b)
{
	const struct kith_vcard_property *x = *(const struct kith_vcard_property *const *)a;
	const struct kith_vcard_property *y = *(const struct kith_vcard_property *const *)b;
	int d = compare_spans(x->name, y->name);

	if (d == 0)
		d = compare_spans(x->params, y->params);
	return d ? d : compare_values(x->value, y->value);
}

static enum kith_err sort_items(const struct kith_items *items, struct sorted *ret)
{
	ret->n = items->n;
	if (!(ret->at = kith_vcard_alloc(items->v, (items->n + 1) * sizeof *ret->at)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < items->n; i++)
		ret->at[i] = &items->at[i];
	qsort(ret->at, ret->n, sizeof *ret->at, compare_items);
	return KITH_OK;
}

static enum kith_err sort_properties(const struct kith_items *items, struct sorted *ret)
{
	ret->n = items->properties;
	if (!(ret->at = kith_vcard_alloc(items->v, (ret->n + 1) * sizeof *ret->at)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < ret->n; i++)
		ret->at[i] = &items->property[i];
	qsort(ret->at, ret->n, sizeof *ret->at, compare_properties);
	return KITH_OK;
}

struct merge {
	struct kith_items have;
	struct kith_items more;
	bool *chosen; /* items of more */
	bool *rest;   /* properties of more */
	bool n;       /* the parts of N are among them */
	bool once;    /* no second property of a field that a card has once */
};

static bool has_kind(const struct kith_items *items, uint32_t kind)
{
	for (size_t i = 0; i < items->n; i++) {
		uint32_t k = items->at[i].field.kind;
		if (k == kind || (kith_item_in_n(kind) && kith_item_in_n(k)))
			return true;
	}
	return false;
}

static enum kith_err choose_items(struct merge *m)
{
	bool has[KITH_FIELD_PHOTO + 1];
	struct sorted have;
	enum kith_err err = sort_items(&m->have, &have);

	if (err)
		return err;
	for (uint32_t kind = 0; kind <= KITH_FIELD_PHOTO; kind++)
		has[kind] = has_kind(&m->have, kind);
	for (size_t i = 0; i < m->more.n; i++) {
		const struct kith_item *item = &m->more.at[i];
		uint32_t kind = item->field.kind;
		if (item->property == KITH_ITEM_DERIVED)
			m->chosen[i] = false;
		else if (kith_field_info(kind)->single)
			m->chosen[i] = !has[kind];
		else
			m->chosen[i] =
				!bsearch(&item, have.at, have.n, sizeof *have.at, compare_items);
		m->n |= m->chosen[i] && kith_item_in_n(kind);
	}
	return KITH_OK;
}

/* Whether a property is a second one of what v has already, and a card has once. */
static bool is_second(const struct merge *m, uint32_t kind)
{
	const struct kith_field_info *info = kith_field_info(kind);

	return m->once && info && info->single && has_kind(&m->have, kind);
}

static enum kith_err choose_rest(struct merge *m)
{
	struct sorted have;
	uint32_t kind;
	enum kith_err err = sort_properties(&m->have, &have);

	if (err)
		return err;
	for (size_t i = 0; i < m->more.properties; i++) {
		const struct kith_vcard_property *p = &m->more.property[i];
		enum kith_role role = kith_role_of(p, &kind);
		m->rest[i] = m->more.use[i] == KITH_USE_REST && role != KITH_ROLE_FN &&
			     role != KITH_ROLE_N && role != KITH_ROLE_LABEL &&
			     !is_second(m, kind) &&
			     !bsearch(&p, have.at, have.n, sizeof *have.at, compare_properties);
	}
	return KITH_OK;
}

static enum kith_err merge(struct merge *m, struct kith_vcard *v, struct kith_vcard *other,
	struct kith_buf *out, size_t *ret_added)
{
	struct kith_put w;
	uint32_t kind;
	enum kith_err err;

	if ((err = kith_items_read(v, &m->have)) || (err = kith_items_read(other, &m->more)))
		return err;
	m->chosen = kith_vcard_alloc(other, m->more.n + 1);
	m->rest = kith_vcard_alloc(other, m->more.properties + 1);
	if (!m->chosen || !m->rest)
		return KITH_ERR_NOMEM;
	if ((err = choose_items(m)) || (err = choose_rest(m)))
		return err;
	kith_put_begin(&w, out, kith_vcard_kept(v), v);
	for (size_t i = 0; i < m->have.properties; i++) {
		enum kith_role role = kith_role_of(&m->have.property[i], &kind);
		if (role != KITH_ROLE_VERSION && !(role == KITH_ROLE_N && m->n))
			kith_put_property(&w, &m->have.property[i]);
	}
	if ((err = kith_pick(&w, &m->more, m->chosen, m->rest, true, ret_added)))
		return err;
	kith_put_end(&w);
	return w.line.err;
}

static enum kith_err merge_as(struct merge *m, struct kith_vcard *v, struct kith_vcard *other,
	struct kith_buf *out, size_t *ret_added)
{
	enum kith_vcard_version as = kith_vcard_kept(v);
	struct kith_vcard *to, *from = NULL, *to_owned = NULL, *from_owned = NULL;
	enum kith_err err = kith_vcard_as(v, as, &to, &to_owned);

	if (!err)
		err = kith_vcard_as(other, as, &from, &from_owned);
	if (!err)
		err = merge(m, to, from, out, ret_added);
	kith_vcard_free(to_owned);
	kith_vcard_free(from_owned);
	return err;
}

enum kith_err kith_vcard_merge(
	struct kith_vcard *v, struct kith_vcard *other, struct kith_buf *out, size_t *ret_added)
{
	struct merge m = {.once = false};

	return merge_as(&m, v, other, out, ret_added);
}

enum kith_err kith_vcard_beside(
	struct kith_vcard *v, struct kith_vcard *other, struct kith_buf *out)
{
	struct merge m = {.once = true};
	size_t added;

	return merge_as(&m, v, other, out, &added);
}
