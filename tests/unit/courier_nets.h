/* SPDX-License-Identifier: MIT
 *
 * courier_nets - a machine for the tests of the courier's parts.
 */
#ifndef KITH_UNIT_COURIER_NETS_H
#define KITH_UNIT_COURIER_NETS_H

#include <arpa/inet.h>
#include <stdlib.h>

#include "courier/address.h"

enum { LO = 1, ETH = 2, TUN = 3 }; /* interface indexes */

static inline struct kith_ip ip(const char *text)
{
	struct kith_ip ip = {.v6 = strchr(text, ':') != NULL};

	if (inet_pton(ip.v6 ? AF_INET6 : AF_INET, text, ip.bytes) != 1)
		abort();
	return ip;
}

static inline void sample_address(
	struct kith_nets *nets, int index, const char *text, unsigned prefix)
{
	nets->addresses[nets->addresses_n++] =
		(struct kith_net_address){.index = index, .ip = ip(text), .prefix = prefix};
}

static inline struct kith_nets sample_nets(void)
{
	struct kith_nets nets = {
		.n = 3, .at = {{LO, true, "lo"}, {ETH, false, "eth0"}, {TUN, false, "tun0"}}};

	sample_address(&nets, LO, "127.0.0.1", 8);
	sample_address(&nets, LO, "::1", 128);
	sample_address(&nets, ETH, "192.0.2.10", 24);
	sample_address(&nets, ETH, "10.7.3.1", 25);
	sample_address(&nets, ETH, "fe80::10", 64);
	sample_address(&nets, ETH, "2001:db8:0:3::10", 62);
	sample_address(&nets, TUN, "10.7.0.1", 16);
	return nets;
}

#endif
