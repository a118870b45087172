/* SPDX-License-Identifier: MIT
 *
 * The datagram link: what waits, what overflows, what is no message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_arrives),
		cmocka_unit_test(test_last_words_arrive),
		cmocka_unit_test(test_a_slow_reader_is_given_up),
		cmocka_unit_test(test_the_queue_keeps_the_order),
		cmocka_unit_test(test_what_is_no_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
