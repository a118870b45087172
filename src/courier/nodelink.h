/* SPDX-License-Identifier: MIT
 *
 * nodelink - the datagram socket to the node (proto/courier.md, "The socket") on the one loop.
 */
#ifndef KITH_COURIER_NODELINK_H
#define KITH_COURIER_NODELINK_H

#include "courier/poller.h"
#include "message/message.h"

struct kith_nodelink;

/* Called with every datagram and its message type; the bytes are wiped afterwards. */
typedef void kith_on_datagram(void *ctx, uint64_t type, struct kith_span bytes);

/* Takes over fd and watches it.  The poller is stopped with status 0 when the node closes, and with
 * 1 when what came is no message, or the queue overflows.  NULL: no memory. */
struct kith_nodelink *kith_nodelink_new(
	struct kith_poller *p, int fd, kith_on_datagram *f, void *ctx);
void kith_nodelink_free(struct kith_nodelink *l); /* NULL allowed */

/* Sends a message, or queues it.  What cannot be packed is a mistake of ours and stops the
 * poller. */
void kith_nodelink_send(struct kith_nodelink *l, const struct kith_schema *schema, const void *msg);

/* Is the queue short enough to take what can wait?  While it is not, the poller holds back the
 * sources that can wait, so that strangers cannot fill the queue. */
bool kith_nodelink_room(const struct kith_nodelink *l);

/* TROUBLE: a sentence for the person, cut at what the message holds. */
void kith_nodelink_trouble(struct kith_nodelink *l, const char *fmt, ...) KITH_PRINTF(2, 3);

#endif
