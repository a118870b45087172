/* SPDX-License-Identifier: MIT
 *
 * putfile - what a person asked to have in a file: whole or not at all, and readable by nobody else.
 */
#ifndef KITH_CLI_PUTFILE_H
#define KITH_CLI_PUTFILE_H

#include "cli/cli.h"

/*
 * Writes the file, in place of what has that name; a device or a pipe of that name is written into,
 * and "-" is standard output.  Errors of kith_file_write, with a sentence.
 */
enum kith_err kith_putfile(
	const char *path, struct kith_span bytes, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * The same of what others have written: at a terminal, of whatever name, line by line and inert, with a note that it is so;
 * `inert` when it is so already.  path NULL: standard output, whose failure is told at the end of every command.
 */
enum kith_err kith_putout(const struct kith_cli *cli, const char *path, struct kith_span bytes,
	bool inert, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
