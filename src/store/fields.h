/* SPDX-License-Identifier: MIT
 *
 * fields - the rows of field: what a card or an entry says, one text a row.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_FIELDS_H
#define KITH_STORE_FIELDS_H

#include "store/search.h"

/* Adds those of an entry, or with entry 0 those of the card held.  What is no text, or of a kind that this
 * kith does not know, is left out.  Store errors. */
enum kith_err kith_fields_put(struct kith_store *store, int64_t contact, int64_t entry,
	const struct kith_fields *fields) KITH_MUST_CHECK;

/* Adds what a field says to what is known of somebody (search.h), unless it equals the name.
 * KITH_ERR_NOMEM. */
enum kith_err kith_fields_search(const struct kith_field *field, struct kith_span name,
	struct kith_search *s) KITH_MUST_CHECK;

/* Removes them.  Store errors. */
enum kith_err kith_fields_remove(
	struct kith_store *store, int64_t contact, int64_t entry) KITH_MUST_CHECK;

/* The name among them; n == 0 for none. */
struct kith_span kith_fields_name(const struct kith_fields *fields);

/*
 * What an entry is told by that has this name (folded) and this address: the e-mail folded, or the digits of the
 * number.  0: the field is no address, or too short a number, or there is no name.  KITH_ERR_NOMEM.
 */
enum kith_err kith_fields_same(
	struct kith_span name, const struct kith_field *field, int64_t *ret_same) KITH_MUST_CHECK;

#endif
