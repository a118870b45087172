/* SPDX-License-Identifier: MIT
 *
 * sure - is this what the person means, before something goes?
 */
#ifndef KITH_CLI_SURE_H
#define KITH_CLI_SURE_H

#include "cli/cli.h"

/* Asks at the terminal: "y" or "yes", in any case; anything else, and the end of input, is no. */
bool kith_sure(const char *question);

/*
 * Whether the word is the whole name, an address, or the beginning of the id of that person: nobody
 * looks before --yes, and a beginning of a name may be somebody else's the next time.  False with
 * the status set, and told, when it is not.
 */
bool kith_sure_exact(struct kith_store *store, int64_t row, const char *who, const char *command,
	int *ret_status);

#endif
