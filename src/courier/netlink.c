/* SPDX-License-Identifier: MIT */
#include "courier/netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"

#define SETTLE_MS 200
#define LINKS_MAX 256   /* looked at, usable or not */
#define CHUNK     32768 /* bytes the kernel hands over at once */

struct link {
	struct kith_net net;
	bool usable;
};

/* A list while it is read. */
struct reading {
	struct link links[LINKS_MAX];
	size_t links_n;
	struct kith_net_address addresses[KITH_NETS_ADDRESSES];
	size_t addresses_n;
};

struct kith_netlink {
	int notice; /* tells that something changed */
	char only[IF_NAMESIZE];
	kith_on_netlink *f;
	void *ctx;
	struct kith_source *source;
	struct kith_timer *settle;
	struct kith_nets nets;
};

/* RTM_NEWLINK */
static void take_link(struct reading *r, const struct nlmsghdr *h)
{
	struct ifinfomsg *info = NLMSG_DATA(h);
	unsigned need = IFF_UP | IFF_RUNNING;
	int left = (int)IFLA_PAYLOAD(h);

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof *info) || r->links_n == LINKS_MAX)
		return;
	struct link link = {.net = {.index = info->ifi_index}};
	link.net.loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
	/* Like Avahi: no point-to-point links, which are tunnels to somewhere else. */
	link.usable = (info->ifi_flags & need) == need &&
		      (info->ifi_flags & (IFF_LOOPBACK | IFF_MULTICAST)) &&
		      !(info->ifi_flags & IFF_POINTOPOINT);
	for (struct rtattr *a = IFLA_RTA(info); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == IFLA_IFNAME)
			(void)snprintf(link.net.name, sizeof link.net.name, "%.*s",
				(int)RTA_PAYLOAD(a), (const char *)RTA_DATA(a));
	r->links[r->links_n++] = link;
}

/* RTM_NEWADDR */
static void take_address(struct reading *r, const struct nlmsghdr *h)
{
	struct ifaddrmsg *info = NLMSG_DATA(h);
	int left = (int)IFA_PAYLOAD(h);
	bool v6 = info->ifa_family == AF_INET6, local = false;
	uint32_t flags = info->ifa_flags;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof *info) || r->addresses_n == KITH_NETS_ADDRESSES ||
		(!v6 && info->ifa_family != AF_INET))
		return;
	struct kith_net_address address = {
		.index = (int)info->ifa_index, .ip = {.v6 = v6}, .prefix = info->ifa_prefixlen};
	for (struct rtattr *a = IFA_RTA(info); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFA_FLAGS && RTA_PAYLOAD(a) >= sizeof flags)
			memcpy(&flags, RTA_DATA(a), sizeof flags);
		/* IFA_LOCAL is the own address where IFA_ADDRESS is that of the far end */
		if (a->rta_type != IFA_LOCAL && (a->rta_type != IFA_ADDRESS || local))
			continue;
		if (RTA_PAYLOAD(a) == (v6 ? 16 : 4))
			memcpy(address.ip.bytes, RTA_DATA(a), RTA_PAYLOAD(a));
		local = a->rta_type == IFA_LOCAL;
	}
	if (!(flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) && address.prefix <= (v6 ? 128u : 32u))
		r->addresses[r->addresses_n++] = address;
}

/* True when the list goes on. */
static bool take_chunk(struct reading *r, const uint8_t *p, size_t n)
{
	while (n >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *h = (const void *)p;
		size_t step = NLMSG_ALIGN(h->nlmsg_len);
		if (h->nlmsg_len < sizeof *h || h->nlmsg_len > n || h->nlmsg_type == NLMSG_DONE ||
			h->nlmsg_type == NLMSG_ERROR)
			return false;
		if (h->nlmsg_type == RTM_NEWLINK)
			take_link(r, h);
		if (h->nlmsg_type == RTM_NEWADDR)
			take_address(r, h);
		p += step < n ? step : n;
		n -= step < n ? step : n;
	}
	return true;
}

