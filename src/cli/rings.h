/* SPDX-License-Identifier: MIT
 *
 * rings - one of the rings around me, by its name or by its row.
 */
#ifndef KITH_CLI_RINGS_H
#define KITH_CLI_RINGS_H

#include <jansson.h>

#include <kith/people.h>

#include "base/limits.h"

/* A plain value. */
struct kith_ring_copy {
	struct kith_ring ring; /* name borrows from here */
	char name[KITH_TAG_MAX + 1];
};

/* The ring of that name (folded), or of that row.  KITH_ERR_MISSING; KITH_ERR_NOMEM; store errors. */
enum kith_err kith_ring_named(
	struct kith_store *store, const char *name, struct kith_ring_copy *ret) KITH_MUST_CHECK;
enum kith_err kith_ring_of_row(
	struct kith_store *store, int64_t row, struct kith_ring_copy *ret) KITH_MUST_CHECK;

/* {"name", "place", "room", "people", "rhythm": days or null}.  NULL: memory ran out. */
json_t *kith_ring_json(const struct kith_ring *ring);

#endif
