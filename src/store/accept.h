/* SPDX-License-Identifier: MIT
 *
 * accept - which card of a person is the one held.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_ACCEPT_H
#define KITH_STORE_ACCEPT_H

#include "store/db.h"

/* How a card came. */
enum kith_accept_way {
	KITH_ACCEPT_FILE, /* by file: another of the person's cards is kept beside the one held */
	KITH_ACCEPT_LIVE, /* from the owner, in a swap: takes the place of any other */
	KITH_ACCEPT_KNOWN, /* the same, from one who was recognised */
};

/*
 * Decides by kith_card_newer against the newest card kept of the same (contact, card, variant),
 * keeps the bytes if it is newer, and makes it the one held if its way allows it.  A pocket card
 * never takes the place of a full one.  Of a person's cards HISTORY_MAX stay.  What changed is news, but for the first
 * card of somebody whom nobody has met. KITH_ERR_ROLLBACK, KITH_ERR_LIMIT: nothing changed;
 * KITH_ERR_CONFLICT: only the contact's mark did, and that wants to be committed (kith_accept_end);
 * store errors.
 */
enum kith_err kith_accept(struct kith_store *store, int64_t contact, const struct kith_card *card,
	struct kith_span envelope, enum kith_accept_way way, int64_t now,
	enum kith_import *ret_what) KITH_MUST_CHECK;

/* kith_db_end that commits on KITH_ERR_CONFLICT too, and still returns it. */
enum kith_err kith_accept_end(struct kith_store *store, enum kith_err err) KITH_MUST_CHECK;

#endif
