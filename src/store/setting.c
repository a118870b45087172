/* SPDX-License-Identifier: MIT */
#include "store/setting.h"

#include "store/db.h"

enum kith_err kith_store_setting(struct kith_store *store, const char *name, int64_t *ret_value)
{
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT value FROM setting WHERE name = ?1");
	bool found;

	kith_bind_text(&q, kith_span_str(name));
	if ((found = kith_query_row(&q)))
		*ret_value = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

static enum kith_err put_setting(struct kith_store *store, const char *name, int64_t value)
{
	struct kith_query q = kith_query(store, "INSERT INTO setting (name, value) VALUES (?1, ?2) "
						"ON CONFLICT (name) DO UPDATE SET value = ?2");

	kith_bind_text(&q, kith_span_str(name));
	kith_bind_int(&q, value);
	return kith_query_run(&q);
}

enum kith_err kith_store_setting_put(struct kith_store *store, const char *name, int64_t value)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put_setting(store, name, value));
}

enum kith_err kith_store_network(struct kith_store *store, struct kith_span id, bool *ret_known)
{
	KITH_QUERY struct kith_query q = kith_query(store, "SELECT 1 FROM network WHERE id = ?1");

	kith_bind_text(&q, id);
	bool known = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	if (!err)
		*ret_known = known;
	return err;
}

static enum kith_err put_network(struct kith_store *store, struct kith_span id, int64_t now)
{
	struct kith_query q = kith_query(
		store, "INSERT INTO network (id, at) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING");

	kith_bind_text(&q, id);
	kith_bind_int(&q, now);
	return kith_query_run(&q);
}

enum kith_err kith_store_network_put(struct kith_store *store, struct kith_span id, int64_t now)
{
	if (id.n > KITH_NETWORK_ID_MAX)
		return KITH_ERR_LIMIT;
	enum kith_err err = kith_db_begin(store);
	return err ? err : kith_db_end(store, put_network(store, id, now));
}
