/* SPDX-License-Identifier: MIT */
#include <kith/introduction.h>

#include "base/limits.h"
#include "base/text.h"
#include "store/contact.h"
#include "store/memory.h"

/* --- what I say ------------------------------------------------------------------------------- */

static void bind_pair(struct kith_query *q, int64_t a, int64_t b)
{
	kith_bind_int(q, a < b ? a : b);
	kith_bind_int(q, a < b ? b : a);
}

static enum kith_err both_are(struct kith_store *store, int64_t a, int64_t b)
{
	enum kith_err err = kith_memory_is(store, a);

	return err ? err : kith_memory_is(store, b);
}

static enum kith_err unrelate(struct kith_store *store, int64_t a, int64_t b)
{
	struct kith_query q = kith_query(store, "DELETE FROM relation WHERE a = ?1 AND b = ?2");

	bind_pair(&q, a, b);
	enum kith_err err = kith_query_run(&q);
	if (!err && sqlite3_changes(store->db))
		store->scrub |= KITH_SCRUB_WORDS;
	return err;
}

static enum kith_err relate(
	struct kith_store *store, int64_t a, int64_t b, struct kith_span words, int64_t now)
{
	enum kith_err err = both_are(store, a, b);

	if (!err)
		err = unrelate(store, a, b);
	if (!err && words.n) {
		struct kith_query q = kith_query(
			store, "INSERT INTO relation (a, b, words, at) VALUES (?1, ?2, ?3, ?4)");
		bind_pair(&q, a, b);
		kith_bind_text(&q, words);
		kith_bind_int(&q, now);
		err = kith_query_run(&q);
	}
	if (!err)
		err = kith_contact_refresh(store, a);
	return err ? err : kith_contact_refresh(store, b);
}

enum kith_err kith_store_relate(
	struct kith_store *store, int64_t a, int64_t b, struct kith_span words, int64_t now)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, words);

	if (!err && words.n > KITH_RELATION_MAX)
		err = KITH_ERR_LIMIT;
	if (!err && (a == b || (words.n > 0 && fold.n == 0)))
		err = KITH_ERR_VALUE;
	if (!err)
		err = kith_db_begin(store);
	return err ? err : kith_db_end(store, relate(store, a, b, words, now));
}

static enum kith_err set_aside(
	struct kith_store *store, int64_t a, int64_t b, bool aside, int64_t now)
{
	enum kith_err err = both_are(store, a, b);

	if (err)
		return err;
	struct kith_query q =
		aside ? kith_query(store,
				"INSERT INTO aside (a, b, at) VALUES (?1, ?2, ?3) ON CONFLICT (a, b) DO UPDATE SET at = ?3")
		      : kith_query(store, "DELETE FROM aside WHERE a = ?1 AND b = ?2");
	bind_pair(&q, a, b);
	if (aside)
		kith_bind_int(&q, now);
	err = kith_query_run(&q);
	return !err && !aside && sqlite3_changes(store->db) == 0 ? KITH_ERR_MISSING : err;
}

enum kith_err kith_store_aside(
	struct kith_store *store, int64_t a, int64_t b, bool aside, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, set_aside(store, a, b, aside, now));
}

/* --- what is known ---------------------------------------------------------------------------- */

struct listing {
	kith_relation_fn fn;
	void *ctx;
	bool more;
};

/* Rows of a, b, words. */
static enum kith_err each(struct listing *l, struct kith_query *q, enum kith_relation_kind kind)
{
	while (l->more && kith_query_row(q)) {
		struct kith_relation r = {.a = kith_column_int(q, 0),
			.b = kith_column_int(q, 1),
			.kind = kind,
			.words = kith_column_span(q, 2)};
		l->more = l->fn(l->ctx, &r);
	}
	return kith_query_end(q);
}

_Static_assert(KITH_REVIEW_LETGO == 3 && KITH_SIDE_TOLD == 3 && KITH_CONTACT_TYPED == 4,
	"stand in the statements below");

#define HERE(who) " AND EXISTS (SELECT 1 FROM contact WHERE row = " who " AND review <> 3)"

