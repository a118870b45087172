/* SPDX-License-Identifier: MIT
 *
 * logical - the lines of one vCard with their folds undone, and the lines joined that belong to a
 * value in quoted-printable or base64.
 */
#ifndef KITH_VCARD_LOGICAL_H
#define KITH_VCARD_LOGICAL_H

#include "vcard/property.h"
#include "vcard/vcard.h"

/* The text while it is read from the front. */
struct kith_logical_text {
	struct kith_span s;
	enum kith_vcard_version version;
	struct kith_buf *scratch; /* where a line is put together that lies in pieces */
	bool plain;               /* as kith_cut_plain wants it */
	bool has_lf;              /* it has line feeds: a CR alone hardly ends a line */
	size_t at, lf;            /* where the next line begins; for kith_cut */
	uint32_t line;            /* its number, from 1 */
	size_t ended;             /* where the content of the last line ended */
};

enum kith_logical_kind {
	KITH_LOGICAL_PROPERTY,
	KITH_LOGICAL_BEGIN, /* BEGIN:VCARD */
	KITH_LOGICAL_END,
	KITH_LOGICAL_OTHER, /* what is no property */
};

struct kith_logical {
	enum kith_logical_kind kind;
	struct kith_span s;      /* borrows from the text, or from scratch until the next call */
	bool joined;             /* it is in scratch */
	struct kith_parts parts; /* of a property */
	size_t from, to;         /* where it lies in the text, its line end not counted */
	uint32_t line;           /* the first of its lines */
};

/* Starts at the BEGIN of one vCard. */
void kith_logical_init(struct kith_logical_text *t, struct kith_span s,
	enum kith_vcard_version version, bool plain, struct kith_buf *scratch);

/* The next one; blank lines are passed over.  KITH_ERR_MISSING: none; KITH_ERR_NOMEM. */
enum kith_err kith_logical_next(
	struct kith_logical_text *t, struct kith_logical *ret) KITH_MUST_CHECK;

#endif
