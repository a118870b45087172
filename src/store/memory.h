/* SPDX-License-Identifier: MIT
 *
 * memory - what else happens to a person when I write something about them, for other files of the store.  Everything here
 * runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_MEMORY_H
#define KITH_STORE_MEMORY_H

#include <kith/people.h>

#include "store/db.h"

/* KITH_ERR_NOPERSON: there is no such person; store errors. */
enum kith_err kith_memory_is(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* When the last contact was, of the person ?1: what `touched` of contact repeats, wrong clocks and all. */
#define KITH_MEMORY_TOUCHED                                                                        \
	"max(handed, coalesce((SELECT max(at) FROM met WHERE contact = ?1), 0), "                  \
	"coalesce((SELECT max(at) FROM remark WHERE contact = ?1 AND kind <> 0), 0))"

/* The same as it is believed: without what lies behind ?1, the end of today, which was written by a clock that was wrong. */
#define KITH_MEMORY_BELIEVED                                                                         \
	"CASE WHEN touched < ?1 THEN touched ELSE max(coalesce((SELECT max(at) FROM met WHERE "      \
	"met.contact = contact.row AND at < ?1), 0), coalesce((SELECT max(at) FROM remark WHERE "    \
	"remark.contact = contact.row AND kind <> 0 AND at < ?1), 0), iif(handed < ?1, handed, 0)) " \
	"END"

/* Not put off beyond that day. */
#define KITH_MEMORY_AWAKE(day) "(snoozed IS NULL OR snoozed <= " day ")"

/* Of contact: with whom I want to be in touch soon, and was not since. */
#define KITH_MEMORY_SOON "review = 2 AND " KITH_MEMORY_BELIEVED " <= reviewed_at AND NOT blocked"

/* Since when a rhythm is counted: without a contact since they came into the ring. */
#define KITH_MEMORY_COUNTED                                                                        \
	"coalesce(nullif(" KITH_MEMORY_BELIEVED ", 0), iif(ring_at < ?1, ring_at, added))"

/* Of contact and its ring: longer without a contact than the rhythm says, on the day that begins at `begun`. */
#define KITH_MEMORY_LATE(begun, day)                                                               \
	KITH_MEMORY_COUNTED " < " begun " - rhythm * 86400 AND " KITH_MEMORY_AWAKE(day)

/* The same, and told so: nobody who was let go or is blocked, nor who is to be told as soon, which is once.  `touched` twice, so
 * that it goes by the index.  One meaning of `due` and of is:drifting. */
#define KITH_MEMORY_DRIFTING(begun, day)                                                           \
	"rhythm > 0 AND (touched < " begun                                                         \
	" - rhythm * 86400 OR touched >= ?1) AND " KITH_MEMORY_LATE(                               \
		begun, day) " AND NOT (" KITH_MEMORY_SOON ") AND review <> 3 AND NOT blocked"

/* Who waits for review, as rows of contact and since when: met, or on a roster without a meeting.  review <> 1: as the
 * index has it, which holds all that is asked. */
#define KITH_MEMORY_WAITING                                                                         \
	"(SELECT row, met_at AS since FROM contact WHERE review <> 1 AND review = 0 AND met_at IS " \
	"NOT NULL AND NOT blocked UNION ALL SELECT row, added FROM contact WHERE row IN (SELECT "   \
	"contact FROM event_guest) AND review = 0 AND met_at IS NULL AND NOT blocked)"

/* `touched` is worked out again, without the rest of kith_contact_refresh.  Store errors. */
enum kith_err kith_memory_retouch(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Somebody who was let go matters again: kept, from now on; or, when they were met again, asked about anew.  Store errors. */
enum kith_err kith_memory_back(
	struct kith_store *store, int64_t contact, int64_t now) KITH_MUST_CHECK;
enum kith_err kith_memory_met(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Something ties them from now on, or does no more: of who was let go the days begin anew behind that one; KITH_DAY_NONE: behind
 * the next that counts.  Store errors. */
enum kith_err kith_memory_tie(
	struct kith_store *store, int64_t contact, int32_t today) KITH_MUST_CHECK;

/*
 * carry.c.  What was remembered of `from` is of `to` from now on; whose row `from` was goes next (not here), and `to` is to
 * be refreshed.  _join notes where it came from, and _give_back brings that back: notes, touches, promises, tags, places on
 * a roster.  _drop removes what is found by its words.  Store errors.
 */
enum kith_err kith_memory_carry(struct kith_store *store, int64_t from, int64_t to) KITH_MUST_CHECK;
enum kith_err kith_memory_join(
	struct kith_store *store, int64_t person, int64_t other) KITH_MUST_CHECK;
enum kith_err kith_memory_give_back(
	struct kith_store *store, int64_t person, int64_t home) KITH_MUST_CHECK;
enum kith_err kith_memory_drop(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

#endif
