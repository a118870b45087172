/* SPDX-License-Identifier: MIT
 *
 * keep - what is due to the people I know, and what becomes of what they bring: the rules of
 * proto/known.md, statement.md and introduction.md over the store.  No network, no clock of its own.
 *
 *	keep.c       the host of known sessions: calls the files below by kind of parcel
 *	ties.c       the circle, from the people in the store
 *	update.c     cards: due, taken, receipted, returned
 *	key.c        rotations and revocations
 *	letgo.c      taking back and the response
 *	introduce.c  introductions
 *
 * One thread.  Everything that changes the store is durable when it returns, and leaves its word in the
 * news (kith/known.h), from which the node tells whoever watches.
 */
#ifndef KITH_KEEP_KEEP_H
#define KITH_KEEP_KEEP_H

#include <kith/store.h>

#include "session/parcel.h"

struct kith_keep;

/* store and id outlive it; the retired keys (at most STATEMENTS_MAX) too.  KITH_ERR_NOMEM. */
enum kith_err kith_keep_new(const struct kith_env *env, struct kith_store *store,
	const struct kith_identity *id, const struct kith_retired *retired, size_t n,
	struct kith_keep **ret) KITH_MUST_CHECK;
void kith_keep_free(struct kith_keep *keep); /* NULL allowed */

/* The outside of a known session. */
struct kith_known_host kith_keep_host(struct kith_keep *keep);

/*
 * Brings the circle up to date with the store, at most `most` ties a call (each costs an X25519): *ret_more
 * says that there is more to do.  Call it again when the store was changed by somebody else, or by a parcel.
 * KITH_ERR_NOMEM, store errors.
 */
enum kith_err kith_keep_circle(struct kith_keep *keep, struct kith_circle *circle, size_t most,
	bool *ret_more) KITH_MUST_CHECK;

/* How many people are not in the circle because it is full. */
size_t kith_keep_left_out(const struct kith_keep *keep);

/* Something is due to that person, by what was heard of them last.  Store errors. */
enum kith_err kith_keep_due(struct kith_keep *keep, int64_t contact, bool *ret_due) KITH_MUST_CHECK;

#endif
