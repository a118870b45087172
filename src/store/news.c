/* SPDX-License-Identifier: MIT */
#include "store/news.h"

#include <kith/cards.h>
#include <kith/introduction.h>

#include "base/limits.h"

const char *kith_notice_name(enum kith_notice_kind kind)
{
	switch (kind) {
	case KITH_NOTICE_MET:
		return "met";
	case KITH_NOTICE_CARD:
		return "card";
	case KITH_NOTICE_DELIVERED:
		return "delivered";
	case KITH_NOTICE_ROTATED:
		return "rotated";
	case KITH_NOTICE_FROZEN:
		return "frozen";
	case KITH_NOTICE_THAWED:
		return "thawed";
	case KITH_NOTICE_CONFLICT:
		return "conflict";
	case KITH_NOTICE_RETURNED:
		return "returned";
	case KITH_NOTICE_EVIDENCE:
		return "evidence";
	case KITH_NOTICE_PROPOSED:
		return "proposed";
	case KITH_NOTICE_INTRODUCED:
		return "introduced";
	case KITH_NOTICE_TAKEBACK:
		return "takeback";
	case KITH_NOTICE_RESPONSE:
		return "response";
	case KITH_NOTICE_COMPLETED:
		return "completed";
	case KITH_NOTICE_JUMP:
		return "jump";
	case KITH_NOTICE_BEYOND:
		return "beyond";
	case KITH_NOTICE_ACQUAINTED:
		return "acquainted";
	case KITH_NOTICE_REVOKED:
		return "revoked";
	}
	return "unknown";
}

/* --- writing ---------------------------------------------------------------------------------- */

static void bind_row(struct kith_query *q, int64_t row)
{
	if (row)
		kith_bind_int(q, row);
	else
		kith_bind_null(q);
}

/* Who changes a card again and again must not drive out what others did. */
static enum kith_err thin(struct kith_store *store, int64_t contact)
{
	struct kith_query q = kith_query(store,
		"DELETE FROM news WHERE contact = ?1 AND row <= (SELECT row FROM news "
		"WHERE contact = ?1 ORDER BY row DESC LIMIT 1 OFFSET ?2)");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, KITH_NEWS_EACH);
	return kith_query_run(&q);
}

/* Cut between characters: a byte 10xxxxxx does not begin one. */
static struct kith_span cut(struct kith_span text)
{
	if (text.n <= KITH_NEWS_TEXT_MAX)
		return text;
	text.n = KITH_NEWS_TEXT_MAX;
	while (text.n > 0 && (text.p[text.n] & 0xc0) == 0x80)
		text.n--;
	return text;
}

enum kith_err kith_store_news_add(struct kith_store *store, const struct kith_news_line *line)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO news (at, kind, contact, old, new, number, text) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	kith_bind_int(&q, line->at);
	kith_bind_int(&q, line->kind);
	bind_row(&q, line->contact);
	bind_row(&q, line->before);
	bind_row(&q, line->now);
	kith_bind_int(&q, (int64_t)line->number);
	kith_bind_text(&q, cut(line->text));
	enum kith_err err = kith_query_run(&q);
	if (!err && line->contact)
		err = thin(store, line->contact);
	if (err)
		return err;
	q = kith_query(store, "DELETE FROM news WHERE row <= (SELECT row FROM news "
			      "ORDER BY row DESC LIMIT 1 OFFSET ?1)");
	kith_bind_int(&q, KITH_NEWS_MAX);
	return kith_query_run(&q);
}

enum kith_err kith_store_news_uncard(struct kith_store *store, int64_t card_row)
{
	struct kith_query q = kith_query(store,
		"UPDATE news SET old = nullif(old, ?1), new = nullif(new, ?1) WHERE contact = "
		"(SELECT contact FROM card WHERE row = ?1)");

