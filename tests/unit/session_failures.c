/* SPDX-License-Identifier: MIT */
#include "session/failures.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START 1000

static void nothing_at_first(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	assert_int_equal(kith_failures_many_until(&f, START), 0);
}

static void many_at_the_limit_and_for_its_time(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	for (uint64_t i = 0; i < KITH_FAILURES_MAX; i++) {
		assert_int_equal(kith_failures_many_until(&f, START + i), 0);
		kith_failures_add(&f, START + i);
	}
	uint64_t end = START + KITH_FAILURES_MS + 1;
	assert_int_equal(kith_failures_many_until(&f, START + 10), end);
	assert_int_equal(kith_failures_many_until(&f, end - 1), end);
	assert_int_equal(kith_failures_many_until(&f, end), 0);
}

/* One more: the oldest no longer matters, the next one does. */
static void the_ring_turns(void **state)
{
	struct kith_failures f = {0};

	(void)state;
	for (uint64_t i = 0; i <= KITH_FAILURES_MAX; i++)
		kith_failures_add(&f, START + i * 10);
	assert_int_equal(
		kith_failures_many_until(&f, START + 100), START + 10 + KITH_FAILURES_MS + 1);
	kith_failures_add(&f, START + KITH_FAILURES_MS * 2);
	assert_int_equal(kith_failures_many_until(&f, START + KITH_FAILURES_MS * 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_at_first),
		cmocka_unit_test(many_at_the_limit_and_for_its_time),
		cmocka_unit_test(the_ring_turns),
	};

	return cmocka_run_group_tests_name("failures", tests, NULL, NULL);
}
