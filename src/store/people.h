/* SPDX-License-Identifier: MIT
 *
 * people - reading rows of contact.
 */
#ifndef KITH_STORE_PEOPLE_H
#define KITH_STORE_PEOPLE_H

#include "store/db.h"

/* What a statement must select, in this order, for kith_contact_read. */
#define KITH_CONTACT_COLUMNS                                                                       \
	"contact.row, contact.ik, contact.name, contact.org, contact.state, contact.rev, "         \
	"contact.gives, contact.delivered, contact.conflict, contact.added, contact.met_at, "      \
	"contact.met_event, contact.met_how, contact.uuid, contact.entries, "                      \
	"CASE WHEN contact.ik IS NULL THEN (SELECT imported FROM entry "                           \
	"WHERE entry.contact = contact.row ORDER BY home IS NOT NULL, row LIMIT 1) END, "          \
	"CASE WHEN contact.state = 2 THEN (SELECT who.name FROM introduced "                       \
	"LEFT JOIN contact AS who ON who.row = introducer "                                        \
	"WHERE introduced.contact = contact.row ORDER BY introduced.row LIMIT 1) END, "            \
	"contact.blocked, contact.frozen, "                                                        \
	"contact.state = 0 AND EXISTS (SELECT 1 FROM letgo "                                       \
	"WHERE letgo.contact = contact.row AND letgo.answer = 1), "                                \
	"CASE WHEN contact.given IS NOT NULL THEN (SELECT my_card.name FROM my_card "              \
	"WHERE my_card.card = contact.given AND my_card.gone = 0) END, contact.review = 3"
#define KITH_CONTACT_COLUMN_COUNT 22

/* The current row; spans live until the next step. */
void kith_contact_read(const struct kith_query *q, struct kith_contact *ret_contact);

/* Hands the rows to fn until it says stop, and ends the query.  With ret_count every row is
 * counted, also those after the stop. */
enum kith_err kith_contact_all(
	struct kith_query *q, kith_contact_fn fn, void *ctx, size_t *ret_count) KITH_MUST_CHECK;

#endif
