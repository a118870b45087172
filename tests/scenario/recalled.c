/* SPDX-License-Identifier: MIT
 *
 * recalled - somebody holds a card of mine that I do not know, and I ask for it: RECALL, and the envelope in the answer.
 * What the two minds make of it is their affair; here it is what the session carries, counts and refuses.
 */
#include "familiar.h"
#include "pair.h"

#define SEEDS 10

/* Bytes that stand for an envelope; no two of a length are the same as those of another. */
static struct kith_span some(size_t n)
{
	static uint8_t bytes[KITH_PARCELS_BYTES];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(n + i);
	return kith_span(bytes, n);
}

static struct kith_span hash_of(struct kith_span envelope)
{
	static uint8_t hash[32];

	kith_card_hash(envelope, hash);
	return kith_span(hash, sizeof hash);
}

/* --- two who know each other ------------------------------------------------------------------ */

static struct pair idle_friends(struct world *w)
{
	struct manner idle = {.idle = true, .minds = true};
	struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};

	all_know_each_other(w);
	all_see_each_other(w);
	return p;
}

static void recalls(struct person *a, struct person *b, struct kith_span hash)
{
	owes(a, b, KITH_PARCEL_RECALL, hash);
}

/* The n-th thing that was asked of somebody was answered with that. */
static bool was_answered(
	const struct person *a, size_t n, enum kith_outcome outcome, struct kith_span with)
{
	const struct errand *e = &a->mind->out[n];

	return e->answered && e->outcome == outcome && kith_span_eq(kith_buf_span(&e->with), with);
}

/* From both at once, each the one that the other told of, and behind it something else. */
static void both_ask(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = idle_friends(w);
		struct kith_span of_ada = kith_buf_span(&p.ada->envelope);
		struct kith_span of_grace = kith_buf_span(&p.grace->envelope);
		mind_holds(p.grace->mind, 0, 4, of_ada);
		mind_holds(p.ada->mind, 1, 9, of_grace);
		recalls(p.ada, p.grace, hash_of(of_ada));
		recalls(p.grace, p.ada, hash_of(of_grace));
		owes(p.ada, p.grace, KITH_PARCEL_CARD, of_ada);
		passes(w, SOON);
		expect(parted(p.ada, p.grace) == 1 && parted(p.grace, p.ada) == 1);
		expect(was_answered(p.ada, 0, KITH_OUTCOME_TAKEN, of_ada));
		expect(was_answered(p.grace, 0, KITH_OUTCOME_TAKEN, of_grace));
		expect(p.ada->mind->out[1].answered && p.ada->mind->out[1].with.n == 64);
		world_ends(w);
	}
}

/* CARD_ENVELOPE_MAX, and the least there is. */
static void of_every_size(void **state)
{
	static const size_t sizes[] = {1, 64, KITH_CARD_ENVELOPE_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct pair p = idle_friends(w);
		mind_holds(p.grace->mind, 0, 4, some(sizes[i]));
		recalls(p.ada, p.grace, hash_of(some(sizes[i])));
		passes(w, SOON);
		expect(parted(p.ada, p.grace) == 1 && p.grace->mind->comes == 1);
		expect(was_answered(p.ada, 0, KITH_OUTCOME_TAKEN, some(sizes[i])));
		expect(p.grace->mind->came[0].room == KITH_CARD_ENVELOPE_MAX);
		world_ends(w);
	}
}

/* What is not given back brings no bytes, and the session goes on: another hash, a second time in a session, a mind that
 * cannot just now, or will not. */
