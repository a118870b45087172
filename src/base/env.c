/* SPDX-License-Identifier: MIT */
#include <kith/env.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static void *real_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return calloc(1, n ? n : 1);
}

static void real_release(void *ctx, void *p, size_t n)
{
	(void)ctx;
	(void)n;
	free(p);
}

static void real_random(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0) {
			if (errno == EINTR)
				continue;
			abort(); /* no kernel randomness: nothing that follows could be kept secret */
		}
		p += got;
		n -= (size_t)got;
	}
}

/* BOOTTIME goes on while the machine sleeps: a code that was on the screen before a night in the
 * bag must not still be answerable in the morning. */
static uint64_t real_ticks(void *ctx)
{
	struct timespec t = {0};

	(void)ctx;
	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int64_t real_wall(void *ctx)
{
	(void)ctx;
	return (int64_t)time(NULL);
}

const struct kith_env *kith_env_default(void)
{
	static const struct kith_env env = {
		.alloc = real_alloc,
		.release = real_release,
		.random = real_random,
		.ticks = real_ticks,
		.wall = real_wall,
	};
	return &env;
}
