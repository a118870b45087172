/* SPDX-License-Identifier: MIT
 *
 * network.h - everybody at once: what `match`, `bridges` and the picture are made of.  UNSTABLE until 1.0.
 * Source: proto/people.md "Relations", "Match", "Bridges".
 *
 * The order never depends on rows: people come by folded name, then UUID.  Spans are valid until the callback returns.
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_NETWORK_H
#define KITH_NETWORK_H

#include <kith/people.h>

/* Somebody who was not let go. */
struct kith_network_person {
	int64_t row;
	struct kith_span name;
	struct kith_span org; /* n == 0: none */
	uint32_t ring;        /* its place, from the nearest, 1, outwards; 0: none */
	bool close;           /* that ring has a rhythm */
	bool introduced;      /* known by an introduction alone */
	bool blocked;
};

/* Return false to stop. */
typedef bool (*kith_network_person_fn)(void *ctx, const struct kith_network_person *person);

/* Everybody who was not let go.  Store errors. */
enum kith_err kith_store_network_people(
	struct kith_store *store, kith_network_person_fn fn, void *ctx) KITH_MUST_CHECK;

/* Somebody in an event or organisation; those who were let go too, since they were there. */
struct kith_network_member {
	bool org;               /* an organisation, else an event */
	struct kith_span key;   /* what it is told apart by: its folded name, org_key */
	struct kith_span name;  /* of an event; an organisation is called as its people call it */
	struct kith_span place; /* of an event; n == 0: none */
	int64_t contact;
};

typedef bool (*kith_network_member_fn)(void *ctx, const struct kith_network_member *member);

/* Events by key, then organisations by key; each person once in each.  Store errors. */
enum kith_err kith_store_network_members(
	struct kith_store *store, kith_network_member_fn fn, void *ctx) KITH_MUST_CHECK;

/* A tag of somebody, or (home) an address. */
struct kith_network_mark {
	int64_t contact;
	bool home;
	struct kith_span text; /* the tag, folded; the address as kith_field_value writes it */
};

typedef bool (*kith_network_mark_fn)(void *ctx, const struct kith_network_mark *mark);

/* Tags by their folded names, then addresses.  Store errors. */
enum kith_err kith_store_network_marks(
	struct kith_store *store, kith_network_mark_fn fn, void *ctx) KITH_MUST_CHECK;

/* What somebody asks for, or offers: a field of theirs or of mine about them, or a note that begins with "asks:" or "offers:". */
struct kith_wish {
	int64_t contact;
	bool offers;
	bool noted;            /* by me, in a note or a value of mine: nobody else has said it */
	struct kith_span text; /* the note without that word */
};

typedef bool (*kith_wish_fn)(void *ctx, const struct kith_wish *wish);

/* Of everybody who was neither let go nor blocked; of one person the fields first, then the notes, oldest first.  Store errors. */
enum kith_err kith_store_wishes(
	struct kith_store *store, kith_wish_fn fn, void *ctx) KITH_MUST_CHECK;

/* Two people who are no match any more: set aside, or introduced by me, whatever became of it.  a < b; a == b: somebody
 * set aside for me. */
typedef bool (*kith_apart_fn)(void *ctx, int64_t a, int64_t b);

/* All of them, by a, then b.  Store errors. */
enum kith_err kith_store_aparts(
	struct kith_store *store, kith_apart_fn fn, void *ctx) KITH_MUST_CHECK;

#endif
