/* SPDX-License-Identifier: MIT */
#include "people/reason.h"

#include "base/around.h"
#include "base/auto.h"
#include "base/text.h"
#include "store/words.h"

#define BEFORE 24  /* bytes that are shown before the word, if there is a blank to begin at */
#define KEPT   400 /* bytes of a text that are kept; more than a screen shows of it */

void kith_reasons_free(struct kith_reasons *reasons)
{
	for (size_t i = 0; i < reasons->n; i++)
		kith_buf_free(&reasons->at[i].text);
	*reasons = (struct kith_reasons){0};
}

/* The best reason for each word, while texts go by. */
struct hunt {
	const struct kith_who *who;
	struct kith_reason best[KITH_WHO_WORDS];
	enum kith_err err;
};

static void hunt_end(struct hunt *h)
{
	for (size_t i = 0; i < KITH_WHO_WORDS; i++)
		kith_buf_free(&h->best[i].text);
}

/* The word of the question, or one it was taken for, that the text has; n == 0: none. */
static struct kith_span which(const struct kith_who_word *w, struct kith_span folded)
{
	if (w->near.n == 0)
		return kith_words_begin(folded, w->text) ? w->text : kith_span(NULL, 0);
	for (size_t i = 0; i < w->near.n; i++)
		if (kith_words_begin(folded, kith_buf_span(&w->near.at[i].text)) == 2)
			return kith_buf_span(&w->near.at[i].text);
	return kith_span(NULL, 0);
}

static enum kith_err keep(
	struct kith_reason *r, const struct kith_told *told, struct kith_span word)
{
	struct kith_span part;
	enum kith_err err = kith_text_around(told->text, word, BEFORE, &part);

	if (err)
		return err;
	kith_buf_clear(&r->text);
	r->place = told->place;
	r->what = told->what;
	r->at = told->at;
	r->other = told->other;
	if (part.p > told->text.p)
		err = kith_buf_add_str(&r->text, "\xe2\x80\xa6");
	part = kith_text_cut(part, KEPT);
	return err ? err : kith_buf_add(&r->text, part.p, part.n);
}

static bool look(void *ctx, const struct kith_told *told)
{
	struct hunt *h = ctx;
	KITH_AUTO_BUF struct kith_buf folded = {0};

	if (told->place == KITH_PLACE_ASKS) /* no reason to ask them */
		return true;
	h->err = kith_fold(&folded, told->text);
	for (size_t i = 0; !h->err && i < h->who->words; i++) {
		struct kith_reason *r = &h->best[i];
		if (r->what && kith_who_worth(told->place) <= kith_who_worth(r->place))
			continue;
		struct kith_span word = which(&h->who->word[i], kith_buf_span(&folded));
		if (word.n)
			h->err = keep(r, told, word);
	}
	return !h->err;
}

/* Whether the one says what the other does: they are of one text, cut at another place. */
static bool says(const struct kith_reason *a, const struct kith_reason *b)
{
	static const char cut[] = "\xe2\x80\xa6";
	size_t skip = b->text.n >= 3 && memcmp(b->text.p, cut, 3) == 0 ? 3 : 0;

	return a->place == b->place && a->at == b->at && strcmp(a->what, b->what) == 0 &&
	       memmem(a->text.p, a->text.n, b->text.p + skip, b->text.n - skip);
}

/* Behind those that count as much or more; what is there already stays alone. */
static void put(struct kith_reasons *reasons, struct kith_reason *r)
{
	size_t i = reasons->n;

	for (size_t j = 0; j < reasons->n; j++) {
		if (says(&reasons->at[j], r))
			return;
		if (says(r, &reasons->at[j])) {
			struct kith_buf less = reasons->at[j].text;
			reasons->at[j].text = r->text;
			r->text = less; /* hunt_end frees it */
			return;
		}
	}
	for (; i > 0 && kith_who_worth(reasons->at[i - 1].place) < kith_who_worth(r->place); i--)
		reasons->at[i] = reasons->at[i - 1];
	reasons->at[i] = *r;
	reasons->n++;
	*r = (struct kith_reason){0};
}

static enum kith_err look_at_name(struct kith_store *store, int64_t contact, struct hunt *h)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err = kith_store_contact(store, contact, &c);
	struct kith_told told = {.place = KITH_PLACE_NAME, .what = "name", .text = c.name};

	if (err)
		return err;
	(void)look(h, &told);
	return h->err;
}

enum kith_err kith_reasons_find(struct kith_store *store, const struct kith_who *who,
	const struct kith_who_hit *hit, struct kith_reasons *ret)
{
	KITH_AUTO(hunt_end) struct hunt h = {.who = who};
	enum kith_err err = kith_store_told(store, hit->contact, look, &h);

	*ret = (struct kith_reasons){0};
	if (!err && !(err = h.err))
		err = look_at_name(store, hit->contact, &h);
	if (err)
		return err;
	for (size_t i = 0; i < who->words; i++)
		if (h.best[i].what)
			put(ret, &h.best[i]);
	return KITH_OK;
}
