/* SPDX-License-Identifier: MIT */
#include "cli/nodetalk.h"

#include <poll.h>

#include "base/text.h"

#define PATIENCE_MS 60000 /* opening a key takes most of a second, on a slow machine more */

enum kith_err kith_node_running(
	struct kith_cli *cli, struct kith_client **ret, struct kith_diag *diag)
{
	struct kith_client_options o = {.home = cli->home, .running = true};

	return kith_client_open(&o, ret, diag);
}

static enum kith_err wait_for(struct kith_client *client, struct kith_diag *diag)
{
	struct pollfd p = {.fd = kith_client_fd(client), .events = POLLIN};

	return poll(&p, 1, PATIENCE_MS) > 0
		       ? KITH_OK
		       : kith_fail(diag, KITH_ERR_NODE, "the node does not answer");
}

enum kith_err kith_node_answer(struct kith_client *client,
	void (*fn)(void *ctx, const struct kith_client_event *ev), void *ctx,
	struct kith_diag *diag)
{
	struct kith_client_event ev;
	enum kith_err err;

	for (;;) {
		err = kith_client_next(client, &ev);
		if (err == KITH_ERR_MISSING) {
			if ((err = wait_for(client, diag)))
				return err;
			continue;
		}
		if (err)
			return err;
		if (ev.kind == KITH_EVENT_STATE)
			return KITH_OK;
		if (ev.kind == KITH_EVENT_REFUSED)
			return kith_fail(diag, ev.error, "%s", ev.text);
		if (fn)
			fn(ctx, &ev);
	}
}
