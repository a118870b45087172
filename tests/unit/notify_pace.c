/* SPDX-License-Identifier: MIT */
#include "notify/pace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/limits.h"

static struct kith_pace pace;

static int fresh(void **state)
{
	(void)state;
	pace = (struct kith_pace){0};
	return 0;
}

static void one_a_person_and_minute(void **state)
{
	(void)state;
	assert_true(kith_pace_may(&pace, 1, 5));
	assert_false(kith_pace_may(&pace, 1, 5));
	assert_true(kith_pace_may(&pace, 2, 6));
	assert_false(kith_pace_may(&pace, 1, 5 + KITH_NOTIFY_MS - 1));
	assert_true(kith_pace_may(&pace, 1, 5 + KITH_NOTIFY_MS));
	assert_false(kith_pace_may(&pace, 1, 5 + KITH_NOTIFY_MS + 1));
	/* what is about nobody counts as one person */
	assert_true(kith_pace_may(&pace, 0, 7));
	assert_false(kith_pace_may(&pace, 0, 7));
}

/* One more than are remembered: the oldest is forgotten, and nobody else. */
static void many_people(void **state)
{
	(void)state;
	for (int64_t i = 0; i < KITH_PACE_PEOPLE; i++)
		assert_true(kith_pace_may(&pace, i + 1, (uint64_t)i + 1));
	for (int64_t i = 0; i < KITH_PACE_PEOPLE; i++)
		assert_false(kith_pace_may(&pace, i + 1, 1000));
	assert_true(kith_pace_may(&pace, 4711, 1001));
	assert_false(kith_pace_may(&pace, 2, 1001));
	assert_true(kith_pace_may(&pace, 1, 1001));
	assert_false(kith_pace_may(&pace, 4711, 1001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_a_person_and_minute, fresh),
		cmocka_unit_test_setup(many_people, fresh),
	};
	return cmocka_run_group_tests_name("notify_pace", tests, NULL, NULL);
}
