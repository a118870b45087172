/* SPDX-License-Identifier: MIT */
#include "crowd.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define STACK_BYTES (2u << 20) /* address space; the frame buffers of a thread are in it */

struct member {
	pthread_t thread;
	void (*f)(void *ctx, size_t who);
	void *ctx;
	size_t who;
};

uint64_t crowd_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void crowd_until(uint64_t ms)
{
	struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0)
		continue;
}

static void *run(void *arg)
{
	struct member *m = arg;

	m->f(m->ctx, m->who);
	return NULL;
}

size_t crowd_run(size_t n, unsigned rate, void (*f)(void *ctx, size_t who), void *ctx)
{
	struct member *all = calloc(n ? n : 1, sizeof *all);
	uint64_t begin = crowd_now();
	size_t running = 0;
	pthread_attr_t attr;

	if (!all || pthread_attr_init(&attr)) {
		free(all);
		return 0;
	}
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (size_t i = 0; i < n; i++) {
		struct member *m = &all[running];
		*m = (struct member){.f = f, .ctx = ctx, .who = i};
		if (rate)
			crowd_until(begin + i * 1000 / rate);
		running += pthread_create(&m->thread, &attr, run, m) == 0;
	}
	for (size_t i = 0; i < running; i++)
		(void)pthread_join(all[i].thread, NULL);
	(void)pthread_attr_destroy(&attr);
	free(all);
	return running;
}
