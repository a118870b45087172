/* SPDX-License-Identifier: MIT
 *
 * uri - what stands in a QR code or a link: KITH:1/C/..., KITH:1/I/..., KITH:1/J/..., KITH:1/S/...
 * Source: proto/uri.md.
 */
#ifndef KITH_CARD_URI_H
#define KITH_CARD_URI_H

#include <kith/card.h>

enum kith_uri_kind {
	KITH_URI_CARD = 'C',      /* a signed card: the envelope */
	KITH_URI_IDENTITY = 'I',  /* a key: 32 bytes */
	KITH_URI_STATEMENT = 'S', /* what a key says: kith/statement.h */
	KITH_URI_INVITE = 'J',    /* an invitation to a swap that is running: message/invite.h */
};

/*
 * Reads the text: any case, blanks and line ends in it ignored.  Appends the bytes, which are NOT
 * looked at further; only a key is sure to be 32 bytes.
 * KITH_ERR_NOTCARD: it is none (the sentence says what it is, if that can be told: a web address, a
 * vCard, a Wi-Fi code ...); KITH_ERR_VERSION: KITH:2/..., or a letter that this kith does not know;
 * KITH_ERR_SHAPE: cut off, not base32, or a key of another length; KITH_ERR_LIMIT: over URI_MAX;
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_uri_read(struct kith_span text, enum kith_uri_kind *ret_kind,
	struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends the text, upper case, not folded.  KITH_ERR_LIMIT (no bytes, or over URI_MAX characters),
 * KITH_ERR_NOMEM. */
enum kith_err kith_uri_write(
	enum kith_uri_kind kind, struct kith_span bytes, struct kith_buf *out) KITH_MUST_CHECK;

/* Whether the text begins like one of kith's, in any case, behind blanks. */
bool kith_uri_is(struct kith_span text);

/* What a text of another program's is, by how it begins: "a Wi-Fi code", for a sentence; static.
 * NULL when that cannot be told. */
const char *kith_uri_other(struct kith_span text);

#endif
