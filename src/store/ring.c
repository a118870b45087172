/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "store/memory.h"
#include "store/people.h"

_Static_assert(KITH_REVIEW_LETGO == 3, "stands in the statements below");

/* --- the rings -------------------------------------------------------------------------------- */

enum kith_err kith_store_rings(struct kith_store *store, kith_ring_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT row, name, place, room, rhythm, (SELECT count(*) FROM contact WHERE "
		"contact.ring = ring.row AND review <> 3) FROM ring ORDER BY place");

	while (more && kith_query_row(&q)) {
		struct kith_ring r = {.row = kith_column_int(&q, 0),
			.name = kith_column_span(&q, 1),
			.place = (uint32_t)kith_column_int(&q, 2),
			.room = (uint32_t)kith_column_int(&q, 3),
			.rhythm = (uint32_t)kith_column_int(&q, 4),
			.people = (size_t)kith_column_int(&q, 5)};
		more = fn(ctx, &r);
	}
	return kith_query_end(&q);
}

static enum kith_err look(
	struct kith_store *store, struct kith_span fold, int64_t *ret_place, int64_t *ret_rings)
{
	struct kith_query q = kith_query(store,
		"SELECT coalesce((SELECT place FROM ring WHERE fold = ?1), 0), count(*) FROM ring");

	kith_bind_text(&q, fold);
	*ret_place = *ret_rings = 0;
	if (kith_query_row(&q)) {
		*ret_place = kith_column_int(&q, 0);
		*ret_rings = kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

/* Each place is taken once, so those in between go out of the way first, below zero. */
static enum kith_err shift(struct kith_store *store, int64_t from, int64_t upto, int64_t by)
{
	struct kith_query q = kith_query(
		store, "UPDATE ring SET place = -(place + ?3) WHERE place BETWEEN ?1 AND ?2");

	kith_bind_int(&q, from);
	kith_bind_int(&q, upto);
	kith_bind_int(&q, by);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "UPDATE ring SET place = -place WHERE place < 0");
	return kith_query_run(&q);
}

static enum kith_err write_ring(
	struct kith_store *store, const struct kith_ring *r, struct kith_span fold, int64_t place)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO ring (name, fold, place, room, rhythm) VALUES (?1, ?2, ?3, ?4, ?5) ON "
		"CONFLICT (fold) DO UPDATE SET name = ?1, place = ?3, room = ?4, rhythm = ?5");

	kith_bind_text(&q, r->name);
	kith_bind_text(&q, fold);
	kith_bind_int(&q, place);
	kith_bind_int(&q, r->room);
	kith_bind_int(&q, r->rhythm);
	return kith_query_run(&q);
}

/* The ring itself steps aside to place 0 while the others close up and make way. */
static enum kith_err put(struct kith_store *store, const struct kith_ring *r, struct kith_span fold)
{
	int64_t was, rings;
	enum kith_err err = look(store, fold, &was, &rings);

	if (!err && !was && rings >= KITH_RINGS_MAX)
		err = KITH_ERR_LIMIT;
	if (err)
		return err;
	int64_t last = was ? rings : rings + 1;
	int64_t place = r->place == 0 ? (was ? was : last) : r->place < last ? r->place : last;
	if (was == place)
		return write_ring(store, r, fold, place);
	if (was && (err = write_ring(store, r, fold, 0)))
		return err;
	if (was)
		err = shift(store, was + 1, last, -1);
	if (!err)
		err = shift(store, place, last, 1);
	return err ? err : write_ring(store, r, fold, place);
}

enum kith_err kith_store_ring_put(struct kith_store *store, const struct kith_ring *ring)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, ring->name);

	if (!err && (!kith_text_is_word(ring->name) || fold.n == 0 ||
			    kith_span_eq(kith_buf_span(&fold), kith_span_str("none"))))
		err = KITH_ERR_VALUE;
	if (!err && (ring->name.n > KITH_TAG_MAX || ring->room < 1 ||
			    ring->room > KITH_RING_ROOM_MAX || ring->rhythm > KITH_RHYTHM_MAX))
		err = KITH_ERR_LIMIT;
	if (!err)
		err = kith_db_begin(store);
	return err ? err : kith_db_end(store, put(store, ring, kith_buf_span(&fold)));
}

static enum kith_err remove_it(struct kith_store *store, struct kith_span fold)
{
	int64_t was, rings;
	enum kith_err err = look(store, fold, &was, &rings);

	if (err || !was)
		return err ? err : KITH_ERR_MISSING;
	struct kith_query q = kith_query(store,
		"UPDATE contact SET ring = NULL, ring_at = NULL, snoozed = NULL WHERE ring = (SELECT "
		"row FROM ring WHERE fold = ?1)");
	kith_bind_text(&q, fold);
	if ((err = kith_query_run(&q)))
		return err;
	q = kith_query(store, "DELETE FROM ring WHERE fold = ?1");
	kith_bind_text(&q, fold);
	err = kith_query_run(&q);
	return err ? err : shift(store, was + 1, rings, -1);
}

enum kith_err kith_store_ring_remove(struct kith_store *store, struct kith_span name)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, name);

	if (!err)
		err = kith_db_begin(store);
	return err ? err : kith_db_end(store, remove_it(store, kith_buf_span(&fold)));
}

/* --- who is in them --------------------------------------------------------------------------- */

/* Who is in it may stay, however full it is. */
static enum kith_err has_room(struct kith_store *store, int64_t ring, int64_t contact)
{
	enum kith_err err = KITH_ERR_MISSING;
	struct kith_query q = kith_query(store,
		"SELECT (SELECT count(*) FROM contact WHERE ring = ?1 AND review <> 3) < room OR EXISTS "
		"(SELECT 1 FROM contact WHERE row = ?2 AND ring = ?1 AND review <> 3) FROM ring WHERE row = ?1");

	kith_bind_int(&q, ring);
	kith_bind_int(&q, contact);
	if (kith_query_row(&q))
		err = kith_column_int(&q, 0) ? KITH_OK : KITH_ERR_LIMIT;
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

static enum kith_err move(struct kith_store *store, int64_t contact, int64_t ring, int64_t now)
{
	enum kith_err err = kith_memory_is(store, contact);

	if (!err && ring)
		err = has_room(store, ring, contact);
	if (err)
		return err;
	struct kith_query q = kith_query(store,
		"UPDATE contact SET ring = nullif(?2, 0), ring_at = iif(?2, ?3, NULL), snoozed = NULL "
		"WHERE row = ?1 AND ring IS NOT nullif(?2, 0)");
	kith_bind_int(&q, contact);
	kith_bind_int(&q, ring);
	kith_bind_int(&q, now);
	err = kith_query_run(&q);
	return err || !ring ? err : kith_memory_back(store, contact, now);
}

enum kith_err kith_store_ring_move(
	struct kith_store *store, int64_t contact, int64_t ring, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, move(store, contact, ring, now));
}

enum kith_err kith_store_ring_people(
	struct kith_store *store, int64_t ring, kith_contact_fn fn, void *ctx)
{
	struct kith_query q = kith_query(store,
		"SELECT " KITH_CONTACT_COLUMNS
		" FROM contact WHERE ring = ?1 AND review <> 3 ORDER BY touched, fold, row");

	kith_bind_int(&q, ring);
	return kith_contact_all(&q, fn, ctx, NULL);
}
