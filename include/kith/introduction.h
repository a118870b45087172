/* SPDX-License-Identifier: MIT
 *
 * introduction.h - introductions: those I make, those that are proposed to me, and who came of it.
 * UNSTABLE until 1.0.  Source: proto/introduction.md.
 *
 * Threads, transactions and store errors as in kith/store.h.  What is handed in was verified; what the
 * page says of the store (stages, limits, days, who may) is looked after here.
 */
#ifndef KITH_INTRODUCTION_H
#define KITH_INTRODUCTION_H

#include <kith/store.h>

#define KITH_INTRODUCTION_ID 16 /* bytes */

/* What a message of an introduction was, when it was taken. */
enum kith_came {
	KITH_CAME_AGAIN, /* nothing new: it was taken before */
	KITH_CAME_HERE,  /* somebody was introduced who was here already */
	KITH_CAME_NEW,
};

/* Whether what was seen first at `at` is over by now: more than INTRODUCTION_DAYS ago.  A clock that went
 * back makes nothing older. */
bool kith_introduction_over(int64_t at, int64_t now);

/* --- those that I make ------------------------------------------------------------------------ */

/* How far it is with one of the two; kept in the store by number. */
enum kith_side_stage {
	KITH_SIDE_TO_ASK = 0,
	KITH_SIDE_ASKED = 1,
	KITH_SIDE_GRANTED = 2,
	KITH_SIDE_TOLD = 3,
	KITH_SIDE_ENDED = 4, /* their kith refused it */
};

/* "to-ask", "asked" and so on; static. */
const char *kith_side_stage_name(enum kith_side_stage stage);

/* What is to be made.  Spans borrow. */
struct kith_introduction_new {
	uint8_t id[KITH_INTRODUCTION_ID]; /* random */
	uint8_t ik[KITH_KEY_BYTES];       /* mine */
	int64_t who[2];
	uint8_t salt[2][32]; /* random */
	struct kith_span words;
	int64_t at; /* Unix seconds */
	bool again; /* even if these two were introduced before; that one is then closed */
};

/* Whether I can introduce this person: KITH_ERR_NOPERSON; KITH_ERR_MISSING: no key or card of theirs is here, or I
 * never compared with them; KITH_ERR_STATE: blocked, frozen, or known by an introduction alone; store errors. */
