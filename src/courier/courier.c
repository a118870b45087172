/* SPDX-License-Identifier: MIT */
#include "courier/courier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "courier/cage.h"
#include "courier/dial.h"
#include "courier/finder.h"
#include "courier/listener.h"
#include "courier/netlink.h"
#include "courier/oneshot.h"
#include "courier/reach.h"
#include "courier/zap.h"

#define VERSION        1
#define LISTENERS_MAX  8    /* bound at once: the present one, and older ones with connections */
#define CLASH_MS       2000 /* before records that somebody else claimed are published again */
#define UNANNOUNCED_MS 1000 /* how long the node has for a new announcement in a new network */

enum way { WAY_NONE, WAY_EMBEDDED, WAY_DAEMON };

struct kith_courier {
	struct kith_poller *poller;
	struct kith_nodelink *node;
	bool started;
	char only[IF_NAMESIZE]; /* the one interface to use, empty: all */
	bool wary;              /* Avahi's browse is not to be had: what it is sent may end us */
	struct kith_netlink *netlink;
	struct kith_zap *zap;
	struct kith_lines lines;

	struct kith_mdns *mdns; /* NULL: none could be had */
	enum way way;
	int browsed; /* interface that the finder looks on, -1 for all, 0 for none */
	struct kith_finder *finder;
	struct kith_oneshot *oneshot;
	struct kith_sightings *sightings;
	struct kith_timer *expire;
	bool looking;
	bool moving; /* the network changed and has not settled */

	bool announced; /* the next three are set */
	bool publish;
	struct kith_pair pair;
	struct kith_announcement announcement;
	struct kith_timer *republish;
	bool refused;             /* the daemon does not publish, and there is no other way */
	struct kith_invite reach; /* my addresses, as the node knows them */
	struct kith_listener *listeners[LISTENERS_MAX]; /* the newest first; NULL: none */
};

static void fail(struct kith_courier *c)
{
	kith_poller_stop(c->poller, EXIT_FAILURE);
}

static const struct kith_nets *nets_of(const struct kith_courier *c)
{
	return kith_netlink_nets(c->netlink);
}

/* How many reach anybody: the loopback only when it was asked for. */
static uint64_t interfaces_of(const struct kith_courier *c)
{
	const struct kith_nets *nets = nets_of(c);
	uint64_t n = 0;

	for (size_t i = 0; i < nets->n; i++)
		n += c->only[0] || !nets->at[i].loopback;
	return n;
}

static void say_network(struct kith_courier *c)
{
	kith_nodelink_send(c->node, &kith_courier_network_schema,
		&(struct kith_courier_network){.interfaces = interfaces_of(c)});
}

/* Where others can reach me, when it is not what the node was told last.  In a new network it stands
 * behind NETWORK, by which the node's keys change: an invitation under the old ones and with the new
 * addresses would lead nobody anywhere. */
static void say_addresses(struct kith_courier *c)
{
	KITH_AUTO_BUF struct kith_buf list = {0};
	struct kith_invite reach = {.n = 0};

	kith_reach(nets_of(c), c->only[0] != 0, &reach);
	if ((reach.n == c->reach.n && memcmp(reach.at, c->reach.at, sizeof reach.at) == 0) ||
		kith_invite_addresses_write(&reach, &list))
		return;
	c->reach = reach;
	kith_nodelink_send(c->node, &kith_courier_addresses_schema,
		&(struct kith_courier_addresses){.addresses = kith_buf_span(&list)});
}

/* --- finding --- */

static void say_sighting(struct kith_courier *c, const struct kith_sighting *s)
{
	struct kith_courier_seen seen = {
		.key = kith_span(s->key, sizeof s->key),
		.label = kith_span_str(s->label),
		.network = kith_span_str(s->network),
	};

	if (s->gone) {
		kith_nodelink_send(c->node, &kith_courier_gone_schema,
			&(struct kith_courier_gone){.key = seen.key});
		return;
	}
	for (size_t i = 0; i < s->endpoints_n; i++)
		seen.endpoints.at[seen.endpoints.n++] = kith_span_str(s->endpoints[i]);
	kith_nodelink_send(c->node, &kith_courier_seen_schema, &seen);
}

static void say_sightings(struct kith_courier *c)
{
	struct kith_sighting s;

	while (kith_nodelink_room(c->node) && kith_sightings_next(c->sightings, &s))
		say_sighting(c, &s);
}

/* Drops what is too old and sets the clock for the next. */
static void expire(void *ctx)
{
	struct kith_courier *c = ctx;
	uint64_t now = kith_poller_now();
	uint64_t next = kith_sightings_expire(c->sightings, now);

	if (next != UINT64_MAX)
		kith_timer_in(c->expire, next - now);
}

