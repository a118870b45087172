/* SPDX-License-Identifier: MIT
 *
 * inside_render - kith-render, its own objects, taken over as soon as its cage is closed and its input read.
 *
 *	CAGE_FOLDER=FOLDER CAGE_KERNEL=KERNEL cage_inside_render WIDTH HEIGHT
 *
 * kith_render_draw is the first that looks at the input; the linker (--wrap) puts ours in its place, where every try is
 * made and told to standard output, a line each: "try main NAME KIND ERRNO".  Then the program goes on with its own work.
 * KERNEL: whole; landlock or seccomp, when the kernel seems not to know the rest; filter, when it seems to know Landlock, and
 * does nothing about paths; open, for a program that closes no cage at all.
 */
#include "cage/tries.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "render/cage.h"
#include "render/draw.h"

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
bool __real_kith_render_cage_close(void);
bool __wrap_kith_render_cage_close(void);
enum kith_render_status __real_kith_render_draw(
	struct kith_span svg, const struct kith_render_order *order, struct kith_buf *out);
enum kith_render_status __wrap_kith_render_draw(
	struct kith_span svg, const struct kith_render_order *order, struct kith_buf *out);

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
	if (!closed && ((number == SYS_landlock_create_ruleset && is("seccomp")) ||
			       (number == SYS_seccomp && is("landlock")))) {
		errno = ENOSYS;
		return -1;
	}
	if (!closed && number == SYS_landlock_restrict_self && is("filter"))
		return 0;
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

bool __wrap_kith_render_cage_close(void)
{
	bool good = is("open") || __real_kith_render_cage_close();

	closed = true;
	return good;
}

/* What somebody left open before it was started: the script leaves it descriptor 3. */
static int use_inherited(void)
{
	return write(STDERR_FILENO + 1, "x", 1) == 1 ? 0 : errno;
}

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(3);
}

enum kith_render_status __wrap_kith_render_draw(
	struct kith_span svg, const struct kith_render_order *order, struct kith_buf *out)
{
	char text[200];

	for (size_t i = 0; i < tries_n; i++) {
		int result = tries[i].f();
		(void)snprintf(text, sizeof text, "try main %s %u %d\n", tries[i].name,
			tries[i].kind, result);
		say(text);
	}
	(void)snprintf(
		text, sizeof text, "try main use_inherited %u %d\n", ANYBODY, use_inherited());
	say(text);
	say("end\n");
	return __real_kith_render_draw(svg, order, out);
}
