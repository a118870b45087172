/* SPDX-License-Identifier: MIT */
#include <kith/introduction.h>

#include "base/limits.h"
#include "store/news.h"

/* Introductions that I make: two sides each. */

#define DAY 86400 /* seconds */

bool kith_introduction_over(int64_t at, int64_t now)
{
	return now - at > (int64_t)KITH_INTRODUCTION_DAYS * DAY;
}

const char *kith_side_stage_name(enum kith_side_stage stage)
{
	switch (stage) {
	case KITH_SIDE_TO_ASK:
		return "to-ask";
	case KITH_SIDE_ASKED:
		return "asked";
	case KITH_SIDE_GRANTED:
		return "granted";
	case KITH_SIDE_TOLD:
		return "told";
	case KITH_SIDE_ENDED:
		return "ended";
	}
	return "unknown";
}

/* --- making one ------------------------------------------------------------------------------- */

static enum kith_err can_introduce(struct kith_store *store, int64_t contact)
{
	enum kith_err err = KITH_ERR_NOPERSON;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT ik IS NOT NULL AND EXISTS (SELECT 1 FROM card WHERE contact = ?1 AND held), "
		"EXISTS (SELECT 1 FROM met WHERE contact = ?1), "
		"blocked OR frozen, EXISTS (SELECT 1 FROM introduced WHERE contact = ?1) "
		"FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		bool held = kith_column_int(&q, 0), met = kith_column_int(&q, 1);
		bool quiet = kith_column_int(&q, 2), introduced = kith_column_int(&q, 3);
		err = quiet || (introduced && !met) ? KITH_ERR_STATE
		      : held && met                 ? KITH_OK
						    : KITH_ERR_MISSING;
	}
	return kith_query_end(&q) ? q.err : err;
}

enum kith_err kith_store_can_introduce(struct kith_store *store, int64_t contact)
{
	return can_introduce(store, contact);
}

/* Whether these two were introduced before. */
static enum kith_err find_pair(
	struct kith_store *store, const struct kith_introduction_new *n, bool *ret_found)
{
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT 1 FROM introduction_side AS a JOIN introduction_side AS b "
		"ON b.introduction = a.introduction WHERE a.contact = ?1 AND b.contact = ?2");

	kith_bind_int(&q, n->who[0]);
	kith_bind_int(&q, n->who[1]);
	*ret_found = kith_query_row(&q);
	return kith_query_end(&q);
}

static enum kith_err close_pair(struct kith_store *store, const struct kith_introduction_new *n)
{
	struct kith_query q = kith_query(store,
		"UPDATE introduction SET closed = 1 WHERE row IN (SELECT a.introduction "
		"FROM introduction_side AS a JOIN introduction_side AS b "
		"ON b.introduction = a.introduction WHERE a.contact = ?1 AND b.contact = ?2)");

	kith_bind_int(&q, n->who[0]);
	kith_bind_int(&q, n->who[1]);
	return kith_query_run(&q);
}

static enum kith_err add_side(
	struct kith_store *store, int64_t row, const struct kith_introduction_new *n, int i)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO introduction_side (introduction, contact, ik, salt, at) "
		"SELECT ?1, ?2, ik, ?3, ?4 FROM contact WHERE row = ?2");

	kith_bind_int(&q, row);
	kith_bind_int(&q, n->who[i]);
	kith_bind_blob(&q, n->salt[i], sizeof n->salt[i]);
	kith_bind_int(&q, n->at);
	return kith_query_run(&q);
}

static enum kith_err add(
	struct kith_store *store, const struct kith_introduction_new *n, int64_t *ret_row)
{
	struct kith_query q = kith_query(
		store, "INSERT INTO introduction (id, ik, words, at) VALUES (?1, ?2, ?3, ?4)");

	kith_bind_blob(&q, n->id, sizeof n->id);
	kith_bind_blob(&q, n->ik, sizeof n->ik);
	kith_bind_text(&q, n->words);
	kith_bind_int(&q, n->at);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	*ret_row = sqlite3_last_insert_rowid(store->db);
	for (int i = 0; !err && i < 2; i++)
		err = add_side(store, *ret_row, n, i);
	return err;
}

