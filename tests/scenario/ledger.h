/* SPDX-License-Identifier: MIT
 *
 * ledger - kith/store.h's five transactions on arrays.  It takes no memory and never fails, so a
 * story can run it thousands of times; the stories that run on both prove that it tells the same.
 */
#ifndef KITH_SCENARIO_LEDGER_H
#define KITH_SCENARIO_LEDGER_H

#include "keeping.h"

#define LEDGER_PEOPLE   32
#define LEDGER_MEETINGS 128

struct ledger_contact {
	uint8_t ik[32];
	bool has_card;
	uint8_t card[8]; /* which of theirs */
	uint64_t rev;
	uint8_t hash[32]; /* of the envelope held */
	bool receipted;   /* some receipt of theirs came */
};

struct ledger_meeting {
	bool used;
	uint8_t session[32];
	size_t contact;
	uint8_t xk[32];
	enum kith_how mine, theirs;
	bool both; /* theirs is known */
	bool owed; /* my card */
	uint8_t card[8];
	uint64_t rev;
};

struct ledger {
	struct ledger_contact contacts[LEDGER_PEOPLE];
	size_t people;
	struct ledger_meeting meetings[LEDGER_MEETINGS]; /* in the order they were written */
};

enum kith_err ledger_confirm(struct ledger *l, const struct kith_meeting *m);
enum kith_err ledger_confirmed(
	struct ledger *l, const uint8_t session[static 32], enum kith_how theirs);
enum kith_err ledger_card(struct ledger *l, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope);
enum kith_err ledger_receipt(struct ledger *l, const struct kith_receipt *r);
enum kith_err ledger_mismatch(struct ledger *l, const uint8_t session[static 32]);
struct holding ledger_holds(const struct ledger *l, const uint8_t ik[static 32]);

#endif