static enum kith_err each_said(struct kith_store *store, int64_t contact, struct listing *l)
{
	struct kith_query q = kith_query(store,
		"SELECT a, b, words FROM relation WHERE (?1 = 0 OR a = ?1 OR b = ?1)" HERE("a")
			HERE("b") " ORDER BY a, b");

	kith_bind_int(&q, contact);
	return each(l, &q, KITH_RELATION_SAID);
}

static enum kith_err each_introduced(struct kith_store *store, int64_t contact, struct listing *l)
{
	struct kith_query q = kith_query(store,
		"SELECT introducer, contact, words FROM introduced WHERE introducer IS NOT NULL AND "
		"(?1 = 0 OR introducer = ?1 OR contact = ?1)" HERE("introducer")
			HERE("contact") " ORDER BY 1, 2, row");

	kith_bind_int(&q, contact);
	return each(l, &q, KITH_RELATION_INTRODUCED);
}

/* Both had the other's card from me. */
static enum kith_err each_brought(struct kith_store *store, int64_t contact, struct listing *l)
{
	struct kith_query q = kith_query(store,
		"SELECT one.contact, other.contact, introduction.words FROM introduction JOIN "
		"introduction_side AS one ON one.introduction = introduction.row JOIN "
		"introduction_side AS other ON other.introduction = introduction.row AND other.row > "
		"one.row WHERE one.stage = 3 AND other.stage = 3 AND (?1 = 0 OR one.contact = ?1 OR "
		"other.contact = ?1)" HERE("one.contact") HERE("other.contact") " ORDER BY 1, 2, "
										"introduction.row");

	kith_bind_int(&q, contact);
	return each(l, &q, KITH_RELATION_BROUGHT);
}

/* Of a crowd nobody knows who knows whom. */
static enum kith_err each_event(struct kith_store *store, int64_t contact, struct listing *l)
{
	struct kith_query q = kith_query(store,
		"WITH mine AS (SELECT happening AS event FROM met WHERE contact = ?1 AND happening IS "
		"NOT NULL UNION SELECT event FROM event_guest WHERE contact = ?1), there AS (SELECT "
		"mine.event AS event, met.contact AS contact FROM mine JOIN met ON met.happening = mine.event UNION "
		"SELECT event_guest.event, event_guest.contact FROM mine JOIN event_guest ON "
		"event_guest.event = mine.event), room AS (SELECT event FROM there GROUP BY event "
		"HAVING count(*) <= ?2) SELECT ?1, there.contact, event.name FROM room JOIN event ON "
		"event.row = room.event JOIN there ON there.event = room.event WHERE there.contact <> "
		"?1" HERE("there.contact") " ORDER BY event.began, event.row, there.contact");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, KITH_CROWD_MAX);
	return each(l, &q, KITH_RELATION_EVENT);
}

static enum kith_err each_org(struct kith_store *store, int64_t contact, struct listing *l)
{
	struct kith_query q = kith_query(store,
		"SELECT ?1, other.row, other.org FROM contact AS mine JOIN contact AS other ON "
		"other.org_key = mine.org_key AND other.row <> ?1 WHERE mine.row = ?1 AND "
		"mine.org_key IS NOT NULL AND other.review <> 3 AND (SELECT count(*) FROM contact WHERE "
		"org_key = mine.org_key) <= ?2 ORDER BY other.row");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, KITH_CROWD_MAX);
	return each(l, &q, KITH_RELATION_ORG);
}

enum kith_err kith_store_relations(
	struct kith_store *store, int64_t contact, kith_relation_fn fn, void *ctx)
{
	struct listing l = {.fn = fn, .ctx = ctx, .more = true};
	enum kith_err err = each_said(store, contact, &l);

	if (!err)
		err = each_introduced(store, contact, &l);
	if (!err)
		err = each_brought(store, contact, &l);
	if (!err && contact)
		err = each_event(store, contact, &l);
	if (!err && contact)
		err = each_org(store, contact, &l);
	return err;
}
