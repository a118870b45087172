/* SPDX-License-Identifier: MIT
 *
 * handover - the messages of an introduction, made and taken over the store, however they travel: as
 * parcels (introduce.c) or by file (kith introduce, inbox, import).
 * Source: proto/introduction.md.
 */
#ifndef KITH_KEEP_HANDOVER_H
#define KITH_KEEP_HANDOVER_H

#include <kith/introduction.h>

#include "card/introduction.h"
#include "session/parcel.h"

/* What became of a message. */
struct kith_taken {
	enum kith_outcome outcome;
	enum kith_err err; /* why, unless it was taken */
	int64_t contact;   /* INTRO: who was introduced; 0: forgotten since */
	enum kith_came came;
};

/*
 * Takes a PROPOSE, GRANT or INTRO that `from` sent, whose key is `ik`; `mine` is my key.  That it came from there is NOT
 * checked.  Durable when it returns.  An INTRO that is refused is counted with `from`.
 */
struct kith_taken kith_handover_take(struct kith_store *store,
	const uint8_t mine[static KITH_KEY_BYTES], int64_t from,
	const uint8_t ik[static KITH_KEY_BYTES], uint64_t kind, struct kith_span bytes,
	int64_t now);

/* Append the message that is due to a side of mine, the same bytes each time.  KITH_ERR_NOMEM and what signing can answer. */
enum kith_err kith_handover_propose(const struct kith_introduction *introduction, int side,
	struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_handover_intro(const struct kith_identity *id,
	const struct kith_introduction *introduction, int side,
	struct kith_buf *out) KITH_MUST_CHECK;

/* Appends my yes, over the card that I chose as it is now: the same bytes for the same card.  KITH_ERR_MISSING: that card
 * is not there any more, or there was no yes; KITH_ERR_STALEKEY: it was said to a key that was left since; store errors. */
enum kith_err kith_handover_grant(struct kith_store *store, const struct kith_identity *id,
	const struct kith_proposal *proposal, struct kith_buf *out) KITH_MUST_CHECK;

/* Whether an introduction of mine still stands under this key of mine. */
bool kith_handover_mine(
	const struct kith_introduction *introduction, const uint8_t ik[static KITH_KEY_BYTES]);

#endif