/* -1: all; 0: none, the chosen one is not there. */
static int interface_to_use(const struct kith_courier *c)
{
	const struct kith_nets *nets = nets_of(c);

	if (!c->only[0])
		return -1;
	return nets->n > 0 ? nets->at[0].index : 0;
}

static void browse(struct kith_courier *c)
{
	int index = interface_to_use(c);

	if (c->finder && index == c->browsed)
		return;
	kith_finder_free(c->finder);
	c->finder = NULL;
	c->browsed = index;
	if (c->mdns && index != 0 && !c->wary)
		c->finder = kith_finder_new(c->poller, c->mdns, index, c->sightings);
}

static void stop_mdns(struct kith_courier *c)
{
	kith_finder_free(c->finder);
	c->finder = NULL;
	kith_mdns_free(c->mdns);
	c->mdns = NULL;
	c->way = WAY_NONE;
	if (c->sightings)
		kith_sightings_unwatched(c->sightings, kith_poller_now());
}

/* --- being found --- */

static void publish(struct kith_courier *c)
{
	struct kith_records *records;
	enum kith_err err = KITH_ERR_NOMEM;
	int index = interface_to_use(c);

	if (!c->announced || !c->publish || !c->mdns || c->refused || index == 0)
		return;
	records = calloc(1, sizeof *records);
	if (records && !(err = kith_records_make(&c->announcement, index, nets_of(c), records))) {
		err = kith_mdns_publish(c->mdns, records);
		kith_records_free(records);
	}
	free(records);
	if (err && err != KITH_ERR_PERMISSION) /* that one is told as KITH_MDNS_REFUSED */
		kith_nodelink_trouble(
			c->node, "Others cannot find you: the records could not be published.");
}

static void republish(void *ctx)
{
	publish(ctx);
}

static void on_mdns(void *ctx, enum kith_mdns_event event, const char *text);

static bool use_embedded(struct kith_courier *c, const char **ret_text)
{
	struct kith_mdns *m = kith_mdns_embedded(c->poller, c->only, on_mdns, c, ret_text);

	if (!m)
		return false;
	stop_mdns(c);
	c->mdns = m;
	c->way = WAY_EMBEDDED;
	browse(c);
	return true;
}

static void on_mdns(void *ctx, enum kith_mdns_event event, const char *text)
{
	struct kith_courier *c = ctx;
	const char *why = "";

	switch (event) {
	case KITH_MDNS_LOST:
		stop_mdns(c);
		if (use_embedded(c, &why)) {
			kith_nodelink_trouble(
				c->node, "%s; kith looks for people by itself.", text);
			publish(c);
		} else {
			kith_nodelink_trouble(
				c->node, "People nearby are not found at the moment: %s.", text);
		}
		break;
	case KITH_MDNS_CLASH:
		kith_nodelink_trouble(c->node, "Others may not find you: %s.", text);
		kith_timer_in(c->republish, CLASH_MS);
		break;
	case KITH_MDNS_REFUSED:
		if (use_embedded(c, &why)) {
			kith_nodelink_trouble(c->node, "%s; kith publishes by itself.", text);
			publish(c);
		} else {
			c->refused = true;
			kith_nodelink_trouble(c->node, "Others cannot find you: %s.", text);
		}
		break;
	}
}

static void on_netlink(void *ctx, enum kith_netlink_event event)
{
	struct kith_courier *c = ctx;
	const char *why = "";

	kith_sightings_nets(c->sightings);
	if (event == KITH_NETLINK_ADDRESSES && !c->moving)
		say_addresses(c);
	if (event == KITH_NETLINK_ADDRESSES)
		return;
	c->moving = event == KITH_NETLINK_CHANGED;
	if (c->moving) {
		/* Not one packet under the old names in a new network. */
		if (c->mdns)
			kith_mdns_withdraw(c->mdns);
		kith_timer_off(c->republish);
		return;
	}
	if (c->way == WAY_NONE)
		(void)use_embedded(c, &why);
	browse(c);
	say_network(c);
	say_addresses(c);
	kith_timer_in(c->republish, UNANNOUNCED_MS);
	if (c->looking)
		kith_oneshot_start(c->oneshot);
}

static bool is_own(void *ctx, const uint8_t key[KITH_CURVE_BYTES])
{
	struct kith_courier *c = ctx;

	return kith_sightings_is_own(c->sightings, key);
}

/* Makes room for one more listener at the front; the oldest has to go when there are too many. */
static void shift_listeners(struct kith_courier *c)
{
	kith_listener_free(c->listeners[LISTENERS_MAX - 1]);
	memmove(&c->listeners[1], &c->listeners[0],
		(LISTENERS_MAX - 1) * sizeof(struct kith_listener *));
	c->listeners[0] = NULL;
}

