/* SPDX-License-Identifier: MIT
 *
 * A helper that does not end, without waiting as long as kith would: this program itself, started again, and a clock
 * that leaps (--wrap).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/beside.h"
#include "base/limits.h"
#include "picture/picture.h"

#define SOON_MS 50

const char *__wrap_kith_beside(const char *name, struct kith_buf *out);
int __real_clock_gettime(clockid_t clock, struct timespec *ret);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);

static bool leaps;   /* to shortly before the helper is given up */
static size_t looks; /* at the clock */

const char *__wrap_kith_beside(const char *name, struct kith_buf *out)
{
	assert_string_equal(name, "kith-picture");
	return kith_buf_add_str(out, "/proc/self/exe") ? NULL : kith_buf_cstr(out);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	int result = __real_clock_gettime(clock, ret);

	if (leaps && looks++ > 0) {
		long ms = KITH_PICTURE_MS - SOON_MS;
		ret->tv_sec += ms / 1000;
		ret->tv_nsec += ms % 1000 * 1000000L;
		if (ret->tv_nsec >= 1000000000L) {
			ret->tv_nsec -= 1000000000L;
			ret->tv_sec++;
		}
	}
	return result;
}

/* What the program does when it is the helper. */
static int help(const char *word)
{
	char byte;

	if (strcmp(word, "check") == 0) /* says nothing */
		for (;;)
			(void)pause();
	if (strcmp(word, "codes") == 0) { /* has said all, and stays */
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
		(void)close(STDOUT_FILENO);
		for (;;)
			(void)pause();
	}
	if (strcmp(word, "png") == 0) /* says more than a picture has */
		for (;;)
			if (write(STDOUT_FILENO, "\x89PNG\r\n\x1a\n", 8) < 0)
				return EXIT_FAILURE;
	return EXIT_FAILURE;
}

static void nobody_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static const char jpeg[] = "\xff\xd8\xff\xe0";

static int begin(void **state)
{
	(void)state;
	leaps = true;
	looks = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	leaps = false;
	return 0;
}

static void one_that_says_nothing_is_given_up(void **state)
{
	struct kith_picture_info info;
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(kith_picture_check(kith_span(jpeg, 4), &info, &diag), KITH_ERR_PICTURE);
	assert_non_null(strstr(diag.text, "given up"));
	nobody_is_left();
}

static void one_that_stays_is_given_up(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(kith_picture_codes(kith_span(jpeg, 4), &out, &diag), KITH_ERR_PICTURE);
	assert_non_null(strstr(diag.text, "given up"));
	assert_int_equal(out.n, 0);
	nobody_is_left();
}

static void one_that_says_too_much_is_given_up(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_diag diag = {0};

	(void)state;
	leaps = false;
	assert_int_equal(kith_buf_add_str(&out, "before"), KITH_OK);
	assert_int_equal(kith_picture_png(kith_span(jpeg, 4), 10, &out, &diag), KITH_ERR_PICTURE);
	assert_non_null(strstr(diag.text, "given up"));
	assert_int_equal(out.n, 6);
	assert_memory_equal(out.p, "before", 6);
	nobody_is_left();
}

/* Without a look at its bytes by anybody. */
static void one_byte_more_than_a_file_may_have(void **state)
{
	struct kith_picture_info info;
	struct kith_diag diag = {0};
	uint8_t *big = calloc(1, KITH_PICTURE_FILE_MAX + 1);

	(void)state;
	assert_non_null(big);
	memcpy(big, jpeg, 4);
	assert_int_equal(
		kith_picture_check(kith_span(big, KITH_PICTURE_FILE_MAX + 1), &info, &diag),
		KITH_ERR_LIMIT);
	free(big);
	nobody_is_left();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_that_says_nothing_is_given_up, begin, end),
		cmocka_unit_test_setup_teardown(one_that_stays_is_given_up, begin, end),
		cmocka_unit_test_setup_teardown(one_that_says_too_much_is_given_up, begin, end),
		cmocka_unit_test(one_byte_more_than_a_file_may_have),
	};

	if (argc > 1)
		return help(argv[1]);
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
