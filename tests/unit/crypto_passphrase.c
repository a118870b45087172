/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "crypto/passphrase.h"

static struct kith_passphrase *of(const char *text)
{
	struct kith_passphrase *p = NULL;
	struct kith_diag diag = {0};

	assert_int_equal(kith_passphrase_new(kith_span_str(text), &p, &diag), KITH_OK);
	return p;
}

static void holds(struct kith_passphrase *p, const char *want)
{
	struct kith_span s = kith_passphrase_span(p);

	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.p, want, s.n);
	kith_passphrase_free(p);
}

/* A pipe with those bytes in it; its reading end. */
static int pipe_with(const void *text, size_t n, bool end)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, n), n);
	if (end)
		assert_int_equal(close(ends[1]), 0);
	return ends[0];
}

static enum kith_err read_from(int fd, struct kith_passphrase **ret)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_passphrase_read(fd, -1, ret, &diag);

	assert_true(!err || diag.text[0]);
	return err;
}

static void reads(const char *text, const char *want)
{
	struct kith_passphrase *p = NULL;
	int fd = pipe_with(text, strlen(text), true);

	assert_int_equal(read_from(fd, &p), KITH_OK);
	assert_int_equal(close(fd), 0);
	holds(p, want);
}

static void is_one_line(void **state)
{
	(void)state;
	reads("correct horse\n", "correct horse");
	reads("correct horse\r\n", "correct horse");
	reads("correct horse", "correct horse");
	reads("", "");
	reads("\n", "");
	reads(" blanks count \n", " blanks count ");
	reads("a\rb\n", "a\rb");
	reads("one\ntwo\n", "one");
}

/* What follows the line is for whoever reads next. */
static void nothing_behind_the_line_is_read(void **state)
{
	struct kith_passphrase *p = NULL;
	char rest[8];
	int fd = pipe_with("one\nrest", 8, true);

	(void)state;
	assert_int_equal(read_from(fd, &p), KITH_OK);
	holds(p, "one");
	assert_int_equal(read(fd, rest, sizeof rest), 4);
	assert_memory_equal(rest, "rest", 4);
	assert_int_equal(close(fd), 0);
}

static void two_keyboards_agree(void **state)
{
	struct kith_passphrase *a = of("gro\u0308ße"), *b = of("größe"), *c = of("grösse");

	(void)state;
	assert_true(kith_passphrase_same(a, b));
	assert_false(kith_passphrase_same(b, c));
	assert_false(kith_passphrase_empty(a));
	kith_passphrase_free(b);
	kith_passphrase_free(c);
	holds(a, "größe");
	a = of("");
	assert_true(kith_passphrase_empty(a));
	kith_passphrase_free(a);
	kith_passphrase_free(NULL);
}

static void is_as_long_as_the_limit_and_no_longer(void **state)
{
	static char text[KITH_PASSPHRASE_MAX + 3];
	struct kith_passphrase *p = NULL;

	(void)state;
	memset(text, 'x', sizeof text);
	text[KITH_PASSPHRASE_MAX] = 0;
	reads(text, text);
	holds(of(text), text);
	text[KITH_PASSPHRASE_MAX] = '\r';
	text[KITH_PASSPHRASE_MAX + 1] = '\n';
	int fd = pipe_with(text, KITH_PASSPHRASE_MAX + 2, true);
	assert_int_equal(read_from(fd, &p), KITH_OK);
	kith_passphrase_free(p);
	assert_int_equal(close(fd), 0);
	for (size_t more = 1; more <= 3; more++) {
		memset(text, 'x', sizeof text);
		fd = pipe_with(text, KITH_PASSPHRASE_MAX + more, true);
		assert_int_equal(read_from(fd, &p), KITH_ERR_LIMIT);
		assert_int_equal(close(fd), 0);
	}
	/* in NFC it would be twice as long */
	for (size_t i = 0; i + 1 < KITH_PASSPHRASE_MAX; i += 2)
		memcpy(text + i, "\u0344", 2);
	assert_int_equal(kith_passphrase_new(kith_span(text, KITH_PASSPHRASE_MAX), &p, NULL),
		KITH_ERR_LIMIT);
	assert_int_equal(
		kith_passphrase_new(kith_span(text, KITH_PASSPHRASE_MAX / 2), &p, NULL), KITH_OK);
	kith_passphrase_free(p);
}

