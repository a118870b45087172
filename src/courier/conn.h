/* SPDX-License-Identifier: MIT
 *
 * conn - the table of connections, whoever dialled, and what the node hears of them.
 */
#ifndef KITH_COURIER_CONN_H
#define KITH_COURIER_CONN_H

#include "courier/nodelink.h"
#include "courier/peer.h"
#include "courier/rate.h"
#include "courier/transport.h"

struct kith_conn;

/* What differs between a connection that came in and one that was dialled. */
struct kith_conn_ops {
	/* Ends the connection now and frees it (kith_conn_free); nobody is told. */
	void (*end)(struct kith_conn *c);
	/* Ends it for a rule that its far side broke: nothing more of it is handed on, and the node
	 * hears CLOSED in its turn.  May free it. */
	void (*punish)(struct kith_conn *c);
	/* Its timer fired. */
	void (*expired)(struct kith_conn *c);
	/* What was sent has left when ZeroMQ has taken it (it lingers on the socket). */
	bool lingers;
};

struct kith_conn {
	uint32_t number; /* 0: this place in the table is free */
	const struct kith_conn_ops *ops;
	void *owner;        /* listener or dial */
	void *socket;       /* ROUTER or DEALER; NULL while there is none */
	uint8_t route[255]; /* ROUTER's name for the far side */
	size_t route_n;     /* 0 on a DEALER, and before the first message */
	char user[41];      /* the far side's key as Z85, once it has spoken */
	struct kith_peer far;
	bool opened;        /* the node was told OPENED */
	bool ended;         /* it is over; CLOSED follows when its messages were handed on */
	bool closing;       /* the node said CLOSE */
	bool mute;          /* it broke a rule: nothing more from it is handed on */
	bool sent;          /* something went out */
	bool kept;          /* the node said KEEP */
	uint64_t last_read; /* see listener.c */
	struct kith_timer *timer;
	struct kith_lines *lines;
	/* a ring of messages that ZeroMQ did not take yet */
	struct kith_buf waiting[KITH_QUEUE_MAX];
	size_t first, n;
};

/* The table, and what everybody who handles connections needs. */
struct kith_lines {
	struct kith_poller *poller;
	struct kith_nodelink *node;
	const struct kith_nets *nets;
	bool one_interface; /* only who is on one of nets may connect */
	void *zmq;
	uint32_t last_even; /* number of the last connection that came in */
	struct kith_timer *retry;
	struct kith_timer *look;  /* at the byte budgets; off while there is no connection */
	struct kith_rate accepts; /* connections that came in */
	struct kith_rate proofs;  /* CURVE handshakes as far as the client's key */
	struct kith_conn at[KITH_CONNECTIONS_MAX];
};

/* False: no memory.  The fields that are not private are the caller's to fill in first. */
bool kith_lines_init(struct kith_lines *l);
void kith_lines_free(struct kith_lines *l); /* after every listener and dial is gone */

/* The connection of that number, or NULL. */
struct kith_conn *kith_conn_find(struct kith_lines *l, uint32_t number);

/* A place in the table; number 0 gives it the next even one.  NULL: full, or no memory. */
struct kith_conn *kith_conn_new(
	struct kith_lines *l, uint32_t number, const struct kith_conn_ops *ops, void *owner);
void kith_conn_free(struct kith_conn *c);

/* The connection stands, with that far side: from now on its bytes are counted, and KITH_BUDGET_MAX
 * of them are too many. */
void kith_conn_watch(struct kith_conn *c, const struct kith_peer *far);

/* For a connection whose owner goes: CLOSED as soon as the node has room for it, if it knows it. */
void kith_conn_orphan(struct kith_conn *c);

/* Sends one message, or keeps it until ZeroMQ takes it.  False: the far side is too slow, and
 * KITH_QUEUE_MAX messages wait already. */
bool kith_conn_send(struct kith_conn *c, struct kith_span bytes);

/* CLOSE: ends the connection when what was sent has left, KITH_LINGER_MS later at the latest. */
void kith_conn_close(struct kith_conn *c);

/* Tell the node. */
void kith_conn_opened(struct kith_conn *c, const uint8_t key[KITH_CURVE_BYTES],
	const uint8_t own[KITH_CURVE_BYTES]);
void kith_conn_bytes(struct kith_conn *c, struct kith_span bytes);

/* Tells CLOSED if the node knows the connection and has not closed it itself, and frees it. */
void kith_conn_over(struct kith_conn *c);

#endif
