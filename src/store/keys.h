/*
 * SPDX-License-Identifier: MIT
 *
 * keys - keys that change, for other files of the store.  Everything here runs inside a transaction
 * of the caller.
 */
#ifndef KITH_STORE_KEYS_H
#define KITH_STORE_KEYS_H

#include <kith/keys.h>

#include "store/db.h"

/* The person who has that key, or had it; 0: nobody.  Store errors. */
enum kith_err kith_keys_find(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	int64_t *ret_contact, bool *ret_former) KITH_MUST_CHECK;

/*
 * The person was compared or scanned under the key they have: it is settled and anchored, and a
 * person who was frozen is so no more, with a line of news.  Under a key that was revoked nothing
 * changes.  Store errors.
 */
enum kith_err kith_keys_compared(
	struct kith_store *store, int64_t contact, int64_t now) KITH_MUST_CHECK;

/* The person has proven to have the key they have now: it is settled.  Store errors. */
enum kith_err kith_keys_settled(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Whether a card signed by that key may come in at all: KITH_ERR_STALEKEY when it was left by who
 * had it, or they are frozen; store errors. */
enum kith_err kith_keys_may(
	struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES]) KITH_MUST_CHECK;

#endif
