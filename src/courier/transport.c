/* SPDX-License-Identifier: MIT */
#include "courier/transport.h"

#include <errno.h>
#include <stdio.h>

#include "base/limits.h"

/* What CURVE puts around a message: "\x07MESSAGE", nonce 8, MAC 16, flags 1 (RFC 26).  The limit of
 * ZeroMQ counts the frame on the wire. */
#define CURVE_OVERHEAD 33

bool kith_transport_int(void *socket, int option, int value)
{
	return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool set_options(void *s, const struct kith_pair *pair, bool v6)
{
	static const struct {
		int option, value;
	} ints[] = {
		{ZMQ_RCVHWM, KITH_HWM},
		{ZMQ_SNDHWM, KITH_HWM},
		{ZMQ_HANDSHAKE_IVL, KITH_HANDSHAKE_MS},
		{ZMQ_CONNECT_TIMEOUT, KITH_CONNECT_MS},
		{ZMQ_BACKLOG, KITH_BACKLOG},
		{ZMQ_HEARTBEAT_IVL, KITH_HEARTBEAT_MS},
		{ZMQ_HEARTBEAT_TIMEOUT, KITH_HEARTBEAT_TIMEOUT_MS},
		{ZMQ_HEARTBEAT_TTL, KITH_HEARTBEAT_TIMEOUT_MS},
		/* With -1, or with IMMEDIATE, a lost connection takes along what had come and was not
		 * read yet.  Nothing waits for the hour to pass: a lost dial is closed at once. */
		{ZMQ_RECONNECT_IVL, 3600000},
		{ZMQ_IMMEDIATE, 0},
		{ZMQ_LINGER, KITH_LINGER_MS},
	};
	int64_t most = KITH_MESSAGE_MAX + CURVE_OVERHEAD;

	for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
		if (!kith_transport_int(s, ints[i].option, ints[i].value))
			return false;
	return kith_transport_int(s, ZMQ_IPV6, v6) &&
	       zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
	       zmq_setsockopt(s, ZMQ_CURVE_PUBLICKEY, pair->key, sizeof pair->key) == 0 &&
	       zmq_setsockopt(s, ZMQ_CURVE_SECRETKEY, pair->secret, sizeof pair->secret) == 0;
}

void *kith_transport_socket(void *zmq, int type, const struct kith_pair *pair, bool v6)
{
	void *s = zmq_socket(zmq, type);

	if (s && !set_options(s, pair, v6)) {
		(void)zmq_close(s);
		return NULL;
	}
	return s;
}

void *kith_monitor_open(void *zmq, void *socket, int events)
{
	static unsigned number; /* each monitor needs a name that no other has */
	char name[32];
	void *pair;

	(void)snprintf(name, sizeof name, "inproc://monitor-%u", ++number);
	if (zmq_socket_monitor(socket, name, events) < 0)
		return NULL;
	pair = zmq_socket(zmq, ZMQ_PAIR);
	/* Without a bound: a full pipe would block ZeroMQ's own thread. */
	if (pair && kith_transport_int(pair, ZMQ_RCVHWM, 0) &&
		kith_transport_int(pair, ZMQ_LINGER, 0) && zmq_connect(pair, name) == 0)
		return pair;
	kith_monitor_close(socket, pair);
	return NULL;
}

void kith_monitor_close(void *socket, void *pair)
{
	if (socket)
		(void)zmq_socket_monitor(socket, NULL, 0);
	if (pair)
		(void)zmq_close(pair);
}

int kith_transport_receive(void *socket, zmq_msg_t frames[2])
{
	zmq_msg_t rest, *frame;
	int n = 0;
	bool more = true;

	(void)zmq_msg_init(&frames[0]);
	(void)zmq_msg_init(&frames[1]);
	while (more) {
		if (n >= 2)
			(void)zmq_msg_init(&rest);
		frame = n < 2 ? &frames[n] : &rest;
		if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0) {
			if (errno == EINTR)
				continue;
			more = false; /* frames of a message arrive together: there is none */
		} else {
			more = zmq_msg_more(frame);
			n++;
		}
		if (frame == &rest)
			(void)zmq_msg_close(&rest);
	}
	if (n > 0)
		return n;
	(void)zmq_msg_close(&frames[0]);
	(void)zmq_msg_close(&frames[1]);
	return -1;
}

bool kith_monitor_next(void *pair, uint16_t *ret_event, int *ret_value)
{
	zmq_msg_t frames[2];
	int n = kith_transport_receive(pair, frames);
	bool ok = n == 2 && zmq_msg_size(&frames[0]) == 6; /* event u16, value u32 */
	int32_t value;

	if (n < 0)
		return false;
	*ret_event = 0;
	*ret_value = -1;
	if (ok) {
		memcpy(ret_event, zmq_msg_data(&frames[0]), sizeof *ret_event);
		memcpy(&value, (const char *)zmq_msg_data(&frames[0]) + 2, sizeof value);
		*ret_value = value;
	}
	(void)zmq_msg_close(&frames[0]);
	(void)zmq_msg_close(&frames[1]);
	return true;
}
