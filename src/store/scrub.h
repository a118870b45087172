/* SPDX-License-Identifier: MIT
 *
 * scrub - no trace of words that were taken away.  SQLite overwrites what is deleted (secure_delete), but copies of it stand in
 * older parts of an index, in the room between the rows of a page, and in the WAL.  What is owed is kept with the change itself, as
 * `owed` of setting: whoever dies before it is paid leaves that to the next who writes.
 */
#ifndef KITH_STORE_SCRUB_H
#define KITH_STORE_SCRUB_H

#include "store/db.h"

/* Inside a transaction that set store->scrub: what it owes.  Store errors. */
enum kith_err kith_scrub_owe(struct kith_store *store) KITH_MUST_CHECK;

/* Outside of one: pays what anybody owes, and waits for nobody.  What fails, or is in the way of somebody who reads, stays owed. */
void kith_scrub_pay(struct kith_store *store);

#endif
