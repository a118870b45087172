/* SPDX-License-Identifier: MIT */
#include "store/event.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/contact.h"
#include "store/memory.h"
#include "store/people.h"

#define DAY_S 86400

/* --- one by its name -------------------------------------------------------------------------- */

static enum kith_err fold_name(struct kith_span name, struct kith_buf *out)
{
	enum kith_err err = kith_fold(out, name);

	return err || out->n ? err : KITH_ERR_VALUE;
}

/* One that does not run lasts from the first meeting to the last. */
static enum kith_err lasts(
	struct kith_store *store, struct kith_span name, struct kith_span fold, int64_t at)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO event (name, fold, began, ended) VALUES (?1, ?2, ?3, ?3) ON CONFLICT "
		"(fold) DO UPDATE SET ended = max(ended, ?3) WHERE ended IS NOT NULL");

	kith_bind_text(&q, name);
	kith_bind_text(&q, fold);
	kith_bind_int(&q, at);
	return kith_query_run(&q);
}

enum kith_err kith_event_met(struct kith_store *store, const uint8_t session[static 32],
	struct kith_span name, int64_t at)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = fold_name(name, &fold);

	if (err)
		return err == KITH_ERR_VALUE ? KITH_OK : err;
	if ((err = lasts(store, name, kith_buf_span(&fold), at)))
		return err;
	struct kith_query q = kith_query(store,
		"UPDATE met SET happening = (SELECT row FROM event WHERE fold = ?2) WHERE session = ?1");
	kith_bind_blob(&q, session, 32);
	kith_bind_text(&q, kith_buf_span(&fold));
	return kith_query_run(&q);
}

enum kith_err kith_event_tidy(struct kith_store *store)
{
	struct kith_query q = kith_query(store,
		"DELETE FROM event WHERE started IS NULL AND NOT EXISTS (SELECT 1 FROM met WHERE "
		"happening = event.row) AND NOT EXISTS (SELECT 1 FROM event_guest WHERE event = "
		"event.row)");

	return kith_query_run(&q);
}

/* --- the one that runs ------------------------------------------------------------------------ */

/* When its time was over; 0: it is not. */
static int64_t over_at(int64_t started, int32_t until, int64_t now, int32_t today)
{
	if (until != KITH_DAY_NONE)
		return until < today ? kith_day_begins(until + 1) : 0;
	int64_t end = started + (int64_t)KITH_EVENT_DAYS * DAY_S;
	return end <= now ? end : 0;
}

/* *ret_row is 0 when none runs; *ret_over when its time was over, or 0. */
static enum kith_err find_running(
	struct kith_store *store, int64_t now, int32_t today, int64_t *ret_row, int64_t *ret_over)
{
	struct kith_query q =
		kith_query(store, "SELECT row, started, until FROM event WHERE ended IS NULL");

	*ret_row = *ret_over = 0;
	if (kith_query_row(&q)) {
		*ret_row = kith_column_int(&q, 0);
		*ret_over = over_at(kith_column_int(&q, 1),
			kith_column_span(&q, 2).n ? (int32_t)kith_column_int(&q, 2) : KITH_DAY_NONE,
			now, today);
	}
	return kith_query_end(&q);
}

static enum kith_err end_at(struct kith_store *store, int64_t at)
{
	/* a clock that went back must not end it before it began */
	struct kith_query q =
		kith_query(store, "UPDATE event SET ended = max(started, ?1) WHERE ended IS NULL");

	kith_bind_int(&q, at);
	return kith_query_run(&q);
}

/* Where nobody looked in time, it has ended before. */
static enum kith_err end_running(struct kith_store *store, int64_t at, bool *ret_any)
{
	int64_t row, over;
	enum kith_err err = find_running(store, at, kith_day_at(at), &row, &over);

	*ret_any = row != 0;
	return err || !row ? err : end_at(store, over ? over : at);
}

/* --- beginning and ending --------------------------------------------------------------------- */

static enum kith_err has_card(struct kith_store *store, const uint8_t card[static 8])
{
	struct kith_query q =
		kith_query(store, "SELECT 1 FROM my_card WHERE card = ?1 AND gone = 0");

