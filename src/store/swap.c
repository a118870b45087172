/* SPDX-License-Identifier: MIT */
#include "store/accept.h"
#include "store/cards.h"
#include "store/contact.h"
#include "store/event.h"
#include "store/keys.h"
#include "store/known.h"
#include "store/memory.h"
#include "store/news.h"

/* The steps of proto/session.md "Durable".  Each is a transaction; each may be repeated. */

static enum kith_err contact_of_session(
	struct kith_store *store, const uint8_t session[static 32], int64_t *ret_contact)
{
	bool found = false;
	struct kith_query q = kith_query(store, "SELECT contact FROM met WHERE session = ?1");

	kith_bind_blob(&q, session, 32);
	if ((found = kith_query_row(&q)))
		*ret_contact = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_NOPERSON;
}

static enum kith_err add_meeting(
	struct kith_store *store, int64_t contact, const struct kith_meeting *m)
{
	struct kith_query q = kith_query(store, "INSERT INTO met (session, contact, xk, label, "
						"event, network, at, gives, how_mine) "
						"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	kith_bind_blob(&q, m->session, sizeof m->session);
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, m->xk, sizeof m->xk);
	kith_bind_text(&q, m->label);
	kith_bind_text(&q, m->event);
	kith_bind_text(&q, m->network);
	kith_bind_int(&q, m->at);
	kith_bind_int(&q, m->they_give);
	kith_bind_int(&q, m->how);
	return kith_query_run(&q);
}

/* How many of my rotations they know by it once they have confirmed: all of them, if it was under my key of now. */
static enum kith_err note_key(struct kith_store *store, const struct kith_meeting *m)
{
	bool now;
	enum kith_err err = kith_known_is_mine(store, m->mine, &now);

	if (err || !now)
		return err;
	struct kith_query q = kith_query(
		store, "UPDATE met SET heard = (SELECT seq FROM mine) WHERE session = ?1");
	kith_bind_blob(&q, m->session, sizeof m->session);
	return kith_query_run(&q);
}

static enum kith_err add_debt(
	struct kith_store *store, int64_t contact, const struct kith_meeting *m)
{
	struct kith_query q = kith_query(
		store, "INSERT INTO debt (session, contact, card, rev) VALUES (?1, ?2, ?3, ?4)");

	kith_bind_blob(&q, m->session, sizeof m->session);
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, m->card, sizeof m->card);
	kith_bind_int(&q, (int64_t)m->rev);
	return kith_query_run(&q);
}

/* How things stood before this meeting: should they say that the codes differ, it stands so again. */
static enum kith_err remember(struct kith_store *store, const uint8_t session[static 32])
{
	struct kith_query q = kith_query(store,
		"UPDATE met SET (was_given, was_frozen, was_frozen_at, was_settled, was_anchored, "
		"was_seq) = (SELECT given, frozen, frozen_at, settled, anchored, seq FROM contact "
		"WHERE contact.row = met.contact) WHERE session = ?1");

	kith_bind_blob(&q, session, 32);
	return kith_query_run(&q);
}

static enum kith_err confirm(struct kith_store *store, const struct kith_meeting *m)
{
	int64_t contact;
	enum kith_err err = contact_of_session(store, m->session, &contact);

	if (err != KITH_ERR_NOPERSON)
		return err; /* written already, or a store error */
	if ((err = kith_contact_take(store, m->ik, m->at, &contact)))
		return err;
	if ((err = add_meeting(store, contact, m)))
		return err;
	if ((err = remember(store, m->session)) ||
		(err = kith_event_met(store, m->session, m->event, m->at)) ||
		(err = kith_memory_met(store, contact)))
		return err;
	if ((err = note_key(store, m)))
		return err;
	if (m->i_give && (err = add_debt(store, contact, m)))
		return err;
	if (m->i_give && (err = kith_cards_gave(store, contact, m->card)))
		return err;
	if (m->how >= KITH_HOW_COMPARED && (err = kith_keys_compared(store, contact, m->at)))
		return err;
	if ((err = kith_keys_may(store, m->ik))) /* frozen still */
		return err;
	if ((err = kith_contact_seen(store, contact)))
		return err;
	return kith_contact_refresh(store, contact);
}

