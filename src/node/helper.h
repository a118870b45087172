/* SPDX-License-Identifier: MIT
 *
 * helper - the courier as the node sees it: a process that may die at any time.
 * proto/courier.md "Process".
 */
#ifndef KITH_NODE_HELPER_H
#define KITH_NODE_HELPER_H

#include <sys/types.h>

#include "message/link.h"

#define KITH_COURIER_VERSION 1 /* of courier.def, that both must speak */

/* Why it does not stay. */
enum kith_helper_fault {
	KITH_HELPER_CRASHES,
	KITH_HELPER_STRANGE, /* it is of another version */
	KITH_HELPER_MISSING, /* it cannot be started */
};

/* Start with {0}; end with kith_helper_stop. */
struct kith_helper {
	const char *program;   /* path of kith-courier */
	const char *interface; /* for START; "" for all */
	pid_t pid;             /* 0 while it does not run */
	struct kith_link link; /* fd -1 while it does not run */
	uint64_t discovery;    /* of STARTED: 0 not yet, 1 avahi-core, 2 avahi-daemon */
	uint64_t cage;         /* of STARTED */
	uint64_t deaths[KITH_COURIER_DEATHS_MAX]; /* ticks */
	size_t died;                              /* how often */
	uint64_t start_at;            /* ticks of the next start, while it does not run */
	bool wary;                    /* it died twice of late: the next asks for less trouble */
	bool paused;                  /* it died too often */
	enum kith_helper_fault fault; /* of the last that did not stay */
	struct kith_diag diag;        /* why the last start failed, when it did */
};

/* Starts it and sends START.  KITH_ERR_COURIER: it cannot be started. */
enum kith_err kith_helper_start(struct kith_helper *h, struct kith_diag *diag) KITH_MUST_CHECK;

/* It is dead, or must be: reaps it and plans the next start after the back-off of the page. */
void kith_helper_died(struct kith_helper *h, uint64_t now);

/* Ends it in peace (the daemon came or went) and plans a start at once. */
void kith_helper_renew(struct kith_helper *h, uint64_t now);

/* Closes the socket, waits until it has said goodbye, and reaps it. */
void kith_helper_stop(struct kith_helper *h);

#endif
