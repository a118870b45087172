/* SPDX-License-Identifier: MIT */
#include "store/search.h"

#include "base/text.h"

enum kith_err kith_search_text(struct kith_buf *text, struct kith_span more)
{
	enum kith_err err = more.n ? kith_fold(text, more) : KITH_OK;

	if (!err && more.n)
		err = kith_buf_add(text, "\n", 1);
	return err;
}

enum kith_err kith_search_digits(struct kith_buf *out, struct kith_span value)
{
	uint8_t digits[64];
	size_t n = 0;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < value.n; i++) {
		if (value.p[i] >= '0' && value.p[i] <= '9')
			digits[n++] = value.p[i];
		if (n == sizeof digits) {
			err = kith_buf_add(out, digits, n);
			n = 0;
		}
	}
	return err ? err : kith_buf_add(out, digits, n);
}

static struct kith_buf *part_of(struct kith_search *s, uint32_t kind)
{
	switch (kind) {
	case KITH_FIELD_OFFERS:
		return &s->offers;
	case KITH_FIELD_ASKS:
		return &s->asks;
	case KITH_FIELD_TITLE:
		return &s->title;
	case KITH_FIELD_ORG:
	case KITH_FIELD_UNIT:
		return &s->org;
	default:
		return &s->text;
	}
}

enum kith_err kith_search_field(struct kith_search *s, uint32_t kind, struct kith_span value)
{
	enum kith_err err = kith_search_text(part_of(s, kind), value);
	size_t start = s->text.n;

	if (err || kind != KITH_FIELD_TEL)
		return err;
	if (!(err = kith_search_digits(&s->text, value)) && s->text.n > start)
		err = kith_buf_add(&s->text, "\n", 1);
	return err;
}

#define PARTS "name, offers, asks, title, org, tags, promised, text"

static void bind_parts(struct kith_query *q, const struct kith_search *s)
{
	const struct kith_buf *parts[] = {&s->name, &s->offers, &s->asks, &s->title, &s->org,
		&s->tags, &s->promised, &s->text};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		kith_bind_text(q, kith_buf_span(parts[i]));
}

static enum kith_err write_texts(struct kith_query *q, int64_t contact, const struct kith_search *s)
{
	kith_bind_int(q, contact);
	bind_parts(q, s);
	return kith_query_run(q);
}

enum kith_err kith_search_add(
	struct kith_store *store, int64_t contact, const struct kith_search *s)
{
	struct kith_query q = kith_query(store, "INSERT INTO search (contact, " PARTS
						") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	enum kith_err err = write_texts(&q, contact, s);

	if (err)
		return err;
	q = kith_query(store,
		"INSERT INTO words (rowid, " PARTS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	return write_texts(&q, contact, s);
}

enum kith_err kith_search_remove(struct kith_store *store, int64_t contact)
{
	/* the index forgets by what it was told */
	struct kith_query q = kith_query(store,
		"INSERT INTO words (words, rowid, " PARTS ") SELECT 'delete', contact, " PARTS
		" FROM search WHERE contact = ?1");

	kith_bind_int(&q, contact);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "DELETE FROM search WHERE contact = ?1");
	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

enum kith_err kith_search_put(
	struct kith_store *store, int64_t contact, const struct kith_search *s)
{
	struct kith_query q = kith_query(store,
		"SELECT name = ?2 AND offers = ?3 AND asks = ?4 AND title = ?5 AND org = ?6 AND tags "
		"= ?7 AND promised = ?8 AND text = ?9 FROM search WHERE contact = ?1");

	kith_bind_int(&q, contact);
	bind_parts(&q, s);
	bool same = kith_query_row(&q) && kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	if (err || same)
		return err;
	err = kith_search_remove(store, contact);
	return err ? err : kith_search_add(store, contact, s);
}

static enum kith_err add_fields(struct kith_store *store, int64_t contact, struct kith_search *s)
{
	enum kith_err err = KITH_OK;
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT kind, value FROM field WHERE contact = ?1 AND value != "
				  "(SELECT name FROM contact WHERE row = ?1) ORDER BY entry, seq");

	kith_bind_int(&q, contact);
	while (!err && kith_query_row(&q))
		err = kith_search_field(
			s, (uint32_t)kith_column_int(&q, 0), kith_column_span(&q, 1));
	enum kith_err done = kith_query_end(&q);
	return err ? err : done;
}

/* The one column of a query, each row a text. */
static enum kith_err add_texts(
	struct kith_store *store, const char *sql, int64_t contact, struct kith_buf *text)
{
	enum kith_err err = KITH_OK;
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, contact);
	while (!err && kith_query_row(&q))
		err = kith_search_text(text, kith_column_span(&q, 0));
	enum kith_err done = kith_query_end(&q);
	return err ? err : done;
}

static enum kith_err add_name(struct kith_store *store, int64_t contact, struct kith_buf *name)
{
	struct kith_span fold;
	enum kith_err err = KITH_OK;
	struct kith_query q = kith_query(store, "SELECT fold FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		fold = kith_column_span(&q, 0);
		err = kith_buf_add(name, fold.p, fold.n);
	}
	enum kith_err done = kith_query_end(&q);
	return err ? err : done;
}

static enum kith_err gather(struct kith_store *store, int64_t contact, struct kith_search *s)
{
	enum kith_err err = add_fields(store, contact, s);

	if (!err)
		err = add_texts(store, "SELECT name FROM tag WHERE contact = ?1 ORDER BY fold",
			contact, &s->tags);
	if (!err)
		err = add_texts(store,
			"SELECT words FROM entry WHERE contact = ?1 ORDER BY home IS NOT NULL, row",
			contact, &s->text);
	if (!err)
		err = add_texts(store,
			"SELECT DISTINCT event FROM met WHERE contact = ?1 UNION SELECT name FROM "
			"event_guest JOIN event ON event.row = event WHERE contact = ?1",
			contact, &s->text);
	if (!err)
		err = add_texts(store, "SELECT text FROM promise WHERE contact = ?1 ORDER BY row",
			contact, &s->promised);
	if (!err)
		err = add_texts(store,
			"SELECT words FROM relation WHERE a = ?1 OR b = ?1 ORDER BY a, b", contact,
			&s->text);
	return err ? err : add_name(store, contact, &s->name);
}

enum kith_err kith_search_refresh(struct kith_store *store, int64_t contact)
{
	KITH_AUTO(kith_search_free) struct kith_search s = {0};
	enum kith_err err = gather(store, contact, &s);

	return err ? err : kith_search_put(store, contact, &s);
}
