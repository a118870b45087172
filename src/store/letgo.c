/* SPDX-License-Identifier: MIT */
#include "store/cards.h"

#include "store/contact.h"
#include "store/fields.h"
#include "store/news.h"

/* --- mine, that I ask back ---------------------------------------------------------------------- */

/* Every card of mine that they hold as far as I know; a wish that was answered is not one any more. */
static enum kith_err ask(struct kith_store *store, int64_t contact, int64_t now, size_t *ret_n)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO takeback (contact, card, at) SELECT ?1, card, ?2 FROM ("
		"SELECT card FROM receipt WHERE contact = ?1 UNION "
		"SELECT told_card FROM contact WHERE row = ?1 AND length(told_card) = 8 UNION "
		"SELECT card FROM debt WHERE contact = ?1 UNION "
		"SELECT given FROM contact WHERE row = ?1 AND length(given) = 8) WHERE true "
		"ON CONFLICT DO NOTHING");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, now);
	enum kith_err err = kith_query_run(&q);
	*ret_n = (size_t)sqlite3_changes(store->db);
	return err;
}

static enum kith_err any_asked(struct kith_store *store, int64_t contact)
{
	struct kith_query q = kith_query(store, "SELECT 1 FROM takeback WHERE contact = ?1");

	kith_bind_int(&q, contact);
	bool found = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

static enum kith_err takeback(struct kith_store *store, int64_t contact, int64_t now, size_t *ret_n)
{
	enum kith_err err = kith_cards_keyed(store, contact);

	if (!err)
		err = ask(store, contact, now, ret_n);
	if (!err)
		err = any_asked(store, contact);
	return err ? err : kith_cards_give(store, contact, NULL);
}

enum kith_err kith_store_takeback(
	struct kith_store *store, int64_t contact, int64_t now, size_t *ret_n)
{
	enum kith_err err = kith_db_begin(store);
	size_t n = 0;

	if (err)
		return err;
	if (!(err = kith_db_end(store, takeback(store, contact, now, &n))))
		*ret_n = n;
	return err;
}

/* Reads a card id and a number, or KITH_ERR_MISSING; ends the query. */
static enum kith_err first_card(struct kith_query *q, uint8_t ret_card[static 8], int64_t *ret)
{
	enum kith_err err = KITH_ERR_MISSING;

	if (kith_query_row(q)) {
		struct kith_span card = kith_column_span(q, 0);
		err = card.n == 8 ? KITH_OK : KITH_ERR_STORE_CORRUPT;
		if (!err)
			memcpy(ret_card, card.p, 8);
		*ret = kith_column_int(q, 1);
	}
	enum kith_err done = kith_query_end(q);
	return done ? done : err;
}

enum kith_err kith_store_takeback_due(
	struct kith_store *store, int64_t contact, size_t skip, uint8_t ret_card[static 8])
{
	int64_t at;
	struct kith_query q = kith_query(store,
		"SELECT card, at FROM takeback WHERE contact = ?1 AND sent_at IS NULL "
		"ORDER BY card LIMIT 1 OFFSET ?2");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, (int64_t)skip);
	return first_card(&q, ret_card, &at);
}

static enum kith_err tell_response(
	struct kith_store *store, int64_t contact, enum kith_letgo answer, int64_t now)
{
	const struct kith_news_line line = {.kind = KITH_NOTICE_RESPONSE,
		.contact = contact,
		.number = (uint64_t)answer,
		.at = now};

	return kith_store_news_add(store, &line);
}

