/* SPDX-License-Identifier: MIT */
#include "store/cards.h"

#include "store/contact.h"

/* --- read ------------------------------------------------------------------------------------- */

enum kith_err kith_store_cards(struct kith_store *store, kith_my_card_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q =
		kith_query(store, "SELECT my_card.card, name, shows, gone, held, envelope, "
				  "(SELECT count(*) FROM contact WHERE given = my_card.card AND NOT blocked) "
				  "FROM my_card JOIN mine_card ON mine_card.rev = my_card.held "
				  "ORDER BY gone, fold <> 'me', fold, held");

	while (more && kith_query_row(&q)) {
		struct kith_span id = kith_column_span(&q, 0);
		struct kith_my_card card = {
			.name = kith_column_span(&q, 1),
			.shows = kith_column_span(&q, 2),
			.gone = kith_column_int(&q, 3),
			.rev = (uint64_t)kith_column_int(&q, 4),
			.envelope = kith_column_span(&q, 5),
			.given = (size_t)kith_column_int(&q, 6),
		};
		if (id.n == sizeof card.card)
			memcpy(card.card, id.p, id.n);
		more = fn(ctx, &card);
	}
	return kith_query_end(&q);
}

enum kith_err kith_cards_keyed(struct kith_store *store, int64_t contact)
{
	struct kith_query q =
		kith_query(store, "SELECT 1 FROM contact WHERE row = ?1 AND ik IS NOT NULL");

	kith_bind_int(&q, contact);
	bool found = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_store_given(struct kith_store *store, int64_t contact,
	uint8_t ret_card[static 8], uint64_t *ret_rev, struct kith_buf *envelope)
{
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT my_card.card, held, envelope FROM contact "
		"JOIN my_card ON my_card.card = contact.given AND gone = 0 "
		"JOIN mine_card ON mine_card.rev = my_card.held WHERE contact.row = ?1");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		struct kith_span id = kith_column_span(&q, 0);
		struct kith_span bytes = kith_column_span(&q, 2);
		if (id.n != 8)
			err = KITH_ERR_STORE_CORRUPT;
		else if (!(err = kith_buf_add(envelope, bytes.p, bytes.n))) {
			memcpy(ret_card, id.p, 8);
			*ret_rev = (uint64_t)kith_column_int(&q, 1);
		}
	}
	enum kith_err done = kith_query_end(&q);
	if (done)
		return done;
	return err == KITH_ERR_MISSING && kith_cards_keyed(store, contact) == KITH_ERR_NOPERSON
		       ? KITH_ERR_NOPERSON
		       : err;
}

/* --- who is given which ------------------------------------------------------------------------ */

/* card NULL: nothing, which is an empty blob; NULL in the column is that nobody has chosen yet. */
static enum kith_err set_given(struct kith_store *store, int64_t contact, const uint8_t *card)
{
	struct kith_query q = kith_query(store, "UPDATE contact SET given = ?2 WHERE row = ?1");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, card ? 8 : 0);
	return kith_query_run(&q);
}

/* A card that is given is not asked back any more, where nobody has been asked yet. */
static enum kith_err withdraw(struct kith_store *store, int64_t contact)
{
	struct kith_query q = kith_query(store,
		"DELETE FROM takeback WHERE contact = ?1 AND (sent_at IS NULL OR answer <> 0)");

	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

enum kith_err kith_cards_gave(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8])
{
	enum kith_err err = set_given(store, contact, card);

	return err ? err : withdraw(store, contact);
}

/* What was promised in a swap is, from now on, the card that was chosen. */
static enum kith_err move_debt(struct kith_store *store, int64_t contact, const uint8_t card[8])
{
	struct kith_query q = kith_query(store,
		"UPDATE debt SET card = ?2, rev = (SELECT held FROM my_card WHERE card = ?2) "
		"WHERE contact = ?1");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	return kith_query_run(&q);
}

static enum kith_err drop_debt(struct kith_store *store, int64_t contact)
{
	struct kith_query q = kith_query(store, "DELETE FROM debt WHERE contact = ?1");

	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

static enum kith_err is_mine(struct kith_store *store, const uint8_t card[8])
{
	struct kith_query q =
		kith_query(store, "SELECT 1 FROM my_card WHERE card = ?1 AND gone = 0");

	kith_bind_blob(&q, card, 8);
	bool found = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

enum kith_err kith_cards_give(struct kith_store *store, int64_t contact, const uint8_t *card)
{
	enum kith_err err = kith_cards_keyed(store, contact);

	if (!err && card)
		err = is_mine(store, card);
	if (!err)
		err = card ? kith_cards_gave(store, contact, card)
			   : set_given(store, contact, NULL);
	if (!err)
		err = card ? move_debt(store, contact, card) : drop_debt(store, contact);
	return err ? err : kith_contact_refresh(store, contact);
}

enum kith_err kith_store_give(struct kith_store *store, int64_t contact, const uint8_t *card)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, kith_cards_give(store, contact, card));
}

/* --- removed ----------------------------------------------------------------------------------- */

/* The id of the one that may go. */
static enum kith_err find(
	struct kith_store *store, struct kith_span name, uint8_t ret_card[static 8])
{
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q = kith_query(
		store, "SELECT fold = 'me', card FROM my_card WHERE fold = fold(?1) AND gone = 0");

	kith_bind_text(&q, name);
	if (kith_query_row(&q)) {
		struct kith_span id = kith_column_span(&q, 1);
		err = kith_column_int(&q, 0) ? KITH_ERR_VALUE : KITH_OK;
		if (id.n == 8)
			memcpy(ret_card, id.p, 8);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

/* Nothing of it is owed any more. */
static enum kith_err release(struct kith_store *store, const uint8_t card[static 8])
{
	int64_t row = 0;
	enum kith_err err = KITH_OK;

	while (!err) {
		struct kith_query q = kith_query(
			store, "SELECT min(contact) FROM debt WHERE card = ?1 AND contact > ?2");
		kith_bind_blob(&q, card, 8);
		kith_bind_int(&q, row);
		row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
		if ((err = kith_query_end(&q)) || row == 0)
			break;
		if (!(err = drop_debt(store, row)))
			err = kith_contact_refresh(store, row);
	}
	return err;
}

static enum kith_err remove_card(struct kith_store *store, struct kith_span name)
{
	uint8_t card[8] = {0};
	enum kith_err err = find(store, name, card);

	if (!err)
		err = release(store, card);
	if (err)
		return err;
	struct kith_query q = kith_query(store, "UPDATE my_card SET gone = 1 WHERE card = ?1");
	kith_bind_blob(&q, card, sizeof card);
	return kith_query_run(&q);
}

enum kith_err kith_store_card_remove(struct kith_store *store, struct kith_span name)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, remove_card(store, name));
}