static void not_given_back(void **state)
{
	struct kith_span none = kith_span("", 0);

	(void)state;
	for (enum kith_outcome takes = KITH_OUTCOME_TAKEN; takes <= KITH_OUTCOME_LATER; takes++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct pair p = idle_friends(w);
		bool taken = takes == KITH_OUTCOME_TAKEN;
		p.grace->mind->takes = takes;
		mind_holds(p.grace->mind, 0, 4, some(300));
		recalls(p.ada, p.grace, hash_of(some(301)));
		recalls(p.ada, p.grace, kith_span(hash_of(some(300)).p, 31));
		recalls(p.ada, p.grace, hash_of(some(300)));
		recalls(p.ada, p.grace, hash_of(some(300)));
		passes(w, SOON);
		expect(parted(p.ada, p.grace) == 1 && p.grace->mind->comes == 4);
		expect(was_answered(p.ada, 0, taken ? KITH_OUTCOME_REFUSED : takes, none));
		expect(was_answered(p.ada, 1, taken ? KITH_OUTCOME_REFUSED : takes, none));
		expect(was_answered(p.ada, 2, takes, taken ? some(300) : none));
		expect(was_answered(p.ada, 3, taken ? KITH_OUTCOME_LATER : takes, none));
		recalls(p.ada, p.grace, hash_of(some(300))); /* the next session is another one */
		passes(w, KITH_UPDATE_MS + SOON);
		expect(parted(p.ada, p.grace) == 2);
		expect(was_answered(p.ada, 4, takes, taken ? some(300) : none));
		world_ends(w);
	}
}

/* A mind that gives what is none: the session makes `later` of it; and nothing of it goes with other kinds. */
static void a_mind_that_blunders(void **state)
{
	static const size_t slips[] = {0, 1, KITH_CARD_ENVELOPE_MAX, KITH_CARD_ENVELOPE_MAX + 1};

	(void)state;
	for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct pair p = idle_friends(w);
		bool fits = slips[i] == 1 || slips[i] == KITH_CARD_ENVELOPE_MAX;
		p.grace->mind->blunders = true;
		expect(kith_buf_add(&p.grace->mind->slip, some(slips[i]).p, slips[i]) == KITH_OK);
		recalls(p.ada, p.grace, hash_of(some(1)));
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, some(3));
		passes(w, SOON);
		expect(parted(p.ada, p.grace) == 1 && parted(p.grace, p.ada) == 1);
		expect(was_answered(p.ada, 0, fits ? KITH_OUTCOME_TAKEN : KITH_OUTCOME_LATER,
			some(fits ? slips[i] : 0)));
		expect(was_answered(p.ada, 1, KITH_OUTCOME_TAKEN, some(0)));
		world_ends(w);
	}
}

/* PARCELS_BYTES: Grace has n parcels of that size for Ada, who asks for the largest envelope there is; so many arrive beside
 * it in the first session, and the rest in the next. */
static size_t beside_an_answer(size_t n, size_t size)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);
	struct kith_span envelope = some(KITH_CARD_ENVELOPE_MAX);

	mind_holds(p.grace->mind, 0, 4, envelope);
	recalls(p.ada, p.grace, hash_of(envelope));
	for (size_t i = 0; i < n; i++)
		owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, some(size));
	passes(w, SOON);
	size_t came = p.ada->mind->comes;
	expect(parted(p.ada, p.grace) == 1 && parted(p.grace, p.ada) == 1);
	expect(was_answered(p.ada, 0, KITH_OUTCOME_TAKEN, some(KITH_CARD_ENVELOPE_MAX)));
	passes(w, KITH_UPDATE_MS + SOON);
	expect(p.ada->mind->comes == n && broke(p.ada, p.grace) == 0);
	world_ends(w);
	return came;
}

static void an_answer_takes_its_room(void **state)
{
	size_t fifth = (KITH_PARCELS_BYTES - KITH_CARD_ENVELOPE_MAX) / 5;

	(void)state;
	expect(fifth * 5 + KITH_CARD_ENVELOPE_MAX == KITH_PARCELS_BYTES && fifth < KITH_PARCEL_MAX);
	expect(beside_an_answer(5, fifth) == 5); /* to the byte */
	expect(beside_an_answer(5, fifth + 1) == 4);
}

