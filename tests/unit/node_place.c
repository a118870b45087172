/* SPDX-License-Identifier: MIT
 *
 * In which network this machine is, with a kernel that says what the test wants.
 */
#include "node/place.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cmocka.h>

/* --- the kernel ------------------------------------------------------------------------------- */

/* What it answers to a question: messages, a datagram each. */
struct answers {
	uint16_t question;
	struct nlmsghdr *at[256];
	size_t n;
};

static struct answers routes, neighbours, addresses;
static const struct answers *asked;
static size_t told;
static bool fails;
static unsigned unplugged; /* an interface */

ssize_t __wrap_send(int fd, const void *data, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *data, size_t n, int flags);
char *__wrap_if_indextoname(unsigned index, char *name);
unsigned __wrap_if_nametoindex(const char *name);
int __wrap_ioctl(int fd, unsigned long request, ...);

ssize_t __wrap_send(int fd, const void *data, size_t n, int flags)
{
	const struct nlmsghdr *h = data;

	(void)fd;
	(void)flags;
	assert_true(h->nlmsg_flags & NLM_F_DUMP);
	asked = h->nlmsg_type == RTM_GETROUTE   ? &routes
		: h->nlmsg_type == RTM_GETNEIGH ? &neighbours
						: &addresses;
	told = 0;
	return (ssize_t)n;
}

ssize_t __wrap_recv(int fd, void *data, size_t n, int flags)
{
	const struct nlmsghdr done = {.nlmsg_len = NLMSG_LENGTH(0), .nlmsg_type = NLMSG_DONE};
	const struct nlmsghdr *h = told < asked->n ? asked->at[told++] : &done;

	(void)fd;
	(void)flags;
	if (fails) {
		errno = EAGAIN;
		return -1;
	}
	assert_true(h->nlmsg_len <= n);
	memcpy(data, h, h->nlmsg_len);
	return (ssize_t)h->nlmsg_len;
}

char *__wrap_if_indextoname(unsigned index, char *name)
{
	(void)snprintf(name, IF_NAMESIZE, "eth%u", index);
	return name;
}

unsigned __wrap_if_nametoindex(const char *name)
{
	unsigned index;

	return sscanf(name, "eth%u", &index) == 1 ? index : 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;

	(void)fd;
	assert_int_equal(request, SIOCGIFFLAGS);
	va_start(ap, request);
	struct ifreq *q = va_arg(ap, struct ifreq *);
	va_end(ap);
	q->ifr_flags = (short)(IFF_UP |
			       (__wrap_if_nametoindex(q->ifr_name) == unplugged ? 0 : IFF_RUNNING));
	return 0;
}

static struct nlmsghdr *message(struct answers *to, uint16_t type, const void *head, size_t n)
{
	struct nlmsghdr *h = calloc(1, 512);

	assert_non_null(h);
	assert_true(to->n < sizeof to->at / sizeof to->at[0]);
	h->nlmsg_type = type;
	h->nlmsg_len = (uint32_t)NLMSG_SPACE(n);
	memcpy(NLMSG_DATA(h), head, n);
	to->at[to->n++] = h;
	return h;
}

static void attribute(struct nlmsghdr *h, unsigned short type, const void *data, size_t n)
{
	struct rtattr *a = (struct rtattr *)((char *)h + h->nlmsg_len);

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(n);
	memcpy(RTA_DATA(a), data, n);
	h->nlmsg_len += (uint32_t)RTA_SPACE(n);
}

static int family_of(const char *ip)
{
	return strchr(ip, ':') ? AF_INET6 : AF_INET;
}

static size_t ip_of(const char *text, uint8_t *out)
{
	assert_int_equal(inet_pton(family_of(text), text, out), 1);
	return family_of(text) == AF_INET ? 4 : 16;
}

static struct nlmsghdr *default_route(int family, unsigned flags)
{
	const struct rtmsg m = {.rtm_family = (unsigned char)family,
		.rtm_flags = flags,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_type = RTN_UNICAST};

	return message(&routes, RTM_NEWROUTE, &m, sizeof m);
}

