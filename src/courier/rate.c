/* SPDX-License-Identifier: MIT */
#include "courier/rate.h"

#define SECOND_MS 1000

_Static_assert(SECOND_MS % KITH_HANDSHAKES_ADDRESS_MAX == 0 && SECOND_MS % KITH_HANDSHAKES_MAX == 0,
	"a token takes whole milliseconds");

/* Can a bucket that is full at `full` spare a token that takes `ms` to come back? */
static bool spare(uint64_t full, uint64_t now, uint64_t ms)
{
	return full <= now || full - now + ms <= SECOND_MS;
}

static void take(uint64_t *full, uint64_t now, uint64_t ms)
{
	*full = (*full > now ? *full : now) + ms;
}

/* The origin's place, else a free one. */
static size_t place(const struct kith_rate *r, const struct kith_origin *from, uint64_t now)
{
	size_t found = KITH_RATE_ORIGINS;

	for (size_t i = 0; i < KITH_RATE_ORIGINS; i++) {
		if (r->at[i].full <= now)
			found = i;
		else if (kith_origin_eq(&r->at[i].from, from))
			return i;
	}
	return found;
}

bool kith_rate_take(struct kith_rate *r, const struct kith_origin *from, uint64_t now)
{
	const uint64_t one_ms = SECOND_MS / KITH_HANDSHAKES_ADDRESS_MAX;
	const uint64_t all_ms = SECOND_MS / KITH_HANDSHAKES_MAX;
	size_t i = place(r, from, now);

	/* The origin's bucket first: who has spent his own cannot spend that of all. */
	if (i == KITH_RATE_ORIGINS || !spare(r->at[i].full, now, one_ms) ||
		!spare(r->all_full, now, all_ms))
		return false;
	r->at[i].from = *from;
	take(&r->at[i].full, now, one_ms);
	take(&r->all_full, now, all_ms);
	return true;
}
