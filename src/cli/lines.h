/* SPDX-License-Identifier: MIT
 *
 * lines - lines for reading, as wide as the screen at most.
 */
#ifndef KITH_CLI_LINES_H
#define KITH_CLI_LINES_H

#include <stdio.h>

#include <kith/bytes.h>

/* Columns of the terminal that out is, 80 where it does not tell; 0: it is none. */
size_t kith_lines_columns(FILE *out);

/*
 * Prints text that is inert, line ends and all.  At a terminal a line that is wider than it is broken at blanks, and a word that is
 * wider between letters; what follows stands `hang` columns in, or 4 where that is more than half of the screen.  Text from
 * others stands behind something else, and hangs: it begins no line.  A command that is to be pasted does not go this way.
 */
void kith_lines_put(FILE *out, size_t hang, struct kith_span text);

/* The same on standard output.  What cannot be broken for want of memory is printed as it is. */
KITH_PRINTF(2, 3) void kith_lines_print(size_t hang, const char *fmt, ...);

#endif
