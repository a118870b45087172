/* SPDX-License-Identifier: MIT
 *
 * nodetalk - one question to the node of the home, and its answer.
 */
#ifndef KITH_CLI_NODETALK_H
#define KITH_CLI_NODETALK_H

#include <kith/client.h>

#include "cli/cli.h"

/* The node that runs already.  KITH_ERR_MISSING: none does; errors of kith_client_open. */
enum kith_err kith_node_running(
	struct kith_cli *cli, struct kith_client **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* Waits for KITH_EVENT_STATE; what comes before it is handed to fn (NULL allowed).  The error of
 * KITH_EVENT_REFUSED, with its sentence; KITH_ERR_NODE: the node has ended. */
enum kith_err kith_node_answer(struct kith_client *client,
	void (*fn)(void *ctx, const struct kith_client_event *ev), void *ctx,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* For KITH_AUTO. */
static inline void kith_node_hang_up(struct kith_client **client)
{
	kith_client_close(*client);
}

#endif
