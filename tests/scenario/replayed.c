/* SPDX-License-Identifier: MIT
 *
 * replayed - a whole swap was recorded; whoever has the recording says it again, as a dialler, as a
 * listener, and each message of it at each step of another session.  Nothing changes (T14, case 68).
 * And what a known person may not do with an older or another card (T15, T16).
 */
#include "stranger.h"

/* The messages of a swap between Ada and the stranger, as each of them sent them. */
struct record {
	struct kith_buf his[TYPES_MAX], hers[TYPES_MAX];
};

static void keep(struct kith_buf *to, struct kith_span bytes)
{
	kith_buf_clear(to);
	expect(kith_buf_add(to, bytes.p, bytes.n) == KITH_OK);
}

static void record_takes(struct record *r, const struct stranger *s)
{
	for (size_t type = 0; type < TYPES_MAX; type++)
		if (s->said[type].n)
			keep(&r->his[type], kith_buf_span(&s->said[type]));
	for (size_t i = 0; i < s->me->inbox_n; i++) {
		uint64_t type;
		struct kith_span message = kith_buf_span(&s->me->inbox[i]);
		expect(kith_message_type(message, &type) == KITH_OK);
		keep(&r->hers[type], message);
	}
}

static void record_free(struct record *r)
{
	for (size_t i = 0; i < TYPES_MAX; i++) {
		kith_buf_free(&r->his[i]);
		kith_buf_free(&r->hers[i]);
	}
}

/* Everything that is kept of them, and how often anything was written. */
struct kept {
	struct holding held;
	unsigned wrote[WRITINGS];
	unsigned cards;
};

static struct kept kept_of(const struct stranger *s)
{
	struct kept k = {.held = holds(s->victim, s->me), .cards = s->victim->sent[KITH_TYPE_CARD]};

	memcpy(k.wrote, s->victim->wrote, sizeof k.wrote);
	return k;
}

static void nothing_changed(const struct kept *before, const struct stranger *s)
{
	struct kept now = kept_of(s);

	expect(now.held.met == before->held.met && now.held.rev == before->held.rev &&
		now.held.both == before->held.both && now.held.state == before->held.state &&
		now.held.delivered == before->held.delivered);
	expect(memcmp(now.wrote, before->wrote, sizeof now.wrote) == 0);
	expect(now.cards == before->cards);
}

/* Ada and Mallory have swapped; what was said is recorded, the line is gone. */
static struct stranger swapped_before(struct world *w, bool dials, struct record *r)
{
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, dials);

	stranger_goes(&s, STAGE_DONE);
	expect(has_swapped(ada, s.me));
	passes(w, KITH_CLOSING_MS);
	stranger_hangs_up(s.me);
	record_takes(r, &s);
	settles(w);
	return s;
}

/* All he said, in its order, on a new line; Ada's person says yes to everything. */
static void says_it_all_again(struct stranger *s, const struct record *r)
{
	struct world *w = s->me->w;

	s->victim->habit = HABIT_AGREES;
	if (s->dials)
		stranger_dials(s->me, s->victim);
	else
		picks(s->victim, s->me);
	settles(w);
	for (size_t type = 1; type < TYPES_MAX; type++) {
		if (!r->his[type].n)
			continue;
		stranger_bytes(s, kith_buf_span(&r->his[type]));
		passes(w, 3000); /* people think */
	}
}

static void a_whole_swap_again(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct world *w = world_starts(1, KEEPING_STORE);
		struct record r = {0};
		struct stranger s = swapped_before(w, dials, &r);
		struct kept before = kept_of(&s);
		says_it_all_again(&s, &r);
		expect(told(s.victim, KITH_NEWS_CODE, s.me) == 1); /* that of the first time */
		expect(failed_with(s.victim, s.me, dials ? KITH_ERR_COMMIT : KITH_ERR_PROTOCOL));
		nothing_changed(&before, &s);
		record_free(&r);
		stranger_free(&s);
		world_ends(w);
	}
}

/* One message of the first session, his or hers, in the second at that stage. */
static void an_old_one_at(bool dials, enum stage stage, size_t type, bool hers)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct record r = {0};
	struct stranger s = swapped_before(w, dials, &r);
	const struct kith_buf *old = hers ? &r.hers[type] : &r.his[type];
	struct stranger again = {.me = s.me, .victim = s.victim, .dials = dials, .gives = true};

	stranger_goes(&again, stage);
	struct kept before = kept_of(&again);
	if (old->n) {
		stranger_bytes(&again, kith_buf_span(old));
		passes(w, KITH_SESSION_MS);
		nothing_changed(&before, &again);
	}
	record_free(&r);
	stranger_free(&s);
	stranger_free(&again);
	world_ends(w);
}

static void each_message_at_each_step(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++)
		for (enum stage stage = STAGE_CONNECTED; stage <= STAGE_CARDED; stage++)
			for (size_t type = KITH_TYPE_HELLO_I; type <= KITH_TYPE_ABORT; type++)
				for (int hers = 0; hers < 2; hers++)
					an_old_one_at(dials, stage, type, hers);
}

/* --- cards of somebody who is known ----------------------------------------------------------- */

/* They met at revision 5; now he gives that one.  Returns what Ada holds then. */
static struct holding gives_now(uint64_t rev, const char *name, enum kith_err err)
{
	struct world *w = world_starts(1, KEEPING_STORE);
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, true);

	rewrites(s.me, 5);
	stranger_goes(&s, STAGE_DONE);
	passes(w, KITH_CLOSING_MS);
	struct stranger again = {.me = s.me, .victim = ada, .dials = true, .gives = true};
	s.me->name = name;
	rewrites(s.me, rev);
	stranger_goes(&again, STAGE_CONFIRMED);
	stranger_card(&again, kith_buf_span(&s.me->envelope));
	if (err)
		expect(failed_with(ada, s.me, err) &&
			stranger_was_aborted(&again, KITH_ABORT_CARD));
	struct holding held = holds(ada, s.me);
	expect(keeping_people(ada->keeping) == 1);
	stranger_free(&s);
	stranger_free(&again);
	world_ends(w);
	return held;
}

/* T15, cases 21 and 22 */
static void no_way_back_for_a_card(void **state)
{
	(void)state;
	expect(gives_now(6, "Mallory", KITH_OK).rev == 6);
	expect(gives_now(5, "Mallory", KITH_OK).rev == 5); /* the same bytes */
	expect(gives_now(4, "Mallory", KITH_OK).rev == 5); /* older: he has forgotten; mine stays */
	expect(gives_now(5, "Melvin", KITH_ERR_CONFLICT).rev == 5);
	expect(gives_now(5 + (UINT64_C(1) << 40), "Mallory", KITH_ERR_LIMIT).rev == 5);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_whole_swap_again),
		cmocka_unit_test(each_message_at_each_step),
		cmocka_unit_test(no_way_back_for_a_card),
	};

	return stories_run("replayed", stories);
}
