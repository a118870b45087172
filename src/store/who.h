/* SPDX-License-Identifier: MIT
 *
 * who - the shortest WHO for somebody of whom something is known already, for other files of the store.
 */
#ifndef KITH_STORE_WHO_H
#define KITH_STORE_WHO_H

#include "store/db.h"

/* Columns of contact; spans borrow. */
struct kith_called {
	int64_t row;
	struct kith_span fold, ik, uuid;
};

/* kith_store_who_of.  Store errors. */
enum kith_err kith_who_short(struct kith_store *store, const struct kith_called *called,
	char out[static KITH_ID_CHARS + 1]) KITH_MUST_CHECK;

#endif
