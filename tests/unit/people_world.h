/* SPDX-License-Identifier: MIT
 *
 * people_world - what the tests of people share: a store with people by name, and what ties them.
 */
#ifndef KITH_TESTS_PEOPLE_WORLD_H
#define KITH_TESTS_PEOPLE_WORLD_H

#include "store_world.h"

#include <kith/people.h>

#include "people/groups.h"

extern const struct kith_graph_library kith_graph_library;

/* Somebody typed in; fields behind the name as for world_card, "" for none.  The row. */
int64_t people_add(struct kith_store *store, const char *name, const char *fields);

/* An event with these people (rows, ended by 0), and its place ("" for none). */
void people_event(
	struct kith_store *store, const char *name, const char *place, const int64_t *rows);

/* What I say of two. */
void people_relate(struct kith_store *store, int64_t a, int64_t b);

/* A note about somebody. */
void people_note(struct kith_store *store, int64_t who, const char *text);

/* Into the ring of that name. */
void people_ring(struct kith_store *store, int64_t who, const char *ring);

/* The number of somebody in the ties, by name; the test fails without. */
uint32_t people_number(const struct kith_ties *ties, const char *name);

#endif
