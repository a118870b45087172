/* SPDX-License-Identifier: MIT */
#include "people/ties.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/limits.h"
#include "people/array.h"

void kith_ties_free(struct kith_ties *ties)
{
	free(ties->people);
	free(ties->places);
	free(ties->member);
	free(ties->ties);
	free(ties->by_row);
	kith_buf_free(&ties->text);
	*ties = (struct kith_ties){0};
}

/* What is being read.  Until all of the text stands, a span has its place in it for a pointer. */
struct reading {
	struct kith_ties *ties;
	struct kith_buf key; /* of the place that is being read, */
	size_t all;          /* with so many people so far, let go or not */
	size_t cap[4];       /* room in people, places, member, ties */
	enum kith_err err;
};

static struct kith_span keep_text(struct reading *r, struct kith_span s)
{
	size_t at = r->ties->text.n;

	if (!r->err)
		r->err = kith_buf_add(&r->ties->text, s.p, s.n);
	return kith_span((const uint8_t *)(uintptr_t)at, s.n);
}

static void settle(const struct kith_ties *ties, struct kith_span *s)
{
	s->p = ties->text.p + (uintptr_t)s->p;
}

/* --- people ----------------------------------------------------------------------------------- */

static bool add_person(void *ctx, const struct kith_network_person *p)
{
	struct reading *r = ctx;
	struct kith_ties *t = r->ties;

	if (!r->err && t->n >= UINT32_MAX / 4)
		r->err = KITH_ERR_LIMIT;
	if (!r->err)
		r->err = kith_array_room(&t->people, &r->cap[0], t->n, sizeof *t->people);
	if (r->err)
		return false;
	t->people[t->n++] = (struct kith_ties_person){.row = p->row,
		.name = keep_text(r, p->name),
		.org = keep_text(r, p->org),
		.ring = p->ring,
		.close = p->close,
		.introduced = p->introduced,
		.blocked = p->blocked};
	return !r->err;
}

static int by_row(const void *x, const void *y)
{
	const struct kith_ties_row *a = x, *b = y;

	return (a->row > b->row) - (a->row < b->row);
}

static enum kith_err index_rows(struct kith_ties *t)
{
	if (!(t->by_row = calloc(t->n ? t->n : 1, sizeof *t->by_row)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < t->n; i++)
		t->by_row[i] = (struct kith_ties_row){t->people[i].row, (uint32_t)i};
	if (t->n)
		qsort(t->by_row, t->n, sizeof *t->by_row, by_row);
	return KITH_OK;
}

uint32_t kith_ties_find(const struct kith_ties *t, int64_t row)
{
	struct kith_ties_row key = {.row = row}, *found = NULL;

	if (t->n)
		found = bsearch(&key, t->by_row, t->n, sizeof key, by_row);
	return found ? found->person : KITH_TIES_NOBODY;
}

/* --- events and organisations ----------------------------------------------------------------- */

/* The place that was read is complete: of one person it ties nobody. */
static void end_place(struct reading *r)
{
	struct kith_ties *t = r->ties;

	if (t->places_n == 0)
		return;
	struct kith_ties_place *last = &t->places[t->places_n - 1];
	last->end = t->members_n;
	last->crowd = r->all > KITH_CROWD_MAX;
	if (last->end - last->start < 2) {
		t->members_n = last->start;
		t->places_n--;
	}
}

static enum kith_err begin_place(struct reading *r, const struct kith_network_member *m)
{
	struct kith_ties *t = r->ties;
	enum kith_err err = kith_array_room(&t->places, &r->cap[1], t->places_n, sizeof *t->places);

