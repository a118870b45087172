/* SPDX-License-Identifier: MIT
 *
 * inside_picture - kith-picture, its own objects, taken over as soon as its cage is closed.
 *
 *	CAGE_FOLDER=FOLDER CAGE_KERNEL=KERNEL cage_inside_picture check
 *
 * gdSetErrorMethod is the first call after the cage closed; the linker (--wrap) puts ours in its place, where
 * every try is made and told to standard output, a line each: "try main NAME KIND ERRNO".  Then the
 * program goes on with its own work.  KERNEL: whole; landlock or seccomp, when the kernel seems not to
 * know the rest; neither; open, for a program that closes no cage at all.
 */
#include "cage/tries.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gd.h>

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
bool __real_kith_picture_cage_close(void);
bool __wrap_kith_picture_cage_close(void);
void __real_gdSetErrorMethod(gdErrorMethod method);
void __wrap_gdSetErrorMethod(gdErrorMethod method);
int __real_setrlimit(__rlimit_resource_t what, const struct rlimit *to);
int __wrap_setrlimit(__rlimit_resource_t what, const struct rlimit *to);

static const char *kernel = "whole";
static bool closed;

__attribute__((constructor)) static void begin(void)
{
	tries_home = getenv("CAGE_FOLDER");
	kernel = getenv("CAGE_KERNEL");
	tries_parent = getppid();
	if (!tries_home || !kernel)
		_exit(2);
}

static bool is(const char *name)
{
	return strcmp(kernel, name) == 0;
}

long __wrap_syscall(long number, ...)
{
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (!closed &&
		((number == SYS_landlock_create_ruleset && (is("neither") || is("seccomp"))) ||
			(number == SYS_seccomp && (is("neither") || is("landlock"))))) {
		errno = ENOSYS;
		return -1;
	}
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* With three descriptors nothing can be opened, whatever the cage does. */
int __wrap_setrlimit(__rlimit_resource_t what, const struct rlimit *to)
{
	return what == RLIMIT_NOFILE && !closed && !is("whole") ? 0 : __real_setrlimit(what, to);
}

bool __wrap_kith_picture_cage_close(void)
{
	bool good = is("open") || __real_kith_picture_cage_close();

	closed = true;
	return good;
}

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(3);
}

void __wrap_gdSetErrorMethod(gdErrorMethod method)
{
	char text[200];

	for (size_t i = 0; i < tries_n; i++) {
		int result = tries[i].f();
		(void)snprintf(text, sizeof text, "try main %s %u %d\n", tries[i].name,
			tries[i].kind, result);
		say(text);
	}
	say("end\n");
	__real_gdSetErrorMethod(method);
}
