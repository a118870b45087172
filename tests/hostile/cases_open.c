/* SPDX-License-Identifier: MIT
 *
 * Attacks by somebody who never gets as far as a handshake.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "crowd.h"

#define TIMEOUT_MS 3000

/* Waits until the far side has closed all of them; returns how many it left, and when the last
 * went. */
static size_t await_closed(struct pollfd *p, size_t n, uint64_t until, uint64_t *ret_last)
{
	size_t left = 0;
	uint8_t waste[256];

	for (size_t i = 0; i < n; i++)
		left += p[i].fd >= 0;
	while (crowd_now() < until) {
		if (poll(p, n, (int)(until - crowd_now() + 1)) <= 0)
			continue;
		for (size_t i = 0; i < n; i++) {
			if (p[i].fd < 0 || !p[i].revents)
				continue;
			if (recv(p[i].fd, waste, sizeof waste, MSG_DONTWAIT) > 0)
				continue;
			(void)close(p[i].fd);
			p[i].fd = -1;
			left--;
			*ret_last = crowd_now();
		}
	}
	return left;
}

static void close_all(struct pollfd *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].fd >= 0)
			(void)close(p[i].fd);
	free(p);
}

/* Case 49: half-open connections, every second one with the first bytes of a greeting. */
bool case_half_open(const struct order *o)
{
	struct pollfd *p = calloc(o->count + 1, sizeof *p);
	uint64_t begin = crowd_now(), last = begin;
	size_t opened = 0;

	for (size_t i = 0; p && i < o->count; i++) {
		p[i] = (struct pollfd){
			.fd = target_connect(&o->target, i, 0, 500), .events = POLLIN};
		opened += p[i].fd >= 0;
		if (p[i].fd >= 0 && i % 2)
			(void)wire_send(p[i].fd, "\xff\0\0\0", 4);
	}
	if (!p)
		return false;
	printf("{\"opened\": %zu, \"ms\": %llu}\n", opened,
		(unsigned long long)(crowd_now() - begin));
	(void)fflush(stdout);
	size_t left = await_closed(p, o->count, crowd_now() + o->seconds * 1000, &last);
	printf("{\"left\": %zu, \"last_ms\": %llu}\n", left, (unsigned long long)(last - begin));
	close_all(p, o->count);
	return opened > 0;
}

/* --- one byte a second ------------------------------------------------------------------------ */

struct drip {
	struct pollfd poll;
	uint8_t frame[202];
	size_t at;
};

static void start_drip(const struct order *o, struct drip *d, size_t who)
{
	struct kith_pair keys;
	struct curve c;

	d->poll = (struct pollfd){
		.fd = target_connect(&o->target, who, 0, TIMEOUT_MS), .events = POLLIN};
	kith_pair_new(kith_env_default(), &keys);
	curve_start(&c, d->poll.fd, &keys, o->target.key);
	curve_hello_bytes(&c, d->frame);
	if (d->poll.fd >= 0 && !zmtp_greet(d->poll.fd, false)) {
		(void)close(d->poll.fd);
		d->poll.fd = -1;
	}
}

/* Case 50: CURVE's HELLO, one byte a second.  Prints how long the slowest held out. */
bool case_drip(const struct order *o)
{
	struct drip *all = calloc(o->count + 1, sizeof *all);
	uint64_t begin = crowd_now(), last = begin;
	size_t begun = 0, left = 0;

	if (!all)
		return false;
	for (size_t i = 0; i < o->count; i++) {
		start_drip(o, &all[i], i);
		begun += all[i].poll.fd >= 0;
	}
	left = begun;
	printf("{\"begun\": %zu}\n", begun);
	(void)fflush(stdout);
	for (unsigned s = 0; s < o->seconds; s++) {
		for (size_t i = 0; i < o->count; i++) {
			struct drip *d = &all[i];
			if (d->poll.fd < 0)
				continue;
			if (d->at < sizeof d->frame && wire_fate(d->poll.fd, 0) &&
				wire_send(d->poll.fd, d->frame + d->at++, 1))
				continue;
			(void)close(d->poll.fd);
			d->poll.fd = -1;
			left--;
			last = crowd_now();
		}
		crowd_until(begin + (s + 1) * UINT64_C(1000));
	}
	printf("{\"left\": %zu, \"last_ms\": %llu}\n", left, (unsigned long long)(last - begin));
	for (size_t i = 0; i < o->count; i++)
		if (all[i].poll.fd >= 0)
			(void)close(all[i].poll.fd);
	free(all);
	return begun > 0;
}

/* --- a frame of 8 GiB ------------------------------------------------------------------------- */

