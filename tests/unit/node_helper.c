/* SPDX-License-Identifier: MIT
 *
 * How long the node waits before it starts a dead courier again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/helper.h"

static void test_back_off_and_pause(void **state)
{
	static const uint64_t waits[] = {200, 1000, 5000, 5000, KITH_PAUSE_MS};
	struct kith_helper h = {.link = {.fd = -1}};
	uint64_t now = 1000;

	(void)state;
	for (size_t i = 0; i < KITH_COURIER_DEATHS_MAX; i++) {
		kith_helper_died(&h, now);
		assert_int_equal(h.start_at - now, waits[i]);
		assert_int_equal(h.paused, i + 1 == KITH_COURIER_DEATHS_MAX);
		now += 1000;
	}
	/* A quiet minute later it is as if nothing had been. */
	now += KITH_DEATHS_MS + 1;
	kith_helper_died(&h, now);
	assert_int_equal(h.start_at - now, 200);
	assert_false(h.paused);
}

static void test_a_program_that_is_not_there(void **state)
{
	struct kith_helper h = {.program = "/nonexistent", .interface = "", .link = {.fd = -1}};
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(kith_helper_start(&h, &diag), KITH_ERR_COURIER);
	assert_non_null(strstr(diag.text, "/nonexistent"));
	assert_int_equal(h.pid, 0);
	kith_helper_stop(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_off_and_pause),
		cmocka_unit_test(test_a_program_that_is_not_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
