/* SPDX-License-Identifier: MIT
 *
 * crowd - many connections at once: a thread each, which may block as it likes.
 */
#ifndef KITH_HOSTILE_CROWD_H
#define KITH_HOSTILE_CROWD_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds of a clock that never goes back. */
uint64_t crowd_now(void);

/* Sleeps until that moment; the attacks have a pace, which is all that ever waits here. */
void crowd_until(uint64_t ms);

/* Calls f(ctx, 0) to f(ctx, n - 1), each in a thread of its own, `rate` a second (0: at once), and
 * returns when all have returned.  Those for which there is no thread are left out.  Returns how
 * many ran. */
size_t crowd_run(size_t n, unsigned rate, void (*f)(void *ctx, size_t who), void *ctx);

#endif
