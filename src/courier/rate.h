/* SPDX-License-Identifier: MIT
 *
 * rate - how many handshakes a second: token buckets, one for each origin and one for all.
 *
 * An origin is remembered only while its bucket is not full, at most a second after it was let in.
 * As the bucket for all lets in fewer than KITH_RATE_ORIGINS a second, the table cannot overflow:
 * nobody's state is ever pushed out by others, however many addresses they have.
 */
#ifndef KITH_COURIER_RATE_H
#define KITH_COURIER_RATE_H

#include "courier/origin.h"

#define KITH_RATE_ORIGINS ((size_t)2 * KITH_HANDSHAKES_MAX)

/* Zero is the start: every bucket full. */
struct kith_rate {
	uint64_t all_full; /* when the bucket for all is full again, ms */
	struct {
		struct kith_origin from;
		uint64_t full; /* when its bucket is full again; not later than now: no entry */
	} at[KITH_RATE_ORIGINS];
};

/* Takes one token of the origin and one of all at the time `now`, in ms of a clock that never goes
 * back.  False: one of the two buckets is empty, and neither has lost anything. */
bool kith_rate_take(struct kith_rate *r, const struct kith_origin *from, uint64_t now);

#endif
