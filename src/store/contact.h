/* SPDX-License-Identifier: MIT
 *
 * contact - the row of a person, and the columns of it that repeat what other tables say.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_CONTACT_H
#define KITH_STORE_CONTACT_H

#include "store/db.h"

/* The row of the person with that key, made if missing.  Store errors. */
enum kith_err kith_contact_take(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	int64_t now, int64_t *ret_row) KITH_MUST_CHECK;

/* Works out the columns of contact and search that repeat what card, field, met, debt and receipt
 * say; called after every change of those.  Store errors. */
enum kith_err kith_contact_refresh(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

#endif
