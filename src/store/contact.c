/* SPDX-License-Identifier: MIT */
#include "store/contact.h"

enum kith_err kith_contact_take(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	int64_t now, int64_t *ret_row)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO contact (ik, added) VALUES (?1, ?2) ON CONFLICT (ik) DO NOTHING");

	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	kith_bind_int(&q, now);
	enum kith_err err = kith_query_run(&q);
	if (err)
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

_Static_assert(KITH_FIELD_NAME == 1, "stands in the statement below");

enum kith_err kith_contact_refresh(struct kith_store *store, int64_t contact)
{
	/* the last meeting is the one written last: a clock may have been wrong in between */
	enum kith_err err = run_for(store, contact,
		"WITH last AS (SELECT * FROM met WHERE contact = ?1 ORDER BY row DESC LIMIT 1), "
		"its AS (SELECT * FROM card WHERE contact = ?1 AND held) "
		"UPDATE contact SET (met_at, met_event, met_how) = (SELECT at, event, "
		"min(how_mine, coalesce(how_theirs, how_mine)) FROM last), "
		"name = coalesce((SELECT value FROM field WHERE contact = ?1 AND kind = 1), "
		"(SELECT label FROM last), ''), "
		"xk = coalesce((SELECT xk FROM its), (SELECT xk FROM last)), "
		"rev = coalesce((SELECT rev FROM its), 0), "
		"state = CASE WHEN state > 1 THEN state ELSE EXISTS (SELECT 1 FROM its) END, "
		"gives = EXISTS (SELECT 1 FROM its) "
		"OR EXISTS (SELECT 1 FROM met WHERE contact = ?1 AND gives), "
		"delivered = EXISTS (SELECT 1 FROM receipt WHERE contact = ?1) "
		"AND NOT EXISTS (SELECT 1 FROM debt WHERE contact = ?1) "
		"WHERE row = ?1");
	if (!err)
		err = run_for(
			store, contact, "UPDATE contact SET fold = fold(name) WHERE row = ?1");
	if (!err)
		err = run_for(store, contact,
			"INSERT INTO search (contact, text) VALUES (?1, "
			"(SELECT group_concat(text, char(10)) FROM ("
			"SELECT fold AS text FROM contact WHERE row = ?1 "
			"UNION SELECT fold FROM field WHERE contact = ?1 "
			"UNION SELECT fold(event) FROM met WHERE contact = ?1))) "
			"ON CONFLICT (contact) DO UPDATE SET text = excluded.text");
	return err;
}
