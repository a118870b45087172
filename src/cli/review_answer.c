/* SPDX-License-Identifier: MIT
 *
 * What is answered in a review, written.
 */
#include <stdarg.h>
#include <strings.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/review.h"
#include "cli/when.h"

#define WORD_COLUMNS 40

static void say(char said[static KITH_REVIEW_SAID], const char *fmt, ...) KITH_PRINTF(2, 3);
static void say(char said[static KITH_REVIEW_SAID], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(said, KITH_REVIEW_SAID, fmt, ap);
	va_end(ap);
}

/* What is wrong with a text that is kept. */
static void say_text(char said[static KITH_REVIEW_SAID], enum kith_err err)
{
	if (err == KITH_ERR_LIMIT)
		say(said, "That is too long: a text has at most %d bytes.", KITH_NOTE_MAX);
	else if (err == KITH_ERR_VALUE)
		say(said, "Nothing of that could be read later.");
	else if (err == KITH_ERR_MISSING)
		say(said, "That was removed meanwhile.");
}

enum kith_err kith_answer_talk(struct kith_store *store, int64_t contact, int64_t event,
	struct kith_span text, int64_t *row, char said[static KITH_REVIEW_SAID])
{
	int64_t now = kith_when_now();
	struct kith_remark remark = {
		.row = *row, .contact = contact, .kind = KITH_REMARK_NOTE, .at = now, .text = text};
	enum kith_err err = kith_store_event_reviewed(store, contact, event, &remark.event);

	if (!err)
		err = kith_store_remark_put(store, &remark, now, row);

	if (err)
		say_text(said, err);
	else
		say(said, "Noted.");
	return err;
}

/* One promise, with its text. */
struct promise_wanted {
	struct kith_promise is;
	struct kith_buf text;
	bool found;
	enum kith_err err;
};

static bool match_promise(void *ctx, const struct kith_promise *p)
{
	struct promise_wanted *w = ctx;

	if (p->row != w->is.row)
		return true;
	w->found = true;
	w->is = *p;
	if (!(w->err = kith_buf_add(&w->text, p->text.p, p->text.n)))
		w->is.text = kith_buf_span(&w->text);
	return false;
}

static enum kith_err find_promise(
	struct kith_store *store, int64_t contact, struct promise_wanted *w)
{
	enum kith_err err = kith_store_promises(store, contact, true, match_promise, w);

	if (!err && !(err = w->err) && !w->found)
		err = KITH_ERR_MISSING;
	return err;
}

enum kith_err kith_answer_promise(struct kith_store *store, int64_t contact, struct kith_span text,
	int64_t *row, char said[static KITH_REVIEW_SAID])
{
	struct promise_wanted w = {.is = {.row = *row,
					   .contact = contact,
					   .made = kith_when_now(),
					   .by = KITH_DAY_NONE}};
	enum kith_err err = *row ? find_promise(store, contact, &w) : KITH_OK;

	w.is.text = text;
	if (!err)
		err = kith_store_promise_put(store, &w.is, row);
	kith_buf_free(&w.text);
	if (err)
		say_text(said, err);
	else
		say(said, "Promised.");
	return err;
}

/* --- tags ------------------------------------------------------------------------------------- */

static struct kith_span next_word(struct kith_span *text)
{
	struct kith_span word;
	size_t n = 0;

	while (text->n && strchr(" \t,", text->p[0]))
		*text = kith_span(text->p + 1, text->n - 1);
	while (n < text->n && !strchr(" \t,", text->p[n]))
		n++;
	word = kith_span(text->p, n);
	*text = kith_span(text->p + n, text->n - n);
	return word;
}

