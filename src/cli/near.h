/* SPDX-License-Identifier: MIT
 *
 * near - who of the people I know is here, as the node that runs says; and what goes to them at once.
 */
#ifndef KITH_CLI_NEAR_H
#define KITH_CLI_NEAR_H

#include <kith/client.h>

#include "cli/cli.h"

struct kith_near {
	uint8_t (*ik)[KITH_KEY_BYTES];
	size_t n;
};

void kith_near_free(struct kith_near *near);

/* Takes one event of a node; what is no KITH_EVENT_HERE is passed over.  Without memory one is left out. */
void kith_near_take(struct kith_near *near, const struct kith_client_event *ev);

/* Asks the node that runs.  Nobody is here when none does, or it recognises nobody, or does not say. */
void kith_near_ask(struct kith_cli *cli, struct kith_near *ret_near);

bool kith_near_has(const struct kith_near *near, const struct kith_contact *contact);

/* Whether this person is still to get the card that I give them, as it is now: another than they told of, or newer,
 * and none that they refused. */
bool kith_near_owed(struct kith_store *store, int64_t contact);

/* ""Grace" is here: within a minute.", for each who is here and is still to get a card; a result, or beside one
 * (on standard error).  Store errors. */
enum kith_err kith_near_say(struct kith_cli *cli, struct kith_store *store,
	const struct kith_near *near, bool beside) KITH_MUST_CHECK;

#endif
