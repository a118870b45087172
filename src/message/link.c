/* SPDX-License-Identifier: MIT */
#include "message/link.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/auto.h"

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83 /* Linux 6.16 */
#endif

void kith_link_init(struct kith_link *link, int fd)
{
	int no = 0;

	*link = (struct kith_link){.fd = fd};
	/* Whoever lets go of a descriptor last waits where its close does, as with SO_LINGER. */
	(void)setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &no, sizeof no);
	(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void kith_link_close(struct kith_link *link)
{
	if (link->fd >= 0)
		(void)close(link->fd);
	link->fd = -1;
	for (; link->waiting > 0; link->waiting--) {
		kith_buf_free(&link->queue[link->first]);
		link->first = (link->first + 1) % KITH_QUEUE_MAX;
	}
	kith_buf_free(&link->in);
}

/* 1 sent, 0 not now, -1 never. */
static int try_send(struct kith_link *link, struct kith_span bytes)
{
	for (;;) {
		ssize_t n = send(link->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n >= 0)
			return 1;
		if (errno == EINTR)
			continue;
		return errno == EAGAIN || errno == ENOBUFS ? 0 : -1;
	}
}

static enum kith_err give_up(struct kith_link *link)
{
	link->broken = true;
	return KITH_ERR_NODE;
}

enum kith_err kith_link_send(
	struct kith_link *link, const struct kith_schema *schema, const void *msg)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	enum kith_err err = kith_pack(schema, msg, &bytes);
	int sent = 0;

	if (err)
		return err;
	if (link->fd < 0 || link->broken)
		return KITH_ERR_NODE;
	if (link->waiting == 0)
		sent = try_send(link, kith_buf_span(&bytes));
	if (sent < 0 || (sent == 0 && link->waiting == KITH_QUEUE_MAX))
		return give_up(link);
	if (sent == 0) {
		link->queue[(link->first + link->waiting++) % KITH_QUEUE_MAX] = bytes;
		bytes = (struct kith_buf){0};
	}
	return KITH_OK;
}

bool kith_link_wants_out(const struct kith_link *link)
{
	return link->waiting > 0;
}

void kith_link_flush(struct kith_link *link)
{
	while (link->waiting > 0) {
		int sent = try_send(link, kith_buf_span(&link->queue[link->first]));
		if (sent < 0)
			link->broken = true;
		if (sent <= 0)
			return;
		kith_buf_free(&link->queue[link->first]);
		link->first = (link->first + 1) % KITH_QUEUE_MAX;
		link->waiting--;
	}
}

enum kith_err kith_link_receive(
	struct kith_link *link, struct kith_span *ret_bytes, uint64_t *ret_type)
{
	uint8_t *to;
	ssize_t n;

	if (link->fd < 0)
		return KITH_ERR_NODE;
	kith_buf_clear(&link->in);
	if (kith_buf_more(&link->in, KITH_DATAGRAM_MAX + 1, &to))
		return KITH_ERR_NOMEM;
	/* ECONNRESET: the other end closed before it had read everything.  It is told once, and before
	 * the last words, which are there still. */
	do
		n = recv(link->fd, to, KITH_DATAGRAM_MAX + 1, 0);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	link->in.n = n > 0 ? (size_t)n : 0;
	if (n < 0)
		return errno == EAGAIN ? KITH_ERR_MISSING : KITH_ERR_NODE;
	if (n == 0)
		return KITH_ERR_NODE;
	*ret_bytes = kith_buf_span(&link->in);
	return kith_message_type(*ret_bytes, ret_type);
}
