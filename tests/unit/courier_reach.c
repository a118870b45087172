/* SPDX-License-Identifier: MIT
 *
 * What an invitation names of a machine, and how its endpoints are read again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "courier/reach.h"
#include "courier_nets.h"

static void assert_named(const struct kith_invite *list, const char *const *texts, size_t n)
{
	assert_int_equal(list->n, n);
	for (size_t i = 0; i < n; i++) {
		struct kith_ip want = ip(texts[i]);
		assert_int_equal(list->at[i].v6, want.v6);
		assert_memory_equal(list->at[i].bytes, want.bytes, 16);
	}
}

#define NAMED(list, ...)                                                                           \
	assert_named(list, (const char *const[]){__VA_ARGS__},                                     \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* The useful ones first; of one kind every interface has its first before any has its second. */
static void the_useful_first(void **state)
{
	struct kith_nets nets = sample_nets();
	struct kith_invite list;

	(void)state;
	sample_address(&nets, TUN, "169.254.1.2", 16);
	kith_reach(&nets, false, &list);
	NAMED(&list, "192.0.2.10", "10.7.0.1", "2001:db8:0:3::10", "fe80::10", "169.254.1.2",
		"10.7.3.1");
}

static void no_more_than_fit(void **state)
{
	struct kith_nets nets = sample_nets();
	struct kith_invite list;

	(void)state;
	sample_address(&nets, ETH, "2001:db8:0:3::11", 64);
	sample_address(&nets, ETH, "2001:db8:0:3::12", 64);
	sample_address(&nets, ETH, "2001:db8:0:3::13", 64);
	kith_reach(&nets, false, &list);
	assert_int_equal(list.n, KITH_INVITE_ADDRESSES_MAX);
	assert_memory_equal(list.at[3].bytes, ip("fe80::10").bytes, 16); /* kept its place */
}

/* The same address on two interfaces is said once. */
static void no_address_twice(void **state)
{
	struct kith_nets nets = sample_nets();
	struct kith_invite list;

	(void)state;
	nets.addresses_n = 0;
	sample_address(&nets, ETH, "fe80::10", 64);
	sample_address(&nets, TUN, "fe80::10", 64);
	kith_reach(&nets, false, &list);
	NAMED(&list, "fe80::10");
}

static void the_loopback_when_it_is_all(void **state)
{
	struct kith_nets nets = sample_nets();
	struct kith_invite list;

	(void)state;
	nets.n = 1;
	nets.addresses_n = 2;
	kith_reach(&nets, true, &list);
	NAMED(&list, "127.0.0.1", "::1");
	kith_reach(&nets, false, &list);
	assert_int_equal(list.n, 0);
}

static size_t places(const char *text, size_t max, struct kith_place out[static 4])
{
	struct kith_nets nets = sample_nets();

	sample_address(&nets, TUN, "fe80::11", 64);
	return kith_endpoint_places(kith_span_str(text), &nets, out, max);
}

/* A link-local address without zone is one place on every interface that has such an address. */
static void places_without_a_zone(void **state)
{
	struct kith_place out[4];

	(void)state;
	assert_int_equal(places("[fe80::99]:4711", 4, out), 2);
	assert_int_equal(out[0].scope, ETH);
	assert_int_equal(out[1].scope, TUN);
	assert_int_equal(out[1].port, 4711);
	assert_int_equal(places("[fe80::99]:4711", 1, out), 1);
	assert_int_equal(places("[fe80::99]:4711", 0, out), 0);
	assert_int_equal(places("[fe80::99%tun0]:4711", 4, out), 1);
	assert_int_equal(out[0].scope, TUN);
	assert_int_equal(places("[2001:db8::1]:4711", 4, out), 1);
	assert_int_equal(places("169.254.1.2:4711", 4, out), 1);
	assert_int_equal(places("somewhere:4711", 4, out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_useful_first),
		cmocka_unit_test(no_more_than_fit),
		cmocka_unit_test(no_address_twice),
		cmocka_unit_test(the_loopback_when_it_is_all),
		cmocka_unit_test(places_without_a_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
