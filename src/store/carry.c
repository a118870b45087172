/* SPDX-License-Identifier: MIT */
#include "store/contact.h"
#include "store/memory.h"

/* What I remember of a person, when its row becomes another's, comes back, or goes. */

static enum kith_err run(struct kith_store *store, const char *sql, int64_t from, int64_t to)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, from);
	if (to)
		kith_bind_int(&q, to);
	return kith_query_run(&q);
}

_Static_assert(KITH_REVIEW_WAITS == 0 && KITH_REVIEW_KEEP == 1 && KITH_REVIEW_LETGO == 3,
	"stand in the statement below");

/* Of two answers the one about the row that stays counts, unless there is none, or one of them says that this person
 * matters and the other lets go. */
#define REVIEW                                                                                     \
	"CASE WHEN contact.review = 3 AND was.review < 3 THEN max(was.review, 1) WHEN "            \
	"contact.review = 0 AND was.review < 3 THEN was.review ELSE contact.review END"

enum kith_err kith_memory_carry(struct kith_store *store, int64_t from, int64_t to)
{
	/* a pair stands once, the smaller number first; what was said about these two has no subject any more */
	static const char *const moves[] = {
		"UPDATE remark SET contact = ?2 WHERE contact = ?1",
		"UPDATE promise SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE tag SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE event_guest SET contact = ?2 WHERE contact = ?1",
		"INSERT INTO relation (a, b, words, at) SELECT min(?2, iif(a = ?1, b, a)), "
		"max(?2, iif(a = ?1, b, a)), words, at FROM relation WHERE (a = ?1 AND b <> ?2) OR "
		"(b = ?1 AND a <> ?2) ON CONFLICT (a, b) DO UPDATE SET words = words || '; ' || "
		"excluded.words WHERE words <> excluded.words",
		"INSERT OR IGNORE INTO aside (a, b, at) SELECT min(?2, iif(a = ?1, b, a)), "
		"max(?2, iif(a = ?1, b, a)), at FROM aside WHERE a <> b AND ((a = ?1 AND b <> ?2) OR "
		"(b = ?1 AND a <> ?2)) UNION SELECT ?2, ?2, at FROM aside WHERE a = ?1 AND b = ?1",
		"UPDATE contact SET (handed, snoozed, ring, ring_at, review, reviewed_at) = (SELECT "
		"max(contact.handed, was.handed), coalesce(contact.snoozed, was.snoozed), "
		"coalesce(contact.ring, was.ring), iif(contact.ring IS NULL, was.ring_at, "
		"contact.ring_at), " REVIEW ", coalesce(contact.reviewed_at, was.reviewed_at) FROM "
		"contact AS was WHERE was.row = ?1) WHERE row = ?2",
		"UPDATE contact SET letgo_used = CASE review WHEN 3 THEN max(letgo_used, "
		"coalesce((SELECT letgo_used FROM contact AS was WHERE was.row = ?1), 0)) END WHERE "
		"row = ?2",
	};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < sizeof moves / sizeof moves[0]; i++)
		err = run(store, moves[i], from, to);
	return err;
}

/* --- joining, and undoing it ------------------------------------------------------------------ */

enum kith_err kith_memory_join(struct kith_store *store, int64_t person, int64_t other)
{
	static const char *const homes[] = {
		"UPDATE remark SET home = coalesce(home, contact) WHERE contact = ?1",
		"UPDATE promise SET home = coalesce(home, contact) WHERE contact = ?1",
		"UPDATE tag SET home = coalesce(home, contact) WHERE contact = ?1",
		"UPDATE event_guest SET home = coalesce(home, contact) WHERE contact = ?1",
	};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < sizeof homes / sizeof homes[0]; i++)
		err = run(store, homes[i], other, 0);
	return err ? err : kith_memory_carry(store, other, person);
}

enum kith_err kith_memory_give_back(struct kith_store *store, int64_t person, int64_t home)
{
	static const char *const moves[] = {
		"UPDATE remark SET contact = ?2, home = NULL WHERE contact = ?1 AND home = ?2",
		"UPDATE promise SET contact = ?2, home = NULL WHERE contact = ?1 AND home = ?2",
		"UPDATE tag SET contact = ?2, home = NULL WHERE contact = ?1 AND home = ?2",
		"UPDATE event_guest SET contact = ?2, home = NULL WHERE contact = ?1 AND home = ?2",
	};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < sizeof moves / sizeof moves[0]; i++)
		err = run(store, moves[i], person, home);
	return err;
}

/* --- going ------------------------------------------------------------------------------------ */

static enum kith_err drop_remarks(struct kith_store *store, int64_t contact)
{
	enum kith_err err = run(store,
		"INSERT INTO said (said, rowid, fold) SELECT 'delete', row, fold FROM remark WHERE "
		"contact = ?1",
		contact, 0);

	if (!err)
		err = run(store, "DELETE FROM remark WHERE contact = ?1", contact, 0);
	if (!err && sqlite3_changes(store->db))
		store->scrub |= KITH_SCRUB_SAID;
	return err;
}

/* One to whom they are related; 0: nobody any more. */
static enum kith_err next_related(struct kith_store *store, int64_t contact, int64_t *ret_other)
{
	struct kith_query q = kith_query(
		store, "SELECT iif(a = ?1, b, a) FROM relation WHERE a = ?1 OR b = ?1 LIMIT 1");

	kith_bind_int(&q, contact);
	*ret_other = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

/* The other one is found by what was said of the two. */
static enum kith_err drop_relations(struct kith_store *store, int64_t contact)
{
	int64_t other;
	enum kith_err err = next_related(store, contact, &other);

	while (!err && other) {
		err = run(store, "DELETE FROM relation WHERE a = min(?1, ?2) AND b = max(?1, ?2)",
			contact, other);
		if (!err)
			err = kith_contact_refresh(store, other);
		if (!err)
			err = next_related(store, contact, &other);
	}
	return err;
}

enum kith_err kith_memory_drop(struct kith_store *store, int64_t contact)
{
	enum kith_err err = drop_remarks(store, contact);

	return err ? err : drop_relations(store, contact);
}