	kith_buf_clear(&r->key);
	if (!err)
		err = kith_buf_add(&r->key, m->key.p, m->key.n);
	if (err)
		return err;
	r->all = 0;
	t->places[t->places_n++] = (struct kith_ties_place){.org = m->org,
		.name = keep_text(r, m->name),
		.where = keep_text(r, m->place),
		.start = t->members_n,
		.end = t->members_n};
	return r->err;
}

static bool is_same_place(const struct reading *r, const struct kith_network_member *m, bool any)
{
	return any && kith_span_eq(kith_buf_span(&r->key), m->key) && r->ties->places_n &&
	       r->ties->places[r->ties->places_n - 1].org == m->org;
}

static bool add_member(void *ctx, const struct kith_network_member *m)
{
	struct reading *r = ctx;
	struct kith_ties *t = r->ties;
	uint32_t person = kith_ties_find(t, m->contact);

	if (!is_same_place(r, m, r->all > 0)) {
		if (r->all > 0)
			end_place(r);
		r->err = begin_place(r, m);
	}
	if (!r->err)
		r->err = kith_array_room(&t->member, &r->cap[2], t->members_n, sizeof *t->member);
	if (r->err)
		return false;
	r->all++;
	if (person != KITH_TIES_NOBODY)
		t->member[t->members_n++] = person;
	return true;
}

static int by_number(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static enum kith_err read_places(struct kith_store *store, struct reading *r)
{
	struct kith_ties *t = r->ties;
	enum kith_err err = kith_store_network_members(store, add_member, r);

	if (err || r->err)
		return err ? err : r->err;
	if (r->all > 0)
		end_place(r);
	for (size_t i = 0; i < t->places_n; i++)
		qsort(t->member + t->places[i].start, t->places[i].end - t->places[i].start,
			sizeof *t->member, by_number);
	return KITH_OK;
}

/* --- ties ------------------------------------------------------------------------------------- */

static bool add_tie(void *ctx, const struct kith_relation *relation)
{
	struct reading *r = ctx;
	struct kith_ties *t = r->ties;
	uint32_t a = kith_ties_find(t, relation->a), b = kith_ties_find(t, relation->b);

	if (a == KITH_TIES_NOBODY || b == KITH_TIES_NOBODY || a == b)
		return true;
	if ((r->err = kith_array_room(&t->ties, &r->cap[3], t->ties_n, sizeof *t->ties)))
		return false;
	t->ties[t->ties_n++] = (struct kith_tie){a < b ? a : b, a < b ? b : a, relation->kind};
	return true;
}

static int by_pair(const void *x, const void *y)
{
	const struct kith_tie *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	if (p->b != q->b)
		return p->b < q->b ? -1 : 1;
	return (p->kind > q->kind) - (p->kind < q->kind);
}

static enum kith_err read_ties(struct kith_store *store, struct reading *r)
{
	struct kith_ties *t = r->ties;
	size_t n = 0;
	enum kith_err err = kith_store_relations(store, 0, add_tie, r);

	if (err || r->err)
		return err ? err : r->err;
	if (t->ties_n)
		qsort(t->ties, t->ties_n, sizeof *t->ties, by_pair);
	for (size_t i = 0; i < t->ties_n; i++)
		if (n == 0 || t->ties[i].a != t->ties[n - 1].a || t->ties[i].b != t->ties[n - 1].b)
			t->ties[n++] = t->ties[i];
	t->ties_n = n;
	return KITH_OK;
}

/* --- all -------------------------------------------------------------------------------------- */

static void settle_all(struct kith_ties *t)
{
	for (size_t i = 0; i < t->n; i++) {
		settle(t, &t->people[i].name);
		settle(t, &t->people[i].org);
	}
	for (size_t i = 0; i < t->places_n; i++) {
		struct kith_ties_place *p = &t->places[i];
		settle(t, &p->name);
		settle(t, &p->where);
		if (p->org)
			p->name = t->people[t->member[p->start]].org;
	}
}

enum kith_err kith_ties_read(struct kith_store *store, struct kith_ties *ret)
{
	struct reading r = {.ties = ret};
	enum kith_err err;

	*ret = (struct kith_ties){0};
	err = kith_buf_add(&ret->text, "", 1); /* so that there is one */
	if (!err)
		err = kith_store_network_people(store, add_person, &r);
	if (!err && !(err = r.err))
		err = index_rows(ret);
	if (!err)
		err = read_places(store, &r);
	if (!err)
		err = read_ties(store, &r);
	kith_buf_free(&r.key);
	if (err)
		kith_ties_free(ret);
	else
		settle_all(ret);
	return err;
}

enum kith_err kith_ties_count(const struct kith_ties *t, uint32_t **ret)
{
	uint32_t *n = calloc(t->n ? t->n : 1, sizeof *n);

	if (!n)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < t->ties_n; i++) {
		n[t->ties[i].a]++;
		n[t->ties[i].b]++;
	}
	for (size_t i = 0; i < t->places_n; i++)
		for (size_t j = t->places[i].start; !t->places[i].crowd && j < t->places[i].end;
			j++)
			n[t->member[j]] += (uint32_t)(t->places[i].end - t->places[i].start - 1);
	*ret = n;
	return KITH_OK;
}

static enum kith_err add_edge(struct kith_buf *edges, uint32_t a, uint32_t b)
{
	struct kith_graph_edge e = {a, b};

	return kith_buf_add(edges, &e, sizeof e);
}

enum kith_err kith_ties_graph(
	const struct kith_ties *t, struct kith_buf *edges, struct kith_graph *ret)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < t->ties_n; i++)
		err = add_edge(edges, t->ties[i].a, t->ties[i].b);
	for (size_t i = 0; i < t->places_n; i++)
		for (size_t j = t->places[i].start;
			!err && !t->places[i].crowd && j < t->places[i].end; j++)
			err = add_edge(edges, t->member[j], (uint32_t)(t->n + i));
	if (!err)
		*ret = (struct kith_graph){.n = (uint32_t)(t->n + t->places_n),
			.counted = (uint32_t)t->n,
			.edges = (const struct kith_graph_edge *)(const void *)edges->p,
			.edges_n = edges->n / sizeof(struct kith_graph_edge)};
	return err;
}