	kith_bind_blob(&q, card, 8);
	bool found = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

/* Whether the one that runs, with time left, has that name. */
static enum kith_err runs_so(struct kith_store *store, struct kith_span fold, int64_t at, bool *ret)
{
	int64_t row, over;
	enum kith_err err = find_running(store, at, kith_day_at(at), &row, &over);

	*ret = false;
	if (err || !row || over)
		return err;
	struct kith_query q = kith_query(store, "SELECT 1 FROM event WHERE row = ?1 AND fold = ?2");
	kith_bind_int(&q, row);
	kith_bind_text(&q, fold);
	*ret = kith_query_row(&q);
	return kith_query_end(&q);
}

static enum kith_err start(
	struct kith_store *store, const struct kith_event *event, struct kith_span fold)
{
	enum kith_err err = event->has_card ? has_card(store, event->card) : KITH_OK;
	bool same = false, any;

	if (!err)
		err = runs_so(store, fold, event->began, &same);
	if (!err && !same)
		err = end_running(store, event->began, &any);
	if (err)
		return err;
	/* what is not said stays as it was said before, but the last day of an earlier time */
	struct kith_query q = kith_query(store,
		"INSERT INTO event (name, fold, place, began, started, until, card) VALUES (?1, ?2, "
		"?3, ?4, ?4, ?5, ?6) ON CONFLICT (fold) DO UPDATE SET began = min(began, ?4), "
		"started = iif(ended IS NULL, started, ?4), until = iif(ended IS NULL, "
		"coalesce(?5, until), ?5), place = coalesce(nullif(?3, ''), place), card = "
		"coalesce(?6, card), ended = NULL");
	kith_bind_text(&q, event->name);
	kith_bind_text(&q, fold);
	kith_bind_text(&q, event->place);
	kith_bind_int(&q, event->began);
	if (event->until == KITH_DAY_NONE)
		kith_bind_null(&q);
	else
		kith_bind_int(&q, event->until);
	if (event->has_card)
		kith_bind_blob(&q, event->card, sizeof event->card);
	else
		kith_bind_null(&q);
	return kith_query_run(&q);
}

enum kith_err kith_store_event_start(struct kith_store *store, const struct kith_event *event)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = fold_name(event->name, &fold);

	if (!err && (event->name.n > KITH_EVENT_MAX || event->place.n > KITH_EVENT_MAX))
		err = KITH_ERR_LIMIT;
	if (!err)
		err = kith_db_begin(store);
	return err ? err : kith_db_end(store, start(store, event, kith_buf_span(&fold)));
}

static enum kith_err stop(struct kith_store *store, int64_t now)
{
	bool any;
	enum kith_err err = end_running(store, now, &any);

	return err || any ? err : KITH_ERR_MISSING;
}

enum kith_err kith_store_event_stop(struct kith_store *store, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, stop(store, now));
}

