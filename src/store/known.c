/* SPDX-License-Identifier: MIT */
#include "store/accept.h"
#include "store/contact.h"
#include "store/keys.h"
#include "store/known.h"
#include "store/news.h"

/* --- whom I can recognise --------------------------------------------------------------------- */

/* A damaged page may say anything. */
static bool copy(struct kith_span from, uint8_t *to, size_t n)
{
	if (from.n != n)
		return false;
	memcpy(to, from.p, n);
	return true;
}

enum kith_err kith_store_ties(struct kith_store *store, kith_tied_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT row, ik, xk, acknowledged FROM contact WHERE ik IS NOT NULL AND xk IS NOT "
		"NULL AND NOT blocked AND NOT frozen ORDER BY seen DESC, row DESC");

	while (more && kith_query_row(&q)) {
		struct kith_tied tied = {.contact = kith_column_int(&q, 0),
			.acknowledged = (uint64_t)kith_column_int(&q, 3)};
		if (copy(kith_column_span(&q, 1), tied.ik, sizeof tied.ik) &&
			copy(kith_column_span(&q, 2), tied.xk, sizeof tied.xk))
			more = fn(ctx, &tied);
	}
	return kith_query_end(&q);
}

_Static_assert(KITH_CARD_FULL == 0 && KITH_CONTACT_INTRODUCED == 2 && KITH_HOW_UNATTENDED == 1,
	"stand in the statements below");

static bool read_stance(const struct kith_query *q, struct kith_stance *s)
{
	*s = (struct kith_stance){.blocked = kith_column_int(q, 1),
		.frozen = kith_column_int(q, 2),
		.agreed = kith_column_int(q, 3),
		.they_agreed = kith_column_int(q, 4),
		.told_rev = (uint64_t)kith_column_int(q, 6),
		.told_at = kith_column_int(q, 7),
		.refused = (uint64_t)kith_column_int(q, 8),
		.rev = (uint64_t)kith_column_int(q, 10),
		.number = (uint64_t)kith_column_int(q, 11),
		.foreign = kith_column_int(q, 12)};
	s->told = copy(kith_column_span(q, 5), s->told_card, sizeof s->told_card);
	s->has_card = copy(kith_column_span(q, 9), s->card, sizeof s->card);
	return copy(kith_column_span(q, 0), s->ik, sizeof s->ik);
}

enum kith_err kith_store_stance(struct kith_store *store, int64_t contact, struct kith_stance *ret)
{
	struct kith_stance stance;
	bool found = false;
	struct kith_query q = kith_query(store,
		"SELECT contact.ik, blocked, frozen, state = 2 OR EXISTS (SELECT 1 FROM met "
		"WHERE met.contact = contact.row), told_agreed, told_card, told_rev, told_at, "
		"refused, card.card, card.rev, (SELECT rev FROM mine), told_foreign FROM contact "
		"LEFT JOIN card "
		"ON card.contact = contact.row AND card.held AND card.variant = 0 "
		"WHERE contact.row = ?1");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q))
		found = read_stance(&q, &stance);
	enum kith_err err = kith_query_end(&q);
	if (!err && !found)
		err = KITH_ERR_NOPERSON;
	if (!err)
		*ret = stance;
	return err;
}

/* --- what a session settles ------------------------------------------------------------------- */

enum kith_err kith_known_is_mine(
	struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES], bool *ret_is)
{
	struct kith_mine mine = {0};
	struct kith_card card;
	enum kith_err err = kith_store_mine(store, &mine);

	if (!err)
		err = kith_card_verify(kith_buf_span(&mine.envelope), &card);
	*ret_is = !err && memcmp(card.ik, ik, sizeof card.ik) == 0;
	kith_mine_free(&mine);
	if (err == KITH_ERR_NOMEM || kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE))
		return err;
	return KITH_OK; /* there is no card, or a damaged page says anything */
}

/* What they hold is remembered only if it is a card of mine, and up to the number that it has: of one that was
 * lost nothing follows. */
static enum kith_err note_told(
	struct kith_store *store, const struct kith_recognised *r, bool heard, bool foreign)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET told_agreed = ?2, told_at = ?5, (told_card, told_rev) = "
		"(SELECT max(card), iif(count(*), min(?4, (SELECT coalesce(max(rev), 0) "
		"FROM mine_card WHERE card = ?3)), 0) FROM my_card WHERE card = ?3), "
		"acknowledged = iif(?6, coalesce((SELECT seq FROM mine), 0), acknowledged), "
		"told_foreign = ?7 WHERE row = ?1 AND ik IS NOT NULL");

	kith_bind_int(&q, r->contact);
	kith_bind_int(&q, r->agreed);
	if (r->has_card)
		kith_bind_blob(&q, r->card, sizeof r->card);
	else
		kith_bind_null(&q);
	kith_bind_int(&q, (int64_t)r->rev);
	kith_bind_int(&q, r->at);
	kith_bind_int(&q, heard);
	kith_bind_int(&q, foreign);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

