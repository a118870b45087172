/* SPDX-License-Identifier: MIT
 *
 * arena - memory at places that depend on nothing but what was asked for before, and randomness that
 * starts anew: so that the same path through a session ends in the same bytes.
 */
#ifndef KITH_ORDERS_ARENA_H
#define KITH_ORDERS_ARENA_H

#include "scenario/world.h"

/* Memory of the world's people comes from the arena from now on (counted by the world as before),
 * and libsodium's own randomness begins again.  One world at a time. */
void arena_starts(struct world *w);

/* One block that is in use. */
struct arena_block {
	size_t at; /* place in the arena */
	size_t n;
	const uint8_t *p;
};

/* The blocks in use, by place. */
size_t arena_blocks(const struct arena_block **ret_blocks);

/* How often libsodium has drawn since. */
uint64_t arena_drawn(void);

/* Before libsodium is started: its randomness is a counter. */
void arena_takes_randomness(void);

#endif
