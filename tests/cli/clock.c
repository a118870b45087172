/* SPDX-License-Identifier: MIT
 *
 * clock - a wall clock that stands, for a program that loads this first: at the moment (Unix seconds) that CLOCK_AT in
 * its environment says.  The one that counts from the start of the machine has run CLOCK_UP seconds longer than it has; the
 * others are left alone.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))

static time_t stands; /* 0: it goes */
static time_t longer;

/* Before the program begins: later it may not be allowed to ask. */
__attribute__((constructor)) static void look(void)
{
	const char *at = getenv("CLOCK_AT");

	const char *up = getenv("CLOCK_UP");

	stands = at ? (time_t)strtoll(at, NULL, 10) : 0;
	longer = up ? (time_t)strtoll(up, NULL, 10) : 0;
}

SEEN int clock_gettime(clockid_t id, struct timespec *t)
{
	int result = (int)syscall(SYS_clock_gettime, id, t);

	if (result == 0 && stands && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		*t = (struct timespec){.tv_sec = stands};
	else if (result == 0 && id == CLOCK_BOOTTIME)
		t->tv_sec += longer;
	return result;
}

SEEN int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec t = {0};

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	*tv = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000};
	return 0;
}

SEEN time_t time(time_t *ret)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (ret)
		*ret = t.tv_sec;
	return t.tv_sec;
}
