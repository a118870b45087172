/* SPDX-License-Identifier: MIT
 *
 * functions - what statements of this folder may call besides SQLite's own functions.
 * They stand in statements only, never in the schema, so any SQLite tool can read and check a
 * store.
 *
 *	fold(text)                 the form in which texts are compared (base/text.h)
 *	has_words(words, text...)  1 when every blank-separated word of words occurs in some text
 *	uuid_of_key(ik)            uuid.h
 */
#ifndef KITH_STORE_FUNCTIONS_H
#define KITH_STORE_FUNCTIONS_H

#include "store/db.h"

/* Makes them known to the connection.  KITH_ERR_NOMEM. */
enum kith_err kith_functions_add(struct kith_store *store) KITH_MUST_CHECK;

#endif