static enum kith_err introduce(
	struct kith_store *store, const struct kith_introduction_new *n, int64_t *ret_row)
{
	bool before = false;
	enum kith_err err = n->who[0] == n->who[1] ? KITH_ERR_VALUE : KITH_OK;

	for (int i = 0; !err && i < 2; i++)
		err = can_introduce(store, n->who[i]);
	if (!err)
		err = find_pair(store, n, &before);
	if (!err && before)
		err = n->again ? close_pair(store, n) : KITH_ERR_EXISTS;
	return err ? err : add(store, n, ret_row);
}

enum kith_err kith_store_introduce(
	struct kith_store *store, const struct kith_introduction_new *n, int64_t *ret_row)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, introduce(store, n, ret_row));
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Both sides in one row.  A side whose person was forgotten is gone, and is all zero here. */
#define SIDE(s, c)                                                                                 \
	s ".row, " s ".contact, " s ".ik, " s ".salt, " s ".stage, " s ".at, " s ".later, " c      \
	  ".ik = " s ".ik AND NOT " c ".blocked AND NOT " c ".frozen, "                            \
	  "(SELECT max(min(how_mine, coalesce(how_theirs, how_mine))) FROM met WHERE contact = " s \
	  ".contact), " c ".name, " s ".granted, " s ".envelope"
#define SIDE_COLUMNS 12

#define SELECT_BOTH                                                                                    \
	"SELECT i.row, i.id, i.ik, i.words, i.at, i.closed, " SIDE("a", "ca") ", " SIDE("b",           \
		"cb") " FROM introduction AS i "                                                       \
		      "LEFT JOIN introduction_side AS a ON a.introduction = i.row "                    \
		      "LEFT JOIN contact AS ca ON ca.row = a.contact "                                 \
		      "LEFT JOIN introduction_side AS b ON b.introduction = i.row AND b.row <> a.row " \
		      "LEFT JOIN contact AS cb ON cb.row = b.contact "

static void copy(uint8_t *out, size_t n, struct kith_span s)
{
	if (s.n == n) /* a damaged page may say anything */
		memcpy(out, s.p, n);
}

/* kith_intro_how of how well I know them. */
static int how_known(int64_t how)
{
	return how == KITH_HOW_SCANNED ? 1 : how == KITH_HOW_COMPARED ? 0 : 2;
}

static void read_side(const struct kith_query *q, int at, struct kith_side *s)
{
	*s = (struct kith_side){
		.row = kith_column_int(q, at),
		.contact = kith_column_int(q, at + 1),
		.stage = (enum kith_side_stage)kith_column_int(q, at + 4),
		.at = kith_column_int(q, at + 5),
		.later = kith_column_int(q, at + 6),
		.able = kith_column_int(q, at + 7),
		.how = how_known(kith_column_int(q, at + 8)),
		.name = kith_column_span(q, at + 9),
		.grant = kith_column_span(q, at + 10),
		.envelope = kith_column_span(q, at + 11),
	};
	copy(s->ik, sizeof s->ik, kith_column_span(q, at + 2));
	copy(s->salt, sizeof s->salt, kith_column_span(q, at + 3));
}

static void read_both(const struct kith_query *q, struct kith_introduction *i)
{
	*i = (struct kith_introduction){
		.row = kith_column_int(q, 0),
		.words = kith_column_span(q, 3),
		.at = kith_column_int(q, 4),
		.closed = kith_column_int(q, 5),
	};
	copy(i->id, sizeof i->id, kith_column_span(q, 1));
	copy(i->ik, sizeof i->ik, kith_column_span(q, 2));
	read_side(q, 6, &i->side[0]);
	read_side(q, 6 + SIDE_COLUMNS, &i->side[1]);
}

void kith_introduction_free(struct kith_introduction *introduction)
{
	if (!introduction)
		return;
	free(introduction->memory);
	*introduction = (struct kith_introduction){0};
}

/* Moves what s borrows to *at. */
static void move(struct kith_span *s, uint8_t **at)
{
	if (s->n > 0)
		memcpy(*at, s->p, s->n);
	s->p = *at;
	*at += s->n;
}

