/* SPDX-License-Identifier: MIT */
#include "courier/oneshot.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"

#define MDNS_PORT      5353
#define TTL            255 /* RFC 6762 section 11 */
#define REPLIES_A_TURN 64  /* so that other sockets get their turn too */

#define DOUBT_AFTER  4 /* queries: so that what is not renewed has missed two */
#define DOUBT_MS     3000
#define LOOK_MS      2000 /* between two looks at who is suspected */
#define LOOKS        5    /* from one query to the next, once the first are through */
#define LOOKS_BEHIND 2    /* the same while the browse finds nobody new */

/* ms between the queries, and from the last to the end of what nobody answered for */
static const uint64_t pauses[] = {100, 300, 600, 1500, 1500};
#define ROUNDS (sizeof pauses / sizeof pauses[0])

/* A query that is out: its number tells on which interface an answer came in. */
struct asked {
	uint16_t id;
	int index;
	bool v6;
};

struct kith_oneshot {
	struct kith_poller *poller;
	const struct kith_nets *nets;
	struct kith_sightings *sightings;
	struct kith_timer *timer;
	size_t round;   /* turns so far */
	uint64_t began; /* ms, the first of them */
	uint64_t lost;  /* packets, when they began */
	int fd[2];      /* IPv4, IPv6; -1 when there is none */
	struct kith_source *source[2];
	struct asked asked[KITH_INTERFACES_MAX * 2];
	size_t asked_n;
	uint8_t in[KITH_REPLY_MAX];
};

static const struct asked *asked_of(const struct kith_oneshot *o, uint16_t id, bool v6)
{
	for (size_t i = 0; i < o->asked_n; i++)
		if (o->asked[i].id == id && o->asked[i].v6 == v6)
			return &o->asked[i];
	return NULL;
}

static bool names(const struct kith_described *d, const struct kith_ip *ip)
{
	for (size_t i = 0; i < d->ips_n; i++)
		if (kith_ip_eq(&d->ips[i], ip))
			return true;
	return false;
}

static void take(
	struct kith_oneshot *o, struct kith_span packet, bool v6, const struct kith_ip *from)
{
	struct kith_reply reply;

	if (kith_reply_read(packet, &reply))
		return;
	const struct asked *asked = asked_of(o, reply.id, v6);
	for (size_t i = 0; asked && i < reply.n; i++) {
		const struct kith_described *d = &reply.at[i];
		struct kith_candidate c = {.heard = KITH_HEARD_ONESHOT,
			.index = asked->index,
			.v6 = v6,
			.first_hand = names(d, from),
			.port = d->port,
			.ips_n = d->ips_n};
		if (kith_txt_read(d->txt, &c.txt))
			continue;
		memcpy(c.instance, d->instance, sizeof c.instance);
		memcpy(c.ips, d->ips, sizeof c.ips);
		kith_sightings_put(o->sightings, &c, kith_poller_now());
	}
}

static void receive(struct kith_oneshot *o, bool v6)
{
	for (int i = 0; i < REPLIES_A_TURN; i++) {
		struct sockaddr_in6 from = {0};
		socklen_t from_n = sizeof from;
		struct kith_ip ip;
		int scope;
		ssize_t n = recvfrom(o->fd[v6], o->in, sizeof o->in, MSG_DONTWAIT | MSG_TRUNC,
			(struct sockaddr *)&from, &from_n);
		if (n < 0)
			return; /* nothing more, or an ICMP error of an earlier query */
		/* the port of IPv4 lies in the same place */
		if (n <= KITH_REPLY_MAX && from.sin6_port == htons(MDNS_PORT) &&
			kith_ip_from((struct sockaddr *)&from, &ip, &scope))
			take(o, kith_span(o->in, (size_t)n), v6, &ip);
	}
}

static void ready_v4(void *ctx)
{
	receive(ctx, false);
}

static void ready_v6(void *ctx)
{
	receive(ctx, true);
}

/* An ephemeral port for each protocol, opened at the first look and kept. */
static void open_socket(struct kith_oneshot *o, bool v6)
{
	int ttl = TTL, on = 1;
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return; /* a machine without that protocol */
	if (v6) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &ttl, sizeof ttl);
	} else {
		(void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
	}
	o->source[v6] = kith_poller_add(o->poller, NULL, fd, v6 ? ready_v6 : ready_v4, o);
	if (!o->source[v6]) {
		(void)close(fd);
		return;
	}
	o->fd[v6] = fd;
}

/* The interface's own address too: on the loopback the source would be 0.0.0.0 without it. */
static bool aim_v4(int fd, int index, const struct kith_ip *from)
{
	struct ip_mreqn m = {.imr_ifindex = index};

	memcpy(&m.imr_address, from->bytes, 4);
	return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof m) == 0;
}

static void send_v4(int fd, int index, const struct kith_ip *from, struct kith_span query)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(MDNS_PORT)};

	to.sin_addr.s_addr = htonl(0xe00000fb); /* 224.0.0.251 */
	if (aim_v4(fd, index, from))
		(void)sendto(fd, query.p, query.n, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to);
}

