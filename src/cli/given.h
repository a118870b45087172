/* SPDX-License-Identifier: MIT
 *
 * given - fields as given on the command line, and what they make of the fields that are there.
 */
#ifndef KITH_CLI_GIVEN_H
#define KITH_CLI_GIVEN_H

#include "cli/cli.h"
#include "cli/photo.h"

/* Start with {0}; end with kith_given_free.  Spans borrow from the texts that were taken. */
struct kith_given {
	struct kith_fields set;                   /* FIELD[.LABEL]=VALUE */
	struct kith_field gone[KITH_CARD_FIELDS]; /* FIELD[.LABEL]= */
	bool any_label[KITH_CARD_FIELDS];         /* of gone: whatever the label */
	size_t n_gone;
	struct kith_photo photo; /* the picture, if there is one in set */
};

void kith_given_free(struct kith_given *given);

/*
 * Takes "FIELD[.LABEL]=VALUE", or "FIELD[.LABEL]=" for what is to go; without a label, whatever
 * label it has; "photo=FILE" reads a picture and makes it as small as on a card.  The text must live
 * as long as given.
 * KITH_ERR_USAGE: no such field, or a single one twice; KITH_ERR_LIMIT: more than a card has; those of
 * kith_my_parse and kith_photo_read.
 */
enum kith_err kith_given_take(
	struct kith_given *given, const char *text, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether two fields are the same item: kind and label, or the kind alone of what there is one of. */
bool kith_given_same(const struct kith_field *a, const struct kith_field *b);

/*
 * Afterwards the items of every kind and label in set are those in set; the first stands where the
 * old one stood.  KITH_ERR_LIMIT: more than a card has.
 */
enum kith_err kith_given_set(const struct kith_fields *set, struct kith_fields *fields,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Takes away the i-th of gone; how many items that were. */
size_t kith_given_remove(const struct kith_given *given, size_t i, struct kith_fields *fields);

#endif
