/* SPDX-License-Identifier: MIT */
#include <kith/select.h>

#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"

/* Each word once: a word that is there twice asks for nothing more. */
static void add_word(struct kith_term *terms, size_t *n, struct kith_span word)
{
	for (size_t i = 0; i < *n; i++)
		if (kith_span_eq(terms[i].text, word))
			return;
	terms[(*n)++] = (struct kith_term){.key = KITH_TERM_WORD, .text = word};
}

static enum kith_err split(struct kith_span words, struct kith_term **ret_terms, size_t *ret_n)
{
	struct kith_term *terms = calloc(words.n / 2 + 1, sizeof *terms);
	size_t start = 0;

	if (!terms)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i <= words.n; i++) {
		if (i < words.n && words.p[i] != ' ')
			continue;
		if (i > start)
			add_word(terms, ret_n, kith_span(words.p + start, i - start));
		start = i + 1;
	}
	*ret_terms = terms;
	return KITH_OK;
}

enum kith_err kith_store_find(
	struct kith_store *store, struct kith_span text, kith_contact_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	KITH_AUTO_FREE struct kith_term *terms = NULL;
	struct kith_selection asked = {0};
	size_t count;
	enum kith_err err = kith_fold(&folded, text);

	if (!err)
		err = split(kith_buf_span(&folded), &terms, &asked.n);
	asked.terms = terms;
	return err ? err : kith_store_select(store, &asked, fn, ctx, &count);
}
