/* SPDX-License-Identifier: MIT
 *
 * peer - a TCP connection of libzmq's as seen through its descriptor.
 *
 * libzmq owns the descriptor: it may have been closed, and given to another connection, at any time.
 * So the far end is compared before anything is done with it, and it is never closed here.
 */
#ifndef KITH_COURIER_PEER_H
#define KITH_COURIER_PEER_H

#include <netinet/in.h>

#include "courier/address.h"

struct kith_peer {
	int fd; /* -1: none */
	struct kith_ip ip;
	int scope;
	in_port_t port; /* network order */
};

/* Who is at the far end of fd.  False: not connected (any more), or not by IP. */
bool kith_peer_of(int fd, struct kith_peer *ret);

/* Ends the connection, if the descriptor is still this one's. */
void kith_peer_cut(const struct kith_peer *p);

/* How many bytes the far side has sent so far on this connection, handshakes and all; 0 when the
 * descriptor is another's by now. */
uint64_t kith_peer_received(const struct kith_peer *p);

#endif
