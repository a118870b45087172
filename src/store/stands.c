/* SPDX-License-Identifier: MIT */
#include "store/stands.h"

#include "store/words.h"

/* --- a function of the index ------------------------------------------------------------------ */

/* places(words): a bit for each column in which a phrase of the query stands, the first one the lowest. */
static void places(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int argc,
	sqlite3_value **argv)
{
	Fts5PhraseIter at;
	int64_t found = 0;
	int column;

	(void)argc;
	(void)argv;
	for (int i = 0; i < api->xPhraseCount(fts); i++) {
		if (api->xPhraseFirstColumn(fts, i, &at, &column))
			continue;
		for (; column >= 0; api->xPhraseNextColumn(fts, &at, &column))
			found |= INT64_C(1) << column;
	}
	sqlite3_result_int64(ctx, found);
}

/* The way to it that SQLite documents (fts5.html, section 7). */
static enum kith_err find_api(struct kith_store *store, fts5_api **ret)
{
	sqlite3_stmt *stmt = NULL;
	enum kith_err err = KITH_OK;

	*ret = NULL;
	if (sqlite3_prepare_v2(store->db, "SELECT fts5(?1)", -1, &stmt, NULL) != SQLITE_OK ||
		sqlite3_bind_pointer(stmt, 1, ret, "fts5_api_ptr", NULL) != SQLITE_OK ||
		sqlite3_step(stmt) != SQLITE_ROW)
		err = kith_db_fail(store);
	(void)sqlite3_finalize(stmt);
	return err || *ret ? err : KITH_ERR_INTERNAL;
}

static enum kith_err make_ready(struct kith_store *store)
{
	fts5_api *api;
	enum kith_err err;

	if (store->places)
		return KITH_OK;
	if ((err = find_api(store, &api)))
		return err;
	if (api->xCreateFunction(api, "places", NULL, places, NULL) != SQLITE_OK)
		return KITH_ERR_NOMEM;
	store->places = true;
	return KITH_OK;
}

/* --- by the index ----------------------------------------------------------------------------- */

/* Rows of contact and places. */
static enum kith_err each(struct kith_query *q, kith_stands_fn fn, void *ctx, bool *more)
{
	while (*more && kith_query_row(q)) {
		uint32_t where = (uint32_t)kith_column_int(q, 1);
		if (where)
			*more = fn(ctx, kith_column_int(q, 0), where);
	}
	return kith_query_end(q);
}

#define WHERE_IS                                                                                   \
	"where_is(?2, words.name, words.offers, words.asks, words.title, words.org, words.tags, "  \
	"words.promised, words.text)"

/* The index knows letters and digits only, so what stands between them is looked at here. */
static enum kith_err in_words(struct kith_store *store, struct kith_span query,
	struct kith_span word, kith_stands_fn fn, void *ctx, bool *more)
{
	struct kith_query q;

	if (kith_words_plain(word)) {
		q = kith_query(
			store, "SELECT rowid, places(words) FROM words WHERE words MATCH ?1");
		kith_bind_text(&q, query);
	} else {
		q = kith_query(store, "SELECT rowid, places(words) & " WHERE_IS
				      " FROM words WHERE words MATCH ?1");
		kith_bind_text(&q, query);
		kith_bind_text(&q, word);
	}
	return each(&q, fn, ctx, more);
}

_Static_assert(KITH_PLACE_SAID == 64 && KITH_PLACE_ASKS == 4 && KITH_REMARK_NOTE == 0,
	"stand in the statements below");

/* Of a row of remark: a note that begins with "asks:" stands where a field of that name does. */
#define WHERE_SAID "iif(kind = 0 AND remark.fold LIKE 'asks:%', 4, 64)"

/* Notes that begin so, of those that have the word. */
#define ASKS                                                                                       \
	"SELECT remark.row FROM said CROSS JOIN remark ON remark.row = said.rowid WHERE said "     \
	"MATCH ?2 AND kind = 0 AND remark.fold LIKE 'asks:%'"

/* CROSS: from the hits to whose they are, by an index that holds just that. */
#define SAID(places)                                                                               \
	"SELECT remark.contact, " places " FROM said CROSS JOIN remark INDEXED BY remark_whose "   \
	"ON remark.row = said.rowid WHERE said MATCH ?1"

