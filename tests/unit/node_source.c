/* SPDX-License-Identifier: MIT */
#include "node/inside.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool same(const char *a, const char *b)
{
	uint8_t x[KITH_SOURCE_BYTES], y[KITH_SOURCE_BYTES];

	node_source(kith_span_str(a), x);
	node_source(kith_span_str(b), y);
	return memcmp(x, y, sizeof x) == 0;
}

static void one_machine_one_source(void **state)
{
	(void)state;
	assert_true(same("192.0.2.1", "::ffff:192.0.2.1"));
	assert_false(same("192.0.2.1", "192.0.2.2"));
	assert_true(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
	assert_false(same("2001:db8:1:2::1", "2001:db8:1:3::1"));
	assert_true(same("fd00:1:2:3::1", "fd00:1:2:3::2"));
	assert_true(same("fe80::1%eth0", "fe80::1"));
	assert_false(same("fe80::1%eth0", "fe80::2%eth0"));
	assert_false(same("::1", "127.0.0.1"));
	assert_false(same("::1", ""));
}

/* The courier is not to be believed: what is no address is one source, too. */
static void no_address(void **state)
{
	static const char *const bad[] = {"", "%", "%eth0", "x", "1.2.3", "1.2.3.4.5",
		":::", "12345678901234567890123456789012345678901234567890", "192.0.2.1 "};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_true(same(bad[i], ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_machine_one_source),
		cmocka_unit_test(no_address),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
