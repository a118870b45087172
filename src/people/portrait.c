/* SPDX-License-Identifier: MIT */
#include "people/portrait.h"

#include <kith/select.h>

#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "people/array.h"

#define NOT_IN UINT32_MAX

/* Somebody who may come in. */
struct candidate {
	uint32_t person; /* number in the ties */
	uint32_t ring;   /* 1 …; beyond the last: in none */
	uint32_t ties;   /* lines that would be theirs */
	bool bridge;
};

/* What is being made. */
struct making {
	struct kith_portrait *portrait;
	const struct kith_portrait_wish *wish;
	struct kith_groups groups;
	uint8_t *drifting;               /* person: 1 or 0 */
	uint32_t *place;                 /* person: where in the chart; NOT_IN */
	uint32_t *ties;                  /* person: how many lines */
	uint32_t *chosen;                /* person: 1 while they may come in */
	bool wanted[KITH_RINGS_MAX + 1]; /* by the place of a ring less one; the last: none */
	bool found[KITH_RINGS_MAX + 1];  /* by the wish's order, as far as it can be known */
	struct kith_chart_tie *pair;     /* lines, by numbers of people */
	size_t pairs, pairs_cap;
	enum kith_err err;
};

void kith_portrait_free(struct kith_portrait *portrait)
{
	free(portrait->people);
	free(portrait->ties);
	kith_ties_free(&portrait->from);
	kith_buf_free(&portrait->text);
	*portrait = (struct kith_portrait){.left_out = 0};
}

static void making_free(struct making *m)
{
	kith_groups_free(&m->groups);
	free(m->drifting);
	free(m->place);
	free(m->ties);
	free(m->chosen);
	free(m->pair);
}

/* --- names: mine, and those of the rings ------------------------------------------------------ */

/* Until all of the text stands, a span has its place in it for a pointer. */
static struct kith_span keep(struct making *m, struct kith_span s)
{
	size_t at = m->portrait->text.n;

	if (!m->err)
		m->err = kith_buf_add(&m->portrait->text, s.p, s.n);
	return kith_span((const uint8_t *)(uintptr_t)at, s.n);
}

static enum kith_err read_me(struct making *m, struct kith_store *store)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct kith_fields fields;
	enum kith_err err = kith_store_mine(store, &mine);

	if (!err)
		err = kith_fields_unpack(kith_buf_span(&mine.profile), &fields);
	if (err)
		return err;
	const struct kith_field *name = kith_fields_first(&fields, KITH_FIELD_NAME);
	m->portrait->chart.me = keep(m, name ? name->part[0] : kith_span(NULL, 0));
	return m->err;
}

static bool is_called(struct making *m, struct kith_span a, struct kith_span b)
{
	KITH_AUTO_BUF struct kith_buf one = {0};
	KITH_AUTO_BUF struct kith_buf other = {0};

	if (!m->err && !(m->err = kith_fold(&one, a)))
		m->err = kith_fold(&other, b);
	return !m->err && kith_span_eq(kith_buf_span(&one), kith_buf_span(&other));
}

/* Marks a ring that the wish names; at is its place, less one. */
static void look_for(struct making *m, struct kith_span name, size_t at)
{
	for (size_t i = 0; i < m->wish->rings_n; i++)
		if (is_called(m, name, m->wish->rings[i]))
			m->wanted[at] = m->found[i] = true;
}

static bool add_ring(void *ctx, const struct kith_ring *ring)
{
	struct making *m = ctx;
	struct kith_chart *chart = &m->portrait->chart;

	if (chart->rings_n >= KITH_RINGS_MAX)
		return false;
	look_for(m, ring->name, chart->rings_n);
	m->portrait->rings[chart->rings_n++] = keep(m, ring->name);
	return !m->err;
}

static enum kith_err read_names(struct making *m, struct kith_store *store)
{
	struct kith_portrait *p = m->portrait;
	enum kith_err err = read_me(m, store);

	if (!err)
		err = kith_store_rings(store, add_ring, m);
	if (err || m->err)
		return err ? err : m->err;
	look_for(m, kith_span_str("none"), p->chart.rings_n);
	for (size_t i = 0; !m->err && i < m->wish->rings_n; i++)
		if (!m->found[i]) {
			p->unknown = &m->wish->rings[i];
			return KITH_ERR_MISSING;
		}
	p->chart.me.p = p->text.p + (uintptr_t)p->chart.me.p;
	for (size_t i = 0; i < p->chart.rings_n; i++)
		p->rings[i].p = p->text.p + (uintptr_t)p->rings[i].p;
	p->chart.rings = p->rings;
	return m->err;
}