/* The line is cut after n messages; the next time all of it comes.  False: there were fewer. */
static bool cut_after(size_t n, uint64_t seed)
{
	struct world *w = world_starts(seed, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	mind_holds(p.grace->mind, 0, 4, some(300));
	recalls(p.ada, p.grace, hash_of(some(300)));
	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, some(1));
	w->after = (long)n;
	passes(w, SOON);
	bool happened = w->after < 0;
	passes(w, KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS + SOON);
	expect(waiting_for(p.grace, p.ada) == 0);
	expect(was_answered(p.ada, 0, KITH_OUTCOME_TAKEN, some(300)));
	expect(p.grace->mind->comes <= 3); /* what was out may come twice */
	world_ends(w);
	return happened;
}

static void a_line_lost_at_every_message(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		size_t n = 0;
		while (cut_after(n, seed))
			n++;
		expect(n >= 13); /* HELLOs, K1 to K3, two parcels, their answers, QUIET, CLOSE */
	}
}

/* --- Ada is asked by somebody who goes by the page -------------------------------------------- */

/* What she says to the last RECALL. */
static void said(struct familiar *f, enum kith_outcome outcome, struct kith_span with)
{
	struct kith_buf plain = {0};
	struct kith_session_ack m;

	familiar_hears(f, KITH_TYPE_ACK, &plain);
	expect(kith_unpack_inner(&kith_session_ack_schema, kith_buf_span(&plain), &m) == KITH_OK);
	expect(m.outcome == (uint64_t)outcome && kith_span_eq(m.bytes, with));
	kith_buf_free(&plain);
}

static void hears_quiet(struct familiar *f)
{
	struct kith_buf plain = {0};

	familiar_hears(f, KITH_TYPE_QUIET, &plain);
	kith_buf_free(&plain);
}

/* Her QUIET is out, since nothing is due; she answers all the same. */
static void asked_by_the_page(void **state)
{
	struct kith_span none = kith_span("", 0);

	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_proven(w, is_dialler);
		struct person *ada = f.s.victim;
		mind_holds(ada->mind, FAMILIAR_CONTACT, 4, some(KITH_CARD_ENVELOPE_MAX));
		hears_quiet(&f);
		familiar_parcel(&f, 3, hash_of(some(12)));
		said(&f, KITH_OUTCOME_REFUSED, none);
		familiar_parcel(&f, 3, none);
		said(&f, KITH_OUTCOME_REFUSED, none);
		familiar_parcel(&f, 3, hash_of(some(KITH_CARD_ENVELOPE_MAX)));
		said(&f, KITH_OUTCOME_TAKEN, some(KITH_CARD_ENVELOPE_MAX));
		familiar_parcel(&f, 3, hash_of(some(KITH_CARD_ENVELOPE_MAX)));
		said(&f, KITH_OUTCOME_LATER, none);
		familiar_quiet(&f);
		familiar_closes(&f, true);
		passes(w, KITH_CLOSING_MS + 100);
		expect(parted(ada, f.s.me) == 1 && broke(ada, f.s.me) == 0);
		familiar_goes(&f);
	}
}

/* She has sent him n parcels of that size, each answered, and QUIET. */
static struct familiar having_sent(size_t n, size_t size)
{
	struct familiar f = familiar_comes(world_starts(1, KEEPING_LEDGER), true);
	struct kith_buf plain = {0};

	knows(f.s.victim, f.s.me);
	for (size_t i = 0; i < n; i++)
		owes(f.s.victim, f.s.me, KITH_PARCEL_STATEMENT, some(size));
	familiar_greets(&f);
	familiar_proves(&f);
	for (size_t i = 0; i < n; i++) {
		familiar_hears(&f, KITH_TYPE_PARCEL, &plain);
		familiar_acks(&f, KITH_OUTCOME_TAKEN, kith_span("", 0));
	}
	hears_quiet(&f);
	kith_buf_free(&plain);
	return f;
}

