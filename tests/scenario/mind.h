/* SPDX-License-Identifier: MIT
 *
 * mind - whom a person of a story knows, and what he has for them: a circle, and the host of known
 * sessions (session/parcel.h) in memory.  A contact's number is the place of that person in the world.
 */
#ifndef KITH_SCENARIO_MIND_H
#define KITH_SCENARIO_MIND_H

#include "session/parcel.h"
#include "story.h"

#define ACQUAINTED_MAX 32
#define ERRANDS_MAX    64

/* A parcel that is to be sent, or came. */
struct errand {
	int64_t contact;
	uint64_t kind;
	struct kith_buf bytes;
	bool answered;
	uint64_t outcome;
	struct kith_buf
		with;      /* what went with the answer: a receipt, an envelope, mostly nothing */
	size_t room;       /* that there was for it */
	uint8_t about[32]; /* the session in which it was answered, or came */
};

struct mind {
	const struct kith_env *env;
	struct kith_known_host host;
	struct kith_circle *circle;
	struct kith_standing says[ACQUAINTED_MAX]; /* what I say of myself */
	struct kith_buf
		held[ACQUAINTED_MAX]; /* the envelope of theirs, where I say that I hold one */
	struct errand out[ERRANDS_MAX], came[ERRANDS_MAX];
	size_t outs, comes;
	enum kith_outcome takes; /* what I answer to every parcel */
	bool blunders;           /* and `slip` with it, whatever it was */
	struct kith_buf slip;
	struct kith_span event;                        /* where the last one was; static */
	size_t met[ACQUAINTED_MAX];                    /* proofs that held */
	size_t parted[ACQUAINTED_MAX];                 /* sessions that both closed */
	size_t broken[ACQUAINTED_MAX];                 /* that ended otherwise */
	struct kith_standing standing[ACQUAINTED_MAX]; /* theirs, last */
	enum kith_err fails_with;                      /* met does, when set */
	/* After a rotation: what PROOF brings under a retired tie, and what theirs is taken for. */
	struct kith_buf rotations;
	uint8_t new_ik[32];
	enum kith_err rotation_is;
	size_t rotated;
};

struct mind *mind_new(const struct kith_env *env);
void mind_free(struct mind *m);

/* Has that for a contact; the bytes are copied. */
void mind_owes(struct mind *m, int64_t contact, uint64_t kind, struct kith_span bytes);

/* Holds that envelope of theirs, as number rev of a card, says so, and gives it back when it is recalled: once in
 * a session, if there is room. */
void mind_holds(struct mind *m, int64_t contact, uint64_t rev, struct kith_span envelope);

/* What was sent of that and is unanswered, or never left. */
size_t mind_waiting(const struct mind *m, int64_t contact);

#endif
