/* SPDX-License-Identifier: MIT */
#include "session/failures.h"

#include <string.h>

const struct kith_failure *kith_failures_add(struct kith_failures *f, uint64_t now,
	const uint8_t key[static 32], const uint8_t source[static KITH_SOURCE_BYTES])
{
	struct kith_failure *new = &f->ring[f->n++ % KITH_FAILURES_KEPT];

	new->at = now;
	memcpy(new->key, key, sizeof new->key);
	memcpy(new->source, source, sizeof new->source);
	return new;
}

static size_t kept(const struct kith_failures *f)
{
	return f->n < KITH_FAILURES_KEPT ? f->n : KITH_FAILURES_KEPT;
}

static bool recent(const struct kith_failure *failure, uint64_t now)
{
	return now - failure->at <= KITH_FAILURES_MS;
}

uint64_t kith_failures_many_until(const struct kith_failures *f, uint64_t now)
{
	if (f->n < KITH_FAILURES_MAX)
		return 0;
	/* They are in the order of time: many, as long as this one counts. */
	const struct kith_failure *last = &f->ring[(f->n - KITH_FAILURES_MAX) % KITH_FAILURES_KEPT];
	return recent(last, now) ? last->at + KITH_FAILURES_MS + 1 : 0;
}

bool kith_failures_of(const struct kith_failures *f, uint64_t now, const uint8_t key[static 32],
	const uint8_t source[static KITH_SOURCE_BYTES])
{
	size_t by_key = 0, by_source = 0;

	for (size_t i = 0; i < kept(f); i++) {
		const struct kith_failure *x = &f->ring[i];
		by_key += recent(x, now) && memcmp(x->key, key, sizeof x->key) == 0;
		by_source += recent(x, now) && memcmp(x->source, source, sizeof x->source) == 0;
	}
	return by_key >= KITH_FAILURES_MAX || by_source >= KITH_FAILURES_MAX;
}
