/* SPDX-License-Identifier: MIT
 *
 * The walk through those who wait: which question comes next, and the way back.
 */
#include "cli/review.h"

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/when.h"

void kith_walk_free(struct kith_walk *w)
{
	free(w->people);
	free(w->steps);
}

bool kith_walk_add(void *walk, const struct kith_contact *contact)
{
	struct kith_walk *w = walk;

	if (w->n == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 64;
		void *more = reallocarray(w->people, cap, sizeof *w->people);
		if (!more) {
			w->err = KITH_ERR_NOMEM;
			return false;
		}
		w->people = more;
		w->cap = cap;
	}
	w->people[w->n++] = contact->row;
	return true;
}

int64_t kith_walk_person(const struct kith_walk *w)
{
	return w->at < w->n ? w->people[w->at] : 0;
}

size_t kith_walk_left(const struct kith_walk *w)
{
	return w->n - w->at;
}

static bool memory_of(struct kith_walk *w, int64_t contact, struct kith_memory *ret)
{
	enum kith_err err = kith_store_memory(w->store, contact, kith_when_now(), ret);

	if (err && err != KITH_ERR_NOPERSON)
		w->err = err;
	return !err;
}

struct undated {
	int64_t row; /* the last promise of mine without a day */
};

static bool find_undated(void *ctx, const struct kith_promise *p)
{
	struct undated *u = ctx;

	if (!p->theirs && !p->thing && p->by == KITH_DAY_NONE && p->row > u->row)
		u->row = p->row;
	return true;
}

/* Goes to the question that was open when this person was left; who is gone meanwhile is passed over.  Not to the
 * decision: who types on, blind, where they believe to be would let somebody go by one letter. */
static void open_person(struct kith_walk *w)
{
	struct kith_memory m;
	struct undated u = {0};

	w->full = w->noted = w->promised = 0;
	while (w->at < w->n && !w->err && !memory_of(w, w->people[w->at], &m))
		w->at++;
	if (w->err)
		return;
	if (w->at == w->n) {
		w->ask = KITH_ASK_END;
		return;
	}
	w->ask = m.step < KITH_ASK_END ? (enum kith_ask)m.step : KITH_ASK_TALK;
	if (w->ask == KITH_ASK_DECIDE)
		w->ask = KITH_ASK_PROMISE;
	if (w->ask != KITH_ASK_BY)
		return;
	if (!(w->err = kith_store_promises(w->store, m.contact, false, find_undated, &u)))
		w->promised = u.row;
	if (!u.row)
		w->ask = KITH_ASK_PROMISE;
}

void kith_walk_begin(struct kith_walk *w)
{
	w->at = 0;
	open_person(w);
}

/* --- on --------------------------------------------------------------------------------------- */

static bool add_step(struct kith_walk *w, bool decided)
{
	struct kith_memory m = {0};

	if (w->n_steps == w->cap_steps) {
		size_t cap = w->cap_steps ? w->cap_steps * 2 : 16;
		void *more = reallocarray(w->steps, cap, sizeof *w->steps);
		if (!more) {
			w->err = KITH_ERR_NOMEM;
			return false;
		}
		w->steps = more;
		w->cap_steps = cap;
	}
	if (!memory_of(w, kith_walk_person(w), &m))
		return false;
	w->steps[w->n_steps++] = (struct kith_walk_step){w->at, decided, m.review, m.reviewed_at};
	return true;
}

static void decide(struct kith_walk *w, struct kith_span text)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	enum kith_review what;

	if (!kith_answer_decision(text, &what)) {
		(void)snprintf(w->said, sizeof w->said,
			"That is none of the three: k keep, s soon, l let go.");
		return;
	}
	if ((w->err = kith_walk_name(w, &name)) || !add_step(w, true))
		return;
	if ((w->err = kith_store_reviewed(w->store, kith_walk_person(w), what, kith_when_now()))) {
		w->n_steps--;
		return;
	}
	(void)snprintf(w->said, sizeof w->said, "%.*s: %s. Going back undoes that.", (int)name.n,
		(const char *)name.p, kith_review_name(what));
	w->at++;
	open_person(w);
}

static enum kith_err answer(struct kith_walk *w, int64_t who, struct kith_span text)
{
	switch (w->ask) {
	case KITH_ASK_TALK:
		return kith_answer_talk(w->store, who, w->event, text, &w->noted, w->said);
	case KITH_ASK_TAGS:
		return kith_answer_tags(w->store, who, text, w->said);
	case KITH_ASK_RING:
		return w->full ? kith_answer_out(w->store, who, w->full, text, w->said)
			       : kith_answer_ring(w->store, who, text, &w->full, w->said);
	case KITH_ASK_PROMISE:
		return kith_answer_promise(w->store, who, text, &w->promised, w->said);
	case KITH_ASK_BY:
		return kith_answer_by(w->store, who, w->promised, text, w->said);
	case KITH_ASK_DECIDE:
	case KITH_ASK_END:
		break;
	}
	return KITH_ERR_INTERNAL;
}

