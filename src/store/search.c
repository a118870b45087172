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

enum kith_err kith_search_field(struct kith_buf *text, uint32_t kind, struct kith_span value)
{
	size_t start = text->n;
	enum kith_err err = kith_search_text(text, value);

	if (err || kind != KITH_FIELD_TEL)
		return err;
	start = text->n;
	if (!(err = kith_search_digits(text, value)) && text->n > start)
		err = kith_buf_add(text, "\n", 1);
	return err;
}

static enum kith_err write_texts(
	struct kith_query *q, int64_t contact, struct kith_span name, struct kith_span text)
{
	kith_bind_int(q, contact);
	kith_bind_text(q, name);
	kith_bind_text(q, text);
	return kith_query_run(q);
}

enum kith_err kith_search_add(
	struct kith_store *store, int64_t contact, struct kith_span name, struct kith_span text)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO search (contact, name, text) VALUES (?1, ?2, ?3)");
	enum kith_err err = write_texts(&q, contact, name, text);

	if (err)
		return err;
	q = kith_query(store, "INSERT INTO words (rowid, name, text) VALUES (?1, ?2, ?3)");
	return write_texts(&q, contact, name, text);
}

enum kith_err kith_search_remove(struct kith_store *store, int64_t contact)
{
	/* the index forgets by what it was told */
	struct kith_query q = kith_query(store,
		"INSERT INTO words (words, rowid, name, text) "
		"SELECT 'delete', contact, name, text FROM search WHERE contact = ?1");

	kith_bind_int(&q, contact);
	enum kith_err err = kith_query_run(&q);
	if (err)
		return err;
	q = kith_query(store, "DELETE FROM search WHERE contact = ?1");
	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}

enum kith_err kith_search_put(
	struct kith_store *store, int64_t contact, struct kith_span name, struct kith_span text)
{
	struct kith_query q =
		kith_query(store, "SELECT name = ?2 AND text = ?3 FROM search WHERE contact = ?1");

	kith_bind_int(&q, contact);
	kith_bind_text(&q, name);
	kith_bind_text(&q, text);
	bool same = kith_query_row(&q) && kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	if (err || same)
		return err;
	err = kith_search_remove(store, contact);
	return err ? err : kith_search_add(store, contact, name, text);
}

static enum kith_err add_fields(struct kith_store *store, int64_t contact, struct kith_buf *text)
{
	enum kith_err err = KITH_OK;
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT kind, value FROM field WHERE contact = ?1 AND value != "
				  "(SELECT name FROM contact WHERE row = ?1) ORDER BY entry, seq");

	kith_bind_int(&q, contact);
	while (!err && kith_query_row(&q))
		err = kith_search_field(
			text, (uint32_t)kith_column_int(&q, 0), kith_column_span(&q, 1));
	enum kith_err done = kith_query_end(&q);
	return err ? err : done;
}

/* The one column of a query, each row a text. */
static enum kith_err add_texts(struct kith_query *q, int64_t contact, struct kith_buf *text)
{
	enum kith_err err = KITH_OK;

	kith_bind_int(q, contact);
	while (!err && kith_query_row(q))
		err = kith_search_text(text, kith_column_span(q, 0));
	enum kith_err done = kith_query_end(q);
	return err ? err : done;
}

enum kith_err kith_search_refresh(struct kith_store *store, int64_t contact)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_span fold;
	enum kith_err err = add_fields(store, contact, &text);

	if (err)
		return err;
	struct kith_query q = kith_query(
		store, "SELECT words FROM entry WHERE contact = ?1 ORDER BY home IS NOT NULL, row");
	if ((err = add_texts(&q, contact, &text)))
		return err;
	q = kith_query(store, "SELECT DISTINCT event FROM met WHERE contact = ?1");
	if ((err = add_texts(&q, contact, &text)))
		return err;
	q = kith_query(store, "SELECT fold FROM contact WHERE row = ?1");
	kith_bind_int(&q, contact);
	if (kith_query_row(&q)) {
		fold = kith_column_span(&q, 0);
		err = kith_buf_add(&name, fold.p, fold.n);
	}
	enum kith_err done = kith_query_end(&q);
	if (err || done)
		return err ? err : done;
	return kith_search_put(store, contact, kith_buf_span(&name), kith_buf_span(&text));
}
