/* SPDX-License-Identifier: MIT
 *
 * curve - CurveZMQ (RFC 25 and 26) on libsodium alone, both ends, so that a test can do what libzmq
 * would not: stop in the middle, claim any metadata, send any frames.
 */
#ifndef KITH_HOSTILE_CURVE_H
#define KITH_HOSTILE_CURVE_H

#include "crypto/exchange.h"
#include "zmtp.h"

/* One property of the metadata in INITIATE. */
struct property {
	const char *name;
	const void *value;
	size_t n;
};

#define PROPERTIES_MAX 4

/* One connection.  Plain; owns fd. */
struct curve {
	int fd;
	bool server;
	const struct kith_pair *keys; /* the long-term pair, borrowed */
	uint8_t far[32];              /* their long-term key */
	struct kith_pair brief;       /* the connection's own pair */
	uint8_t far_brief[32];
	uint8_t cookie[96];
	uint8_t shared[32]; /* precomputed from the two brief keys */
	uint64_t nonce;     /* last one used */
};

/* Steps of the client; each false when the line or the far side does not play.  fd must have
 * exchanged greetings.  welcome precedes initiate and ready. */
void curve_start(struct curve *c, int fd, const struct kith_pair *keys, const uint8_t far[32]);
void curve_hello_bytes(struct curve *c, uint8_t out[202]); /* the whole frame */
bool curve_hello(struct curve *c);
bool curve_welcome(struct curve *c);
bool curve_initiate(struct curve *c, const struct property *properties, size_t n);
bool curve_ready(struct curve *c);

/* All of these, greeting first, as an honest DEALER does, with any more properties.  False: closed. */
bool curve_join(struct curve *c, int fd, const struct kith_pair *keys, const uint8_t far[32],
	const struct property *more, size_t n);

/* The other end: the handshake as a server, up to READY.  c->far is the client's key then. */
bool curve_serve(struct curve *c, int fd, const struct kith_pair *keys);

/* Appends one encrypted frame as it goes over the wire.  flags: ZMTP_MORE, ZMTP_COMMAND. */
bool curve_put(struct curve *c, uint8_t flags, struct kith_span body, struct kith_buf *out);
bool curve_send(struct curve *c, uint8_t flags, struct kith_span body);

/* The next message of one frame into out (emptied first); answers PING.  False: nothing came. */
bool curve_receive(struct curve *c, struct kith_buf *out);

void curve_close(struct curve *c);

#endif
