/* SPDX-License-Identifier: MIT */
#include "session/row.h"

#include "base/base32.h"
#include "crypto/hash.h"

struct row *row_find(struct kith_room *room, const uint8_t key[static 32])
{
	for (struct row *r = room->rows; r; r = r->next)
		if (memcmp(r->key, key, 32) == 0)
			return r;
	return NULL;
}

struct row *row_named(struct kith_room *room, struct kith_span peer)
{
	for (struct row *r = room->rows; r; r = r->next)
		if (kith_span_eq(kith_span_str(r->peer), peer))
			return r;
	return NULL;
}

/* The shortest beginning of the key's own text that no other row goes by.  Salted, or somebody could
 * make a key whose row takes the place of one that he has sent away with a forged goodbye. */
static void give_handle(struct kith_room *room, struct row *row)
{
	struct kith_span parts[] = {
		kith_span(room->salt, sizeof room->salt), kith_span(row->key, 32)};
	uint8_t h[KITH_HASH_BYTES];
	char text[KITH_BASE32_CHARS(KITH_HASH_BYTES) + 1];
	size_t n = KITH_HANDLE_MIN;

	kith_hash(h, "kith/1 handle", parts, 2);
	kith_base32(text, kith_span(h, sizeof h));
	while (n < KITH_HANDLE_MAX && row_named(room, kith_span(text, n)))
		n++;
	memcpy(row->peer, text, n);
	row->peer[n] = 0;
}

struct row *row_make(struct kith_room *room, const uint8_t key[static 32])
{
	struct row *row = row_find(room, key);

	if (row)
		return row;
	if (room->row_count >= KITH_ROWS_MAX + ASKERS_MAX)
		return NULL;
	row = room->env->alloc(room->env->ctx, sizeof *row);
	if (!row)
		return NULL;
	memcpy(row->key, key, 32);
	give_handle(room, row);
	row->next = room->rows;
	room->rows = row;
	room->row_count++;
	return row;
}

void row_name(struct row *row, struct kith_span name)
{
	size_t n = name.n < sizeof row->name - 1 ? name.n : sizeof row->name - 1;

	if (n)
		memcpy(row->name, name.p, n);
	row->name[n] = 0;
}

void row_tell(struct kith_room *room, struct row *row, enum kith_news_kind kind)
{
	struct kith_news news = {.kind = kind, .peer = row->peer, .name = kith_span_str(row->name)};

	room->host.tell(room->host.ctx, &news);
}

void row_tell_failed(struct kith_room *room, struct row *row, enum kith_err err, bool pending)
{
	struct kith_news news = {.kind = KITH_NEWS_FAILED,
		.peer = row->peer,
		.name = kith_span_str(row->name),
		.error = err,
		.pending = pending};

	room->host.tell(room->host.ctx, &news);
}

static void gone(struct kith_room *room, struct row *row)
{
	row->here = false;
	row_tell(room, row, KITH_NEWS_GONE);
}

void row_unseen(struct kith_room *room, struct row *row)
{
	row->seen = false;
	if (row->invited)
		return; /* it has never been here by being seen */
	if (row->told)
		gone(room, row);
	row->told = false;
}

static bool in_use(const struct kith_room *room, const struct row *row)
{
	for (const struct line *l = room->lines; l; l = l->next)
		if (l->row == row || l->meets == row)
			return true;
	return row_reachable(row) || row->wanted_until || meet_remembered(room, row);
}

void rows_sweep(struct kith_room *room)
{
	for (struct row **p = &room->rows; *p;) {
		struct row *row = *p;
		if (in_use(room, row)) {
			p = &row->next;
			continue;
		}
		if (row->here) /* known by a session alone, and never seen */
			gone(room, row);
		*p = row->next;
		room->row_count--;
		room->env->release(room->env->ctx, row, sizeof *row);
	}
}
