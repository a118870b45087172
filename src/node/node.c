/* SPDX-License-Identifier: MIT */
#include "node/node.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/beside.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "node/inside.h"
#include "store/settle.h"

#define IDLE_MS   60000
#define BEFORE_MS 3000 /* for a node that is ending: its own goodbye, and its courier's */

static enum kith_err find_courier(struct kith_node *node, struct kith_diag *diag)
{
	node->helper.program = node->options.courier
				       ? node->options.courier
				       : kith_beside("kith-courier", &node->courier_path);
	return node->helper.program
		       ? KITH_OK
		       : kith_fail(diag, KITH_ERR_COURIER,
				 "kith-courier is missing, or others can write there; it "
				 "belongs beside kith, or in ../libexec/kith");
}

/* No core file and no debugger: the keys are in here. */
static void harden(void)
{
	struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef KITH_SANITIZED /* the leak checker attaches to us */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int watch_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Opens the key, with the passphrase if one is needed, which is forgotten then in any case. */
static enum kith_err open_key(struct kith_node *node, struct kith_diag *diag)
{
	bool waits = node->options.locked && !node->options.passphrase;
	enum kith_err err = node_key_open(node, node->options.passphrase, diag);

	kith_passphrase_free(node->options.passphrase);
	node->options.passphrase = NULL;
	if (err != KITH_ERR_PASSPHRASE || !waits)
		return err;
	*diag = (struct kith_diag){0}; /* as it should be */
	return KITH_OK;
}

static enum kith_err open_store(struct kith_node *node, struct kith_diag *diag)
{
	enum kith_err err = kith_store_open(node->options.home, KITH_STORE_USE, &node->store, diag);

	if (err != KITH_ERR_MISSING)
		return err;
	return kith_fail(diag, KITH_ERR_STORE,
		"there is a key in %s, but no card yet; kith init completes it (if kith.db was "
		"lost, put back a copy from a backup first)",
		node->options.home);
}

static enum kith_err start(struct kith_node *node, struct kith_diag *diag)
{
	const char *home = node->options.home;
	unsigned patience = node->options.client_fd >= 0 ? BEFORE_MS : 0;
	enum kith_err err;

	/* The courier takes longest to come up: it starts first and in parallel. */
	if ((err = find_courier(node, diag)) || (err = kith_folder_check(home, diag)))
		return err == KITH_ERR_MISSING ? kith_fail(diag, KITH_ERR_NOIDENTITY, "%s",
							 kith_err_text(KITH_ERR_NOIDENTITY))
					       : err;
	err = kith_file_lock(home, KITH_HOME_NODE_LOCK, patience, &node->lock_fd, diag);
	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err, "another kith is at work for this home; end it first");
	if (err)
		return err;
	if ((err = kith_helper_start(&node->helper, diag)))
		return err;
	if ((err = kith_crypto_start()) || (err = kith_home_settle(home, diag)) ||
		(err = open_store(node, diag)) || (err = open_key(node, diag)) ||
		(err = node_failures_load(node)) || (err = node_control_open(node, diag)))
		return err;
	node->since = node->env->wall(node->env->ctx);
	node->signal_fd = watch_signals();
	node->inotify_fd = node_daemon_watch();
	node->home_fd = node_home_watch(home);
	(void)kith_store_changed(node->store); /* what was there before is read as it is */
	node_where_read(node);
	node_courier_started(node);
	if (node->options.ready)
		node->options.ready(node->options.ctx);
	node_actor_start(node); /* with the standard error that is to stay */
	return KITH_OK;
}

/* --- the loop --------------------------------------------------------------------------------- */

enum {
	COURIER,
	LISTEN,
	SIGNAL,
	INOTIFY,
	HOME,
	PLACES,
	ACTOR,
	CLIENTS,
	SLOTS = CLIENTS + KITH_CLIENTS_MAX
};

static short events_of(const struct kith_link *link)
{
	return (short)(POLLIN | (kith_link_wants_out(link) ? POLLOUT : 0));
}

static void fill(struct kith_node *node, struct pollfd p[static SLOTS])
{
	p[COURIER] = (struct pollfd){node->helper.link.fd, events_of(&node->helper.link), 0};
	p[LISTEN] = (struct pollfd){node->listen_fd, POLLIN, 0};
	p[SIGNAL] = (struct pollfd){node->signal_fd, POLLIN, 0};
	p[INOTIFY] = (struct pollfd){node->inotify_fd, POLLIN, 0};
	p[HOME] = (struct pollfd){node->home_fd, POLLIN, 0};
	p[PLACES] = (struct pollfd){node->places_fd, POLLIN, 0};
	p[ACTOR] = (struct pollfd){node->actor.fd, POLLIN, 0};
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct client *c = &node->clients[i];
		p[CLIENTS + i] = (struct pollfd){c->used ? c->link.fd : -1, events_of(&c->link), 0};
	}
}

static void serve_clients(struct kith_node *node, const struct pollfd p[static SLOTS])
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct client *c = &node->clients[i];
		if (c->used && p[CLIENTS + i].revents)
			kith_link_flush(&c->link);
		node_control_rows(node, c);
		node_watch_rest(c);
		if (c->used && p[CLIENTS + i].revents & (POLLIN | POLLHUP | POLLERR))
			node_control_read(node, c);
		if (c->used && c->link.broken)
			node_control_drop(node, c);
	}
	node_invite_tell(node);
}

