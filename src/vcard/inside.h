/* SPDX-License-Identifier: MIT
 *
 * inside - what a vCard is made of, for the files of this folder that read one.
 */
#ifndef KITH_VCARD_INSIDE_H
#define KITH_VCARD_INSIDE_H

#include "vcard/charset.h"
#include "vcard/memory.h"
#include "vcard/remark.h"

/* Where the last look at the parts of a value ended, so that one part after the other is quick. */
struct kith_vcard_last {
	const uint8_t *value;  /* of the property; NULL: none yet */
	struct kith_span text; /* its characters, escapes not undone */
	bool quoted;           /* which came out of quoted-printable */
	bool simple;           /* all of it, as kith_utf8_simple says */
	char separator;        /* 0: no part was asked for yet */
	size_t i, at, end;     /* the part, and where it lies in the text */
	bool escaped;          /* it has escapes in it */
};

struct kith_vcard {
	struct kith_vcard_property *properties;
	size_t n, room;
	enum kith_vcard_version version;
	struct kith_memory memory; /* of lines that were put together, and of values */
	struct kith_buf scratch;
	struct kith_charset charset;
	struct kith_vcard_last last;
	struct kith_vcard_reader *reader; /* that it is part of */
};

/* Lines that are no longer in a text from that byte on: there a line stands that was folded. */
struct kith_shift {
	size_t at;
	uint32_t lines;
};

/* Where a text lies in its file. */
struct kith_place {
	uint64_t line;           /* of its BEGIN */
	bool plain;              /* none of its lines ends in a CR alone, or in two */
	struct kith_buf *shifts; /* struct kith_shift, with rising `at` */
};

void kith_vcard_reset(struct kith_vcard *v);

/* Gives back what is no longer needed once the properties are there. */
void kith_vcard_settle(struct kith_vcard *v);

void kith_vcard_clean(struct kith_vcard *v);

/* Reads the text of one vCard, valid UTF-8, which must stay as long as v is used.
 * KITH_ERR_LIMIT, with a remark; KITH_ERR_NOMEM. */
enum kith_err kith_vcard_fill(struct kith_vcard *v, struct kith_span text,
	const struct kith_place *place, struct kith_remarks *remarks) KITH_MUST_CHECK;

/*
 * Appends a text that is not all UTF-8 as one that is: lines in another charset lose their CHARSET
 * and their folds, 8-bit bytes in quoted-printable become =XX.  v lends version, scratch and
 * charset.  KITH_ERR_NOMEM.
 */
enum kith_err kith_vcard_recode(struct kith_vcard *v, struct kith_span text,
	const struct kith_place *place, struct kith_remarks *remarks,
	struct kith_buf *out) KITH_MUST_CHECK;

#endif
