/* SPDX-License-Identifier: MIT */
#include "store/keys.h"

/* Keys that people had, and statements that are kept: reading, and what was handed out. */

const char *kith_frozen_name(enum kith_frozen frozen)
{
	static const char *const names[] = {"", "revoked", "left", "twice"};

	return (size_t)frozen < sizeof names / sizeof names[0] ? names[frozen] : "";
}

#define UNTIL "nothing is exchanged until you meet and compare"

const char *kith_frozen_words(enum kith_frozen frozen)
{
	switch (frozen) {
	case KITH_FROZEN_NOT:
		break;
	case KITH_FROZEN_REVOKED:
		return "this key was revoked by its owner; nothing is exchanged under it any more: "
		       "swap anew in person, then kith replace OLD NEW";
	case KITH_FROZEN_LEFT:
		return "an earlier key was revoked by its owner, and the one that followed it was "
		       "never compared; " UNTIL;
	case KITH_FROZEN_TWICE:
		return "one key was followed by two others, so somebody else has had it; " UNTIL;
	}
	return "";
}

enum kith_err kith_keys_find(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	int64_t *ret_contact, bool *ret_former)
{
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT row, 0 FROM contact WHERE ik = ?1 UNION ALL "
				  "SELECT contact, 1 FROM former_key WHERE ik = ?1 LIMIT 1");

	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	*ret_contact = 0;
	*ret_former = false;
	if (kith_query_row(&q)) {
		*ret_contact = kith_column_int(&q, 0);
		*ret_former = kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

enum kith_err kith_keys_may(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES])
{
	bool may = true;
	struct kith_query q = kith_query(store,
		"SELECT NOT EXISTS (SELECT 1 FROM contact WHERE ik = ?1 AND frozen) AND "
		"NOT EXISTS (SELECT 1 FROM former_key WHERE ik = ?1)");

	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	if (kith_query_row(&q))
		may = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || may ? err : KITH_ERR_STALEKEY;
}

enum kith_err kith_keys_of(struct kith_store *store, int64_t contact, struct kith_keys_state *ret)
{
	bool found;
	struct kith_query q = kith_query(store,
		"SELECT frozen, frozen_at, settled, anchored OR NOT EXISTS (SELECT 1 FROM "
		"former_key WHERE contact = ?1), (SELECT count(*) FROM former_key WHERE "
		"contact = ?1) FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	if ((found = kith_query_row(&q)))
		*ret = (struct kith_keys_state){
			.frozen = (enum kith_frozen)kith_column_int(&q, 0),
			.frozen_at = kith_column_int(&q, 1),
			.settled = kith_column_int(&q, 2),
			.anchored = kith_column_int(&q, 3),
			.former = (size_t)kith_column_int(&q, 4),
		};
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_keys_former(
	struct kith_store *store, int64_t contact, kith_former_key_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT ik, left_at, replaced, EXISTS (SELECT 1 FROM statement WHERE "
		"statement.ik = former_key.ik AND kind = 2) FROM former_key WHERE contact = ?1 "
		"ORDER BY row");

	kith_bind_int(&q, contact);
	while (more && kith_query_row(&q)) {
		struct kith_former_key key = {
			.left_at = kith_column_int(&q, 1),
			.replaced = kith_column_int(&q, 2),
			.revoked = kith_column_int(&q, 3),
		};
		struct kith_span ik = kith_column_span(&q, 0);
		if (ik.n == sizeof key.ik) /* a damaged page may say anything */
			memcpy(key.ik, ik.p, ik.n);
		more = fn(ctx, &key);
	}
	return kith_query_end(&q);
}

enum kith_err kith_keys_kept(struct kith_store *store, int64_t contact, kith_kept_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT row, kind, ik, at, bytes FROM statement WHERE contact IS ?1 AND kind <= 2 "
		"ORDER BY row");

	if (contact)
		kith_bind_int(&q, contact);
	else
		kith_bind_null(&q);
	while (more && kith_query_row(&q)) {
		struct kith_kept kept = {
			.row = kith_column_int(&q, 0),
			.kind = (enum kith_statement_kind)kith_column_int(&q, 1),
			.at = kith_column_int(&q, 3),
			.bytes = kith_column_span(&q, 4),
		};
		struct kith_span ik = kith_column_span(&q, 2);
		if (ik.n == sizeof kept.ik)
			memcpy(kept.ik, ik.p, ik.n);
		more = fn(ctx, &kept);
	}
	return kith_query_end(&q);
}

/* --- mine, handed out ------------------------------------------------------------------------ */

enum kith_err kith_keys_due(struct kith_store *store, int64_t contact, int64_t after,
	int64_t *ret_row, struct kith_buf *out)
{
	enum kith_err err = KITH_ERR_MISSING;
	struct kith_query q = kith_query(store,
		"SELECT row, bytes FROM statement WHERE contact IS NULL AND kind = 2 AND row > ?2 "
		"AND NOT EXISTS (SELECT 1 FROM sent WHERE sent.contact = ?1 AND "
		"sent.statement = statement.row) ORDER BY row LIMIT 1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, after);
	if (kith_query_row(&q)) {
		struct kith_span bytes = kith_column_span(&q, 1);
		*ret_row = kith_column_int(&q, 0);
		err = kith_buf_add(out, bytes.p, bytes.n);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

static enum kith_err sent(struct kith_store *store, int64_t contact, int64_t row)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO sent (contact, statement) SELECT contact.row, statement.row FROM "
		"contact, statement WHERE contact.row = ?1 AND statement.row = ?2 "
		"ON CONFLICT (contact, statement) DO UPDATE SET statement = ?2");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, row);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_keys_sent(struct kith_store *store, int64_t contact, int64_t row)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, sent(store, contact, row));
}
