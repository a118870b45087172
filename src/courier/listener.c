/* SPDX-License-Identifier: MIT */
#include "courier/listener.h"

#include <stdlib.h>

#include "courier/door.h"
#include "courier/origin.h"
#include "courier/zap.h"

#define ZAP_ENFORCE_DOMAIN 93 /* ZMQ_ZAP_ENFORCE_DOMAIN stands in the header's draft block */
#define MESSAGES_A_TURN    64 /* so that other sockets get their turn too */
#define EVENTS_A_LOOK      256

/* ROUTER takes from its connections in turn, and none has more than these waiting: when so many
 * were read after one ended, none of its own is left. */
#define UNREAD_MAX ((uint64_t)4 * KITH_CONNECTIONS_MAX * (KITH_HWM + 1))

struct kith_listener {
	struct kith_lines *lines;
	kith_is_own *is_own;
	void *ctx;
	struct kith_pair pair;
	void *router, *monitor;
	struct kith_source *router_source, *monitor_source;
	uint16_t port;
	uint64_t read;  /* messages so far */
	bool unsettled; /* a connection ended that is still in the table */
};

static void end(struct kith_conn *c)
{
	kith_peer_cut(&c->far);
	kith_conn_free(c);
}

static void over(struct kith_conn *c)
{
	struct kith_listener *l = c->owner;

	c->ended = true;
	c->last_read = l->read + UNREAD_MAX;
	l->unsettled = true;
}

static void punish(struct kith_conn *c)
{
	kith_peer_cut(&c->far);
	c->mute = true;
	over(c);
}

static const struct kith_conn_ops ops = {.end = end, .punish = punish, .expired = end};

static struct kith_conn *next_of(struct kith_listener *l, struct kith_conn *c)
{
	c = c ? c + 1 : l->lines->at;
	for (; c < l->lines->at + KITH_CONNECTIONS_MAX; c++)
		if (c->number != 0 && c->owner == l)
			return c;
	return NULL;
}

static struct kith_conn *by_route(struct kith_listener *l, struct kith_span route)
{
	for (struct kith_conn *c = next_of(l, NULL); c; c = next_of(l, c))
		if (c->route_n > 0 && kith_span_eq(kith_span(c->route, c->route_n), route))
			return c;
	return NULL;
}

/* The living connection on a descriptor. */
static struct kith_conn *by_fd(struct kith_listener *l, int fd)
{
	for (struct kith_conn *c = next_of(l, NULL); c; c = next_of(l, c))
		if (c->far.fd == fd && !c->ended)
			return c;
	return NULL;
}

/* Did a message come from there?  Its descriptor alone does not tell: it may have had another
 * connection when the message came. */
static bool is_from(const struct kith_conn *c, zmq_msg_t *payload)
{
	struct kith_ip ip;
	int scope;

	return zmq_msg_get(payload, ZMQ_SRCFD) == c->far.fd &&
	       kith_origin_read(
		       zmq_msg_gets(payload, "Peer-Address"), c->lines->nets, &ip, &scope) &&
	       kith_ip_eq(&ip, &c->far.ip);
}

/* A connection that has not spoken, if need be one that is over by now: its message may have been
 * on the way when it ended. */
static struct kith_conn *unnamed(struct kith_listener *l, zmq_msg_t *payload)
{
	struct kith_conn *found = NULL;

	for (struct kith_conn *c = next_of(l, NULL); c; c = next_of(l, c))
		if (c->route_n == 0 && is_from(c, payload) && (!found || found->ended))
			found = c;
	return found;
}

static void accepted(struct kith_listener *l, int fd)
{
	struct kith_peer far;
	struct kith_conn *c;

	if (!kith_peer_of(fd, &far))
		return;
	c = kith_door_admits(l->lines, &far) ? kith_conn_new(l->lines, 0, &ops, l) : NULL;
	if (!c) {
		kith_peer_cut(&far);
		return;
	}
	c->socket = l->router;
	kith_conn_watch(c, &far);
	kith_timer_in(c->timer, KITH_STEP_MS); /* who says nothing must not hold a place */
}

static void disconnected(struct kith_listener *l, int fd)
{
	struct kith_conn *c = by_fd(l, fd);

	if (c)
		over(c);
}

/* ACCEPTED or DISCONNECTED. */
struct event {
	uint16_t what;
	int fd;
};

/* Did it end as well before we came to look?  Then the descriptor may be another's by now, who
 * must not be counted, or cut off, in its stead. */
static bool ended_too(const struct event *accepted, const struct event *end)
{
	for (const struct event *e = accepted + 1; e < end; e++)
		if (e->what == ZMQ_EVENT_DISCONNECTED && e->fd == accepted->fd)
			return true;
	return false;
}

static void read_monitor(struct kith_listener *l)
{
	struct event events[EVENTS_A_LOOK];
	size_t n;

	do {
		for (n = 0; n < EVENTS_A_LOOK; n++)
			if (!kith_monitor_next(l->monitor, &events[n].what, &events[n].fd))
				break;
		for (size_t i = 0; i < n; i++) {
			if (events[i].what == ZMQ_EVENT_DISCONNECTED)
				disconnected(l, events[i].fd);
			else if (!ended_too(&events[i], events + n))
				accepted(l, events[i].fd);
		}
	} while (n == EVENTS_A_LOOK);
}

/* The first message names the connection.  False: it may not have that name. */
static bool name(
	struct kith_listener *l, struct kith_conn *c, struct kith_span route, const char *user)
{
	uint8_t key[KITH_CURVE_BYTES];

