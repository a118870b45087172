/* SPDX-License-Identifier: MIT
 *
 * The datagram link: what waits, what overflows, what is no message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "message/link.h"

/* Two ends; the far one is a plain descriptor. */
static void pair(struct kith_link *link, int *far)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	kith_link_init(link, fd[0]);
	*far = fd[1];
}

/* A message that fills a datagram well: few fit into the kernel's own queue. */
static enum kith_err send_large(struct kith_link *link, uint8_t fill)
{
	static uint8_t bytes[KITH_MESSAGE_MAX];

	memset(bytes, fill, sizeof bytes);
	return kith_link_send(link, &kith_courier_send_schema,
		&(struct kith_courier_send){.conn = 1, .bytes = kith_span(bytes, sizeof bytes)});
}

static void test_a_message_arrives(void **state)
{
	struct kith_link a, b;
	struct kith_courier_close m = {0};
	struct kith_span bytes;
	uint64_t type = 0;
	int far;

	(void)state;
	pair(&a, &far);
	kith_link_init(&b, far);
	assert_int_equal(kith_link_receive(&b, &bytes, &type), KITH_ERR_MISSING);
	assert_int_equal(kith_link_send(&a, &kith_courier_close_schema,
				 &(struct kith_courier_close){.conn = 7}),
		KITH_OK);
	assert_int_equal(kith_link_receive(&b, &bytes, &type), KITH_OK);
	assert_int_equal(type, KITH_TYPE_COURIER_CLOSE);
	assert_int_equal(kith_unpack(&kith_courier_close_schema, bytes, &m), KITH_OK);
	assert_int_equal(m.conn, 7);
	assert_int_equal(fcntl(a.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	kith_link_close(&a);
	assert_int_equal(kith_link_receive(&b, &bytes, &type), KITH_ERR_NODE);
	kith_link_close(&b);
}

/* QUEUE_MAX wait behind what the kernel holds; one more, and the reader is given up. */
/* An end that closes without having read everything still gets its own last words across. */
static void test_last_words_arrive(void **state)
{
	struct kith_link a, b;
	struct kith_span bytes;
	uint64_t type = 0;
	int far;

	(void)state;
	pair(&a, &far);
	kith_link_init(&b, far);
	assert_int_equal(kith_link_send(&b, &kith_courier_close_schema,
				 &(struct kith_courier_close){.conn = 7}),
		KITH_OK); /* what a will not have read */
	assert_int_equal(kith_link_send(&a, &kith_courier_close_schema,
				 &(struct kith_courier_close){.conn = 8}),
		KITH_OK);
	kith_link_close(&a);
	assert_int_equal(kith_link_receive(&b, &bytes, &type), KITH_OK);
	assert_int_equal(type, KITH_TYPE_COURIER_CLOSE);
	assert_int_equal(kith_link_receive(&b, &bytes, &type), KITH_ERR_NODE);
	kith_link_close(&b);
}

static void test_a_slow_reader_is_given_up(void **state)
{
	struct kith_link a;
	size_t sent = 0;
	int far;

	(void)state;
	pair(&a, &far);
	while (!kith_link_wants_out(&a) && sent < 1000) {
		assert_int_equal(send_large(&a, 1), KITH_OK);
		sent++;
	}
	assert_true(kith_link_wants_out(&a));
	for (size_t i = 1; i < KITH_QUEUE_MAX; i++)
		assert_int_equal(send_large(&a, 2), KITH_OK);
	assert_false(a.broken);
	assert_int_equal(send_large(&a, 3), KITH_ERR_NODE);
	assert_true(a.broken);
	kith_link_close(&a);
	close(far);
}

/* What waited leaves in order once there is room. */
static void test_the_queue_keeps_the_order(void **state)
{
	static uint8_t datagram[KITH_DATAGRAM_MAX];
	struct kith_link a;
	uint8_t next = 0, got = 0;
	int far;

	(void)state;
	pair(&a, &far);
	while (a.waiting < 5)
		assert_int_equal(send_large(&a, next++), KITH_OK);
	while (got < next) {
		ssize_t n = recv(far, datagram, sizeof datagram, MSG_DONTWAIT);
		assert_true(n > KITH_MESSAGE_MAX);
		assert_int_equal(datagram[n - 1], got);
		got++;
		kith_link_flush(&a);
	}
	assert_false(kith_link_wants_out(&a));
	kith_link_close(&a);
	close(far);
}

static void test_what_is_no_message(void **state)
{
	static uint8_t junk[KITH_DATAGRAM_MAX + 1] = {0x81, 0xc0};
	struct kith_link a;
	struct kith_span bytes;
	uint64_t type;
	int far, one = 1 << 20;

	(void)state;
	pair(&a, &far);
	assert_int_equal(setsockopt(far, SOL_SOCKET, SO_SNDBUF, &one, sizeof one), 0);
	assert_int_equal(send(far, "\xc1", 1, 0), 1);
	assert_int_equal(kith_link_receive(&a, &bytes, &type), KITH_ERR_TYPE);
	assert_int_equal(send(far, "\x80", 1, 0), 1);
	assert_int_equal(kith_link_receive(&a, &bytes, &type), KITH_ERR_SHAPE);
	assert_int_equal(send(far, junk, sizeof junk, 0), sizeof junk);
	assert_int_equal(kith_link_receive(&a, &bytes, &type), KITH_ERR_LIMIT);
	kith_link_close(&a);
	close(far);
}

/* --- descriptors that are sent along ---------------------------------------------------------- */

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

#define HOLD_S 5

static void set_linger(int fd, int seconds)
{
	struct linger l = {seconds > 0, seconds};

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
}

/* A TCP socket with more to send than its far end, *ret_far, will take: its close waits HOLD_S. */
static int slow_to_close(int *ret_far)
{
	static const char bytes[65536];
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&a, n), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &n), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, n), 0);
	*ret_far = accept(listener, NULL, NULL);
	assert_true(*ret_far >= 0);
	assert_int_equal(close(listener), 0);
	while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
		;
	set_linger(fd, HOLD_S);
	return fd;
}