/* One block holds the bytes of every span. */
static enum kith_err own(struct kith_introduction *i)
{
	struct kith_span *spans[] = {&i->words, &i->side[0].name, &i->side[0].grant,
		&i->side[0].envelope, &i->side[1].name, &i->side[1].grant, &i->side[1].envelope};
	size_t n = 1;

	for (size_t k = 0; k < sizeof spans / sizeof spans[0]; k++)
		n += spans[k]->n;
	uint8_t *at = malloc(n);
	if (!at)
		return KITH_ERR_NOMEM;
	i->memory = at;
	for (size_t k = 0; k < sizeof spans / sizeof spans[0]; k++)
		move(spans[k], &at);
	return KITH_OK;
}

/* The first row of a query, which it ends. */
static enum kith_err read_one(struct kith_query *q, struct kith_introduction *ret)
{
	struct kith_introduction i;
	enum kith_err err = KITH_ERR_MISSING;

	if (kith_query_row(q)) {
		read_both(q, &i);
		err = own(&i);
	}
	if (kith_query_end(q)) {
		if (!err)
			kith_introduction_free(&i);
		err = q->err;
	}
	if (!err)
		*ret = i;
	return err;
}

enum kith_err kith_store_introduction_of_side(
	struct kith_store *store, int64_t side, struct kith_introduction *ret)
{
	struct kith_query q = kith_query(store, SELECT_BOTH "WHERE a.row = ?1");

	kith_bind_int(&q, side);
	return read_one(&q, ret);
}

enum kith_err kith_store_introduction_of_id(struct kith_store *store,
	const uint8_t id[static KITH_INTRODUCTION_ID], struct kith_introduction *ret)
{
	struct kith_query q =
		kith_query(store, SELECT_BOTH "WHERE i.id = ?1 ORDER BY a.row LIMIT 1");

	kith_bind_blob(&q, id, KITH_INTRODUCTION_ID);
	return read_one(&q, ret);
}

enum kith_err kith_store_introduction_of_pair(
	struct kith_store *store, int64_t one, int64_t other, struct kith_introduction *ret)
{
	struct kith_query q = kith_query(store,
		SELECT_BOTH "WHERE a.contact = ?1 AND b.contact = ?2 ORDER BY i.row DESC LIMIT 1");

	kith_bind_int(&q, one);
	kith_bind_int(&q, other);
	return read_one(&q, ret);
}

/* Hands the rows to fn until it says stop, and ends the query. */
static enum kith_err read_all(struct kith_query *q, kith_introduction_fn fn, void *ctx)
{
	struct kith_introduction i;
	bool more = true;

	while (more && kith_query_row(q)) {
		read_both(q, &i);
		more = fn(ctx, &i);
	}
	return kith_query_end(q);
}

enum kith_err kith_store_introductions(struct kith_store *store, kith_introduction_fn fn, void *ctx)
{
	struct kith_query q = kith_query(store,
		SELECT_BOTH "WHERE a.row IS NULL OR b.row IS NULL OR a.row < b.row ORDER BY i.row");

	return read_all(&q, fn, ctx);
}

enum kith_err kith_store_introductions_with(
	struct kith_store *store, int64_t contact, kith_introduction_fn fn, void *ctx)
{
	struct kith_query q = kith_query(store, SELECT_BOTH "WHERE a.contact = ?1 ORDER BY i.row");

	kith_bind_int(&q, contact);
	return read_all(&q, fn, ctx);
}

/* --- what is due, and what was answered ------------------------------------------------------- */

/* Both are there as they were when it was made. */
static bool stands(const struct kith_introduction *i)
{
	return !i->closed && i->side[0].row && i->side[1].row && i->side[0].able && i->side[1].able;
}

bool kith_introduction_proposes(const struct kith_introduction *introduction, int i, int64_t now)
{
	return stands(introduction) && introduction->side[i].stage == KITH_SIDE_TO_ASK &&
	       introduction->side[1 - i].stage != KITH_SIDE_ENDED &&
	       !kith_introduction_over(introduction->at, now);
}

