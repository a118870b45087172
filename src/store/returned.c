/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "store/cards.h"
#include "store/known.h"
#include "store/news.h"

/* Kept in the store by number. */
enum settled {
	OPEN = 0,  /* waits for a word of mine */
	TAKEN = 1, /* taken over, or another of that card with a greater number came */
	LEFT = 2,  /* of a key that I left */
};

static enum kith_err count(struct kith_store *store, int64_t *ret_n)
{
	struct kith_query q =
		kith_query(store, "SELECT count(*) FROM mine_returned WHERE settled = 0");

	*ret_n = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err came(struct kith_store *store, const uint8_t hash[static 32], bool *ret_did)
{
	struct kith_query q = kith_query(store, "SELECT 1 FROM mine_returned WHERE hash = ?1");

	kith_bind_blob(&q, hash, 32);
	*ret_did = kith_query_row(&q);
	return kith_query_end(&q);
}

enum kith_err kith_known_signed(
	struct kith_store *store, uint64_t rev, const uint8_t hash[static 32], bool *ret_was)
{
	uint8_t is[32];
	struct kith_query q = kith_query(store, "SELECT envelope FROM mine_card WHERE rev = ?1");

	*ret_was = false;
	kith_bind_int(&q, rev > INT64_MAX ? INT64_MAX : (int64_t)rev);
	if (kith_query_row(&q)) {
		kith_card_hash(kith_column_span(&q, 0), is);
		*ret_was = memcmp(is, hash, sizeof is) == 0;
	}
	return kith_query_end(&q);
}

enum kith_err kith_store_mine_known(
	struct kith_store *store, uint64_t rev, const uint8_t hash[static 32], bool *ret_known)
{
	int64_t n = 0;
	bool known;
	enum kith_err err = kith_known_signed(store, rev, hash, &known);

	if (!err && !known)
		err = came(store, hash, &known);
	if (!err && !known)
		err = count(store, &n);
	if (!err)
		*ret_known = known || n >= KITH_RETURNED_MAX;
	return err;
}

/* --- what is settled ----------------------------------------------------------------------------- */

/* Of what is settled the hash is enough, by which it is known again; of RETURNED_MAX. */
static enum kith_err thin(struct kith_store *store)
{
	struct kith_query q = kith_query(store, "UPDATE mine_returned SET envelope = x'' "
						"WHERE settled > 0 AND length(envelope) > 0");
	enum kith_err err = kith_query_run(&q);

	if (err)
		return err;
	q = kith_query(store,
		"DELETE FROM mine_returned WHERE hash IN (SELECT hash FROM mine_returned "
		"WHERE settled > 0 ORDER BY at DESC, rev DESC, hash LIMIT -1 OFFSET ?1)");
	kith_bind_int(&q, KITH_RETURNED_MAX);
	return kith_query_run(&q);
}

/* What that one takes the place of: those of the same card with a smaller number. */
static enum kith_err supersede(struct kith_store *store, const uint8_t hash[static 32])
{
	struct kith_query q = kith_query(store,
		"UPDATE mine_returned SET settled = 1 WHERE settled = 0 AND EXISTS (SELECT 1 FROM "
		"mine_returned AS later WHERE later.hash = ?1 AND later.card = mine_returned.card "
		"AND later.rev > mine_returned.rev)");

	kith_bind_blob(&q, hash, 32);
	return kith_query_run(&q);
}

static enum kith_err settle(struct kith_store *store, const uint8_t hash[static 32])
{
	enum kith_err err = supersede(store, hash);

	if (err)
		return err;
	struct kith_query q = kith_query(
		store, "UPDATE mine_returned SET settled = 1 WHERE hash = ?1 AND settled = 0");
	kith_bind_blob(&q, hash, 32);
	err = kith_query_run(&q);
	return err ? err : thin(store);
}

enum kith_err kith_store_returned_settle(struct kith_store *store, const uint8_t hash[static 32])
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, settle(store, hash));
}

