/* SPDX-License-Identifier: MIT
 *
 * functions - what statements of this folder may call besides SQLite's own functions.
 * They stand in statements only, never in the schema, so any SQLite tool can read and check a
 * store.
 *
 *	fold(text)                 the form in which texts are compared (base/text.h)
 *	where_is(part, text...)    a bit for each text that has the part, the first one the lowest
 *	same(name, kind, value)    proto/store.md, "Doubles"; for the step to schema 5
 *	begins(text, word)         1 when a word of the text begins so
 *	uuid_of_key(ik)            uuid.h
 */
#ifndef KITH_STORE_FUNCTIONS_H
#define KITH_STORE_FUNCTIONS_H

#include "store/db.h"

/* Makes them known to the connection.  KITH_ERR_NOMEM. */
enum kith_err kith_functions_add(struct kith_store *store) KITH_MUST_CHECK;

#endif
