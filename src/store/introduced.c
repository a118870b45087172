/* SPDX-License-Identifier: MIT */
#include <kith/introduction.h>

#include "store/accept.h"
#include "store/cards.h"
#include "store/contact.h"
#include "store/keys.h"
#include "store/news.h"

/* People who came by an introduction, and what was refused. */

_Static_assert(KITH_PROPOSAL_YES == 1 && KITH_PROPOSAL_GRANTED == 2 && KITH_PROPOSAL_DONE == 4,
	"stand in the statements below");

/* The yes of mine that this is the answer to: said to the key that the introducer has still. */
struct yes {
	int64_t row;
	uint8_t card[8]; /* what I gave for it */
	struct kith_buf words;
};

static void yes_end(struct yes *yes)
{
	kith_buf_free(&yes->words);
}

static enum kith_err find_yes(
	struct kith_store *store, const struct kith_introduced_new *n, struct yes *yes)
{
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT p.row, card, words FROM proposal AS p "
				  "JOIN contact ON contact.row = p.contact AND contact.ik = p.ik "
				  "WHERE p.contact = ?1 AND id = ?2 AND aud = ?3 "
				  "AND stage IN (1, 2) AND length(card) = 8");

	kith_bind_int(&q, n->introducer);
	kith_bind_blob(&q, n->id, sizeof n->id);
	kith_bind_blob(&q, n->aud, sizeof n->aud);
	if (kith_query_row(&q)) {
		yes->row = kith_column_int(&q, 0);
		memcpy(yes->card, kith_column_span(&q, 1).p, sizeof yes->card);
		struct kith_span words = kith_column_span(&q, 2);
		err = kith_buf_add(&yes->words, words.p, words.n);
	}
	return kith_query_end(&q) ? q.err : err;
}

/* Whether this introduction was taken before: the aud names who it is about.  *ret_contact is then who it brought,
 * whatever key they have by now; 0: forgotten since. */
static enum kith_err find_taken(struct kith_store *store, const struct kith_introduced_new *n,
	bool *ret_taken, int64_t *ret_contact)
{
	bool former;
	struct kith_query q = kith_query(store,
		"SELECT 1 FROM proposal WHERE contact = ?1 AND id = ?2 AND aud = ?3 AND stage = 4");

	kith_bind_int(&q, n->introducer);
	kith_bind_blob(&q, n->id, sizeof n->id);
	kith_bind_blob(&q, n->aud, sizeof n->aud);
	*ret_taken = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || !*ret_taken ? err : kith_keys_find(store, n->card->ik, ret_contact, &former);
}

/* Whom the key means here; 0: nobody.  KITH_ERR_STALEKEY: they cannot be introduced under it. */
static enum kith_err find_subject(
	struct kith_store *store, const struct kith_introduced_new *n, int64_t *ret_contact)
{
	bool former;
	enum kith_err err = kith_keys_may(store, n->card->ik);

	return err ? err : kith_keys_find(store, n->card->ik, ret_contact, &former);
}

/* Somebody else who has the name of that person; 0: nobody. */
static enum kith_err find_alike(struct kith_store *store, int64_t contact, int64_t *ret_alike)
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT row FROM contact WHERE fold = (SELECT fold FROM contact WHERE row = ?1) "
		"AND fold <> '' AND row <> ?1 ORDER BY row LIMIT 1");

	kith_bind_int(&q, contact);
	*ret_alike = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err add(struct kith_store *store, const struct kith_introduced_new *n,
	int64_t contact, int64_t alike, struct kith_span words)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO introduced (contact, introducer, words, how, at, intro, granted, alike) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, n->introducer);
	kith_bind_text(&q, words);
	kith_bind_int(&q, n->how);
	kith_bind_int(&q, n->at);
	kith_bind_blob(&q, n->intro.p, n->intro.n);
	kith_bind_blob(&q, n->grant.p, n->grant.n);
	if (alike)
		kith_bind_int(&q, alike);
	else
		kith_bind_null(&q);
	return kith_query_run(&q);
}

/* The card that I granted is the one they are given, where nothing was chosen and nobody has met. */
static enum kith_err give(struct kith_store *store, int64_t contact, const uint8_t card[static 8])
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT given IS NULL AND NOT blocked "
		"AND NOT EXISTS (SELECT 1 FROM met WHERE contact = ?1) FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	bool free_to = kith_query_row(&q) && kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || !free_to ? err : kith_cards_gave(store, contact, card);
}

static enum kith_err done(struct kith_store *store, int64_t row)
{
	struct kith_query q = kith_query(store, "UPDATE proposal SET stage = 4 WHERE row = ?1");

	kith_bind_int(&q, row);
	return kith_query_run(&q);
}

