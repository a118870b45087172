/* SPDX-License-Identifier: MIT
 *
 * args - the options of one command.
 */
#ifndef KITH_CLI_ARGS_H
#define KITH_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One option; exactly one of value and flag is set. */
struct kith_option {
	const char *name;   /* without the dashes */
	char letter;        /* the short form, 0 for none */
	const char **value; /* takes an argument, which is put here (borrowed from argv) */
	bool *flag;         /* takes none; set to true */
};

/*
 * Takes the options out of argv, wherever they stand: "--name VALUE", "--name=VALUE", "-x VALUE",
 * "--flag".  "--" ends them; "-" alone is an argument.  What remains are argv[1] to
 * argv[*argc - 1].  On a wrong option prints why with the usage of the command argv[0], sets
 * *ret_status and returns false.
 */
bool kith_args(
	const struct kith_option *options, size_t n, int *argc, char **argv, int *ret_status);

/* Whole seconds, up to a million; false for anything else. */
bool kith_args_seconds(const char *text, long *ret_seconds);

/* The number of a card, from 1 on. */
bool kith_arg_revision(const char *text, uint64_t *ret_rev);

#endif
