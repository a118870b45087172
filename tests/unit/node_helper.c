/* SPDX-License-Identifier: MIT
 *
 * What a courier is started with, and how long the node waits before it starts a dead one again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/helper.h"

#define COURIER_FD 3

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

/* A courier that dies as soon as it starts, for a day: at most five starts a minute, and after every
 * pause it gets its chance. */
static void test_a_loop_of_deaths(void **state)
{
	struct kith_helper h = {.link = {.fd = -1}};
	uint64_t starts[KITH_COURIER_DEATHS_MAX] = {0}, now = 1, day = now + 24 * 60 * 60 * 1000;
	size_t n = 0, pauses = 0;

	(void)state;
	for (; now < day; now = h.start_at) {
		if (n >= KITH_COURIER_DEATHS_MAX)
			assert_true(now - starts[n % KITH_COURIER_DEATHS_MAX] > KITH_DEATHS_MS);
		starts[n++ % KITH_COURIER_DEATHS_MAX] = now;
		kith_helper_died(&h, now);
		assert_true(h.start_at >= now + 200 && h.start_at <= now + KITH_PAUSE_MS);
		pauses += h.paused;
	}
	assert_true(pauses > 24 * 60 * 60 / 90 && n > 4 * pauses);
}

static void refuses(const char *program, int reason)
{
	struct kith_helper h = {.program = program, .interface = "", .link = {.fd = -1}};
	struct kith_diag diag = {0};
	char text[256];

	(void)snprintf(text, sizeof text, "cannot start %s: %s", program, strerror(reason));
	errno = EDOM; /* which is no reason */
	assert_int_equal(kith_helper_start(&h, &diag), KITH_ERR_COURIER);
	assert_string_equal(diag.text, text);
	assert_int_equal(h.pid, 0);
	kith_helper_stop(&h);
}

static void test_a_program_that_cannot_be_started(void **state)
{
	char program[] = "/tmp/kith-helper-XXXXXX";
	int fd = mkstemp(program);

	(void)state;
	refuses("/proc/kith-courier", ENOENT);
	refuses("/", EACCES);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "no program", 10), 10);
	assert_int_equal(close(fd), 0);
	refuses(program, EACCES);
	assert_int_equal(chmod(program, 0700), 0);
	refuses(program, ENOEXEC);
	assert_int_equal(unlink(program), 0);
}

/* --- what it is started with ------------------------------------------------------------------ */

/* The other end: this program again, in the courier's place. */
static int say_what_i_have(void)
{
	extern char **environ;
	sigset_t blocked;
	int ignored = 0, masked = 0, files = 0, null = 0;
	struct stat st, dev_null;
	char text[200], start[64];

	(void)sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int i = 1; i < SIGRTMAX; i++) {
		struct sigaction a;
		masked += sigismember(&blocked, i) == 1;
		ignored += sigaction(i, NULL, &a) == 0 && a.sa_handler == SIG_IGN;
	}
	(void)stat("/dev/null", &dev_null);
	for (int i = 0; i < COURIER_FD; i++)
		null += fstat(i, &st) == 0 && st.st_rdev == dev_null.st_rdev;
	for (int i = COURIER_FD + 1; i < 100; i++)
		files += fcntl(i, F_GETFD) >= 0;
	(void)snprintf(text, sizeof text,
		"environment %d, masked %d, ignored %d, null %d, more files %d, own session %d",
		*environ != NULL, masked, ignored, null, files, getsid(0) == getpid());
	/* What is left unread would cut the line before the answer is. */
	return recv(COURIER_FD, start, sizeof start, 0) < 0 ||
	       send(COURIER_FD, text, strlen(text), 0) < 0;
}

/* Of a node with a bad upbringing. */
static void test_nothing_is_inherited(void **state)
{
	struct kith_helper h = {.program = "/proc/self/exe", .interface = "", .link = {.fd = -1}};
	char text[200] = "";
	sigset_t all, before;
	int open_file = fcntl(STDERR_FILENO, F_DUPFD, COURIER_FD + 1);

	(void)state;
	assert_true(open_file > COURIER_FD);
	assert_int_equal(setenv("KITH_SECRET", "42", 1), 0);
	(void)signal(SIGUSR1, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigfillset(&all);
	assert_int_equal(sigprocmask(SIG_BLOCK, &all, &before), 0);
	assert_int_equal(kith_helper_start(&h, NULL), KITH_OK);
	struct pollfd p = {.fd = h.link.fd, .events = POLLIN};
	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_true(recv(h.link.fd, text, sizeof text - 1, 0) > 0);
	kith_helper_stop(&h);
	(void)close(open_file);
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
	assert_string_equal(text, "environment 0, masked 0, ignored 0, null 3, more files 0, "
				  "own session 1");
}

/* --- how long it is waited for ---------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* In a child: takes one datagram, and the next one a tenth of a second later. */
static pid_t read_slowly(int fd)
{
	pid_t pid = fork();
	char byte;

	while (pid == 0)
		if (recv(fd, &byte, 1, 0) <= 0 || poll(NULL, 0, 100) < 0)
			_exit(0);
	return pid;
}

/* Whose queue is full, and who reads just enough to be waited for each time. */
static void test_a_slow_reader_does_not_hold_the_end(void **state)
{
	static uint8_t bytes[KITH_MESSAGE_MAX];
	const struct kith_courier_send m = {.conn = 1, .bytes = kith_span(bytes, sizeof bytes)};
	struct kith_helper h = {.link = {.fd = -1}};
	int fd[2], goodbye = 2 * KITH_LINGER_MS;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	kith_link_init(&h.link, fd[0]);
	while (h.link.waiting < KITH_QUEUE_MAX)
		assert_int_equal(kith_link_send(&h.link, &kith_courier_send_schema, &m), KITH_OK);
	pid_t pid = read_slowly(fd[1]);
	assert_true(pid > 0);
	assert_int_equal(close(fd[1]), 0);
	int64_t begun = now_ms();
	kith_helper_stop(&h);
	int64_t took = now_ms() - begun;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_in_range(took, goodbye - 100, goodbye + 2000);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_off_and_pause),
		cmocka_unit_test(test_a_loop_of_deaths),
		cmocka_unit_test(test_a_program_that_cannot_be_started),
		cmocka_unit_test(test_nothing_is_inherited),
		cmocka_unit_test(test_a_slow_reader_does_not_hold_the_end),
	};

	if (argc == 1 && strcmp(argv[0], "kith-courier") == 0)
		return say_what_i_have();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