	if (!user || strlen(user) != KITH_USER_ID_CHARS || !zmq_z85_decode(key, user) ||
		l->is_own(l->ctx, key) || route.n == 0 || route.n > sizeof c->route)
		return false;
	memcpy(c->route, route.p, route.n);
	c->route_n = route.n;
	memcpy(c->user, user, KITH_USER_ID_CHARS + 1);
	kith_timer_off(c->timer);
	kith_conn_opened(c, key, l->pair.key);
	return true;
}

static void take(struct kith_listener *l, zmq_msg_t frames[2], int n)
{
	struct kith_span route = kith_frame(&frames[0]);
	const char *user = zmq_msg_gets(&frames[1], "User-Id");
	struct kith_conn *c = by_route(l, route);
	bool good = n == 2;

	if (c)
		good = good && is_from(c, &frames[1]) && user && strcmp(user, c->user) == 0;
	else if ((c = unnamed(l, &frames[1])))
		good = good && name(l, c, route, user);
	if (good && c)
		kith_conn_bytes(c, kith_frame(&frames[1]));
	if (good)
		return;
	/* The one who sent this, whoever it says it is. */
	c = by_fd(l, zmq_msg_get(&frames[1], ZMQ_SRCFD));
	if (c && is_from(c, &frames[1]))
		punish(c);
}

/* CLOSED for those that ended; only once every message of theirs that shall be handed on has been
 * read.  all_read: there is none left of anybody's. */
static void finish(struct kith_listener *l, bool all_read)
{
	bool left = false;

	for (struct kith_conn *c = next_of(l, NULL); c; c = next_of(l, c)) {
		if (!c->ended)
			continue;
		if ((all_read || c->mute || l->read > c->last_read) &&
			kith_nodelink_room(l->lines->node))
			kith_conn_over(c);
		else
			left = true;
	}
	l->unsettled = left;
}

/* Monitor events before messages: a descriptor that was used again must not be taken for the old
 * connection. */
static void turn(void *ctx)
{
	struct kith_listener *l = ctx;
	zmq_msg_t frames[2];

	read_monitor(l);
	for (int i = 0; i < MESSAGES_A_TURN && kith_nodelink_room(l->lines->node); i++) {
		int n = kith_transport_receive(l->router, frames);
		if (n < 0) {
			finish(l, true);
			return;
		}
		l->read++;
		take(l, frames, n);
		(void)zmq_msg_close(&frames[0]);
		(void)zmq_msg_close(&frames[1]);
	}
	finish(l, false);
}

void kith_listener_settle(struct kith_listener *l)
{
	if (l->unsettled && kith_nodelink_room(l->lines->node))
		turn(l);
}

static bool bind_router(struct kith_listener *l, bool v6)
{
	char at[64];
	size_t n = sizeof at;
	int events = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED;

	l->router = kith_transport_socket(l->lines->zmq, ZMQ_ROUTER, &l->pair, v6);
	if (!l->router || !kith_transport_int(l->router, ZMQ_CURVE_SERVER, 1) ||
		zmq_setsockopt(
			l->router, ZMQ_ZAP_DOMAIN, KITH_ZAP_DOMAIN, strlen(KITH_ZAP_DOMAIN)) < 0 ||
		!kith_transport_int(l->router, ZAP_ENFORCE_DOMAIN, 1) ||
		!kith_transport_int(l->router, ZMQ_ROUTER_MANDATORY, 1) ||
		!kith_transport_int(l->router, ZMQ_ROUTER_HANDOVER, 0))
		return false;
	l->monitor = kith_monitor_open(l->lines->zmq, l->router, events);
	if (!l->monitor || zmq_bind(l->router, "tcp://*:*") < 0 ||
		zmq_getsockopt(l->router, ZMQ_LAST_ENDPOINT, at, &n) < 0)
		return false;
	const char *colon = strrchr(at, ':');
	l->port = colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
	return l->port != 0;
}

static void unbind(struct kith_listener *l)
{
	kith_monitor_close(l->router, l->monitor);
	if (l->router)
		(void)zmq_close(l->router);
	l->router = NULL;
	l->monitor = NULL;
}

struct kith_listener *kith_listener_new(
	struct kith_lines *lines, const struct kith_pair *pair, kith_is_own *is_own, void *ctx)
{
	struct kith_listener *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->lines = lines;
	l->is_own = is_own;
	l->ctx = ctx;
	l->pair = *pair;
	if (!bind_router(l, true)) {
		unbind(l);
		if (!bind_router(l, false))
			goto fail;
	}
	l->monitor_source = kith_poller_add(lines->poller, l->monitor, -1, turn, l);
	l->router_source = kith_poller_add(lines->poller, l->router, -1, turn, l);
	if (!l->monitor_source || !l->router_source)
		goto fail;
	kith_source_can_wait(l->router_source);
	return l;
fail:
	kith_listener_free(l);
	return NULL;
}

void kith_listener_free(struct kith_listener *l)
{
	if (!l)
		return;
	for (struct kith_conn *c = next_of(l, NULL); c; c = next_of(l, c))
		kith_conn_orphan(c);
	kith_source_remove(l->monitor_source);
	kith_source_remove(l->router_source);
	unbind(l);
	explicit_bzero(&l->pair, sizeof l->pair);
	free(l);
}

uint16_t kith_listener_port(const struct kith_listener *l)
{
	return l->port;
}

const uint8_t *kith_listener_key(const struct kith_listener *l)
{
	return l->pair.key;
}

bool kith_listener_busy(const struct kith_listener *l)
{
	return next_of((struct kith_listener *)l, NULL) != NULL;
}
