/* SPDX-License-Identifier: MIT */
#include <kith/known.h>

#include "store/db.h"

static enum kith_err block(struct kith_store *store, int64_t contact, bool blocked)
{
	struct kith_query q = kith_query(
		store, "UPDATE contact SET blocked = ?2 WHERE row = ?1 AND ik IS NOT NULL");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, blocked);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_store_block(struct kith_store *store, int64_t contact, bool blocked)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, block(store, contact, blocked));
}

enum kith_err kith_store_is_blocked(
	struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES], bool *ret_blocked)
{
	struct kith_query q = kith_query(store,
		"SELECT EXISTS (SELECT 1 FROM contact WHERE ik = ?1 AND blocked) OR EXISTS "
		"(SELECT 1 FROM former_key JOIN contact ON contact.row = former_key.contact "
		"WHERE former_key.ik = ?1 AND blocked)");

	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	bool blocked = kith_query_row(&q) && kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	if (!err)
		*ret_blocked = blocked;
	return err;
}
