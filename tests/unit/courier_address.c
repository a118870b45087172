/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "courier_nets.h"

static void endpoints_are_written_as_they_are_read(void **state)
{
	static const char *const good[] = {"192.0.2.1:4711", "[2001:db8::1]:4711",
		"[fe80::1%eth0]:4711", "127.0.0.1:1", "[::1]:65535", "10.0.0.1:1024"};
	struct kith_nets nets = sample_nets();

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		char out[KITH_ENDPOINT_BYTES];
		struct kith_place place;
		assert_true(kith_endpoint_read(kith_span_str(good[i]), &nets, &place));
		assert_true(kith_endpoint_write(out, &place, &nets));
		assert_string_equal(out, good[i]);
	}
}

static void what_is_no_endpoint_is_refused(void **state)
{
	static const char *const bad[] = {"", ":", "192.0.2.1", "192.0.2.1:", "192.0.2.1:0",
		"192.0.2.1:65536", "192.0.2.1:4711 ", "192.0.2.1:+1", "192.0.2.1: 1",
		"localhost:4711", "*:4711", "192.0.2:4711", "192.0.2.1:4711;192.0.2.1:4712",
		"[2001:db8::1:4711", "2001:db8::1:4711", "2001:db8::1]:4711", "[]:4711",
		"[fe80::1]:4711", "[fe80::1%wlan7]:4711", "[fe80::1%]:4711",
		"[2001:db8::1%eth0]:4711", "[::1%]:4711", "192.0.2.1%eth0:4711", "[192.0.2.1]:4711",
		"ipc:///x:1", "eth0;192.0.2.1:4711"};
	struct kith_nets nets = sample_nets();
	struct kith_place place;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (kith_endpoint_read(kith_span_str(bad[i]), &nets, &place))
			fail_msg("taken: %s", bad[i]);
	assert_false(kith_endpoint_read(kith_span("192.0.2.1:47\0x", 14), &nets, &place));
	char longest[200];
	memset(longest, '1', sizeof longest);
	assert_false(kith_endpoint_read(kith_span(longest, sizeof longest), &nets, &place));
}

static void the_longest_endpoint_fits(void **state)
{
	struct kith_nets nets = {.n = 1, .at = {{.index = 7, .name = "interface012345"}}};
	struct kith_place place = {.scope = 7, .port = 65535};
	char out[KITH_ENDPOINT_BYTES];

	(void)state;
	place.ip = ip("fe80:1111:2222:3333:4444:5555:6666:7777");
	assert_true(kith_endpoint_write(out, &place, &nets));
	assert_string_equal(out, "[fe80:1111:2222:3333:4444:5555:6666:7777%interface012345]:65535");
	nets.n = 0; /* its interface went */
	assert_false(kith_endpoint_write(out, &place, &nets));
}

static bool believed(const char *text, int index)
{
	struct kith_nets nets = sample_nets();
	struct kith_ip address = ip(text);

	return kith_ip_believable(&address, &nets, index);
}

static void only_unicast_addresses_are_believed(void **state)
{
	static const char *const good[] = {"192.0.2.7", "10.1.2.3", "8.8.8.8", "169.254.1.1",
		"2001:db8::7", "fd00::1", "fe80::7", "1.0.0.0", "223.255.255.255", "192.0.2.254"};
	static const char *const bad[] = {"0.0.0.0", "0.1.2.3", "224.0.0.251", "239.1.1.1",
		"240.0.0.1", "255.255.255.255", "192.0.2.255", "::", "::2", "::c000:201",
		"::ffff:192.0.2.1", "ff02::fb", "ff0e::1"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!believed(good[i], ETH))
			fail_msg("not believed: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (believed(bad[i], ETH))
			fail_msg("believed: %s", bad[i]);
	/* .255 is an address like others where the network is larger */
	assert_true(believed("10.7.0.255", TUN));
	assert_false(believed("10.7.255.255", TUN));
}

static void loopback_counts_on_the_loopback_only(void **state)
{
	(void)state;
	assert_true(believed("127.0.0.1", LO));
	assert_true(believed("::1", LO));
	assert_false(believed("127.0.0.1", ETH));
	assert_false(believed("127.255.0.1", ETH));
	assert_false(believed("::1", ETH));
	assert_false(believed("127.0.0.1", 99));
	assert_true(believed("192.0.2.7", LO));
}

static void near_addresses_are_tried_first(void **state)
{
	static const char *const order[] = {
		"127.0.0.1", "::1", "192.0.2.7", "fe80::7", "2001:db8::7", "8.8.8.8", "2a00::1"};
	struct kith_nets nets = sample_nets();
	unsigned last = 0;

	(void)state;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		struct kith_place place = {.ip = ip(order[i])};
		unsigned rank = kith_place_rank(&place, &nets);
		assert_true(i == 0 || rank > last);
		last = rank;
	}
}

static void networks_have_names(void **state)
{
	static const struct {
		const char *ip;
		int scope;
		const char *name;
	} rows[] = {{"192.0.2.7", 0, "eth0 192.0.2.0/24"}, {"127.3.2.1", 0, "lo 127.0.0.0/8"},
		{"fe80::7", ETH, "eth0 fe80::/64"}, {"2001:db8::99", 0, "eth0 2001:db8::/62"},
		{"10.7.9.9", 0, "tun0 10.7.0.0/16"}, {"10.7.3.9", 0, "eth0 10.7.3.0/25"},
		{"8.8.8.8", 0, ""}, {"fe80::7", TUN, ""}, {"::1", 0, "lo ::1/128"}};
	struct kith_nets nets = sample_nets();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[KITH_NETWORK_BYTES];
		struct kith_ip address = ip(rows[i].ip);
		kith_network_write(out, &address, rows[i].scope, &nets);
		assert_string_equal(out, rows[i].name);
	}
}

static void mapped_addresses_are_ipv4(void **state)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_scope_id = 3};
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr other = {.sa_family = AF_UNIX};
	struct kith_ip want = ip("192.0.2.7"), got;
	int scope;

	(void)state;
	assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.7", &in6.sin6_addr), 1);
	assert_true(kith_ip_from((struct sockaddr *)&in6, &got, &scope));
	assert_true(kith_ip_eq(&want, &got));
	assert_int_equal(scope, 0);
	assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &in.sin_addr), 1);
	assert_true(kith_ip_from((struct sockaddr *)&in, &got, &scope));
	assert_true(kith_ip_eq(&want, &got));
	want = ip("fe80::7");
	assert_int_equal(inet_pton(AF_INET6, "fe80::7", &in6.sin6_addr), 1);
	assert_true(kith_ip_from((struct sockaddr *)&in6, &got, &scope));
	assert_true(kith_ip_eq(&want, &got));
	assert_int_equal(scope, 3);
	assert_false(kith_ip_from(&other, &got, &scope));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints_are_written_as_they_are_read),
		cmocka_unit_test(what_is_no_endpoint_is_refused),
		cmocka_unit_test(the_longest_endpoint_fits),
		cmocka_unit_test(only_unicast_addresses_are_believed),
		cmocka_unit_test(loopback_counts_on_the_loopback_only),
		cmocka_unit_test(near_addresses_are_tried_first),
		cmocka_unit_test(networks_have_names),
		cmocka_unit_test(mapped_addresses_are_ipv4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
