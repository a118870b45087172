/* SPDX-License-Identifier: MIT
 *
 * session - one connection of two kiths, without I/O: a handshake of strangers (proto/session.md), or
 * two who know each other (proto/known.md).  Events are calls; what must leave or last is a call to the
 * host.
 *
 * One thread at a time.  A session never waits: time-outs are the caller's (session/room.c), by
 * kith_session_step.
 */
#ifndef KITH_SESSION_SESSION_H
#define KITH_SESSION_SESSION_H

#include <kith/card.h>
#include <kith/store.h>

#include "crypto/exchange.h"
#include "crypto/seal.h"
#include "session/parcel.h"
#include "session/transcript.h"

enum kith_role { KITH_ROLE_I, KITH_ROLE_R }; /* dialler, listener */

/* Where a session stands. */
enum kith_step {
	KITH_STEP_GREETING,  /* the HELLOs are on their way */
	KITH_STEP_GREETED,   /* both HELLOs are here; I may ask or know, R waits for either */
	KITH_STEP_KNOWING,   /* a tag matched: K1 is on its way, proofs are due */
	KITH_STEP_MET,       /* it is they: parcels are on their way */
	KITH_STEP_ASKED,     /* I: REQUEST sent, their person is asked */
	KITH_STEP_ASKING,    /* R: REQUEST came, my person is asked */
	KITH_STEP_REVEALING, /* R: ACCEPT sent, REVEAL is due */
	KITH_STEP_PROVING,   /* AUTH is due */
	KITH_STEP_COMPARING, /* both are proven, the code is up, my person is asked */
	KITH_STEP_CONFIRMED, /* my CONFIRM left; theirs is due */
	KITH_STEP_SWAPPING,  /* both confirmed; cards and receipts are on their way */
	KITH_STEP_DONE,      /* nothing is owed either way */
	KITH_STEP_ENDED,     /* failed; kith_session_error says why */
};

enum kith_abort_reason {
	KITH_ABORT_MISMATCH = 1,
	KITH_ABORT_STATE = 2,
	KITH_ABORT_COMMIT = 3,
	KITH_ABORT_PROTOCOL = 4,
	KITH_ABORT_OWNKEY = 5,
	KITH_ABORT_CARD = 6,
	KITH_ABORT_STORE = 7,
	KITH_ABORT_CANCEL = 8,
};

/* Who I am in a session.  Borrowed: must outlive it unchanged. */
struct kith_self {
	const struct kith_identity *id;
	struct kith_span label; /* my name as the other person is asked, at most KITH_LABEL_MAX */
	struct kith_span event; /* where we are; n == 0 for none */
	struct kith_span envelope; /* the card I give */
	uint8_t card[8];           /* its card id */
	uint64_t rev;              /* and revision */
	bool gives;                /* false: receive only */
	bool attended;             /* false: nobody compares here */
	bool long_code;            /* show all twelve digits */
	bool swaps; /* my person swaps; false: for known people only, and what is above but id unused */
	struct kith_circle *circle; /* whom I would recognise, may change meanwhile; NULL: nobody */
	const struct kith_known_host *known; /* what is done then; NULL: nobody is recognised */
};

/* The outside of a session.  confirm to mismatch are the transactions of kith/store.h: durable when
 * they return KITH_OK.  None of them may call back into the session. */
struct kith_session_host {
	void *ctx;
	void (*send)(void *ctx, struct kith_span message);
	enum kith_err (*confirm)(void *ctx, const struct kith_meeting *m);
	enum kith_err (*confirmed)(
		void *ctx, const uint8_t session[static 32], enum kith_how theirs);
	enum kith_err (*card)(void *ctx, const uint8_t session[static 32],
		const struct kith_card *card, struct kith_span envelope);
	enum kith_err (*receipt)(void *ctx, const struct kith_receipt *r);
	enum kith_err (*mismatch)(void *ctx, const uint8_t session[static 32]);
	/* My person wants nothing of who has that ik.  May be NULL: of nobody is that said. */
	bool (*blocked)(void *ctx, const uint8_t ik[static KITH_KEY_BYTES]);
};

struct kith_session;

/*
 * A session in the given role.  listener and dialler are the CURVE keys S and C; network (copied)
 * names where, for the meeting.  env, self and host's ctx must outlive it.  KITH_ERR_NOMEM.
 */
enum kith_err kith_session_new(const struct kith_env *env, const struct kith_self *self,
	const struct kith_session_host *host, enum kith_role role,
	const uint8_t listener[static 32], const uint8_t dialler[static 32],
	struct kith_span network, struct kith_session **ret) KITH_MUST_CHECK;

/* Wipes and frees; NULL allowed.  Sends nothing. */
void kith_session_free(struct kith_session *s);

