/* SPDX-License-Identifier: MIT
 *
 * keeping - what a person of a story remembers: the real store, or a ledger in memory that follows
 * the same header (kith/store.h) for stories that run thousands of times.
 */
#ifndef KITH_SCENARIO_KEEPING_H
#define KITH_SCENARIO_KEEPING_H

#include <kith/store.h>

enum keeping_kind {
	KEEPING_LEDGER, /* in memory */
	KEEPING_STORE,  /* SQLite in a folder of its own, removed at the end */
};

/* What is remembered of one person. */
struct holding {
	bool known; /* there is a contact */
	enum kith_contact_state state;
	uint64_t rev;      /* of the card held, 0 without one */
	bool delivered;    /* they have my card, and nothing is owed */
	size_t met;        /* meetings */
	size_t both;       /* of these, with their confirmation */
	enum kith_how how; /* of the last meeting */
};

struct keeping;

/* Fails the running test when it cannot be made; never NULL. */
struct keeping *keeping_new(enum keeping_kind kind);
void keeping_free(struct keeping *k);

/* The five transactions of kith/store.h. */
enum kith_err keeping_confirm(struct keeping *k, const struct kith_meeting *m);
enum kith_err keeping_confirmed(
	struct keeping *k, const uint8_t session[static 32], enum kith_how theirs);
enum kith_err keeping_card(struct keeping *k, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope);
enum kith_err keeping_receipt(struct keeping *k, const struct kith_receipt *r);
enum kith_err keeping_mismatch(struct keeping *k, const uint8_t session[static 32]);

/* What is remembered of the one with that key; all zero when nothing. */
struct holding keeping_holds(struct keeping *k, const uint8_t ik[static 32]);

/* How many people are remembered. */
size_t keeping_people(struct keeping *k);

#endif
