/* SPDX-License-Identifier: MIT
 *
 * outgoing - a person as a vCard: the one place that decides what goes into a file.
 */
#ifndef KITH_BOOK_OUTGOING_H
#define KITH_BOOK_OUTGOING_H

#include <kith/store.h>
#include "vcard/vcard.h"

/*
 * Appends the vCard of a person: of the signed card, and with own what I wrote or joined beside it;
 * without a key, of the entries, which are one vCard then.
 * KITH_ERR_MISSING: there is nothing to write (a pending swap); KITH_ERR_NOPERSON; KITH_ERR_NOMEM;
 * store errors.
 */
enum kith_err kith_outgoing_vcard(struct kith_store *store, int64_t row, bool own,
	enum kith_vcard_version as, struct kith_buf *out) KITH_MUST_CHECK;

#endif
