/* SPDX-License-Identifier: MIT
 *
 * mecard - the contact format of many QR codes: MECARD:N:Lovelace,Ada;TEL:...;EMAIL:...;;
 */
#ifndef KITH_BOOK_MECARD_H
#define KITH_BOOK_MECARD_H

#include <kith/card.h>

/*
 * Reads the text: N, NICKNAME, ORG, TEL, EMAIL, URL, ADR, BDAY, NOTE.  The values are appended to
 * memory, which must be empty, and which the fields borrow.
 * KITH_ERR_VALUE: there is no name in it; KITH_ERR_LIMIT: more than CARD_FIELDS_MAX; KITH_ERR_UTF8;
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_mecard_read(struct kith_span text, struct kith_buf *memory,
	struct kith_fields *ret_fields) KITH_MUST_CHECK;

#endif
