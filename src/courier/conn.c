/* SPDX-License-Identifier: MIT */
#include "courier/conn.h"

#include <errno.h>

#define RETRY_MS 5 /* ROUTER has no notice that one peer can take more */

static bool try_send(struct kith_conn *c, struct kith_span bytes)
{
	if (!c->socket || !c->opened)
		return false;
	if (c->route_n > 0 &&
		zmq_send(c->socket, c->route, c->route_n, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
		return errno == EHOSTUNREACH; /* gone: the monitor tells, the message is lost */
	return zmq_send(c->socket, bytes.p, bytes.n, ZMQ_DONTWAIT) >= 0;
}

static void flush(struct kith_conn *c)
{
	while (c->n > 0 && try_send(c, kith_buf_span(&c->waiting[c->first]))) {
		kith_buf_free(&c->waiting[c->first]);
		c->first = (c->first + 1) % KITH_QUEUE_MAX;
		c->n--;
		c->sent = true;
	}
	if (c->n > 0)
		kith_timer_in(c->lines->retry, RETRY_MS);
	else if (c->closing && c->ops->lingers)
		c->ops->end(c);
}

static void retry(void *ctx)
{
	struct kith_lines *l = ctx;

	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++)
		if (l->at[i].number != 0 && l->at[i].n > 0)
			flush(&l->at[i]);
}

/* Does anybody's far side have to be watched? */
static bool connected(const struct kith_lines *l)
{
	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++)
		if (l->at[i].number != 0 && l->at[i].far.fd >= 0)
			return true;
	return false;
}

static void look(void *ctx)
{
	struct kith_lines *l = ctx;

	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++) {
		struct kith_conn *c = &l->at[i];
		if (c->number != 0 && !c->ended && kith_peer_received(&c->far) > KITH_BUDGET_MAX)
			c->ops->punish(c);
	}
	if (connected(l))
		kith_timer_in(l->look, KITH_BUDGET_MS);
}

bool kith_lines_init(struct kith_lines *l)
{
	l->retry = kith_poller_timer(l->poller, retry, l);
	l->look = kith_poller_timer(l->poller, look, l);
	return l->retry && l->look;
}

void kith_lines_free(struct kith_lines *l)
{
	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++)
		if (l->at[i].number != 0)
			kith_conn_free(&l->at[i]); /* an orphan */
	kith_timer_remove(l->retry);
	kith_timer_remove(l->look);
	l->retry = l->look = NULL;
}

struct kith_conn *kith_conn_find(struct kith_lines *l, uint32_t number)
{
	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++)
		if (l->at[i].number == number)
			return &l->at[i];
	return NULL;
}

static void expired(void *ctx)
{
	struct kith_conn *c = ctx;

	c->ops->expired(c);
}

/* An even number that no connection has. */
static uint32_t next_even(struct kith_lines *l)
{
	do
		l->last_even += 2;
	while (l->last_even == 0 || kith_conn_find(l, l->last_even));
	return l->last_even;
}

struct kith_conn *kith_conn_new(
	struct kith_lines *l, uint32_t number, const struct kith_conn_ops *ops, void *owner)
{
	struct kith_conn *c = kith_conn_find(l, 0);

	if (!c)
		return NULL;
	*c = (struct kith_conn){.ops = ops, .owner = owner, .lines = l, .far.fd = -1};
	c->timer = kith_poller_timer(l->poller, expired, c);
	if (!c->timer)
		return NULL;
	c->number = number ? number : next_even(l);
	return c;
}

void kith_conn_free(struct kith_conn *c)
{
	for (size_t i = 0; i < KITH_QUEUE_MAX; i++)
		kith_buf_free(&c->waiting[i]);
	kith_timer_remove(c->timer);
	*c = (struct kith_conn){.far.fd = -1};
}

void kith_conn_watch(struct kith_conn *c, const struct kith_peer *far)
{
	c->far = *far;
	if (!kith_timer_on(c->lines->look))
		kith_timer_in(c->lines->look, KITH_BUDGET_MS);
}

/* As often as it takes until the node has room. */
static void orphan_expired(struct kith_conn *c)
{
	if (kith_nodelink_room(c->lines->node))
		kith_conn_over(c);
	else
		kith_timer_in(c->timer, RETRY_MS);
}

void kith_conn_orphan(struct kith_conn *c)
{
	static const struct kith_conn_ops ops = {
		.end = kith_conn_free, .punish = kith_conn_free, .expired = orphan_expired};

	c->ops = &ops;
	c->owner = c->socket = NULL;
	c->far.fd = -1;
	c->mute = c->ended = true;
	if (c->opened && !c->closing)
		orphan_expired(c);
	else
		kith_conn_free(c);
}

bool kith_conn_send(struct kith_conn *c, struct kith_span bytes)
{
	struct kith_buf *slot = &c->waiting[(c->first + c->n) % KITH_QUEUE_MAX];

	if (c->n == 0 && try_send(c, bytes)) {
		c->sent = true;
		return true;
	}
	if (c->n == KITH_QUEUE_MAX || kith_buf_add(slot, bytes.p, bytes.n))
		return false;
	c->n++;
	if (c->opened)
		kith_timer_in(c->lines->retry, RETRY_MS);
	return true;
}

void kith_conn_close(struct kith_conn *c)
{
	bool idle = c->n == 0 && (c->ops->lingers || !c->sent);

	if (idle || !c->opened || c->ended) {
		c->ops->end(c);
		return;
	}
	c->closing = true;
	kith_timer_in(c->timer, KITH_LINGER_MS);
}

void kith_conn_opened(struct kith_conn *c, const uint8_t key[KITH_CURVE_BYTES],
	const uint8_t own[KITH_CURVE_BYTES])
{
	char address[KITH_ENDPOINT_BYTES], network[KITH_NETWORK_BYTES];

	c->opened = true;
	kith_ip_write(address, &c->far.ip, c->far.scope, c->lines->nets);
	kith_network_write(network, &c->far.ip, c->far.scope, c->lines->nets);
	kith_nodelink_send(c->lines->node, &kith_courier_opened_schema,
		&(struct kith_courier_opened){
			.conn = c->number,
			.key = kith_span(key, KITH_CURVE_BYTES),
			.own = kith_span(own, KITH_CURVE_BYTES),
			.address = kith_span_str(address),
			.network = kith_span_str(network),
		});
}

void kith_conn_bytes(struct kith_conn *c, struct kith_span bytes)
{
	if (c->closing || c->mute)
		return;
	kith_nodelink_send(c->lines->node, &kith_courier_bytes_schema,
		&(struct kith_courier_bytes){.conn = c->number, .bytes = bytes});
}

void kith_conn_over(struct kith_conn *c)
{
	if (!c->closing && (c->opened || c->number % 2 == 1))
		kith_nodelink_send(c->lines->node, &kith_courier_closed_schema,
			&(struct kith_courier_closed){.conn = c->number});
	kith_conn_free(c);
}