/*
 * My person has scanned their key (an invitation): a session that proves another one ends as
 * KITH_ERR_MISMATCH once AUTH is here, and one that proves it needs no code on this side.  Before
 * AUTH; ik is copied.
 */
void kith_session_expect(struct kith_session *s, const uint8_t ik[static 32]);

/* Goes on as one without ties, whatever self has.  Before HELLO. */
void kith_session_forget_ties(struct kith_session *s);

/* I: sends HELLO_I, and the TAGS that belong to it.  KITH_ERR_STATE, KITH_ERR_NOMEM. */
enum kith_err kith_session_greet(struct kith_session *s) KITH_MUST_CHECK;

/* I, in KITH_STEP_GREETED: my person picked them; sends REQUEST.  From here on I am committed. */
enum kith_err kith_session_ask(struct kith_session *s) KITH_MUST_CHECK;

/*
 * I, in KITH_STEP_GREETED: sends K1, by the tie whose tag matched.  KITH_ERR_MISSING: none did; they are a
 * stranger, and the session may be freed.  KITH_ERR_STATE, KITH_ERR_NOMEM.
 */
enum kith_err kith_session_know(struct kith_session *s) KITH_MUST_CHECK;

/* R, in KITH_STEP_ASKING: my person said yes, or no (which ends the session, DECLINED). */
enum kith_err kith_session_accept(struct kith_session *s) KITH_MUST_CHECK;
enum kith_err kith_session_decline(struct kith_session *s) KITH_MUST_CHECK;

/*
 * In KITH_STEP_COMPARING: my person says the codes are the same (or did not compare: how).  Makes
 * the pending row durable, then sends CONFIRM unless `broken` (the line is gone; the row stays and
 * the session ends as BROKEN).  A store error ends the session.
 */
enum kith_err kith_session_same(
	struct kith_session *s, enum kith_how how, bool broken) KITH_MUST_CHECK;

/* In KITH_STEP_COMPARING: the codes differ.  Sends ABORT(mismatch) and ends the session. */
enum kith_err kith_session_different(struct kith_session *s) KITH_MUST_CHECK;

/*
 * One message came.  KITH_OK: taken (look at kith_session_step); any error: the session has ended
 * with it, ABORT was sent where the page wants one, and the connection must be closed.
 */
enum kith_err kith_session_take(struct kith_session *s, struct kith_span message) KITH_MUST_CHECK;

/* Ends the session from this side with that reason, sending ABORT if the session is under way. */
void kith_session_abort(struct kith_session *s, enum kith_abort_reason reason, enum kith_err err);

enum kith_step kith_session_step(const struct kith_session *s);
enum kith_err kith_session_error(const struct kith_session *s); /* KITH_OK while not ENDED */

/* ACCEPT was sent or came: from here on an end without success counts as a failed comparison. */
bool kith_session_spent(const struct kith_session *s);

/* The tie whose tag matched, from KITH_STEP_GREETED on; NULL: there is none.  A claim until
 * KITH_STEP_MET.  Borrowed from the session. */
const struct kith_tie *kith_session_tie(const struct kith_session *s);

/* It was proven to be they; stays so when the session ends. */
bool kith_session_met(const struct kith_session *s);

/* From KITH_STEP_MET on: I have said that nothing more comes from me in this session; and there would have
 * been more, but for its limits or a key that is retired. */
bool kith_session_quiet(const struct kith_session *s);
bool kith_session_more(const struct kith_session *s);

/* It was one after which the next waits: a parcel of either side was sent, which was no mere question, or did not
 * fit, or one of mine was put off. */
bool kith_session_used(const struct kith_session *s);

/* It was under a key that one of us has left, and so said nothing else: the next one is under the new key. */
bool kith_session_retired(const struct kith_session *s);

/* They are blocked: nothing is said to them any more, and the connection is left to their patience. */
bool kith_session_silent(const struct kith_session *s);

/* Both persons confirmed. */
bool kith_session_agreed(const struct kith_session *s);

/* The pending row is durable / their card is / their receipt for mine is (or none is owed). */
bool kith_session_kept(const struct kith_session *s);
bool kith_session_has_card(const struct kith_session *s);
bool kith_session_delivered(const struct kith_session *s);

/* What they said about themselves; from REQUEST or ACCEPT on.  Borrowed from the session. */
struct kith_span kith_session_label(const struct kith_session *s);
bool kith_session_they_give(const struct kith_session *s);
bool kith_session_they_attend(const struct kith_session *s);

/* Their ik, proven from KITH_STEP_COMPARING on. */
const uint8_t *kith_session_ik(const struct kith_session *s);

/* The key that was proven is the one that was scanned; false before KITH_STEP_COMPARING. */
bool kith_session_scanned(const struct kith_session *s);

/* The code, all KITH_CODE_DIGITS digits; empty before KITH_STEP_COMPARING. */
const char *kith_session_code(const struct kith_session *s);

#endif