/* Whether the answer is only none, and the question stays open. */
static bool is_no_answer(enum kith_err err)
{
	return err == KITH_ERR_VALUE || err == KITH_ERR_LIMIT || err == KITH_ERR_MISSING ||
	       err == KITH_ERR_NOPERSON || err == KITH_ERR_AMBIGUOUS;
}

static enum kith_ask next_of(const struct kith_walk *w, bool answered)
{
	if (w->ask == KITH_ASK_PROMISE && !answered)
		return KITH_ASK_DECIDE;
	return (enum kith_ask)(w->ask + 1);
}

/* The answer and where to go on are one. */
static enum kith_err answer_and_step(struct kith_walk *w, struct kith_span text, enum kith_ask next)
{
	int64_t who = kith_walk_person(w);
	enum kith_err err = kith_store_batch(w->store);

	if (err)
		return err;
	if (text.n || w->ask == KITH_ASK_BY) /* nothing is an answer there: no day */
		err = answer(w, who, text);
	if (!err)
		err = kith_store_review_step(w->store, who, next);
	enum kith_err done = kith_store_batch_end(w->store, !err);
	return err ? err : done;
}

static struct kith_span trim(struct kith_span s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* The person is gone, by another program: on with the next. */
static bool is_gone(struct kith_walk *w)
{
	struct kith_memory m;

	if (memory_of(w, kith_walk_person(w), &m) || w->err)
		return false;
	(void)snprintf(w->said, sizeof w->said, "That person was forgotten meanwhile.");
	w->at++;
	open_person(w);
	return true;
}

void kith_walk_answer(struct kith_walk *w, struct kith_span text)
{
	int64_t noted = w->noted, promised = w->promised;

	text = trim(text);
	w->said[0] = 0;
	if (w->ask == KITH_ASK_END) {
		w->left = true;
		return;
	}
	if (is_gone(w) || w->err)
		return;
	if (w->ask == KITH_ASK_DECIDE) {
		decide(w, text);
		return;
	}
	if (w->full && !text.n) { /* nobody moves out: which ring, then? */
		w->full = 0;
		return;
	}
	enum kith_ask next = next_of(w, text.n > 0);
	enum kith_err err = answer_and_step(w, text, next);
	if (err) {
		w->noted = noted;
		w->promised = promised;
		if (!is_no_answer(err))
			w->err = err;
		return;
	}
	w->full = 0;
	w->ask = next;
}

void kith_walk_skip(struct kith_walk *w)
{
	KITH_AUTO_BUF struct kith_buf name = {0};

	w->said[0] = 0;
	if (w->ask == KITH_ASK_END || is_gone(w) || w->err)
		return;
	if ((w->err = kith_walk_name(w, &name)) || !add_step(w, false))
		return;
	(void)snprintf(
		w->said, sizeof w->said, "%.*s waits on.", (int)name.n, (const char *)name.p);
	w->at++;
	open_person(w);
}

/* --- back ------------------------------------------------------------------------------------- */

static void back_to_person(struct kith_walk *w)
{
	KITH_AUTO_BUF struct kith_buf name = {0};

	if (w->n_steps == 0) {
		(void)snprintf(w->said, sizeof w->said, "This is where it began.");
		return;
	}
	struct kith_walk_step s = w->steps[--w->n_steps];
	int64_t who = w->people[s.at];
	enum kith_err err =
		s.decided ? kith_store_reviewed(w->store, who, s.was, s.was_at) : KITH_OK;
	if (!err && s.decided)
		err = kith_store_review_step(w->store, who, KITH_ASK_DECIDE);
	if (err && err != KITH_ERR_NOPERSON) {
		w->err = err;
		return;
	}
	w->at = s.at;
	open_person(w);
	if (err || !s.decided || w->err || (w->err = kith_walk_name(w, &name)))
		return;
	w->ask = KITH_ASK_DECIDE;
	(void)snprintf(
		w->said, sizeof w->said, "%.*s: taken back.", (int)name.n, (const char *)name.p);
}

void kith_walk_back(struct kith_walk *w)
{
	w->said[0] = 0;
	if (w->full) {
		w->full = 0;
		return;
	}
	if (w->ask == KITH_ASK_TALK || w->ask == KITH_ASK_END) {
		back_to_person(w);
		return;
	}
	if (is_gone(w) || w->err)
		return;
	enum kith_ask before = w->ask == KITH_ASK_DECIDE && !w->promised
				       ? KITH_ASK_PROMISE
				       : (enum kith_ask)(w->ask - 1);
	if (!(w->err = kith_store_review_step(w->store, kith_walk_person(w), before)))
		w->ask = before;
}
