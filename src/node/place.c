/* SPDX-License-Identifier: MIT
 *
 * rtnetlink(7): addresses, default routes, and who is behind their gateways.
 */
#include "node/place.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"

#define HARDWARE_MAX 20 /* bytes; InfiniBand has as many */
#define ANSWER_BYTES 32768
#define PATIENCE_S   2 /* with the kernel, which answers at once */

/* A router that default routes lead to. */
struct gateway {
	int index, family; /* of the interface; of its address */
	uint8_t ip[16];
	uint8_t hardware[HARDWARE_MAX];
	size_t n; /* of hardware; 0: not known */
};

/* What is being read.  Routes come first: beside a gateway a subnet is nothing but its name. */
struct reading {
	int fd;        /* a socket to the kernel */
	unsigned only; /* the index of the one interface that counts; 0: all */
	struct gateway gateways[KITH_GATEWAYS_MAX];
	size_t gateways_n;
	struct kith_place subnets[KITH_PLACES_MAX];
	int subnet_index[KITH_PLACES_MAX];
	size_t subnets_n;
	bool more_gateways, more_subnets; /* than there is room for */
};

static size_t size_of(int family)
{
	return family == AF_INET ? 4 : 16;
}

static bool is_ip(int family)
{
	return family == AF_INET || family == AF_INET6;
}

static bool counts(const struct reading *r, int index)
{
	return index > 0 && (!r->only || (unsigned)index == r->only);
}

/* --- what the kernel says --------------------------------------------------------------------- */

/* The attributes of a message, by type; what is beyond max is passed over. */
static void attributes(struct rtattr *first, int left, struct rtattr **table, size_t max)
{
	for (struct rtattr *a = first; RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type <= max)
			table[a->rta_type] = a;
}

/* Several routes to one router are one gateway. */
static void add_gateway(struct reading *r, const struct gateway *g)
{
	for (size_t i = 0; i < r->gateways_n; i++) {
		const struct gateway *other = &r->gateways[i];
		if (other->index == g->index && other->family == g->family &&
			memcmp(other->ip, g->ip, sizeof g->ip) == 0)
			return;
	}
	if (r->gateways_n == KITH_GATEWAYS_MAX)
		r->more_gateways = true;
	else
		r->gateways[r->gateways_n++] = *g;
}

/* One way of a route: its gateway may be of the other family (RTA_VIA).  One without a cable is none. */
static void take_hop(struct reading *r, int family, int index, unsigned flags, struct rtattr **at)
{
	struct gateway g = {.index = index, .family = family};
	const uint8_t *ip = at[RTA_GATEWAY] ? RTA_DATA(at[RTA_GATEWAY]) : NULL;
	size_t n = ip ? RTA_PAYLOAD(at[RTA_GATEWAY]) : 0;

	if (!ip && at[RTA_VIA] && RTA_PAYLOAD(at[RTA_VIA]) > sizeof(struct rtvia)) {
		const struct rtvia *via = RTA_DATA(at[RTA_VIA]);
		g.family = via->rtvia_family;
		ip = via->rtvia_addr;
		n = RTA_PAYLOAD(at[RTA_VIA]) - sizeof *via;
	}
	if (!ip || !is_ip(g.family) || n != size_of(g.family) || !counts(r, index) ||
		flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN))
		return;
	memcpy(g.ip, ip, n);
	add_gateway(r, &g);
}

