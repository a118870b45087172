/* SPDX-License-Identifier: MIT */
#include "session/failures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define START 1000

static const uint8_t keys[2][32] = {{1}, {2}};
static const uint8_t sources[2][KITH_SOURCE_BYTES] = {{1}, {2}};

static void nothing_at_first(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	assert_int_equal(kith_failures_many_until(&f, START), 0);
	assert_false(kith_failures_of(&f, START, keys[0], sources[0]));
}

static void many_at_the_limit_and_for_its_time(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	for (uint64_t i = 0; i < KITH_FAILURES_MAX; i++) {
		assert_int_equal(kith_failures_many_until(&f, START + i), 0);
		kith_failures_add(&f, START + i, keys[i % 2], sources[i % 2]);
	}
	uint64_t end = START + KITH_FAILURES_MS + 1;
	assert_int_equal(kith_failures_many_until(&f, START + 10), end);
	assert_int_equal(kith_failures_many_until(&f, end - 1), end);
	assert_int_equal(kith_failures_many_until(&f, end), 0);
}

static void by_key_and_by_source(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	for (uint64_t i = 0; i < KITH_FAILURES_MAX; i++) {
		assert_false(kith_failures_of(&f, START, keys[0], sources[1]));
		kith_failures_add(&f, START, keys[0], sources[i % 2]);
	}
	assert_true(kith_failures_of(&f, START, keys[0], sources[1]));
	assert_false(kith_failures_of(&f, START, keys[1], sources[1]));
	memset(&f, 0, sizeof f);
	for (uint64_t i = 0; i < KITH_FAILURES_MAX; i++)
		kith_failures_add(&f, START, keys[i % 2], sources[0]);
	assert_true(kith_failures_of(&f, START + KITH_FAILURES_MS, keys[1], sources[0]));
	assert_false(kith_failures_of(&f, START + KITH_FAILURES_MS + 1, keys[1], sources[0]));
	assert_false(kith_failures_of(&f, START, keys[1], sources[1]));
}

/* At FAILURES_KEPT the newest take the place of the oldest; one past it is no other. */
static void the_ring_turns(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	for (uint64_t i = 0; i < KITH_FAILURES_MAX; i++)
		kith_failures_add(&f, START, keys[0], sources[0]);
	for (uint64_t i = KITH_FAILURES_MAX; i < KITH_FAILURES_KEPT; i++)
		kith_failures_add(&f, START, keys[1], sources[1]);
	assert_true(kith_failures_of(&f, START, keys[0], sources[0]));
	kith_failures_add(&f, START, keys[1], sources[1]);
	assert_false(kith_failures_of(&f, START, keys[0], sources[0]));
	assert_true(kith_failures_of(&f, START, keys[1], sources[1]));
	assert_int_not_equal(kith_failures_many_until(&f, START), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_at_first),
		cmocka_unit_test(many_at_the_limit_and_for_its_time),
		cmocka_unit_test(by_key_and_by_source),
		cmocka_unit_test(the_ring_turns),
	};

	return cmocka_run_group_tests_name("failures", tests, NULL, NULL);
}
