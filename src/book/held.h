/* SPDX-License-Identifier: MIT
 *
 * held - the signed card of a person as it was kept, and the person's name inside a sentence.
 */
#ifndef KITH_BOOK_HELD_H
#define KITH_BOOK_HELD_H

#include <kith/store.h>

#include "base/limits.h"

#define KITH_UNSEEN       "(no visible name)" /* instead of a name that shows nothing */
#define KITH_QUOTED_BYTES (4 * KITH_SHOWN_NAME + 32)

/*
 * The card of a contact that has one.  Borrows from the contact.
 * KITH_ERR_STORE_CORRUPT: what is kept is no card any more; KITH_ERR_NOMEM.
 */
enum kith_err kith_held_card(
	const struct kith_contact *contact, struct kith_card *ret_card) KITH_MUST_CHECK;

/* A name inside a sentence: between quotation marks, or KITH_UNSEEN.  Returns out. */
const char *kith_held_quoted(struct kith_span name, char out[static KITH_QUOTED_BYTES]);

#endif
