/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "courier/crowd.h"
#include "courier_nets.h"

enum { MANY = KITH_CONNECTIONS_MAX - KITH_CONNECTIONS_RESERVED };

/* The same numbers every time: those of a linear congruential generator. */
static void repeatable(void *ctx, uint8_t *p, size_t n)
{
	uint32_t *x = ctx;

	for (size_t i = 0; i < n; i++) {
		*x = *x * 1664525 + 1013904223;
		p[i] = (uint8_t)(*x >> 24);
	}
}

static struct kith_guest guest(const char *address, bool spoke, bool kept)
{
	struct kith_ip from = ip(address);

	return (struct kith_guest){.from = kith_origin_of(&from, 0), .spoke = spoke, .kept = kept};
}

/* How often each of n goes in so many draws. */
static void draw(const struct kith_guest *g, size_t n, unsigned draws, unsigned count[MANY])
{
	uint32_t seed = 1;
	struct kith_env env = {.ctx = &seed, .random = repeatable};

	memset(count, 0, MANY * sizeof count[0]);
	for (unsigned i = 0; i < draws; i++) {
		size_t who = kith_crowd_leaves(g, n, &env);
		assert_true(who < n);
		count[who]++;
	}
}

static void those_of_one_address_are_counted(void **state)
{
	struct kith_guest g[] = {guest("192.0.2.1", false, false), guest("192.0.2.2", true, false),
		guest("2001:db8::1", true, true), guest("192.0.2.1", true, true),
		guest("2001:db8::2", false, false)};

	(void)state;
	assert_int_equal(kith_crowd_from(g, 5, &g[0].from), 2);
	assert_int_equal(kith_crowd_from(g, 5, &g[1].from), 1);
	assert_int_equal(kith_crowd_from(g, 5, &g[2].from), 2);
	assert_int_equal(kith_crowd_from(g, 3, &g[0].from), 1);
	assert_int_equal(kith_crowd_from(g, 0, &g[0].from), 0);
}

static void who_is_kept_never_goes(void **state)
{
	struct kith_guest g[MANY];
	unsigned count[MANY];
	uint32_t seed = 1;
	struct kith_env env = {.ctx = &seed, .random = repeatable};

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		g[i] = guest("192.0.2.1", i % 2, true);
	assert_true(kith_crowd_leaves(g, MANY, &env) == KITH_CROWD_NOBODY);
	assert_true(kith_crowd_leaves(g, 0, &env) == KITH_CROWD_NOBODY);
	for (size_t i = 0; i < MANY; i++) {
		g[i].kept = false;
		draw(g, MANY, 10, count);
		assert_int_equal(count[i], 10);
		g[i].kept = true;
	}
}

static void who_has_not_spoken_goes_first(void **state)
{
	struct kith_guest g[] = {guest("192.0.2.1", true, false), guest("192.0.2.2", false, true),
		guest("192.0.2.3", false, false), guest("192.0.2.4", true, false)};
	unsigned count[MANY];

	(void)state;
	draw(g, 4, 100, count);
	assert_int_equal(count[2], 100);
	g[2].spoke = true;
	draw(g, 4, 3000, count);
	assert_int_equal(count[1], 0);
	for (size_t i = 0; i < 4; i++)
		if (i != 1)
			assert_in_range(count[i], 850, 1150);
}

/* Nobody can place himself so that another goes. */
static void among_equals_everybody_is_as_likely_to_go(void **state)
{
	struct kith_guest g[MANY];
	unsigned count[MANY];

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		g[i] = guest("192.0.2.1", false, false);
	draw(g, MANY, MANY * 1000, count);
	for (size_t i = 0; i < MANY; i++)
		assert_in_range(count[i], 850, 1150); /* five standard deviations */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_of_one_address_are_counted),
		cmocka_unit_test(who_is_kept_never_goes),
		cmocka_unit_test(who_has_not_spoken_goes_first),
		cmocka_unit_test(among_equals_everybody_is_as_likely_to_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
