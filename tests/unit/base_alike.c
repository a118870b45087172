/* SPDX-License-Identifier: MIT */
#include "base/alike.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

static bool alike(const char *a, const char *b)
{
	struct kith_looks x, y;

	assert_int_equal(kith_looks_of(kith_span_str(a), &x), KITH_OK);
	assert_int_equal(kith_looks_of(kith_span_str(b), &y), KITH_OK);
	bool same = kith_looks_alike(&x, &y);
	assert_int_equal(same, kith_looks_alike(&y, &x));
	kith_looks_free(&x);
	kith_looks_free(&y);
	return same;
}

/* case 28 */
static void look_alikes(void **state)
{
	(void)state;
	assert_true(alike("Ada Lovelace", "Ada Lovelace"));
	assert_true(alike("Ada Lovelace", "ada  LOVELACE "));
	assert_true(alike("Ada", "\xce\x91"
				 "da")); /* Greek Alpha */
	assert_true(alike("Grace", "Gr\xd0\xb0"
				   "ce")); /* Cyrillic a */
	assert_true(alike("Ian", "lan"));  /* I and l */
	assert_true(alike("Bob", "B0b"));  /* o and 0 */
	assert_true(alike("Ada", "A\xe2\x80\x8b"
				 "d\xc2\xad"
				 "a")); /* zero-width space, soft hyphen */
	assert_true(alike("Ada", "\xe2\x80\xae"
				 "Ada")); /* direction override */
	assert_true(alike("Jos\xc3\xa9", "Jose"));
	assert_true(alike("Ada", "\xf0\x9d\x90\x80\xf0\x9d\x90\x9d\xf0\x9d\x90\x9a")); /* bold */
	assert_true(alike("Grace \xe2\x9c\x93", "Grace")); /* a tick is not shown */
}

static void others(void **state)
{
	(void)state;
	assert_false(alike("Ada", "Eda"));
	assert_false(alike("Ada Lovelace", "Ada"));
	assert_false(alike("Grace", "Gracie"));
	assert_false(alike("", ""));
	assert_false(alike("\xe2\x80\x8b", "\xe2\x80\xae")); /* both show nothing */
}

static void any_bytes_will_do(void **state)
{
	char longest[4 * KITH_FIELD_NAME_MAX + 1], longer[4 * KITH_FIELD_NAME_MAX + 2];

	(void)state;
	assert_false(alike("\xff\xfe", "Ada"));
	for (unsigned seed = 0; seed < 2000; seed++) {
		char bytes[200];
		uint32_t x = seed * 2654435761u + 1;
		for (size_t i = 0; i < sizeof bytes - 1; i++) {
			x = x * 1664525 + 1013904223;
			bytes[i] = (char)(x >> 24 ? x >> 24 : 1);
		}
		bytes[sizeof bytes - 1] = 0;
		(void)alike(bytes, bytes);
	}
	memset(longest, 'a', KITH_FIELD_NAME_MAX);
	longest[KITH_FIELD_NAME_MAX] = 0;
	memset(longer, 'a', KITH_FIELD_NAME_MAX);
	strcpy(longer + KITH_FIELD_NAME_MAX, "b"); /* past the limit: not looked at */
	assert_true(alike(longest, longer));
	longest[KITH_FIELD_NAME_MAX - 1] = 'b';
	assert_false(alike(longest, longer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(look_alikes),
		cmocka_unit_test(others),
		cmocka_unit_test(any_bytes_will_do),
	};

	return cmocka_run_group_tests_name("alike", tests, NULL, NULL);
}
