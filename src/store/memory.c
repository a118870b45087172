/* SPDX-License-Identifier: MIT */
#include "store/memory.h"

#include "base/day.h"
#include "base/limits.h"
#include "store/contact.h"
#include "store/people.h"

static enum kith_err run_for(struct kith_store *store, int64_t contact, const char *sql)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

enum kith_err kith_memory_is(struct kith_store *store, int64_t contact)
{
	struct kith_query q = kith_query(store, "SELECT 1 FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	bool found = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_memory_retouch(struct kith_store *store, int64_t contact)
{
	return run_for(store, contact,
		"UPDATE contact SET touched = " KITH_MEMORY_TOUCHED " WHERE row = ?1");
}

static enum kith_err handed(struct kith_store *store, int64_t contact, int64_t at)
{
	/* the last one, not the latest: a clock may have been wrong before */
	struct kith_query q = kith_query(store, "UPDATE contact SET handed = ?2 WHERE row = ?1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, at);
	enum kith_err err = kith_query_run(&q);
	if (!err && !sqlite3_changes(store->db))
		err = KITH_ERR_NOPERSON;
	return err ? err : kith_memory_retouch(store, contact);
}

enum kith_err kith_store_handed(struct kith_store *store, int64_t contact, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, handed(store, contact, now));
}

_Static_assert(KITH_REVIEW_WAITS == 0 && KITH_REVIEW_KEEP == 1 && KITH_REVIEW_SOON == 2 &&
		       KITH_REVIEW_LETGO == 3 && KITH_PROMISE_OPEN == 0 && KITH_REMARK_NOTE == 0,
	"stand in the statements below");

enum kith_err kith_memory_met(struct kith_store *store, int64_t contact)
{
	return run_for(store, contact,
		"UPDATE contact SET review = 0, reviewed_at = NULL, review_step = 0, letgo_used = NULL "
		"WHERE row = ?1 AND review = 3");
}

enum kith_err kith_memory_back(struct kith_store *store, int64_t contact, int64_t now)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET review = 1, reviewed_at = ?2, letgo_used = NULL WHERE row = ?1 AND "
		"review = 3");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, now);
	return kith_query_run(&q);
}

/* --- how I stand to somebody ------------------------------------------------------------------ */

/* The last contact that is not after now: `touched`, unless a wrong clock wrote that. */
#define TOUCHED                                                                                    \
	"CASE WHEN touched <= ?2 THEN touched ELSE max(coalesce((SELECT max(at) FROM met WHERE "   \
	"met.contact = ?1 AND at <= ?2), 0), coalesce((SELECT max(at) FROM remark WHERE "          \
	"remark.contact = ?1 AND kind <> 0 AND at <= ?2), 0), iif(handed <= ?2, handed, 0)) END"

enum kith_err kith_store_memory(
	struct kith_store *store, int64_t contact, int64_t now, struct kith_memory *ret)
{
	enum kith_err err = KITH_ERR_NOPERSON;
	struct kith_query q = kith_query(store,
		"SELECT ring, ring_at, " TOUCHED ", snoozed, review, reviewed_at, (SELECT count(*) "
		"FROM used WHERE used.row > letgo_used), review_step FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, now);
	if (kith_query_row(&q)) {
		err = KITH_OK;
		*ret = (struct kith_memory){.contact = contact,
			.ring = kith_column_int(&q, 0),
			.ring_at = kith_column_int(&q, 1),
			.touched = kith_column_int(&q, 2),
			.snoozed = kith_column_span(&q, 3).n ? (int32_t)kith_column_int(&q, 3)
							     : KITH_DAY_NONE,
			.review = (enum kith_review)kith_column_int(&q, 4),
			.reviewed_at = kith_column_int(&q, 5),
			.used_since = (uint32_t)kith_column_int(&q, 6),
			.step = (unsigned)kith_column_int(&q, 7)};
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

_Static_assert((int)KITH_TOUCHED_CALL == KITH_REMARK_CALL &&
		       (int)KITH_TOUCHED_MET == KITH_REMARK_MET && KITH_TOUCHED_MET == 2 &&
		       (int)KITH_TOUCHED_WROTE == KITH_REMARK_WROTE && KITH_TOUCHED_NODES == 4,
	"stand in the statement below");

enum kith_err kith_store_touched(
	struct kith_store *store, int64_t contact, int64_t at, enum kith_touched *ret)
{
	struct kith_query q = kith_query(store,
		"SELECT coalesce((SELECT kind FROM remark WHERE contact = ?1 AND at = ?2 AND kind <> 0 "
		"ORDER BY row DESC), (SELECT 2 FROM met WHERE contact = ?1 AND at = ?2), (SELECT 4 "
		"FROM contact WHERE row = ?1 AND handed = ?2 AND handed > 0), 0)");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, at);
	if (kith_query_row(&q))
		*ret = (enum kith_touched)kith_column_int(&q, 0);
	return kith_query_end(&q);
}

static enum kith_err snooze(struct kith_store *store, int64_t contact, int32_t until)
{
	struct kith_query q = kith_query(store, "UPDATE contact SET snoozed = ?2 WHERE row = ?1");

	kith_bind_int(&q, contact);
	if (until == KITH_DAY_NONE)
		kith_bind_null(&q);
	else
		kith_bind_int(&q, until);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_store_snooze(struct kith_store *store, int64_t contact, int32_t until)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, snooze(store, contact, until));
}

/* --- review ----------------------------------------------------------------------------------- */

enum kith_err kith_store_unreviewed(
	struct kith_store *store, int64_t event, int64_t since, kith_contact_fn fn, void *ctx)
{
	struct kith_query q = kith_query(store,
		"SELECT " KITH_CONTACT_COLUMNS
		" FROM contact WHERE row IN (SELECT row FROM " KITH_MEMORY_WAITING
		") AND (?1 = 0 OR EXISTS (SELECT 1 FROM met WHERE met.contact = contact.row AND "
		"happening = ?1) OR EXISTS (SELECT 1 FROM event_guest WHERE event_guest.contact = "
		"contact.row AND event = ?1)) AND (?2 = 0 OR EXISTS (SELECT 1 FROM met WHERE "
		"met.contact = contact.row AND at >= ?2) OR EXISTS (SELECT 1 FROM event_guest JOIN "
		"event ON event.row = event WHERE event_guest.contact = contact.row AND "
		"coalesce(ended, ?2) >= ?2)) ORDER BY review_step = 0, met_at IS NULL, (SELECT min(row) FROM met WHERE "
		"met.contact = contact.row), row");

