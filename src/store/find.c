/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "store/people.h"

/* Appends the words as the full-text index takes them: each a phrase whose last word may go on. */
static enum kith_err as_query(struct kith_span words, struct kith_buf *out)
{
	enum kith_err err = words.n ? kith_buf_add(out, "\"", 1) : KITH_OK;

	for (size_t i = 0; !err && i < words.n; i++) {
		if (words.p[i] == ' ')
			err = kith_buf_add_str(out, "\"* \"");
		else if (words.p[i] == '"')
			err = kith_buf_add_str(out, "\"\"");
		else
			err = kith_buf_add(out, &words.p[i], 1);
	}
	if (!err && words.n)
		err = kith_buf_add_str(out, "\"*");
	return err;
}

/* The index knows letters and digits only, so what stands between them is looked at here. */
static enum kith_err by_beginnings(struct kith_store *store, struct kith_span words,
	kith_contact_fn fn, void *ctx, size_t *ret_count)
{
	KITH_AUTO_BUF struct kith_buf query = {0};
	enum kith_err err = as_query(words, &query);

	if (err)
		return err;
	/* a word of the name is worth as much as ten of the rest */
	struct kith_query q =
		kith_query(store, "SELECT " KITH_CONTACT_COLUMNS
				  " FROM words JOIN contact ON contact.row = words.rowid "
				  "WHERE words MATCH ?1 AND has_words(?2, words.name, words.text) "
				  "ORDER BY bm25(words, 10.0, 1.0), fold, row");
	kith_bind_text(&q, kith_buf_span(&query));
	kith_bind_text(&q, words);
	return kith_contact_all(&q, fn, ctx, ret_count);
}

static enum kith_err inside(
	struct kith_store *store, struct kith_span words, kith_contact_fn fn, void *ctx)
{
	/* CROSS: read search from end to end, and contact only for those that match */
	struct kith_query q = kith_query(store,
		"SELECT " KITH_CONTACT_COLUMNS
		" FROM search CROSS JOIN contact ON contact.row = search.contact "
		"WHERE has_words(?1, search.name, search.text) ORDER BY fold, row");

	kith_bind_text(&q, words);
	return kith_contact_all(&q, fn, ctx, NULL);
}

/* Whether a text has letters of a script that has no blanks between words, as far as Thai, Lao, Khmer,
 * Myanmar, kana, Han and Hangul go: there a word begins anywhere. */
static bool runs_on(struct kith_span s)
{
	static const struct {
		uint32_t first, last;
	} blocks[] = {{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1100, 0x11ff}, {0x1780, 0x17ff},
		{0x2e80, 0x2fdf}, {0x3005, 0x3007}, {0x3040, 0x318f}, {0x31a0, 0x31ff},
		{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7ff}, {0xf900, 0xfaff},
		{0x20000, 0x3ffff}};

	for (size_t i = 0; i < s.n; i++) {
		size_t more = s.p[i] >= 0xf0 ? 3 : s.p[i] >= 0xe0 ? 2 : 0; /* no block is below */
		uint32_t c = s.p[i] & (more == 3 ? 0x07 : 0x0f);
		if (!more || more >= s.n - i)
			continue;
		while (more--)
			c = c << 6 | (s.p[++i] & 0x3f);
		for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++)
			if (c >= blocks[b].first && c <= blocks[b].last)
				return true;
	}
	return false;
}

enum kith_err kith_store_find(
	struct kith_store *store, struct kith_span text, kith_contact_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	size_t count = 0;
	enum kith_err err = kith_fold(&folded, text);
	struct kith_span words = kith_buf_span(&folded);

	if (!err && words.n && !runs_on(words))
		err = by_beginnings(store, words, fn, ctx, &count);
	if (err || count)
		return err;
	return inside(store, words, fn, ctx);
}