enum kith_err kith_store_confirm(struct kith_store *store, const struct kith_meeting *m)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, confirm(store, m));
}

/* What they would tell when we meet again; and they have written down the key of mine under which it was. */
static enum kith_err they_agreed(
	struct kith_store *store, int64_t contact, const uint8_t session[static 32])
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET told_agreed = 1, acknowledged = max(acknowledged, "
		"(SELECT heard FROM met WHERE session = ?2)) WHERE row = ?1");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, session, 32);
	return kith_query_run(&q);
}

/* With a card it is news when that has come; of one who gives none, and has given none, now. */
static enum kith_err tell_met(
	struct kith_store *store, int64_t contact, const uint8_t session[static 32])
{
	struct kith_news_line line = {.kind = KITH_NOTICE_MET, .contact = contact};
	struct kith_query q = kith_query(store,
		"SELECT at FROM met WHERE session = ?1 AND NOT gives AND NOT EXISTS "
		"(SELECT 1 FROM card WHERE contact = ?2 AND held)");

	kith_bind_blob(&q, session, 32);
	kith_bind_int(&q, contact);
	bool all = kith_query_row(&q);
	line.at = all ? kith_column_int(&q, 0) : 0;
	enum kith_err err = kith_query_end(&q);
	return err || !all ? err : kith_store_news_add(store, &line);
}

static enum kith_err confirmed(
	struct kith_store *store, const uint8_t session[static 32], enum kith_how theirs)
{
	int64_t contact;
	enum kith_err err = contact_of_session(store, session, &contact);

	if (err)
		return err;
	struct kith_query q =
		kith_query(store, "UPDATE met SET how_theirs = ?2, assumed = 0 "
				  "WHERE session = ?1 AND (how_theirs IS NULL OR assumed)");
	kith_bind_blob(&q, session, 32);
	kith_bind_int(&q, theirs);
	if ((err = kith_query_run(&q)))
		return err;
	if (sqlite3_changes(store->db) && (err = tell_met(store, contact, session)))
		return err;
	if ((err = they_agreed(store, contact, session)))
		return err;
	return kith_contact_refresh(store, contact);
}

enum kith_err kith_store_confirmed(
	struct kith_store *store, const uint8_t session[static 32], enum kith_how theirs)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, confirmed(store, session, theirs));
}

/* The session compared both keys with its own; that a card lands at nobody else's row is worth
 * asking twice. */
static enum kith_err same_keys(
	struct kith_store *store, const uint8_t session[static 32], const struct kith_card *card)
{
	bool same = false;
	struct kith_query q =
		kith_query(store, "SELECT contact.ik = ?2 AND met.xk = ?3 FROM met "
				  "JOIN contact ON contact.row = met.contact WHERE session = ?1");

	kith_bind_blob(&q, session, 32);
	kith_bind_blob(&q, card->ik, sizeof card->ik);
	kith_bind_blob(&q, card->xk, sizeof card->xk);
	if (kith_query_row(&q))
		same = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || same ? err : KITH_ERR_SUBJECT;
}

static enum kith_err take_card(struct kith_store *store, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope, int64_t now)
{
	enum kith_import what;
	int64_t contact;
	enum kith_err err = contact_of_session(store, session, &contact);

	if (!err)
		err = same_keys(store, session, card);
	if (!err)
		err = kith_keys_may(store, card->ik);
	if (!err)
		err = kith_accept(store, contact, card, envelope, KITH_ACCEPT_LIVE, now, &what);
	return err == KITH_ERR_ROLLBACK ? KITH_OK : err;
}

enum kith_err kith_store_card(struct kith_store *store, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_accept_end(store, take_card(store, session, card, envelope, now));
}