static enum kith_err anybody_asks(struct kith_store *store, struct kith_span asks, bool *ret)
{
	struct kith_query q = kith_query(store, ASKS " LIMIT 1");

	kith_bind_null(&q);
	kith_bind_text(&q, asks);
	*ret = kith_query_row(&q);
	return kith_query_end(&q);
}

/* A note is looked at only where one asks: of the others the index says whose they are. */
static enum kith_err in_said_plain(
	struct kith_store *store, struct kith_span query, kith_stands_fn fn, void *ctx, bool *more)
{
	KITH_AUTO_BUF struct kith_buf asks = {0};
	bool any = false;
	enum kith_err err =
		kith_buf_printf(&asks, "^asks AND %.*s", (int)query.n, (const char *)query.p);

	if (!err)
		err = anybody_asks(store, kith_buf_span(&asks), &any);
	if (err)
		return err;
	struct kith_query q =
		kith_query(store, any ? SAID("iif(said.rowid IN (" ASKS "), 4, 64)") : SAID("64"));
	kith_bind_text(&q, query);
	if (any)
		kith_bind_text(&q, kith_buf_span(&asks));
	return each(&q, fn, ctx, more);
}

static enum kith_err in_said(struct kith_store *store, struct kith_span query,
	struct kith_span word, kith_stands_fn fn, void *ctx, bool *more)
{
	if (kith_words_plain(word))
		return in_said_plain(store, query, fn, ctx, more);
	struct kith_query q = kith_query(store,
		"SELECT remark.contact, iif(where_is(?2, remark.fold), " WHERE_SAID
		", 0) FROM said CROSS JOIN remark ON remark.row = said.rowid WHERE said MATCH ?1");
	kith_bind_text(&q, query);
	kith_bind_text(&q, word);
	return each(&q, fn, ctx, more);
}

enum kith_err kith_stands(struct kith_store *store, const char *column, struct kith_span word,
	bool whole, kith_stands_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf query = {0};
	bool more = true;
	enum kith_err err = make_ready(store);

	if (!err)
		err = kith_words_query(&query, column, word, whole);
	if (!err)
		err = in_words(store, kith_buf_span(&query), word, fn, ctx, &more);
	if (!err && more && !column)
		err = in_said(store, kith_buf_span(&query), word, fn, ctx, &more);
	return err;
}

enum kith_err kith_store_stands(
	struct kith_store *store, struct kith_span word, bool whole, kith_stands_fn fn, void *ctx)
{
	/* where a word begins anywhere the index is of no use */
	if (kith_words_run_on(word))
		return kith_stands_inside(store, word, true, fn, ctx);
	return kith_stands(store, NULL, word, whole, fn, ctx);
}

/* --- from end to end -------------------------------------------------------------------------- */

static enum kith_err inside_said(
	struct kith_store *store, struct kith_span part, kith_stands_fn fn, void *ctx, bool *more)
{
	struct kith_query q = kith_query(
		store, "SELECT contact, iif(where_is(?1, fold), " WHERE_SAID ", 0) FROM remark");

	kith_bind_text(&q, part);
	return each(&q, fn, ctx, more);
}

enum kith_err kith_stands_inside(
	struct kith_store *store, struct kith_span part, bool said, kith_stands_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT contact, where_is(?1, name, offers, asks, title, org, tags, promised, text) "
		"FROM search");

	kith_bind_text(&q, part);
	enum kith_err err = each(&q, fn, ctx, &more);
	return err || !said || !more ? err : inside_said(store, part, fn, ctx, &more);
}

enum kith_err kith_stands_said(
	struct kith_store *store, struct kith_span word, kith_stands_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf query = {0};
	bool more = true;
	enum kith_err err = kith_words_query(&query, NULL, word, false);

	if (!err && kith_words_run_on(word))
		return inside_said(store, word, fn, ctx, &more);
	return err ? err : in_said(store, kith_buf_span(&query), word, fn, ctx, &more);
}