static ssize_t send_along(int to, struct kith_span bytes, int fd)
{
	struct iovec v = {(void *)bytes.p, bytes.n};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} u = {.head = {CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS}};
	struct msghdr m = {.msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = u.room,
		.msg_controllen = sizeof u.room};

	memcpy(CMSG_DATA(&u.head), &fd, sizeof fd);
	return sendmsg(to, &m, MSG_NOSIGNAL);
}

static bool knows_passrights(int fd)
{
	int on;
	socklen_t n = sizeof on;

	return getsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &on, &n) == 0;
}

/* Who has taken over the courier sends one beside a good message, and keeps no copy: whoever
 * receives it closes it, and would wait there. */
static void test_a_descriptor_sent_along_holds_nobody(void **state)
{
	struct kith_link a;
	struct kith_span bytes, close_7 = kith_span("\x82\x00\x06\x01\x07", 5);
	struct timespec begun, ended;
	uint64_t type = 0;
	int far, tcp, tcp_far;

	(void)state;
	pair(&a, &far);
	if (!knows_passrights(far))
		skip();
	tcp = slow_to_close(&tcp_far);
	ssize_t sent = send_along(far, close_7, tcp);
	int why = errno;
	if (sent < 0)
		set_linger(tcp, 0);
	assert_int_equal(close(tcp), 0);
	if (sent < 0)
		assert_int_equal(send(far, close_7.p, close_7.n, 0), close_7.n);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &begun), 0);
	assert_int_equal(kith_link_receive(&a, &bytes, &type), KITH_OK);
	kith_link_close(&a);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &ended), 0);
	assert_int_equal(type, KITH_TYPE_COURIER_CLOSE);
	assert_in_range(ended.tv_sec - begun.tv_sec, 0, HOLD_S - 2);
	assert_true(sent < 0 && why == EPERM);
	close(tcp_far);
	close(far);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_arrives),
		cmocka_unit_test(test_last_words_arrive),
		cmocka_unit_test(test_a_slow_reader_is_given_up),
		cmocka_unit_test(test_the_queue_keeps_the_order),
		cmocka_unit_test(test_what_is_no_message),
		cmocka_unit_test(test_a_descriptor_sent_along_holds_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
