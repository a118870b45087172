/* SPDX-License-Identifier: MIT */
#include "store/accept.h"

#include "base/limits.h"
#include "store/contact.h"
#include "store/fields.h"
#include "store/news.h"

/* The one rule of what is newer is kith_card_newer; it is fed from columns.  Only cards by the same key count, and of a key
 * there is one xk: what somebody signed with a key that was left must not stand above those of the new one.  *ret_row is the
 * card it was compared with, 0 for none. */
static enum kith_err judge(struct kith_store *store, int64_t contact, const struct kith_card *card,
	const uint8_t hash[static 32], int64_t *ret_row)
{
	struct kith_card have = {0};
	enum kith_err verdict = KITH_OK;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT row, rev, hash FROM card WHERE contact = ?1 AND card = ?2 AND variant = ?3 "
		"AND xk = ?4 ORDER BY rev DESC LIMIT 1");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card->card, sizeof card->card);
	kith_bind_int(&q, card->variant);
	kith_bind_blob(&q, card->xk, sizeof card->xk);
	*ret_row = 0;
	if (kith_query_row(&q)) {
		*ret_row = kith_column_int(&q, 0);
		have.rev = (uint64_t)kith_column_int(&q, 1);
		if (kith_span_eq(kith_column_span(&q, 2), kith_span(hash, 32)))
			have.body = card->body;
		verdict = kith_card_newer(&have, card);
	}
	enum kith_err err = kith_query_end(&q);
	return err ? err : verdict;
}

static enum kith_err keep(struct kith_store *store, int64_t contact, const struct kith_card *card,
	const uint8_t hash[static 32], struct kith_span envelope, enum kith_accept_way way,
	int64_t now, int64_t *ret_row)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO card (contact, card, variant, rev, xk, hash, live, at, envelope) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card->card, sizeof card->card);
	kith_bind_int(&q, card->variant);
	kith_bind_int(&q, (int64_t)card->rev);
	kith_bind_blob(&q, card->xk, sizeof card->xk);
	kith_bind_blob(&q, hash, 32);
	kith_bind_int(&q, way != KITH_ACCEPT_FILE);
	kith_bind_int(&q, now);
	kith_bind_blob(&q, envelope.p, envelope.n);
	enum kith_err err = kith_query_run(&q);
	if (!err)
		*ret_row = sqlite3_last_insert_rowid(store->db);
	return err;
}

/* Whether a card that was kept may also be the one held. */
static enum kith_err may_hold(struct kith_store *store, int64_t contact,
	const struct kith_card *card, enum kith_accept_way way, bool *ret_may)
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT card = ?2, variant, rev, xk = ?3 FROM card WHERE contact = ?1 AND held");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card->card, sizeof card->card);
	kith_bind_blob(&q, card->xk, sizeof card->xk);
	*ret_may = true;
	if (kith_query_row(&q)) {
		bool full = card->variant == KITH_CARD_FULL;
		bool held_full = kith_column_int(&q, 1) == KITH_CARD_FULL;
		bool greater =
			card->rev > (uint64_t)kith_column_int(&q, 2) || !kith_column_int(&q, 3);
		bool follows = kith_column_int(&q, 0) && ((full && !held_full) || greater);
		*ret_may = (full || !held_full) && (way != KITH_ACCEPT_FILE || follows);
	}
	return kith_query_end(&q);
}

/* The fields of the card held, in place of those of the one before. */
static enum kith_err put_fields(
	struct kith_store *store, int64_t contact, const struct kith_card *card)
{
	enum kith_err err = kith_fields_remove(store, contact, 0);

	return err ? err : kith_fields_put(store, contact, 0, &card->fields);
}

/* The row of the card held, 0 for none; and whether the person was met. */
static enum kith_err stands(
	struct kith_store *store, int64_t contact, int64_t *ret_row, bool *ret_met)
{
	struct kith_query q =
		kith_query(store, "SELECT (SELECT row FROM card WHERE contact = ?1 AND held), "
				  "EXISTS (SELECT 1 FROM met WHERE contact = ?1)");

	kith_bind_int(&q, contact);
	bool found = kith_query_row(&q);
	*ret_row = found ? kith_column_int(&q, 0) : 0;
	*ret_met = found && kith_column_int(&q, 1);
	return kith_query_end(&q);
}

/* A first card is what a swap is for; from one who was never met it is what somebody did by hand, just
 * now. */
static enum kith_err tell(struct kith_store *store, int64_t contact, int64_t before, int64_t row,
	bool met, enum kith_accept_way way, int64_t now)
{
	struct kith_news_line line = {.kind = KITH_NOTICE_CARD,
		.contact = contact,
		.before = before,
		.now = row,
		.at = now};

	if (!before && !met)
		return KITH_OK;
	if (!before)
		line.kind = way == KITH_ACCEPT_LIVE ? KITH_NOTICE_MET : KITH_NOTICE_COMPLETED;
	return kith_store_news_add(store, &line);
}

