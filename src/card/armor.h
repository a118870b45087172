/* SPDX-License-Identifier: MIT
 *
 * armor - the lines between which an envelope stands as text, and what mail and chat make of them.
 * Source: proto/card.md "Files".
 */
#ifndef KITH_CARD_ARMOR_H
#define KITH_CARD_ARMOR_H

#include <stdbool.h>

#include <kith/bytes.h>

enum kith_armor_mark { KITH_ARMOR_NONE, KITH_ARMOR_BEGIN, KITH_ARMOR_END };

/* Whether a line (without its end) is a mark, quoted, indented, or with other dashes than we wrote. */
enum kith_armor_mark kith_armor_mark(struct kith_span line);

/* Whether a line begins a block.  What stands behind the mark is nothing, or where the lines of a block
 * were joined the beginning of an envelope in base64: it borrows from line. */
bool kith_armor_begins(struct kith_span line, struct kith_span *ret_rest);

/* Whether a line ends a block; what stands before the mark borrows from line. */
bool kith_armor_ends(struct kith_span line, struct kith_span *ret_before);

/* The line without the signs of a quotation and the blanks at both ends, those of Unicode too. */
struct kith_span kith_armor_strip(struct kith_span line);

#endif