	kith_bind_int(&q, card_row);
	return kith_query_run(&q);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_key(const struct kith_query *q, int column, uint8_t out[static KITH_KEY_BYTES])
{
	struct kith_span ik = kith_column_span(q, column);

	if (ik.n == KITH_KEY_BYTES)
		memcpy(out, ik.p, ik.n);
	return ik.n == KITH_KEY_BYTES;
}

static void read_notice(const struct kith_query *q, struct kith_notice *notice)
{
	*notice = (struct kith_notice){.row = kith_column_int(q, 0),
		.at = kith_column_int(q, 1),
		.kind = (enum kith_notice_kind)kith_column_int(q, 2),
		.contact = kith_column_int(q, 3),
		.name = kith_column_span(q, 4),
		.before = kith_column_span(q, 6),
		.now = kith_column_span(q, 7),
		.live = kith_column_int(q, 8),
		.number = (uint64_t)kith_column_int(q, 9),
		.text = kith_column_span(q, 10),
		.other = kith_column_int(q, 11),
		.other_name = kith_column_span(q, 12)};
	notice->settled = kith_column_int(q, 14);
	notice->has_key = read_key(q, 5, notice->ik);
	notice->other_has_key = read_key(q, 13, notice->other_ik);
}

_Static_assert(KITH_NOTICE_INTRODUCED == 11 && KITH_NOTICE_ACQUAINTED == 17 &&
		       KITH_NOTICE_PROPOSED == 10 && KITH_NOTICE_TAKEBACK == 12 &&
		       KITH_PROPOSAL_OPEN == 0 && KITH_LETGO_OPEN == 0,
	"stand in the statement below");

enum kith_err kith_store_news_each(
	struct kith_store *store, int64_t after, kith_notice_fn fn, void *ctx)
{
	struct kith_notice notice;
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT news.row, news.at, news.kind, news.contact, contact.name, contact.ik, "
		"old.envelope, new.envelope, new.live, news.number, news.text, "
		"other.row, other.name, other.ik, "
		"CASE news.kind WHEN 10 THEN NOT EXISTS (SELECT 1 FROM proposal WHERE "
		"row = news.number AND stage = 0) WHEN 12 THEN NOT EXISTS (SELECT 1 FROM letgo "
		"WHERE contact = news.contact AND answer = 0) ELSE 0 END FROM news "
		"LEFT JOIN contact ON contact.row = news.contact "
		"LEFT JOIN contact AS other ON other.row = news.number AND news.kind IN (11, 17) "
		"LEFT JOIN card AS old ON old.row = news.old AND old.contact = news.contact "
		"LEFT JOIN card AS new ON new.row = news.new AND new.contact = news.contact "
		"WHERE news.row > ?1 ORDER BY news.row");

	kith_bind_int(&q, after);
	while (more && kith_query_row(&q)) {
		read_notice(&q, &notice);
		more = fn(ctx, &notice);
	}
	return kith_query_end(&q);
}

enum kith_err kith_store_news_upto(struct kith_store *store, int64_t *ret_last, int64_t *ret_read)
{
	int64_t last = 0;
	int64_t seen = 0;
	struct kith_query q = kith_query(
		store, "SELECT (SELECT max(row) FROM news), (SELECT upto FROM news_read)");

	if (kith_query_row(&q)) {
		last = kith_column_int(&q, 0);
		seen = kith_column_int(&q, 1);
	}
	enum kith_err err = kith_query_end(&q);
	if (err)
		return err;
	*ret_last = last;
	*ret_read = seen;
	return KITH_OK;
}

enum kith_err kith_store_news_read(struct kith_store *store, int64_t upto)
{
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	struct kith_query q = kith_query(store,
		"INSERT INTO news_read (one, upto) VALUES (1, ?1) ON CONFLICT (one) "
		"DO UPDATE SET upto = max(upto, excluded.upto)");
	kith_bind_int(&q, upto);
	return kith_db_end(store, kith_query_run(&q));
}
