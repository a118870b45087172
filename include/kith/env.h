/* SPDX-License-Identifier: MIT
 *
 * env.h - what a program takes from the outside: memory, randomness, time.  UNSTABLE until 1.0.
 *
 * The session engine gets all three through this one struct, so that a test can run it on a
 * virtual clock, with repeatable randomness, and with memory that runs out on purpose.
 */
#ifndef KITH_ENV_H
#define KITH_ENV_H

#include <stddef.h>
#include <stdint.h>

/* All functions are called with ctx first.  They must not call back into kith. */
struct kith_env {
	void *ctx;                                       /* handed to every function */
	void *(*alloc)(void *ctx, size_t n);             /* n zeroed bytes, or NULL */
	void (*release)(void *ctx, void *p, size_t n);   /* p from alloc(n), never NULL */
	void (*random)(void *ctx, uint8_t *p, size_t n); /* fills n bytes, cannot fail */
	uint64_t (*ticks)(void *ctx);                    /* ms, never goes back; for time-outs */
	int64_t (*wall)(void *ctx);                      /* Unix seconds; only ever shown */
};

/* The real ones: calloc, getrandom(2), CLOCK_BOOTTIME, CLOCK_REALTIME.  Static, any thread. */
const struct kith_env *kith_env_default(void);

#endif
