/* SPDX-License-Identifier: MIT
 *
 * circle - the ties to everybody I would recognise, and the tags that are made from them.
 * Source: proto/known.md "Ties" and "Recognising".
 *
 * One thread.  The ties are secrets: they lie in memory that is wiped when it is freed.
 */
#ifndef KITH_SESSION_CIRCLE_H
#define KITH_SESSION_CIRCLE_H

#include <kith/identity.h>

#include "base/limits.h"

/* One tie. */
struct kith_tie {
	int64_t contact;                /* row of the store */
	uint8_t k[32];                  /* K */
	uint8_t mine[KITH_KEY_BYTES];   /* my ik that K was made with */
	uint8_t theirs[KITH_KEY_BYTES]; /* their ik */
	uint8_t their_xk[KITH_KEY_BYTES];
	bool retired; /* mine is no longer my key: PROOF brings the rotations */
};

struct kith_circle;

/* An empty one.  KITH_ERR_NOMEM. */
enum kith_err kith_circle_new(const struct kith_env *env, struct kith_circle **ret) KITH_MUST_CHECK;
void kith_circle_free(struct kith_circle *circle); /* wipes; NULL allowed */

/*
 * Adds the tie behind those that are there: K is worked out from the secret of xk (id's own, or a retired
 * one as xk_secret with the ik of its time; else both NULL).  tie->k, mine and retired are filled in.
 * KITH_ERR_LIMIT: TIES_MAX are there; KITH_ERR_VALUE: the key is weak, or mine; KITH_ERR_NOMEM.
 */
enum kith_err kith_circle_add(struct kith_circle *circle, const struct kith_identity *id,
	const uint8_t *xk_secret, const uint8_t *old_ik, struct kith_tie *tie) KITH_MUST_CHECK;

/* Takes away all ties to that contact. */
void kith_circle_remove(struct kith_circle *circle, int64_t contact);

size_t kith_circle_size(const struct kith_circle *circle);

/* The ties in order; valid until the next change. */
const struct kith_tie *kith_circle_at(const struct kith_circle *circle, size_t i);

/*
 * I: the tags for S, C and nI, filled up to their size class and shuffled, TAG_BYTES each, appended.
 * A NULL circle has no ties.  KITH_ERR_NOMEM.
 */
enum kith_err kith_circle_tags(const struct kith_circle *circle, const struct kith_env *env,
	const uint8_t listener[static 32], const uint8_t dialler[static 32],
	const uint8_t nonce[static 32], struct kith_buf *out) KITH_MUST_CHECK;

/*
 * R: the first tie whose tag is among these; *ret_tie is NULL for none.  Takes as long either way.
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_circle_match(const struct kith_circle *circle, const uint8_t listener[static 32],
	const uint8_t dialler[static 32], const uint8_t nonce[static 32], struct kith_span tags,
	const struct kith_tie **ret_tie) KITH_MUST_CHECK;

/* The tag of HELLO_R, 16 bytes, from the nonces of both. */
void kith_tie_answer(const struct kith_tie *tie, const uint8_t listener[static 32],
	const uint8_t dialler[static 32], const uint8_t nonce_i[static 32],
	const uint8_t nonce_r[static 32], uint8_t out[static 16]);

/* I: the tie that gives this answer; NULL for none. */
const struct kith_tie *kith_circle_answered(const struct kith_circle *circle,
	const uint8_t listener[static 32], const uint8_t dialler[static 32],
	const uint8_t nonce_i[static 32], const uint8_t nonce_r[static 32],
	const uint8_t tag[static 16]);

#endif
