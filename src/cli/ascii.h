/* SPDX-License-Identifier: MIT
 *
 * ascii - fields in letters of ASCII, for readers that know no others.
 */
#ifndef KITH_CLI_ASCII_H
#define KITH_CLI_ASCII_H

#include "cli/cli.h"

/*
 * The same fields with their texts as kith_latin gives them, blanks at both ends off; pictures stay.
 * *ret_fields borrows from fields and from memory, which was empty.
 * KITH_ERR_VALUE: nothing is left of the name; errors of kith_latin, KITH_ERR_MISSING with a sentence.
 */
enum kith_err kith_ascii_fields(const struct kith_fields *fields, struct kith_buf *memory,
	struct kith_fields *ret_fields, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
