/* SPDX-License-Identifier: MIT
 *
 * cards - my cards, for other files of the store.  Everything here runs inside a transaction of the
 * caller.
 */
#ifndef KITH_STORE_CARDS_H
#define KITH_STORE_CARDS_H

#include <kith/cards.h>

#include "store/db.h"

/* That card was given to this person, in a swap: from now on it is the one they are given.  Store errors. */
enum kith_err kith_cards_gave(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8]) KITH_MUST_CHECK;

/* kith_store_give. */
enum kith_err kith_cards_give(
	struct kith_store *store, int64_t contact, const uint8_t *card) KITH_MUST_CHECK;

/* KITH_ERR_NOPERSON: that is nobody, or somebody without a key; store errors. */
enum kith_err kith_cards_keyed(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Keeps the bytes of a card that I signed.  KITH_ERR_CONFLICT: another one has that number; store errors. */
enum kith_err kith_mine_keep(struct kith_store *store, const struct kith_card *card,
	struct kith_span envelope) KITH_MUST_CHECK;

/* The key was rotated: cards of mine that came back are by a key that was left, and settled.  Store errors. */
enum kith_err kith_returned_left(struct kith_store *store) KITH_MUST_CHECK;

#endif
