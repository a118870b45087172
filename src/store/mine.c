/* SPDX-License-Identifier: MIT */
#include "base/diag.h"
#include "store/cards.h"

void kith_mine_free(struct kith_mine *mine)
{
	if (!mine)
		return;
	kith_buf_free(&mine->profile);
	kith_buf_free(&mine->envelope);
}

static enum kith_err read_mine(const struct kith_query *q, struct kith_mine *mine)
{
	struct kith_span profile = kith_column_span(q, 0);
	struct kith_span envelope = kith_column_span(q, 1);
	struct kith_span card = kith_column_span(q, 2);

	if (card.n != sizeof mine->card) /* the schema forbids it, a damaged page does not */
		return kith_fail(&q->store->why, KITH_ERR_STORE_CORRUPT,
			"my own card in %s is damaged; put back a copy from a backup",
			q->store->path);
	enum kith_err err = kith_buf_add(&mine->profile, profile.p, profile.n);
	if (!err)
		err = kith_buf_add(&mine->envelope, envelope.p, envelope.n);
	memcpy(mine->card, card.p, sizeof mine->card);
	mine->rev = (uint64_t)kith_column_int(q, 3);
	mine->held = (uint64_t)kith_column_int(q, 4);
	return err;
}

/* The row of a query, which it ends. */
static enum kith_err take_mine(struct kith_query *q, struct kith_mine *ret_mine)
{
	struct kith_mine mine = {0};
	enum kith_err err = KITH_ERR_MISSING;

	if (kith_query_row(q))
		err = read_mine(q, &mine);
	if (kith_query_end(q))
		err = q->err;
	if (err)
		kith_mine_free(&mine);
	else
		*ret_mine = mine;
	return err;
}

enum kith_err kith_store_mine(struct kith_store *store, struct kith_mine *ret_mine)
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT mine.profile, mine_card.envelope, mine_card.card, mine.rev, mine.held "
		"FROM mine JOIN mine_card ON mine_card.rev = mine.held");

	return take_mine(&q, ret_mine);
}

enum kith_err kith_store_card_named(
	struct kith_store *store, struct kith_span name, struct kith_mine *ret_mine)
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT mine.profile, mine_card.envelope, mine_card.card, mine.rev, my_card.held "
		"FROM mine JOIN my_card ON fold = fold(?1) AND gone = 0 "
		"JOIN mine_card ON mine_card.rev = my_card.held");

	kith_bind_text(&q, name);
	return take_mine(&q, ret_mine);
}

/* The counter in the store, 0 while nothing is there. */
static enum kith_err stored_rev(struct kith_store *store, uint64_t *ret_rev)
{
	struct kith_query q = kith_query(store, "SELECT rev FROM mine");

	*ret_rev = kith_query_row(&q) ? (uint64_t)kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

/* Every card that was signed stays: a receipt may name any of them.  The number alone tells them
 * apart, so the same number with other bytes would be a broken promise. */
enum kith_err kith_mine_keep(
	struct kith_store *store, const struct kith_card *card, struct kith_span envelope)
{
	bool same = false;
	struct kith_query q = kith_query(store,
		"INSERT INTO mine_card (rev, card, envelope, variant) VALUES (?1, ?2, ?3, ?4) "
		"ON CONFLICT (rev) DO NOTHING");

	kith_bind_int(&q, (int64_t)card->rev);
	kith_bind_blob(&q, card->card, sizeof card->card);
	kith_bind_blob(&q, envelope.p, envelope.n);
	kith_bind_int(&q, card->variant);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "SELECT envelope = ?2 FROM mine_card WHERE rev = ?1");
	kith_bind_int(&q, (int64_t)card->rev);
	kith_bind_blob(&q, envelope.p, envelope.n);
	if (kith_query_row(&q))
		same = kith_column_int(&q, 0);
	err = kith_query_end(&q);
	return err || same ? err : KITH_ERR_CONFLICT;
}

static enum kith_err put(struct kith_store *store, uint64_t had_rev, const struct kith_mine *mine,
	const struct kith_card *card)
{
	uint64_t rev;
	enum kith_err err = stored_rev(store, &rev);

	if (!err && rev != had_rev)
		err = KITH_ERR_BUSY;
	if (!err && (mine->rev <= rev || card->rev > mine->rev))
		err = KITH_ERR_ROLLBACK;
	if (!err)
		err = kith_mine_keep(store, card, kith_buf_span(&mine->envelope));
	if (err)
		return err;
	struct kith_query q = kith_query(store, "INSERT INTO mine (one, rev, profile, held) VALUES "
						"(1, ?1, ?2, ?3) ON CONFLICT (one) "
						"DO UPDATE SET rev = excluded.rev, profile = "
						"excluded.profile, held = excluded.held");
	kith_bind_int(&q, (int64_t)mine->rev);
	kith_bind_blob(&q, mine->profile.p, mine->profile.n);
	kith_bind_int(&q, (int64_t)card->rev);
	if ((err = kith_query_run(&q)))
		return err;
	q = kith_query(store, "INSERT INTO my_card (card, name, fold, shows, held) "
			      "VALUES (?1, 'me', 'me', '', ?2) "
			      "ON CONFLICT (card) DO UPDATE SET held = excluded.held");
	kith_bind_blob(&q, card->card, sizeof card->card);
	kith_bind_int(&q, (int64_t)card->rev);
	return kith_query_run(&q);
}

enum kith_err kith_store_mine_put(struct kith_store *store, uint64_t had_rev,
	const struct kith_mine *mine, const struct kith_card *card)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put(store, had_rev, mine, card));
}

enum kith_err kith_store_pocket(
	struct kith_store *store, const uint8_t card[static 8], struct kith_buf *out)
{
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT envelope FROM mine_card WHERE variant = ?1 AND card = ?2 ORDER BY rev DESC LIMIT 1");

	kith_bind_int(&q, KITH_CARD_POCKET);
	kith_bind_blob(&q, card, 8);
	if (kith_query_row(&q)) {
		struct kith_span envelope = kith_column_span(&q, 0);
		err = kith_buf_add(out, envelope.p, envelope.n);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

static enum kith_err put_pocket(struct kith_store *store, uint64_t had_rev,
	const struct kith_card *card, struct kith_span envelope)
{
	uint64_t rev;
	enum kith_err err = stored_rev(store, &rev);

	if (!err && (rev != had_rev || rev == 0))
		err = KITH_ERR_BUSY;
	if (!err && card->rev <= rev)
		err = KITH_ERR_ROLLBACK;
	if (!err)
		err = kith_mine_keep(store, card, envelope);
	if (err)
		return err;
	struct kith_query q = kith_query(store, "UPDATE mine SET rev = ?1");
	kith_bind_int(&q, (int64_t)card->rev);
	return kith_query_run(&q);
}

enum kith_err kith_store_pocket_put(struct kith_store *store, uint64_t had_rev,
	const struct kith_card *card, struct kith_span envelope)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put_pocket(store, had_rev, card, envelope));
}
