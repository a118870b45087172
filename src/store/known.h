/* SPDX-License-Identifier: MIT
 *
 * known - what somebody holds of me, for other files of the store.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_KNOWN_H
#define KITH_STORE_KNOWN_H

#include <kith/known.h>

#include "store/db.h"

/* Whether that key is the one of my cards: a session goes on under the key with which it began.  Store errors. */
enum kith_err kith_known_is_mine(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	bool *ret_is) KITH_MUST_CHECK;

/* Whether the card of mine with that number has that hash of its envelope: it was signed here.  Store errors. */
enum kith_err kith_known_signed(struct kith_store *store, uint64_t rev,
	const uint8_t hash[static 32], bool *ret_was) KITH_MUST_CHECK;

/* Clears what is owed to them of that card up to that number; says whether something was.  Store errors. */
enum kith_err kith_known_clear(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], uint64_t rev, bool *ret_owed) KITH_MUST_CHECK;

/* By a receipt of theirs they hold that card, unless a newer number of it is known.  Store errors. */
enum kith_err kith_known_holds(
	struct kith_store *store, int64_t contact, const struct kith_receipt *r) KITH_MUST_CHECK;

#endif
