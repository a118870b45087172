/* SPDX-License-Identifier: MIT
 *
 * photo - somebody's picture: put on my card, found with a person, saved, and drawn.  What was not made here is
 * handed to no program and no terminal before it has passed kith_picture_check.
 */
#ifndef KITH_CLI_PHOTO_H
#define KITH_CLI_PHOTO_H

#include "book/outgoing.h"
#include "cli/cli.h"

/* A picture file as it was read, to be made as small as a card needs it.  {0} at first. */
struct kith_photo {
	struct kith_buf file;  /* as the person has it; n == 0 for none */
	struct kith_buf small; /* what a card would hold */
};

/* NULL and {0} allowed. */
void kith_photo_free(struct kith_photo *photo);

/* Reads the file and makes it small: at most FIELD_PHOTO_MAX.  The errors of kith_file_read and kith_picture_take. */
enum kith_err kith_photo_read(
	const char *path, struct kith_photo *photo, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Makes it smaller until a card with these fields, whose photo is made to be this one, fits CARD_BODY_MAX.
 * KITH_ERR_LIMIT: not even a tiny one does; the errors of kith_picture_take.
 */
enum kith_err kith_photo_fit(struct kith_photo *photo, struct kith_fields *fields,
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Appends the picture of a person: that of the card, else of what I typed in or imported.
 * KITH_ERR_MISSING: there is none; KITH_ERR_NOMEM; store errors.  No sentence.
 */
enum kith_err kith_photo_find(
	struct kith_store *store, int64_t row, struct kith_buf *out) KITH_MUST_CHECK;

/* A remark that the picture of that person (inert) did not go out, and why. */
void kith_photo_left_out(
	const struct kith_cli *cli, const char *name, const struct kith_outgoing_photo *photo);

/* What of "--photo" and "--save-photo FILE" was given. */
struct kith_photo_wish {
	bool draw;
	const char *path; /* NULL: not to be saved */
};

/* Saves and draws, as was wished.  Returns the exit status; says everything itself. */
int kith_photo_show(
	struct kith_cli *cli, const struct kith_photo_wish *wish, struct kith_span bytes);

#endif
