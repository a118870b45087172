/* SPDX-License-Identifier: MIT */
#include "crypto/hash.h"
#include "store/contact.h"
#include "store/event.h"
#include "store/keys.h"
#include "store/memory.h"

enum kith_err kith_store_met(struct kith_store *store, int64_t row, kith_met_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT at, event, network, min(how_mine, coalesce(how_theirs, how_mine)), "
		"how_theirs IS NOT NULL FROM met WHERE contact = ?1 ORDER BY row");

	kith_bind_int(&q, row);
	while (more && kith_query_row(&q)) {
		struct kith_met met = {
			.at = kith_column_int(&q, 0),
			.event = kith_column_span(&q, 1),
			.network = kith_column_span(&q, 2),
			.how = (enum kith_how)kith_column_int(&q, 3),
			.both = kith_column_int(&q, 4),
		};
		more = fn(ctx, &met);
	}
	return kith_query_end(&q);
}

/* Names a meeting without a session: who, when and how. */
static void name_meeting(const uint8_t ik[static KITH_KEY_BYTES], int64_t at, enum kith_how how,
	uint8_t out[static KITH_HASH_BYTES])
{
	uint8_t when[9];
	struct kith_span parts[2] = {kith_span(ik, KITH_KEY_BYTES), kith_span(when, sizeof when)};

	for (int i = 0; i < 8; i++)
		when[i] = (uint8_t)((uint64_t)at >> (8 * i));
	when[8] = (uint8_t)how;
	kith_hash(out, "kith/1 compared", parts, 2);
}

static enum kith_err add_compared(struct kith_store *store, const struct kith_contact *who,
	enum kith_how how, struct kith_span event, int64_t now)
{
	uint8_t session[KITH_HASH_BYTES];
	struct kith_query q = kith_query(store,
		"INSERT INTO met (session, contact, xk, label, event, network, at, gives, "
		"how_mine, how_theirs) SELECT ?1, row, xk, ?3, ?4, '', ?5, 0, ?6, ?6 "
		"FROM contact WHERE row = ?2 ON CONFLICT (session) DO NOTHING");

	name_meeting(who->ik, now, how, session);
	kith_bind_blob(&q, session, sizeof session);
	kith_bind_int(&q, who->row);
	kith_bind_text(&q, who->name);
	kith_bind_text(&q, event);
	kith_bind_int(&q, now);
	kith_bind_int(&q, how);
	enum kith_err err = kith_query_run(&q);
	if (err || sqlite3_changes(store->db) == 0) /* said already */
		return err;
	err = kith_event_met(store, session, event, now);
	if (!err)
		err = kith_memory_met(store, who->row);
	if (!err)
		err = kith_keys_compared(store, who->row, now);
	if (!err)
		err = kith_contact_seen(store, who->row);
	return err ? err : kith_contact_refresh(store, who->row);
}

static enum kith_err compared(struct kith_store *store, int64_t row, enum kith_how how,
	struct kith_span event, int64_t now)
{
	KITH_AUTO(kith_contact_free) struct kith_contact who = {0};
	enum kith_err err = kith_store_contact(store, row, &who);

	if (!err && !who.has_key)
		err = KITH_ERR_NOPERSON;
	return err ? err : add_compared(store, &who, how, event, now);
}

enum kith_err kith_store_compared(struct kith_store *store, int64_t row, enum kith_how how,
	struct kith_span event, int64_t now)
{
	enum kith_err err;

	if (how != KITH_HOW_COMPARED && how != KITH_HOW_SCANNED)
		return KITH_ERR_VALUE;
	err = kith_db_begin(store);
	return err ? err : kith_db_end(store, compared(store, row, how, event, now));
}
