/* SPDX-License-Identifier: MIT
 *
 * inside - what the files of this folder share: the keep itself, and one trio of functions for each
 * kind of thing that goes to and fro.
 */
#ifndef KITH_KEEP_INSIDE_H
#define KITH_KEEP_INSIDE_H

#include <kith/cards.h>
#include <kith/known.h>
#include <kith/people.h>

#include "base/auto.h"
#include "keep/keep.h"

struct keep_tied;

/* What was sent in a session and how it was answered: nothing goes twice in one. */
struct keep_talk {
	uint8_t session[32];
	struct {
		enum kith_parcel_kind kind;
		int64_t ref;
	} sent[KITH_PARCELS_MAX];
	size_t n;
	uint8_t hash[32]; /* of the card that is under way */
	uint8_t card[8];
	size_t cards;  /* theirs that were taken */
	bool handed;   /* something went over, and is remembered as a contact */
	bool recalled; /* they have asked for a card of theirs */
	bool unsure;   /* I have, and have no answer that lasts: none of mine goes on top of it */
	size_t asks;   /* and questions after one */
};

/* Of a kind that somebody does not know, and so no reason to call on them; or a question that brought nothing that counts,
 * and is not asked again. */
struct keep_dud {
	int64_t contact;
	enum kith_parcel_kind kind;
	int64_t ref;
};

#define KEEP_DUDS 256 /* remembered; the oldest is written over */

/* How many cards somebody brought lately. */
struct keep_pace {
	int64_t contact; /* 0: free */
	uint64_t since;  /* ticks */
	size_t n;
};

#define KEEP_PACES 256 /* remembered; the one that is oldest is written over */

struct kith_keep {
	const struct kith_env *env;
	struct kith_store *store;
	const struct kith_identity *id;
	const struct kith_retired *retired;
	size_t n_retired;
	struct kith_buf out; /* the parcel that was handed out last */
	struct keep_talk **talks;
	size_t n_talks;
	struct keep_dud duds[KEEP_DUDS];
	size_t n_duds;
	struct keep_pace paces[KEEP_PACES];
	/* ties.c */
	struct keep_tied *there; /* what the circle holds, by contact */
	size_t n_there, cap_there;
	struct keep_tied *wanted; /* what it should hold, those met last first */
	size_t n_wanted, cap_wanted;
	size_t at; /* how far it was brought up to date */
	bool building;
	size_t left_out; /* people for whom there was no room */
	const struct kith_circle *circle;
};

/* Now, by the clock of the machine. */
static inline int64_t keep_now(const struct kith_keep *keep)
{
	return keep->env->wall(keep->env->ctx);
}

/*
 * Each kind has three functions.  `who` is a person under the tie's key; a keep_..._next with who->session NULL is asked
 * whether anything is due, outside of a session.
 *
 *	next      the next parcel, at most room bytes, its bytes in keep->out (cleared before); ref is a mark by which
 *	          `answered` knows it again.  KITH_ERR_MISSING: nothing is due; KITH_ERR_LIMIT: something is, but of more than
 *	          room bytes.  What keep_sent says was sent in this session is not handed out again.  It changes nothing in
 *	          the store.
 *	take      one of theirs.  Durable when it returns.
 *	answered  mine was answered.
 *
 * Nobody who is blocked or frozen gets this far, and but for keep_key_... nobody with whom both have not agreed.
 */
enum kith_err keep_key_next(struct kith_keep *keep, const struct kith_friend *who, size_t room,
	struct kith_parcel *ret) KITH_MUST_CHECK;
enum kith_outcome keep_key_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes);
enum kith_err keep_key_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome) KITH_MUST_CHECK;

/* struct kith_known_host rotations and rotated. */
enum kith_err keep_key_rotations(
	struct kith_keep *keep, const struct kith_tie *tie, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err keep_key_rotated(struct kith_keep *keep, const struct kith_tie *tie,
	struct kith_span statements, uint8_t ret_ik[static KITH_KEY_BYTES]) KITH_MUST_CHECK;

/* KITH_PARCEL_RECALL and KITH_PARCEL_CARD; room, ret_answer and answer as in session/parcel.h. */
enum kith_err keep_update_next(struct kith_keep *keep, const struct kith_friend *who, size_t room,
	struct kith_parcel *ret) KITH_MUST_CHECK;
enum kith_outcome keep_update_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes, size_t room, struct kith_span *ret_answer);
enum kith_err keep_update_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome,
	struct kith_span answer) KITH_MUST_CHECK;

/* KITH_PARCEL_TAKEBACK and KITH_PARCEL_RESPONSE. */
enum kith_err keep_letgo_next(struct kith_keep *keep, const struct kith_friend *who, size_t room,
	struct kith_parcel *ret) KITH_MUST_CHECK;
enum kith_outcome keep_letgo_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes);
enum kith_err keep_letgo_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome) KITH_MUST_CHECK;

/* KITH_PARCEL_PROPOSE, KITH_PARCEL_GRANT and KITH_PARCEL_INTRO: grants first, then proposals, then introductions. */
enum kith_err keep_introduce_next(struct kith_keep *keep, const struct kith_friend *who,
	size_t room, struct kith_parcel *ret) KITH_MUST_CHECK;
enum kith_outcome keep_introduce_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes);
enum kith_err keep_introduce_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome) KITH_MUST_CHECK;

/* That parcel went out in this session, or they do not know its kind and this is about calling on them. */
bool keep_sent(const struct kith_keep *keep, const struct kith_friend *who,
	enum kith_parcel_kind kind, int64_t ref);

/* That one leads nowhere with that person, as long as this is remembered. */
bool keep_is_dud(
	const struct kith_keep *keep, int64_t contact, enum kith_parcel_kind kind, int64_t ref);
void keep_note_dud(struct kith_keep *keep, int64_t contact, const struct kith_parcel *parcel);

/* Fills in a parcel of what keep->out holds; KITH_ERR_LIMIT when that is more than room. */
enum kith_err keep_parcel(struct kith_keep *keep, enum kith_parcel_kind kind, int64_t ref,
	size_t room, struct kith_parcel *ret) KITH_MUST_CHECK;

/* The session with them; NULL for none. */
struct keep_talk *keep_talk_with(const struct kith_keep *keep, const struct kith_friend *who);

/* ties.c: forgets what it knows of a circle. */
void keep_ties_free(struct kith_keep *keep);

#endif
