/* SPDX-License-Identifier: MIT
 *
 * courier - the node's network helper: carries out its orders and tells what happens
 * (proto/courier.md).
 */
#ifndef KITH_COURIER_COURIER_H
#define KITH_COURIER_COURIER_H

#include "courier/poller.h"

struct kith_courier;

/* Listens to the node on fd, which it takes over.  NULL: no memory. */
struct kith_courier *kith_courier_new(struct kith_poller *p, int fd);

/* Says goodbye on the network and lets what was sent leave (KITH_LINGER_MS at most).
 * NULL allowed. */
void kith_courier_free(struct kith_courier *c);

#endif