/* --- reading ---------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
	"row, name, place, began, until, ended, card, (SELECT count(*) FROM (SELECT contact FROM " \
	"met WHERE happening = event.row UNION SELECT contact FROM event_guest WHERE event = "     \
	"event.row)), started"

static void read_event(const struct kith_query *q, struct kith_event *ret)
{
	struct kith_span until = kith_column_span(q, 4);
	struct kith_span card = kith_column_span(q, 6);

	*ret = (struct kith_event){.row = kith_column_int(q, 0),
		.name = kith_column_span(q, 1),
		.place = kith_column_span(q, 2),
		.began = kith_column_int(q, 3),
		.until = until.n ? (int32_t)kith_column_int(q, 4) : KITH_DAY_NONE,
		.ended = kith_column_int(q, 5),
		.has_card = card.n == sizeof ret->card,
		.people = (size_t)kith_column_int(q, 7),
		.started = kith_column_int(q, 8)};
	if (ret->has_card)
		memcpy(ret->card, card.p, card.n);
}

static enum kith_err each(struct kith_query *q, kith_event_fn fn, void *ctx, size_t *ret_count)
{
	struct kith_event event;
	bool more = true;

	for (*ret_count = 0; more && kith_query_row(q); ++*ret_count) {
		read_event(q, &event);
		more = fn(ctx, &event);
	}
	return kith_query_end(q);
}

enum kith_err kith_store_events(struct kith_store *store, kith_event_fn fn, void *ctx)
{
	size_t count;
	struct kith_query q = kith_query(store,
		"SELECT " COLUMNS " FROM event ORDER BY coalesce(started, began) DESC, row DESC");

	return each(&q, fn, ctx, &count);
}

enum kith_err kith_store_event_named(
	struct kith_store *store, struct kith_span name, kith_event_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	size_t count;
	enum kith_err err = kith_fold(&fold, name);

	if (err)
		return err;
	struct kith_query q = kith_query(store, "SELECT " COLUMNS " FROM event WHERE fold = ?1");
	kith_bind_text(&q, kith_buf_span(&fold));
	err = each(&q, fn, ctx, &count);
	return err || count ? err : KITH_ERR_MISSING;
}

/* Unless another process has ended it meanwhile, or has begun another. */
static enum kith_err close_over(struct kith_store *store, int64_t now, int32_t today)
{
	int64_t row, over;
	enum kith_err err = find_running(store, now, today, &row, &over);

	return err || !over ? err : end_at(store, over);
}

enum kith_err kith_store_event_running(
	struct kith_store *store, int64_t now, int32_t today, kith_event_fn fn, void *ctx)
{
	int64_t row, over;
	size_t count;
	enum kith_err err = find_running(store, now, today, &row, &over);

	if (err || row == 0)
		return err;
	if (over) {
		if (store->mode == KITH_STORE_READ)
			return KITH_OK;
		err = kith_db_begin(store);
		return err ? err : kith_db_end(store, close_over(store, now, today));
	}
	struct kith_query q = kith_query(store, "SELECT " COLUMNS " FROM event WHERE row = ?1");
	kith_bind_int(&q, row);
	return each(&q, fn, ctx, &count);
}

/* --- who was there ---------------------------------------------------------------------------- */

/* Those of ?1, each once, with the first meeting in it; who was added has none. */
#define THERE                                                                                        \
	"(SELECT contact AS who, min(row) AS first FROM met WHERE happening = ?1 GROUP BY contact "  \
	"UNION ALL SELECT contact, NULL FROM event_guest WHERE event = ?1 AND NOT EXISTS (SELECT 1 " \
	"FROM met WHERE happening = ?1 AND met.contact = event_guest.contact)) AS there "

enum kith_err kith_store_event_roster(
	struct kith_store *store, int64_t event, kith_contact_fn fn, void *ctx)
{
	struct kith_query q =
		kith_query(store, "SELECT " KITH_CONTACT_COLUMNS " FROM " THERE
				  "JOIN contact ON contact.row = there.who "
				  "ORDER BY there.first IS NULL, there.first, fold, contact.row");

	kith_bind_int(&q, event);
	return kith_contact_all(&q, fn, ctx, NULL);
}

_Static_assert(KITH_REVIEW_WAITS == 0, "stands in the statement below");

/* Those whom a meeting in ?1 brought, whom nothing else holds, and about whom I wrote and decided nothing. */
#define ONLY_THERE                                                                                 \
	"FROM contact WHERE contact.row IN (SELECT contact FROM met WHERE happening = ?1) AND "    \
	"contact.added >= (SELECT min(at) FROM met WHERE met.contact = contact.row AND happening " \
	"= ?1) AND NOT contact.blocked AND contact.ring IS NULL AND contact.snoozed IS NULL AND "  \
	"contact.entries = 0 AND contact.review = 0 AND NOT EXISTS (SELECT 1 FROM promise WHERE "  \
	"promise.contact = contact.row) AND NOT EXISTS (SELECT 1 FROM remark WHERE "               \
	"remark.contact = contact.row) AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.contact = "     \
	"contact.row) AND NOT EXISTS (SELECT 1 FROM relation WHERE a = contact.row OR b = "        \
	"contact.row) AND NOT EXISTS (SELECT 1 FROM met WHERE met.contact = contact.row AND "      \
	"happening IS NOT ?1) AND NOT EXISTS (SELECT 1 FROM event_guest WHERE "                    \
	"event_guest.contact = contact.row AND event <> ?1) AND NOT EXISTS (SELECT 1 FROM "        \
	"introduced WHERE introduced.contact = contact.row OR introducer = contact.row) AND NOT "  \
	"EXISTS (SELECT 1 FROM introduction_side WHERE introduction_side.contact = contact.row) "  \
	"AND NOT EXISTS (SELECT 1 FROM proposal WHERE proposal.contact = contact.row) AND NOT "    \
	"EXISTS (SELECT 1 FROM aside WHERE a = contact.row OR b = contact.row)"

