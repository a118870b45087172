/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <ctype.h>
#include <strings.h>

#include "base/diag.h"

static const enum kith_err all[] = {
#define ROW(name, number, status, text) KITH_ERR_##name,
	KITH_ERRORS(ROW)
#undef ROW
};

static void every_error_has_its_own_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		assert_true(all[i] < 0);
		assert_true(strlen(kith_err_text(all[i])) > 5);
		assert_string_not_equal(
			kith_err_text(all[i]), kith_err_text((enum kith_err) - 999));
		assert_string_not_equal(kith_err_name(all[i]), "unknown");
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(all[i], all[j]);
			assert_string_not_equal(kith_err_name(all[i]), kith_err_name(all[j]));
			assert_string_not_equal(kith_err_text(all[i]), kith_err_text(all[j]));
		}
	}
}

static void the_exit_status_is_one_of_the_contract(void **state)
{
	(void)state;
	assert_int_equal(kith_err_exit(KITH_OK), 0);
	for (size_t i = 0; i < COUNT(all); i++)
		assert_in_range(kith_err_exit(all[i]), 1, 8);
	assert_int_equal(kith_err_exit(KITH_ERR_USAGE), 2);
	assert_int_equal(kith_err_exit(KITH_ERR_AMBIGUOUS), 3);
	assert_int_equal(kith_err_exit(KITH_ERR_MISMATCH), 4);
	assert_int_equal(kith_err_exit(KITH_ERR_TIMEOUT), 5);
	assert_int_equal(kith_err_exit(KITH_ERR_SIG), 6);
	assert_int_equal(kith_err_exit(KITH_ERR_STORE_FULL), 7);
	assert_int_equal(kith_err_exit(KITH_ERR_COMMIT), 8);
	assert_int_equal(kith_err_exit((enum kith_err) - 999), 1);
}

static void no_error_is_ok(void **state)
{
	(void)state;
	assert_string_equal(kith_err_name(KITH_OK), "ok");
	assert_string_equal(kith_err_text(KITH_OK), "done");
}

/* Vectors know an error by this name. */
static void names_are_single_words(void **state)
{
	(void)state;
	assert_int_equal(strcasecmp(kith_err_name(KITH_ERR_SIG), "sig"), 0);
	assert_int_equal(strcasecmp(kith_err_name(KITH_ERR_STORE_FULL), "store_full"), 0);
	for (size_t i = 0; i < COUNT(all); i++)
		for (const char *p = kith_err_name(all[i]); *p; p++)
			assert_true(isalnum((unsigned char)*p) || *p == '_');
}

static void a_sentence_is_cut_at_its_room(void **state)
{
	char longer[KITH_DIAG_BYTES + 10];
	struct kith_diag diag = {0};

	(void)state;
	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = 0;
	assert_int_equal(kith_fail(&diag, KITH_ERR_IO, "%s", longer), KITH_ERR_IO);
	assert_int_equal(strlen(diag.text), KITH_DIAG_BYTES - 1);
	longer[KITH_DIAG_BYTES - 1] = 0;
	assert_int_equal(kith_fail(&diag, KITH_ERR_IO, "%s", longer), KITH_ERR_IO);
	assert_string_equal(diag.text, longer);
}

static void a_sentence_may_be_missing(void **state)
{
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(kith_fail(NULL, KITH_ERR_IO, "unseen"), KITH_ERR_IO);
	assert_string_equal(kith_diag_text(NULL, KITH_ERR_IO), kith_err_text(KITH_ERR_IO));
	assert_string_equal(kith_diag_text(&diag, KITH_ERR_IO), kith_err_text(KITH_ERR_IO));
	assert_int_equal(kith_fail(&diag, KITH_ERR_IO, "cannot read %s", "x"), KITH_ERR_IO);
	assert_string_equal(kith_diag_text(&diag, KITH_ERR_IO), "cannot read x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_has_its_own_words),
		cmocka_unit_test(the_exit_status_is_one_of_the_contract),
		cmocka_unit_test(no_error_is_ok),
		cmocka_unit_test(names_are_single_words),
		cmocka_unit_test(a_sentence_is_cut_at_its_room),
		cmocka_unit_test(a_sentence_may_be_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
