/* SPDX-License-Identifier: MIT
 *
 * known - what somebody holds of me, for other files of the store.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_KNOWN_H
#define KITH_STORE_KNOWN_H

#include <kith/known.h>

#include "store/db.h"

/* Clears what is owed to them of that card up to that number; says whether something was.  Store errors. */
enum kith_err kith_known_clear(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], uint64_t rev, bool *ret_owed) KITH_MUST_CHECK;

/* By a receipt of theirs they hold that card, unless a newer number of it is known.  Store errors. */
enum kith_err kith_known_holds(
	struct kith_store *store, int64_t contact, const struct kith_receipt *r) KITH_MUST_CHECK;

#endif
