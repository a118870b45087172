/* SPDX-License-Identifier: MIT
 *
 * contact - the row of a person, and the columns of it that repeat what other tables say.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_CONTACT_H
#define KITH_STORE_CONTACT_H

#include "store/db.h"

/* The row of the person with that key, made if missing.  KITH_ERR_STALEKEY: somebody here had it, and left it; store
 * errors. */
enum kith_err kith_contact_take(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	int64_t now, int64_t *ret_row) KITH_MUST_CHECK;

/* Removes a person with all that belongs to it.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_contact_remove(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Takes the key from a person of whom nothing signed is kept: what I wrote down myself stays, what
 * was joined goes back to where it was, and without entries the person goes.  Store errors. */
enum kith_err kith_contact_disown(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* The person is met or recognised: from now on the last one who was.  Store errors. */
enum kith_err kith_contact_seen(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Works out the columns of contact and search that repeat what card, entry, field, met, debt and
 * receipt say; called after every change of those.  Store errors. */
enum kith_err kith_contact_refresh(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

#endif
