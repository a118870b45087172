/* SPDX-License-Identifier: MIT */
#include "cli/invitation.h"

#include <errno.h>
#include <poll.h>

#include <kith/client.h>

#include "base/auto.h"
#include "base/text.h"

#define WAIT_MS 5000 /* for the addresses of a swap that has just begun */

static void client_end(struct kith_client **client)
{
	kith_client_close(*client);
}

static enum kith_err fail_none(struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_MISSING,
		"no swap is running here to invite to; start kith swap in another window and leave "
		"it running");
}

/* Nobody is asked for it: where a node would have to be started first, there is no swap. */
static enum kith_err no_passphrase(
	void *ctx, const struct kith_passphrase **ret, struct kith_diag *diag)
{
	(void)ctx;
	(void)ret;
	return fail_none(diag);
}

/* Takes what has come, up to what is waited for: then *ret_done. */
static enum kith_err take(
	struct kith_client *client, struct kith_buf *out, bool *ret_done, struct kith_diag *diag)
{
	struct kith_client_event ev;
	char shown[KITH_TEXT_BYTES];
	enum kith_err err;

	while (!*ret_done && !(err = kith_client_next(client, &ev))) {
		if (ev.kind == KITH_EVENT_REFUSED && ev.error == KITH_ERR_MISSING)
			return fail_none(diag);
		if (ev.kind == KITH_EVENT_REFUSED)
			return kith_fail(diag, ev.error, "%s",
				*ev.text ? kith_show_in(shown, sizeof shown, kith_span_str(ev.text),
						   KITH_TEXT_BYTES)
					 : kith_err_text(ev.error));
		*ret_done = ev.kind == KITH_EVENT_INVITE && *ev.text;
		if (*ret_done)
			return kith_buf_add_str(out, ev.text);
	}
	if (*ret_done || err == KITH_ERR_MISSING)
		return KITH_OK;
	return kith_fail(diag, err, "%s", kith_err_text(err));
}

static enum kith_err await(struct kith_client *client, struct kith_buf *out, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();
	uint64_t ends = env->ticks(env->ctx) + WAIT_MS, now;
	enum kith_err err = KITH_OK;
	bool done = false;

	while (!(err = take(client, out, &done, diag)) && !done) {
		struct pollfd p = {.fd = kith_client_fd(client), .events = POLLIN};
		now = env->ticks(env->ctx);
		int n = now < ends ? poll(&p, 1, (int)(ends - now)) : 0;
		if (n == 0)
			return kith_fail(diag, KITH_ERR_TIMEOUT,
				"nobody could come to the swap that runs here: this machine has no "
				"network");
		if (n < 0 && errno != EINTR)
			return kith_fail(diag, KITH_ERR_NODE, "%s", kith_err_text(KITH_ERR_NODE));
	}
	return err;
}

enum kith_err kith_invitation(
	const struct kith_cli *cli, struct kith_buf *out, struct kith_diag *diag)
{
	KITH_AUTO(client_end) struct kith_client *client = NULL;
	struct kith_client_options o = {.home = cli->home, .passphrase = no_passphrase};
	enum kith_err err = kith_client_open(&o, &client, diag);

	if (err)
		return err;
	if ((err = kith_client_invite(client, true)))
		return kith_fail(diag, err, "%s", kith_err_text(err));
	return await(client, out, diag);
}
