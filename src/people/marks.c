/* SPDX-License-Identifier: MIT */
#include "people/marks.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "people/array.h"

void kith_marks_free(struct kith_marks *m)
{
	free(m->at);
	free(m->start);
	for (int i = 0; i < 4; i++) {
		free(m->names[i]);
		free(m->count[i]);
	}
	kith_buf_free(&m->text);
	*m = (struct kith_marks){0};
}

/* Somebody's place, before places have numbers.  Texts are places in the text of the marks. */
struct home {
	size_t fold, fold_n;
	size_t text, text_n;
	uint32_t person;
};

struct reading {
	const struct kith_ties *ties;
	struct kith_marks *marks;
	struct home *homes;
	size_t homes_n, homes_cap;
	struct kith_buf tag; /* the tag that was read last */
	enum kith_err err;
};

static enum kith_err add_mark(struct reading *r, uint32_t person, enum kith_group_by by, size_t id)
{
	struct kith_marks *m = r->marks;
	enum kith_err err = kith_array_room(&m->at, &m->cap, m->n, sizeof *m->at);

	if (!err)
		m->at[m->n++] = (struct kith_mark){person, by, (uint32_t)id};
	return err;
}

static enum kith_err add_name(struct kith_marks *m, enum kith_group_by by, struct kith_span name)
{
	enum kith_err err =
		kith_array_room(&m->names[by], &m->names_cap[by], m->names_n[by], sizeof name);

	if (!err)
		m->names[by][m->names_n[by]++] = name;
	return err;
}

/* --- where people live, and were -------------------------------------------------------------- */

static enum kith_err add_home(struct reading *r, uint32_t person, struct kith_span place)
{
	struct kith_marks *m = r->marks;
	struct home h = {.person = person, .fold = m->text.n};
	enum kith_err err;

	if ((err = kith_fold(&m->text, place)) || m->text.n == h.fold)
		return err;
	h.fold_n = m->text.n - h.fold;
	h.text = m->text.n;
	h.text_n = place.n;
	if (!(err = kith_buf_add(&m->text, place.p, place.n)))
		err = kith_array_room(&r->homes, &r->homes_cap, r->homes_n, sizeof *r->homes);
	if (!err)
		r->homes[r->homes_n++] = h;
	return err;
}

/* The place in an address: street;place;region;code;country, before that box;extension; or not. */
static struct kith_span place_of(struct kith_span address)
{
	struct kith_span part[8];
	size_t n = 0;

	for (size_t i = 0, start = 0; i <= address.n && n < 8; i++)
		if (i == address.n || address.p[i] == ';') {
			part[n++] = kith_span(address.p + start, i - start);
			start = i + 1;
		}
	return n == 5 ? part[1] : n == 7 ? part[3] : kith_span("", 0);
}

static int compare_text(const uint8_t *a, size_t n, const uint8_t *b, size_t m)
{
	int c = memcmp(a, b, n < m ? n : m);

	return c ? c : (n > m) - (n < m);
}

static int by_fold(const void *x, const void *y, void *text)
{
	const struct home *a = x, *b = y;
	const uint8_t *p = text;
	int c = compare_text(p + a->fold, a->fold_n, p + b->fold, b->fold_n);

	if (c)
		return c;
	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	return compare_text(p + a->text, a->text_n, p + b->text, b->text_n);
}

/* Each place gets a number, and the name that the first of its people has for it. */
static enum kith_err number_homes(struct reading *r)
{
	struct kith_marks *m = r->marks;
	const uint8_t *p = m->text.p;
	const struct home *last = NULL;
	enum kith_err err = KITH_OK;

	if (r->homes_n)
		qsort_r(r->homes, r->homes_n, sizeof *r->homes, by_fold, m->text.p);
	for (size_t i = 0; !err && i < r->homes_n; i++) {
		const struct home *h = &r->homes[i];
		bool same = last && h->fold_n == last->fold_n &&
			    memcmp(p + h->fold, p + last->fold, h->fold_n) == 0;
		if (!same)
			err = add_name(m, KITH_GROUP_PLACE, kith_span(p + h->text, h->text_n));
		if (!err)
			err = add_mark(
				r, h->person, KITH_GROUP_PLACE, m->names_n[KITH_GROUP_PLACE] - 1);
		last = h;
	}
	return err;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Events and organisations come in the order of their names. */
static enum kith_err add_places(struct reading *r)
{
	const struct kith_ties *t = r->ties;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < t->places_n; i++) {
		const struct kith_ties_place *place = &t->places[i];
		enum kith_group_by by = place->org ? KITH_GROUP_ORG : KITH_GROUP_EVENT;
		err = add_name(r->marks, by, place->name);
		for (size_t j = place->start; !err && j < place->end; j++) {
			err = add_mark(r, t->member[j], by, r->marks->names_n[by] - 1);
			if (!err && place->where.n)
				err = add_home(r, t->member[j], place->where);
		}
	}
	return err;
}