/* Case 51: before any handshake, as a command and as a message.  Prints how much was taken. */
bool case_giant(const struct order *o)
{
	static uint8_t waste[65536];
	bool made = false;

	for (int i = 0; i < 2; i++) {
		int fd = target_connect(&o->target, (size_t)i, 0, TIMEOUT_MS);
		uint8_t head[9];
		size_t sent = 0, n = zmtp_head(head, i ? 0 : ZMTP_COMMAND, UINT64_C(8) << 30);
		if (fd < 0 || !zmtp_greet(fd, false) || !wire_send(fd, head, n))
			return false;
		made = true;
		uint64_t until = crowd_now() + o->seconds * UINT64_C(1000);
		while (crowd_now() < until && wire_fate(fd, 0) &&
			wire_send(fd, waste, sizeof waste))
			sent += sizeof waste;
		printf("{\"form\": \"%s\", \"taken\": %zu, \"open\": %d}\n",
			i ? "message" : "command", sent, wire_fate(fd, 100));
		(void)close(fd);
	}
	return made;
}

/* --- who is not a kith at all ----------------------------------------------------------------- */

struct strange {
	const char *what;
	size_t n;
	uint8_t bytes[600];
};

static void greeting_of(struct strange *s, uint8_t major, const char *mechanism)
{
	zmtp_greeting(s->bytes, major, mechanism, false);
	s->n = GREETING_BYTES;
}

static void text_of(struct strange *s, const char *text)
{
	s->n = strlen(text);
	memcpy(s->bytes, text, s->n);
}

/* The k-th greeting of case 56; false past the last. */
static bool strange_nth(unsigned k, struct strange *s)
{
	static const uint8_t tls[] = {
		0x16, 0x03, 0x01, 0x01, 0x2c, 0x01, 0x00, 0x01, 0x28, 0x03, 0x03};
	static const uint8_t zmtp1[] = {0x01, 0x00, 0x02, 0x00, 'x'};
	static const uint8_t zmtp2[] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 5, 0, 0};
	static const char *const whats[] = {"ZMTP 1.0", "ZMTP 2.0", "NULL", "PLAIN", "no mechanism",
		"ZMTP 9", "as a server", "HTTP", "TLS", "SSH", "nothing"};

	*s = (struct strange){.what = k < sizeof whats / sizeof whats[0] ? whats[k] : NULL};
	switch (k) {
	case 0:
		memcpy(s->bytes, zmtp1, s->n = sizeof zmtp1);
		break;
	case 1:
		memcpy(s->bytes, zmtp2, s->n = sizeof zmtp2);
		break;
	case 2:
	case 3:
	case 4:
		greeting_of(s, 3, k == 2 ? "NULL" : k == 3 ? "PLAIN" : "");
		break;
	case 5:
		greeting_of(s, 9, "NULL");
		break;
	case 6:
		zmtp_greeting(s->bytes, 3, "CURVE", true);
		s->n = GREETING_BYTES;
		break;
	case 7:
		text_of(s, "GET / HTTP/1.1\r\nHost: kith\r\nUser-Agent: curl\r\n\r\n");
		break;
	case 8:
		memcpy(s->bytes, tls, sizeof tls);
		s->n = 300;
		break;
	case 9:
		text_of(s, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
		break;
	default:
		break;
	}
	return s->what != NULL;
}

/* Case 56.  `seconds`: how long each is waited for. */
bool case_strange(const struct order *o)
{
	struct strange s;

	for (unsigned k = 0; strange_nth(k, &s); k++) {
		int fd = target_connect(&o->target, k, 0, TIMEOUT_MS);
		uint64_t begin = crowd_now();
		if (fd < 0 || !wire_send(fd, s.bytes, s.n))
			return false;
		/* A handshake that an honest NULL peer would begin with. */
		(void)zmtp_send(fd, ZMTP_COMMAND, "\x05READY", 6);
		int open = wire_fate(fd, (int)o->seconds * 1000);
		printf("{\"greeting\": \"%s\", \"open\": %d, \"ms\": %llu}\n", s.what, open,
			(unsigned long long)(crowd_now() - begin));
		(void)fflush(stdout);
		(void)close(fd);
	}
	return true;
}

/* Case 56: a port scan, closed politely and by reset. */
bool case_scan(const struct order *o)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	uint64_t begin = crowd_now();
	size_t opened = 0;

	for (size_t i = 0; i < o->count; i++) {
		if (o->rate)
			crowd_until(begin + i * 1000 / o->rate);
		int fd = target_connect(&o->target, i, 0, TIMEOUT_MS);
		if (fd < 0)
			continue;
		opened++;
		if (i % 2)
			(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		(void)close(fd);
	}
	printf("{\"opened\": %zu}\n", opened);
	return opened > 0;
}