enum kith_err kith_store_event_only(
	struct kith_store *store, int64_t event, kith_contact_fn fn, void *ctx)
{
	struct kith_query q = kith_query(
		store, "SELECT " KITH_CONTACT_COLUMNS " " ONLY_THERE " ORDER BY fold, contact.row");

	kith_bind_int(&q, event);
	return kith_contact_all(&q, fn, ctx, NULL);
}

static enum kith_err is_event(struct kith_store *store, int64_t event)
{
	struct kith_query q = kith_query(store, "SELECT 1 FROM event WHERE row = ?1");

	kith_bind_int(&q, event);
	bool found = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

static enum kith_err put_guest(struct kith_store *store, int64_t event, int64_t contact)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO event_guest (event, contact) VALUES (?1, ?2) ON CONFLICT DO NOTHING");

	kith_bind_int(&q, event);
	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

/* Adds how many rows it changed. */
static enum kith_err run_counted(
	struct kith_store *store, const char *sql, int64_t event, int64_t contact, int *changed)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, event);
	kith_bind_int(&q, contact);
	enum kith_err err = kith_query_run(&q);
	*changed += err ? 0 : sqlite3_changes(store->db);
	return err;
}

/* The event goes from what is known of them: they are not found by it any more. */
static enum kith_err take_out(struct kith_store *store, int64_t event, int64_t contact)
{
	int changed = 0;
	enum kith_err err = run_counted(store,
		"UPDATE receipt SET event = '' WHERE contact = ?2 AND event <> '' AND fold(event) = "
		"(SELECT fold FROM event WHERE row = ?1)",
		event, contact, &changed);

	if (!err)
		err = run_counted(store,
			"UPDATE met SET event = '', happening = NULL WHERE happening = ?1 AND contact "
			"= ?2",
			event, contact, &changed);
	if (!err)
		err = run_counted(store,
			"DELETE FROM event_guest WHERE event = ?1 AND contact = ?2", event, contact,
			&changed);
	if (err || !changed)
		return err ? err : KITH_ERR_MISSING;
	return run_counted(store,
		"UPDATE remark SET event = NULL WHERE event = ?1 AND contact = ?2", event, contact,
		&changed);
}

static enum kith_err add(struct kith_store *store, int64_t event, int64_t contact, bool there)
{
	enum kith_err err = kith_memory_is(store, contact);

	if (!err)
		err = is_event(store, event);
	if (!err)
		err = there ? put_guest(store, event, contact) : take_out(store, event, contact);
	if (!err && !there)
		err = kith_event_tidy(store);
	return err ? err : kith_contact_refresh(store, contact);
}

enum kith_err kith_store_event_add(
	struct kith_store *store, int64_t event, int64_t contact, bool there)
{
	enum kith_err err = kith_db_begin(store);

	if (!err && !there)
		store->scrub |= KITH_SCRUB_WORDS;
	return err ? err : kith_db_end(store, add(store, event, contact, there));
}

static enum kith_err row_named(struct kith_store *store, struct kith_span fold, int64_t *ret_row)
{
	struct kith_query q = kith_query(store, "SELECT row FROM event WHERE fold = ?1");