bool kith_introduction_hands(const struct kith_introduction *introduction, int i)
{
	enum kith_side_stage other = introduction->side[1 - i].stage;

	return stands(introduction) && introduction->side[i].stage == KITH_SIDE_GRANTED &&
	       (other == KITH_SIDE_GRANTED || other == KITH_SIDE_TOLD);
}

static enum kith_err run_side(struct kith_store *store, struct kith_query *q)
{
	enum kith_err err = kith_query_run(q);

	return err || sqlite3_changes(store->db) ? err : KITH_ERR_MISSING;
}

static enum kith_err put_stage(
	struct kith_store *store, int64_t side, enum kith_side_stage stage, int64_t now)
{
	struct kith_query q = kith_query(store,
		"UPDATE introduction_side SET at = iif(stage < ?2, ?3, at), later = 0, "
		"stage = max(stage, ?2) WHERE row = ?1");

	kith_bind_int(&q, side);
	kith_bind_int(&q, stage);
	kith_bind_int(&q, now);
	return run_side(store, &q);
}

/* Both have the other's card now. */
static enum kith_err tell_both(
	struct kith_store *store, const struct kith_introduction *i, int64_t now)
{
	return kith_store_news_add(store, &(struct kith_news_line){.kind = KITH_NOTICE_ACQUAINTED,
						  .contact = i->side[0].contact,
						  .number = (uint64_t)i->side[1].contact,
						  .at = now});
}

static enum kith_err go_on(
	struct kith_store *store, int64_t side, enum kith_side_stage stage, int64_t now)
{
	KITH_AUTO(kith_introduction_free) struct kith_introduction i = {0};
	enum kith_err err = kith_store_introduction_of_side(store, side, &i);

	if (!err)
		err = put_stage(store, side, stage, now);
	if (!err && stage == KITH_SIDE_TOLD && i.side[0].stage < KITH_SIDE_TOLD &&
		i.side[1].stage == KITH_SIDE_TOLD)
		err = tell_both(store, &i, now);
	return err;
}

enum kith_err kith_store_side_stage(
	struct kith_store *store, int64_t side, enum kith_side_stage stage, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, go_on(store, side, stage, now));
}

enum kith_err kith_store_side_later(struct kith_store *store, int64_t side)
{
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	struct kith_query q =
		kith_query(store, "UPDATE introduction_side SET later = 1 WHERE row = ?1");
	kith_bind_int(&q, side);
	return kith_db_end(store, run_side(store, &q));
}

static enum kith_err granted(struct kith_store *store, int64_t side, struct kith_span grant,
	struct kith_span envelope, int64_t now, enum kith_came *ret_came)
{
	KITH_AUTO(kith_introduction_free) struct kith_introduction i = {0};
	enum kith_err err = kith_store_introduction_of_side(store, side, &i);

	if (err)
		return err;
	bool again =
		kith_span_eq(i.side[0].grant, grant) && kith_span_eq(i.side[0].envelope, envelope);
	*ret_came = again ? KITH_CAME_AGAIN : KITH_CAME_NEW;
	if (again)
		return KITH_OK;
	if (i.closed || i.side[0].stage == KITH_SIDE_ENDED || i.side[1].stage == KITH_SIDE_TOLD)
		return KITH_ERR_STATE;
	struct kith_query q = kith_query(store,
		"UPDATE introduction_side SET granted = ?2, envelope = ?3, "
		"at = iif(stage < 2, ?4, at), stage = max(stage, 2), later = 0 WHERE row = ?1");
	kith_bind_int(&q, side);
	kith_bind_blob(&q, grant.p, grant.n);
	kith_bind_blob(&q, envelope.p, envelope.n);
	kith_bind_int(&q, now);
	return run_side(store, &q);
}

enum kith_err kith_store_side_granted(struct kith_store *store, int64_t side,
	struct kith_span grant, struct kith_span envelope, int64_t now, enum kith_came *ret_came)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, granted(store, side, grant, envelope, now, ret_came));
}

_Static_assert(KITH_SIDE_GRANTED == 2, "stands in a statement above");
