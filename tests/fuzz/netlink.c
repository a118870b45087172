/* SPDX-License-Identifier: MIT
 *
 * netlink - what the kernel says about interfaces and addresses, with every length and number out of
 * the input: the list stays in its bounds, and nothing is read behind a message.
 *
 * socket, bind, send and recv are wrapped by the linker (fuzz.cmake); the poller is the one below.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "courier/netlink.h"
#include "fuzz/fuzz.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHES_MEMORY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHES_MEMORY
#endif
#endif

#ifdef WATCHES_MEMORY
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

static struct fuzz_in in;
static kith_ready *notice;
static void *notice_ctx;
static int lists; /* asked for and not yet ended */

/* --- the poller ------------------------------------------------------------------------------- */

static int one;

struct kith_source *kith_poller_add(
	struct kith_poller *p, void *socket, int fd, kith_ready *ready, void *ctx)
{
	(void)p;
	(void)socket;
	(void)fd;
	notice = ready;
	notice_ctx = ctx;
	return (struct kith_source *)&one;
}

void kith_source_first(struct kith_source *s)
{
	(void)s;
}

void kith_source_remove(struct kith_source *s)
{
	(void)s;
}

struct kith_timer *kith_poller_timer(struct kith_poller *p, kith_ready *fire, void *ctx)
{
	(void)p;
	(void)fire;
	(void)ctx;
	return (struct kith_timer *)&one;
}

void kith_timer_in(struct kith_timer *t, uint64_t ms)
{
	(void)t;
	(void)ms;
}

void kith_timer_remove(struct kith_timer *t)
{
	(void)t;
}

/* --- the kernel ------------------------------------------------------------------------------- */

int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *sa, socklen_t n);
ssize_t __wrap_send(int fd, const void *p, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *p, size_t n, int flags);

