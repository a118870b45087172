/* SPDX-License-Identifier: MIT */
#include "zmtp.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

bool wire_send(int fd, const void *p, size_t n)
{
	const uint8_t *at = p;

	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

bool wire_read(int fd, void *p, size_t n)
{
	uint8_t *at = p;

	while (n > 0) {
		ssize_t got = recv(fd, at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

int wire_fate(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint8_t waste[4096];

	while (poll(&p, 1, ms) > 0) {
		ssize_t got = recv(fd, waste, sizeof waste, MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
			return 0;
	}
	return 1;
}

void zmtp_greeting(
	uint8_t out[GREETING_BYTES], uint8_t major, const char *mechanism, bool as_server)
{
	memset(out, 0, GREETING_BYTES);
	out[0] = 0xff;
	out[8] = 1;
	out[9] = 0x7f;
	out[10] = major;
	out[11] = 1;
	memcpy(out + 12, mechanism, strlen(mechanism));
	out[32] = as_server;
}

bool zmtp_greet(int fd, bool as_server)
{
	uint8_t mine[GREETING_BYTES], theirs[GREETING_BYTES];

	zmtp_greeting(mine, 3, "CURVE", as_server);
	return wire_send(fd, mine, sizeof mine) && wire_read(fd, theirs, sizeof theirs);
}

size_t zmtp_head(uint8_t out[static 9], uint8_t flags, uint64_t n)
{
	out[0] = flags;
	if (n < 256) {
		out[1] = (uint8_t)n;
		return 2;
	}
	out[0] |= ZMTP_LONG;
	for (int i = 0; i < 8; i++)
		out[1 + i] = (uint8_t)(n >> (56 - 8 * i));
	return 9;
}

bool zmtp_send(int fd, uint8_t flags, const void *p, size_t n)
{
	uint8_t head[9];
	size_t h = zmtp_head(head, flags, n);

	return wire_send(fd, head, h) && wire_send(fd, p, n);
}

ssize_t zmtp_read(int fd, uint8_t *ret_flags, uint8_t body[static FRAME_MAX])
{
	uint8_t head[8];
	uint64_t n = 0;

	if (!wire_read(fd, ret_flags, 1) || !wire_read(fd, head, *ret_flags & ZMTP_LONG ? 8 : 1))
		return -1;
	for (int i = 0; i < (*ret_flags & ZMTP_LONG ? 8 : 1); i++)
		n = n << 8 | head[i];
	return n <= FRAME_MAX && wire_read(fd, body, n) ? (ssize_t)n : -1;
}
