/* SPDX-License-Identifier: MIT
 *
 * parcel - what two who know each other have for one another, as the session sees it: it carries
 * parcels and answers, and does not look inside.
 * Source: proto/known.md "Proof" and "Parcels".
 */
#ifndef KITH_SESSION_PARCEL_H
#define KITH_SESSION_PARCEL_H

#include "session/circle.h"

enum kith_parcel_kind {
	KITH_PARCEL_CARD = 1,
	KITH_PARCEL_STATEMENT = 2,
	KITH_PARCEL_RECALL = 3,
	KITH_PARCEL_PROPOSE = 4,
	KITH_PARCEL_GRANT = 5,
	KITH_PARCEL_INTRO = 6,
	KITH_PARCEL_TAKEBACK = 7,
	KITH_PARCEL_RESPONSE = 8,
};

enum kith_outcome {
	KITH_OUTCOME_TAKEN = 0,
	KITH_OUTCOME_REFUSED = 1,
	KITH_OUTCOME_UNKNOWN = 2,
	KITH_OUTCOME_LATER = 3,
};

/* How a person stands to the other one: the middle of PROOF. */
struct kith_standing {
	bool agreed;      /* I said "same" to them, once */
	bool has_card;    /* I hold a card of theirs: */
	uint8_t card[8];  /* which */
	uint64_t rev;     /* its number */
	uint8_t hash[32]; /* and the hash of its envelope */
};

/* Somebody who has proven to be who the tie says, in a session named by th.  Borrowed. */
struct kith_friend {
	const struct kith_tie *tie;
	const uint8_t *ik; /* with which they signed: tie->theirs, or where their rotations led */
	const uint8_t *session;        /* th, 32 bytes */
	struct kith_span event;        /* where, as my person has named it; n == 0: not */
	struct kith_span network;      /* and the network; n == 0 when unknown */
	struct kith_standing standing; /* theirs */
};

/* One parcel; bytes are valid until the next call of the host. */
struct kith_parcel {
	enum kith_parcel_kind kind;
	struct kith_span bytes;
	int64_t ref; /* the sender's own mark */
};

/*
 * What the session asks of the outside.  All of it is durable when it returns.  None may call back into
 * the session.  Two sessions with one person may run at once, when both have dialled: what is due then
 * goes in both, and is answered twice.
 */
struct kith_known_host {
	void *ctx;
	/* What I tell of myself, before I know that it is they. */
	enum kith_err (*standing)(void *ctx, const struct kith_tie *tie, struct kith_standing *ret);
	/* The rotations from tie->mine to my present key, for a retired tie: an array in strict form. */
	enum kith_err (*rotations)(void *ctx, const struct kith_tie *tie, struct kith_buf *out);
	/* Theirs came: takes them, and says which ik they have now.  KITH_ERR_SIG and others of statements:
	 * the session ends. */
	enum kith_err (*rotated)(void *ctx, const struct kith_tie *tie, struct kith_span statements,
		uint8_t ret_ik[static KITH_KEY_BYTES]);
	/* It is they. */
	enum kith_err (*met)(void *ctx, const struct kith_friend *who);
	/* The next parcel for them, at most `room` bytes; KITH_ERR_MISSING: there is nothing more;
	 * KITH_ERR_LIMIT: there is, but not within `room`, so it waits for the next session.  Called again only
	 * when the one before was answered. */
	enum kith_err (*next)(
		void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret);
	/* One of theirs came.  For a CARD that is taken the session makes the receipt; for a RECALL *ret_answer is the
	 * envelope, of at most `room` bytes and valid until the next call of the host.  It comes empty, and is left so
	 * for every other kind and outcome. */
	enum kith_outcome (*take)(void *ctx, const struct kith_friend *who, uint64_t kind,
		struct kith_span bytes, size_t room, struct kith_span *ret_answer);
	/* Mine was answered.  `answer` is for a CARD that was taken their receipt, verified by the session, for a
	 * RECALL that was taken what they sent, unchecked, else empty. */
	enum kith_err (*answered)(void *ctx, const struct kith_friend *who,
		const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer);
	/* The session with them has ended, KITH_OK: both have closed. */
	void (*parted)(void *ctx, const struct kith_friend *who, enum kith_err err);
};

#endif
