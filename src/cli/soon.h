/* SPDX-License-Identifier: MIT
 *
 * soon - when something reaches a person I have met: at once, while both of us are here.
 */
#ifndef KITH_CLI_SOON_H
#define KITH_CLI_SOON_H

#include "cli/cli.h"

/* Whether the node that runs says that this person is here now, and talks to them without being asked. */
bool kith_soon(struct kith_cli *cli, const struct kith_contact *who);

/* kith_soon of the person with that number. */
bool kith_soon_of(struct kith_cli *cli, struct kith_store *store, int64_t contact);

#endif
