/* SPDX-License-Identifier: MIT */
#include "courier/dial.h"

#include <stdio.h>
#include <stdlib.h>

#define DIALS_MAX       (KITH_CONNECTIONS_MAX / 2)
#define MESSAGES_A_TURN 64
#define PLACES_MAX      16 /* a link-local address is one on each interface */

#define FAILURES                                                                                   \
	(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |              \
		ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED)

struct dial {
	struct kith_conn *conn;
	struct kith_pair own;
	uint8_t key[KITH_CURVE_BYTES];
	struct kith_place places[PLACES_MAX]; /* to be tried in this order */
	size_t places_n, next;
	void *socket, *monitor;
	struct kith_source *socket_source, *monitor_source;
};

static void hang_up(struct dial *d)
{
	kith_source_remove(d->socket_source);
	kith_source_remove(d->monitor_source);
	kith_monitor_close(d->socket, d->monitor);
	if (d->socket)
		(void)zmq_close(d->socket);
	d->socket = d->monitor = NULL;
	d->socket_source = d->monitor_source = NULL;
	d->conn->socket = NULL;
	d->conn->far.fd = -1;
}

static void dial_free(struct dial *d)
{
	hang_up(d);
	explicit_bzero(&d->own, sizeof d->own);
	free(d);
}

static void end(struct kith_conn *c)
{
	dial_free(c->owner);
	kith_conn_free(c);
}

static void over(struct dial *d)
{
	struct kith_conn *c = d->conn;

	dial_free(d);
	kith_conn_over(c);
}

static bool try_next(struct dial *d);

static void punish(struct kith_conn *c)
{
	kith_peer_cut(&c->far);
	if (!c->opened) {
		(void)try_next(c->owner);
		return;
	}
	c->mute = true;
	c->ended = true;
}

static void turn(void *ctx);

static bool connect_to(struct dial *d, const struct kith_place *place)
{
	struct kith_lines *lines = d->conn->lines;
	char endpoint[KITH_ENDPOINT_BYTES], url[KITH_ENDPOINT_BYTES + 8];

	if (!kith_endpoint_write(endpoint, place, lines->nets))
		return false;
	(void)snprintf(url, sizeof url, "tcp://%s", endpoint);
	/* Not as IPv6 for an IPv4 address: the machine may not have it. */
	d->socket = kith_transport_socket(lines->zmq, ZMQ_DEALER, &d->own, place->ip.v6);
	if (!d->socket || zmq_setsockopt(d->socket, ZMQ_CURVE_SERVERKEY, d->key, sizeof d->key) < 0)
		return false;
	d->monitor = kith_monitor_open(lines->zmq, d->socket,
		FAILURES | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
	if (!d->monitor || zmq_connect(d->socket, url) < 0)
		return false;
	d->monitor_source = kith_poller_add(lines->poller, d->monitor, -1, turn, d);
	d->socket_source = kith_poller_add(lines->poller, d->socket, -1, turn, d);
	if (!d->monitor_source || !d->socket_source)
		return false;
	kith_source_can_wait(d->socket_source);
	return true;
}

/* Tries the next endpoint; when there is none left, that was it: true when d still lives. */
static bool try_next(struct dial *d)
{
	hang_up(d);
	while (d->next < d->places_n) {
		const struct kith_place *place = &d->places[d->next++];
		if (connect_to(d, place)) {
			d->conn->far.ip = place->ip;
			d->conn->far.scope = place->scope;
			d->conn->socket = d->socket;
			/* ZeroMQ's own limits, and a little */
			kith_timer_in(d->conn->timer, KITH_CONNECT_MS + KITH_HANDSHAKE_MS + 1000);
			return true;
		}
		hang_up(d);
	}
	over(d);
	return false;
}

static void expired(struct kith_conn *c)
{
	if (c->closing)
		end(c);
	else if (!c->opened)
		(void)try_next(c->owner);
}

static const struct kith_conn_ops ops = {
	.end = end, .punish = punish, .expired = expired, .lingers = true};

/* False: d is no more. */
static bool read_monitor(struct dial *d)
{
	uint16_t event;
	struct kith_peer far;
	int value;

	while (kith_monitor_next(d->monitor, &event, &value)) {
		if (event == ZMQ_EVENT_CONNECTED && kith_peer_of(value, &far))
			kith_conn_watch(d->conn, &far);
		if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && !d->conn->opened) {
			kith_timer_off(d->conn->timer);
			kith_conn_opened(d->conn, d->key, d->own.key);
		} else if (event & FAILURES) {
			if (!d->conn->opened)
				return try_next(d);
			d->conn->ended = true;
		}
	}
	return true;
}

