/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/nameser.h>

#include "courier/records.h"
#include "courier_nets.h"

#define INSTANCE "k-abcdefghij234567"
#define HOST     "kith-zyxwvutsrq765432"

static struct kith_announcement sample(void)
{
	return (struct kith_announcement){.instance = INSTANCE,
		.host = HOST,
		.port = 4711,
		.txt = {.key = {9, 9}, .label = "Ada"}};
}

static const struct kith_record *find(const struct kith_records *all, uint16_t type, int index)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].type == type && all->at[i].index == index)
			return &all->at[i];
	fail_msg("no record of type %u on %d", type, index);
	return NULL;
}

static void the_records_say_what_was_announced(void **state)
{
	static struct kith_records all;
	struct kith_announcement a = sample();
	struct kith_nets nets = sample_nets();
	char name[KITH_NAME_BYTES], host[KITH_LABEL_BYTES];
	uint16_t port;
	struct kith_txt txt;
	struct kith_ip v4 = ip("10.7.0.1");

	(void)state;
	assert_int_equal(kith_records_make(&a, -1, &nets, &all), KITH_OK);
	assert_int_equal(all.n, 3 + nets.addresses_n);
	const struct kith_record *r = find(&all, ns_t_ptr, -1);
	assert_false(r->unique);
	assert_string_equal(r->name, "_kith._tcp.local");
	assert_true(kith_dns_name(kith_record_rdata(&all, r), 0, name));
	assert_string_equal(name, INSTANCE "._kith._tcp.local");
	r = find(&all, ns_t_srv, -1);
	assert_true(r->unique);
	assert_string_equal(r->name, INSTANCE "._kith._tcp.local");
	assert_true(kith_dns_srv(kith_record_rdata(&all, r), &port, host));
	assert_int_equal(port, 4711);
	assert_string_equal(host, HOST);
	r = find(&all, ns_t_txt, -1);
	assert_int_equal(kith_txt_read(kith_record_rdata(&all, r), &txt), KITH_OK);
	assert_memory_equal(&txt, &a.txt, sizeof txt);
	r = find(&all, ns_t_a, TUN);
	assert_string_equal(r->name, HOST ".local");
	assert_true(kith_span_eq(kith_record_rdata(&all, r), kith_span(v4.bytes, 4)));
	assert_int_equal(find(&all, ns_t_aaaa, ETH)->n, 16);
	kith_records_free(&all);
}

static void an_interface_has_a_bounded_number_of_addresses(void **state)
{
	static struct kith_records all;
	struct kith_announcement a = sample();
	struct kith_nets nets = {.n = KITH_INTERFACES_MAX};

	(void)state;
	for (int i = 0; i < KITH_INTERFACES_MAX; i++)
		nets.at[i].index = i + 1;
	for (size_t i = 0; i < KITH_NETS_ADDRESSES; i++)
		sample_address(&nets, (int)(i / 32) + 1, "192.0.2.1", 24);
	assert_int_equal(kith_records_make(&a, 5, &nets, &all), KITH_OK);
	assert_int_equal(all.n, 3 + 4 * KITH_RECORDS_ADDRESSES);
	kith_records_free(&all);
}

static void names_are_plain(void **state)
{
	static const char *const bad[] = {"", "a.b", "a b", "a\\b", "\xc3\xa9", "a_b"};
	static struct kith_records all;
	struct kith_nets nets = sample_nets();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct kith_announcement a = sample(), b = sample();
		(void)strcpy(a.instance, bad[i]);
		assert_int_equal(kith_records_make(&a, -1, &nets, &all), KITH_ERR_VALUE);
		(void)strcpy(b.host, bad[i]);
		assert_int_equal(kith_records_make(&b, -1, &nets, &all), KITH_ERR_VALUE);
	}
	struct kith_announcement longest = sample();
	memset(longest.instance, 'i', KITH_LABEL_BYTES - 1);
	memset(longest.host, 'h', KITH_LABEL_BYTES - 1);
	assert_int_equal(kith_records_make(&longest, -1, &nets, &all), KITH_OK);
	kith_records_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_records_say_what_was_announced),
		cmocka_unit_test(an_interface_has_a_bounded_number_of_addresses),
		cmocka_unit_test(names_are_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
