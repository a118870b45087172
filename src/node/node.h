/* SPDX-License-Identifier: MIT
 *
 * node - the core of one home: holds the keys and every session, owns the courier, serves clients.
 * One thread, one loop.
 */
#ifndef KITH_NODE_NODE_H
#define KITH_NODE_NODE_H

#include <stdbool.h>

#include <kith/identity.h>

/* How to run. */
struct kith_node_options {
	const char *home;      /* absolute; must hold an identity */
	const char *courier;   /* path of kith-courier; NULL: beside this program, or in libexec */
	const char *interface; /* use this network interface only; NULL or "": all */
	int client_fd; /* a client's socket: the node ends with it; -1: run in the background,
				* until SIGTERM or SIGINT */
	struct kith_passphrase *passphrase; /* of the key; becomes the node's, who frees it once
					     * the key is open; NULL: none is at hand */
	bool locked; /* a key that needs a passphrase, and none is at hand: wait for one to come
		      * by the control socket */
	bool alone;  /* no process beside for the hook and notifications */
	void (*ready)(void *ctx); /* called once, when clients are served; may be NULL */
	void *ctx;
};

/*
 * Runs until its client has gone, or a signal ends it; everything it started has ended then.
 * Errors: KITH_ERR_BUSY (another node serves this home), KITH_ERR_NOIDENTITY and the other errors of
 * kith_identity_load_protected, the errors of kith_store_open, KITH_ERR_COURIER, KITH_ERR_IO.
 * With a client_fd the client is told as well (CONTROL_REFUSED).
 */
enum kith_err kith_node_run(
	const struct kith_node_options *options, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
