/* SPDX-License-Identifier: MIT
 *
 * transport - what listeners and dials have in common: socket options, frames, monitors
 * (proto/courier.md, "Transport").
 */
#ifndef KITH_COURIER_TRANSPORT_H
#define KITH_COURIER_TRANSPORT_H

#include <kith/bytes.h>
#include <zmq.h>

#define KITH_CURVE_BYTES 32

/* A CURVE key pair. */
struct kith_pair {
	uint8_t key[KITH_CURVE_BYTES];
	uint8_t secret[KITH_CURVE_BYTES];
};

/* A ROUTER or DEALER with every option of the page that both share, and the pair as its own.
 * NULL: no memory or no descriptors; errno says. */
void *kith_transport_socket(void *zmq, int type, const struct kith_pair *pair, bool v6);

/* Sets an int option; false on failure. */
bool kith_transport_int(void *socket, int option, int value);

/* A PAIR that hears the socket's monitor events out of `events`, without bound; NULL on failure. */
void *kith_monitor_open(void *zmq, void *socket, int events);

/* Ends the monitoring and closes the PAIR; both may be NULL. */
void kith_monitor_close(void *socket, void *pair);

/* The next event: true with its number and value (a descriptor for most).  False: no more now. */
bool kith_monitor_next(void *pair, uint16_t *ret_event, int *ret_value);

/*
 * Receives one whole message of at most two frames into frames[0] and frames[1] (both initialised
 * here, to be closed by the caller when this returns >= 0).  Further frames are read and dropped.
 * Returns the number of frames the message had, -1 when there is no message now.
 */
int kith_transport_receive(void *socket, zmq_msg_t frames[2]);

static inline struct kith_span kith_frame(zmq_msg_t *frame)
{
	return kith_span(zmq_msg_data(frame), zmq_msg_size(frame));
}

#endif
