/* SPDX-License-Identifier: MIT
 *
 * netlink - the machine's interfaces and addresses, and notice when they change (rtnetlink(7)).
 */
#ifndef KITH_COURIER_NETLINK_H
#define KITH_COURIER_NETLINK_H

#include "courier/address.h"
#include "courier/poller.h"

struct kith_netlink;

/* What happened to kith_netlink_nets.  IPv6 addresses that come and go are no other network while the
 * interfaces and their IPv4 addresses are the same, and each interface that had IPv6 addresses keeps
 * one of them, the link-local one or another. */
enum kith_netlink_event {
	KITH_NETLINK_ADDRESSES, /* the same network with other addresses: called at once */
	KITH_NETLINK_CHANGED,   /* perhaps another network: called at once, for every difference */
	KITH_NETLINK_SETTLED,   /* no difference for 200 ms: called once a burst */
};

typedef void kith_on_netlink(void *ctx, enum kith_netlink_event event);

/*
 * Reads the interfaces and goes on watching them.  `only` names the one interface that counts,
 * empty: all.  Usable are those that are up, run, have an address that is not tentative, and can
 * multicast or are the loopback; of those the first KITH_INTERFACES_MAX.
 * NULL: no memory, or no netlink.
 */
struct kith_netlink *kith_netlink_new(
	struct kith_poller *p, const char *only, kith_on_netlink *f, void *ctx);
void kith_netlink_free(struct kith_netlink *n); /* NULL allowed */

/* Borrowed; its content changes before `f` is called, its address does not. */
const struct kith_nets *kith_netlink_nets(const struct kith_netlink *n);

#endif
