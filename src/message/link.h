/* SPDX-License-Identifier: MIT
 *
 * link - one end of a SOCK_SEQPACKET connection that carries messages, one a datagram.
 * Between node and courier, and between client and node (proto/courier.md, proto/control.md).
 *
 * Non-blocking: what the kernel does not take waits in a queue of QUEUE_MAX datagrams; a reader who
 * lets it overflow is given up.
 */
#ifndef KITH_MESSAGE_LINK_H
#define KITH_MESSAGE_LINK_H

#include <kith/bytes.h>

#include "base/limits.h"
#include "message/message.h"

/* Start with kith_link_init or {.fd = -1}; end with kith_link_close. */
struct kith_link {
	int fd;                                /* -1 when closed */
	bool broken;                           /* the other end is gone, or too slow */
	struct kith_buf queue[KITH_QUEUE_MAX]; /* a ring of datagrams that wait */
	size_t first, waiting;                 /* of the ring */
	struct kith_buf in;                    /* the datagram received last */
};

/* Takes over the descriptor and makes it non-blocking and close-on-exec.  From now on the other end
 * cannot send descriptors along (EPERM there), where the kernel knows how to refuse them: from Linux
 * 6.16 on.  Older ones drop them, here, when their datagram is received or the link is closed. */
void kith_link_init(struct kith_link *link, int fd);

/* Closes the descriptor and drops what waits. */
void kith_link_close(struct kith_link *link);

/* Packs and sends a message, or queues it.  Errors: those of kith_pack (nothing sent);
 * KITH_ERR_NODE: the other end is gone, or its queue is full; the link is then broken. */
enum kith_err kith_link_send(
	struct kith_link *link, const struct kith_schema *schema, const void *msg) KITH_MUST_CHECK;

/* How many datagrams wait for the reader. */
static inline size_t kith_link_waiting(const struct kith_link *link)
{
	return link->waiting;
}

/* Whether to poll for writing, and what to do then. */
bool kith_link_wants_out(const struct kith_link *link);
void kith_link_flush(struct kith_link *link);

/*
 * Receives one datagram; *ret_bytes is valid until the next call, *ret_type its message type.
 * KITH_ERR_MISSING: none now; KITH_ERR_NODE: the other end has closed; any error of
 * kith_message_type: what came is no message (and the link had better be closed).
 */
enum kith_err kith_link_receive(
	struct kith_link *link, struct kith_span *ret_bytes, uint64_t *ret_type) KITH_MUST_CHECK;

#endif
