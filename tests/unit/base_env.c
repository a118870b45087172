/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <time.h>

static void memory_comes_zeroed(void **state)
{
	const struct kith_env *env = kith_env_default();

	(void)state;
	for (size_t n = 0; n < 2000; n += 37) {
		uint8_t *p = env->alloc(env->ctx, n);
		assert_non_null(p);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		env->release(env->ctx, p, n);
	}
}

static void randomness_fills_all_and_differs(void **state)
{
	const struct kith_env *env = kith_env_default();
	uint8_t a[70000] = {0};
	uint8_t b[32], c[32];
	bool tail = false;

	(void)state;
	env->random(env->ctx, a, sizeof a); /* more than one call of the system gives */
	for (size_t i = sizeof a - 32; i < sizeof a; i++)
		tail = tail || a[i];
	assert_true(tail);
	env->random(env->ctx, b, sizeof b);
	env->random(env->ctx, c, sizeof c);
	assert_memory_not_equal(b, c, sizeof b);
	env->random(env->ctx, NULL, 0);
}

static void ticks_do_not_go_back(void **state)
{
	const struct kith_env *env = kith_env_default();
	uint64_t last = env->ticks(env->ctx);

	(void)state;
	assert_true(last > 0);
	for (int i = 0; i < 1000; i++) {
		uint64_t now = env->ticks(env->ctx);
		assert_true(now >= last);
		last = now;
	}
}

static void the_wall_clock_is_that_of_the_system(void **state)
{
	const struct kith_env *env = kith_env_default();
	int64_t before = (int64_t)time(NULL);
	int64_t wall = env->wall(env->ctx);

	(void)state;
	assert_true(wall >= before && wall <= (int64_t)time(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_comes_zeroed),
		cmocka_unit_test(randomness_fills_all_and_differs),
		cmocka_unit_test(ticks_do_not_go_back),
		cmocka_unit_test(the_wall_clock_is_that_of_the_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
