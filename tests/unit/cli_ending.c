/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/ending.h"

static const enum kith_err all[] = {
#define ONE(name, number, status, text) KITH_ERR_##name,
	KITH_ERRORS(ONE)
#undef ONE
};

static bool is(enum kith_err err, const char *word)
{
	return strcmp(kith_ending_reason(err), word) == 0;
}

static bool more(enum kith_err err, const char *word)
{
	const char *detail = kith_ending_detail(err);

	return detail && is(err, "protocol") && strcmp(detail, word) == 0;
}

/* The words that scripts rely on. */
static void a_word_for_each(void **state)
{
	static const char *const words[] = {
		"declined", "mismatch", "timeout", "unreachable", "busy", "store", "protocol"};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		size_t n = 0;
		for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
			n += is(all[i], words[k]);
		assert_int_equal(n, 1);
	}
	assert_true(more(KITH_ERR_OWNKEY, "ownkey"));
	assert_true(more(KITH_ERR_COMMIT, "commit"));
	assert_true(more(KITH_ERR_CONFLICT, "conflict"));
	assert_true(more(KITH_ERR_STALEKEY, "stalekey"));
	assert_true(more(KITH_ERR_VERSION, "version"));
	assert_null(kith_ending_detail(KITH_ERR_SUBJECT));
	assert_null(kith_ending_detail(KITH_ERR_DECLINED));
	assert_true(is(KITH_ERR_BROKEN, "unreachable"));
	assert_true(is(KITH_ERR_STORE_FULL, "store"));
}

/* Nobody else is blamed for what failed here. */
static void who_is_to_blame(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		int status = kith_err_exit(all[i]);
		if (status == 7)
			assert_true(is(all[i], "store"));
		if (is(all[i], "protocol"))
			assert_true(status != 7 && (status == 1) == more(all[i], "failed"));
	}
	assert_true(more(KITH_ERR_NOMEM, "failed"));
	assert_true(is(KITH_ERR_SUBJECT, "protocol"));
	assert_true(is(KITH_ERR_STATE, "protocol"));
}

static void sentences(void **state)
{
	char text[300];

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		kith_ending_sentence("Ada", all[i], false, text, sizeof text);
		assert_memory_equal(text, "Ada ", 4);
		assert_int_equal(text[strlen(text) - 1], '.');
		assert_true((is(all[i], "protocol") && !kith_ending_detail(all[i])) ==
			    (strstr(text, "broke the protocol") != NULL));
	}
	kith_ending_sentence("Ada", KITH_ERR_BROKEN, true, text, sizeof text);
	assert_string_equal(text, "Ada was lost: the connection broke. You had confirmed; it "
				  "completes when you meet again.");
	kith_ending_sentence("Ada", KITH_ERR_DECLINED, false, text, 8);
	assert_string_equal(text, "Ada sai");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_word_for_each),
		cmocka_unit_test(who_is_to_blame), cmocka_unit_test(sentences)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