/* --- lines ------------------------------------------------------------------------------------ */

static void add_pair(struct making *m, uint32_t a, uint32_t b)
{
	if (!m->chosen[a] || !m->chosen[b])
		return;
	if (!m->err)
		m->err = kith_array_room(&m->pair, &m->pairs_cap, m->pairs, sizeof *m->pair);
	if (!m->err)
		m->pair[m->pairs++] = (struct kith_chart_tie){a < b ? a : b, a < b ? b : a};
}

static int by_pair(const void *a, const void *b)
{
	const struct kith_chart_tie *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Of whom so many were there that lines between all of them would say nothing. */
static bool is_large(const struct kith_ties_place *at)
{
	return at->crowd || at->end - at->start > KITH_CHART_TOGETHER_MAX;
}

/* What I said and who introduced whom, and those of a few who were together; of more nobody would find a line. */
static void read_pairs(struct making *m)
{
	const struct kith_ties *t = &m->portrait->from;
	size_t kept = 0;

	for (size_t i = 0; i < t->ties_n; i++)
		add_pair(m, t->ties[i].a, t->ties[i].b);
	for (size_t p = 0; p < t->places_n; p++) {
		const struct kith_ties_place *at = &t->places[p];
		if (is_large(at))
			continue;
		for (size_t i = at->start; i < at->end; i++)
			for (size_t j = i + 1; j < at->end; j++)
				add_pair(m, t->member[i], t->member[j]);
	}
	if (m->err || m->pairs == 0)
		return;
	qsort(m->pair, m->pairs, sizeof *m->pair, by_pair);
	for (size_t i = 0; i < m->pairs; i++)
		if (i == 0 || by_pair(&m->pair[i], &m->pair[i - 1]) != 0)
			m->pair[kept++] = m->pair[i];
	m->pairs = kept;
	for (size_t i = 0; i < m->pairs; i++) {
		m->ties[m->pair[i].a]++;
		m->ties[m->pair[i].b]++;
	}
}

/* --- people ----------------------------------------------------------------------------------- */

static bool mark_drifting(void *ctx, const struct kith_contact *contact)
{
	struct making *m = ctx;
	uint32_t person = kith_ties_find(&m->portrait->from, contact->row);

	if (person != KITH_TIES_NOBODY)
		m->drifting[person] = 1;
	return true;
}

static enum kith_err find_drifting(struct making *m, struct kith_store *store)
{
	size_t count;
	const struct kith_term drifting = {.key = KITH_TERM_IS, .text = kith_span_str("drifting")};
	const struct kith_selection asked = {.terms = &drifting, .n = 1, .today = m->wish->today};

	return kith_store_select(store, &asked, mark_drifting, m, &count);
}

static size_t ring_of(const struct making *m, const struct kith_ties_person *p)
{
	return p->ring >= 1 && p->ring <= m->portrait->chart.rings_n ? p->ring - 1
								     : m->portrait->chart.rings_n;
}

static int by_nearness(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->ring != y->ring)
		return x->ring < y->ring ? -1 : 1;
	if (x->bridge != y->bridge)
		return x->bridge ? -1 : 1;
	if (x->ties != y->ties)
		return x->ties > y->ties ? -1 : 1;
	return x->person < y->person ? -1 : x->person > y->person;
}

/* The nearest, as many as there is room for; in the order of their names again. */
static enum kith_err choose(struct making *m)
{
	const struct kith_ties *t = &m->portrait->from;
	KITH_AUTO_FREE struct candidate *all = calloc(t->n + 1, sizeof *all);
	size_t n = 0;

	if (!all)
		return KITH_ERR_NOMEM;
	for (uint32_t i = 0; i < t->n; i++)
		if (m->chosen[i])
			all[n++] = (struct candidate){i, (uint32_t)ring_of(m, &t->people[i]),
				m->ties[i], m->groups.hangs[i] > 0};
	qsort(all, n, sizeof *all, by_nearness);
	for (size_t i = KITH_CHART_PEOPLE_MAX; i < n; i++)
		m->chosen[all[i].person] = 0;
	m->portrait->left_out = n > KITH_CHART_PEOPLE_MAX ? n - KITH_CHART_PEOPLE_MAX : 0;
	return KITH_OK;
}