/* An answer stands: what comes later changes nothing. */
static enum kith_err told(struct kith_store *store, int64_t contact, const uint8_t card[static 8],
	enum kith_letgo answer, int64_t now)
{
	struct kith_query q = kith_query(store,
		"UPDATE takeback SET sent_at = coalesce(sent_at, ?3), answer = ?4, "
		"answered_at = iif(?4 = 0, NULL, ?3) WHERE contact = ?1 AND card = ?2 AND answer = 0");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	kith_bind_int(&q, now);
	kith_bind_int(&q, answer);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	if (sqlite3_changes(store->db) > 0)
		return answer == KITH_LETGO_GONE || answer == KITH_LETGO_KEPT
			       ? tell_response(store, contact, answer, now)
			       : KITH_OK;
	q = kith_query(store, "SELECT card, 0 FROM takeback WHERE contact = ?1 AND card = ?2");
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	uint8_t found[8];
	int64_t none;
	return first_card(&q, found, &none);
}

enum kith_err kith_store_takeback_told(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], enum kith_letgo answer, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, told(store, contact, card, answer, now));
}

/* --- theirs, that they ask back ----------------------------------------------------------------- */

/* The highest number that I hold of that card; 0: none. */
static enum kith_err held_rev(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8], uint64_t *ret_rev)
{
	struct kith_query q = kith_query(
		store, "SELECT coalesce(max(rev), 0) FROM card WHERE contact = ?1 AND card = ?2");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	*ret_rev = kith_query_row(&q) ? (uint64_t)kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

/* A question about it that there was; *ret_row 0: none. */
static enum kith_err find(struct kith_store *store, int64_t contact, const uint8_t card[static 8],
	int64_t *ret_row, enum kith_letgo *ret_answer)
{
	struct kith_query q =
		kith_query(store, "SELECT row, answer FROM letgo WHERE contact = ?1 AND card = ?2");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	*ret_row = 0;
	*ret_answer = KITH_LETGO_OPEN;
	if (kith_query_row(&q)) {
		*ret_row = kith_column_int(&q, 0);
		*ret_answer = (enum kith_letgo)kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

/* A new question, in place of an older one; its number is never another's. */
static enum kith_err open_item(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], uint64_t rev, int64_t now)
{
	const struct kith_news_line line = {
		.kind = KITH_NOTICE_TAKEBACK, .contact = contact, .number = rev, .at = now};
	struct kith_query q =
		kith_query(store, "DELETE FROM letgo WHERE contact = ?1 AND card = ?2");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(
		store, "INSERT INTO letgo (contact, card, at, upto) VALUES (?1, ?2, ?3, ?4)");
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	kith_bind_int(&q, now);
	kith_bind_int(&q, (int64_t)rev);
	err = kith_query_run(&q);
	return err ? err : kith_store_news_add(store, &line);
}

/* What I answered goes to them once more. */
static enum kith_err again(struct kith_store *store, int64_t row)
{
	struct kith_query q =
		kith_query(store, "UPDATE letgo SET sent = 0 WHERE row = ?1 AND answer <> 0");

	kith_bind_int(&q, row);
	return kith_query_run(&q);
}

/* Whether a newer revision of it came behind the question, which is over with that. */
static enum kith_err is_over(struct kith_store *store, int64_t row, uint64_t rev, bool *ret_over)
{
	struct kith_query q = kith_query(store, "SELECT upto < ?2 FROM letgo WHERE row = ?1");

	kith_bind_int(&q, row);
	kith_bind_int(&q, (int64_t)rev);
	*ret_over = kith_query_row(&q) && kith_column_int(&q, 0);
	return kith_query_end(&q);
}

static enum kith_err asked(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8], int64_t now)
{
	enum kith_letgo answer;
	uint64_t rev;
	int64_t row;
	bool over = false;
	enum kith_err err = held_rev(store, contact, card, &rev);

	if (!err)
		err = find(store, contact, card, &row, &answer);
	if (!err && row)
		err = is_over(store, row, rev, &over);
	if (err)
		return err;
	if (rev > 0 && (!row || over || answer == KITH_LETGO_GONE))
		return open_item(store, contact, card, rev, now);
	return row ? again(store, row) : KITH_ERR_MISSING;
}

enum kith_err kith_store_letgo_asked(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8], int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, asked(store, contact, card, now));
}