static enum kith_err keep_receipt(
	struct kith_store *store, int64_t contact, const struct kith_receipt *r)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO receipt (session, envelope_hash, contact, sig, card, rev, at, event, "
		"network) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, event, network FROM met "
		"WHERE session = ?1 ON CONFLICT DO NOTHING");

	kith_bind_blob(&q, r->session, sizeof r->session);
	kith_bind_blob(&q, r->envelope_hash, sizeof r->envelope_hash);
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, r->sig, sizeof r->sig);
	kith_bind_blob(&q, r->card, sizeof r->card);
	kith_bind_int(&q, (int64_t)r->rev);
	kith_bind_int(&q, r->at);
	return kith_query_run(&q);
}

static enum kith_err receipt(struct kith_store *store, const struct kith_receipt *r)
{
	int64_t contact;
	enum kith_err err = contact_of_session(store, r->session, &contact);

	if (!err)
		err = keep_receipt(store, contact, r);
	if (err)
		return err;
	if ((err = kith_known_holds(store, contact, r)))
		return err;
	bool owed;
	if ((err = kith_known_clear(store, contact, r->card, r->rev, &owed)))
		return err;
	return kith_contact_refresh(store, contact);
}

enum kith_err kith_store_receipt(struct kith_store *store, const struct kith_receipt *r)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, receipt(store, r));
}

static enum kith_err tell_frozen(struct kith_store *store, int64_t contact)
{
	struct kith_news_line line = {.kind = KITH_NOTICE_FROZEN, .contact = contact};
	struct kith_query q = kith_query(store,
		"SELECT frozen, coalesce(frozen_at, 0) FROM contact WHERE row = ?1 AND frozen");

	kith_bind_int(&q, contact);
	bool frozen = kith_query_row(&q);
	line.number = frozen ? (uint64_t)kith_column_int(&q, 0) : 0;
	line.at = frozen ? kith_column_int(&q, 1) : 0;
	enum kith_err err = kith_query_end(&q);
	return err || !frozen ? err : kith_store_news_add(store, &line);
}

/* What my word alone had changed, unless there was a meeting since. */
static enum kith_err put_back(
	struct kith_store *store, int64_t contact, const uint8_t session[static 32])
{
	struct kith_query q = kith_query(store,
		"UPDATE contact SET (given, frozen, frozen_at, settled, anchored, seq) = (SELECT "
		"was_given, was_frozen, was_frozen_at, was_settled, was_anchored, was_seq FROM met "
		"WHERE session = ?1) WHERE row = ?2 AND EXISTS (SELECT 1 FROM met AS m WHERE "
		"session = ?1 AND was_frozen IS NOT NULL AND NOT EXISTS (SELECT 1 FROM met "
		"WHERE met.contact = ?2 AND met.row > m.row))");

	kith_bind_blob(&q, session, 32);
	kith_bind_int(&q, contact);
	enum kith_err err = kith_query_run(&q);
	return err || !sqlite3_changes(store->db) ? err : tell_frozen(store, contact);
}

static enum kith_err mismatch(struct kith_store *store, const uint8_t session[static 32])
{
	int64_t contact;
	enum kith_err err = contact_of_session(store, session, &contact);

	if (err)
		return err == KITH_ERR_NOPERSON ? KITH_OK : err;
	if ((err = put_back(store, contact, session)))
		return err;
	struct kith_query q =
		kith_query(store, "DELETE FROM met WHERE session = ?1"); /* and its debt */
	kith_bind_blob(&q, session, 32);
	if ((err = kith_query_run(&q)) || (err = kith_event_tidy(store)))
		return err;
	q = kith_query(store,
		"SELECT state = 0 AND NOT EXISTS (SELECT 1 FROM met WHERE contact = ?1) AND NOT "
		"EXISTS (SELECT 1 FROM card WHERE contact = ?1) FROM contact WHERE row = ?1");
	kith_bind_int(&q, contact);
	bool alone = kith_query_row(&q) && kith_column_int(&q, 0);
	if ((err = kith_query_end(&q)))
		return err;
	return alone ? kith_contact_disown(store, contact) : kith_contact_refresh(store, contact);
}

enum kith_err kith_store_mismatch(struct kith_store *store, const uint8_t session[static 32])
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, mismatch(store, session));
}