/* Their card, as from a third hand: an older one, or one with the number of another, does not count. */
static enum kith_err keep_card(
	struct kith_store *store, const struct kith_introduced_new *n, int64_t contact)
{
	enum kith_import what;
	enum kith_err err =
		kith_accept(store, contact, n->card, n->envelope, KITH_ACCEPT_FILE, n->at, &what);

	return err == KITH_ERR_ROLLBACK || err == KITH_ERR_CONFLICT || err == KITH_ERR_LIMIT
		       ? KITH_OK
		       : err;
}

static enum kith_err tell(struct kith_store *store, const struct kith_introduced_new *n,
	int64_t contact, struct kith_span words)
{
	return kith_store_news_add(store, &(struct kith_news_line){.kind = KITH_NOTICE_INTRODUCED,
						  .contact = contact,
						  .number = (uint64_t)n->introducer,
						  .text = words,
						  .at = n->at});
}

static enum kith_err take(struct kith_store *store, const struct kith_introduced_new *n,
	const struct yes *yes, int64_t contact)
{
	struct kith_span words = kith_buf_span(&yes->words);
	int64_t alike = 0;
	enum kith_err err = keep_card(store, n, contact);

	if (!err)
		err = kith_contact_refresh(store, contact); /* its name */
	if (!err)
		err = find_alike(store, contact, &alike);
	if (!err)
		err = add(store, n, contact, alike, words);
	if (!err)
		err = give(store, contact, yes->card);
	if (!err)
		err = done(store, yes->row);
	if (!err)
		err = tell(store, n, contact, words);
	return err ? err : kith_contact_refresh(store, contact);
}

static enum kith_err introduced(struct kith_store *store, const struct kith_introduced_new *n,
	int64_t *ret_contact, enum kith_came *ret_came)
{
	KITH_AUTO(yes_end) struct yes yes = {0};
	bool taken;
	enum kith_err err = find_taken(store, n, &taken, ret_contact);

	*ret_came = KITH_CAME_AGAIN;
	if (err || taken)
		return err;
	if ((err = find_yes(store, n, &yes)) || (err = find_subject(store, n, ret_contact)))
		return err;
	*ret_came = *ret_contact ? KITH_CAME_HERE : KITH_CAME_NEW;
	if (!*ret_contact && (err = kith_contact_take(store, n->card->ik, n->at, ret_contact)))
		return err;
	return take(store, n, &yes, *ret_contact);
}

enum kith_err kith_store_introduced(struct kith_store *store, const struct kith_introduced_new *n,
	int64_t *ret_contact, enum kith_came *ret_came)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, introduced(store, n, ret_contact, ret_came));
}

enum kith_err kith_store_introduced_each(
	struct kith_store *store, int64_t contact, kith_introduced_fn fn, void *ctx)
{
	bool more = true;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT introducer, who.name, words, how, introduced.at, intro, granted, "
		"(SELECT row FROM contact WHERE contact.row = alike) FROM introduced "
		"LEFT JOIN contact AS who ON who.row = introducer "
		"WHERE introduced.contact = ?1 ORDER BY introduced.row");

	kith_bind_int(&q, contact);
	while (more && kith_query_row(&q)) {
		struct kith_introduced i = {
			.introducer = kith_column_int(&q, 0),
			.name = kith_column_span(&q, 1),
			.words = kith_column_span(&q, 2),
			.how = (int)kith_column_int(&q, 3),
			.at = kith_column_int(&q, 4),
			.intro = kith_column_span(&q, 5),
			.grant = kith_column_span(&q, 6),
			.alike = kith_column_int(&q, 7),
		};
		more = fn(ctx, &i);
	}
	return kith_query_end(&q);
}

/* --- what was refused ------------------------------------------------------------------------- */

static enum kith_err count(struct kith_store *store, int64_t contact, int64_t now)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO intro_refused (contact, n, at) SELECT row, 1, ?2 FROM contact "
		"WHERE row = ?1 ON CONFLICT (contact) DO UPDATE SET n = n + 1, at = excluded.at");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, now);
	enum kith_err err = kith_query_run(&q);
	return err || sqlite3_changes(store->db) ? err : KITH_ERR_NOPERSON;
}

enum kith_err kith_store_intro_refused(struct kith_store *store, int64_t contact, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, count(store, contact, now));
}

enum kith_err kith_store_intros_refused(
	struct kith_store *store, int64_t contact, uint64_t *ret_n, int64_t *ret_at)
{
	uint64_t n = 0;
	int64_t at = 0;
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT n, at FROM intro_refused WHERE contact = ?1");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		n = (uint64_t)kith_column_int(&q, 0);
		at = kith_column_int(&q, 1);
	}
	enum kith_err err = kith_query_end(&q);
	if (!err) {
		*ret_n = n;
		*ret_at = at;
	}
	return err;
}
