/* SPDX-License-Identifier: MIT */
#include "node/listing.h"

#include <string.h>

#include "base/text.h"

_Static_assert(KITH_CLIENTS_MAX <= 8, "a bit each");

static struct listing_row *find(struct listing *l, const char *peer)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (l->rows[i].peer[0] && strcmp(l->rows[i].peer, peer) == 0)
			return &l->rows[i];
	return NULL;
}

static struct listing_row *find_free(struct listing *l)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (!l->rows[i].peer[0])
			return &l->rows[i];
	return NULL;
}

static uint8_t bit_of(size_t client)
{
	return (uint8_t)(1U << client);
}

static void set_name(char out[static KITH_LABEL_MAX + 1], struct kith_span name)
{
	struct kith_span cut = kith_text_cut(name, KITH_LABEL_MAX);

	if (cut.n)
		memcpy(out, cut.p, cut.n);
	out[cut.n] = 0;
}

void listing_seen(struct listing *l, const char *peer, struct kith_span name)
{
	struct listing_row *row = find(l, peer);

	if (!row && !(row = find_free(l)))
		return;
	memcpy(row->peer, peer, strlen(peer) + 1);
	set_name(row->name, name);
	row->stale = UINT8_MAX;
}

void listing_known(struct listing *l, const char *peer, struct kith_span name, const uint8_t *ik)
{
	struct listing_row *row = find(l, peer), before;

	if (!row)
		return;
	before = *row;
	row->known = ik != NULL;
	memset(row->ik, 0, sizeof row->ik);
	if (ik)
		memcpy(row->ik, ik, sizeof row->ik);
	set_name(row->known_as, name);
	if (before.known != row->known || memcmp(before.ik, row->ik, sizeof row->ik) != 0 ||
		strcmp(before.known_as, row->known_as) != 0)
		row->stale = UINT8_MAX;
}

static void take_out(struct listing *l, struct listing_row *row)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct listing_client *c = &l->clients[i];
		if (row->told & bit_of(i))
			memcpy(c->gone[c->n++], row->peer, sizeof row->peer);
	}
	*row = (struct listing_row){0};
}

void listing_gone(struct listing *l, const char *peer)
{
	struct listing_row *row = find(l, peer);

	if (row)
		take_out(l, row);
}

void listing_clear(struct listing *l)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (l->rows[i].peer[0])
			take_out(l, &l->rows[i]);
}

void listing_join(struct listing *l, size_t client)
{
	l->clients[client].n = l->clients[client].next = 0;
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		l->rows[i].told &= (uint8_t)~bit_of(client);
		l->rows[i].stale |= bit_of(client);
	}
}

/* --- what to tell ----------------------------------------------------------------------------- */

/* The last takes the place of the one that is told: their order says nothing. */
static bool tell_gone(struct listing_client *c, size_t i, struct listing_word *ret)
{
	*ret = (struct listing_word){.here = false};
	memcpy(ret->peer, c->gone[i], sizeof ret->peer);
	memcpy(c->gone[i], c->gone[c->n - 1], sizeof c->gone[i]);
	c->n--;
	return true;
}

static bool tell_here(struct listing_row *row, size_t client, struct listing_word *ret)
{
	if (!row || !row->peer[0] || !(row->stale & bit_of(client)))
		return false;
	*ret = (struct listing_word){.here = true};
	memcpy(ret->peer, row->peer, sizeof ret->peer);
	memcpy(ret->name, row->name, sizeof ret->name);
	ret->known = row->known;
	memcpy(ret->ik, row->ik, sizeof ret->ik);
	memcpy(ret->known_as, row->known_as, sizeof ret->known_as);
	row->told |= bit_of(client);
	row->stale &= (uint8_t)~bit_of(client);
	return true;
}

bool listing_next(struct listing *l, size_t client, struct listing_word *ret)
{
	struct listing_client *c = &l->clients[client];

	if (c->n > 0)
		return tell_gone(c, 0, ret);
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		size_t at = (c->next + i) % KITH_ROWS_MAX;
		if (tell_here(&l->rows[at], client, ret)) {
			c->next = (at + 1) % KITH_ROWS_MAX;
			return true;
		}
	}
	return false;
}

/* How many rows the client believes to be here. */
static size_t known(const struct listing *l, size_t client)
{
	size_t n = l->clients[client].n;

	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		n += (l->rows[i].told & bit_of(client)) != 0;
	return n;
}

bool listing_before(struct listing *l, size_t client, const char *peer, struct listing_word *ret)
{
	struct listing_client *c = &l->clients[client];
	struct listing_row *row = find(l, peer);

	if (!row || !(row->stale & bit_of(client)))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->gone[i], peer) == 0)
			return tell_gone(c, i, ret);
	if (!(row->told & bit_of(client)) && known(l, client) >= KITH_ROWS_MAX)
		return tell_gone(c, 0, ret);
	return tell_here(row, client, ret);
}