static void route_with(int index, const char *ip, unsigned flags)
{
	uint8_t bytes[16];
	size_t n = ip_of(ip, bytes);
	struct nlmsghdr *h = default_route(family_of(ip), flags);

	attribute(h, RTA_GATEWAY, bytes, n);
	attribute(h, RTA_OIF, &index, sizeof index);
}

/* default via IP dev eth<index> */
static void route(int index, const char *ip)
{
	route_with(index, ip, 0);
}

static void neighbour(int index, const char *ip, uint8_t last, uint16_t state)
{
	const struct ndmsg m = {.ndm_family = (unsigned char)family_of(ip),
		.ndm_ifindex = index,
		.ndm_state = state};
	const uint8_t hardware[6] = {2, 0, 0, 0, 0, last};
	struct nlmsghdr *h = message(&neighbours, RTM_NEWNEIGH, &m, sizeof m);
	uint8_t bytes[16];
	size_t n = ip_of(ip, bytes);

	attribute(h, NDA_DST, bytes, n);
	attribute(h, NDA_LLADDR, hardware, sizeof hardware);
}

static void address(unsigned index, const char *ip, unsigned char prefix, unsigned char scope)
{
	const struct ifaddrmsg m = {.ifa_family = (unsigned char)family_of(ip),
		.ifa_prefixlen = prefix,
		.ifa_scope = scope,
		.ifa_index = index};
	struct nlmsghdr *h = message(&addresses, RTM_NEWADDR, &m, sizeof m);
	uint8_t bytes[16];

	attribute(h, IFA_ADDRESS, bytes, ip_of(ip, bytes));
}

static void forget(struct answers *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->at[i]);
	a->n = 0;
}

static int clear(void **state)
{
	(void)state;
	forget(&routes);
	forget(&neighbours);
	forget(&addresses);
	fails = false;
	unplugged = 0;
	return 0;
}

static struct kith_places read_places(void)
{
	struct kith_places p;

	memset(&p, 0xee, sizeof p);
	assert_int_equal(kith_places_read(NULL, &p), KITH_OK);
	return p;
}

static void only(const struct kith_places *p, const char *id, const char *name)
{
	assert_int_equal(p->n, 1);
	assert_false(p->more);
	assert_string_equal(p->at[0].id, id);
	assert_string_equal(p->at[0].name, name);
}

#define ROUTER "gateway 02:00:00:00:00:01"

/* --- by the router ---------------------------------------------------------------------------- */

static void a_router_is_its_hardware(void **state)
{
	(void)state;
	address(1, "192.0.2.7", 24, RT_SCOPE_UNIVERSE);
	route(1, "192.0.2.1");
	struct kith_places p = read_places();
	only(&p, "", "eth1 192.0.2.0/24"); /* not heard yet */
	neighbour(1, "192.0.2.1", 9, NUD_FAILED);
	neighbour(1, "192.0.2.1", 9, NUD_INCOMPLETE);
	neighbour(1, "192.0.2.1", 9, NUD_NOARP); /* a tunnel, which has none */
	neighbour(1, "192.0.2.2", 9, NUD_REACHABLE);
	neighbour(2, "192.0.2.1", 9, NUD_REACHABLE);
	p = read_places();
	only(&p, "", "eth1 192.0.2.0/24");
	neighbour(1, "192.0.2.1", 1, NUD_STALE);
	p = read_places();
	only(&p, ROUTER, "eth1 192.0.2.0/24");
}

/* IPv4 and IPv6, several routes, several addresses of the router, several interfaces. */
static void one_router_is_one_network(void **state)
{
	static const char *const ips[] = {
		"192.0.2.1", "192.0.2.1", "192.0.2.254", "fe80::1", "fe80::2", "2001:db8::1"};

	(void)state;
	address(1, "192.0.2.7", 24, RT_SCOPE_UNIVERSE);
	for (int eth = 1; eth <= 9; eth++)
		for (size_t i = 0; i < sizeof ips / sizeof ips[0]; i++) {
			route(eth, ips[i]);
			neighbour(eth, ips[i], 1, NUD_REACHABLE);
		}
	struct kith_places p = read_places();
	only(&p, ROUTER, "eth1 192.0.2.0/24");
}

