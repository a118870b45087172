/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>

#include "courier/origin.h"
#include "courier_nets.h"

/* Are the two counted as one? */
static bool one(const char *a, int a_scope, const char *b, int b_scope)
{
	struct kith_ip x = ip(a), y = ip(b);
	struct kith_origin from = kith_origin_of(&x, a_scope), to = kith_origin_of(&y, b_scope);

	return kith_origin_eq(&from, &to);
}

static void an_ipv4_address_is_one(void **state)
{
	(void)state;
	assert_true(one("192.0.2.1", 0, "192.0.2.1", 0));
	assert_false(one("192.0.2.1", 0, "192.0.2.2", 0));
	assert_false(one("169.254.0.1", 0, "169.254.0.2", 0));
}

static void a_link_local_address_is_one_with_its_interface(void **state)
{
	(void)state;
	assert_true(one("fe80::1", ETH, "fe80::1", ETH));
	assert_false(one("fe80::1", ETH, "fe80::2", ETH));
	assert_false(one("fe80::1", ETH, "fe80::1", TUN));
	assert_false(one("febf::1", ETH, "febf::2", ETH)); /* the last of fe80::/10 */
}

static void any_other_ipv6_network_of_64_bits_is_one(void **state)
{
	(void)state;
	assert_true(one("2001:db8::1", 0, "2001:db8::ffff:ffff:ffff:ffff", 0));
	assert_false(one("2001:db8::1", 0, "2001:db8:0:1::1", 0));
	assert_true(one("fd00:6b::1", 0, "fd00:6b::2", 0));
	assert_true(one("fec0::1", 0, "fec0::2", 0)); /* one past fe80::/10 */
	assert_true(one("2001:db8::1", ETH, "2001:db8::2", TUN));
}

static void ipv4_is_never_ipv6(void **state)
{
	(void)state;
	assert_false(one("0.0.0.0", 0, "::", 0));
	assert_false(one("32.1.13.184", 0, "2001:db8::", 0));
}

static void addresses_are_read_as_zeromq_writes_them(void **state)
{
	static const struct {
		const char *text, *address;
		int scope;
	} good[] = {
		{"192.0.2.1", "192.0.2.1", 0},
		{"::ffff:192.0.2.1", "192.0.2.1", 0},
		{"2001:db8::1", "2001:db8::1", 0},
		{"fe80::1%eth0", "fe80::1", ETH},
		{"fe80::1%tun0", "fe80::1", TUN},
		{"fe80::1%wlan7", "fe80::1", -1},
		{"fe80::1%", "fe80::1", -1},
	};
	struct kith_nets nets = sample_nets();

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct kith_ip want = ip(good[i].address), got;
		int scope = 99;
		assert_true(kith_origin_read(good[i].text, &nets, &got, &scope));
		assert_true(kith_ip_eq(&got, &want));
		assert_int_equal(scope, good[i].scope);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = {NULL, "", "%", "%eth0", "192.0.2", "192.0.2.1%eth0",
		"192.0.2.1 ", "localhost", "fe80::1::2", "[::1]",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"};
	struct kith_nets nets = sample_nets();
	struct kith_ip got;
	int scope;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (kith_origin_read(bad[i], &nets, &got, &scope))
			fail_msg("taken: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ipv4_address_is_one),
		cmocka_unit_test(a_link_local_address_is_one_with_its_interface),
		cmocka_unit_test(any_other_ipv6_network_of_64_bits_is_one),
		cmocka_unit_test(ipv4_is_never_ipv6),
		cmocka_unit_test(addresses_are_read_as_zeromq_writes_them),
		cmocka_unit_test(what_is_no_address_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
