/* SPDX-License-Identifier: MIT
 *
 * review - the morning after: those whom I met, one at a time, and what I remember of each.  proto/people.md, "Review".
 *
 * A walk holds who is asked about and which question is open; every answer is in the store before the next question, and
 * which one comes next is, too.  A view (screen, lines, JSON) shows the question and hands over what was typed.
 */
#ifndef KITH_CLI_REVIEW_H
#define KITH_CLI_REVIEW_H

#include <kith/people.h>

#include "cli/cli.h"

#define KITH_REVIEW_SAID 512 /* bytes of a sentence */

/* Kept in the store by number (kith_store_review_step): never change one. */
enum kith_ask {
	KITH_ASK_TALK = 0, /* what did you talk about? */
	KITH_ASK_TAGS,
	KITH_ASK_RING,
	KITH_ASK_PROMISE, /* what did you promise? */
	KITH_ASK_BY,      /* by when? */
	KITH_ASK_DECIDE,  /* keep, soon or let go */
	KITH_ASK_END      /* nobody is left; of no person */
};

/* Whose turn it was before, and what stood in the store of them. */
struct kith_walk_step {
	size_t at;
	bool decided; /* else passed over: */
	enum kith_review was;
	int64_t was_at;
};

struct kith_walk {
	struct kith_cli *cli;
	struct kith_store *store;
	int64_t event;   /* of which it is; 0: of none */
	int64_t *people; /* who is asked about, in order */
	size_t n, cap;
	size_t at; /* whose turn it is; n: nobody's */
	enum kith_ask ask;
	int64_t full; /* of KITH_ASK_RING: the ring in which somebody has to make room; 0: none has */
	int64_t noted; /* the note and the promise that were written of this person just now; 0: none */
	int64_t promised;
	struct kith_walk_step *steps; /* the way back */
	size_t n_steps, cap_steps;
	char said
		[KITH_REVIEW_SAID]; /* what the last answer did, or why it is none; inert; "" for nothing */
	enum kith_err err;          /* the store or memory failed: the walk is over */
	bool left;                  /* the person has left */
};

void kith_walk_free(struct kith_walk *w);

/* Adds a person to ask about, behind the others.  A kith_contact_fn; ctx is the walk. */
bool kith_walk_add(void *walk, const struct kith_contact *contact);

/* Begins with the first one, at the question that was left open. */
void kith_walk_begin(struct kith_walk *w);

/* The person whose turn it is; 0: nobody's. */
int64_t kith_walk_person(const struct kith_walk *w);

/* What was typed for the open question: nothing, or blanks, goes on without an answer (but decides nothing).  Sets said,
 * ask, at. */
void kith_walk_answer(struct kith_walk *w, struct kith_span text);

/* Back to the question before; before the first one to the person before, whose decision is taken back. */
void kith_walk_back(struct kith_walk *w);

/* On to the next person; this one waits on. */
void kith_walk_skip(struct kith_walk *w);

/* How many are left, with the one whose turn it is. */
size_t kith_walk_left(const struct kith_walk *w);

/* --- in words (review_card.c) ----------------------------------------------------------------- */

/* Append inert lines, each ended by "\n": who it is and what is remembered; the open question, and what can be chosen. */
enum kith_err kith_walk_card(struct kith_walk *w, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_walk_question(struct kith_walk *w, struct kith_buf *out) KITH_MUST_CHECK;

/* "Grace Hopper", inert, without marks; of whose turn it is. */
enum kith_err kith_walk_name(struct kith_walk *w, struct kith_buf *out) KITH_MUST_CHECK;

/* --- the answers (review_answer.c) ------------------------------------------------------------ */

/*
 * Each writes one answer about a person and says in `said` what it did, or, with KITH_ERR_VALUE, _LIMIT, _MISSING,
 * _NOPERSON or _AMBIGUOUS, why nothing was written.  Else store errors.
 */

/* row: the note or promise that takes the new text, 0: a new one, which it then is.  event: which the review is of, 0: of
 * none; a new note is of the one that kith_store_event_reviewed says. */
enum kith_err kith_answer_talk(struct kith_store *store, int64_t contact, int64_t event,
	struct kith_span text, int64_t *row, char said[static KITH_REVIEW_SAID]) KITH_MUST_CHECK;
enum kith_err kith_answer_promise(struct kith_store *store, int64_t contact, struct kith_span text,
	int64_t *row, char said[static KITH_REVIEW_SAID]) KITH_MUST_CHECK;

/* "a +b -c": on, on, off; all of them or none. */
enum kith_err kith_answer_tags(struct kith_store *store, int64_t contact, struct kith_span text,
	char said[static KITH_REVIEW_SAID]) KITH_MUST_CHECK;

/* The name of a ring, or its place; "none" or "0".  *ret_full: the ring in which one who moves out makes room, with
 * KITH_ERR_LIMIT. */
enum kith_err kith_answer_ring(struct kith_store *store, int64_t contact, struct kith_span text,
	int64_t *ret_full, char said[static KITH_REVIEW_SAID]) KITH_MUST_CHECK;

/* Who moves out of a full ring so that the person can move in: a number of its list, or a WHO who is in it. */
enum kith_err kith_answer_out(struct kith_store *store, int64_t contact, int64_t ring,
	struct kith_span text, char said[static KITH_REVIEW_SAID]) KITH_MUST_CHECK;

/* By when that promise is; nothing: no day, also of a promise that is gone. */
enum kith_err kith_answer_by(struct kith_store *store, int64_t contact, int64_t promise,
	struct kith_span text, char said[static KITH_REVIEW_SAID]) KITH_MUST_CHECK;

/* "keep", "soon", "let go" or a beginning of it; false for anything else. */
bool kith_answer_decision(struct kith_span text, enum kith_review *ret_what);

/* "kept", "soon", "let go", "waits"; static. */
const char *kith_review_name(enum kith_review what);

/* --- the views -------------------------------------------------------------------------------- */

/* Each goes through the walk, and returns the exit status.  The screen may find that it cannot be used here, and returns
 * -1 with nothing asked. */
int kith_review_screen(struct kith_walk *w);
int kith_review_lines(struct kith_walk *w);
int kith_review_json(struct kith_walk *w);

#endif