/* Two ways in one route, a third one without a cable, and a gateway of the other family. */
static void every_hop_counts(void **state)
{
	struct {
		struct rtnexthop hop;
		struct rtattr a;
		uint8_t ip[4];
	} hops[3] = {0};
	struct {
		uint16_t family;
		uint8_t ip[16];
	} via = {.family = AF_INET6};
	int eth3 = 3;

	(void)state;
	hops[2].hop.rtnh_flags = RTNH_F_LINKDOWN;
	for (int i = 0; i < 3; i++) {
		hops[i].hop.rtnh_len = sizeof hops[i];
		hops[i].hop.rtnh_ifindex = i + 1;
		hops[i].a.rta_len = RTA_LENGTH(4);
		hops[i].a.rta_type = RTA_GATEWAY;
		(void)ip_of("192.0.2.1", hops[i].ip);
	}
	attribute(default_route(AF_INET, 0), RTA_MULTIPATH, hops, sizeof hops);
	(void)ip_of("fe80::1", via.ip);
	struct nlmsghdr *h = default_route(AF_INET, 0);
	attribute(h, RTA_VIA, &via, sizeof via);
	attribute(h, RTA_OIF, &eth3, sizeof eth3);
	neighbour(1, "192.0.2.1", 1, NUD_REACHABLE);
	neighbour(2, "192.0.2.1", 2, NUD_REACHABLE);
	neighbour(3, "fe80::1", 3, NUD_REACHABLE);
	struct kith_places p = read_places();
	assert_int_equal(p.n, 3);
	assert_string_equal(p.at[0].id, ROUTER);
	assert_string_equal(p.at[1].id, "gateway 02:00:00:00:00:02");
	assert_string_equal(p.at[2].id, "gateway 02:00:00:00:00:03");
}

/* A laptop with a dozen bridges for containers, and privacy addresses, is where its router is. */
static void addresses_do_not_make_it_unknown(void **state)
{
	char ip[40];

	(void)state;
	for (unsigned i = 0; i < 3 * KITH_PLACES_MAX; i++) {
		(void)snprintf(ip, sizeof ip, "172.17.%u.1", i);
		address(10 + i, ip, 24, RT_SCOPE_UNIVERSE);
	}
	address(1, "192.0.2.7", 24, RT_SCOPE_UNIVERSE);
	for (unsigned i = 0; i < 3 * KITH_PLACES_MAX; i++) {
		(void)snprintf(ip, sizeof ip, "2001:db8:%x::1", i);
		address(2, ip, 64, RT_SCOPE_UNIVERSE);
	}
	route(1, "192.0.2.1");
	route(2, "fe80::1");
	neighbour(1, "192.0.2.1", 1, NUD_REACHABLE);
	neighbour(2, "fe80::1", 1, NUD_REACHABLE);
	struct kith_places p = read_places();
	only(&p, ROUTER, "eth1 192.0.2.0/24");
}

/* Of another table, to somewhere, or to nowhere. */
static void no_default_route(void **state)
{
	const struct rtmsg none[] = {
		{.rtm_family = AF_INET, .rtm_table = 100, .rtm_type = RTN_UNICAST},
		{.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_BLACKHOLE},
		{.rtm_family = AF_MPLS, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST},
		{.rtm_family = AF_INET,
			.rtm_dst_len = 8,
			.rtm_table = RT_TABLE_MAIN,
			.rtm_type = RTN_UNICAST}};
	int eth1 = 1;
	uint8_t ip[16];
	size_t n = ip_of("192.0.2.1", ip);

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct nlmsghdr *h = message(&routes, RTM_NEWROUTE, &none[i], sizeof none[i]);
		attribute(h, RTA_GATEWAY, ip, n);
		attribute(h, RTA_OIF, &eth1, sizeof eth1);
	}
	/* over a line with two ends, without a gateway */
	attribute(default_route(AF_INET, 0), RTA_OIF, &eth1, sizeof eth1);
	neighbour(1, "192.0.2.1", 1, NUD_REACHABLE);
	address(1, "192.0.2.7", 24, RT_SCOPE_UNIVERSE);
	struct kith_places p = read_places();
	only(&p, "subnet eth1 192.0.2.0/24", "eth1 192.0.2.0/24");
}