/* Then an envelope of that size is asked for, and there is so much room: whether she gives it. */
static bool gives_behind(size_t n, size_t size, size_t envelope, size_t room)
{
	struct familiar f = having_sent(n, size);
	struct person *ada = f.s.victim;

	mind_holds(ada->mind, FAMILIAR_CONTACT, 4, some(envelope));
	familiar_parcel(&f, 3, hash_of(some(envelope)));
	expect(ada->mind->comes == 1 && ada->mind->came[0].room == room);
	bool given = ada->mind->came[0].outcome == KITH_OUTCOME_TAKEN;
	said(&f, given ? KITH_OUTCOME_TAKEN : KITH_OUTCOME_LATER, some(given ? envelope : 0));
	expect(broke(ada, f.s.me) == 0);
	familiar_goes(&f);
	return given;
}

/* PARCELS_BYTES once more: what is left is what the mind may fill, and CARD_ENVELOPE_MAX at most. */
static void as_much_as_is_left(void **state)
{
	size_t size = KITH_PARCELS_BYTES / 6, most = KITH_CARD_ENVELOPE_MAX;

	(void)state;
	expect(size == 16384 && size < most);
	expect(gives_behind(4, size, most, most));
	expect(gives_behind(5, size, size, size));
	expect(!gives_behind(5, size, size + 1, size));
	expect(!gives_behind(6, size, 1, 0));
}

/* A mind that takes no notice of the room. */
static void more_than_is_left(void **state)
{
	size_t size = KITH_PARCELS_BYTES / 6;
	struct familiar f = having_sent(5, size);
	struct person *ada = f.s.victim;

	(void)state;
	ada->mind->blunders = true;
	expect(kith_buf_add(&ada->mind->slip, some(size + 1).p, size + 1) == KITH_OK);
	familiar_parcel(&f, 3, hash_of(some(1)));
	said(&f, KITH_OUTCOME_LATER, kith_span("", 0));
	familiar_goes(&f);
}

/* Behind his QUIET, and under a key that he has left: a fault, and her mind is not asked. */
static void out_of_turn(void **state)
{
	(void)state;
	for (int retired = 0; retired < 2; retired++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_comes(w, true);
		struct person *ada = f.s.victim;
		struct person *later = comes_as(w, "Later", (struct manner){.stranger = true});
		knows(ada, f.s.me);
		mind_holds(ada->mind, FAMILIAR_CONTACT, 4, some(300));
		/* so that the session is not over with his QUIET */
		owes(ada, f.s.me, KITH_PARCEL_STATEMENT, some(1));
		if (retired) {
			memcpy(ada->mind->new_ik, kith_identity_ik(later->id), 32);
			f.signer = later->id;
			f.statements = kith_span_str("rotations");
		}
		familiar_greets(&f);
		familiar_proves(&f);
		expect(met(ada, f.s.me) == 1);
		if (!retired)
			familiar_quiet(&f);
		familiar_parcel(&f, 3, hash_of(some(300)));
		familiar_was_refused(&f, 1);
		expect(ada->mind->comes == 0 && ada->sent[KITH_TYPE_ACK] == 0);
		familiar_goes(&f);
	}
}

/* --- she asks, and he answers as he likes ----------------------------------------------------- */

/* Whether she takes that for an answer to something of that kind. */
static bool takes_for_an_answer(uint64_t kind, uint64_t outcome, size_t n)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_comes(w, true);
	struct person *ada = f.s.victim;

	knows(ada, f.s.me);
	owes(ada, f.s.me, kind, hash_of(some(n)));
	familiar_greets(&f);
	familiar_proves(&f);
	familiar_acks(&f, outcome, some(n));
	bool taken = ada->mind->out[0].answered;
	if (taken)
		expect(was_answered(ada, 0, (enum kith_outcome)outcome, some(n)) &&
			f.s.me->wire->end[0].open);
	else
		familiar_was_refused(&f, 1);
	familiar_goes(&f);
	return taken;
}