	kith_bind_text(&q, fold);
	*ret_row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err was_there(struct kith_store *store, struct kith_span name,
	struct kith_span fold, int64_t contact, int64_t at)
{
	int64_t row = 0;
	/* a place on a roster is no meeting: one that is over does not last longer for it */
	struct kith_query q = kith_query(store,
		"INSERT INTO event (name, fold, began, ended) VALUES (?1, ?2, ?3, ?3) ON CONFLICT "
		"(fold) DO NOTHING");

	kith_bind_text(&q, name);
	kith_bind_text(&q, fold);
	kith_bind_int(&q, at);
	enum kith_err err = kith_query_run(&q);
	if (!err)
		err = row_named(store, fold, &row);
	return err ? err : add(store, row, contact, true);
}

enum kith_err kith_store_event_there(
	struct kith_store *store, struct kith_span name, int64_t contact, int64_t at)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = fold_name(name, &fold);

	if (!err && name.n > KITH_EVENT_MAX)
		err = KITH_ERR_LIMIT;
	if (!err)
		err = kith_db_begin(store);
	return err ? err
		   : kith_db_end(store, was_there(store, name, kith_buf_span(&fold), contact, at));
}

enum kith_err kith_store_event_reviewed(
	struct kith_store *store, int64_t contact, int64_t asked, int64_t *ret_event)
{
	struct kith_query q = kith_query(store,
		"SELECT event FROM (SELECT happening AS event, 1 AS met, max(row) AS last FROM met "
		"WHERE contact = ?1 AND happening IS NOT NULL GROUP BY happening UNION ALL SELECT "
		"event, 0, event FROM event_guest WHERE contact = ?1) WHERE iif(?2, event = ?2, "
		"(SELECT review = 0 FROM contact WHERE row = ?1)) ORDER BY met DESC, last DESC LIMIT 1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, asked);
	*ret_event = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

/* --- forgetting ------------------------------------------------------------------------------- */

/* The first row of a query about an event; 0: none. */
static enum kith_err first_of(
	struct kith_store *store, const char *sql, int64_t event, int64_t *ret_row)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, event);
	*ret_row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err forget_people(struct kith_store *store, int64_t event, size_t *ret_people)
{
	static const char next[] = "SELECT contact.row " ONLY_THERE " LIMIT 1";
	int64_t row;
	enum kith_err err = first_of(store, next, event, &row);

	while (!err && row) {
		++*ret_people;
		if (!(err = kith_contact_remove(store, row)))
			err = first_of(store, next, event, &row);
	}
	return err;
}

static enum kith_err run_for(struct kith_store *store, const char *sql, int64_t event)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, event);
	return kith_query_run(&q);
}

static enum kith_err forget_visits(struct kith_store *store, int64_t event)
{
	static const char next[] =
		"SELECT min(who) FROM (SELECT min(contact) AS who FROM met WHERE happening = ?1 "
		"UNION ALL SELECT min(contact) FROM event_guest WHERE event = ?1)";
	int64_t row;
	enum kith_err err = first_of(store, next, event, &row);

	while (!err && row)
		if (!(err = take_out(store, event, row)) &&
			!(err = kith_contact_refresh(store, row)))
			err = first_of(store, next, event, &row);
	return err;
}

/* Receipts first: with the last person an event that came with a swap may go by itself. */
static enum kith_err forget(
	struct kith_store *store, int64_t event, bool people, size_t *ret_people)
{
	enum kith_err err = is_event(store, event);

	store->scrub |= KITH_SCRUB_WORDS;
	if (!err)
		err = run_for(store,
			"UPDATE receipt SET event = '' WHERE event <> '' AND fold(event) = "
			"(SELECT fold FROM event WHERE row = ?1)",
			event);
	if (!err && people)
		err = forget_people(store, event, ret_people);
	if (!err)
		err = forget_visits(store, event);
	return err ? err : run_for(store, "DELETE FROM event WHERE row = ?1", event);
}

enum kith_err kith_store_event_forget(
	struct kith_store *store, int64_t event, bool people, size_t *ret_people)
{
	enum kith_err err = kith_db_begin(store);

	*ret_people = 0;
	return err ? err : kith_db_end(store, forget(store, event, people, ret_people));
}
