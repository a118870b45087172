/* SPDX-License-Identifier: MIT
 *
 * Who is asked about, what is remembered of them, and the open question: in lines that every view shows.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/held.h"
#include "book/own.h"
#include "cli/review.h"
#include "cli/when.h"
#include "cli/words.h"

#define NOTES_SHOWN 3

/* What lines are written to. */
struct page {
	struct kith_walk *w;
	struct kith_buf *out;
	size_t n, skip; /* of a list: how many were told of; and those before the last ones */
	enum kith_err err;
};

/* "LABEL: TEXT" on a line of its own, or one of them alone; the text is made inert. */
static bool line(struct page *p, const char *label, struct kith_span text)
{
	if (!p->err)
		p->err = kith_buf_printf(p->out, "%s%s", label, *label && text.n ? ": " : "");
	if (!p->err)
		p->err = kith_show(p->out, text, KITH_SHOWN_LINE);
	if (!p->err)
		p->err = kith_buf_add_str(p->out, "\n");
	return !p->err;
}

/* --- the card --------------------------------------------------------------------------------- */

static const struct {
	uint32_t kind;
	const char *label;
} told[] = {{KITH_FIELD_TITLE, "title"}, {KITH_FIELD_ORG, "org"}, {KITH_FIELD_OFFERS, "offers"},
	{KITH_FIELD_ASKS, "asks"}, {KITH_FIELD_EMAIL, "email"}, {KITH_FIELD_TEL, "tel"},
	{KITH_FIELD_URL, "url"}, {KITH_FIELD_NOTE, "note"}};

static void put_fields(struct page *p, const struct kith_fields *fields)
{
	for (size_t k = 0; k < sizeof told / sizeof told[0]; k++)
		for (size_t i = 0; i < fields->n && !p->err; i++)
			if (fields->at[i].kind == told[k].kind)
				(void)line(p, told[k].label, fields->at[i].part[0]);
}

static void put_all_fields(struct page *p, const struct kith_contact *c)
{
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct kith_card card;

	if (c->envelope.n > 0) {
		if (!(p->err = kith_held_card(c, &card)))
			put_fields(p, &card.fields);
		return;
	}
	if ((p->err = kith_own_read(p->w->store, c, &own)))
		return;
	for (size_t i = 0; i < own.n; i++)
		put_fields(p, &own.at[i].fields);
}

static bool put_met(void *ctx, const struct kith_met *met)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct page *p = ctx;

	if (!(p->err = kith_words_met(&text, met->how, met->at, met->event)))
		(void)line(p, "", kith_buf_span(&text));
	p->n++;
	return !p->err;
}

static void put_known(struct page *p, const struct kith_contact *c)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_store_met(p->w->store, c->row, put_met, p);

	if (!p->err)
		p->err = err;
	if (!p->err && p->n == 0 && !(p->err = kith_words_known(&text, c)))
		(void)line(p, "", kith_buf_span(&text));
	if (!p->err && *kith_words_state(c))
		(void)line(p, "", kith_span_str(kith_words_state(c)));
}

/* --- what is remembered ----------------------------------------------------------------------- */

static bool add_tag(void *ctx, struct kith_span tag, size_t people)
{
	struct page *p = ctx;

	(void)people;
	if (!(p->err = kith_buf_add_str(p->out, p->n++ ? ", " : "tags: ")))
		p->err = kith_show(p->out, tag, KITH_SHOWN_NAME);
	return !p->err;
}

static void put_tags(struct page *p)
{
	p->n = 0;
	enum kith_err err = kith_store_tags(p->w->store, kith_walk_person(p->w), add_tag, p);

	if (!p->err)
		p->err = err;
	if (!p->err && p->n)
		p->err = kith_buf_add_str(p->out, "\n");
}

struct ring_of {
	int64_t row;
	struct page *p;
};

static bool put_ring(void *ctx, const struct kith_ring *r)
{
	struct ring_of *of = ctx;

	if (r->row == of->row)
		(void)line(of->p, "ring", r->name);
	return r->row != of->row;
}

static bool count_remark(void *ctx, const struct kith_remark *r)
{
	struct page *p = ctx;

	(void)r;
	p->skip++;
	return true;
}

static bool put_remark(void *ctx, const struct kith_remark *r)
{
	static const char *const words[] = {"noted", "called", "met", "wrote"};
	char date[KITH_DATE_CHARS], label[KITH_DATE_CHARS + 16];
	struct page *p = ctx;

	if (p->n++ < p->skip)
		return true;
	(void)snprintf(label, sizeof label, "%s %s", words[r->kind], kith_words_date(r->at, date));
	return line(p, label, r->text);
}

static void put_remarks(struct page *p, int64_t who)
{
	p->n = p->skip = 0;
	enum kith_err err = kith_store_remarks(p->w->store, who, count_remark, p);

	p->skip -= p->skip < NOTES_SHOWN ? p->skip : NOTES_SHOWN;
	if (!err)
		err = kith_store_remarks(p->w->store, who, put_remark, p);
	if (!p->err)
		p->err = err;
}

