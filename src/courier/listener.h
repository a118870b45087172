/* SPDX-License-Identifier: MIT
 *
 * listener - one bound ROUTER for one announced key, and the connections that come in to it.
 */
#ifndef KITH_COURIER_LISTENER_H
#define KITH_COURIER_LISTENER_H

#include "courier/conn.h"

struct kith_listener;

/* Is this CURVE key one of our own? */
typedef bool kith_is_own(void *ctx, const uint8_t key[KITH_CURVE_BYTES]);

/* Binds to every address, on a port that the kernel picks (IPv4 only where there is no IPv6).
 * lines is borrowed for life.  NULL: it could not be bound; errno says why. */
struct kith_listener *kith_listener_new(
	struct kith_lines *lines, const struct kith_pair *pair, kith_is_own *is_own, void *ctx);

/* Ends its connections, of which the node hears CLOSED, and closes.  NULL allowed. */
void kith_listener_free(struct kith_listener *l);

uint16_t kith_listener_port(const struct kith_listener *l);
const uint8_t *kith_listener_key(const struct kith_listener *l);
bool kith_listener_busy(const struct kith_listener *l); /* has connections */

/* Tells what is left to tell, now that the node's queue has room. */
void kith_listener_settle(struct kith_listener *l);

#endif
