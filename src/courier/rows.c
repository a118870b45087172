/* SPDX-License-Identifier: MIT */
#include "courier/rows.h"

#include <stdlib.h>

#define SOURCES_MAX  8  /* of one row: interfaces times protocols times ways of hearing */
#define OWN_KEYS_MAX 64 /* remembered; a new one at every change of the network */

/* What one interface and protocol says about a row. */
struct source {
	bool used;
	enum kith_heard heard;
	int index;
	bool v6;
	bool first_hand;
	uint64_t expires; /* ms, UINT64_MAX: never */
	char instance[KITH_LABEL_BYTES];
	char label[KITH_TXT_LABEL_MAX + 1];
	struct kith_place places[KITH_ADDRESSES_MAX];
	size_t places_n;
};

struct row {
	bool used;
	bool told;     /* the other side knows of it, as `last` */
	bool answered; /* a one-shot query, at some time */
	bool suspected;
	uint64_t suspected_at; /* ms */
	uint8_t key[KITH_CURVE_KEY_BYTES];
	struct source sources[SOURCES_MAX];
	struct kith_sighting last;
};

struct kith_sightings {
	const struct kith_nets *nets;
	struct row rows[KITH_ROWS_MAX];
	uint8_t own[OWN_KEYS_MAX][KITH_CURVE_KEY_BYTES];
	size_t own_n;   /* ever added */
	size_t evicted; /* where the next to go is looked for */
	bool changed;   /* some row may have something to tell */
	bool behind;    /* the browse has found more than it can look up */
};

struct kith_sightings *kith_sightings_new(const struct kith_nets *nets)
{
	struct kith_sightings *s = calloc(1, sizeof *s);

	if (s)
		s->nets = nets;
	return s;
}

void kith_sightings_free(struct kith_sightings *s)
{
	free(s);
}

static struct row *row_of(struct kith_sightings *s, const uint8_t *key)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (s->rows[i].used && memcmp(s->rows[i].key, key, KITH_CURVE_KEY_BYTES) == 0)
			return &s->rows[i];
	return NULL;
}

static void drop(struct kith_sightings *s, struct source *source)
{
	source->used = false;
	s->changed = true;
}

static bool row_first_hand(const struct row *row)
{
	for (size_t i = 0; i < SOURCES_MAX; i++)
		if (row->sources[i].used && row->sources[i].first_hand)
			return true;
	return false;
}

static void drop_row(struct kith_sightings *s, struct row *row)
{
	for (size_t i = 0; i < SOURCES_MAX; i++)
		drop(s, &row->sources[i]);
}

/* Some row that is known by hearsay only goes as soon as it is asked for. */
static void evict(struct kith_sightings *s)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct row *row = &s->rows[s->evicted++ % KITH_ROWS_MAX];
		if (!row->used || row_first_hand(row))
			continue;
		drop_row(s, row);
		return;
	}
}

static struct row *new_row(struct kith_sightings *s, const uint8_t *key)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct row *row = &s->rows[i];
		if (row->used)
			continue;
		*row = (struct row){.used = true};
		memcpy(row->key, key, KITH_CURVE_KEY_BYTES);
		return row;
	}
	return NULL;
}

void kith_sightings_own(struct kith_sightings *s, const uint8_t key[KITH_CURVE_KEY_BYTES])
{
	struct row *row = row_of(s, key);

	memcpy(s->own[s->own_n++ % OWN_KEYS_MAX], key, KITH_CURVE_KEY_BYTES);
	if (row)
		drop_row(s, row);
}

bool kith_sightings_is_own(const struct kith_sightings *s, const uint8_t key[KITH_CURVE_KEY_BYTES])
{
	size_t n = s->own_n < OWN_KEYS_MAX ? s->own_n : OWN_KEYS_MAX;

	for (size_t i = 0; i < n; i++)
		if (memcmp(s->own[i], key, KITH_CURVE_KEY_BYTES) == 0)
			return true;
	return false;
}

static bool same_spot(const struct kith_place *a, const struct kith_place *b)
{
	return a->scope == b->scope && kith_ip_eq(&a->ip, &b->ip);
}

static bool row_has(const struct row *row, const struct kith_place *place, bool first_hand)
{
	for (size_t i = 0; i < SOURCES_MAX; i++) {
		const struct source *source = &row->sources[i];
		if (!source->used || source->first_hand != first_hand)
			continue;
		for (size_t k = 0; k < source->places_n; k++)
			if (same_spot(&source->places[k], place))
				return true;
	}
	return false;
}

/* Would one more row with this address be one too many?  Counted by the address that is named, since
 * that is the machine which would be called; who names somebody else's does not use up the rows of
 * who answers from there. */