static enum kith_err put_tag(struct kith_store *store, int64_t contact, struct kith_span word,
	char said[static KITH_REVIEW_SAID])
{
	char shown[4 * WORD_COLUMNS + 16];
	bool on = word.p[0] != '-';

	if (word.p[0] == '+' || word.p[0] == '-')
		word = kith_span(word.p + 1, word.n - 1);
	enum kith_err err = kith_store_tag(store, contact, word, on, kith_when_now());
	if (err == KITH_ERR_VALUE)
		say(said, "%s is no tag: one word of letters, digits, - and _, at most %d bytes.",
			kith_quote_in(shown, sizeof shown, word, WORD_COLUMNS), KITH_TAG_MAX);
	else if (err == KITH_ERR_LIMIT)
		say(said, "More than %d tags say nothing: take one off, as -word.",
			KITH_TAGS_OF_MAX);
	return err;
}

enum kith_err kith_answer_tags(struct kith_store *store, int64_t contact, struct kith_span text,
	char said[static KITH_REVIEW_SAID])
{
	enum kith_err err = KITH_OK;
	struct kith_span word;

	say(said, "Tagged.");
	while (!err && (word = next_word(&text)).n)
		err = put_tag(store, contact, word, said);
	return err;
}

/* --- rings ------------------------------------------------------------------------------------ */

/* The ring that a word means. */
struct ring_wanted {
	struct kith_span fold;
	uint32_t place;
	int64_t row; /* 0: none yet */
	bool named;
	uint32_t room;
	size_t people;
	char name[4 * WORD_COLUMNS + 16];
	enum kith_err err;
};

static bool match_ring(void *ctx, const struct kith_ring *r)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	struct ring_wanted *w = ctx;

	if ((w->err = kith_fold(&fold, r->name)))
		return false;
	bool named = kith_span_eq(kith_buf_span(&fold), w->fold);
	if (named || (!w->row && r->place == w->place)) {
		w->row = r->row;
		w->room = r->room;
		w->people = r->people;
		kith_show_in(w->name, sizeof w->name, r->name, WORD_COLUMNS);
	}
	return !named;
}

/* A short number; 0 for none. */
static uint32_t number_of(struct kith_span text)
{
	uint32_t n = 0;

	if (text.n == 0 || text.n > 6)
		return 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return 0;
		n = n * 10 + (uint32_t)(text.p[i] - '0');
	}
	return n;
}

static bool is_none(struct kith_span fold)
{
	return kith_span_eq(fold, kith_span_str("none")) || kith_span_eq(fold, kith_span_str("0"));
}

enum kith_err kith_answer_ring(struct kith_store *store, int64_t contact, struct kith_span text,
	int64_t *ret_full, char said[static KITH_REVIEW_SAID])
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	char shown[4 * WORD_COLUMNS + 16];
	struct ring_wanted w = {.place = number_of(text)};
	enum kith_err err = kith_fold(&fold, text);

	w.fold = kith_buf_span(&fold);
	if (!err && !is_none(w.fold))
		err = kith_store_rings(store, match_ring, &w);
	if (err || (err = w.err))
		return err;
	if (!w.row && !is_none(w.fold)) {
		say(said, "There is no ring %s.",
			kith_quote_in(shown, sizeof shown, text, WORD_COLUMNS));
		return KITH_ERR_MISSING;
	}
	err = kith_store_ring_move(store, contact, w.row, kith_when_now());
	if (err == KITH_ERR_LIMIT && w.people > w.room) { /* made smaller, or one was called back */
		say(said,
			"%s has room for %u and holds %zu: one who moves out is not enough.  kith ring set "
			"%s --room %zu makes room.",
			w.name, (unsigned)w.room, w.people, w.name, w.people + 1);
	} else if (err == KITH_ERR_LIMIT) {
		*ret_full = w.row;
		say(said, "%s has room for %u, and is full.", w.name, (unsigned)w.room);
	} else if (!err) {
		say(said, w.row ? "Moved to %s." : "In no ring%s.", w.row ? w.name : "");
	}
	return err;
}

/* Somebody in a ring: the one with that number of its list, or that row. */
struct out_wanted {
	uint32_t number;
	uint32_t at;
	int64_t row;
	bool found;
	char name[KITH_QUOTED_BYTES];
};