	kith_bind_int(&q, event);
	kith_bind_int(&q, since);
	return kith_contact_all(&q, fn, ctx, NULL);
}

/* A day that is not counted yet, and may come to be, is none since. */
static enum kith_err reviewed(
	struct kith_store *store, int64_t contact, enum kith_review what, int64_t now)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET review = ?2, review_step = 0, reviewed_at = ?3, letgo_used = CASE "
		"WHEN ?2 = 3 THEN coalesce((SELECT max(row) FROM used), 0) + NOT EXISTS (SELECT 1 FROM "
		"used WHERE day = ?4) END WHERE row = ?1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, what);
	if (what == KITH_REVIEW_WAITS)
		kith_bind_null(&q);
	else
		kith_bind_int(&q, now);
	kith_bind_int(&q, kith_day_at(now));
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_store_reviewed(
	struct kith_store *store, int64_t contact, enum kith_review what, int64_t now)
{
	enum kith_err err;

	if (what < KITH_REVIEW_WAITS || what > KITH_REVIEW_LETGO)
		return KITH_ERR_VALUE;
	err = kith_db_begin(store);
	return err ? err : kith_db_end(store, reviewed(store, contact, what, now));
}

static enum kith_err step_to(struct kith_store *store, int64_t contact, unsigned step)
{
	struct kith_query q =
		kith_query(store, "UPDATE contact SET review_step = ?2 WHERE row = ?1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, step);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_store_review_step(struct kith_store *store, int64_t contact, unsigned step)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, step_to(store, contact, step));
}

/* --- days of use ------------------------------------------------------------------------------ */

/* In one run of the machine a clock may jump, but not the time that it runs; after a start how much of it went by is not
 * known, and a start is not made in passing. */
enum kith_err kith_store_use_is_new(
	struct kith_store *store, const struct kith_use *use, bool *ret_new)
{
	struct kith_query q = kith_query(store,
		"SELECT 1 FROM used WHERE day = ?1 OR (row = (SELECT max(row) FROM used) AND boot = ?2 "
		"AND ?3 - up < ?4)");

	kith_bind_int(&q, use->today);
	kith_bind_blob(&q, use->boot, sizeof use->boot);
	kith_bind_int(&q, use->up);
	kith_bind_int(&q, KITH_USED_APART);
	*ret_new = !kith_query_row(&q);
	return kith_query_end(&q);
}

static enum kith_err add_day(struct kith_store *store, const struct kith_use *use)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO used (day, boot, up) VALUES (?1, ?2, ?3)");