static enum kith_err each(struct kith_query q, kith_letgo_fn fn, void *ctx)
{
	bool more = true;

	while (more && kith_query_row(&q)) {
		struct kith_letgo_item item = {
			.row = kith_column_int(&q, 0),
			.contact = kith_column_int(&q, 1),
			.person = kith_column_span(&q, 2),
			.at = kith_column_int(&q, 3),
			.rev = (uint64_t)kith_column_int(&q, 4),
			.answer = (enum kith_letgo)kith_column_int(&q, 5),
		};
		more = fn(ctx, &item);
	}
	return kith_query_end(&q);
}

enum kith_err kith_store_letgo_each(struct kith_store *store, kith_letgo_fn fn, void *ctx)
{
	struct kith_query q = kith_query(store,
		"SELECT letgo.row, letgo.contact, contact.name, letgo.at, max(card.rev), answer FROM letgo "
		"JOIN contact ON contact.row = letgo.contact "
		"JOIN card ON card.contact = letgo.contact AND card.card = letgo.card "
		"WHERE answer = 0 GROUP BY letgo.row HAVING max(card.rev) <= upto ORDER BY letgo.row");

	return each(q, fn, ctx);
}

enum kith_err kith_store_letgo_answered(struct kith_store *store, kith_letgo_fn fn, void *ctx)
{
	struct kith_query q = kith_query(store,
		"SELECT letgo.row, letgo.contact, contact.name, answered_at, coalesce(max(card.rev), 0), "
		"answer FROM letgo JOIN contact ON contact.row = letgo.contact "
		"LEFT JOIN card ON card.contact = letgo.contact AND card.card = letgo.card "
		"WHERE answer <> 0 GROUP BY letgo.row ORDER BY letgo.row");

	return each(q, fn, ctx);
}

/* One that waits. */
static enum kith_err waiting(
	struct kith_store *store, int64_t row, int64_t *ret_contact, uint8_t ret_card[static 8])
{
	uint64_t rev;
	bool over;
	struct kith_query q =
		kith_query(store, "SELECT card, contact FROM letgo WHERE row = ?1 AND answer = 0");

	kith_bind_int(&q, row);
	enum kith_err err = first_card(&q, ret_card, ret_contact);
	if (!err)
		err = held_rev(store, *ret_contact, ret_card, &rev);
	if (!err)
		err = is_over(store, row, rev, &over);
	return err ? err : rev == 0 || over ? KITH_ERR_MISSING : KITH_OK;
}

static enum kith_err run_for(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8], const char *sql)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	return kith_query_run(&q);
}

/* The lines of news about a card of theirs stay, without it. */
static enum kith_err uncard(struct kith_store *store, int64_t contact, const uint8_t card[static 8])
{
	int64_t row = 0;
	enum kith_err err = KITH_OK;

	while (!err) {
		struct kith_query q = kith_query(store,
			"SELECT min(row) FROM card WHERE contact = ?1 AND card = ?2 AND row > ?3");
		kith_bind_int(&q, contact);
		kith_bind_blob(&q, card, 8);
		kith_bind_int(&q, row);
		row = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
		if ((err = kith_query_end(&q)) || row == 0)
			break;
		err = kith_store_news_uncard(store, row);
	}
	return err;
}

/* Whether that is the key of the person now. */
static enum kith_err is_key_of(struct kith_store *store, int64_t contact,
	const uint8_t ik[static KITH_KEY_BYTES], bool *ret_is)
{
	struct kith_query q = kith_query(store, "SELECT 1 FROM contact WHERE row = ?1 AND ik = ?2");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	*ret_is = kith_query_row(&q);
	return kith_query_end(&q);
}

