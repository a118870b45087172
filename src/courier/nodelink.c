/* SPDX-License-Identifier: MIT */
#include "courier/nodelink.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "message/link.h"

#define ROOM        (KITH_QUEUE_MAX / 2) /* the other half is for what cannot wait */
#define READ_A_TURN 32                   /* datagrams, so that the network gets its turn too */

struct kith_nodelink {
	struct kith_poller *poller;
	struct kith_link link;
	struct kith_source *source;
	kith_on_datagram *f;
	void *ctx;
};

/* After anything that may have changed the queue.  A node that reads too slowly is given up.  One
 * that is gone may have left its last orders behind, a receipt among them: they are carried out, and
 * receive() comes to the end behind them. */
static void update(struct kith_nodelink *l)
{
	bool out = kith_link_wants_out(&l->link) && !l->link.broken;

	kith_source_events(l->source, out ? POLLIN | POLLOUT : POLLIN);
	l->poller->hold = !kith_nodelink_room(l);
	if (l->link.broken && l->link.waiting == KITH_QUEUE_MAX)
		kith_poller_stop(l->poller, EXIT_FAILURE);
}

static void receive(struct kith_nodelink *l)
{
	for (int i = 0; i < READ_A_TURN && !l->poller->stop; i++) {
		struct kith_span bytes;
		uint64_t type;
		enum kith_err err = kith_link_receive(&l->link, &bytes, &type);
		if (err == KITH_ERR_MISSING)
			return;
		if (err)
			kith_poller_stop(
				l->poller, err == KITH_ERR_NODE ? EXIT_SUCCESS : EXIT_FAILURE);
		else
			l->f(l->ctx, type, bytes);
		kith_buf_clear(&l->link.in); /* it may have held a secret key */
	}
}

static void ready(void *ctx)
{
	struct kith_nodelink *l = ctx;

	/* Reading first: that the node has closed counts for more than that it reads no more. */
	receive(l);
	kith_link_flush(&l->link);
	update(l);
}

struct kith_nodelink *kith_nodelink_new(
	struct kith_poller *p, int fd, kith_on_datagram *f, void *ctx)
{
	struct kith_nodelink *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->poller = p;
	l->f = f;
	l->ctx = ctx;
	l->source = kith_poller_add(p, NULL, fd, ready, l);
	if (!l->source) {
		free(l);
		return NULL;
	}
	kith_link_init(&l->link, fd);
	return l;
}

void kith_nodelink_free(struct kith_nodelink *l)
{
	if (!l)
		return;
	kith_source_remove(l->source);
	kith_link_close(&l->link);
	free(l);
}

bool kith_nodelink_room(const struct kith_nodelink *l)
{
	return l->link.waiting < ROOM;
}

void kith_nodelink_send(struct kith_nodelink *l, const struct kith_schema *schema, const void *msg)
{
	enum kith_err err = kith_link_send(&l->link, schema, msg);

	update(l);
	if (err && err != KITH_ERR_NODE)
		kith_poller_stop(l->poller, EXIT_FAILURE);
}

void kith_nodelink_trouble(struct kith_nodelink *l, const char *fmt, ...)
{
	char text[401];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	kith_nodelink_send(l, &kith_courier_trouble_schema,
		&(struct kith_courier_trouble){.text = kith_span_str(text)});
}
