/* SPDX-License-Identifier: MIT
 *
 * myfile - my own vCard, from another program, as the fields of a card.
 */
#ifndef KITH_CLI_MYFILE_H
#define KITH_CLI_MYFILE_H

#include "cli/cli.h"
#include "vcard/vcard.h"

/* Start with {0}; end with kith_myfile_free. */
struct kith_myfile {
	struct kith_fields fields; /* borrow from the rest */
	struct kith_vcard *vcard;
	struct kith_buf photo;
};

void kith_myfile_free(struct kith_myfile *file);

/*
 * Reads the first vCard of a file, or of standard input ("-").  What does not fit a card, and what a
 * card does not have, is left out and told; a picture is made to fit.
 * KITH_ERR_NOTCARD (no vCard), KITH_ERR_VALUE (no name in it), KITH_ERR_LIMIT, errors of kith_incoming_open.
 */
enum kith_err kith_myfile_read(struct kith_myfile *file, const struct kith_cli *cli,
	const char *path, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
