/* SPDX-License-Identifier: MIT */
#include <kith/introduction.h>

#include "base/limits.h"
#include "store/news.h"

/* Introductions that are proposed to me, and my answers. */

#define DAYS_IN_SECONDS ((int64_t)KITH_INTRODUCTION_DAYS * 86400)

const char *kith_proposal_stage_name(enum kith_proposal_stage stage)
{
	switch (stage) {
	case KITH_PROPOSAL_OPEN:
		return "open";
	case KITH_PROPOSAL_YES:
		return "yes";
	case KITH_PROPOSAL_GRANTED:
		return "granted";
	case KITH_PROPOSAL_NO:
		return "no";
	case KITH_PROPOSAL_DONE:
		return "done";
	}
	return "unknown";
}

/* --- reading ---------------------------------------------------------------------------------- */

#define SELECT_PROPOSAL                                                                            \
	"SELECT p.row, p.contact, p.id, p.aud, p.words, p.at, p.stage, p.later, p.card, "          \
	"p.answered_at, contact.name, contact.ik, p.ik IS NOT contact.ik FROM proposal AS p "      \
	"JOIN contact ON contact.row = p.contact "

static void copy(uint8_t *out, size_t n, struct kith_span s)
{
	if (s.n == n) /* a damaged page may say anything */
		memcpy(out, s.p, n);
}

static void read_row(const struct kith_query *q, struct kith_proposal *p)
{
	*p = (struct kith_proposal){
		.row = kith_column_int(q, 0),
		.contact = kith_column_int(q, 1),
		.words = kith_column_span(q, 4),
		.at = kith_column_int(q, 5),
		.stage = (enum kith_proposal_stage)kith_column_int(q, 6),
		.later = kith_column_int(q, 7),
		.answered_at = kith_column_int(q, 9),
		.name = kith_column_span(q, 10),
		.left = kith_column_int(q, 12) != 0,
	};
	copy(p->id, sizeof p->id, kith_column_span(q, 2));
	copy(p->aud, sizeof p->aud, kith_column_span(q, 3));
	copy(p->card, sizeof p->card, kith_column_span(q, 8));
	copy(p->ik, sizeof p->ik, kith_column_span(q, 11));
}

/* Hands the rows to fn until it says stop, and ends the query. */
static enum kith_err read_all(struct kith_query *q, kith_proposal_fn fn, void *ctx)
{
	struct kith_proposal p;
	bool more = true;

	while (more && kith_query_row(q)) {
		read_row(q, &p);
		more = fn(ctx, &p);
	}
	return kith_query_end(q);
}

enum kith_err kith_store_proposals(
	struct kith_store *store, int64_t contact, kith_proposal_fn fn, void *ctx)
{
	/* two statements: asked about one person, it must not read those of everybody */
	struct kith_query q =
		contact ? kith_query(store, SELECT_PROPOSAL "WHERE p.contact = ?1 ORDER BY p.row")
			: kith_query(store, SELECT_PROPOSAL "ORDER BY p.row");

	if (contact)
		kith_bind_int(&q, contact);
	return read_all(&q, fn, ctx);
}

void kith_proposal_free(struct kith_proposal *proposal)
{
	if (!proposal)
		return;
	free(proposal->memory);
	*proposal = (struct kith_proposal){0};
}

/* One block holds words and name. */
static enum kith_err own(struct kith_proposal *p)
{
	uint8_t *at = malloc(p->words.n + p->name.n + 1);

	if (!at)
		return KITH_ERR_NOMEM;
	p->memory = at;
	if (p->words.n > 0)
		memcpy(at, p->words.p, p->words.n);
	p->words.p = at;
	at += p->words.n;
	if (p->name.n > 0)
		memcpy(at, p->name.p, p->name.n);
	p->name.p = at;
	return KITH_OK;
}

