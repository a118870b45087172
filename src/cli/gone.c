/* SPDX-License-Identifier: MIT */
#include "cli/gone.h"

#include "base/auto.h"
#include "cli/paste.h"
#include "cli/when.h"

static bool nobody(void *ctx, const struct kith_contact *c)
{
	(void)ctx;
	(void)c;
	return false;
}

enum kith_err kith_gone_count(
	struct kith_store *store, const struct kith_find *query, size_t *ret_n)
{
	struct kith_term terms[KITH_QUERY_TERMS + 1];
	const struct kith_selection asked = {
		.terms = terms, .n = query->n + 1, .today = kith_when_today(), .best = 1};

	memcpy(terms, query->at, query->n * sizeof *terms);
	terms[query->n] = (struct kith_term){.key = KITH_TERM_IS, .text = kith_span_str("let-go")};
	return kith_store_select(store, &asked, nobody, NULL, ret_n);
}

/* A word after the other; KITH_ERR_VALUE: one does not pass, or would be an option. */
static enum kith_err paste_words(struct kith_buf *line, struct kith_span words)
{
	enum kith_err err = KITH_OK;

	while (!err && words.n) {
		const uint8_t *blank = memchr(words.p, ' ', words.n);
		size_t n = blank ? (size_t)(blank - words.p) : words.n;
		if (n >= 2 && memcmp(words.p, "--", 2) == 0)
			err = KITH_ERR_VALUE;
		else if (n)
			err = kith_paste_word(line, kith_span(words.p, n));
		n += blank != NULL;
		words = kith_span(words.p + n, words.n - n);
	}
	return err;
}

enum kith_err kith_gone_tell(struct kith_buf *out, size_t n, struct kith_span words)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	enum kith_err err = n ? kith_buf_printf(out, ", but %zu %s whom you let go: ", n,
					n == 1 ? "person" : "people")
			      : KITH_OK;

	if (!err && n)
		err = kith_buf_add_str(&line, "kith find is:let-go");
	size_t bare = line.n;
	if (!err && n && (err = paste_words(&line, words)) == KITH_ERR_VALUE) {
		line.n = bare;
		err = KITH_OK;
	}
	if (!err)
		err = kith_buf_add(out, line.p, line.n);
	return err || kith_buf_cstr(out) ? err : KITH_ERR_NOMEM;
}
