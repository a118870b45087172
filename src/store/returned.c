/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "store/cards.h"
#include "store/news.h"

static enum kith_err count(struct kith_store *store, int64_t *ret_n)
{
	struct kith_query q = kith_query(store, "SELECT count(*) FROM mine_returned");

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

static enum kith_err was_signed(
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
	enum kith_err err = was_signed(store, rev, hash, &known);

	if (!err && !known)
		err = came(store, hash, &known);
	if (!err && !known)
		err = count(store, &n);
	if (!err)
		*ret_known = known || n >= KITH_RETURNED_MAX;
	return err;
}

static enum kith_err add(struct kith_store *store, const struct kith_returned *r)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO mine_returned (hash, rev, card, envelope, contact, at) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

	kith_bind_blob(&q, r->hash, sizeof r->hash);
	kith_bind_int(&q, (int64_t)r->rev);
	kith_bind_blob(&q, r->card, sizeof r->card);
	kith_bind_blob(&q, r->envelope.p, r->envelope.n);
	kith_bind_int(&q, r->contact);
	kith_bind_int(&q, r->at);
	return kith_query_run(&q);
}

static enum kith_err put(struct kith_store *store, const struct kith_returned *r)
{
	struct kith_news_line line = {
		.kind = KITH_NOTICE_RETURNED, .contact = r->contact, .number = r->rev, .at = r->at};
	bool known;
	enum kith_err err = kith_store_mine_known(store, r->rev, r->hash, &known);

	if (err || known)
		return err;
	err = add(store, r);
	return err ? err : kith_store_news_add(store, &line);
}

enum kith_err kith_store_returned_put(struct kith_store *store, const struct kith_returned *r)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put(store, r));
}

/* A damaged page may say anything. */
static bool read_returned(const struct kith_query *q, struct kith_returned *ret)
{
	struct kith_span hash = kith_column_span(q, 0);
	struct kith_span card = kith_column_span(q, 2);

	*ret = (struct kith_returned){.rev = (uint64_t)kith_column_int(q, 1),
		.envelope = kith_column_span(q, 3),
		.contact = kith_column_int(q, 4),
		.at = kith_column_int(q, 5),
		.person = kith_column_span(q, 6)};
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
		"SELECT hash, mine_returned.rev, card, envelope, contact, at, name FROM mine_returned "
		"LEFT JOIN contact ON contact.row = contact ORDER BY mine_returned.rev DESC, at DESC");

	while (more && kith_query_row(&q))
		more = !read_returned(&q, &r) || fn(ctx, &r);
	return kith_query_end(&q);
}