static bool match_out(void *ctx, const struct kith_contact *c)
{
	struct out_wanted *o = ctx;

	o->found = o->number ? ++o->at == o->number : c->row == o->row;
	if (o->found) {
		o->row = c->row;
		kith_held_quoted(c->name, o->name);
	}
	return !o->found;
}

static bool take_row(void *ctx, const struct kith_contact *c)
{
	*(int64_t *)ctx = c->row;
	return true;
}

enum kith_err kith_answer_out(struct kith_store *store, int64_t contact, int64_t ring,
	struct kith_span text, char said[static KITH_REVIEW_SAID])
{
	struct out_wanted o = {.number = number_of(text)};
	enum kith_err err = o.number ? KITH_OK : kith_store_who(store, text, take_row, &o.row);

	if (err == KITH_ERR_AMBIGUOUS)
		say(said, "More than one person is called that; say the number.");
	else if (err == KITH_ERR_NOPERSON)
		say(said, "Nobody here is called that.");
	if (err || (err = kith_store_ring_people(store, ring, match_out, &o)))
		return err;
	if (!o.found) {
		say(said, "That person is not in this ring.");
		return KITH_ERR_MISSING;
	}
	if (!(err = kith_store_ring_move(store, o.row, 0, kith_when_now())))
		err = kith_store_ring_move(store, contact, ring, kith_when_now());
	if (!err)
		say(said, "Moved in; %s has moved out.", o.name);
	else if (err ==
		 KITH_ERR_LIMIT) /* it was made smaller, and holds more than it has room for */
		say(said, "It holds more than it has room for: one is not enough.");
	return err;
}

/* --- when, and what becomes of it ------------------------------------------------------------- */

enum kith_err kith_answer_by(struct kith_store *store, int64_t contact, int64_t promise,
	struct kith_span text, char said[static KITH_REVIEW_SAID])
{
	struct promise_wanted w = {.is = {.row = promise}};
	char when[KITH_WHEN_CHARS];
	int32_t first = KITH_DAY_NONE, last, today = kith_when_today();

	if (text.n && kith_day_read(text, today, KITH_DAY_AHEAD, &first, &last)) {
		say(said, "That is no day; a day is 2026-05-03, tomorrow, friday, or 3d, 2w, 6m.");
		return KITH_ERR_VALUE;
	}
	enum kith_err err = find_promise(store, contact, &w);
	bool had = w.is.by != KITH_DAY_NONE;
	w.is.by = first;
	if (!err)
		err = kith_store_promise_put(store, &w.is, &promise);
	kith_buf_free(&w.text);
	if (!text.n && err == KITH_ERR_MISSING)
		return KITH_OK;
	if (err)
		say_text(said, err);
	else if (!text.n && had)
		say(said, "No day.");
	else if (text.n)
		say(said, "Due %s.", kith_when_words(first, today, when));
	return err;
}

bool kith_answer_decision(struct kith_span text, enum kith_review *ret_what)
{
	static const struct {
		const char *word;
		enum kith_review what;
	} words[] = {{"keep", KITH_REVIEW_KEEP}, {"kept", KITH_REVIEW_KEEP},
		{"soon", KITH_REVIEW_SOON}, {"let go", KITH_REVIEW_LETGO},
		{"let-go", KITH_REVIEW_LETGO}};

	for (size_t i = 0; text.n && i < sizeof words / sizeof words[0]; i++)
		if (text.n <= strlen(words[i].word) &&
			strncasecmp((const char *)text.p, words[i].word, text.n) == 0) {
			*ret_what = words[i].what;
			return true;
		}
	return false;
}

const char *kith_review_name(enum kith_review what)
{
	switch (what) {
	case KITH_REVIEW_WAITS:
		return "waits";
	case KITH_REVIEW_KEEP:
		return "kept";
	case KITH_REVIEW_SOON:
		return "soon";
	case KITH_REVIEW_LETGO:
		return "let go";
	}
	return "unknown";
}
