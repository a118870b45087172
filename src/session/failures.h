/* SPDX-License-Identifier: MIT
 *
 * failures - the failed comparisons of the last FAILURES_MS, by whose key and from where.
 * proto/session.md, "Requests that wait".
 *
 * A plain value without owned memory, all zero at first.  A node has one for its whole life, so that
 * nobody gets new tries because a swap was started again.  One thread.
 */
#ifndef KITH_SESSION_FAILURES_H
#define KITH_SESSION_FAILURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

/* Where somebody is, as far as he is held to account for it: an address, or a network of his. */
#define KITH_SOURCE_BYTES 16

struct kith_failure {
	uint64_t at; /* ticks */
	uint8_t key[32];
	uint8_t source[KITH_SOURCE_BYTES];
};

struct kith_failures {
	struct kith_failure ring[KITH_FAILURES_KEPT];
	size_t n; /* ever added */
};

/* One more, at a time not before the last one's.  Returns it, until the next. */
const struct kith_failure *kith_failures_add(struct kith_failures *f, uint64_t now,
	const uint8_t key[static 32], const uint8_t source[static KITH_SOURCE_BYTES]);

/* When there will be fewer than FAILURES_MAX in all (ticks); 0: there are. */
uint64_t kith_failures_many_until(const struct kith_failures *f, uint64_t now);

/* Are FAILURES_MAX of them with that key, or from that source? */
bool kith_failures_of(const struct kith_failures *f, uint64_t now, const uint8_t key[static 32],
	const uint8_t source[static KITH_SOURCE_BYTES]);

#endif