static enum kith_err settle_meetings(struct kith_store *store, int64_t contact)
{
	struct kith_query q = kith_query(store, "UPDATE met SET how_theirs = 1, assumed = 1 "
						"WHERE contact = ?1 AND how_theirs IS NULL");

	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

enum kith_err kith_known_clear(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], uint64_t rev, bool *ret_owed)
{
	struct kith_query q = kith_query(
		store, "DELETE FROM debt WHERE contact = ?1 AND card = ?2 AND rev <= ?3");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, card, 8);
	kith_bind_int(&q, (int64_t)rev);
	enum kith_err err = kith_query_run(&q);
	*ret_owed = !err && sqlite3_changes(store->db) > 0;
	return err;
}

/* What a swap left open is done: that is news. */
static enum kith_err clear(struct kith_store *store, int64_t contact, const uint8_t card[static 8],
	uint64_t rev, int64_t at)
{
	struct kith_news_line line = {
		.kind = KITH_NOTICE_DELIVERED, .contact = contact, .number = rev, .at = at};
	bool owed;
	enum kith_err err = kith_known_clear(store, contact, card, rev, &owed);

	return err || !owed ? err : kith_store_news_add(store, &line);
}

/* Both have said "same", once: what was lost of it does not matter any more.  With a card that was not signed here
 * nothing has arrived. */
static enum kith_err settle(struct kith_store *store, const struct kith_recognised *r,
	const struct kith_stance *now, bool foreign)
{
	enum kith_err err = settle_meetings(store, r->contact);

	if (!err && now->told && !foreign)
		err = clear(store, r->contact, now->told_card, now->told_rev, r->at);
	return err;
}

static enum kith_err known_met(struct kith_store *store, const struct kith_recognised *r)
{
	struct kith_stance before;
	struct kith_stance now;
	bool heard = false, is_signed = true;
	enum kith_err err = kith_store_stance(store, r->contact, &before);

	if (!err && r->current)
		err = kith_known_is_mine(store, r->mine, &heard);
	if (!err && r->has_card)
		err = kith_known_signed(store, r->rev, r->hash, &is_signed);
	if (!err)
		err = note_told(store, r, heard, !is_signed);
	if (!err)
		err = kith_contact_seen(store, r->contact);
	if (!err && memcmp(before.ik, r->ik, sizeof r->ik) == 0)
		err = kith_keys_settled(store, r->contact);
	if (!err)
		err = kith_store_stance(store, r->contact, &now);
	if (!err && before.agreed && r->agreed)
		err = settle(store, r, &now, !is_signed);
	if (err)
		return err;
	/* a meeting that changes nothing must cost no search index */
	bool same = before.they_agreed == now.they_agreed && before.told == now.told &&
		    before.told_rev == now.told_rev && before.foreign == now.foreign &&
		    memcmp(before.told_card, now.told_card, sizeof now.told_card) == 0;
	return same ? KITH_OK : kith_contact_refresh(store, r->contact);
}

enum kith_err kith_store_known_met(struct kith_store *store, const struct kith_recognised *r)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, known_met(store, r));
}

static enum kith_err known_card(struct kith_store *store, int64_t contact,
	const uint8_t xk[static KITH_KEY_BYTES], const struct kith_card *card,
	struct kith_span envelope, int64_t now)
{
	enum kith_import what;
	struct kith_stance stance;
	enum kith_err err = kith_store_stance(store, contact, &stance);

	if (err)
		return err;
	if (stance.frozen || card->variant != KITH_CARD_FULL ||
		memcmp(card->ik, stance.ik, sizeof stance.ik) != 0 ||
		memcmp(card->xk, xk, sizeof card->xk) != 0)
		return KITH_ERR_SUBJECT;
	return kith_accept(store, contact, card, envelope, KITH_ACCEPT_KNOWN, now, &what);
}

/* Told once: it may come again and again. */
static enum kith_err jumped(struct kith_store *store, enum kith_notice_kind kind, int64_t contact,
	uint64_t rev, int64_t now)
{
	struct kith_news_line line = {.kind = kind, .contact = contact, .number = rev, .at = now};
	struct kith_query q =
		kith_query(store, "SELECT 1 FROM news WHERE contact = ?1 AND kind = ?2");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, kind);
	bool told = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || told ? err : kith_store_news_add(store, &line);
}