enum kith_err kith_store_proposal(struct kith_store *store, int64_t row, struct kith_proposal *ret)
{
	struct kith_proposal p;
	enum kith_err err = KITH_ERR_MISSING;
	KITH_QUERY struct kith_query q = kith_query(store, SELECT_PROPOSAL "WHERE p.row = ?1");

	kith_bind_int(&q, row);
	if (kith_query_row(&q)) {
		read_row(&q, &p);
		err = own(&p);
	}
	if (kith_query_end(&q)) {
		if (!err)
			kith_proposal_free(&p);
		err = q.err;
	}
	if (!err)
		*ret = p;
	return err;
}

/* --- one that came ---------------------------------------------------------------------------- */

/* Whether that id is known from this introducer, and says the same. */
static enum kith_err find_same(
	struct kith_store *store, const struct kith_proposal *p, bool *ret_known, bool *ret_same)
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT aud = ?3 AND words = ?4 FROM proposal WHERE contact = ?1 AND id = ?2");

	kith_bind_int(&q, p->contact);
	kith_bind_blob(&q, p->id, sizeof p->id);
	kith_bind_blob(&q, p->aud, sizeof p->aud);
	kith_bind_text(&q, p->words);
	*ret_known = kith_query_row(&q);
	*ret_same = *ret_known && kith_column_int(&q, 0);
	return kith_query_end(&q);
}

_Static_assert(KITH_PROPOSAL_OPEN == 0 && KITH_PROPOSAL_YES == 1 && KITH_PROPOSAL_GRANTED == 2 &&
		       KITH_PROPOSAL_NO == 3 && KITH_PROPOSAL_DONE == 4,
	"stand in the statements below");

/* KITH_ERR_LIMIT: as many wait as may.  Those of a key that was left wait for nothing.  A no counts as what it was before:
 * by the room that it makes, it would be heard. */
static enum kith_err check_room(struct kith_store *store, const struct kith_proposal *p)
{
	int64_t all = 0, each = 0;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT count(*), coalesce(sum(contact = ?1), 0) FROM proposal AS p "
		"JOIN contact ON contact.row = p.contact AND contact.ik = p.ik "
		"WHERE NOT blocked AND (stage IN (1, 2) OR (stage = 3 AND card IS NOT NULL) "
		"OR (stage IN (0, 3) AND ?2 - at <= ?3))");

	kith_bind_int(&q, p->contact);
	kith_bind_int(&q, p->at);
	kith_bind_int(&q, DAYS_IN_SECONDS);
	if (kith_query_row(&q)) {
		all = kith_column_int(&q, 0);
		each = kith_column_int(&q, 1);
	}
	enum kith_err err = kith_query_end(&q);
	if (!err && (all >= KITH_INTRODUCTIONS_MAX || each >= KITH_INTRODUCTIONS_EACH))
		err = KITH_ERR_LIMIT;
	return err;
}

enum kith_err kith_store_may_propose(struct kith_store *store, int64_t contact)
{
	enum kith_err err = KITH_ERR_NOPERSON;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT NOT blocked AND NOT frozen AND EXISTS (SELECT 1 FROM met WHERE contact = ?1) "
		"FROM contact WHERE row = ?1 AND ik IS NOT NULL");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q))
		err = kith_column_int(&q, 0) ? KITH_OK : KITH_ERR_STATE;
	return kith_query_end(&q) ? q.err : err;
}

static enum kith_err add(struct kith_store *store, const struct kith_proposal *p)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO proposal (contact, ik, id, aud, words, at) "
				  "SELECT row, ik, ?2, ?3, ?4, ?5 FROM contact WHERE row = ?1");

	kith_bind_int(&q, p->contact);
	kith_bind_blob(&q, p->id, sizeof p->id);
	kith_bind_blob(&q, p->aud, sizeof p->aud);
	kith_bind_text(&q, p->words);
	kith_bind_int(&q, p->at);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	return kith_store_news_add(
		store, &(struct kith_news_line){.kind = KITH_NOTICE_PROPOSED,
			       .contact = p->contact,
			       .number = (uint64_t)sqlite3_last_insert_rowid(store->db),
			       .text = p->words,
			       .at = p->at});
}

