/* SPDX-License-Identifier: MIT */
#include "courier/zap.h"

#include <errno.h>
#include <stdlib.h>

#include "courier/origin.h"

#define FRAMES 7 /* version, request id, domain, address, identity, mechanism, key */

struct kith_zap {
	struct kith_lines *lines;
	void *socket;
	struct kith_source *source;
};

struct request {
	zmq_msg_t frames[FRAMES];
	size_t n; /* frames that came, some may be past the last */
};

/* False: nothing there now. */
static bool receive(void *socket, struct request *r)
{
	bool more = true;

	r->n = 0;
	for (size_t i = 0; i < FRAMES; i++)
		(void)zmq_msg_init(&r->frames[i]);
	while (more) {
		zmq_msg_t extra;
		(void)zmq_msg_init(&extra);
		if (zmq_msg_recv(&extra, socket, ZMQ_DONTWAIT) < 0) {
			(void)zmq_msg_close(&extra);
			return false;
		}
		more = zmq_msg_more(&extra);
		if (r->n < FRAMES)
			(void)zmq_msg_move(&r->frames[r->n], &extra);
		(void)zmq_msg_close(&extra);
		r->n++;
	}
	return true;
}

static bool is(zmq_msg_t *frame, const char *text)
{
	return kith_span_eq(kith_frame(frame), kith_span_str(text));
}

static void send_text(void *socket, const char *text, bool more)
{
	(void)zmq_send(socket, text, strlen(text), ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
}

/* Is it a peer's turn, of which ZeroMQ has written the address like that? */
static bool in_time(struct kith_lines *l, struct kith_span address)
{
	char text[KITH_ENDPOINT_BYTES] = "";
	struct kith_origin from;
	struct kith_ip ip;
	int scope;

	if (address.n >= sizeof text)
		return false;
	memcpy(text, address.p, address.n);
	if (!kith_origin_read(text, l->nets, &ip, &scope))
		return false;
	from = kith_origin_of(&ip, scope);
	return kith_rate_take(&l->proofs, &from, kith_poller_now());
}

static void answer(struct kith_zap *z, struct request *r)
{
	void *socket = z->socket;
	char user[KITH_USER_ID_CHARS + 1] = "";
	struct kith_span id = kith_frame(&r->frames[1]);
	bool good = r->n == FRAMES && is(&r->frames[0], "1.0") &&
		    is(&r->frames[2], KITH_ZAP_DOMAIN) && is(&r->frames[5], "CURVE") &&
		    zmq_msg_size(&r->frames[6]) == KITH_CURVE_BYTES &&
		    zmq_z85_encode(user, zmq_msg_data(&r->frames[6]), KITH_CURVE_BYTES) &&
		    in_time(z->lines, kith_frame(&r->frames[3]));

	send_text(socket, "1.0", true);
	(void)zmq_send(socket, id.p, id.n, ZMQ_DONTWAIT | ZMQ_SNDMORE);
	send_text(socket, good ? "200" : "400", true);
	send_text(socket, good ? "OK" : "refused", true);
	send_text(socket, good ? user : "", true);
	send_text(socket, "", false);
}

static void ready(void *ctx)
{
	struct kith_zap *z = ctx;
	struct request r;
	bool got;

	do {
		got = receive(z->socket, &r);
		if (got)
			answer(z, &r);
		for (size_t i = 0; i < FRAMES; i++)
			(void)zmq_msg_close(&r.frames[i]);
	} while (got);
}

struct kith_zap *kith_zap_new(struct kith_lines *lines)
{
	struct kith_zap *z = calloc(1, sizeof *z);

	if (!z)
		return NULL;
	z->lines = lines;
	z->socket = zmq_socket(lines->zmq, ZMQ_REP);
	if (z->socket && kith_transport_int(z->socket, ZMQ_LINGER, 0) &&
		zmq_bind(z->socket, "inproc://zeromq.zap.01") == 0)
		z->source = kith_poller_add(lines->poller, z->socket, -1, ready, z);
	if (!z->source) {
		kith_zap_free(z);
		return NULL;
	}
	return z;
}

void kith_zap_free(struct kith_zap *z)
{
	if (!z)
		return;
	kith_source_remove(z->source);
	if (z->socket)
		(void)zmq_close(z->socket);
	free(z);
}