/* /dev/zero has no end of a line: reading stops one byte past the limit. */
static void an_endless_line_is_refused(void **state)
{
	static char text[2 * KITH_PASSPHRASE_MAX];
	struct kith_passphrase *p = NULL;

	(void)state;
	memset(text, 'x', sizeof text);
	int fd = pipe_with(text, sizeof text, false); /* nobody closes it */
	assert_int_equal(read_from(fd, &p), KITH_ERR_LIMIT);
	assert_int_equal(read(fd, text, sizeof text), KITH_PASSPHRASE_MAX - 2);
	assert_int_equal(close(fd), 0);
	fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(read_from(fd, &p), KITH_ERR_LIMIT);
	assert_int_equal(close(fd), 0);
}

static void what_is_not_text_is_refused(void **state)
{
	static const char *const wrong[] = {"\xff",
		"gr\xf6\xdf"
		"e",
		"\xc0\x80", "\xed\xa0\x80"};
	struct kith_passphrase *p = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
			kith_passphrase_new(kith_span_str(wrong[i]), &p, NULL), KITH_ERR_UTF8);
	assert_int_equal(kith_passphrase_new(LITERAL("a\0b"), &p, NULL), KITH_ERR_UTF8);
	assert_null(p);
}

static void a_descriptor_that_cannot_be_read_is_told(void **state)
{
	struct kith_passphrase *p = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(read_from(ends[0], &p), KITH_ERR_IO);
	assert_null(p);
}

/* Ctrl-C, say, while somebody types. */
static void reading_stops_when_it_should(void **state)
{
	struct kith_passphrase *p = NULL;
	struct kith_diag diag = {0};
	int stop = pipe_with("!", 1, false);
	int fd = pipe_with("half a li", 9, false);

	(void)state;
	assert_int_equal(kith_passphrase_read(fd, stop, &p, &diag), KITH_ERR_PASSPHRASE);
	assert_null(p);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(stop), 0);
}

static void what_is_written_is_read(void **state)
{
	static const char *const words[] = {"", "correct horse", "größe"};
	int ends[2];

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct kith_passphrase *p = of(words[i]), *q = NULL;
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(kith_passphrase_write(p, ends[1], NULL), KITH_OK);
		/* the line ends, whoever else holds the pipe open */
		assert_int_equal(read_from(ends[0], &q), KITH_OK);
		assert_true(kith_passphrase_same(p, q));
		kith_passphrase_free(p);
		kith_passphrase_free(q);
		assert_int_equal(close(ends[0]), 0);
		assert_int_equal(close(ends[1]), 0);
	}
}

/* Guarded memory: a write to it kills, whether from behind it or by its own pointer. */
static void its_memory_is_guarded(void **state)
{
	struct kith_passphrase *p = of("correct horse");
	int status = 0;

	(void)state;
#ifndef KITH_SANITIZED
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)signal(SIGSEGV, SIG_DFL); /* cmocka has its own */
		*(volatile uint8_t *)(uintptr_t)kith_passphrase_span(p).p = 'x';
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
#else
	(void)status;
#endif
	kith_passphrase_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_one_line),
		cmocka_unit_test(nothing_behind_the_line_is_read),
		cmocka_unit_test(two_keyboards_agree),
		cmocka_unit_test(is_as_long_as_the_limit_and_no_longer),
		cmocka_unit_test(an_endless_line_is_refused),
		cmocka_unit_test(what_is_not_text_is_refused),
		cmocka_unit_test(a_descriptor_that_cannot_be_read_is_told),
		cmocka_unit_test(reading_stops_when_it_should),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(its_memory_is_guarded),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
