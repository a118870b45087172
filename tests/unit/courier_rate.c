/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "courier/rate.h"

enum { ONE = KITH_HANDSHAKES_ADDRESS_MAX, ALL = KITH_HANDSHAKES_MAX, SECOND = 1000 };

static const uint64_t start = 5000;

/* The n-th of many addresses. */
static struct kith_origin origin(unsigned n)
{
	struct kith_ip ip = {.bytes = {10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}};

	return kith_origin_of(&ip, 0);
}

static bool take(struct kith_rate *r, unsigned n, uint64_t now)
{
	struct kith_origin from = origin(n);

	return kith_rate_take(r, &from, now);
}

/* How many tokens the origin gets now. */
static unsigned drain(struct kith_rate *r, unsigned n, uint64_t now)
{
	unsigned got = 0;

	while (take(r, n, now))
		got++;
	return got;
}

static void one_address_gets_its_tokens_and_no_more(void **state)
{
	struct kith_rate r = {0};

	(void)state;
	assert_int_equal(drain(&r, 1, start), ONE);
	assert_false(take(&r, 1, start + SECOND / ONE - 1));
	assert_true(take(&r, 1, start + SECOND / ONE));
	assert_false(take(&r, 1, start + SECOND / ONE));
	assert_int_equal(drain(&r, 1, start + 10 * SECOND), ONE); /* no more is saved up */
}

static void all_together_get_theirs_and_no_more(void **state)
{
	struct kith_rate r = {0};
	unsigned got = 0;

	(void)state;
	for (unsigned n = 0; n < 10 * ALL; n++)
		got += take(&r, n, start);
	assert_int_equal(got, ALL);
	assert_false(take(&r, 9999, start + SECOND / ALL - 1));
	assert_true(take(&r, 9999, start + SECOND / ALL));
	assert_false(take(&r, 9998, start + SECOND / ALL));
}

/* Otherwise one machine could shut everybody out. */
static void who_has_spent_his_own_takes_nothing_of_all(void **state)
{
	struct kith_rate r = {0};
	unsigned got = 0;

	(void)state;
	for (int i = 0; i < 100 * ALL; i++)
		got += take(&r, 1, start);
	assert_int_equal(got, ONE);
	for (unsigned n = 2; n < 2 + ALL - ONE; n++)
		assert_true(take(&r, n, start));
	assert_false(take(&r, 2 + ALL, start));
}

/* An origin that came when there was nothing left for anybody has its own tokens still. */
static void who_comes_when_nothing_is_left_loses_nothing(void **state)
{
	struct kith_rate r = {0};

	(void)state;
	for (unsigned n = 0; n < ALL; n++)
		assert_true(take(&r, n, start));
	for (int i = 0; i < 100; i++)
		assert_false(take(&r, 500, start));
	assert_int_equal(drain(&r, 500, start + SECOND), ONE);
}

/* However many addresses somebody has: what each has taken in the last second is known of all of
 * them, and in no second are there more than the burst and the rate. */
static void a_flood_from_many_addresses_makes_nothing_forgotten(void **state)
{
	struct kith_rate r = {0};
	unsigned n = 1000, taken = 0;

	(void)state;
	assert_int_equal(drain(&r, 1, start), ONE);
	for (uint64_t now = start; now < start + SECOND; now++) {
		for (int i = 0; i < 20; i++)
			taken += take(&r, n++, now);
		assert_true(drain(&r, 1, now) <= (now - start) * ONE / SECOND);
	}
	assert_in_range(taken, ALL, 2 * ALL - ONE);
	assert_int_equal(taken, 2 * ALL - ONE - 1); /* 50 and 49, less those of the first */
}

/* The longest that the table can get: a full burst, and the rate for the rest of the second, each
 * from somebody else whose bucket takes a whole second to fill. */
static void the_table_holds_all_who_can_be_in_it(void **state)
{
	struct kith_rate r = {0};
	unsigned live = 0;

	(void)state;
	for (uint64_t now = start; now < start + 3 * SECOND; now++)
		for (unsigned n = 0; n < 40; n++)
			(void)drain(&r, (unsigned)(now % 300) * 40 + n, now);
	for (size_t i = 0; i < KITH_RATE_ORIGINS; i++)
		live += r.at[i].full > start + 3 * SECOND - 1;
	assert_in_range(live, 1, KITH_RATE_ORIGINS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_address_gets_its_tokens_and_no_more),
		cmocka_unit_test(all_together_get_theirs_and_no_more),
		cmocka_unit_test(who_has_spent_his_own_takes_nothing_of_all),
		cmocka_unit_test(who_comes_when_nothing_is_left_loses_nothing),
		cmocka_unit_test(a_flood_from_many_addresses_makes_nothing_forgotten),
		cmocka_unit_test(the_table_holds_all_who_can_be_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
