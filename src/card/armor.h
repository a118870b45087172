/* SPDX-License-Identifier: MIT
 *
 * armor - the lines between which an envelope stands as text, and what mail and chat make of them.
 * Source: proto/card.md "Files".
 */
#ifndef KITH_CARD_ARMOR_H
#define KITH_CARD_ARMOR_H

#include <kith/bytes.h>

enum kith_armor_mark { KITH_ARMOR_NONE, KITH_ARMOR_BEGIN, KITH_ARMOR_END };

/* Whether a line (without its end) is a mark, quoted, indented, or with other dashes than we wrote. */
enum kith_armor_mark kith_armor_mark(struct kith_span line);

/* The line without the signs of a quotation and the blanks at both ends, those of Unicode too. */
struct kith_span kith_armor_strip(struct kith_span line);

#endif