static bool crowded(const struct kith_sightings *s, const struct kith_candidate *c,
	const struct kith_place *place)
{
	size_t n = 0;

	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		n += s->rows[i].used &&
		     memcmp(s->rows[i].key, c->txt.key, KITH_CURVE_KEY_BYTES) != 0 &&
		     row_has(&s->rows[i], place, c->first_hand);
	return n >= KITH_ROWS_PER_ADDRESS_MAX;
}

/* Puts the place where its rank belongs; the worst falls off the end, a double is left out. */
static void insert(struct kith_place *places, size_t *n, const struct kith_place *place,
	const struct kith_nets *nets)
{
	size_t at = *n;

	for (size_t i = 0; i < *n; i++)
		if (places[i].port == place->port && same_spot(&places[i], place))
			return;
	while (at > 0 && kith_place_rank(place, nets) < kith_place_rank(&places[at - 1], nets))
		at--;
	if (at == KITH_ADDRESSES_MAX)
		return;
	size_t last = *n < KITH_ADDRESSES_MAX ? (*n)++ : KITH_ADDRESSES_MAX - 1;
	memmove(&places[at + 1], &places[at], (last - at) * sizeof *places);
	places[at] = *place;
}

/* The places of a candidate that may be tried. */
static size_t read_places(const struct kith_sightings *s, const struct kith_candidate *c,
	struct kith_place places[KITH_ADDRESSES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < c->ips_n; i++) {
		struct kith_place place = {.ip = c->ips[i], .port = c->port};
		if (!kith_ip_believable(&place.ip, s->nets, c->index))
			continue;
		if (place.ip.v6 && kith_ip_link_local(&place.ip))
			place.scope = c->index;
		if (!crowded(s, c, &place))
			insert(places, &n, &place, s->nets);
	}
	return n;
}

/* The place in the row for what this candidate says; NULL when the row has sources enough. */
static struct source *source_for(struct row *row, const struct kith_candidate *c)
{
	struct source *empty = NULL;

	for (size_t i = 0; i < SOURCES_MAX; i++) {
		struct source *source = &row->sources[i];
		if (!source->used) {
			empty = empty ? empty : source;
			continue;
		}
		if (source->heard == c->heard && source->index == c->index && source->v6 == c->v6 &&
			strcmp(source->instance, c->instance) == 0)
			return source;
	}
	return empty;
}

static bool row_at(const struct row *row, const struct kith_place *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (row_has(row, &places[i], false) || row_has(row, &places[i], true))
			return true;
	return false;
}

static void suspect(
	struct kith_sightings *s, const struct kith_place *places, size_t n, uint64_t now)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct row *row = &s->rows[i];
		if (!row->used || !row->answered || row->suspected || !row_at(row, places, n))
			continue;
		row->suspected = true;
		row->suspected_at = now;
	}
}

void kith_sightings_put(struct kith_sightings *s, const struct kith_candidate *c, uint64_t now)
{
	struct kith_place places[KITH_ADDRESSES_MAX] = {0};
	size_t n = read_places(s, c, places);

	if (n == 0 || c->port < KITH_PORT_MIN || !kith_nets_find(s->nets, c->index) ||
		kith_sightings_is_own(s, c->txt.key))
		return;
	struct row *row = row_of(s, c->txt.key);
	if (!row) {
		suspect(s, places, n, now);
		row = new_row(s, c->txt.key);
	}
	if (!row) {
		if (c->first_hand)
			evict(s);
		return;
	}
	if (c->heard == KITH_HEARD_ONESHOT) {
		row->answered = true;
		row->suspected = false;
	}
	struct source *source = source_for(row, c);
	if (!source)
		return;
	*source = (struct source){.used = true,
		.heard = c->heard,
		.index = c->index,
		.v6 = c->v6,
		.first_hand = c->first_hand,
		.expires = c->heard == KITH_HEARD_BROWSE ? UINT64_MAX : now + KITH_ANSWER_MS,
		.places_n = n};
	memcpy(source->instance, c->instance, sizeof source->instance);
	memcpy(source->label, c->txt.label, sizeof source->label);
	memcpy(source->places, places, sizeof source->places);
	s->changed = true;
}

typedef bool goes(const struct source *source, const void *ctx);

static void drop_if(struct kith_sightings *s, goes *f, const void *ctx)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		for (size_t k = 0; s->rows[i].used && k < SOURCES_MAX; k++)
			if (s->rows[i].sources[k].used && f(&s->rows[i].sources[k], ctx))
				drop(s, &s->rows[i].sources[k]);
}

struct withdrawn {
	const char *instance;
	int index;
	bool v6;
};

static bool is_withdrawn(const struct source *source, const void *ctx)
{
	const struct withdrawn *w = ctx;

	return source->index == w->index && strcmp(source->instance, w->instance) == 0 &&
	       (source->heard == KITH_HEARD_ONESHOT || source->v6 == w->v6);
}

void kith_sightings_withdraw(struct kith_sightings *s, const char *instance, int index, bool v6)
{
	drop_if(s, is_withdrawn, &(struct withdrawn){instance, index, v6});
}

