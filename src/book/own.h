/* SPDX-License-Identifier: MIT
 *
 * own - what I typed in or imported about a person: the entries of the store, read and written.
 */
#ifndef KITH_BOOK_OWN_H
#define KITH_BOOK_OWN_H

#include <kith/store.h>
#include "vcard/vcard.h"

/* One entry, read. */
struct kith_own_entry {
	int64_t row; /* of the store */
	bool joined;
	bool imported;
	int64_t at;                /* put last, Unix seconds */
	struct kith_buf uid;       /* of the vCard */
	struct kith_buf text;      /* the vCard */
	struct kith_vcard *vcard;  /* the same, read */
	struct kith_fields fields; /* what is understood of it; borrows from vcard */
};

/* The entries of a person, own ones before joined ones.  Start with {0}; end with kith_own_free. */
struct kith_own {
	struct kith_own_entry *at;
	size_t n;
};

void kith_own_free(struct kith_own *own);

/*
 * Reads them.  A name that an entry does not say, and that was only derived from its other fields,
 * is left out of its fields beside a key.
 * KITH_ERR_STORE_CORRUPT: an entry is no vCard any more; KITH_ERR_NOMEM; store errors.
 */
enum kith_err kith_own_read(struct kith_store *store, const struct kith_contact *contact,
	struct kith_own *ret_own) KITH_MUST_CHECK;

/*
 * Puts an entry with these fields: entry NULL a new one, typed in, with a random UUID, of person
 * *contact or with 0 of a new one (whose number it then gets); else that entry is changed, is typed
 * in from now on, and what it has beside fields stays.  beside: the person has a key, see kith_own_read.
 * KITH_ERR_LIMIT: larger than ENTRY_MAX; KITH_ERR_NOMEM; store errors.
 */
enum kith_err kith_own_put(struct kith_store *store, const struct kith_own_entry *entry,
	const struct kith_fields *fields, bool beside, int64_t *contact) KITH_MUST_CHECK;

/*
 * Whether an entry that was imported and changed here since then came from these bytes: the first
 * change leaves a hash of them in X-KITH-CAME.
 */
bool kith_own_came(struct kith_vcard *entry, struct kith_span vcard);

/* How many properties the entry has that are neither a field nor a matter of form.  KITH_ERR_NOMEM. */
enum kith_err kith_own_more(const struct kith_own_entry *entry, size_t *ret_n) KITH_MUST_CHECK;

/* "typed", "imported" or "joined"; static. */
const char *kith_own_from(const struct kith_own_entry *entry);

#endif