/* CARD_ENVELOPE_MAX, and one past it; nothing at all; bytes where there are none; any outcome that is not in the table. */
static void what_is_an_answer(void **state)
{
	(void)state;
	expect(takes_for_an_answer(3, 0, 1) && !takes_for_an_answer(3, 0, 0));
	expect(takes_for_an_answer(3, 0, KITH_CARD_ENVELOPE_MAX));
	expect(!takes_for_an_answer(3, 0, KITH_CARD_ENVELOPE_MAX + 1));
	expect(!takes_for_an_answer(3, 0, KITH_PARCEL_MAX));
	for (uint64_t outcome = 1; outcome < 6; outcome++)
		for (uint64_t kind = 1; kind <= 8; kind++) {
			expect(takes_for_an_answer(kind, outcome, 0));
			expect(!takes_for_an_answer(kind, outcome, 1));
			expect(!takes_for_an_answer(kind, outcome, 64));
		}
	for (uint64_t kind = 4; kind <= 8; kind++) {
		expect(takes_for_an_answer(kind, 0, 0));
		expect(!takes_for_an_answer(kind, 0, 300));
	}
	expect(!takes_for_an_answer(1, 0, 0) &&
		!takes_for_an_answer(1, 0, 300)); /* a receipt has 64 */
}

/* Ada, who asks him n times. */
static struct familiar asks(size_t n)
{
	struct familiar f = familiar_comes(world_starts(1, KEEPING_LEDGER), true);

	knows(f.s.victim, f.s.me);
	for (size_t i = 0; i < n; i++)
		owes(f.s.victim, f.s.me, KITH_PARCEL_RECALL, hash_of(some(1)));
	familiar_greets(&f);
	familiar_proves(&f);
	return f;
}

/* She asks n times; he answers each with so many bytes, the last with `last`, having sent her a parcel of `before`. */
static bool takes_all(size_t n, size_t each, size_t last, size_t before)
{
	struct familiar f = asks(n);
	struct person *ada = f.s.victim;

	if (before)
		familiar_parcel(&f, 2, some(before));
	for (size_t i = 0; i < n; i++) {
		familiar_acks(&f, 0, some(i + 1 < n ? each : last));
		expect(i + 1 == n || ada->mind->out[i].answered);
	}
	bool all = ada->mind->out[n - 1].answered;
	if (!all)
		familiar_was_refused(&f, 1);
	familiar_goes(&f);
	return all;
}

/* PARCELS_BYTES on her side: of answers alone, beside a parcel that came before, and of one that comes behind. */
static void no_more_than_that(void **state)
{
	size_t sixth = KITH_PARCELS_BYTES / 6;

	(void)state;
	expect(takes_all(6, sixth, sixth, 0) && !takes_all(6, sixth, sixth + 1, 0));
	expect(takes_all(5, sixth, sixth - 4, sixth + 4));
	expect(!takes_all(5, sixth, sixth - 3, sixth + 4));
	for (size_t over = 0; over < 2; over++) {
		struct familiar f = asks(5);
		for (size_t i = 0; i < 5; i++)
			familiar_acks(&f, 0, some(sixth));
		familiar_parcel(&f, 2, some(sixth + over));
		expect(f.s.victim->mind->comes == 1 - over);
		if (over)
			familiar_was_refused(&f, 1);
		familiar_goes(&f);
	}
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(both_ask),
		cmocka_unit_test(of_every_size),
		cmocka_unit_test(not_given_back),
		cmocka_unit_test(a_mind_that_blunders),
		cmocka_unit_test(an_answer_takes_its_room),
		cmocka_unit_test(a_line_lost_at_every_message),
		cmocka_unit_test(asked_by_the_page),
		cmocka_unit_test(as_much_as_is_left),
		cmocka_unit_test(more_than_is_left),
		cmocka_unit_test(out_of_turn),
		cmocka_unit_test(what_is_an_answer),
		cmocka_unit_test(no_more_than_that),
	};

	return stories_run("recalled", stories);
}