/* Retired listeners go with their last connection. */
static void close_idle_listeners(struct kith_courier *c)
{
	size_t kept = 1;

	for (size_t i = 1; i < LISTENERS_MAX; i++) {
		struct kith_listener *l = c->listeners[i];
		c->listeners[i] = NULL;
		if (l && kith_listener_busy(l))
			c->listeners[kept++] = l;
		else
			kith_listener_free(l);
	}
}

/* --- orders --- */

static bool start_transport(struct kith_courier *c)
{
	c->lines.poller = c->poller;
	c->lines.node = c->node;
	c->lines.nets = nets_of(c);
	c->lines.one_interface = c->only[0] != 0;
	c->lines.zmq = zmq_ctx_new();
	if (!c->lines.zmq || !kith_lines_init(&c->lines))
		return false;
	c->zap = kith_zap_new(&c->lines);
	return c->zap != NULL;
}

static bool start_finding(struct kith_courier *c)
{
	c->sightings = kith_sightings_new(nets_of(c));
	c->expire = kith_poller_timer(c->poller, expire, c);
	c->republish = kith_poller_timer(c->poller, republish, c);
	if (!c->sightings || !c->expire || !c->republish)
		return false;
	kith_sightings_behind(c->sightings, c->wary);
	c->oneshot = kith_oneshot_new(c->poller, nets_of(c), c->sightings);
	return c->oneshot != NULL;
}

/* Everything that takes a file or a Unix socket. */
static void open_mdns(struct kith_courier *c)
{
	kith_mdns_load(); /* beside the daemon too, which may turn out not to publish */
	c->mdns = kith_mdns_daemon(c->poller, on_mdns, c);
	c->way = c->mdns ? WAY_DAEMON : WAY_NONE;
}

static void say_started(struct kith_courier *c, unsigned cage)
{
	kith_nodelink_send(c->node, &kith_courier_started_schema,
		&(struct kith_courier_started){.version = VERSION,
			.discovery = c->way == WAY_DAEMON ? 2 : 1,
			.cage = cage});
}

static void start_mdns(struct kith_courier *c, unsigned cage)
{
	const char *why = "";

	if (c->mdns)
		browse(c);
	else
		(void)use_embedded(c, &why);
	say_started(c, cage);
	say_network(c);
	say_addresses(c);
	if (!c->mdns)
		kith_nodelink_trouble(
			c->node, "Others cannot find you: no multicast DNS (%s).", why);
	if (c->only[0] && nets_of(c)->n == 0)
		kith_nodelink_trouble(
			c->node, "The interface %s is not there, or has no address.", c->only);
}

static void do_start(struct kith_courier *c, const struct kith_courier_start *m)
{
	unsigned cage;

	if (c->started || m->version != VERSION) {
		fail(c);
		return;
	}
	c->started = true;
	memcpy(c->only, m->interface.p, m->interface.n);
	c->wary = m->wary;
	open_mdns(c);
	cage = kith_courier_cage_close();
	c->netlink = kith_netlink_new(c->poller, c->only, on_netlink, c);
	if (!c->netlink || !start_transport(c) || !start_finding(c)) {
		fail(c);
		return;
	}
	start_mdns(c, cage);
}

static void keep_announcement(struct kith_courier *c, const struct kith_courier_announce *m)
{
	struct kith_announcement a = {0};

	memcpy(c->pair.key, m->key.p, sizeof c->pair.key);
	memcpy(c->pair.secret, m->secret.p, sizeof c->pair.secret);
	memcpy(a.instance, m->instance.p, m->instance.n);
	memcpy(a.host, m->host.p, m->host.n);
	memcpy(a.txt.key, m->key.p, sizeof a.txt.key);
	memcpy(a.txt.label, m->label.p, m->label.n);
	c->announcement = a;
	c->announced = true;
	c->publish = m->publish;
}

static void do_announce(struct kith_courier *c, const struct kith_courier_announce *m)
{
	if (!kith_dns_plain(m->instance) || !kith_dns_plain(m->host)) {
		fail(c);
		return;
	}
	if (c->mdns)
		kith_mdns_withdraw(c->mdns);
	kith_timer_off(c->republish);
	kith_sightings_own(c->sightings, m->key.p);
	keep_announcement(c, m);
	shift_listeners(c);
	c->listeners[0] = kith_listener_new(&c->lines, &c->pair, is_own, c);
	if (c->listeners[0]) {
		c->announcement.port = kith_listener_port(c->listeners[0]);
		publish(c);
	} else {
		c->publish = false; /* there is nothing to come to */
		kith_nodelink_trouble(c->node,
			"Others cannot reach you: no port could be opened (%s).", strerror(errno));
	}
	kith_nodelink_send(c->node, &kith_courier_announced_schema,
		&(struct kith_courier_announced){.key = m->key, .port = c->announcement.port});
}

