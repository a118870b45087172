/* SPDX-License-Identifier: MIT
 *
 * chosen - some of the fields of a card, by a list such as "email.work,tel".
 */
#ifndef KITH_BOOK_CHOSEN_H
#define KITH_BOOK_CHOSEN_H

#include <kith/card.h>

/*
 * The fields that the list names, and the name; in the order of fields.  FIELD is all of that kind,
 * whatever the label, FIELD.LABEL the ones with that label.  The spans are those of fields.
 * KITH_ERR_USAGE: no such field; KITH_ERR_MISSING: there is none on the card; KITH_ERR_LIMIT (a label);
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_chosen(const char *list, const struct kith_fields *fields,
	struct kith_fields *ret_fields, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * The same for a list that is kept: what it names and fields have not is passed over, and its words are appended to
 * missing, "title, bday", inert.  KITH_ERR_MISSING: fields have none of it.
 */
enum kith_err kith_chosen_kept(const char *list, const struct kith_fields *fields,
	struct kith_buf *missing, struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends the names of those fields that are not among some, "email.home, note", as they are given
 * on the command line; labels are inert.  KITH_ERR_NOMEM. */
enum kith_err kith_chosen_without(const struct kith_fields *fields, const struct kith_fields *some,
	struct kith_buf *out) KITH_MUST_CHECK;

#endif
