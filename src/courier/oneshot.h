/* SPDX-License-Identifier: MIT
 *
 * oneshot - quick questions while somebody looks at a list: responders answer a query that does not
 * come from port 5353 at once and by unicast (RFC 6762 sections 5.1 and 6.7).
 */
#ifndef KITH_COURIER_ONESHOT_H
#define KITH_COURIER_ONESHOT_H

#include "courier/poller.h"
#include "courier/rows.h"

struct kith_oneshot;

/* Everything is borrowed for life.  NULL: no memory. */
struct kith_oneshot *kith_oneshot_new(
	struct kith_poller *p, const struct kith_nets *nets, struct kith_sightings *sightings);
void kith_oneshot_free(struct kith_oneshot *o); /* NULL allowed */

/* Asks now, and at 0.1, 0.4, 1 and 2.5 s from now, on every interface by both protocols, and then
 * every 10 s while there are people who are known by such answers alone, or every 4 s while the browse is behind.  Answers of before that
 * are not given again are forgotten after 4 s.  Starts over by itself when a row is suspected. */
void kith_oneshot_start(struct kith_oneshot *o);
void kith_oneshot_stop(struct kith_oneshot *o);

#endif