/* Tags come by name too; their text is settled once all of it stands. */
static enum kith_err add_tag(
	struct reading *r, uint32_t person, const struct kith_network_mark *mark)
{
	struct kith_marks *m = r->marks;
	enum kith_err err = KITH_OK;

	if (m->names_n[KITH_GROUP_TAG] == 0 || !kith_span_eq(kith_buf_span(&r->tag), mark->text)) {
		kith_buf_clear(&r->tag);
		err = add_name(m, KITH_GROUP_TAG,
			kith_span((const uint8_t *)(uintptr_t)m->text.n, mark->text.n));
		if (!err)
			err = kith_buf_add(&m->text, mark->text.p, mark->text.n);
		if (!err)
			err = kith_buf_add(&r->tag, mark->text.p, mark->text.n);
	}
	return err ? err : add_mark(r, person, KITH_GROUP_TAG, m->names_n[KITH_GROUP_TAG] - 1);
}

static bool read_one(void *ctx, const struct kith_network_mark *mark)
{
	struct reading *r = ctx;
	uint32_t person = kith_ties_find(r->ties, mark->contact);

	if (person == KITH_TIES_NOBODY)
		return true;
	r->err = mark->home ? add_home(r, person, place_of(mark->text)) : add_tag(r, person, mark);
	return !r->err;
}

static int by_all(const void *x, const void *y)
{
	const struct kith_mark *a = x, *b = y;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->by != b->by)
		return a->by < b->by ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static void sort_marks(struct kith_marks *m)
{
	size_t n = 0;

	if (m->n)
		qsort(m->at, m->n, sizeof *m->at, by_all);
	for (size_t i = 0; i < m->n; i++)
		if (n == 0 || by_all(&m->at[i], &m->at[n - 1]))
			m->at[n++] = m->at[i];
	m->n = n;
}

/* Where those of each person begin, and room to count each mark in. */
static enum kith_err index_marks(struct kith_marks *m)
{
	size_t people = m->ties->n;

	if (!(m->start = calloc(people + 1, sizeof *m->start)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < m->n; i++)
		m->start[m->at[i].person + 1]++;
	for (size_t i = 0; i < people; i++)
		m->start[i + 1] += m->start[i];
	for (int by = 0; by < 4; by++)
		if (!(m->count[by] = calloc(m->names_n[by] + 1, sizeof *m->count[by])))
			return KITH_ERR_NOMEM;
	return KITH_OK;
}

static enum kith_err read_all(struct reading *r, struct kith_store *store)
{
	struct kith_marks *m = r->marks;
	enum kith_err err = kith_buf_add(&m->text, "", 1);

