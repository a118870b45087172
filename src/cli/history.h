/* SPDX-License-Identifier: MIT
 *
 * history - the cards of a person that are kept, and what changed from one to the next.
 */
#ifndef KITH_CLI_HISTORY_H
#define KITH_CLI_HISTORY_H

#include "cli/cli.h"

/*
 * Prints them, oldest first: number, the day each came, how, and the changes; of the first its fields.  With --json an array
 * of card objects (person.h) with "at", "how" (live or file), "held" and, but for the first, "changes".
 * Returns the status; says what was wrong itself.
 */
int kith_history_print(struct kith_cli *cli, struct kith_store *store, int64_t row);

#endif