int __wrap_socket(int domain, int type, int protocol)
{
	(void)protocol;
	must(domain == AF_NETLINK && (type & SOCK_CLOEXEC));
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int __wrap_bind(int fd, const struct sockaddr *sa, socklen_t n)
{
	(void)fd;
	(void)sa;
	(void)n;
	return 0;
}

ssize_t __wrap_send(int fd, const void *p, size_t n, int flags)
{
	(void)fd;
	(void)flags;
	must(n >= sizeof(struct nlmsghdr) && ((const struct nlmsghdr *)p)->nlmsg_len == n);
	lists++;
	return (ssize_t)n;
}

/* A chunk while it is made; what does not fit is left out. */
struct chunk {
	uint8_t *p;
	size_t n, max;
};

static void add(struct chunk *c, const void *p, size_t n)
{
	if (c->n + n > c->max)
		n = c->max - c->n;
	if (n)
		memcpy(c->p + c->n, p, n);
	c->n += n;
	while (c->n % 4 && c->n < c->max)
		c->p[c->n++] = 0;
}

/* One in eight lies about its length. */
static void add_attribute(struct chunk *c, uint8_t how)
{
	uint8_t kind = fuzz_byte(&in);
	struct kith_span data =
		fuzz_take(&in, kind >> 4 == 15 ? fuzz_byte(&in) : (size_t)kind >> 4);
	struct rtattr a = {.rta_type = kind & 15, .rta_len = (uint16_t)RTA_LENGTH(data.n)};

	if (how >= 0xe0)
		a.rta_len = (uint16_t)fuzz_number(&in, 2);
	add(c, &a, sizeof a);
	add(c, data.p, data.n);
}

static void add_message(struct chunk *c, uint8_t how)
{
	size_t at = c->n;
	bool link = (how & 1) != 0;
	struct nlmsghdr h = {.nlmsg_type = link ? RTM_NEWLINK : RTM_NEWADDR};
	struct ifinfomsg info = {.ifi_flags = IFF_UP | IFF_RUNNING | IFF_MULTICAST};
	struct ifaddrmsg address = {.ifa_family = how & 4 ? AF_INET6 : AF_INET};

	address.ifa_index = fuzz_byte(&in);
	info.ifi_index = (int)address.ifa_index;
	if (link && !(how & 2))
		info.ifi_flags = (unsigned)fuzz_number(&in, 3);
	if (!link)
		address.ifa_prefixlen = fuzz_byte(&in);
	if (!link && (how & 8))
		address.ifa_flags = fuzz_byte(&in);
	add(c, &h, sizeof h);
	if (link)
		add(c, &info, sizeof info);
	else
		add(c, &address, sizeof address);
	for (size_t n = how >> 4 & 7; n > 0; n--)
		add_attribute(c, fuzz_byte(&in));
	h.nlmsg_len = (uint32_t)(c->n - at);
	if (how == 0xff)
		h.nlmsg_len = (uint32_t)fuzz_number(&in, 4);
	if (c->n - at >= sizeof h)
		memcpy(c->p + at, &h, sizeof h);
}

/* Several messages, or any bytes; the end of the list when the input has ended. */
ssize_t __wrap_recv(int fd, void *p, size_t n, int flags)
{
	struct chunk c = {.p = p, .max = n};
	uint8_t how = fuzz_byte(&in);

	(void)fd;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	if (flags & MSG_DONTWAIT) {
		errno = how == 1 ? ENOBUFS : EAGAIN;
		return how >= 2 && how < 8 && in.n > 0 ? how : -1;
	}
	if (how == 0 || in.n == 0 || lists == 0) {
		add(&c, &(struct nlmsghdr){.nlmsg_len = 16, .nlmsg_type = NLMSG_DONE}, 16);
		lists--;
	} else if (how == 0xff) {
		struct kith_span raw = fuzz_string(&in);
		add(&c, raw.p, raw.n);
	} else {
		for (size_t k = how % 32; k > 0; k--)
			add_message(&c, fuzz_byte(&in));
	}
	ASAN_POISON_MEMORY_REGION(c.p + c.n, n - c.n);
	return (ssize_t)c.n;
}

/* --- what must hold --------------------------------------------------------------------------- */

static void is_machine(const struct kith_nets *nets)
{
	char text[KITH_ENDPOINT_BYTES], network[KITH_NETWORK_BYTES];

	must(nets->n <= KITH_INTERFACES_MAX && nets->addresses_n <= KITH_NETS_ADDRESSES);
	for (size_t i = 0; i < nets->n; i++)
		must(memchr(nets->at[i].name, 0, sizeof nets->at[i].name));
	for (size_t i = 0; i < nets->addresses_n; i++) {
		const struct kith_net_address *a = &nets->addresses[i];
		must(kith_nets_find(nets, a->index) && a->prefix <= (a->ip.v6 ? 128u : 32u));
		must(kith_nets_holding(nets, &a->ip, a->index));
		kith_ip_write(text, &a->ip, a->index, nets);
		kith_network_write(network, &a->ip, a->index, nets);
		must(memchr(text, 0, sizeof text) && memchr(network, 0, sizeof network));
	}
}

static unsigned told;

static void on_change(void *ctx, enum kith_netlink_event event)
{
	(void)ctx;
	must(event == KITH_NETLINK_CHANGED);
	told++;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	in = (struct fuzz_in){p, n};
	told = 0;
	lists = 0;
	bool named = fuzz_byte(&in) & 1;
	struct kith_netlink *netlink = kith_netlink_new(NULL, named ? "eth0" : "", on_change, NULL);
	if (!netlink)
		return 0; /* the list was cut off */
	is_machine(kith_netlink_nets(netlink));
	for (unsigned i = 0; in.n > 0 && i < 16; i++) {
		lists = 0;
		notice(notice_ctx);
		is_machine(kith_netlink_nets(netlink));
	}
	must(told <= 16);
	for (size_t i = 0; named && i < kith_netlink_nets(netlink)->n; i++)
		must(strcmp(kith_netlink_nets(netlink)->at[i].name, "eth0") == 0);
	kith_netlink_free(netlink);
	return 0;
}