/* A cable that was pulled leaves route and address behind. */
static void what_does_not_run_is_no_network(void **state)
{
	(void)state;
	unplugged = 2;
	address(2, "10.7.0.1", 24, RT_SCOPE_UNIVERSE);
	route_with(2, "10.7.0.254", RTNH_F_LINKDOWN);
	route_with(2, "fe80::1", RTNH_F_DEAD);
	struct kith_places p = read_places();
	assert_int_equal(p.n, 0);
	address(1, "192.0.2.7", 24, RT_SCOPE_UNIVERSE);
	p = read_places();
	only(&p, "subnet eth1 192.0.2.0/24", "eth1 192.0.2.0/24");
	route_with(1, "192.0.2.1", RTNH_F_ONLINK);
	neighbour(1, "192.0.2.1", 1, NUD_REACHABLE);
	p = read_places();
	only(&p, ROUTER, "eth1 192.0.2.0/24");
}

/* --- by the subnet ---------------------------------------------------------------------------- */

static void many_addresses_are_one_subnet(void **state)
{
	char ip[40];

	(void)state;
	for (int i = 1; i <= 4 * KITH_PLACES_MAX; i++) {
		(void)snprintf(ip, sizeof ip, "192.0.2.%d", i);
		address(1, ip, 25, RT_SCOPE_UNIVERSE);
		(void)snprintf(ip, sizeof ip, "2001:db8::%x", i);
		address(1, ip, 64, RT_SCOPE_UNIVERSE);
	}
	address(1, "127.0.0.1", 8, RT_SCOPE_HOST);
	address(1, "fe80::1", 64, RT_SCOPE_LINK);
	address(1, "169.254.7.7", 16, RT_SCOPE_LINK);
	struct kith_places p = read_places();
	assert_int_equal(p.n, 3);
	assert_false(p.more);
	assert_string_equal(p.at[0].id, "subnet eth1 192.0.2.0/25");
	assert_string_equal(p.at[1].id, "subnet eth1 2001:db8::/64");
	assert_string_equal(p.at[2].id, "subnet eth1 169.254.0.0/16");
}

static void the_whole_network_part_counts(void **state)
{
	static const struct {
		unsigned char prefix;
		const char *id;
	} cuts[] = {{32, "subnet eth1 10.255.255.255/32"}, {31, "subnet eth1 10.255.255.254/31"},
		{23, "subnet eth1 10.255.254.0/23"}, {8, "subnet eth1 10.0.0.0/8"},
		{1, "subnet eth1 0.0.0.0/1"}, {0, "subnet eth1 0.0.0.0/0"}};

	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		(void)clear(state);
		address(1, "10.255.255.255", cuts[i].prefix, RT_SCOPE_UNIVERSE);
		struct kith_places p = read_places();
		assert_string_equal(p.at[0].id, cuts[i].id);
	}
}

/* --- limits ----------------------------------------------------------------------------------- */

/* PLACES_MAX subnets are looked up; one more, and it is an unknown network. */
static void so_many_subnets(void **state)
{
	char ip[40];

	(void)state;
	for (int i = 0; i < KITH_PLACES_MAX; i++) {
		(void)snprintf(ip, sizeof ip, "10.7.%d.1", i);
		address(1, ip, 24, RT_SCOPE_UNIVERSE);
	}
	struct kith_places p = read_places();
	assert_int_equal(p.n, KITH_PLACES_MAX);
	assert_false(p.more);
	address(1, "10.8.0.1", 24, RT_SCOPE_UNIVERSE);
	p = read_places();
	assert_int_equal(p.n, KITH_PLACES_MAX);
	assert_true(p.more);
}

