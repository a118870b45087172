/* SPDX-License-Identifier: MIT */
#include "store/contact.h"

#include "store/event.h"
#include "store/keys.h"
#include "store/memory.h"
#include "store/search.h"
#include "store/uuid.h"

enum kith_err kith_contact_take(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	int64_t now, int64_t *ret_row)
{
	uint8_t uuid[KITH_UID_BYTES];
	int64_t whose;
	bool former;
	enum kith_err err = kith_keys_find(store, ik, &whose, &former);

	if (err || former)
		return err ? err : KITH_ERR_STALEKEY;
	struct kith_query q = kith_query(store, "INSERT INTO contact (ik, uuid, added) "
						"VALUES (?1, ?2, ?3) ON CONFLICT (ik) WHERE ik IS "
						"NOT NULL DO NOTHING");

	kith_uuid_of_key(ik, uuid);
	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	kith_bind_blob(&q, uuid, sizeof uuid);
	kith_bind_int(&q, now);
	if ((err = kith_query_run(&q)))
		return err;
	q = kith_query(store, "SELECT row FROM contact WHERE ik = ?1");
	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	if (kith_query_row(&q))
		*ret_row = kith_column_int(&q, 0);
	return kith_query_end(&q);
}

static enum kith_err run_for(struct kith_store *store, int64_t contact, const char *sql)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

enum kith_err kith_contact_seen(struct kith_store *store, int64_t contact)
{
	return run_for(store, contact,
		"UPDATE contact SET seen = (SELECT max(seen) FROM contact WHERE ik IS NOT NULL) + 1 "
		"WHERE row = ?1 AND ik IS NOT NULL");
}

enum kith_err kith_contact_remove(struct kith_store *store, int64_t contact)
{
	enum kith_err err = kith_search_remove(store, contact);

	store->scrub |= KITH_SCRUB_WORDS;
	if (!err)
		err = kith_memory_drop(store, contact);
	if (!err) /* what I said of them to somebody else may name them */
		err = run_for(store, contact,
			"DELETE FROM introduction WHERE row IN (SELECT introduction FROM "
			"introduction_side WHERE contact = ?1)");
	if (!err)
		err = run_for(store, contact, "DELETE FROM contact WHERE row = ?1");
	if (!err && !sqlite3_changes(store->db))
		err = KITH_ERR_NOPERSON;
	return err ? err : kith_event_tidy(store);
}

_Static_assert(KITH_FIELD_NAME == 1 && KITH_FIELD_ORG == 10 && KITH_FIELD_BDAY == 30 &&
		       KITH_CONTACT_TYPED == 4,
	"stand in the statements below");

/* What the cards, meetings and receipts say. */
static enum kith_err refresh_signed(struct kith_store *store, int64_t contact)
{
	/* the last meeting is the one written last: a clock may have been wrong in between */
	return run_for(store, contact,
		"WITH last AS (SELECT * FROM met WHERE contact = ?1 ORDER BY row DESC LIMIT 1), "
		"its AS (SELECT * FROM card WHERE contact = ?1 AND held) "
		"UPDATE contact SET (met_at, met_event, met_how) = (SELECT at, event, "
		"min(how_mine, coalesce(how_theirs, how_mine)) FROM last), "
		"name = coalesce((SELECT value FROM field WHERE contact = ?1 AND entry = 0 AND "
		"kind = 1), (SELECT label FROM last), ''), "
		"touched = " KITH_MEMORY_TOUCHED ", "
		"org = coalesce((SELECT value FROM field WHERE contact = ?1 AND entry = 0 AND "
		"kind = 10 ORDER BY preferred DESC, seq LIMIT 1), ''), "
		"xk = coalesce(rotated_xk, (SELECT xk FROM its), (SELECT xk FROM last)), "
		"rev = coalesce((SELECT rev FROM its), 0), "
		"state = CASE WHEN ik IS NULL THEN 4 WHEN frozen THEN 3 WHEN EXISTS (SELECT 1 FROM "
		"introduced WHERE contact = ?1) AND NOT EXISTS (SELECT 1 FROM last) "
		"THEN 2 ELSE EXISTS (SELECT 1 FROM its) END, "
		"gives = EXISTS (SELECT 1 FROM its) "
		"OR EXISTS (SELECT 1 FROM met WHERE contact = ?1 AND gives), "
		"delivered = ((told_card IS NOT NULL AND NOT told_foreign) "
		"OR EXISTS (SELECT 1 FROM receipt WHERE contact = ?1)) AND NOT EXISTS (SELECT 1 FROM debt WHERE contact = ?1) "
		"WHERE row = ?1");
}

#define FIRST_OF_ENTRIES(kind)                                                                     \
	"(SELECT value FROM field JOIN entry ON entry.row = field.entry WHERE field.contact = ?1 " \
	"AND field.entry > 0 AND kind = " kind                                                     \
	" ORDER BY home IS NOT NULL, entry.row, preferred DESC, seq LIMIT 1)"

/* What the entries say, where nothing signed says it. */
static enum kith_err refresh_entries(struct kith_store *store, int64_t contact)
{
	return run_for(store, contact,
		"UPDATE contact SET "
		"name = coalesce(nullif(name, ''), " FIRST_OF_ENTRIES(
			"1") ", ''), "
			     "org = coalesce(nullif(org, ''), " FIRST_OF_ENTRIES(
				     "10") ", ''), "
					   "uuid = CASE WHEN ik IS NULL THEN coalesce((SELECT uuid FROM entry WHERE "
					   "contact = ?1 ORDER BY home IS NOT NULL, row LIMIT 1), uuid) ELSE uuid END, "
					   "entries = (SELECT count(*) FROM entry WHERE contact = ?1) WHERE row = ?1");
}

/* Other names by which WHO finds the person. */
static enum kith_err refresh_aliases(struct kith_store *store, int64_t contact)
{
	return run_for(store, contact,
		"UPDATE entry SET alias = (SELECT nullif(nullif(fold(value), "
		"(SELECT fold FROM contact WHERE row = ?1)), '') FROM field WHERE contact = ?1 AND "
		"field.entry = entry.row AND kind = 1 ORDER BY preferred DESC, seq LIMIT 1) "
		"WHERE contact = ?1");
}

enum kith_err kith_contact_refresh(struct kith_store *store, int64_t contact)
{
	enum kith_err err = refresh_signed(store, contact);

	if (!err)
		err = refresh_entries(store, contact);
	if (!err)
		err = run_for(store, contact,
			"UPDATE contact SET fold = fold(name), org_key = "
			"nullif(org_key(org), ''), birthday = (SELECT birthday(value) "
			"FROM field WHERE contact = ?1 AND kind = 30 ORDER BY entry, seq "
			"LIMIT 1) WHERE row = ?1");
	if (!err)
		err = refresh_aliases(store, contact);
	return err ? err : kith_search_refresh(store, contact);
}
