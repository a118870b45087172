/* SPDX-License-Identifier: MIT
 *
 * origin - what counts as one address when connections and handshakes are counted: an IPv4 address,
 * a link-local IPv6 address with its interface, and the first 64 bits of any other IPv6 address,
 * since one machine has all the rest to choose from.
 */
#ifndef KITH_COURIER_ORIGIN_H
#define KITH_COURIER_ORIGIN_H

#include "courier/address.h"

struct kith_origin {
	struct kith_ip ip; /* of other IPv6 addresses only the first half, the rest is zero */
	int scope;         /* 0 unless link-local IPv6 */
};

struct kith_origin kith_origin_of(const struct kith_ip *ip, int scope);
bool kith_origin_eq(const struct kith_origin *a, const struct kith_origin *b);

/* Reads an address as ZeroMQ writes that of a peer: "192.0.2.1", "::ffff:192.0.2.1" (which is
 * IPv4), "fe80::1%eth0".  *ret_scope is 0 without an interface, -1 when it is none of nets.  text
 * may be NULL.  False: no address. */
bool kith_origin_read(
	const char *text, const struct kith_nets *nets, struct kith_ip *ret, int *ret_scope);

#endif
