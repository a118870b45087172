/* SPDX-License-Identifier: MIT
 *
 * The courier's end of the socket to the node: the orders that a node leaves behind when it goes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "courier/nodelink.h"
#include "message/link.h"

#define ORDERS       40     /* more than are read in a turn */
#define FAR_TOO_MANY 100000 /* for the kernel's buffer and ours */

struct courier {
	struct kith_poller poller;
	struct kith_nodelink *link;
	struct kith_link node; /* the far end */
	int carried_out;
	bool answers; /* each order is answered at once */
};

static void say(struct courier *c)
{
	kith_nodelink_send(c->link, &kith_courier_closed_schema,
		&(struct kith_courier_closed){.conn = 1});
}

static void order(void *ctx, uint64_t type, struct kith_span bytes)
{
	struct courier *c = ctx;

	(void)bytes;
	assert_int_equal(type, KITH_TYPE_COURIER_CLOSE);
	c->carried_out++;
	if (c->answers)
		say(c);
}

static void begin(struct courier *c)
{
	int fd[2];

	*c = (struct courier){.carried_out = 0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	kith_poller_init(&c->poller);
	assert_non_null(c->link = kith_nodelink_new(&c->poller, fd[0], order, c));
	kith_link_init(&c->node, fd[1]);
}

static void give(struct courier *c, int orders)
{
	for (int i = 0; i < orders; i++)
		assert_int_equal(kith_link_send(&c->node, &kith_courier_close_schema,
					 &(struct kith_courier_close){.conn = 1}),
			KITH_OK);
}

static void run_to_the_end(struct courier *c)
{
	assert_true(kith_poller_run(&c->poller));
	kith_nodelink_free(c->link);
	kith_poller_free(&c->poller);
	kith_link_close(&c->node);
}

static void the_orders_of_a_node_that_went_are_carried_out(void **state)
{
	struct courier c;

	(void)state;
	begin(&c);
	give(&c, ORDERS);
	kith_link_close(&c.node);
	run_to_the_end(&c);
	assert_int_equal(c.carried_out, ORDERS);
	assert_int_equal(c.poller.status, EXIT_SUCCESS);
}

/* As when somebody hangs up in the very moment: the news reach nobody, the orders stand. */
static void so_they_are_when_it_hears_no_answer(void **state)
{
	struct courier c;

	(void)state;
	begin(&c);
	c.answers = true;
	give(&c, ORDERS);
	kith_link_close(&c.node);
	say(&c);
	run_to_the_end(&c);
	assert_int_equal(c.carried_out, ORDERS);
	assert_int_equal(c.poller.status, EXIT_SUCCESS);
}

/* And when news wait that it would not read. */
static void so_they_are_when_news_wait(void **state)
{
	struct courier c;

	(void)state;
	begin(&c);
	while (kith_nodelink_room(c.link))
		say(&c);
	give(&c, ORDERS);
	kith_link_close(&c.node);
	say(&c);
	run_to_the_end(&c);
	assert_int_equal(c.carried_out, ORDERS);
	assert_int_equal(c.poller.status, EXIT_SUCCESS);
}

static void one_that_reads_nothing_is_given_up(void **state)
{
	struct courier c;

	(void)state;
	begin(&c);
	for (int i = 0; i < FAR_TOO_MANY && !c.poller.stop; i++)
		say(&c);
	assert_true(c.poller.stop);
	run_to_the_end(&c);
	assert_int_equal(c.poller.status, EXIT_FAILURE);
}

static void what_is_no_order_ends_it(void **state)
{
	struct courier c;

	(void)state;
	begin(&c);
	give(&c, 1);
	assert_int_equal(send(c.node.fd, "x", 1, 0), 1);
	give(&c, 1);
	run_to_the_end(&c);
	assert_int_equal(c.carried_out, 1);
	assert_int_equal(c.poller.status, EXIT_FAILURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_orders_of_a_node_that_went_are_carried_out),
		cmocka_unit_test(so_they_are_when_it_hears_no_answer),
		cmocka_unit_test(so_they_are_when_news_wait),
		cmocka_unit_test(one_that_reads_nothing_is_given_up),
		cmocka_unit_test(what_is_no_order_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
