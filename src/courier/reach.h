/* SPDX-License-Identifier: MIT
 *
 * reach - which addresses of this machine an invitation names.  Pure.
 */
#ifndef KITH_COURIER_REACH_H
#define KITH_COURIER_REACH_H

#include "courier/address.h"
#include "message/invite.h"

/*
 * At most INVITE_ADDRESSES_MAX of them, the most useful first: IPv4, IPv6 of any network, IPv6 of the
 * link, IPv4 of the link (169.254.0.0/16); of each kind one an interface before a second of any.
 * The loopback counts only when it is the one interface in use.  All of ret is written; keys and port
 * are zero.
 */
void kith_reach(const struct kith_nets *nets, bool one_interface, struct kith_invite *ret);

#endif
