/* SPDX-License-Identifier: MIT */
#include <kith/known.h>

#include "store/contact.h"
#include "store/keys.h"
#include "store/memory.h"

/* Two rows that are one person: who has lost a key, and the same one with a new key. */

/* new 0: the statement has no ?2 */
static enum kith_err run(struct kith_store *store, const char *sql, int64_t old, int64_t new)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, old);
	if (new)
		kith_bind_int(&q, new);
	return kith_query_run(&q);
}

/* Whether both have a key, and new one that was compared and is not frozen. */
static enum kith_err check(struct kith_store *store, int64_t old, int64_t new)
{
	bool both = false, fit = false;
	struct kith_query q = kith_query(store,
		"SELECT EXISTS (SELECT 1 FROM contact WHERE row = ?1 AND ik IS NOT NULL) AND "
		"EXISTS (SELECT 1 FROM contact WHERE row = ?2 AND ik IS NOT NULL), "
		"EXISTS (SELECT 1 FROM contact JOIN met ON met.contact = contact.row WHERE "
		"contact.row = ?2 AND NOT frozen AND min(how_mine, coalesce(how_theirs, how_mine)) "
		">= 2 AND (anchored OR NOT EXISTS (SELECT 1 FROM former_key WHERE contact = ?2)))");

	kith_bind_int(&q, old);
	kith_bind_int(&q, new);
	if (kith_query_row(&q)) {
		both = kith_column_int(&q, 0);
		fit = kith_column_int(&q, 1);
	}
	enum kith_err err = kith_query_end(&q);
	if (err)
		return err;
	return !both ? KITH_ERR_NOPERSON : fit && old != new ? KITH_OK : KITH_ERR_VALUE;
}

_Static_assert(KITH_HOW_COMPARED == 2, "stands in the statement above");

/* The key that is lost is one of the other person's now. */
static enum kith_err remember(struct kith_store *store, int64_t old, int64_t new, int64_t now)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO former_key (ik, contact, uuid, left_at, replaced) "
				  "SELECT ik, ?2, uuid, ?3, 1 FROM contact WHERE row = ?1");

	kith_bind_int(&q, old);
	kith_bind_int(&q, new);
	kith_bind_int(&q, now);
	return kith_query_run(&q);
}

_Static_assert(
	KITH_NOTICE_INTRODUCED == 11 && KITH_NOTICE_ACQUAINTED == 17, "stand in a statement below");

/* What hangs on the old row.  Its fields are of a card that is held no more; what was handed to it
 * is handed out again, since who has lost a key may have lost all else. */
static enum kith_err move(struct kith_store *store, int64_t old, int64_t new)
{
	static const char *const moves[] = {
		"UPDATE field SET contact = ?2 WHERE contact = ?1",
		"UPDATE entry SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE card SET contact = ?2 WHERE contact = ?1",
		"UPDATE met SET contact = ?2 WHERE contact = ?1",
		"UPDATE debt SET contact = ?2 WHERE contact = ?1",
		"UPDATE receipt SET contact = ?2 WHERE contact = ?1",
		"UPDATE former_key SET contact = ?2 WHERE contact = ?1",
		"UPDATE statement SET contact = ?2 WHERE contact = ?1",
		"UPDATE news SET contact = ?2 WHERE contact = ?1",
		"UPDATE news SET number = ?2 WHERE number = ?1 AND kind IN (11, 17)",
		"UPDATE mine_returned SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE takeback SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE letgo SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE introduction_side SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE proposal SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE introduced SET contact = ?2 WHERE contact = ?1",
		"UPDATE OR IGNORE introduced SET introducer = ?2 WHERE introducer = ?1",
		"UPDATE OR IGNORE intro_refused SET contact = ?2 WHERE contact = ?1",
		"UPDATE contact SET (given, blocked, added) = (SELECT "
		"coalesce(contact.given, old.given), max(contact.blocked, old.blocked), "
		"min(contact.added, old.added) FROM contact old WHERE old.row = ?1) WHERE row = ?2",
	};
	enum kith_err err =
		run(store, "DELETE FROM field WHERE contact = ?1 AND entry = 0", old, 0);

	if (!err)
		err = run(store, "UPDATE card SET held = 0 WHERE contact = ?1 AND held", old, 0);
	for (size_t i = 0; !err && i < sizeof moves / sizeof moves[0]; i++)
		err = run(store, moves[i], old, new);
	return err;
}

static enum kith_err replace(struct kith_store *store, int64_t old, int64_t new, int64_t now)
{
	enum kith_err err = check(store, old, new);

	if (!err)
		err = move(store, old, new);
	if (!err)
		err = kith_memory_carry(store, old, new);
	if (!err)
		err = remember(store, old, new, now);
	if (!err)
		err = kith_contact_remove(store, old);
	return err ? err : kith_contact_refresh(store, new);
}

enum kith_err kith_keys_replace(struct kith_store *store, int64_t old, int64_t new, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, replace(store, old, new, now));
}