static bool put_promise(void *ctx, const struct kith_promise *r)
{
	static const char *const words[2][2] = {
		{"you promised", "they promised"}, {"you borrowed", "you lent"}};
	char date[KITH_DATE_CHARS], label[KITH_DATE_CHARS + 32];
	struct page *p = ctx;

	(void)snprintf(label, sizeof label, "%s%s%s", words[r->thing][r->theirs],
		r->by == KITH_DAY_NONE ? "" : ", by ",
		r->by == KITH_DAY_NONE ? "" : kith_words_day(r->by, date));
	return line(p, label, r->text);
}

static void put_memory(struct page *p, int64_t who)
{
	struct kith_memory m;
	struct ring_of of = {.p = p};
	enum kith_err err = kith_store_memory(p->w->store, who, kith_when_now(), &m);

	if (!p->err)
		put_tags(p);
	of.row = err ? 0 : m.ring;
	if (!err && !p->err && m.ring)
		err = kith_store_rings(p->w->store, put_ring, &of);
	if (!err && !p->err)
		put_remarks(p, who);
	if (!err && !p->err)
		err = kith_store_promises(p->w->store, who, false, put_promise, p);
	if (!p->err)
		p->err = err;
}

enum kith_err kith_walk_name(struct kith_walk *w, struct kith_buf *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	size_t n = out->n;
	enum kith_err err = kith_store_contact(w->store, kith_walk_person(w), &c);

	if (!err)
		err = kith_show(out, c.name, KITH_SHOWN_NAME);
	if (!err && out->n == n)
		err = kith_buf_add_str(out, KITH_UNSEEN);
	return err;
}

/* Who is in the full ring, each with a number. */
static bool put_member(void *ctx, const struct kith_contact *c)
{
	char number[24], date[KITH_DATE_CHARS], name[4 * KITH_SHOWN_NAME + 16], text[256];
	struct kith_memory m = {0};
	struct page *p = ctx;

	p->err = kith_store_memory(p->w->store, c->row, kith_when_now(), &m);
	if (p->err)
		return false;
	(void)snprintf(number, sizeof number, "%zu", ++p->n);
	(void)snprintf(text, sizeof text, "%s (last contact %s)",
		kith_show_in(name, sizeof name, c->name, KITH_SHOWN_NAME),
		m.touched ? kith_words_date(m.touched, date) : "never");
	return line(p, number, kith_span_str(text));
}

enum kith_err kith_walk_card(struct kith_walk *w, struct kith_buf *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct page p = {.w = w, .out = out};
	int64_t who = kith_walk_person(w);
	enum kith_err err;

	if (!who)
		return KITH_OK;
	if (w->full) {
		err = kith_store_ring_people(w->store, w->full, put_member, &p);
		return p.err ? p.err : err;
	}
	if ((err = kith_store_contact(w->store, who, &c)))
		return err;
	put_known(&p, &c);
	if (!p.err)
		put_all_fields(&p, &c);
	if (!p.err)
		put_memory(&p, who);
	return p.err;
}

/* --- the question ----------------------------------------------------------------------------- */

static bool add_ring(void *ctx, const struct kith_ring *r)
{
	struct page *p = ctx;

	p->err = kith_buf_printf(p->out, "%s%u ", p->n++ ? ", " : "", (unsigned)r->place);
	if (!p->err)
		p->err = kith_show(p->out, r->name, KITH_SHOWN_NAME);
	if (!p->err)
		p->err = kith_buf_printf(p->out, " (%zu of %u)", r->people, (unsigned)r->room);
	return !p->err;
}

static enum kith_err ask_ring(struct kith_walk *w, struct kith_buf *out)
{
	struct page p = {.w = w, .out = out};
	enum kith_err err = kith_buf_add_str(out, "Which ring? ");

	if (!err)
		err = kith_store_rings(w->store, add_ring, &p);
	if (!err)
		err = p.err;
	return err ? err : kith_buf_add_str(out, p.n ? ", 0 none\n" : "There are none.\n");
}

enum kith_err kith_walk_question(struct kith_walk *w, struct kith_buf *out)
{
	static const char *const again = " A new line takes the place of what you wrote.";

	switch (w->ask) {
	case KITH_ASK_TALK:
		return kith_buf_printf(out, "What did you talk about?%s\n", w->noted ? again : "");
	case KITH_ASK_TAGS:
		return kith_buf_add_str(out, "Which tags? One word each; -word takes one off.\n");
	case KITH_ASK_RING:
		return w->full ? kith_buf_add_str(out,
					 "Who moves out, into no ring? The number or the name; "
					 "nothing: nobody.\n")
			       : ask_ring(w, out);
	case KITH_ASK_PROMISE:
		return kith_buf_printf(out, "What did you promise?%s\n", w->promised ? again : "");
	case KITH_ASK_BY:
		return kith_buf_add_str(out, "By when? 2026-05-03, friday, 2w; nothing: no day.\n");
	case KITH_ASK_DECIDE:
		return kith_buf_add_str(out, "Keep, soon, or let go?\n");
	case KITH_ASK_END:
		return kith_buf_add_str(out, "That was everybody.\n");
	}
	return KITH_ERR_INTERNAL;
}