enum kith_err kith_stands_wished(struct kith_store *store, const char *begin, struct kith_span word,
	kith_stands_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf query = {0};
	bool more = true;
	enum kith_err err = kith_buf_printf(&query, "^%s", begin);

	if (!err && !kith_words_run_on(word)) {
		err = kith_buf_add_str(&query, " AND ");
		if (!err)
			err = kith_words_query(&query, NULL, word, false);
	}
	if (err)
		return err;
	struct kith_query q = kith_query(store,
		"SELECT remark.contact, iif(where_is(?2, substr(remark.fold, length(?3) + 2)), 64, 0) FROM "
		"said CROSS JOIN remark ON remark.row = said.rowid WHERE said MATCH ?1 AND kind = 0 AND "
		"remark.fold LIKE ?3 || ':%'");
	kith_bind_text(&q, kith_buf_span(&query));
	kith_bind_text(&q, word);
	kith_bind_text(&q, kith_span_str(begin));
	return each(&q, fn, ctx, &more);
}

/* --- the vocabulary --------------------------------------------------------------------------- */

static enum kith_err each_word(
	struct kith_query *q, struct kith_span begin, kith_vocabulary_fn fn, void *ctx, bool *more)
{
	while (*more && kith_query_row(q)) {
		struct kith_span word = kith_column_span(q, 0);
		if (word.n < begin.n || memcmp(word.p, begin.p, begin.n) != 0)
			break;
		*more = fn(ctx, word, (size_t)kith_column_int(q, 1));
	}
	return kith_query_end(q);
}

enum kith_err kith_store_vocabulary(struct kith_store *store, struct kith_span word, bool whole,
	kith_vocabulary_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q =
		whole ? kith_query(store, "SELECT term, doc FROM words_known WHERE term = ?1")
		      : kith_query(store, "SELECT term, doc FROM words_known WHERE term >= ?1");

	kith_bind_text(&q, word);
	enum kith_err err = each_word(&q, word, fn, ctx, &more);
	if (err || !more)
		return err;
	q = whole ? kith_query(store, "SELECT term, doc FROM words_said WHERE term = ?1")
		  : kith_query(store, "SELECT term, doc FROM words_said WHERE term >= ?1");
	kith_bind_text(&q, word);
	return each_word(&q, word, fn, ctx, &more);
}

/* --- how people stand to me ------------------------------------------------------------------- */

static enum kith_err each_standing(struct kith_query *q, kith_standing_fn fn, void *ctx, bool *more)
{
	while (*more && kith_query_row(q)) {
		struct kith_standing s = {.contact = kith_column_int(q, 0),
			.ring = (uint32_t)kith_column_int(q, 1),
			.left_out = kith_column_int(q, 2),
			.introduced = kith_column_int(q, 3),
			.let_go = kith_column_int(q, 4)};
		*more = fn(ctx, &s);
	}
	return kith_query_end(q);
}

static enum kith_err count(struct kith_store *store, size_t *ret_people, int64_t *ret_most)
{
	struct kith_query q = kith_query(store,
		"SELECT (SELECT count(*) FROM contact), (SELECT coalesce(max(row), 0) FROM contact)");

	*ret_people = 0;
	*ret_most = 0;
	if (kith_query_row(&q)) {
		*ret_people = (size_t)kith_column_int(&q, 0);
		*ret_most = kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

_Static_assert(KITH_REVIEW_LETGO == 3 && KITH_CONTACT_INTRODUCED == 2,
	"stand in the statements of this folder");

enum kith_err kith_store_standings(struct kith_store *store, kith_standing_fn fn, void *ctx,
	size_t *ret_people, int64_t *ret_most)
{
	bool more = true;
	enum kith_err err = count(store, ret_people, ret_most);

	if (err)
		return err;
	/* both by an index that holds all that is asked */
	struct kith_query q = kith_query(store,
		"SELECT contact.row, place, 0, 0, 0 FROM ring CROSS JOIN contact ON contact.ring = "
		"ring.row");
	if ((err = each_standing(&q, fn, ctx, &more)) || !more)
		return err;
	q = kith_query(store,
		"SELECT row, 0, review = 3 OR blocked, state = 2, review = 3 AND NOT blocked FROM contact INDEXED BY "
		"contact_standing WHERE review = 3 OR blocked OR state = 2");
	return each_standing(&q, fn, ctx, &more);
}
