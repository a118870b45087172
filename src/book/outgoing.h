/* SPDX-License-Identifier: MIT
 *
 * outgoing - a person as a vCard: the one place that decides what goes into a file.
 */
#ifndef KITH_BOOK_OUTGOING_H
#define KITH_BOOK_OUTGOING_H

#include <kith/store.h>

#include "base/diag.h"
#include "vcard/vcard.h"

/*
 * Appends the vCard of a person: of the signed card, and with own what I wrote or joined beside it;
 * without a key, of the entries, which are one vCard then.  A picture on the signed card is written as
 * it came, so this is for comparing, not for another program.
 * KITH_ERR_MISSING: there is nothing to write (a pending swap); KITH_ERR_NOPERSON; KITH_ERR_NOMEM;
 * store errors.
 */
enum kith_err kith_outgoing_vcard(struct kith_store *store, int64_t row, bool own,
	enum kith_vcard_version as, struct kith_buf *out) KITH_MUST_CHECK;

/* What became of the picture on a signed card. */
struct kith_outgoing_photo {
	enum kith_err err;     /* KITH_OK: there is none, or it passed; else it was left out */
	struct kith_diag diag; /* why it was */
};

/*
 * The same for another program, which will decode the picture: one on the signed card, which
 * somebody else put there, is left out unless kith_picture_check passes it; the signed envelope stays
 * whole.  A check takes tens of ms.  The errors of kith_outgoing_vcard.
 */
enum kith_err kith_outgoing_checked(struct kith_store *store, int64_t row, bool own,
	enum kith_vcard_version as, struct kith_outgoing_photo *ret_photo,
	struct kith_buf *out) KITH_MUST_CHECK;

#endif
