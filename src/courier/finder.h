/* SPDX-License-Identifier: MIT
 *
 * finder - the continuous browse: from PTR records to candidates, a few lookups at a time.
 */
#ifndef KITH_COURIER_FINDER_H
#define KITH_COURIER_FINDER_H

#include "courier/mdns.h"
#include "courier/rows.h"

struct kith_finder;

/* Browses on the interface `index` (-1: on all) and feeds the table.  Everything is borrowed for
 * the finder's life.  NULL: no memory, or the browse was refused. */
struct kith_finder *kith_finder_new(
	struct kith_poller *p, struct kith_mdns *mdns, int index, struct kith_sightings *sightings);
void kith_finder_free(struct kith_finder *f); /* before its mdns; NULL allowed */

#endif