static void send_v6(int fd, int index, struct kith_span query)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6,
		.sin6_port = htons(MDNS_PORT),
		.sin6_scope_id = (uint32_t)index};

	(void)inet_pton(AF_INET6, "ff02::fb", &to.sin6_addr);
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) == 0)
		(void)sendto(fd, query.p, query.n, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to);
}

/* An own address of that kind on the interface, or NULL. */
static const struct kith_ip *own_ip(const struct kith_nets *nets, int index, bool v6)
{
	for (size_t i = 0; i < nets->addresses_n; i++)
		if (nets->addresses[i].index == index && nets->addresses[i].ip.v6 == v6)
			return &nets->addresses[i].ip;
	return NULL;
}

static uint16_t id_for(struct kith_oneshot *o, int index, bool v6)
{
	uint16_t id;

	for (size_t i = 0; i < o->asked_n; i++)
		if (o->asked[i].index == index && o->asked[i].v6 == v6)
			return o->asked[i].id;
	do
		kith_env_default()->random(NULL, (uint8_t *)&id, sizeof id);
	while (asked_of(o, id, v6));
	if (o->asked_n == sizeof o->asked / sizeof o->asked[0])
		o->asked_n = 0; /* interfaces came and went many times: old answers do not count */
	o->asked[o->asked_n++] = (struct asked){id, index, v6};
	return id;
}

static void ask(struct kith_oneshot *o, int index, bool v6)
{
	KITH_AUTO_BUF struct kith_buf query = {0};
	const struct kith_ip *from = own_ip(o->nets, index, v6);

	if (!from || o->fd[v6] < 0 || kith_dns_query(id_for(o, index, v6), &query))
		return;
	if (v6)
		send_v6(o->fd[v6], index, kith_buf_span(&query));
	else
		send_v4(o->fd[v6], index, from, kith_buf_span(&query));
}

static void ask_all(struct kith_oneshot *o)
{
	for (int v6 = 0; v6 < 2; v6++) {
		if (o->fd[v6] < 0)
			open_socket(o, v6);
		for (size_t i = 0; i < o->nets->n; i++)
			ask(o, o->nets->at[i].index, v6);
	}
}

/* Packets that came for the sockets and found no room. */
static uint64_t lost(const struct kith_oneshot *o)
{
	uint64_t n = 0;

	for (int v6 = 0; v6 < 2; v6++) {
		uint32_t info[SK_MEMINFO_VARS] = {0};
		socklen_t size = sizeof info;
		if (o->fd[v6] >= 0 &&
			getsockopt(o->fd[v6], SOL_SOCKET, SO_MEMINFO, info, &size) == 0)
			n += info[SK_MEMINFO_DROPS];
	}
	return n;
}

/* The end of a series: what was asked and did not answer goes.  Here, since whoever else expires
 * rows does not know that some are in doubt. */
static void judge(struct kith_oneshot *o, uint64_t now)
{
	/* Who floods the sockets must not make an honest answer look like silence. */
	if (lost(o) == o->lost)
		kith_sightings_silent(o->sightings, o->began);
	(void)kith_sightings_expire(o->sightings, now);
}

/* Once the first queries are through: is it time for one more? */
static bool is_due(const struct kith_oneshot *o)
{
	if (kith_sightings_is_behind(o->sightings))
		return o->round % LOOKS_BEHIND == 0;
	return o->round % LOOKS == 0 && kith_sightings_unsure(o->sightings);
}

static void fire(void *ctx)
{
	struct kith_oneshot *o = ctx;
	uint64_t now = kith_poller_now();

	if (o->round == ROUNDS)
		judge(o, now);
	if (o->round >= ROUNDS && kith_sightings_suspects(o->sightings))
		o->round = 0;
	if (o->round == 0) {
		o->began = now;
		o->lost = lost(o);
	}
	if (o->round < ROUNDS || is_due(o))
		ask_all(o);
	kith_timer_in(o->timer, o->round < ROUNDS ? pauses[o->round] : LOOK_MS);
	if (++o->round == DOUBT_AFTER)
		kith_sightings_doubt(o->sightings, now + DOUBT_MS);
}

struct kith_oneshot *kith_oneshot_new(
	struct kith_poller *p, const struct kith_nets *nets, struct kith_sightings *sightings)
{
	struct kith_oneshot *o = calloc(1, sizeof *o);

	if (!o)
		return NULL;
	o->poller = p;
	o->nets = nets;
	o->sightings = sightings;
	o->fd[0] = o->fd[1] = -1;
	o->timer = kith_poller_timer(p, fire, o);
	if (!o->timer) {
		free(o);
		return NULL;
	}
	return o;
}

void kith_oneshot_free(struct kith_oneshot *o)
{
	if (!o)
		return;
	for (int v6 = 0; v6 < 2; v6++) {
		kith_source_remove(o->source[v6]);
		if (o->fd[v6] >= 0)
			(void)close(o->fd[v6]);
	}
	kith_timer_remove(o->timer);
	free(o);
}

void kith_oneshot_start(struct kith_oneshot *o)
{
	o->round = 0;
	fire(o);
}

void kith_oneshot_stop(struct kith_oneshot *o)
{
	kith_timer_off(o->timer);
}