/* Nothing was kept of the card, and that is news of its own. */
static enum kith_err tell_jump(struct kith_store *store, enum kith_notice_kind kind,
	int64_t contact, uint64_t rev, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	if (!err)
		err = kith_db_end(store, jumped(store, kind, contact, rev, now));
	return err ? err : KITH_ERR_LIMIT;
}

enum kith_err kith_store_known_card(struct kith_store *store, int64_t contact,
	const uint8_t xk[static KITH_KEY_BYTES], const struct kith_card *card,
	struct kith_span envelope, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	if (!err)
		err = kith_accept_end(store, known_card(store, contact, xk, card, envelope, now));
	return err == KITH_ERR_LIMIT ? tell_jump(store, KITH_NOTICE_JUMP, contact, card->rev, now)
				     : err;
}

/* One for each envelope is proof enough: they may say every time that they lost it. */
static enum kith_err put_receipt(struct kith_store *store, int64_t contact,
	const struct kith_receipt *r, struct kith_span event, struct kith_span network)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO receipt (session, envelope_hash, contact, sig, card, rev, at, network, "
		"event) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (SELECT 1 FROM receipt "
		"WHERE contact = ?3 AND envelope_hash = ?2) ON CONFLICT DO NOTHING");

	kith_bind_blob(&q, r->session, sizeof r->session);
	kith_bind_blob(&q, r->envelope_hash, sizeof r->envelope_hash);
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, r->sig, sizeof r->sig);
	kith_bind_blob(&q, r->card, sizeof r->card);
	kith_bind_int(&q, (int64_t)r->rev);
	kith_bind_int(&q, r->at);
	kith_bind_text(&q, network);
	kith_bind_text(&q, event);
	return kith_query_run(&q);
}

enum kith_err kith_known_holds(
	struct kith_store *store, int64_t contact, const struct kith_receipt *r)
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET told_card = ?2, told_rev = ?3, told_at = ?4, told_foreign = 0 "
		"WHERE row = ?1 AND (told_card IS NOT ?2 OR told_rev < ?3 OR told_foreign)");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, r->card, sizeof r->card);
	kith_bind_int(&q, (int64_t)r->rev);
	kith_bind_int(&q, r->at);
	return kith_query_run(&q);
}

static enum kith_err known_receipt(struct kith_store *store, int64_t contact,
	const struct kith_receipt *r, struct kith_span event, struct kith_span network)
{
	struct kith_stance stance;
	enum kith_err err = kith_store_stance(store, contact, &stance);

	if (!err)
		err = put_receipt(store, contact, r, event, network);
	if (!err)
		err = kith_known_holds(store, contact, r);
	if (!err)
		err = clear(store, contact, r->card, r->rev, r->at);
	return err ? err : kith_contact_refresh(store, contact);
}

enum kith_err kith_store_known_receipt(struct kith_store *store, int64_t contact,
	const struct kith_receipt *r, struct kith_span event, struct kith_span network)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, known_receipt(store, contact, r, event, network));
}

enum kith_err kith_store_known_refused(struct kith_store *store, int64_t contact, uint64_t rev)
{
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	struct kith_query q = kith_query(
		store, "UPDATE contact SET refused = ?2 WHERE row = ?1 AND refused < ?2");
	kith_bind_int(&q, contact);
	kith_bind_int(&q, (int64_t)rev);
	return kith_db_end(store, kith_query_run(&q));
}

/* --- their own card, for one who does not know it ----------------------------------------------- */

enum kith_err kith_store_held_hash(
	struct kith_store *store, int64_t contact, uint8_t ret_hash[static 32])
{
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q = kith_query(
		store, "SELECT envelope FROM card WHERE contact = ?1 AND held AND variant = 0");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		kith_card_hash(kith_column_span(&q, 0), ret_hash);
		err = KITH_OK;
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

enum kith_err kith_store_held_hashed(struct kith_store *store, int64_t contact,
	const uint8_t hash[static 32], struct kith_buf *envelope)
{
	uint8_t is[32];
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT envelope FROM card WHERE contact = ?1 AND (held OR live) "
				  "ORDER BY rev DESC");

	kith_bind_int(&q, contact);
	while (err == KITH_ERR_MISSING && kith_query_row(&q)) {
		struct kith_span bytes = kith_column_span(&q, 0);
		kith_card_hash(bytes, is);
		if (memcmp(is, hash, sizeof is) == 0)
			err = kith_buf_add(envelope, bytes.p, bytes.n);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

enum kith_err kith_store_beyond(
	struct kith_store *store, int64_t contact, uint64_t rev, int64_t now)
{
	enum kith_err err = tell_jump(store, KITH_NOTICE_BEYOND, contact, rev, now);

	return err == KITH_ERR_LIMIT ? KITH_OK : err;
}