static void serve(struct kith_node *node, const struct pollfd p[static SLOTS])
{
	if (p[COURIER].revents) {
		kith_link_flush(&node->helper.link);
		node_courier_read(node);
	}
	serve_clients(node, p);
	if (p[LISTEN].revents)
		node_control_accept(node);
	if (p[INOTIFY].revents)
		node_daemon_changed(node);
	if (p[HOME].revents)
		node_home_changed(node);
	if (p[PLACES].revents)
		node_where_heard(node);
	if (p[ACTOR].revents)
		node_actor_ended(node);
	if (p[SIGNAL].revents)
		node->stop = true;
	if (node->helper.pid && node->helper.link.broken)
		node_courier_lost(node);
}

/* New keys and a new courier wait for everybody who is in a session, but for people I know no longer than one can last: one
 * after the other they would keep me under one name. */
static bool is_quiet(struct kith_node *node, uint64_t now)
{
	if (!node->rekey && !node->renew)
		node->wanted_at = 0;
	else if (!node->wanted_at)
		node->wanted_at = now;
	if (!node->room || kith_room_busy(node->room) == 0)
		return true;
	return node->wanted_at && now - node->wanted_at > KITH_SESSION_MS &&
	       kith_room_swaps(node->room) == 0;
}

/* What waits for a quiet moment, and what waits for its time. */
static void upkeep(struct kith_node *node)
{
	uint64_t now = node->env->ticks(node->env->ctx);

	if (node->look)
		node_store_look(node);
	if (node->key_look) {
		node->key_look = false;
		node_key_look(node);
	}
	node_store_stirred(node);
	node_known_step(node);
	bool quiet = is_quiet(node, now);
	if (node->renew && quiet && node->helper.pid) {
		sightings_forget(node);
		if (node->room)
			kith_room_lost(node->room);
		kith_helper_renew(&node->helper, now);
	}
	if (!node->helper.pid && now >= node->helper.start_at)
		node_courier_start(node);
	if (node->rekey && quiet && node->helper.pid && node->room)
		node_announce(node);
}

static int wait_ms(struct kith_node *node)
{
	uint64_t now = node->env->ticks(node->env->ctx);
	uint64_t ms = node->room ? kith_room_tick(node->room) : IDLE_MS;
	uint64_t gone = node_present_tick(node);

	ms = gone < ms ? gone : ms;
	if (node->building || node->stirred || node->look || node->key_look)
		return 0;
	if (!node->helper.pid) {
		uint64_t in = node->helper.start_at > now ? node->helper.start_at - now : 0;
		ms = in < ms ? in : ms;
	}
	return (int)(ms < IDLE_MS ? ms : IDLE_MS);
}

static void loop(struct kith_node *node)
{
	while (!node->stop) {
		struct pollfd p[SLOTS];
		upkeep(node);
		int ms = wait_ms(node); /* may send: fill comes after it */
		fill(node, p);
		int n = poll(p, SLOTS, ms);
		if (n < 0)
			continue;
		if (n == 0 && ms > 0)
			node->look = true; /* one that keeps the store open tells nobody */
		serve(node, p);
	}
}

static void finish(struct kith_node *node)
{
	node->stop = true;
	node_swap_end(node);
	kith_room_free(node->room);
	node->room = NULL;
	node_known_close(node);
	kith_helper_stop(&node->helper);
	kith_buf_free(&node->courier_path);
	node_control_close(node);
	node_actor_stop(node);
	if (node->home_fd >= 0)
		(void)close(node->home_fd);
	if (node->places_fd >= 0)
		(void)close(node->places_fd);
	if (node->inotify_fd >= 0)
		(void)close(node->inotify_fd);
	if (node->signal_fd >= 0)
		(void)close(node->signal_fd);
	node_alike_forget(node);
	kith_store_close(node->store);
	kith_identity_free(node->id);
	kith_passphrase_free(node->options.passphrase);
	kith_wipe(&node->pair, sizeof node->pair);
	if (node->lock_fd >= 0)
		(void)close(node->lock_fd);
}

enum kith_err kith_node_run(const struct kith_node_options *options, struct kith_diag *diag)
{
	struct kith_diag own = {0};
	KITH_AUTO_FREE struct kith_node *node = calloc(1, sizeof *node);

	if (!node)
		return KITH_ERR_NOMEM;
	harden();
	node->env = kith_env_default();
	node->options = *options;
	node->lock_fd = node->listen_fd = node->signal_fd = node->inotify_fd = -1;
	node->home_fd = node->places_fd = node->actor.fd = -1;
	node->helper.interface = options->interface ? options->interface : "";
	node->helper.link.fd = -1;
	if (options->client_fd >= 0)
		node_control_add(node, options->client_fd, true);
	enum kith_err err = start(node, &own);
	if (err)
		node_control_refuse_owner(node, err, &own);
	else
		loop(node);
	finish(node);
	if (err && diag)
		*diag = own;
	return err;
}
