/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/text.h"
#include "store/contact.h"
#include "store/memory.h"

_Static_assert(KITH_REVIEW_LETGO == 3, "stands in a statement below");

static enum kith_err count(struct kith_store *store, int64_t contact, size_t *ret)
{
	struct kith_query q = kith_query(store, "SELECT count(*) FROM tag WHERE contact = ?1");

	kith_bind_int(&q, contact);
	*ret = kith_query_row(&q) ? (size_t)kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err put_on(struct kith_store *store, int64_t contact, struct kith_span tag,
	struct kith_span fold, int64_t now, bool *ret_changed)
{
	size_t n;
	struct kith_query q = kith_query(store,
		"INSERT INTO tag (contact, fold, name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");

	kith_bind_int(&q, contact);
	kith_bind_text(&q, fold);
	kith_bind_text(&q, tag);
	enum kith_err err = kith_query_run(&q);
	*ret_changed = !err && sqlite3_changes(store->db);
	if (!err)
		err = count(store, contact, &n);
	if (!err && n > KITH_TAGS_OF_MAX)
		err = KITH_ERR_LIMIT;
	return err ? err : kith_memory_back(store, contact, now);
}

static enum kith_err take_off(
	struct kith_store *store, int64_t contact, struct kith_span fold, bool *ret_changed)
{
	struct kith_query q = kith_query(store, "DELETE FROM tag WHERE contact = ?1 AND fold = ?2");

	kith_bind_int(&q, contact);
	kith_bind_text(&q, fold);
	enum kith_err err = kith_query_run(&q);
	*ret_changed = !err && sqlite3_changes(store->db);
	if (*ret_changed)
		store->scrub |= KITH_SCRUB_WORDS;
	return err;
}

/* What is so already is written nowhere, and no day of use. */
static enum kith_err set(struct kith_store *store, int64_t contact, struct kith_span tag,
	struct kith_span fold, bool on, int64_t now)
{
	bool changed = false;
	enum kith_err err = kith_memory_is(store, contact);

	if (!err)
		err = on ? put_on(store, contact, tag, fold, now, &changed)
			 : take_off(store, contact, fold, &changed);
	return err || !changed ? err : kith_contact_refresh(store, contact);
}

enum kith_err kith_store_tag(
	struct kith_store *store, int64_t contact, struct kith_span tag, bool on, int64_t now)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, tag);

	if (!err && (tag.n > KITH_TAG_MAX || !kith_text_is_word(tag) || fold.n == 0))
		err = KITH_ERR_VALUE;
	if (!err)
		err = kith_db_begin(store);
	return err ? err
		   : kith_db_end(store, set(store, contact, tag, kith_buf_span(&fold), on, now));
}

static enum kith_err each(struct kith_query *q, kith_tag_fn fn, void *ctx)
{
	bool more = true;

	while (more && kith_query_row(q))
		more = fn(ctx, kith_column_span(q, 0), (size_t)kith_column_int(q, 1));
	return kith_query_end(q);
}

enum kith_err kith_store_tags(struct kith_store *store, int64_t contact, kith_tag_fn fn, void *ctx)
{
	if (!contact) {
		struct kith_query all = kith_query(store,
			"SELECT min(tag.name), count(*) FROM tag JOIN contact ON contact.row = tag.contact "
			"WHERE review <> 3 GROUP BY tag.fold ORDER BY tag.fold");
		return each(&all, fn, ctx);
	}
	struct kith_query q =
		kith_query(store, "SELECT name, 1 FROM tag WHERE contact = ?1 ORDER BY fold");
	kith_bind_int(&q, contact);
	return each(&q, fn, ctx);
}
