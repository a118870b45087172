/* SPDX-License-Identifier: MIT
 *
 * waits - which sessions count for the minute between two updates: proto/known.md, "Who dials".
 */
#include "pair.h"

#define SEEDS 10
#define SOON  (KITH_DIAL_WAIT_MS + 2000)

_Static_assert(2 * SOON < KITH_UPDATE_MS, "what comes soon has not waited for it");

static const struct manner idle = {.idle = true, .minds = true};

static struct kith_span text(const char *s)
{
	return kith_span_str(s);
}

/* Ada asks what it is that Grace holds, and is told nothing: that was no update, neither to her nor to Grace. */
static void after_a_question(uint64_t seed, bool is_ada)
{
	uint8_t hash[32] = {1};
	struct world *w = world_starts(seed, KEEPING_LEDGER);
	struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};
	struct person *a = is_ada ? p.ada : p.grace, *b = is_ada ? p.grace : p.ada;

	all_know_each_other(w);
	owes(p.ada, p.grace, KITH_PARCEL_RECALL, kith_span(hash, sizeof hash));
	all_see_each_other(w);
	passes(w, SOON);
	expect(met(a, b) == 1 && p.ada->mind->out[0].answered);
	owes(a, b, KITH_PARCEL_STATEMENT, text("a"));
	passes(w, 1000);
	expect(met(a, b) == 2 && waiting_for(b, a) == 0);
	owes(b, a, KITH_PARCEL_STATEMENT, text("b")); /* that one was */
	passes(w, SOON);
	expect(met(a, b) == 2 && waiting_for(a, b) == 1);
	passes(w, KITH_UPDATE_MS);
	expect(met(a, b) == 3 && waiting_for(a, b) == 0);
	world_ends(w);
}

static void a_question_is_no_update(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		for (int is_ada = 0; is_ada < 2; is_ada++)
			if (world_wanted(seed))
				after_a_question(seed, is_ada);
}

/* Grace puts her off: else Ada would call on her without pause, for as long as Grace likes. */
static void but_later_waits(void **state)
{
	uint8_t hash[32] = {1};

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};
		all_know_each_other(w);
		p.grace->mind->takes = KITH_OUTCOME_LATER;
		owes(p.ada, p.grace, KITH_PARCEL_RECALL, kith_span(hash, sizeof hash));
		all_see_each_other(w);
		passes(w, SOON);
		expect(met(p.ada, p.grace) == 1 && p.ada->mind->out[0].answered);
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
		passes(w, SOON);
		expect(met(p.ada, p.grace) == 1);
		passes(w, KITH_UPDATE_MS);
		expect(met(p.ada, p.grace) == 2);
		world_ends(w);
	}
}

/* Whoever Ada was before she rotated, and the tie that she keeps for it. */
static struct person *rotates(struct person *ada, struct person *grace)
{
	struct person *was = comes_as(ada->w, "Was", (struct manner){.stranger = true});
	struct kith_tie tie = {.contact = 1};

	memcpy(tie.theirs, kith_identity_ik(grace->id), sizeof tie.theirs);
	memcpy(tie.their_xk, kith_identity_xk(grace->id), sizeof tie.their_xk);
	expect(kith_circle_add(ada->mind->circle, ada->id, kith_identity_xk_secret(was->id),
		       kith_identity_ik(was->id), &tie) == KITH_OK);
	expect(kith_buf_add(&ada->mind->rotations, "way", 3) == KITH_OK);
	memcpy(grace->mind->new_ik, kith_identity_ik(ada->id), 32);
	return was;
}

/* Grace takes it: the same contact, by Ada's new key. */
static void follows(struct person *grace, const struct person *ada)
{
	struct kith_tie tie = {.contact = 2};

	memcpy(tie.theirs, kith_identity_ik(ada->id), sizeof tie.theirs);
	memcpy(tie.their_xk, kith_identity_xk(ada->id), sizeof tie.their_xk);
	kith_circle_remove(grace->mind->circle, tie.contact);
	expect(kith_circle_add(grace->mind->circle, grace->id, NULL, NULL, &tie) == KITH_OK);
	kith_room_ties_changed(grace->room);
}

/* The session that brings the rotation brings nothing else, and so the card that waits behind it goes at once. */
static void a_rotation_is_no_update(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};
		struct person *was = rotates(p.ada, p.grace);
		knows(p.grace, was);
		knows(p.ada, p.grace);
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("the card"));
		all_see_each_other(w);
		for (uint64_t ms = 0; !p.grace->mind->rotated && ms < SOON; ms++)
			passes(w, 1);
		expect(p.grace->mind->rotated == 1);
		follows(p.grace, p.ada); /* before the session is over */
		passes(w, SOON);
		/* once in each session, where both dial */
		expect(p.grace->mind->comes == 1 || p.grace->mind->comes == 2);
		expect(waiting_for(p.grace, p.ada) == 0);
		world_ends(w);
	}
}

/* She does not: they try once more, and then it waits. */
static void but_not_again_and_again(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};
		struct person *was = rotates(p.ada, p.grace);
		knows(p.grace, was);
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("the card"));
		all_see_each_other(w);
		passes(w, 2 * SOON);
		size_t n = met(p.ada, p.grace);
		expect(n == 2 || n == 3); /* both dial */
		passes(w, KITH_UPDATE_MS);
		expect(met(p.ada, p.grace) > n && met(p.ada, p.grace) <= n + 2);
		expect(p.grace->mind->comes == 0);
		world_ends(w);
	}
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_question_is_no_update),
		cmocka_unit_test(but_later_waits),
		cmocka_unit_test(a_rotation_is_no_update),
		cmocka_unit_test(but_not_again_and_again),
	};

	return stories_run("waits", stories);
}
