/* SPDX-License-Identifier: MIT */
#include "book/hit.h"

#include "base/around.h"
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/words.h"

#define HIT_TEXTS   2  /* that are told of one person */
#define HIT_COLUMNS 32 /* of one text */
#define HIT_BEFORE  12 /* bytes shown before the word, if there is a blank to begin at */

/* What is looked for still. */
struct hunt {
	const struct kith_term *terms;
	size_t n;
	bool found[KITH_QUERY_TERMS];
	bool inside; /* of a word, too */
	size_t told;
	struct kith_buf *out;
	enum kith_err err;
};

static bool is(struct kith_span text, const char *word)
{
	return kith_span_eq(text, kith_span_str(word));
}

static bool looks_for_text(const struct kith_term *t)
{
	switch (t->key) {
	case KITH_TERM_WORD:
	case KITH_TERM_EVENT:
	case KITH_TERM_ORG:
	case KITH_TERM_TITLE:
	case KITH_TERM_OFFERS:
	case KITH_TERM_ASKS:
	case KITH_TERM_NOTE:
		return !t->not ;
	case KITH_TERM_PROMISE:
		return !t->not &&!is(t->text, "open") && !is(t->text, "mine") &&
		       !is(t->text, "theirs");
	default:
		return false;
	}
}

/* A field, or what a note says behind that word (people.md, "Match"). */
static struct kith_span wished(const struct kith_told *told, struct kith_span folded,
	enum kith_place place, const char *begin)
{
	size_t n = strlen(begin);

	if (told->place == place)
		return folded;
	if (told->place != KITH_PLACE_SAID || strcmp(told->what, "note") != 0 || folded.n < n ||
		memcmp(folded.p, begin, n) != 0)
		return kith_span(NULL, 0);
	return kith_span(folded.p + n, folded.n - n);
}

/* What of a text the key means. */
static struct kith_span meant(
	const struct kith_term *t, const struct kith_told *told, struct kith_span folded)
{
	bool promise = strcmp(told->what, "promise") == 0;
	bool means = true;

	switch (t->key) {
	case KITH_TERM_EVENT:
		means = strcmp(told->what, "event") == 0;
		break;
	case KITH_TERM_ORG:
		means = told->place == KITH_PLACE_ORG;
		break;
	case KITH_TERM_TITLE:
		means = told->place == KITH_PLACE_TITLE;
		break;
	case KITH_TERM_OFFERS:
		return wished(told, folded, KITH_PLACE_OFFERS, "offers:");
	case KITH_TERM_ASKS:
		return wished(told, folded, KITH_PLACE_ASKS, "asks:");
	case KITH_TERM_NOTE:
		means = told->place == KITH_PLACE_SAID && !promise;
		break;
	case KITH_TERM_PROMISE:
		means = promise;
		break;
	default:
		break;
	}
	return means ? folded : kith_span(NULL, 0);
}

static bool has(const struct hunt *h, struct kith_span text, struct kith_span word)
{
	if (!h->inside)
		return text.n && kith_words_begin(text, word);
	return text.n >= word.n && memmem(text.p, text.n, word.p, word.n);
}

/* Marks the terms that the text fulfils; whether there was a new one, and the first of those. */
static enum kith_err mark(
	struct hunt *h, const struct kith_told *told, const struct kith_term **ret_term)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	enum kith_err err = kith_fold(&folded, told->text);

	*ret_term = NULL;
	for (size_t i = 0; !err && i < h->n; i++) {
		const struct kith_term *t = &h->terms[i];
		if (h->found[i] || !has(h, meant(t, told, kith_buf_span(&folded)), t->text))
			continue;
		h->found[i] = true;
		if (!*ret_term)
			*ret_term = t;
	}
	return err;
}

/* Of words side by side the first. */
static struct kith_span first_word(struct kith_span text)
{
	const uint8_t *blank = memchr(text.p, ' ', text.n);

	return blank > text.p ? kith_span(text.p, (size_t)(blank - text.p)) : text;
}

/* Looks at one text; true while more has to be looked at. */
static bool look(struct hunt *h, const struct kith_told *told)
{
	const struct kith_term *term;
	struct kith_span part;

	if (h->err || h->told == HIT_TEXTS || (h->err = mark(h, told, &term)))
		return false;
	if (!term)
		return true;
	if ((h->err = kith_text_around(told->text, first_word(term->text), HIT_BEFORE, &part)) ||
		(h->err = kith_buf_printf(h->out, "%s%s: %s", h->told++ ? ", " : "", told->what,
			 part.p > told->text.p ? "\xe2\x80\xa6" : "")) ||
		(h->err = kith_show(h->out, part, HIT_COLUMNS)))
		return false;
	return h->told < HIT_TEXTS;
}

/* Each part of an address, each line of what an entry has beside fields. */
static bool look_at_told(void *ctx, const struct kith_told *told)
{
	struct kith_told one = *told;
	struct kith_span rest = told->text;
	int parts = strcmp(told->what, "adr") == 0    ? ';'
		    : strcmp(told->what, "also") == 0 ? '\n'
						      : 0;

	while (parts && rest.n) {
		const uint8_t *end = memchr(rest.p, parts, rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		one.text = kith_span(rest.p, n);
		if (!look(ctx, &one))
			return false;
		n += end != NULL;
		rest = kith_span(rest.p + n, rest.n - n);
	}
	return parts || look(ctx, told);
}

static bool all_found(const struct hunt *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (!h->found[i])
			return false;
	return true;
}

/* What the name has needs no telling. */
static enum kith_err mark_in_name(struct hunt *h, struct kith_span name)
{
	struct kith_span folded;
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_fold(&text, name);

	folded = kith_buf_span(&text);
	for (size_t i = 0; !err && i < h->n; i++)
		if (h->terms[i].key == KITH_TERM_WORD && has(h, folded, h->terms[i].text))
			h->found[i] = true;
	return err;
}

enum kith_err kith_hit_find(struct kith_store *store, int64_t row, const struct kith_term *terms,
	size_t n, struct kith_buf *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct hunt h = {
		.terms = terms, .n = n < KITH_QUERY_TERMS ? n : KITH_QUERY_TERMS, .out = out};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; i < h.n; i++)
		h.found[i] = !looks_for_text(&terms[i]);
	if (all_found(&h) || (err = kith_store_contact(store, row, &c)))
		return err;
	for (int inside = 0; inside < 2 && h.told < HIT_TEXTS; inside++) {
		h.inside = inside;
		if ((err = mark_in_name(&h, c.name)) || all_found(&h))
			return err;
		err = kith_store_told(store, row, look_at_told, &h);
		if (err || h.err)
			return err ? err : h.err;
	}
	return KITH_OK;
}