enum kith_err kith_store_can_introduce(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/*
 * Makes it.  KITH_ERR_VALUE: one person twice; KITH_ERR_EXISTS: they were introduced before; errors of
 * kith_store_can_introduce.
 */
enum kith_err kith_store_introduce(struct kith_store *store, const struct kith_introduction_new *n,
	int64_t *ret_row) KITH_MUST_CHECK;

/* One side of an introduction. */
struct kith_side {
	int64_t row;
	int64_t contact;
	uint8_t ik[KITH_KEY_BYTES]; /* their key when it was made */
	uint8_t salt[32];
	enum kith_side_stage stage;
	int64_t at;                /* of that stage, Unix seconds */
	bool later;                /* their kith said "later" or "unknown" */
	bool able;                 /* neither blocked nor frozen, and with that key still */
	int how;                   /* enum kith_intro_how: how I know them */
	struct kith_span name;     /* what they are called now */
	struct kith_span grant;    /* from GRANTED on: their statement */
	struct kith_span envelope; /* and the card for it */
};

/* An introduction of mine.  Free it with kith_introduction_free where it was handed out whole; from a callback
 * its spans are valid until that returns. */
struct kith_introduction {
	int64_t row;
	uint8_t id[KITH_INTRODUCTION_ID];
	uint8_t ik[KITH_KEY_BYTES]; /* my key when it was made */
	struct kith_span words;
	int64_t at;
	bool closed;
	struct kith_side side[2];
	void *memory;
};

void kith_introduction_free(struct kith_introduction *introduction);

/* Return false to stop. */
typedef bool (*kith_introduction_fn)(void *ctx, const struct kith_introduction *introduction);

/* All of them, oldest first.  Store errors. */
enum kith_err kith_store_introductions(
	struct kith_store *store, kith_introduction_fn fn, void *ctx) KITH_MUST_CHECK;

/* Those with that person as a side.  Store errors. */
enum kith_err kith_store_introductions_with(struct kith_store *store, int64_t contact,
	kith_introduction_fn fn, void *ctx) KITH_MUST_CHECK;

/* The one of a side, by the side's row; the one of an id; the last one of two people, in either order.  In the first
 * case side[0] is that one, in the last one side[0] is `one`.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_introduction_of_side(
	struct kith_store *store, int64_t side, struct kith_introduction *ret) KITH_MUST_CHECK;
enum kith_err kith_store_introduction_of_id(struct kith_store *store,
	const uint8_t id[static KITH_INTRODUCTION_ID],
	struct kith_introduction *ret) KITH_MUST_CHECK;
enum kith_err kith_store_introduction_of_pair(struct kith_store *store, int64_t one, int64_t other,
	struct kith_introduction *ret) KITH_MUST_CHECK;

/* What is due to a side that `introduction.side[i]` is, by now; what that needs of both is looked at. */
bool kith_introduction_proposes(const struct kith_introduction *introduction, int i, int64_t now);
bool kith_introduction_hands(const struct kith_introduction *introduction, int i);

/* A side goes on to a stage.  One that is further stays; once both were told, that is news.  `later`: they said so
 * instead.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_side_stage(struct kith_store *store, int64_t side,
	enum kith_side_stage stage, int64_t now) KITH_MUST_CHECK;
enum kith_err kith_store_side_later(struct kith_store *store, int64_t side) KITH_MUST_CHECK;

/* A side's grant came with the card, verified.  Takes the place of one that came before unless the other side
 * was told already: KITH_ERR_STATE, also for an introduction that is closed.  *ret_came: NEW or AGAIN.
 * KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_side_granted(struct kith_store *store, int64_t side,
	struct kith_span grant, struct kith_span envelope, int64_t now,
	enum kith_came *ret_came) KITH_MUST_CHECK;

/* --- those that are proposed to me ------------------------------------------------------------ */

/* Whether this person's proposals and introductions are taken: KITH_ERR_NOPERSON (nobody, or without a key);
 * KITH_ERR_STATE: blocked, frozen, or never compared with; store errors. */
enum kith_err kith_store_may_propose(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Kept in the store by number. */
enum kith_proposal_stage {
	KITH_PROPOSAL_OPEN = 0,
	KITH_PROPOSAL_YES = 1,     /* I said yes; they have not heard it */
	KITH_PROPOSAL_GRANTED = 2, /* they have */
	KITH_PROPOSAL_NO = 3,      /* I said no, or took it back; nobody hears that */
	KITH_PROPOSAL_DONE = 4,    /* the other one's card came */
};

/* "open", "yes" and so on; static. */
const char *kith_proposal_stage_name(enum kith_proposal_stage stage);

struct kith_proposal {
	int64_t row;
	int64_t contact; /* who proposes */
	uint8_t id[KITH_INTRODUCTION_ID];
	uint8_t aud[32];
	struct kith_span words;
	int64_t at; /* seen first, Unix seconds */
	enum kith_proposal_stage stage;
	bool later;      /* their kith said "later" or "unknown" to my yes */
	uint8_t card[8]; /* from YES on: which of my cards */
	int64_t answered_at;
	struct kith_span name;      /* what who proposes is called now */
	uint8_t ik[KITH_KEY_BYTES]; /* and their key now */
	bool left; /* they had another key when they proposed: nothing comes of it any more */
	void *memory;
};

void kith_proposal_free(struct kith_proposal *proposal);

typedef bool (*kith_proposal_fn)(void *ctx, const struct kith_proposal *proposal);

/*
 * One came from p->contact: id, aud, words and at are looked at.  The same again changes nothing.  *ret_came: NEW or
 * AGAIN.  KITH_ERR_CONFLICT: another with that id; KITH_ERR_LIMIT: as many as there can be wait already; errors of
 * kith_store_may_propose.
 */
enum kith_err kith_store_proposed(struct kith_store *store, const struct kith_proposal *p,
	enum kith_came *ret_came) KITH_MUST_CHECK;

/* All of them, oldest first; contact: of that person alone (0: all).  Store errors. */
enum kith_err kith_store_proposals(
	struct kith_store *store, int64_t contact, kith_proposal_fn fn, void *ctx) KITH_MUST_CHECK;

/* One, to be freed.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_proposal(
	struct kith_store *store, int64_t row, struct kith_proposal *ret) KITH_MUST_CHECK;

/*
 * My answer: yes with one of my cards, or no (card NULL), which also takes a yes back.  Another card for a yes that was
 * heard is due anew.  KITH_ERR_MISSING: there is no such proposal or card; KITH_ERR_TIMEOUT: a yes to one that is
 * over; KITH_ERR_STALEKEY: a yes to one by a key that was left; KITH_ERR_STATE: it is done, or it was a no and is to be
 * a yes; store errors.
 */
enum kith_err kith_store_proposal_answer(
	struct kith_store *store, int64_t row, const uint8_t *card, int64_t now) KITH_MUST_CHECK;

/* They have my yes; or said "later".  A no stays one.  Store errors. */
enum kith_err kith_store_proposal_told(struct kith_store *store, int64_t row) KITH_MUST_CHECK;
enum kith_err kith_store_proposal_later(struct kith_store *store, int64_t row) KITH_MUST_CHECK;

/* --- who came of it --------------------------------------------------------------------------- */

/* An introduction that is to be taken.  Everything was verified, but for what the store alone knows. */
struct kith_introduced_new {
	int64_t introducer;
	uint8_t id[KITH_INTRODUCTION_ID];
	uint8_t aud[32]; /* that my grant must have */
	int how;         /* enum kith_intro_how */
	const struct kith_card *card;
	struct kith_span envelope;
	struct kith_span intro; /* the two statements */
	struct kith_span grant;
	int64_t at;
};

/*
 * Takes it, if I hold an open grant for it: a new person, or one more line in the history of one who is here.
 * The same again changes nothing.  *ret_contact: who was introduced; 0: AGAIN, and they were forgotten since.
 * KITH_ERR_MISSING: no such grant of mine, or it was for somebody else, or to another key; KITH_ERR_STALEKEY: their key was left for another
 * one, or they are frozen; store errors.
 */
enum kith_err kith_store_introduced(struct kith_store *store, const struct kith_introduced_new *n,
	int64_t *ret_contact, enum kith_came *ret_came) KITH_MUST_CHECK;

/* How somebody was introduced.  Spans are valid until the callback returns. */
struct kith_introduced {
	int64_t introducer;    /* 0: somebody whom I have forgotten since */
	struct kith_span name; /* what they are called now; n == 0 then */
	struct kith_span words;
	int how; /* enum kith_intro_how */
	int64_t at;
	struct kith_span intro;
	struct kith_span grant;
	int64_t alike; /* somebody else of the same name who was here then; 0: nobody */
};

typedef bool (*kith_introduced_fn)(void *ctx, const struct kith_introduced *introduced);

/* All that there are of a person, oldest first.  Store errors. */
enum kith_err kith_store_introduced_each(struct kith_store *store, int64_t contact,
	kith_introduced_fn fn, void *ctx) KITH_MUST_CHECK;

/* That person brought an introduction that I had not agreed to, or a false one; how many there were, and when the
 * last.  Store errors, KITH_ERR_NOPERSON. */
enum kith_err kith_store_intro_refused(
	struct kith_store *store, int64_t contact, int64_t now) KITH_MUST_CHECK;
enum kith_err kith_store_intros_refused(struct kith_store *store, int64_t contact, uint64_t *ret_n,
	int64_t *ret_at) KITH_MUST_CHECK;

#endif