/* False: the far side broke the rule of one frame a message. */
static bool take(struct dial *d, zmq_msg_t frames[2], int n)
{
	if (n == 1)
		kith_conn_bytes(d->conn, kith_frame(&frames[0]));
	(void)zmq_msg_close(&frames[0]);
	(void)zmq_msg_close(&frames[1]);
	return n == 1;
}

static void turn(void *ctx)
{
	struct dial *d = ctx;
	struct kith_nodelink *node = d->conn->lines->node;
	zmq_msg_t frames[2];

	if (!read_monitor(d) || !d->conn->opened)
		return;
	for (int i = 0; i < MESSAGES_A_TURN && kith_nodelink_room(node); i++) {
		int n = kith_transport_receive(d->socket, frames);
		if (n < 0) {
			if (d->conn->ended)
				over(d);
			return;
		}
		if (!take(d, frames, n)) {
			over(d);
			return;
		}
	}
}

static void each(struct kith_lines *lines, void (*f)(struct kith_conn *c))
{
	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++)
		if (lines->at[i].number != 0 && lines->at[i].ops == &ops)
			f(&lines->at[i]);
}

static void settle(struct kith_conn *c)
{
	if (c->ended && kith_nodelink_room(c->lines->node))
		turn(c->owner);
}

void kith_dial_settle(struct kith_lines *lines)
{
	each(lines, settle);
}

void kith_dial_end_all(struct kith_lines *lines)
{
	each(lines, end);
}

static size_t count(const struct kith_lines *lines)
{
	size_t n = 0;

	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++)
		n += lines->at[i].number != 0 && lines->at[i].ops == &ops;
	return n;
}

static void refuse(struct kith_lines *lines, uint64_t number)
{
	kith_nodelink_send(lines->node, &kith_courier_closed_schema,
		&(struct kith_courier_closed){.conn = number});
}

/* The nearest first.  Equals keep their order, so what was sorted already is as it was. */
static void sort(struct dial *d, const struct kith_nets *nets)
{
	for (size_t i = 1; i < d->places_n; i++) {
		struct kith_place place = d->places[i];
		size_t at = i;
		for (; at > 0 &&
			kith_place_rank(&d->places[at - 1], nets) > kith_place_rank(&place, nets);
			at--)
			d->places[at] = d->places[at - 1];
		d->places[at] = place;
	}
}

void kith_dial(struct kith_lines *lines, const struct kith_pair *own,
	const struct kith_courier_dial *order)
{
	struct dial *d = count(lines) < DIALS_MAX ? calloc(1, sizeof *d) : NULL;

	if (d)
		d->conn = kith_conn_new(lines, (uint32_t)order->conn, &ops, d);
	if (!d || !d->conn) {
		free(d);
		refuse(lines, order->conn);
		return;
	}
	d->own = *own;
	memcpy(d->key, order->key.p, sizeof d->key);
	for (size_t i = 0; i < order->endpoints.n; i++)
		d->places_n += kith_endpoint_places(order->endpoints.at[i], lines->nets,
			&d->places[d->places_n], PLACES_MAX - d->places_n);
	sort(d, lines->nets);
	(void)try_next(d);
}
