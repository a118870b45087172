/* SPDX-License-Identifier: MIT
 *
 * pump - people with a store, an identity and a keep each, and meetings between two of them as a known session
 * would run them (proto/known.md), without a network: what their keeps hand out is carried over, and answered.
 *
 * Every function fails the test when something goes wrong that a test does not ask for.
 */
#ifndef KITH_TESTS_PUMP_H
#define KITH_TESTS_PUMP_H

#include "store_world.h"

#include <kith/cards.h>
#include <kith/known.h>

#include "base/limits.h"
#include "keep/keep.h"

/* One person. */
struct pump_person {
	char *home;
	struct kith_identity *id;
	struct kith_store *store;
	struct kith_keep *keep;
	struct kith_env env; /* the real one, but for the clock */
	int64_t clock;       /* what it shows, Unix seconds; may be set */
	uint64_t ticks;      /* ms; every meeting is UPDATE_MS behind the one before */
	struct kith_retired
		retired[KITH_STATEMENTS_MAX]; /* former keys; pump_rekeep after a change */
	size_t n_retired;
};

/* A new person in `folder` (the *state of world_make), with the key that world_keys has for this seed, and a card "me" with
 * that name, revision 1. */
void pump_person(struct pump_person *p, const char *folder, const char *name, uint8_t seed);
/* The same with the key of any seed. */
void pump_person_of(struct pump_person *p, const char *folder, const char *name,
	const uint8_t seed[static KITH_KEY_BYTES]);
void pump_free(struct pump_person *p);

/* A keep anew, by id, retired and n_retired. */
void pump_rekeep(struct pump_person *p);

/* What I say of myself from now on: as for world_card.  Signs the cards that change; returns the highest number. */
uint64_t pump_profile(struct pump_person *p, const char *text);

/* The row of b in a's store, 0: none. */
int64_t pump_contact(struct pump_person *a, struct pump_person *b);

/* The envelope of b's card "me" as it is now. */
void pump_envelope(struct pump_person *b, struct kith_buf *out);

/* a takes b's card by file. */
void pump_import(struct pump_person *a, struct pump_person *b);

/* They compare, and swap their cards "me", with receipts. */
void pump_swap(struct pump_person *a, struct pump_person *b);

/* One side of a swap alone: a said "same" and owes b the card "me"; b's card, word and receipt did not come. */
void pump_half(struct pump_person *a, struct pump_person *b, uint8_t session);

#define PUMP_PARCELS 96

/* A meeting, as it is to go and as it went. */
struct pump_meeting {
	size_t break_at; /* the line breaks before the answer to that parcel arrives, counted from 1; 0: never */
	/* Called for each parcel before it is handed over: may change it, or the world.  NULL: nothing. */
	void (*on_parcel)(
		void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes);
	/* Called for each answer before it goes back: may change it, or the world.  A receipt is not in it. */
	void (*on_answer)(void *ctx, struct pump_person *from, uint64_t kind,
		enum kith_outcome *outcome, struct kith_buf *answer);
	void *ctx;
	const char *event; /* of a swap that runs at both meanwhile; NULL: none does */
	/* how it went */
	bool met;
	size_t n;
	struct {
		const struct pump_person *from;
		enum kith_parcel_kind kind;
		enum kith_outcome outcome;
		size_t bytes;
		size_t answer; /* bytes of the envelope that came back */
	} at[PUMP_PARCELS];
	size_t bytes[2];      /* of the first, and of the second, envelopes in answers with them */
	enum kith_err failed; /* what of the proof failed, where it did */
	struct kith_standing told[2];
};

/* A meeting on network `eth0`; *m starts with {0} or what is to go wrong.  False: they did not recognise each other. */
bool pump_meet_as(struct pump_person *a, struct pump_person *b, struct pump_meeting *m);

/* The same without anything special. */
struct pump_meeting pump_meet(struct pump_person *a, struct pump_person *b);

/* How many parcels of that kind from that person were answered so. */
size_t pump_count(const struct pump_meeting *m, const struct pump_person *from,
	enum kith_parcel_kind kind, enum kith_outcome outcome);

/* The news of p behind *after, as "met|card|..."; *after moves on (NULL: from the first on). */
const char *pump_news(struct pump_person *p, int64_t *after, char text[static 512]);

#endif