static enum kith_err put_people(struct making *m)
{
	struct kith_portrait *p = m->portrait;

	p->people = calloc(KITH_CHART_PEOPLE_MAX, sizeof *p->people);
	if (!p->people)
		return KITH_ERR_NOMEM;
	for (uint32_t i = 0; i < p->from.n; i++) {
		m->place[i] = NOT_IN;
		if (!m->chosen[i])
			continue;
		uint32_t group = m->groups.of[i];
		m->place[i] = (uint32_t)p->chart.people_n;
		p->people[p->chart.people_n++] =
			(struct kith_chart_person){.name = p->from.people[i].name,
				.ring = ring_of(m, &p->from.people[i]),
				.group = group ? group : m->groups.n + 1 + i, /* alone */
				.drifting = m->drifting[i],
				.bridge = m->groups.hangs[i] > 0};
	}
	p->chart.people = p->people;
	return KITH_OK;
}

static enum kith_err put_ties(struct making *m)
{
	struct kith_portrait *p = m->portrait;

	p->ties = calloc(KITH_CHART_TIES_MAX, sizeof *p->ties);
	if (!p->ties)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < m->pairs; i++) {
		uint32_t a = m->place[m->pair[i].a], b = m->place[m->pair[i].b];
		if (a == NOT_IN || b == NOT_IN)
			continue;
		if (p->chart.ties_n == KITH_CHART_TIES_MAX)
			p->ties_left_out++;
		else
			p->ties[p->chart.ties_n++] = (struct kith_chart_tie){a, b};
	}
	p->chart.ties = p->ties;
	return KITH_OK;
}

/* Where two are drawn who were together among too many. */
static size_t count_unlined(const struct making *m)
{
	const struct kith_ties *t = &m->portrait->from;
	size_t n = 0;

	for (size_t p = 0; p < t->places_n; p++) {
		const struct kith_ties_place *at = &t->places[p];
		size_t drawn = 0;
		for (size_t i = at->start; i < at->end; i++)
			drawn += m->place[t->member[i]] != NOT_IN;
		n += drawn > 1 && is_large(at);
	}
	return n;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum kith_err make_room(struct making *m)
{
	size_t n = m->portrait->from.n + 1;

	m->drifting = calloc(n, sizeof *m->drifting);
	m->place = calloc(n, sizeof *m->place);
	m->ties = calloc(n, sizeof *m->ties);
	m->chosen = calloc(n, sizeof *m->chosen);
	return m->drifting && m->place && m->ties && m->chosen ? KITH_OK : KITH_ERR_NOMEM;
}

static void want(struct making *m)
{
	const struct kith_ties *t = &m->portrait->from;

	for (size_t i = 0; i < t->n; i++)
		m->chosen[i] = !t->people[i].blocked &&
			       (m->wish->rings_n == 0 || m->wanted[ring_of(m, &t->people[i])]);
}

static enum kith_err make(struct making *m, struct kith_store *store,
	const struct kith_graph_library *graph, struct kith_diag *diag)
{
	struct kith_portrait *p = m->portrait;
	enum kith_err err;

	if ((err = read_names(m, store)) || (err = kith_ties_read(store, &p->from)) ||
		(err = kith_groups_make(graph, &p->from, store, &m->groups, diag)) ||
		(err = make_room(m)) || (err = find_drifting(m, store)))
		return err;
	want(m);
	read_pairs(m);
	if ((err = m->err) || (err = choose(m)) || (err = put_people(m)))
		return err;
	p->chart.unlined = count_unlined(m);
	return put_ties(m);
}

enum kith_err kith_portrait_make(struct kith_store *store, const struct kith_graph_library *graph,
	const struct kith_portrait_wish *wish, struct kith_portrait *ret, struct kith_diag *diag)
{
	KITH_AUTO(making_free) struct making m = {.portrait = ret, .wish = wish};

	if (wish->rings_n > KITH_RINGS_MAX + 1)
		return KITH_ERR_LIMIT;
	return make(&m, store, graph, diag);
}