static void take_hops(struct reading *r, int family, struct rtattr *hops)
{
	struct rtnexthop *hop = RTA_DATA(hops);
	int left = (int)RTA_PAYLOAD(hops);

	while (left >= (int)sizeof *hop && RTNH_OK(hop, left)) {
		struct rtattr *at[RTA_MAX + 1] = {0};
		attributes(RTNH_DATA(hop), (int)(hop->rtnh_len - sizeof *hop), at, RTA_MAX);
		take_hop(r, family, hop->rtnh_ifindex, hop->rtnh_flags, at);
		left -= (int)NLMSG_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

static void take_route(struct reading *r, struct nlmsghdr *h)
{
	struct rtmsg *m = NLMSG_DATA(h);
	struct rtattr *at[RTA_MAX + 1] = {0};
	int index;

	if (!is_ip(m->rtm_family) || m->rtm_dst_len != 0 || m->rtm_type != RTN_UNICAST ||
		m->rtm_table != RT_TABLE_MAIN)
		return;
	attributes(RTM_RTA(m), (int)RTM_PAYLOAD(h), at, RTA_MAX);
	if (at[RTA_MULTIPATH])
		take_hops(r, m->rtm_family, at[RTA_MULTIPATH]);
	if (!at[RTA_OIF] || RTA_PAYLOAD(at[RTA_OIF]) != sizeof index)
		return;
	memcpy(&index, RTA_DATA(at[RTA_OIF]), sizeof index);
	take_hop(r, m->rtm_family, index, m->rtm_flags, at);
}

static void take_neighbour(struct reading *r, struct nlmsghdr *h)
{
	struct ndmsg *m = NLMSG_DATA(h);
	struct rtattr *at[NDA_MAX + 1] = {0};
	size_t n;

	attributes((struct rtattr *)((char *)m + NLMSG_ALIGN(sizeof *m)),
		(int)(h->nlmsg_len - NLMSG_SPACE(sizeof *m)), at, NDA_MAX);
	if (!at[NDA_DST] || !at[NDA_LLADDR] ||
		m->ndm_state & (NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP) || /* no word of theirs */
		(n = RTA_PAYLOAD(at[NDA_LLADDR])) == 0 || n > HARDWARE_MAX)
		return;
	for (size_t i = 0; i < r->gateways_n; i++) {
		struct gateway *g = &r->gateways[i];
		if (g->index != m->ndm_ifindex || g->family != m->ndm_family ||
			RTA_PAYLOAD(at[NDA_DST]) != size_of(g->family) ||
			memcmp(g->ip, RTA_DATA(at[NDA_DST]), size_of(g->family)) != 0)
			continue;
		memcpy(g->hardware, RTA_DATA(at[NDA_LLADDR]), n);
		g->n = n;
	}
}

/* Of an interface without a gateway, while another one has one, it is nothing. */
static bool wants_subnet(const struct reading *r, int index)
{
	bool any = false;

	for (size_t i = 0; i < r->gateways_n; i++)
		any = any || r->gateways[i].index == index;
	return any || r->gateways_n == 0;
}

/* An interface keeps its addresses when its cable is pulled. */
static bool runs(const struct reading *r, const char *interface)
{
	struct ifreq q = {0};

	(void)snprintf(q.ifr_name, sizeof q.ifr_name, "%s", interface);
	return ioctl(r->fd, SIOCGIFFLAGS, &q) == 0 && q.ifr_flags & IFF_RUNNING;
}

/* A machine may have many addresses of one subnet. */
static void add_subnet(struct reading *r, int index, const struct kith_place *p)
{
	for (size_t i = 0; i < r->subnets_n; i++)
		if (strcmp(r->subnets[i].id, p->id) == 0)
			return;
	if (r->subnets_n == KITH_PLACES_MAX) {
		r->more_subnets = true;
		return;
	}
	r->subnet_index[r->subnets_n] = index;
	r->subnets[r->subnets_n++] = *p;
}

/* As the courier names it: the interface, and the network that the address lies in. */
static void take_address(struct reading *r, struct nlmsghdr *h)
{
	struct ifaddrmsg *m = NLMSG_DATA(h);
	struct rtattr *at[IFA_MAX + 1] = {0};
	struct kith_place p = {0};
	char interface[IF_NAMESIZE + 1] = "", text[INET6_ADDRSTRLEN + 1] = "";
	uint8_t ip[16] = {0};

	if (!is_ip(m->ifa_family) || m->ifa_scope == RT_SCOPE_HOST ||
		(m->ifa_family == AF_INET6 && m->ifa_scope == RT_SCOPE_LINK) ||
		!counts(r, (int)m->ifa_index) || !wants_subnet(r, (int)m->ifa_index) ||
		!if_indextoname(m->ifa_index, interface) || !runs(r, interface))
		return;
	attributes(IFA_RTA(m), (int)IFA_PAYLOAD(h), at, IFA_MAX);
	struct rtattr *a = at[IFA_LOCAL] ? at[IFA_LOCAL] : at[IFA_ADDRESS];
	if (!a || RTA_PAYLOAD(a) != size_of(m->ifa_family))
		return;
	memcpy(ip, RTA_DATA(a), size_of(m->ifa_family));
	for (size_t i = 0; i < size_of(m->ifa_family); i++) {
		unsigned bits = m->ifa_prefixlen >= 8 * (i + 1) ? 8
				: m->ifa_prefixlen > 8 * i      ? m->ifa_prefixlen % 8
								: 0;
		ip[i] &= (uint8_t)(0xff00u >> bits);
	}
	(void)inet_ntop(m->ifa_family, ip, text, sizeof text);
	(void)snprintf(p.name, sizeof p.name, "%s %s/%u", interface, text, m->ifa_prefixlen);
	(void)snprintf(p.id, sizeof p.id, "subnet %s %s/%u", interface, text, m->ifa_prefixlen);
	add_subnet(r, (int)m->ifa_index, &p);
}

static void take(struct reading *r, struct nlmsghdr *h)
{
	switch (h->nlmsg_type) {
	case RTM_NEWROUTE:
		take_route(r, h);
		break;
	case RTM_NEWNEIGH:
		take_neighbour(r, h);
		break;
	case RTM_NEWADDR:
		take_address(r, h);
		break;
	default:
		break;
	}
}

/* One question and its answers, to the end. */
static enum kith_err dump(struct reading *r, uint16_t type, void *buffer)
{
	struct {
		struct nlmsghdr h;
		struct rtgenmsg m;
	} ask = {.h = {.nlmsg_len = NLMSG_LENGTH(sizeof ask.m),
			 .nlmsg_type = type,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.m = {AF_UNSPEC}};

	if (send(r->fd, &ask, ask.h.nlmsg_len, 0) < 0)
		return KITH_ERR_IO;
	for (;;) {
		ssize_t got = recv(r->fd, buffer, ANSWER_BYTES, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return KITH_ERR_IO;
		size_t n = (size_t)got;
		for (struct nlmsghdr *h = buffer; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return KITH_OK;
			if (h->nlmsg_type == NLMSG_ERROR)
				return KITH_ERR_IO;
			take(r, h);
		}
	}
}

/* --- what it means ---------------------------------------------------------------------------- */

static void name_gateway(const struct reading *r, const struct gateway *g, struct kith_place *out)
{
	size_t at = 0;

	*out = (struct kith_place){0};
	for (size_t i = 0; i < r->subnets_n && !out->name[0]; i++)
		if (r->subnet_index[i] == g->index)
			memcpy(out->name, r->subnets[i].name, sizeof out->name);
	if (!out->name[0])
		(void)if_indextoname((unsigned)g->index, out->name);
	if (g->n == 0)
		return;
	at += (size_t)snprintf(out->id, sizeof out->id, "gateway ");
	for (size_t i = 0; i < g->n; i++)
		at += (size_t)snprintf(
			out->id + at, sizeof out->id - at, "%s%02x", i ? ":" : "", g->hardware[i]);
}

/* One router is one network, as often as it is met: by IPv4 and IPv6, on several interfaces. */
static bool same(const struct kith_place *a, const struct kith_place *b)
{
	return strcmp(a->id, b->id) == 0 && (a->id[0] || strcmp(a->name, b->name) == 0);
}

static void add_place(struct kith_places *out, const struct kith_place *place)
{
	for (size_t i = 0; i < out->n; i++)
		if (same(&out->at[i], place))
			return;
	if (out->n == KITH_PLACES_MAX)
		out->more = true;
	else
		out->at[out->n++] = *place;
}

static void conclude(const struct reading *r, struct kith_places *out)
{
	*out = (struct kith_places){
		.more = r->more_gateways || (r->gateways_n == 0 && r->more_subnets)};
	for (size_t i = 0; i < r->gateways_n; i++) {
		struct kith_place place;
		name_gateway(r, &r->gateways[i], &place);
		add_place(out, &place);
	}
	for (size_t i = 0; i < r->subnets_n && r->gateways_n == 0; i++)
		add_place(out, &r->subnets[i]);
}

static enum kith_err ask(struct reading *r)
{
	static const uint16_t questions[] = {RTM_GETROUTE, RTM_GETNEIGH, RTM_GETADDR};
	struct timeval patience = {.tv_sec = PATIENCE_S};
	KITH_AUTO_FREE void *buffer = malloc(ANSWER_BYTES);
	KITH_AUTO_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	enum kith_err err = KITH_OK;

	if (fd < 0 || !buffer)
		return KITH_ERR_IO;
	r->fd = fd;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	for (size_t i = 0; !err && i < sizeof questions / sizeof questions[0]; i++)
		err = dump(r, questions[i], buffer);
	return err;
}

enum kith_err kith_places_read(const char *only, struct kith_places *ret)
{
	bool one = only && *only;
	struct reading r = {.only = one ? if_nametoindex(only) : 0};
	enum kith_err err = one && !r.only ? KITH_OK : ask(&r); /* it may come later */

	if (!err)
		conclude(&r, ret);
	return err;
}

/* --- known from now on ------------------------------------------------------------------------ */

/* What could not be marked, and why. */
static enum kith_err left_over(const struct kith_places *p, struct kith_diag *diag)
{
	if (p->n == 0)
		return kith_fail(diag, KITH_ERR_MISSING,
			"this machine is in no network now, so there is none to be known");
	for (size_t i = 0; i < p->n; i++)
		if (!p->at[i].id[0])
			return kith_fail(diag, KITH_ERR_MISSING,
				"the router of %s has not been heard yet, so nothing tells that "
				"network from others; try again once something went through it",
				p->at[i].name);
	return p->more ? kith_fail(diag, KITH_ERR_MISSING,
				 "this machine is in more than %d networks at once, and the rest "
				 "stays unknown; kith node --interface NAME looks at one alone",
				 KITH_PLACES_MAX)
		       : KITH_OK;
}

enum kith_err kith_places_mark(
	const struct kith_places *p, struct kith_store *store, int64_t now, struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; i < p->n && !err; i++)
		if (p->at[i].id[0])
			err = kith_store_network_put(store, kith_span_str(p->at[i].id), now);
	return err ? err : left_over(p, diag);
}

/* --- notice ----------------------------------------------------------------------------------- */

int kith_places_watch(void)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
			     RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* ENOBUFS: more than the kernel could keep; what matters is asked anew in any case. */
void kith_places_heard(int fd)
{
	char events[8192];

	while (recv(fd, events, sizeof events, 0) > 0 || errno == ENOBUFS)
		;
}
