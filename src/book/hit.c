/* SPDX-License-Identifier: MIT */
#include "book/hit.h"

#include "base/auto.h"
#include "base/text.h"
#include "book/own.h"
#include "book/held.h"
#include "vcard/map.h"

#define HIT_WORDS   16 /* of a search that are looked for */
#define HIT_TEXTS   2  /* that are told of one person */
#define HIT_COLUMNS 32 /* of one text */
#define HIT_BEFORE  12 /* bytes shown before the word, if there is a blank to begin at */

/* What is looked for still. */
struct hunt {
	struct kith_buf folded;
	struct kith_span word[HIT_WORDS];
	bool found[HIT_WORDS];
	size_t n;
	size_t told;
	struct kith_buf *out;
	enum kith_err err;
};

static void hunt_end(struct hunt *h)
{
	kith_buf_free(&h->folded);
}

static bool contains(struct kith_span text, struct kith_span word)
{
	return text.n >= word.n && memmem(text.p, text.n, word.p, word.n);
}

/* The words, folded, each once. */
static enum kith_err split(struct hunt *h, struct kith_span words)
{
	enum kith_err err = kith_fold(&h->folded, words);
	struct kith_span rest = kith_buf_span(&h->folded);

	while (!err && rest.n > 0 && h->n < HIT_WORDS) {
		const uint8_t *blank = memchr(rest.p, ' ', rest.n);
		size_t n = blank ? (size_t)(blank - rest.p) : rest.n;
		if (n > 0)
			h->word[h->n++] = kith_span(rest.p, n);
		n += blank != NULL;
		rest = kith_span(rest.p + n, rest.n - n);
	}
	return err;
}

/* Marks the words that the text has; whether there was a new one, and the first of those. */
static enum kith_err mark(struct hunt *h, struct kith_span text, const struct kith_span **ret_word)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	enum kith_err err = kith_fold(&folded, text);

	*ret_word = NULL;
	for (size_t i = 0; !err && i < h->n; i++) {
		if (h->found[i] || !contains(kith_buf_span(&folded), h->word[i]))
			continue;
		h->found[i] = true;
		if (!*ret_word)
			*ret_word = &h->word[i];
	}
	return err;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The text from a little before the piece between blanks that has the word. */
static enum kith_err around(struct kith_span text, struct kith_span word, struct kith_span *ret)
{
	size_t from = 0, begin = 0;

	*ret = text;
	for (size_t i = 0; i <= text.n; i++) {
		KITH_AUTO_BUF struct kith_buf folded = {0};
		enum kith_err err;
		if (i < text.n && !is_blank(text.p[i]))
			continue;
		if ((err = kith_fold(&folded, kith_span(text.p + from, i - from))))
			return err;
		if (contains(kith_buf_span(&folded), word)) {
			*ret = kith_span(text.p + begin, text.n - begin);
			return KITH_OK;
		}
		from = i + 1;
		while (begin < text.n && from - begin > HIT_BEFORE) {
			while (begin < from && !is_blank(text.p[begin]))
				begin++;
			begin++;
		}
	}
	return KITH_OK;
}

/* Looks at one text; true while more has to be looked at. */
static bool look(struct hunt *h, const char *kind, struct kith_span text)
{
	const struct kith_span *word;
	struct kith_span part;

	if (h->err || h->told == HIT_TEXTS || (h->err = mark(h, text, &word)))
		return false;
	if (!word)
		return true;
	if ((h->err = around(text, *word, &part)) ||
		(h->err = kith_buf_printf(h->out, "%s%s: %s", h->told++ ? ", " : "", kind,
			 part.p > text.p ? "\xe2\x80\xa6" : "")) ||
		(h->err = kith_show(h->out, part, HIT_COLUMNS)))
		return false;
	return h->told < HIT_TEXTS;
}

static void look_at_fields(struct hunt *h, const struct kith_fields *fields)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		const struct kith_field_info *info = kith_field_info(f->kind);
		if (!info || f->kind == KITH_FIELD_PHOTO || f->kind == KITH_FIELD_NAME)
			continue;
		for (size_t j = 0; j < f->parts; j++)
			if (!look(h, info->name, f->part[j]))
				return;
	}
}

/* Each line of what an entry has beside fields. */
static void look_at_words(struct hunt *h, const struct kith_own_entry *e)
{
	KITH_AUTO_BUF struct kith_buf words = {0};
	struct kith_span rest;

	if (h->err || (h->err = kith_vcard_words(e->vcard, &words)))
		return;
	for (rest = kith_buf_span(&words); rest.n > 0;) {
		const uint8_t *end = memchr(rest.p, '\n', rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		if (!look(h, "also", kith_span(rest.p, n)))
			return;
		n += end != NULL;
		rest = kith_span(rest.p + n, rest.n - n);
	}
}

static bool look_at_met(void *ctx, const struct kith_met *met)
{
	return look(ctx, "event", met->event);
}

static enum kith_err look_everywhere(
	struct hunt *h, struct kith_store *store, const struct kith_contact *c)
{
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct kith_card card;
	enum kith_err err = kith_own_read(store, c, &own);

	if (err || (c->envelope.n > 0 && (err = kith_held_card(c, &card))))
		return err;
	if (c->envelope.n > 0)
		look_at_fields(h, &card.fields);
	for (size_t i = 0; i < own.n; i++)
		look_at_fields(h, &own.at[i].fields);
	if ((err = kith_store_met(store, c->row, look_at_met, h)))
		return err;
	for (size_t i = 0; i < own.n; i++)
		look_at_words(h, &own.at[i]);
	return h->err;
}

enum kith_err kith_hit_find(
	struct kith_store *store, int64_t row, struct kith_span words, struct kith_buf *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO(hunt_end) struct hunt h = {.out = out};
	const struct kith_span *word;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err || (err = split(&h, words)) || (err = mark(&h, c.name, &word)))
		return err;
	for (size_t i = 0; i < h.n; i++)
		if (!h.found[i])
			return look_everywhere(&h, store, &c);
	return KITH_OK;
}