/* Asks for everything of a type and reads the answer; the kernel has it ready at once. */
static bool dump(struct reading *r, int fd, uint16_t type)
{
	_Alignas(struct nlmsghdr) static uint8_t chunk[CHUNK];
	struct {
		struct nlmsghdr head;
		struct rtgenmsg body;
	} ask = {
		.head = {.nlmsg_len = NLMSG_LENGTH(sizeof ask.body),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.body = {.rtgen_family = AF_UNSPEC},
	};
	ssize_t n;

	if (send(fd, &ask, ask.head.nlmsg_len, 0) < 0)
		return false;
	do
		do
			n = recv(fd, chunk, sizeof chunk, 0);
		while (n < 0 && errno == EINTR);
	while (n > 0 && take_chunk(r, chunk, (size_t)n));
	return n > 0;
}

static bool has_address(const struct reading *r, int index)
{
	for (size_t i = 0; i < r->addresses_n; i++)
		if (r->addresses[i].index == index)
			return true;
	return false;
}

static void pick(const struct reading *r, const char *only, struct kith_nets *ret)
{
	*ret = (struct kith_nets){0};
	for (size_t i = 0; i < r->links_n && ret->n < KITH_INTERFACES_MAX; i++) {
		const struct kith_net *net = &r->links[i].net;
		if (r->links[i].usable && has_address(r, net->index) &&
			(!*only || strcmp(only, net->name) == 0))
			memcpy(&ret->at[ret->n++], net, sizeof *net);
	}
	for (size_t i = 0; i < r->addresses_n; i++)
		if (kith_nets_find(ret, r->addresses[i].index))
			memcpy(&ret->addresses[ret->addresses_n++], &r->addresses[i],
				sizeof r->addresses[i]);
}

static bool read_nets(const char *only, struct kith_nets *ret)
{
	KITH_AUTO_FREE struct reading *r = calloc(1, sizeof *r);
	KITH_AUTO_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (!r || fd < 0 || !dump(r, fd, RTM_GETLINK) || !dump(r, fd, RTM_GETADDR))
		return false;
	pick(r, only, ret);
	return true;
}

static bool same_net(const struct kith_net *a, const struct kith_net *b)
{
	return a->index == b->index && a->loopback == b->loopback && strcmp(a->name, b->name) == 0;
}

static bool same_address(const struct kith_net_address *a, const struct kith_net_address *b)
{
	return a->index == b->index && a->prefix == b->prefix && kith_ip_eq(&a->ip, &b->ip);
}

static bool same_nets(const struct kith_nets *a, const struct kith_nets *b)
{
	bool same = a->n == b->n && a->addresses_n == b->addresses_n;

	for (size_t i = 0; same && i < a->n; i++)
		same = same_net(&a->at[i], &b->at[i]);
	for (size_t i = 0; same && i < a->addresses_n; i++)
		same = same_address(&a->addresses[i], &b->addresses[i]);
	return same;
}

static bool has(const struct kith_nets *nets, const struct kith_net_address *address)
{
	for (size_t i = 0; i < nets->addresses_n; i++)
		if (same_address(&nets->addresses[i], address))
			return true;
	return false;
}

/* Of the addresses of IPv4 that a has, b has each. */
static bool ipv4_within(const struct kith_nets *a, const struct kith_nets *b)
{
	for (size_t i = 0; i < a->addresses_n; i++)
		if (!a->addresses[i].ip.v6 && !has(b, &a->addresses[i]))
			return false;
	return true;
}

/* No interface that had IPv6 lost the last of the addresses it had. */
static bool ipv6_holds(const struct kith_nets *before, const struct kith_nets *now)
{
	for (size_t i = 0; i < before->n; i++) {
		bool had = false, kept = false;
		for (size_t j = 0; j < before->addresses_n; j++) {
			const struct kith_net_address *a = &before->addresses[j];
			if (!a->ip.v6 || a->index != before->at[i].index)
				continue;
			had = true;
			kept = kept || has(now, a);
		}
		if (had && !kept)
			return false;
	}
	return true;
}

/* The same interfaces, the same IPv4 addresses, and of the IPv6 addresses of each one stayed.  The
 * others come in their own time after a link is up, and go when a router says so, which anybody can
 * play: whoever could change our names by that could keep us from ever being picked.  A second IPv4
 * address is how a move begins: the records must go while the old address still stands, or nobody
 * hears the goodbye. */
static bool same_place(const struct kith_nets *before, const struct kith_nets *now)
{
	bool same = before->n == now->n;

	for (size_t i = 0; same && i < now->n; i++)
		same = same_net(&before->at[i], &now->at[i]);
	return same && ipv4_within(before, now) && ipv4_within(now, before) &&
	       ipv6_holds(before, now);
}

/* Empties the notices; what they say is read anew, since some may have been lost. */
static void notice_ready(void *ctx)
{
	struct kith_netlink *n = ctx;
	static uint8_t chunk[CHUNK];
	struct kith_nets nets;
	ssize_t got;

	do
		got = recv(n->notice, chunk, sizeof chunk, MSG_DONTWAIT);
	while (got > 0 || (got < 0 && errno == ENOBUFS));
	if (!read_nets(n->only, &nets) || same_nets(&nets, &n->nets))
		return;
	bool stayed = same_place(&n->nets, &nets);
	n->nets = nets;
	if (stayed) {
		n->f(n->ctx, KITH_NETLINK_ADDRESSES);
		return;
	}
	kith_timer_in(n->settle, SETTLE_MS);
	n->f(n->ctx, KITH_NETLINK_CHANGED);
}

static void settled(void *ctx)
{
	struct kith_netlink *n = ctx;

	n->f(n->ctx, KITH_NETLINK_SETTLED);
}

static int open_notice(void)
{
	struct sockaddr_nl sa = {.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&sa, sizeof sa) < 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

struct kith_netlink *kith_netlink_new(
	struct kith_poller *p, const char *only, kith_on_netlink *f, void *ctx)
{
	struct kith_netlink *n = calloc(1, sizeof *n);

	if (!n)
		return NULL;
	(void)snprintf(n->only, sizeof n->only, "%s", only);
	n->f = f;
	n->ctx = ctx;
	n->notice = open_notice(); /* before the list is read, so that no change falls between */
	n->source = kith_poller_add(p, NULL, n->notice, notice_ready, n);
	n->settle = kith_poller_timer(p, settled, n);
	if (n->notice < 0 || !n->source || !n->settle || !read_nets(only, &n->nets)) {
		kith_netlink_free(n);
		return NULL;
	}
	/* Before Avahi hears of it: records that are taken back now are not said goodbye to on an
	 * interface that Avahi does not know yet. */
	kith_source_first(n->source);
	return n;
}

void kith_netlink_free(struct kith_netlink *n)
{
	if (!n)
		return;
	kith_source_remove(n->source);
	kith_timer_remove(n->settle);
	if (n->notice >= 0)
		(void)close(n->notice);
	free(n);
}

const struct kith_nets *kith_netlink_nets(const struct kith_netlink *n)
{
	return &n->nets;
}
