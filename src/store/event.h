/* SPDX-License-Identifier: MIT
 *
 * event - where people were met, for other files of the store.  Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_EVENT_H
#define KITH_STORE_EVENT_H

#include <kith/people.h>

#include "store/db.h"

/* The meeting with that row was in the event of that name, which is made where there is none.  A name that shows nothing is
 * no event.  Store errors. */
enum kith_err kith_event_met(struct kith_store *store, const uint8_t session[static 32],
	struct kith_span name, int64_t at) KITH_MUST_CHECK;

/* Removes those that came with a meeting alone, once nobody was there.  Store errors. */
enum kith_err kith_event_tidy(struct kith_store *store) KITH_MUST_CHECK;

#endif