static enum kith_err proposed(
	struct kith_store *store, const struct kith_proposal *p, enum kith_came *ret_came)
{
	bool known = false, same = false;
	enum kith_err err = kith_store_may_propose(store, p->contact);

	if (!err)
		err = find_same(store, p, &known, &same);
	*ret_came = known ? KITH_CAME_AGAIN : KITH_CAME_NEW;
	if (err || known)
		return err || same ? err : KITH_ERR_CONFLICT;
	if ((err = check_room(store, p)))
		return err;
	return add(store, p);
}

enum kith_err kith_store_proposed(
	struct kith_store *store, const struct kith_proposal *p, enum kith_came *ret_came)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, proposed(store, p, ret_came));
}

/* --- answers ---------------------------------------------------------------------------------- */

static enum kith_err has_card(struct kith_store *store, const uint8_t card[static 8])
{
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT 1 FROM my_card WHERE card = ?1 AND gone = 0");

	kith_bind_blob(&q, card, 8);
	bool there = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || there ? err : KITH_ERR_MISSING;
}

/* Whether an answer may still be given. */
static enum kith_err may_answer(const struct kith_proposal *p, bool yes, int64_t now)
{
	if (p->stage == KITH_PROPOSAL_DONE || (yes && p->stage == KITH_PROPOSAL_NO))
		return KITH_ERR_STATE;
	if (yes && p->left)
		return KITH_ERR_STALEKEY;
	if (yes && p->stage == KITH_PROPOSAL_OPEN && kith_introduction_over(p->at, now))
		return KITH_ERR_TIMEOUT;
	return KITH_OK;
}

static enum kith_err put_answer(
	struct kith_store *store, int64_t row, const uint8_t *card, int64_t now)
{
	/* the same card again for a yes that was heard is nothing new; with a yes that nobody has heard goes its card */
	struct kith_query q = kith_query(store,
		"UPDATE proposal SET stage = CASE WHEN ?2 IS NULL THEN 3 "
		"WHEN stage = 2 AND card = ?2 THEN 2 ELSE 1 END, "
		"answered_at = iif(stage IN (1, 2) AND card = ?2, answered_at, ?3), "
		"card = iif(?2 IS NULL AND stage = 1, NULL, coalesce(?2, card)), later = 0 "
		"WHERE row = ?1");

	kith_bind_int(&q, row);
	if (card)
		kith_bind_blob(&q, card, 8);
	else
		kith_bind_null(&q);
	kith_bind_int(&q, now);
	return kith_query_run(&q);
}

static enum kith_err answer(struct kith_store *store, int64_t row, const uint8_t *card, int64_t now)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	enum kith_err err = kith_store_proposal(store, row, &p);

	if (!err && card)
		err = has_card(store, card);
	if (!err)
		err = may_answer(&p, card != NULL, now);
	return err ? err : put_answer(store, row, card, now);
}

enum kith_err kith_store_proposal_answer(
	struct kith_store *store, int64_t row, const uint8_t *card, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, answer(store, row, card, now));
}

enum kith_err kith_store_proposal_told(struct kith_store *store, int64_t row)
{
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	struct kith_query q = kith_query(
		store, "UPDATE proposal SET stage = 2, later = 0 WHERE row = ?1 AND stage = 1");
	kith_bind_int(&q, row);
	return kith_db_end(store, kith_query_run(&q));
}

enum kith_err kith_store_proposal_later(struct kith_store *store, int64_t row)
{
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	struct kith_query q = kith_query(store, "UPDATE proposal SET later = 1 WHERE row = ?1");
	kith_bind_int(&q, row);
	return kith_db_end(store, kith_query_run(&q));
}