static enum kith_err hold(struct kith_store *store, int64_t contact, int64_t row,
	const struct kith_card *card, enum kith_accept_way way, int64_t now)
{
	int64_t before;
	bool met;
	enum kith_err err = stands(store, contact, &before, &met);

	if (!err)
		err = tell(store, contact, before, row, met, way, now);
	if (err)
		return err;
	/* two statements: the index allows one held card at every moment */
	struct kith_query q =
		kith_query(store, "UPDATE card SET held = 0 WHERE contact = ?1 AND held");
	kith_bind_int(&q, contact);
	if ((err = kith_query_run(&q)))
		return err;
	q = kith_query(store, "UPDATE card SET held = 1 WHERE row = ?1");
	kith_bind_int(&q, row);
	if ((err = kith_query_run(&q)))
		return err;
	if ((err = put_fields(store, contact, card)))
		return err;
	return kith_contact_refresh(store, contact);
}

static enum kith_err is_held(struct kith_store *store, int64_t row, bool *ret_held)
{
	KITH_QUERY struct kith_query q = kith_query(store, "SELECT held FROM card WHERE row = ?1");

	kith_bind_int(&q, row);
	*ret_held = kith_query_row(&q) && kith_column_int(&q, 0);
	return kith_query_end(&q);
}

/* Told once: the other copy may come again and again. */
static enum kith_err mark(struct kith_store *store, int64_t contact, uint64_t rev, int64_t now)
{
	struct kith_news_line line = {
		.kind = KITH_NOTICE_CONFLICT, .contact = contact, .number = rev, .at = now};
	struct kith_query q = kith_query(
		store, "UPDATE contact SET conflict = 1 WHERE row = ?1 AND NOT conflict");

	kith_bind_int(&q, contact);
	enum kith_err err = kith_query_run(&q);
	if (!err && sqlite3_changes(store->db))
		err = kith_store_news_add(store, &line);
	return err ? err : KITH_ERR_CONFLICT;
}

/* The card that is missed least: not the one held, nor the newest of its kind, by which an old one is
 * known for old; the one that came first. */
static enum kith_err least(struct kith_store *store, int64_t contact, int64_t *ret_row)
{
	struct kith_query q = kith_query(store,
		"SELECT row FROM (SELECT row, held, rev = max(rev) OVER (PARTITION BY card, variant, xk) "
		"AS newest, count(*) OVER () AS n FROM card WHERE contact = ?1) WHERE n > ?2 "
		"ORDER BY held, newest, row LIMIT 1");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, KITH_HISTORY_MAX);
	*ret_row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

/* With the last of a card goes the question after it, but for an answer of mine that is not handed over. */
static enum kith_err drop_question(struct kith_store *store, int64_t row)
{
	struct kith_query q = kith_query(store,
		"DELETE FROM letgo WHERE (contact, card) = (SELECT contact, card FROM card WHERE "
		"row = ?1) AND (answer = 0 OR sent = 1) AND NOT EXISTS (SELECT 1 FROM card AS other "
		"WHERE other.contact = letgo.contact AND other.card = letgo.card AND other.row <> ?1)");

	kith_bind_int(&q, row);
	return kith_query_run(&q);
}

static enum kith_err thin(struct kith_store *store, int64_t contact)
{
	int64_t row;
	enum kith_err err = least(store, contact, &row);

	if (err || !row)
		return err;
	if ((err = kith_store_news_uncard(store, row)) || (err = drop_question(store, row)))
		return err;
	struct kith_query q = kith_query(store, "DELETE FROM card WHERE row = ?1");
	kith_bind_int(&q, row);
	return kith_query_run(&q);
}

/* The very card is kept already.  Its owner may go back to it, in person; and a full one that is kept
 * beside a pocket card takes its place. */
static enum kith_err again(struct kith_store *store, int64_t contact, int64_t row,
	const struct kith_card *card, enum kith_accept_way way, int64_t now,
	enum kith_import *ret_what)
{
	bool held;
	enum kith_err err = is_held(store, row, &held);

	*ret_what = KITH_IMPORT_SAME;
	if (err || held)
		return err;
	bool may;
	if ((err = may_hold(store, contact, card, way, &may)) || !may)
		return err;
	*ret_what = KITH_IMPORT_UPDATED;
	return hold(store, contact, row, card, way, now);
}

enum kith_err kith_accept(struct kith_store *store, int64_t contact, const struct kith_card *card,
	struct kith_span envelope, enum kith_accept_way way, int64_t now,
	enum kith_import *ret_what)
{
	uint8_t hash[32];
	int64_t row;
	bool may;

	kith_card_prev(card->body, hash);
	enum kith_err err = judge(store, contact, card, hash, &row);
	if (err == KITH_ERR_CONFLICT)
		return mark(store, contact, card->rev, now);
	if (err == KITH_ERR_EXISTS)
		return again(store, contact, row, card, way, now, ret_what);
	if (!err)
		err = keep(store, contact, card, hash, envelope, way, now, &row);
	if (!err)
		err = may_hold(store, contact, card, way, &may);
	if (err)
		return err;
	*ret_what = may ? KITH_IMPORT_UPDATED : KITH_IMPORT_BESIDE;
	if (may)
		err = hold(store, contact, row, card, way, now);
	return err ? err : thin(store, contact);
}

enum kith_err kith_accept_end(struct kith_store *store, enum kith_err err)
{
	enum kith_err done = kith_db_end(store, err == KITH_ERR_CONFLICT ? KITH_OK : err);

	return done ? done : err;
}