static void so_many_routers(void **state)
{
	(void)state;
	for (int eth = 1; eth <= KITH_PLACES_MAX; eth++) {
		route(eth, "192.0.2.1");
		neighbour(eth, "192.0.2.1", (uint8_t)eth, NUD_REACHABLE);
	}
	struct kith_places p = read_places();
	assert_int_equal(p.n, KITH_PLACES_MAX);
	assert_false(p.more);
	route(KITH_PLACES_MAX + 1, "192.0.2.1");
	neighbour(KITH_PLACES_MAX + 1, "192.0.2.1", KITH_PLACES_MAX + 1, NUD_REACHABLE);
	p = read_places();
	assert_int_equal(p.n, KITH_PLACES_MAX);
	assert_true(p.more);
}

/* GATEWAYS_MAX addresses of one router are one network; of one more nobody knows whose it is. */
static void so_many_gateways(void **state)
{
	char ip[40];

	(void)state;
	for (int i = 1; i <= KITH_GATEWAYS_MAX; i++) {
		(void)snprintf(ip, sizeof ip, "fe80::%x", i);
		route(1, ip);
		neighbour(1, ip, 1, NUD_REACHABLE);
	}
	struct kith_places p = read_places();
	only(&p, ROUTER, "eth1");
	route(1, "fe80::1"); /* known already */
	p = read_places();
	only(&p, ROUTER, "eth1");
	(void)snprintf(ip, sizeof ip, "fe80::%x", KITH_GATEWAYS_MAX + 1);
	route(1, ip);
	neighbour(1, ip, 1, NUD_REACHABLE);
	p = read_places();
	assert_int_equal(p.n, 1);
	assert_true(p.more);
}

/* --- one interface alone, and none ------------------------------------------------------------ */

static void one_interface_alone(void **state)
{
	struct kith_places p;

	(void)state;
	address(1, "192.0.2.7", 24, RT_SCOPE_UNIVERSE);
	address(2, "10.7.0.1", 24, RT_SCOPE_UNIVERSE);
	route(1, "192.0.2.1");
	neighbour(1, "192.0.2.1", 1, NUD_REACHABLE);
	assert_int_equal(kith_places_read("eth2", &p), KITH_OK);
	only(&p, "subnet eth2 10.7.0.0/24", "eth2 10.7.0.0/24");
	assert_int_equal(kith_places_read("eth1", &p), KITH_OK);
	only(&p, ROUTER, "eth1 192.0.2.0/24");
	assert_int_equal(kith_places_read("", &p), KITH_OK);
	only(&p, ROUTER, "eth1 192.0.2.0/24");
	/* one that is not there is no network, and not all of them */
	assert_int_equal(kith_places_read("wlan0", &p), KITH_OK);
	assert_int_equal(p.n, 0);
	assert_false(p.more);
}

static void a_kernel_that_does_not_answer(void **state)
{
	struct kith_places p = {.n = 7};

	(void)state;
	fails = true;
	assert_int_equal(kith_places_read(NULL, &p), KITH_ERR_IO);
	assert_int_equal(p.n, 7);
}

static void no_network(void **state)
{
	(void)state;
	struct kith_places p = read_places();
	assert_int_equal(p.n, 0);
	assert_false(p.more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_router_is_its_hardware, clear),
		cmocka_unit_test_teardown(one_router_is_one_network, clear),
		cmocka_unit_test_teardown(every_hop_counts, clear),
		cmocka_unit_test_teardown(addresses_do_not_make_it_unknown, clear),
		cmocka_unit_test_teardown(no_default_route, clear),
		cmocka_unit_test_teardown(what_does_not_run_is_no_network, clear),
		cmocka_unit_test_teardown(many_addresses_are_one_subnet, clear),
		cmocka_unit_test_teardown(the_whole_network_part_counts, clear),
		cmocka_unit_test_teardown(so_many_subnets, clear),
		cmocka_unit_test_teardown(so_many_routers, clear),
		cmocka_unit_test_teardown(so_many_gateways, clear),
		cmocka_unit_test_teardown(one_interface_alone, clear),
		cmocka_unit_test_teardown(a_kernel_that_does_not_answer, clear),
		cmocka_unit_test_teardown(no_network, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
