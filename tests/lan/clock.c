/* SPDX-License-Identifier: MIT
 *
 * clock - a wall clock that is wrong, for every program of a machine that loads this first: seconds
 * are added as the file CLOCK says, at once when the file changes.  The clocks that go on evenly are
 * left alone, as they are when somebody sets the date.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CLOCK "/run/clock" /* one int64_t */
#define SEEN  __attribute__((visibility("default")))

static const volatile int64_t *wrong;

/* Before the program begins: later it may not be allowed to open files. */
__attribute__((constructor)) static void look(void)
{
	int fd = open(CLOCK, O_RDONLY | O_CLOEXEC);
	void *p = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *wrong, PROT_READ, MAP_SHARED, fd, 0);

	if (p != MAP_FAILED)
		wrong = p;
	if (fd >= 0)
		(void)close(fd);
}

SEEN int clock_gettime(clockid_t id, struct timespec *t)
{
	int result = (int)syscall(SYS_clock_gettime, id, t);

	if (result == 0 && wrong && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		t->tv_sec += *wrong;
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