enum kith_err kith_returned_left(struct kith_store *store)
{
	struct kith_query q = kith_query(store, "UPDATE mine_returned SET settled = 2");
	enum kith_err err = kith_query_run(&q);

	return err ? err : thin(store);
}

/* --- what comes ---------------------------------------------------------------------------------- */

/* Whether a later one of that card came before it, by a key that I still have. */
static enum kith_err is_behind(
	struct kith_store *store, const struct kith_returned *r, bool *ret_is)
{
	struct kith_query q = kith_query(
		store, "SELECT 1 FROM mine_returned WHERE card = ?1 AND rev > ?2 AND settled < 2");

	kith_bind_blob(&q, r->card, sizeof r->card);
	kith_bind_int(&q, (int64_t)r->rev);
	*ret_is = kith_query_row(&q);
	return kith_query_end(&q);
}

static enum kith_err add(
	struct kith_store *store, const struct kith_returned *r, enum settled settled)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO mine_returned (hash, rev, card, envelope, contact, at, settled) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	kith_bind_blob(&q, r->hash, sizeof r->hash);
	kith_bind_int(&q, (int64_t)r->rev);
	kith_bind_blob(&q, r->card, sizeof r->card);
	kith_bind_blob(&q, r->envelope.p, r->envelope.n);
	kith_bind_int(&q, r->contact);
	kith_bind_int(&q, r->at);
	kith_bind_int(&q, settled);
	return kith_query_run(&q);
}

static enum kith_err put(struct kith_store *store, const struct kith_returned *r)
{
	struct kith_news_line line = {
		.kind = KITH_NOTICE_RETURNED, .contact = r->contact, .number = r->rev, .at = r->at};
	bool known, behind;
	enum kith_err err = kith_store_mine_known(store, r->rev, r->hash, &known);

	if (err || known)
		return err;
	if ((err = is_behind(store, r, &behind)))
		return err;
	enum settled settled = behind ? TAKEN : OPEN;
	if ((err = add(store, r, settled)))
		return err;
	if ((err = supersede(store, r->hash)))
		return err;
	if ((err = thin(store)))
		return err;
	return settled == OPEN ? kith_store_news_add(store, &line) : KITH_OK;
}

enum kith_err kith_store_returned_put(struct kith_store *store, const struct kith_returned *r)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put(store, r));
}

/* --- the list ------------------------------------------------------------------------------------ */

/* A damaged page may say anything. */
static bool read_returned(const struct kith_query *q, struct kith_returned *ret)
{
	struct kith_span hash = kith_column_span(q, 0);
	struct kith_span card = kith_column_span(q, 2);

	*ret = (struct kith_returned){.rev = (uint64_t)kith_column_int(q, 1),
		.envelope = kith_column_span(q, 3),
		.contact = kith_column_int(q, 4),
		.at = kith_column_int(q, 5),
		.person = kith_column_span(q, 6),
		.nth = (size_t)kith_column_int(q, 7),
		.of = (size_t)kith_column_int(q, 8)};
	if (hash.n != sizeof ret->hash || card.n != sizeof ret->card)
		return false;
	memcpy(ret->hash, hash.p, sizeof ret->hash);
	memcpy(ret->card, card.p, sizeof ret->card);
	return true;
}

enum kith_err kith_store_returned(struct kith_store *store, kith_returned_fn fn, void *ctx)
{
	struct kith_returned r;
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT hash, r.rev, card, envelope, contact, at, name, row_number() OVER same, "
		"count(*) OVER (PARTITION BY r.rev) FROM mine_returned AS r "
		"LEFT JOIN contact ON contact.row = contact WHERE r.settled = 0 "
		"WINDOW same AS (PARTITION BY r.rev ORDER BY at, hash) ORDER BY r.rev DESC, at, hash");

	while (more && kith_query_row(&q))
		more = !read_returned(&q, &r) || fn(ctx, &r);
	return kith_query_end(&q);
}