static void do_look(struct kith_courier *c, const struct kith_courier_look *m)
{
	c->looking = m->on;
	if (m->on)
		kith_oneshot_start(c->oneshot);
	else
		kith_oneshot_stop(c->oneshot);
}

static void do_dial(struct kith_courier *c, const struct kith_courier_dial *m)
{
	if (m->conn % 2 == 0 || kith_conn_find(&c->lines, (uint32_t)m->conn)) {
		fail(c);
		return;
	}
	if (c->announced && !is_own(c, m->key.p))
		kith_dial(&c->lines, &c->pair, m);
	else
		kith_nodelink_send(c->node, &kith_courier_closed_schema,
			&(struct kith_courier_closed){.conn = m->conn});
}

/* For SEND, CLOSE and KEEP a connection that is not there is nothing wrong: it may just have
 * ended. */
static void do_send(struct kith_courier *c, const struct kith_courier_send *m)
{
	struct kith_conn *conn = kith_conn_find(&c->lines, (uint32_t)m->conn);

	if (!conn || conn->closing || kith_conn_send(conn, m->bytes))
		return;
	kith_nodelink_send(c->node, &kith_courier_closed_schema,
		&(struct kith_courier_closed){.conn = m->conn});
	conn->ops->end(conn);
}

static void do_close(struct kith_courier *c, const struct kith_courier_close *m)
{
	struct kith_conn *conn = kith_conn_find(&c->lines, (uint32_t)m->conn);

	if (conn)
		kith_conn_close(conn);
}

static void do_keep(struct kith_courier *c, const struct kith_courier_keep *m)
{
	struct kith_conn *conn = kith_conn_find(&c->lines, (uint32_t)m->conn);

	if (conn)
		conn->kept = true;
}

#define ORDER(NAME, name)                                                                          \
	case KITH_TYPE_COURIER_##NAME: {                                                           \
		struct kith_courier_##name m;                                                      \
		if (kith_unpack(&kith_courier_##name##_schema, bytes, &m))                         \
			fail(c);                                                                   \
		else                                                                               \
			do_##name(c, &m);                                                          \
		break;                                                                             \
	}

static void take(struct kith_courier *c, uint64_t type, struct kith_span bytes)
{
	switch (type) {
		ORDER(START, start)
		ORDER(ANNOUNCE, announce)
		ORDER(LOOK, look)
		ORDER(DIAL, dial)
		ORDER(SEND, send)
		ORDER(CLOSE, close)
		ORDER(KEEP, keep)
	default:
		fail(c);
	}
}

static void on_datagram(void *ctx, uint64_t type, struct kith_span bytes)
{
	struct kith_courier *c = ctx;

	if (c->started || type == KITH_TYPE_COURIER_START)
		take(c, type, bytes);
	else
		fail(c);
	if (!c->started) /* of another version, or what cannot be read: which one is this? */
		say_started(c, 0);
}

/* After every turn: what had to wait for room in the node's queue, or for callbacks to return. */
static void after_turn(void *ctx)
{
	struct kith_courier *c = ctx;

	if (!c->started)
		return;
	for (size_t i = 0; i < LISTENERS_MAX; i++)
		if (c->listeners[i])
			kith_listener_settle(c->listeners[i]);
	kith_dial_settle(&c->lines);
	close_idle_listeners(c);
	say_sightings(c);
	if (!kith_timer_on(c->expire))
		expire(c);
}

struct kith_courier *kith_courier_new(struct kith_poller *p, int fd)
{
	struct kith_courier *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->poller = p;
	c->node = kith_nodelink_new(p, fd, on_datagram, c);
	if (!c->node) {
		free(c);
		return NULL;
	}
	p->after = after_turn;
	p->after_ctx = c;
	return c;
}

static void stop_transport(struct kith_courier *c)
{
	if (!c->lines.zmq)
		return;
	kith_dial_end_all(&c->lines);
	for (size_t i = 0; i < LISTENERS_MAX; i++)
		kith_listener_free(c->listeners[i]);
	kith_lines_free(&c->lines);
	kith_zap_free(c->zap);
	(void)zmq_ctx_term(c->lines.zmq);
}

void kith_courier_free(struct kith_courier *c)
{
	if (!c)
		return;
	stop_mdns(c);
	kith_oneshot_free(c->oneshot);
	stop_transport(c);
	kith_sightings_free(c->sightings);
	kith_timer_remove(c->expire);
	kith_timer_remove(c->republish);
	kith_netlink_free(c->netlink);
	kith_nodelink_free(c->node);
	explicit_bzero(&c->pair, sizeof c->pair);
	free(c);
}