/* Another card of theirs that lies beside it takes its place, unless they have left the key that signed it. */
static enum kith_err hold_other(struct kith_store *store, int64_t contact)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_card card;
	int64_t row = 0;
	enum kith_err err = KITH_OK;
	struct kith_query q = kith_query(store,
		"SELECT row, envelope FROM card WHERE contact = ?1 AND NOT EXISTS "
		"(SELECT 1 FROM card WHERE contact = ?1 AND held) ORDER BY variant, live DESC, rev DESC LIMIT 1");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		struct kith_span bytes = kith_column_span(&q, 1);
		row = kith_column_int(&q, 0);
		err = kith_buf_add(&envelope, bytes.p, bytes.n);
	}
	enum kith_err done = kith_query_end(&q);
	if (done || err || row == 0)
		return done ? done : err;
	if (kith_card_verify(kith_buf_span(&envelope), &card))
		return KITH_ERR_STORE_CORRUPT;
	bool current;
	if ((err = is_key_of(store, contact, card.ik, &current)) || !current)
		return err;
	q = kith_query(store, "UPDATE card SET held = 1 WHERE row = ?1");
	kith_bind_int(&q, row);
	err = kith_query_run(&q);
	return err ? err : kith_fields_put(store, contact, 0, &card.fields);
}

/* Everything of that card; what the person is called, and the key to recognise them by, stay with the
 * last meeting. */
static enum kith_err drop(struct kith_store *store, int64_t contact, const uint8_t card[static 8])
{
	bool was_held;
	struct kith_query q = kith_query(store,
		"UPDATE met SET label = c.name, xk = coalesce(c.xk, met.xk) FROM contact AS c "
		"WHERE c.row = ?1 AND met.row = (SELECT max(row) FROM met WHERE contact = ?1)");

	kith_bind_int(&q, contact);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "SELECT 1 FROM card WHERE contact = ?1 AND card = ?2 AND held");
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	was_held = kith_query_row(&q);
	if ((err = kith_query_end(&q)) || (err = uncard(store, contact, card)) ||
		(err = run_for(store, contact, card,
			 "DELETE FROM card WHERE contact = ?1 AND card = ?2")))
		return err;
	if (was_held && !(err = kith_fields_remove(store, contact, 0)))
		err = hold_other(store, contact);
	if (err)
		return err;
	store->scrub |= KITH_SCRUB_WORDS;
	return kith_contact_refresh(store, contact);
}

static enum kith_err answer(struct kith_store *store, int64_t row, bool let_go, int64_t now)
{
	uint8_t card[8];
	int64_t contact;
	enum kith_err err = waiting(store, row, &contact, card);

	if (!err && let_go)
		err = drop(store, contact, card);
	if (err)
		return err;
	struct kith_query q = kith_query(
		store, "UPDATE letgo SET answer = ?2, answered_at = ?3, sent = 0 WHERE row = ?1");
	kith_bind_int(&q, row);
	kith_bind_int(&q, let_go ? KITH_LETGO_GONE : KITH_LETGO_KEPT);
	kith_bind_int(&q, now);
	return kith_query_run(&q);
}

enum kith_err kith_store_letgo_answer(
	struct kith_store *store, int64_t row, bool let_go, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, answer(store, row, let_go, now));
}

enum kith_err kith_store_letgo_due(struct kith_store *store, int64_t contact, size_t skip,
	uint8_t ret_card[static 8], enum kith_letgo *ret_answer)
{
	int64_t n = 0;
	struct kith_query q = kith_query(store,
		"SELECT card, answer FROM letgo WHERE contact = ?1 AND answer <> 0 AND sent = 0 "
		"ORDER BY row LIMIT 1 OFFSET ?2");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, (int64_t)skip);
	enum kith_err err = first_card(&q, ret_card, &n);
	*ret_answer = (enum kith_letgo)n;
	return err;
}

enum kith_err kith_store_letgo_sent(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8])
{
	enum kith_err err = kith_db_begin(store);

	return err ? err
		   : kith_db_end(store,
			     run_for(store, contact, card,
				     "UPDATE letgo SET sent = 1 WHERE contact = ?1 AND card = ?2 AND answer <> 0"));
}