	kith_bind_int(&q, use->today);
	kith_bind_blob(&q, use->boot, sizeof use->boot);
	kith_bind_int(&q, use->up);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	/* the oldest in the order in which they came, whatever a clock called them */
	q = kith_query(store, "DELETE FROM used WHERE row <= (SELECT max(row) FROM used) - ?1");
	kith_bind_int(&q, KITH_USED_MAX);
	return kith_query_run(&q);
}

/* As in `reviewed`: a day that is not counted yet, and may come to be, is none since. */
enum kith_err kith_memory_tie(struct kith_store *store, int64_t contact, int32_t today)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET letgo_used = coalesce((SELECT max(row) FROM used), 0) + NOT EXISTS "
		"(SELECT 1 FROM used WHERE day = ?2) WHERE row = ?1 AND letgo_used IS NOT NULL");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, today);
	return kith_query_run(&q);
}

/* A day on which something ties them is none since; that on which it ended neither (kith_memory_tie). */
static enum kith_err hold_tied(struct kith_store *store)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET letgo_used = (SELECT max(row) FROM used) WHERE letgo_used IS NOT "
		"NULL AND letgo_used < (SELECT max(row) FROM used) AND (blocked OR EXISTS (SELECT 1 "
		"FROM promise WHERE promise.contact = contact.row AND state = 0))");

	return kith_query_run(&q);
}

/* ?1: days that are left at most. */
#define FADING                                                                                     \
	" FROM contact WHERE review = 3 AND NOT blocked AND letgo_used <= coalesce((SELECT "       \
	"max(row) FROM used), 0) - ?1 AND NOT EXISTS (SELECT 1 FROM promise WHERE "                \
	"promise.contact = contact.row AND state = 0)"
#define IN_ORDER " ORDER BY letgo_used, contact.row"

/* From this day after the one of the decision on it is told that they go.  Whatever moves letgo_used has them told anew. */
#define TOLD_FROM (KITH_LETGO_DAYS - KITH_LETGO_SOON)

/* Their time is over, and it was told on an earlier day. */
#define OVER                                                                                       \
	FADING " AND letgo_told >= letgo_used + ?2 AND letgo_told < (SELECT max(row) FROM used)" IN_ORDER

static struct kith_query query_over(struct kith_store *store, const char *sql)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, KITH_LETGO_DAYS);
	kith_bind_int(&q, TOLD_FROM);
	return q;
}

enum kith_err kith_store_fading(
	struct kith_store *store, uint32_t within, kith_fading_fn fn, void *ctx)
{
	struct kith_contact contact;
	bool more = true;
	struct kith_query q =
		kith_query(store, "SELECT " KITH_CONTACT_COLUMNS
				  ", max(?2 + letgo_used - coalesce((SELECT max(row) FROM "
				  "used), 0), 1)" FADING IN_ORDER);

	kith_bind_int(&q, (int64_t)KITH_LETGO_DAYS - within);
	kith_bind_int(&q, KITH_LETGO_DAYS);
	while (more && kith_query_row(&q)) {
		kith_contact_read(&q, &contact);
		more = fn(ctx, &contact, (uint32_t)kith_column_int(&q, KITH_CONTACT_COLUMN_COUNT));
	}
	return kith_query_end(&q);
}

/* As in `reviewed`: a day that is not counted yet is not the one before. */
static enum kith_err fading_told(struct kith_store *store, int32_t today)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET letgo_told = (SELECT coalesce(max(row), 0) FROM used) + NOT EXISTS "
		"(SELECT 1 FROM used WHERE day = ?3) WHERE coalesce(letgo_told < letgo_used + ?2, 1) "
		"AND row IN (SELECT contact.row" FADING ")");

	kith_bind_int(&q, TOLD_FROM);
	kith_bind_int(&q, TOLD_FROM);
	kith_bind_int(&q, today);
	return kith_query_run(&q);
}

enum kith_err kith_store_fading_told(struct kith_store *store, int32_t today)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, fading_told(store, today));
}

static enum kith_err next_over(struct kith_store *store, int64_t *ret_row)
{
	struct kith_query q = query_over(store, "SELECT contact.row" OVER " LIMIT 1");

	*ret_row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err tell_over(struct kith_store *store, kith_contact_fn fn, void *ctx)
{
	struct kith_query q = query_over(store, "SELECT " KITH_CONTACT_COLUMNS OVER);

	return kith_contact_all(&q, fn, ctx, NULL);
}

static enum kith_err use_it(
	struct kith_store *store, const struct kith_use *use, kith_contact_fn fn, void *ctx)
{
	bool new;
	int64_t row = 0;
	enum kith_err err = kith_store_use_is_new(store, use, &new);

	if (err || !new)
		return err;
	if (!(err = add_day(store, use)) && !(err = hold_tied(store)) &&
		!(err = tell_over(store, fn, ctx)))
		err = next_over(store, &row);
	while (!err && row)
		if (!(err = kith_contact_remove(store, row)))
			err = next_over(store, &row);
	return err;
}

enum kith_err kith_store_used(
	struct kith_store *store, const struct kith_use *use, kith_contact_fn fn, void *ctx)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, use_it(store, use, fn, ctx));
}
