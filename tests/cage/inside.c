/* SPDX-License-Identifier: MIT
 *
 * inside - the courier, its own objects, taken over as soon as its cage is closed.
 *
 *	cage_inside FOLDER KERNEL        KERNEL: whole, landlock, seccomp or neither
 *
 * zmq_ctx_new is the first call after the cage closed; the linker (--wrap) puts ours in its place.
 * Every try is made there, in a thread that is started there, and in every thread that libzmq starts
 * later.  Each is told to the node as a datagram of text, "try WHERE NAME KIND ERRNO", of which
 * cage.py keeps count.  With KERNEL other than whole, the kernel seems not to know the rest.
 */
#include "cage/tries.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NODE_FD 3

void *__real_zmq_ctx_new(void);
void *__wrap_zmq_ctx_new(void);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

static const char *kernel = "whole";
static bool closed; /* the cage is, or would be */
static _Thread_local bool tried;

__attribute__((constructor)) static void begin(int argc, char **argv)
{
	if (argc != 3)
		_exit(2);
	tries_home = argv[1];
	kernel = argv[2];
	tries_parent = getppid();
}

/* A kernel without Landlock, without seccomp, or both; in the last, root keeps its rights, too. */
long __wrap_syscall(long number, ...)
{
	bool neither = strcmp(kernel, "neither") == 0;
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (!closed &&
		((number == SYS_landlock_create_ruleset &&
			 (neither || strcmp(kernel, "seccomp") == 0)) ||
			(number == SYS_seccomp && (neither || strcmp(kernel, "landlock") == 0)) ||
			(number == SYS_capset && neither))) {
		errno = ENOSYS;
		return -1;
	}
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void say(const char *text)
{
	struct pollfd p = {.fd = NODE_FD, .events = POLLOUT};

	while (send(NODE_FD, text, strlen(text), MSG_NOSIGNAL) < 0)
		if (errno != EAGAIN || poll(&p, 1, -1) < 0)
			_exit(3);
}

static void try_all(const char *where)
{
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* some look at the same file */
	char text[200];

	tried = true;
	(void)pthread_mutex_lock(&one);
	for (size_t i = 0; i < tries_n; i++) {
		int result = tries[i].f();
		(void)snprintf(text, sizeof text, "try %s %s %u %d", where, tries[i].name,
			tries[i].kind, result);
		say(text);
	}
	(void)snprintf(text, sizeof text, "end %s", where);
	say(text);
	(void)pthread_mutex_unlock(&one);
}

static void *in_thread(void *arg)
{
	try_all("thread");
	return arg;
}

void *__wrap_zmq_ctx_new(void)
{
	pthread_t thread;
	int err;

	closed = true;
	try_all("main");
	err = pthread_create(&thread, NULL, in_thread, NULL);
	if (err)
		_exit(4);
	(void)pthread_join(thread, NULL);
	return __real_zmq_ctx_new();
}

/* In place of the C library's: libzmq's threads wait here, and nobody else. */
__attribute__((visibility("default"))) int epoll_wait(
	int fd, struct epoll_event *events, int n, int ms)
{
	if (!tried)
		try_all("zmq");
	return (int)__real_syscall(SYS_epoll_pwait, fd, events, n, ms, NULL, 8);
}
