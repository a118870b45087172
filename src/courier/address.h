/* SPDX-License-Identifier: MIT
 *
 * address - IP addresses as kith meets them: which to believe, which to try first, how to write
 * them.  Pure: knows the machine's interfaces only through a struct kith_nets.
 */
#ifndef KITH_COURIER_ADDRESS_H
#define KITH_COURIER_ADDRESS_H

#include <net/if.h>
#include <stdbool.h>
#include <sys/socket.h>

#include <kith/bytes.h>

#include "base/limits.h"

#define KITH_NETS_ADDRESSES 128 /* of this machine, all interfaces together */
#define KITH_ENDPOINT_BYTES 81  /* "[fe80::1%eth0]:4711" with its NUL, as the datagram allows */
#define KITH_NETWORK_BYTES  (KITH_NETWORK_MAX + 1)

struct kith_ip {
	bool v6;
	uint8_t bytes[16]; /* network order; an IPv4 address has four, the rest is zero */
};

/* An interface that can be used: up, with an address, and made for multicast or the loopback. */
struct kith_net {
	int index; /* never 0 */
	bool loopback;
	char name[IF_NAMESIZE];
};

/* An address of this machine. */
struct kith_net_address {
	int index; /* of its interface */
	struct kith_ip ip;
	unsigned prefix; /* bits of the network */
};

/* What the machine is connected to; a plain value. */
struct kith_nets {
	struct kith_net at[KITH_INTERFACES_MAX];
	size_t n;
	struct kith_net_address addresses[KITH_NETS_ADDRESSES];
	size_t addresses_n;
};

/* Where a listener may be reached. */
struct kith_place {
	struct kith_ip ip;
	int scope; /* interface index of a link-local IPv6 address, else 0 */
	uint16_t port;
};

bool kith_ip_eq(const struct kith_ip *a, const struct kith_ip *b);
bool kith_ip_link_local(const struct kith_ip *ip); /* 169.254.0.0/16, fe80::/10 */
bool kith_ip_loopback(const struct kith_ip *ip);   /* 127.0.0.0/8, ::1 */

/* From a socket address; an IPv4 address mapped into IPv6 becomes IPv4 again.  *ret_scope is the
 * interface index that came with it, or 0.  False: neither IPv4 nor IPv6. */
bool kith_ip_from(const struct sockaddr *sa, struct kith_ip *ret, int *ret_scope);

/* The interface with that index, or NULL. */
const struct kith_net *kith_nets_find(const struct kith_nets *nets, int index);

/* The own address whose network holds ip, the narrowest network first; NULL when there is none.
 * index 0: on any interface. */
const struct kith_net_address *kith_nets_holding(
	const struct kith_nets *nets, const struct kith_ip *ip, int index);

/* May an address from a record that came in on the interface `index` be tried at all? */
bool kith_ip_believable(const struct kith_ip *ip, const struct kith_nets *nets, int index);

/* Which of several addresses to try first: smaller is better. */
unsigned kith_place_rank(const struct kith_place *place, const struct kith_nets *nets);

/* "192.0.2.1:4711", "[2001:db8::1]:4711" or "[fe80::1%eth0]:4711".  False: link-local, and its
 * interface is gone. */
bool kith_endpoint_write(char out[KITH_ENDPOINT_BYTES], const struct kith_place *place,
	const struct kith_nets *nets);

/* Reads what kith_endpoint_write writes, and no name that would have to be looked up.  The
 * interface of a link-local address must be one of nets. */
bool kith_endpoint_read(
	struct kith_span text, const struct kith_nets *nets, struct kith_place *ret);

/* The same for an endpoint out of an invitation: a link-local IPv6 address has no zone there, so it
 * is read as one place on each interface that has such an address.  Returns how many were put into
 * ret, at most max. */
size_t kith_endpoint_places(
	struct kith_span text, const struct kith_nets *nets, struct kith_place *ret, size_t max);

/* The address alone, "192.0.2.1" or "fe80::1%eth0". */
void kith_ip_write(char out[KITH_ENDPOINT_BYTES], const struct kith_ip *ip, int scope,
	const struct kith_nets *nets);

/* Which of our networks an address lies on: "eth0 192.0.2.0/24"; empty when on none. */
void kith_network_write(char out[KITH_NETWORK_BYTES], const struct kith_ip *ip, int scope,
	const struct kith_nets *nets);

#endif
