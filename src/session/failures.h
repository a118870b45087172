/* SPDX-License-Identifier: MIT
 *
 * failures - when the last comparisons failed.  proto/session.md, "Requests that wait".
 *
 * A plain value without owned memory, all zero at first.  A node has one for its whole life, so that
 * nobody gets new tries because a swap was started again.  One thread.
 */
#ifndef KITH_SESSION_FAILURES_H
#define KITH_SESSION_FAILURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct kith_failures {
	uint64_t at[KITH_FAILURES_MAX]; /* ticks, a ring */
	size_t n;                       /* ever added */
};

/* One more, at a time not before the last one's. */
void kith_failures_add(struct kith_failures *f, uint64_t at);

/* When there will be fewer than FAILURES_MAX in FAILURES_MS (ticks); 0: there are. */
uint64_t kith_failures_many_until(const struct kith_failures *f, uint64_t now);

#endif
