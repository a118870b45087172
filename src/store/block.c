/* SPDX-License-Identifier: MIT */
#include <kith/known.h>

#include "base/day.h"
#include "store/memory.h"

static enum kith_err is_so(struct kith_store *store, int64_t contact, bool *ret_blocked)
{
	struct kith_query q =
		kith_query(store, "SELECT blocked FROM contact WHERE row = ?1 AND ik IS NOT NULL");

	kith_bind_int(&q, contact);
	bool found = kith_query_row(&q);
	if (found)
		*ret_blocked = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_NOPERSON;
}

static enum kith_err block(struct kith_store *store, int64_t contact, bool blocked, int64_t now)
{
	bool is;
	enum kith_err err = is_so(store, contact, &is);

	if (err || is == blocked) /* what changes nothing is no day of use */
		return err;
	struct kith_query q = kith_query(store, "UPDATE contact SET blocked = ?2 WHERE row = ?1");
	kith_bind_int(&q, contact);
	kith_bind_int(&q, blocked);
	err = kith_query_run(&q);
	return err ? err : kith_memory_tie(store, contact, kith_day_at(now));
}

enum kith_err kith_store_block(struct kith_store *store, int64_t contact, bool blocked, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, block(store, contact, blocked, now));
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
