/* SPDX-License-Identifier: MIT
 *
 * mycards - my cards by name: kith card new, preview, list, remove.
 */
#ifndef KITH_CLI_MYCARDS_H
#define KITH_CLI_MYCARDS_H

#include "cli/cli.h"

struct kith_mycard_wish {
	const char *shows; /* --show; NULL: not given */
	bool replace;
	bool yes;
};

/* argv[0] is the word behind `card`.  All of them return the exit status. */
int kith_mycard_new(
	struct kith_cli *cli, int argc, char **argv, const struct kith_mycard_wish *wish);
int kith_mycard_preview(struct kith_cli *cli, int argc, char **argv);
int kith_mycard_list(struct kith_cli *cli, int argc);
int kith_mycard_remove(
	struct kith_cli *cli, int argc, char **argv, const struct kith_mycard_wish *wish);

#endif
