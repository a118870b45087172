/* SPDX-License-Identifier: MIT
 *
 * entry - the rows of entry.  Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_ENTRY_H
#define KITH_STORE_ENTRY_H

#include "store/db.h"
#include "store/uuid.h"

/* The entry with that UUID; row 0 for none.  Store errors. */
enum kith_err kith_entry_of_uuid(struct kith_store *store,
	const uint8_t uuid[static KITH_UID_BYTES], int64_t *ret_row,
	int64_t *ret_contact) KITH_MUST_CHECK;

/* Whether there is such a person, and with a key.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_contact_keyed(
	struct kith_store *store, int64_t contact, bool *ret_keyed) KITH_MUST_CHECK;

#endif