static bool interface_gone(const struct source *source, const void *ctx)
{
	return !kith_nets_find(ctx, source->index);
}

void kith_sightings_nets(struct kith_sightings *s)
{
	drop_if(s, interface_gone, s->nets);
	s->changed = true; /* ranks and networks are made from the addresses */
}

void kith_sightings_unwatched(struct kith_sightings *s, uint64_t now)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		for (size_t k = 0; k < SOURCES_MAX; k++)
			if (s->rows[i].sources[k].expires == UINT64_MAX)
				s->rows[i].sources[k].expires =
					now + KITH_RECORD_TTL * UINT64_C(1000);
}

void kith_sightings_doubt(struct kith_sightings *s, uint64_t until)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		for (size_t k = 0; k < SOURCES_MAX; k++) {
			struct source *source = &s->rows[i].sources[k];
			if (source->heard == KITH_HEARD_ONESHOT && source->expires > until)
				source->expires = until;
		}
}

static bool row_browsed(const struct row *row)
{
	for (size_t i = 0; i < SOURCES_MAX; i++)
		if (row->sources[i].used && row->sources[i].heard == KITH_HEARD_BROWSE)
			return true;
	return false;
}

bool kith_sightings_unsure(const struct kith_sightings *s)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		for (size_t k = 0; s->rows[i].used && k < SOURCES_MAX; k++)
			if (s->rows[i].sources[k].used && !row_browsed(&s->rows[i]))
				return true;
	return false;
}

void kith_sightings_behind(struct kith_sightings *s, bool behind)
{
	s->behind = behind;
}

bool kith_sightings_is_behind(const struct kith_sightings *s)
{
	return s->behind;
}

bool kith_sightings_suspects(const struct kith_sightings *s)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (s->rows[i].used && s->rows[i].suspected)
			return true;
	return false;
}

void kith_sightings_silent(struct kith_sightings *s, uint64_t since)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct row *row = &s->rows[i];
		if (row->used && row->suspected && row->suspected_at <= since)
			drop_row(s, row);
	}
}

static bool is_old(const struct source *source, const void *ctx)
{
	return source->expires <= *(const uint64_t *)ctx;
}

uint64_t kith_sightings_expire(struct kith_sightings *s, uint64_t now)
{
	uint64_t next = UINT64_MAX;

	drop_if(s, is_old, &now);
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		for (size_t k = 0; s->rows[i].used && k < SOURCES_MAX; k++)
			if (s->rows[i].sources[k].used && s->rows[i].sources[k].expires < next)
				next = s->rows[i].sources[k].expires;
	return next;
}

/* The row as it should be told.  The label is that of the source that was first: a later record
 * under the same key must not rename a person.  False: no source is left. */
static bool describe(
	const struct kith_sightings *s, const struct row *row, struct kith_sighting *out)
{
	struct kith_place places[KITH_ADDRESSES_MAX];
	size_t n = 0;
	bool labelled = false;

	*out = (struct kith_sighting){0};
	memcpy(out->key, row->key, sizeof out->key);
	for (size_t i = 0; i < SOURCES_MAX; i++) {
		const struct source *source = &row->sources[i];
		if (!source->used)
			continue;
		for (size_t k = 0; k < source->places_n; k++)
			insert(places, &n, &source->places[k], s->nets);
		if (!labelled && source->label[0]) {
			memcpy(out->label, source->label, sizeof out->label);
			labelled = true;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (kith_endpoint_write(out->endpoints[out->endpoints_n], &places[i], s->nets))
			out->endpoints_n++;
	if (n > 0)
		kith_network_write(out->network, &places[0].ip, places[0].scope, s->nets);
	return out->endpoints_n > 0;
}

static bool same_sighting(const struct kith_sighting *a, const struct kith_sighting *b)
{
	bool same = a->endpoints_n == b->endpoints_n && strcmp(a->label, b->label) == 0 &&
		    strcmp(a->network, b->network) == 0;

	for (size_t i = 0; same && i < a->endpoints_n; i++)
		same = strcmp(a->endpoints[i], b->endpoints[i]) == 0;
	return same;
}

/* True when there is something to tell about the row. */
static bool tell(const struct kith_sightings *s, struct row *row, struct kith_sighting *ret)
{
	if (!describe(s, row, ret)) {
		row->used = false;
		ret->gone = true;
		return row->told;
	}
	if (row->told && same_sighting(ret, &row->last))
		return false;
	row->told = true;
	row->last = *ret;
	return true;
}

bool kith_sightings_next(struct kith_sightings *s, struct kith_sighting *ret)
{
	for (size_t i = 0; s->changed && i < KITH_ROWS_MAX; i++)
		if (s->rows[i].used && tell(s, &s->rows[i], ret))
			return true;
	s->changed = false;
	return false;
}
