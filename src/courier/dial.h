/* SPDX-License-Identifier: MIT
 *
 * dial - one connection that we open: a DEALER for each endpoint tried.
 */
#ifndef KITH_COURIER_DIAL_H
#define KITH_COURIER_DIAL_H

#include "courier/conn.h"

/*
 * Starts to connect to the listener that holds `key`, as `own` (copied).  The outcome comes as
 * OPENED or CLOSED, the latter at once when nothing can be tried.  At most
 * KITH_CONNECTIONS_MAX / 2 dials at a time: each takes four descriptors.
 */
void kith_dial(struct kith_lines *lines, const struct kith_pair *own,
	const struct kith_courier_dial *order);

/* Ends every dial, for the end of the process.  What was sent lingers in ZeroMQ. */
void kith_dial_end_all(struct kith_lines *lines);

/* Tells what is left to tell, now that the node's queue has room. */
void kith_dial_settle(struct kith_lines *lines);

#endif