	if (!err)
		err = add_places(r);
	if (!err)
		err = kith_store_network_marks(store, read_one, r);
	if (!err)
		err = r->err;
	for (size_t i = 0; i < m->names_n[KITH_GROUP_TAG]; i++)
		m->names[KITH_GROUP_TAG][i].p =
			m->text.p + (uintptr_t)m->names[KITH_GROUP_TAG][i].p;
	return err ? err : number_homes(r);
}

enum kith_err kith_marks_read(
	const struct kith_ties *ties, struct kith_store *store, struct kith_marks *ret)
{
	struct reading r = {.ties = ties, .marks = ret};
	enum kith_err err;

	*ret = (struct kith_marks){.ties = ties};
	if (!(err = read_all(&r, store))) {
		sort_marks(ret);
		err = index_marks(ret);
	}
	free(r.homes);
	kith_buf_free(&r.tag);
	if (err)
		kith_marks_free(ret);
	return err;
}

/* --- what is shared --------------------------------------------------------------------------- */

const struct kith_ties_place *kith_marks_place(
	const struct kith_marks *m, enum kith_group_by by, uint32_t id)
{
	if (by != KITH_GROUP_EVENT && by != KITH_GROUP_ORG)
		return NULL;
	return &m->ties->places[id + (by == KITH_GROUP_ORG ? m->names_n[KITH_GROUP_EVENT] : 0)];
}

static bool is_together(const struct kith_marks *m, const struct kith_mark *mark)
{
	const struct kith_ties_place *place =
		kith_marks_place(m, (enum kith_group_by)mark->by, mark->id);

	return place && !place->crowd;
}

static size_t size_of(const struct kith_ties_place *place)
{
	return place->end - place->start;
}

/* Whether a mark that so many have comes before. */
static bool is_better(const struct kith_marks *m, const struct kith_mark *mark, uint32_t n,
	const struct kith_called *best)
{
	const struct kith_ties_place *a =
		kith_marks_place(m, (enum kith_group_by)mark->by, mark->id);
	const struct kith_ties_place *b = n ? kith_marks_place(m, best->by, best->id) : NULL;

	if (n != best->sharing)
		return n > best->sharing;
	if (a && b && size_of(a) != size_of(b))
		return size_of(a) < size_of(b);
	if (mark->by != best->by)
		return mark->by < best->by;
	return mark->id < best->id;
}

/* Counts what they have, up or down to zero again. */
static void count(struct kith_marks *m, const uint32_t *people, size_t n, bool up)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = m->start[people[i]]; k < m->start[people[i] + 1]; k++) {
			uint32_t *c = &m->count[m->at[k].by][m->at[k].id];
			*c = up ? *c + 1 : 0;
		}
}

static void look_at(
	const struct kith_marks *m, uint32_t person, bool together, struct kith_called *best)
{
	for (size_t k = m->start[person]; k < m->start[person + 1]; k++) {
		const struct kith_mark *mark = &m->at[k];
		uint32_t n = m->count[mark->by][mark->id];
		bool same = mark->by == best->by && mark->id == best->id;
		if (together && !is_together(m, mark))
			continue;
		if (best->sharing && same) {
			if (person < best->first)
				best->first = person;
		} else if (is_better(m, mark, n, best)) {
			*best = (struct kith_called){
				(enum kith_group_by)mark->by, mark->id, n, person};
		}
	}
}

struct kith_called kith_marks_shared(
	struct kith_marks *m, const uint32_t *people, size_t n, bool together)
{
	struct kith_called best = {0};

	if (!m->start)
		return best;
	count(m, people, n, true);
	for (size_t i = 0; i < n; i++)
		look_at(m, people[i], together, &best);
	count(m, people, n, false);
	return best;
}

struct kith_called kith_marks_most_tied(const uint32_t *ties, const uint32_t *people, size_t n)
{
	uint32_t best = people[0];

	for (size_t i = 1; i < n; i++)
		if (ties[people[i]] > ties[best] ||
			(ties[people[i]] == ties[best] && people[i] < best))
			best = people[i];
	return (struct kith_called){.by = KITH_GROUP_PERSON, .id = best, .first = best};
}

/* --- names ------------------------------------------------------------------------------------ */

struct spelling {
	struct kith_span fold;
	struct kith_buf *out;
	enum kith_err err;
};

static bool spell(void *ctx, struct kith_span tag, size_t people)
{
	struct spelling *s = ctx;
	KITH_AUTO_BUF struct kith_buf fold = {0};

	(void)people;
	if ((s->err = kith_fold(&fold, tag)) || !kith_span_eq(kith_buf_span(&fold), s->fold))
		return !s->err;
	s->err = kith_buf_add(s->out, tag.p, tag.n);
	return false;
}

enum kith_err kith_marks_name(const struct kith_marks *m, struct kith_store *store,
	const struct kith_called *called, struct kith_buf *out)
{
	struct spelling s = {.out = out};
	size_t had = out->n;
	enum kith_err err = KITH_OK;

	if (called->by == KITH_GROUP_PERSON) {
		s.fold = m->ties->people[called->id].name;
		return kith_buf_add(out, s.fold.p, s.fold.n);
	}
	s.fold = m->names[called->by][called->id];
	if (called->by == KITH_GROUP_TAG)
		err = kith_store_tags(store, m->ties->people[called->first].row, spell, &s);
	if (!err && !s.err && out->n == had)
		err = kith_buf_add(out, s.fold.p, s.fold.n);
	return err ? err : s.err;
}
