/*
 * SPDX-License-Identifier: MIT
 *
 * armor - the lines between which what is signed stands as text, and what mail and chat make of
 * them. Source: proto/card.md "Files".
 */
#ifndef KITH_CARD_ARMOR_H
#define KITH_CARD_ARMOR_H

#include <stdbool.h>

#include <kith/bytes.h>

/* What stands between the marks, by the last word of them. */
enum kith_armor {
	KITH_ARMOR_CARD,         /* KITH CARD: an envelope */
	KITH_ARMOR_STATEMENT,    /* KITH STATEMENT: a statement */
	KITH_ARMOR_INTRODUCTION, /* KITH INTRODUCTION: a part of an introduction */
};

/* Whether a line (without its end) begins a block, quoted, indented, or with other dashes than we
 * wrote.  What stands behind the mark is nothing, or where the lines of a block were joined the
 * beginning of what is in it, in base64: it borrows from line. */
bool kith_armor_begins(
	struct kith_span line, enum kith_armor *ret_kind, struct kith_span *ret_rest);

/* Whether a line ends a block of that kind; what stands before the mark borrows from line. */
bool kith_armor_ends(struct kith_span line, enum kith_armor kind, struct kith_span *ret_before);

/* The line without the signs of a quotation and the blanks at both ends, those of Unicode too. */
struct kith_span kith_armor_strip(struct kith_span line);

/* Appends what is in the first block of that kind.  KITH_ERR_NOTCARD: there is none;
 * KITH_ERR_SHAPE: it is broken; KITH_ERR_NOMEM. */
enum kith_err kith_armor_read(
	enum kith_armor kind, struct kith_span bytes, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends the bytes in armor.  KITH_ERR_NOMEM. */
enum kith_err kith_armor_write(
	enum kith_armor kind, struct kith_span bytes, struct kith_buf *out) KITH_MUST_CHECK;

#endif
