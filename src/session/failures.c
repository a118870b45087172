/* SPDX-License-Identifier: MIT */
#include "session/failures.h"

void kith_failures_add(struct kith_failures *f, uint64_t at)
{
	f->at[f->n++ % KITH_FAILURES_MAX] = at;
}

uint64_t kith_failures_many_until(const struct kith_failures *f, uint64_t now)
{
	uint64_t first = f->at[f->n % KITH_FAILURES_MAX]; /* many, as long as this one counts */

	if (f->n < KITH_FAILURES_MAX || now - first > KITH_FAILURES_MS)
		return 0;
	return first + KITH_FAILURES_MS + 1;
}
