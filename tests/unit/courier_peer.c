/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "courier/peer.h"
#include "courier_nets.h"

/* Two ends of a TCP connection on the loopback. */
struct pair {
	int listener, near, far;
	struct kith_peer peer; /* the far end as seen from the near one */
};

static void open_pair(struct pair *p)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	p->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p->listener, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(p->listener, 2), 0);
	assert_int_equal(getsockname(p->listener, (struct sockaddr *)&at, &n), 0);
	p->far = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(p->far, (struct sockaddr *)&at, n), 0);
	p->near = accept(p->listener, NULL, NULL);
	assert_true(kith_peer_of(p->near, &p->peer));
}

static void close_pair(struct pair *p)
{
	(void)close(p->listener);
	(void)close(p->near);
	(void)close(p->far);
}

/* Has the connection been cut off, as its far end sees it? */
static bool cut(const struct pair *p)
{
	struct pollfd one = {.fd = p->far, .events = POLLIN};
	char byte;

	return poll(&one, 1, 0) == 1 && recv(p->far, &byte, 1, 0) == 0;
}

static void a_peer_is_cut_off_through_its_descriptor(void **state)
{
	struct kith_ip loopback = ip("127.0.0.1");
	struct pair p;

	(void)state;
	open_pair(&p);
	assert_int_equal(p.peer.fd, p.near);
	assert_true(kith_ip_eq(&p.peer.ip, &loopback));
	assert_false(cut(&p));
	kith_peer_cut(&p.peer);
	assert_true(cut(&p));
	assert_true(fcntl(p.near, F_GETFD) >= 0); /* shut down, not closed */
	close_pair(&p);
}

/* libzmq has closed the first one, and the kernel has given its number to the second. */
static void another_that_has_the_descriptor_now_is_left_alone(void **state)
{
	struct pair old, now;

	(void)state;
	open_pair(&old);
	open_pair(&now);
	assert_int_equal(send(now.far, "xyz", 3, 0), 3);
	assert_int_equal(dup2(now.near, old.near), old.near);
	kith_peer_cut(&old.peer);
	assert_false(cut(&now));
	assert_int_equal(kith_peer_received(&old.peer), 0);
	close_pair(&old);
	close_pair(&now);
}

static void what_has_come_is_counted_read_or_not(void **state)
{
	char bytes[1000] = "";
	struct pair p;

	(void)state;
	open_pair(&p);
	assert_int_equal(kith_peer_received(&p.peer), 0);
	assert_int_equal(send(p.far, bytes, sizeof bytes, 0), sizeof bytes);
	assert_int_equal(recv(p.near, bytes, sizeof bytes / 2, MSG_WAITALL), sizeof bytes / 2);
	assert_int_equal(kith_peer_received(&p.peer), sizeof bytes);
	assert_int_equal(send(p.far, bytes, 1, 0), 1);
	assert_int_equal(kith_peer_received(&p.peer), sizeof bytes + 1);
	close_pair(&p);
}

static void what_is_no_connection_is_nobody(void **state)
{
	struct kith_peer peer = {.fd = -1}, none = {.fd = -1};
	int ends[2];

	(void)state;
	assert_false(kith_peer_of(-1, &peer));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_false(kith_peer_of(ends[0], &peer));
	assert_int_equal(peer.fd, -1); /* written on success only */
	kith_peer_cut(&none);
	assert_int_equal(kith_peer_received(&none), 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_peer_is_cut_off_through_its_descriptor),
		cmocka_unit_test(another_that_has_the_descriptor_now_is_left_alone),
		cmocka_unit_test(what_has_come_is_counted_read_or_not),
		cmocka_unit_test(what_is_no_connection_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
