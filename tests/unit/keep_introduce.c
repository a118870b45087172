/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include <kith/introduction.h>
#include <kith/keys.h>
#include <kith/people.h>

#include "base/auto.h"
#include "keep/handover.h"

/* Ada knows Bob and Carol, who do not know each other. */
static struct pump_person ada, bob, carol;

#define DAY   86400
#define WORDS "You both restore looms."

static int make(void **state)
{
	if (world_make(state))
		return -1;
	pump_person(&ada, *state, "Ada", 1);
	pump_person(&bob, *state, "Bob", 2);
	pump_person(&carol, *state, "Carol", 3);
	pump_swap(&ada, &bob);
	pump_swap(&ada, &carol);
	return 0;
}

static int drop(void **state)
{
	pump_free(&ada);
	pump_free(&bob);
	pump_free(&carol);
	return world_remove(state);
}

/* --- what people do --------------------------------------------------------------------------- */

static enum kith_err introduce_as(
	struct pump_person *a, struct pump_person *b, struct pump_person *c, bool again)
{
	struct kith_introduction_new n = {.who = {pump_contact(a, b), pump_contact(a, c)},
		.words = kith_span_str(WORDS),
		.at = a->clock,
		.again = again};
	int64_t row;

	a->env.random(a->env.ctx, n.id, sizeof n.id);
	a->env.random(a->env.ctx, n.salt[0], 32);
	a->env.random(a->env.ctx, n.salt[1], 32);
	memcpy(n.ik, kith_identity_ik(a->id), sizeof n.ik);
	return kith_store_introduce(a->store, &n, &row);
}

static void introduce(void)
{
	assert_ok(introduce_as(&ada, &bob, &carol, false));
}

struct first {
	enum kith_proposal_stage stage;
	int64_t row;
	size_t n;
};

static bool find_first(void *ctx, const struct kith_proposal *p)
{
	struct first *f = ctx;

	if (p->stage == f->stage && !f->row)
		f->row = p->row;
	f->n += p->stage == f->stage;
	return true;
}

/* The first in that stage; 0: none. */
static int64_t proposal(struct pump_person *p, enum kith_proposal_stage stage)
{
	struct first f = {.stage = stage};

	assert_ok(kith_store_proposals(p->store, 0, find_first, &f));
	return f.row;
}

static size_t proposals(struct pump_person *p, enum kith_proposal_stage stage)
{
	struct first f = {.stage = stage};

	assert_ok(kith_store_proposals(p->store, 0, find_first, &f));
	return f.n;
}

static void say_yes(struct pump_person *p)
{
	struct kith_mine mine = {0};
	int64_t row = proposal(p, KITH_PROPOSAL_OPEN);

	assert_int_not_equal(row, 0);
	assert_ok(kith_store_mine(p->store, &mine));
	assert_ok(kith_store_proposal_answer(p->store, row, mine.card, p->clock));
	kith_mine_free(&mine);
}

static void say_no(struct pump_person *p, enum kith_proposal_stage stage)
{
	assert_ok(kith_store_proposal_answer(p->store, proposal(p, stage), NULL, p->clock));
}

/* How p knows that person. */
static enum kith_contact_state state_of(struct pump_person *p, struct pump_person *who)
{
	struct kith_contact c = {0};

	assert_ok(kith_store_contact(p->store, pump_contact(p, who), &c));
	enum kith_contact_state state = c.state;
	kith_contact_free(&c);
	return state;
}

static bool count_one(void *ctx, const struct kith_introduced *i)
{
	assert_memory_equal(i->words.p, WORDS, i->words.n);
	++*(size_t *)ctx;
	return true;
}

static size_t introductions_of(struct pump_person *p, struct pump_person *who)
{
	size_t n = 0;

	assert_ok(kith_store_introduced_each(p->store, pump_contact(p, who), count_one, &n));
	return n;
}

static uint64_t refused(struct pump_person *p, struct pump_person *by)
{
	uint64_t n;
	int64_t at;

	assert_ok(kith_store_intros_refused(p->store, pump_contact(p, by), &n, &at));
	return n;
}

/* Everything up to the INTROs, which wait. */
static void grant_both(void)
{
	introduce();
	(void)pump_meet(&ada, &bob);
	(void)pump_meet(&ada, &carol);
	say_yes(&bob);
	say_yes(&carol);
}

static void finish(void)
{
	for (int i = 0; i < 2; i++) {
		(void)pump_meet(&ada, &bob);
		(void)pump_meet(&ada, &carol);
	}
}

static void whole(void)
{
	grant_both();
	finish();
}

static int64_t touched(struct pump_person *a, struct pump_person *b)
{
	struct kith_memory memory;

	assert_ok(kith_store_memory(a->store, pump_contact(a, b), a->clock, &memory));
	return memory.touched;
}

/* --- the course ------------------------------------------------------------------------------- */

static void five_meetings(void **state)
{
	char text[512];

	(void)state;
	introduce();
	ada.clock += DAY;
	bob.clock += DAY;
	carol.clock += DAY;
	struct pump_meeting m = pump_meet(&ada, &bob);
	assert_int_equal(m.n, 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_PROPOSE, KITH_OUTCOME_TAKEN), 1);
	m = pump_meet(&ada, &carol);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_PROPOSE, KITH_OUTCOME_TAKEN), 1);
	say_yes(&bob);
	say_yes(&carol);
	m = pump_meet(&bob, &ada);
	assert_int_equal(m.n, 1);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_GRANT, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(pump_contact(&carol, &bob), 0);
	m = pump_meet(&carol, &ada);
	assert_int_equal(pump_count(&m, &carol, KITH_PARCEL_GRANT, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_INTRO, KITH_OUTCOME_TAKEN), 1);
	m = pump_meet(&ada, &bob);
	assert_int_equal(m.n, 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_INTRO, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(state_of(&bob, &carol), KITH_CONTACT_INTRODUCED);
	assert_int_equal(state_of(&carol, &bob), KITH_CONTACT_INTRODUCED);
	assert_int_equal(introductions_of(&bob, &carol), 1);
	assert_int_equal(proposals(&bob, KITH_PROPOSAL_DONE), 1);
	/* each step is a contact with who brought it, and none with who was introduced */
	assert_int_equal(touched(&ada, &bob), ada.clock);
	assert_int_equal(touched(&ada, &carol), ada.clock);
	assert_int_equal(touched(&bob, &ada), bob.clock);
	assert_int_equal(touched(&carol, &ada), carol.clock);
	assert_int_equal(touched(&bob, &carol), 0);
	assert_string_equal(pump_news(&bob, NULL, text), "met|proposed|introduced");
	assert_string_equal(pump_news(&ada, NULL, text), "met|met|acquainted");
	/* and nothing goes on for ever */
	assert_int_equal(pump_meet(&ada, &bob).n + pump_meet(&ada, &carol).n, 0);
}

/* What they are told before both have said yes tells neither who the other is. */
static void watch_blind(void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	(void)kind;
	if (from != &ada)
		return;
	assert_null(memmem(bytes->p, bytes->n, kith_identity_ik(carol.id), 32));
	assert_null(memmem(bytes->p, bytes->n, kith_identity_xk(carol.id), 32));
	assert_null(memmem(bytes->p, bytes->n, "Carol", 5));
	++*(size_t *)ctx;
}

static void the_first_step_is_blind(void **state)
{
	size_t n = 0;
	struct pump_meeting m = {.on_parcel = watch_blind, .ctx = &n};

	(void)state;
	introduce();
	(void)pump_meet_as(&ada, &bob, &m);
	say_yes(&bob);
	m = (struct pump_meeting){.on_parcel = watch_blind, .ctx = &n};
	(void)pump_meet_as(&ada, &bob, &m);
	m = (struct pump_meeting){.on_parcel = watch_blind, .ctx = &n};
	(void)pump_meet_as(&ada, &bob, &m);
	assert_int_equal(n, 1);
	assert_int_equal(pump_contact(&bob, &carol), 0);
}

static bool has_open(struct pump_person *p)
{
	return proposal(p, KITH_PROPOSAL_OPEN) != 0;
}

/* Ada meets the two in every order, each answers as soon as asked: nobody is told before both have said yes, and two
 * rounds more end it. */
static void in_every_order(void **state)
{
	for (unsigned order = 0; order < 8; order++) {
		(void)drop(state);
		assert_int_equal(make(state), 0);
		introduce();
		for (unsigned i = 0; i < 3; i++) {
			(void)pump_meet(&ada, order >> i & 1 ? &bob : &carol);
			bool b = pump_contact(&bob, &carol), c = pump_contact(&carol, &bob);
			bool yes = proposals(&bob, KITH_PROPOSAL_GRANTED) +
					   proposals(&bob, KITH_PROPOSAL_DONE) &&
				   proposals(&carol, KITH_PROPOSAL_GRANTED) +
					   proposals(&carol, KITH_PROPOSAL_DONE);
			assert_true(yes || (!b && !c));
			if (has_open(&bob))
				say_yes(&bob);
			if (has_open(&carol))
				say_yes(&carol);
		}
		for (int i = 0; i < 2; i++) {
			(void)pump_meet(&ada, &bob);
			if (has_open(&bob))
				say_yes(&bob);
			(void)pump_meet(&ada, &carol);
			if (has_open(&carol))
				say_yes(&carol);
		}
		(void)pump_meet(&ada, &bob);
		(void)pump_meet(&ada, &carol);
		(void)pump_meet(&ada, &bob);
		assert_int_equal(state_of(&bob, &carol), KITH_CONTACT_INTRODUCED);
		assert_int_equal(state_of(&carol, &bob), KITH_CONTACT_INTRODUCED);
	}
}

/* The line breaks before the answer to any one parcel: the next meetings end it, and nothing is there twice. */
static void lines_that_break(void **state)
{
	char text[512];

	for (int lost = 1; lost <= 4; lost++) {
		(void)drop(state);
		assert_int_equal(make(state), 0);
		introduce();
		for (int i = 1; i <= 6; i++) {
			struct pump_meeting m = {.break_at = i == lost};
			(void)pump_meet_as(&ada, &bob, &m);
			if (has_open(&bob))
				say_yes(&bob);
			m = (struct pump_meeting){.break_at = i == lost};
			(void)pump_meet_as(&ada, &carol, &m);
			if (has_open(&carol))
				say_yes(&carol);
		}
		assert_int_equal(introductions_of(&bob, &carol), 1);
		assert_int_equal(introductions_of(&carol, &bob), 1);
		assert_string_equal(pump_news(&bob, NULL, text), "met|proposed|introduced");
		assert_string_equal(pump_news(&ada, NULL, text), "met|met|acquainted");
		assert_int_equal(refused(&bob, &ada) + refused(&carol, &ada), 0);
		assert_int_equal(pump_meet(&ada, &bob).n + pump_meet(&ada, &carol).n, 0);
	}
}

static void no_looks_like_silence(void **state)
{
	struct pump_meeting silent, no;

	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	silent = pump_meet(&ada, &bob);
	say_no(&bob, KITH_PROPOSAL_OPEN);
	no = pump_meet(&ada, &bob);
	assert_int_equal(silent.n, 0);
	assert_int_equal(no.n, 0);
	assert_memory_equal(&silent.told, &no.told, sizeof no.told);
	(void)pump_meet(&ada, &carol);
	say_yes(&carol);
	finish();
	assert_int_equal(pump_contact(&carol, &bob), 0);
	assert_int_equal(pump_contact(&bob, &carol), 0);
	/* a no stays one */
	uint8_t card[8];
	struct kith_mine mine = {0};
	assert_ok(kith_store_mine(bob.store, &mine));
	memcpy(card, mine.card, sizeof card);
	kith_mine_free(&mine);
	assert_err(kith_store_proposal_answer(
			   bob.store, proposal(&bob, KITH_PROPOSAL_NO), card, bob.clock),
		STATE);
}

/* What was taken back is not sent, and what comes for it is refused (T19). */
static void a_yes_taken_back(void **state)
{
	(void)state;
	grant_both();
	say_no(&bob, KITH_PROPOSAL_YES);
	finish();
	assert_int_equal(pump_contact(&carol, &bob), 0);
	assert_int_equal(refused(&bob, &ada), 0);
	/* once they have it, it is theirs; but Bob takes nothing for it */
	assert_ok(introduce_as(&ada, &bob, &carol, true));
	(void)pump_meet(&ada, &bob);
	say_yes(&bob);
	(void)pump_meet(&ada, &bob);
	say_no(&bob, KITH_PROPOSAL_GRANTED);
	(void)pump_meet(&ada, &carol);
	say_yes(&carol);
	(void)pump_meet(&ada, &carol);
	struct pump_meeting m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_INTRO, KITH_OUTCOME_REFUSED), 1);
	assert_int_equal(refused(&bob, &ada), 1);
	assert_int_equal(pump_contact(&bob, &carol), 0);
	assert_int_equal(pump_meet(&ada, &bob).n, 0);
}

/* --- what comes of it ------------------------------------------------------------------------- */

static void they_keep_up(void **state)
{
	(void)state;
	whole();
	assert_int_equal(
		world_number(bob.home,
			"SELECT given = (SELECT card FROM my_card) FROM contact WHERE state = 2"),
		1);
	struct pump_meeting m = pump_meet(&bob, &carol);
	assert_true(m.met);
	assert_true(m.told[0].agreed && m.told[1].agreed);
	assert_int_equal(m.n, 0);
	pump_profile(&bob, "name=Bob\ntitle=Weaver");
	m = pump_meet(&bob, &carol);
	assert_int_equal(m.n, 1);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(state_of(&carol, &bob), KITH_CONTACT_INTRODUCED);
}

static void compared_later(void **state)
{
	(void)state;
	whole();
	assert_ok(kith_store_compared(bob.store, pump_contact(&bob, &carol), KITH_HOW_COMPARED,
		kith_span_str("FOSDEM"), bob.clock));
	assert_int_equal(state_of(&bob, &carol), KITH_CONTACT_COMPLETE);
	assert_int_equal(introductions_of(&bob, &carol), 1);
}

/* Depth one: who is known by an introduction alone can neither be introduced nor introduce (case 69). */
static void no_chains(void **state)
{
	struct pump_person dora;

	pump_person(&dora, *state, "Dora", 4);
	whole();
	pump_swap(&bob, &dora);
	assert_err(introduce_as(&bob, &carol, &dora, false), STATE);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM introduction"), 0);
	/* and Bob takes no proposal of Carol's */
	struct kith_propose p = {.words = kith_span_str(WORDS)};
	struct kith_buf bytes = {0};
	assert_ok(kith_propose_pack(&p, &bytes));
	struct kith_taken t = kith_handover_take(bob.store, kith_identity_ik(bob.id),
		pump_contact(&bob, &carol), kith_identity_ik(carol.id), KITH_PARCEL_PROPOSE,
		kith_buf_span(&bytes), bob.clock);
	assert_int_equal(t.outcome, KITH_OUTCOME_REFUSED);
	assert_int_equal(proposals(&bob, KITH_PROPOSAL_OPEN), 0);
	kith_buf_free(&bytes);
	pump_free(&dora);
}

/* Bob and Carol have met meanwhile: a line of their history, and nothing else (case 69). */
static void they_know_each_other(void **state)
{
	(void)state;
	grant_both();
	pump_swap(&bob, &carol);
	finish();
	assert_int_equal(state_of(&bob, &carol), KITH_CONTACT_COMPLETE);
	assert_int_equal(introductions_of(&bob, &carol), 1);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM contact"), 2);
}

/* T18: somebody with Bob's name under another key is somebody else. */
static void another_bob(void **state)
{
	struct pump_person fake;
	int64_t real = 0;

	pump_person(&fake, *state, "Bob2", 4);
	pump_profile(&fake, "name=Bob");
	pump_swap(&bob, &carol);
	pump_swap(&ada, &fake);
	assert_ok(introduce_as(&ada, &fake, &carol, false));
	for (int i = 0; i < 4; i++) {
		(void)pump_meet(&ada, &fake);
		(void)pump_meet(&ada, &carol);
		if (has_open(&fake))
			say_yes(&fake);
		if (has_open(&carol))
			say_yes(&carol);
	}
	real = pump_contact(&carol, &bob);
	assert_int_not_equal(pump_contact(&carol, &fake), real);
	assert_int_equal(state_of(&carol, &fake), KITH_CONTACT_INTRODUCED);
	assert_int_equal(state_of(&carol, &bob), KITH_CONTACT_COMPLETE);
	assert_int_equal(introductions_of(&carol, &bob), 0);
	assert_int_equal(world_number(carol.home, "SELECT alike FROM introduced"), real);
	pump_free(&fake);
}

static bool forgotten(void *ctx, const struct kith_introduced *i)
{
	*(bool *)ctx = i->introducer == 0 && i->name.n == 0;
	return true;
}

static void the_introducer_is_forgotten(void **state)
{
	bool gone = false;
	struct kith_contact c = {0};

	(void)state;
	whole();
	assert_ok(kith_store_forget(bob.store, pump_contact(&bob, &ada)));
	assert_ok(kith_store_introduced_each(
		bob.store, pump_contact(&bob, &carol), forgotten, &gone));
	assert_true(gone);
	assert_ok(kith_store_contact(bob.store, pump_contact(&bob, &carol), &c));
	assert_int_equal(c.state, KITH_CONTACT_INTRODUCED);
	assert_int_equal(c.introducer.n, 0);
	kith_contact_free(&c);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM proposal"), 0);
	/* and at Ada's nothing stays of an introduction of somebody she forgets */
	assert_ok(kith_store_forget(ada.store, pump_contact(&ada, &carol)));
	assert_int_equal(world_number(ada.home, "SELECT count(*) FROM introduction"), 0);
}

/* --- when it rests ---------------------------------------------------------------------------- */

static void quiet_people(void **state)
{
	static const char *const how[] = {"blocked = 1", "frozen = 1", "ik = zeroblob(32)"};
	char sql[256];

	(void)state;
	grant_both();
	(void)pump_meet(&ada, &bob);
	(void)pump_meet(&ada, &carol); /* from now on Bob is due her card */
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(sql, sizeof sql,
			"CREATE TABLE IF NOT EXISTS was AS SELECT row, ik FROM contact; "
			"UPDATE contact SET %s WHERE row = %lld",
			how[i], (long long)pump_contact(&ada, &carol));
		int64_t row = pump_contact(&ada, &carol);
		world_sql(ada.home, sql);
		assert_int_equal(pump_meet(&ada, &bob).n, 0);
		(void)snprintf(sql, sizeof sql,
			"UPDATE contact SET blocked = 0, frozen = 0, ik = (SELECT ik FROM was WHERE "
			"was.row = contact.row) WHERE row = %lld",
			(long long)row);
		world_sql(ada.home, sql);
	}
	finish();
	assert_int_equal(introductions_of(&bob, &carol), 1);
}

/* One who is frozen here is not introduced anew. */
static void a_frozen_subject(void **state)
{
	(void)state;
	grant_both();
	pump_import(&bob, &carol);
	char sql[128];
	(void)snprintf(sql, sizeof sql, "UPDATE contact SET frozen = 1 WHERE row = %lld",
		(long long)pump_contact(&bob, &carol));
	world_sql(bob.home, sql);
	finish();
	assert_int_equal(introductions_of(&bob, &carol), 0);
	assert_int_equal(refused(&bob, &ada), 1);
}

static void days(void **state)
{
	struct kith_mine mine = {0};

	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	assert_ok(kith_store_mine(bob.store, &mine));
	int64_t row = proposal(&bob, KITH_PROPOSAL_OPEN);
	/* over here, by the second; and again not, once the clock is right */
	assert_err(kith_store_proposal_answer(
			   bob.store, row, mine.card, bob.clock + KITH_INTRODUCTION_DAYS * DAY + 1),
		TIMEOUT);
	bob.clock -= 3650 * DAY;
	assert_ok(kith_store_proposal_answer(bob.store, row, mine.card, bob.clock));
	kith_mine_free(&mine);
	/* Ada asks nobody any more, and takes a yes that comes late */
	ada.clock += KITH_INTRODUCTION_DAYS * DAY + 1;
	struct pump_meeting m = pump_meet(&ada, &carol);
	assert_int_equal(m.n, 0);
	m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_GRANT, KITH_OUTCOME_TAKEN), 1);
	ada.clock -= 1;
	m = pump_meet(&ada, &carol);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_PROPOSE, KITH_OUTCOME_TAKEN), 1);
	say_yes(&carol);
	ada.clock += 3650 * DAY;
	finish();
	assert_int_equal(introductions_of(&bob, &carol), 1);
}

static void never_twice(void **state)
{
	(void)state;
	introduce();
	assert_err(introduce_as(&ada, &bob, &carol, false), EXISTS);
	assert_err(introduce_as(&ada, &carol, &bob, false), EXISTS);
	assert_err(introduce_as(&ada, &bob, &bob, false), VALUE);
	(void)pump_meet(&ada, &bob);
	say_yes(&bob);
	assert_ok(introduce_as(&ada, &carol, &bob, true));
	/* the first is closed: its grant is refused, and the second goes its way */
	struct pump_meeting m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_GRANT, KITH_OUTCOME_REFUSED), 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_PROPOSE, KITH_OUTCOME_TAKEN), 1);
	m = pump_meet(&ada, &carol);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_PROPOSE, KITH_OUTCOME_TAKEN), 1);
}

/* Another card before the other one was told takes the place of the first; afterwards it is refused. */
static void another_card(void **state)
{
	(void)state;
	grant_both();
	(void)pump_meet(&ada, &bob);
	pump_profile(&bob, "name=Bob\ntitle=Weaver");
	world_sql(bob.home, "UPDATE proposal SET stage = 1");
	struct pump_meeting m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_GRANT, KITH_OUTCOME_TAKEN), 1);
	(void)pump_meet(&carol, &ada);
	assert_int_equal(world_number(carol.home, "SELECT rev FROM contact WHERE name = 'Bob'"), 2);
	pump_profile(&bob, "name=Bob\ntitle=Dyer");
	(void)pump_meet(&bob, &ada);
	world_sql(bob.home, "UPDATE proposal SET stage = 1");
	m = pump_meet(&bob, &ada);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_GRANT, KITH_OUTCOME_REFUSED), 1);
}

/* A yes over a card that was removed since waits, and holds up no other. */
static void a_card_that_was_removed(void **state)
{
	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	say_yes(&bob);
	world_sql(bob.home, "UPDATE proposal SET card = x'0102030405060708'");
	assert_int_equal(pump_meet(&ada, &bob).n, 0);
	struct kith_mine mine = {0};
	assert_ok(kith_store_mine(bob.store, &mine));
	assert_ok(kith_store_proposal_answer(
		bob.store, proposal(&bob, KITH_PROPOSAL_YES), mine.card, bob.clock));
	kith_mine_free(&mine);
	assert_int_equal(pump_meet(&ada, &bob).n, 1);
}

static void is_due(void **state)
{
	bool due;

	(void)state;
	(void)pump_meet(&ada, &bob);
	assert_ok(kith_keep_due(ada.keep, pump_contact(&ada, &bob), &due));
	assert_false(due);
	introduce();
	assert_ok(kith_keep_due(ada.keep, pump_contact(&ada, &bob), &due));
	assert_true(due);
	(void)pump_meet(&ada, &bob);
	assert_ok(kith_keep_due(ada.keep, pump_contact(&ada, &bob), &due));
	assert_false(due);
	say_yes(&bob);
	assert_ok(kith_keep_due(bob.keep, pump_contact(&bob, &ada), &due));
	assert_true(due);
}

/* --- an INTRO that is not what was agreed ------------------------------------------------------ */

/* What it is made of; a fault changes one thing. */
struct forged {
	struct kith_intro intro;
	struct kith_grant grant;
	struct kith_buf envelope;
	uint8_t salt_theirs[32], salt_mine[32];
	const struct kith_identity *signer, *granter;
};

/* As Ada would make it for Bob. */
static void forge(struct forged *f)
{
	struct kith_introduction i = {0};

	*f = (struct forged){.signer = ada.id, .granter = carol.id};
	assert_ok(kith_store_introduction_of_pair(
		ada.store, pump_contact(&ada, &bob), pump_contact(&ada, &carol), &i));
	pump_envelope(&carol, &f->envelope);
	memcpy(f->intro.id, i.id, sizeof i.id);
	memcpy(f->grant.id, i.id, sizeof i.id);
	memcpy(f->intro.subject, kith_identity_ik(carol.id), 32);
	memcpy(f->intro.audience, kith_identity_ik(bob.id), 32);
	memcpy(f->grant.introducer, kith_identity_ik(ada.id), 32);
	memcpy(f->salt_theirs, i.side[1].salt, 32);
	memcpy(f->salt_mine, i.side[0].salt, 32);
	kith_card_hash(kith_buf_span(&f->envelope), f->intro.card);
	kith_card_hash(kith_buf_span(&f->envelope), f->grant.card);
	kith_introduction_aud(f->grant.id, kith_identity_ik(bob.id), f->salt_theirs, f->grant.aud);
	kith_introduction_free(&i);
}

static struct kith_taken send_to(struct forged *f, struct pump_person *from)
{
	struct kith_buf intro = {0}, grant = {0}, bytes = {0};
	struct kith_handover h = {0};

	assert_ok(kith_intro_sign(f->signer, &f->intro, &intro));
	assert_ok(kith_grant_sign(f->granter, &f->grant, &grant));
	h.intro = kith_buf_span(&intro);
	h.other.grant = kith_buf_span(&grant);
	h.other.envelope = kith_buf_span(&f->envelope);
	memcpy(h.salt_theirs, f->salt_theirs, 32);
	memcpy(h.salt_mine, f->salt_mine, 32);
	assert_ok(kith_handover_pack(&h, &bytes));
	struct kith_taken t = kith_handover_take(bob.store, kith_identity_ik(bob.id),
		pump_contact(&bob, from), kith_identity_ik(from->id), KITH_PARCEL_INTRO,
		kith_buf_span(&bytes), bob.clock);
	kith_buf_free(&intro);
	kith_buf_free(&grant);
	kith_buf_free(&bytes);
	kith_buf_free(&f->envelope);
	return t;
}

/* `at` hears of another key of that person; whoever has it: the person, or a thief. */
static struct kith_identity *moves(
	struct pump_person *at, const struct kith_identity *from, uint8_t seed)
{
	uint8_t bytes[KITH_KEY_BYTES];
	struct kith_buf rotation = {0};
	struct kith_identity *to = NULL;
	struct kith_statement s;
	struct kith_keys_outcome o;

	memset(bytes, seed, sizeof bytes);
	assert_ok(kith_identity_from_seed(bytes, &to));
	assert_ok(kith_statement_rotate(from, to, 1, 1, &rotation));
	assert_ok(kith_statement_verify(kith_buf_span(&rotation), &s));
	assert_ok(kith_keys_take(at->store, &s, kith_buf_span(&rotation), at->clock, &o));
	kith_buf_free(&rotation);
	return to;
}

/* Whoever has Ada's key moves her to another one: Bob's yes was not said to that (T25). */
static void ada_moves(void)
{
	struct kith_identity *to = moves(&bob, ada.id, 60);

	kith_identity_free(ada.id);
	ada.id = to;
	pump_rekeep(&ada);
}

static void a_yes_is_said_to_a_key(void **state)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	struct kith_buf grant = {0};
	bool due;

	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	say_yes(&bob);
	ada_moves();
	struct pump_meeting m = pump_meet(&bob, &ada);
	assert_true(m.met);
	assert_int_equal(m.n, 0);
	assert_ok(kith_keep_due(bob.keep, pump_contact(&bob, &ada), &due));
	assert_false(due);
	assert_ok(kith_store_proposal(bob.store, proposal(&bob, KITH_PROPOSAL_YES), &p));
	assert_true(p.left);
	assert_err(kith_handover_grant(bob.store, bob.id, &p, &grant), STALEKEY);
	assert_int_equal(grant.n, 0);
}

/* And what comes of one that was heard before is not taken from the new key. */
static void a_yes_that_was_heard_by_another_key(void **state)
{
	struct forged f;

	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	say_yes(&bob);
	(void)pump_meet(&ada, &bob);
	assert_int_equal(proposals(&bob, KITH_PROPOSAL_GRANTED), 1);
	ada_moves();
	forge(&f);
	struct kith_taken t = send_to(&f, &ada);
	assert_int_equal(t.outcome, KITH_OUTCOME_REFUSED);
	assert_int_equal(t.err, KITH_ERR_MISSING);
	assert_int_equal(pump_contact(&bob, &carol), 0);
}

/* The answer to an INTRO was lost, and Carol has another key since: the same again is nothing new, and no fault of
 * Ada's. */
static void who_was_introduced_has_another_key(void **state)
{
	struct forged f;

	(void)state;
	whole();
	int64_t row = pump_contact(&bob, &carol);
	kith_identity_free(moves(&bob, carol.id, 61));
	forge(&f);
	struct kith_taken t = send_to(&f, &ada);
	assert_int_equal(t.outcome, KITH_OUTCOME_TAKEN);
	assert_int_equal(t.contact, row);
	assert_int_equal(t.came, KITH_CAME_AGAIN);
	assert_int_equal(refused(&bob, &ada), 0);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM introduced"), 1);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM contact"), 2);
}

/* Nor once Carol was forgotten: she does not come back by it. */
static void who_was_introduced_is_forgotten(void **state)
{
	struct forged f;

	(void)state;
	whole();
	assert_ok(kith_store_forget(bob.store, pump_contact(&bob, &carol)));
	forge(&f);
	struct kith_taken t = send_to(&f, &ada);
	assert_int_equal(t.outcome, KITH_OUTCOME_TAKEN);
	assert_int_equal(t.contact, 0);
	assert_int_equal(t.came, KITH_CAME_AGAIN);
	assert_int_equal(refused(&bob, &ada), 0);
	assert_int_equal(pump_contact(&bob, &carol), 0);
}

/* Each fault alone (case 69, T19). */
enum fault {
	NONE,
	INTRODUCER,      /* another one has signed the intro */
	TO_ANOTHER,      /* the grant is to another introducer */
	ID,              /* grant and intro are of two introductions */
	GRANTER,         /* the grant is somebody else's */
	CARD,            /* the intro is about another card */
	GRANT_CARD,      /* the grant is about another card */
	ENVELOPE,        /* the card is not theirs, and both say its hash */
	AUDIENCE,        /* the intro is for somebody else */
	GRANT_AUDIENCE,  /* the grant is for somebody else */
	SALT,            /* what should open it does not */
	MYSELF,          /* it introduces Bob to himself */
	CHAIN,           /* Ada has it from somebody else */
	ANOTHER_SUBJECT, /* all in order, but about somebody else than Bob said yes to */
	UNASKED,         /* an introduction that Bob never heard of */
	FAULTS,
};

static void set_aud(struct forged *f)
{
	kith_introduction_aud(f->grant.id, kith_identity_ik(bob.id), f->salt_theirs, f->grant.aud);
}

/* Makes it all about another person, in order. */
static void about(struct forged *f, struct pump_person *p)
{
	kith_buf_clear(&f->envelope);
	pump_envelope(p, &f->envelope);
	f->granter = p->id;
	memcpy(f->intro.subject, kith_identity_ik(p->id), 32);
	kith_card_hash(kith_buf_span(&f->envelope), f->intro.card);
	kith_card_hash(kith_buf_span(&f->envelope), f->grant.card);
}

static void fault_in(struct forged *f, enum fault fault, struct pump_person *dora)
{
	if (fault == INTRODUCER)
		f->signer = dora->id;
	if (fault == TO_ANOTHER)
		memcpy(f->grant.introducer, kith_identity_ik(dora->id), 32);
	if (fault == ID)
		f->grant.id[0] ^= 1;
	if (fault == GRANTER)
		f->granter = dora->id;
	if (fault == CARD)
		f->intro.card[0] ^= 1;
	if (fault == GRANT_CARD)
		f->grant.card[0] ^= 1;
	if (fault == ENVELOPE) {
		kith_buf_clear(&f->envelope);
		pump_envelope(dora, &f->envelope);
		kith_card_hash(kith_buf_span(&f->envelope), f->intro.card);
		kith_card_hash(kith_buf_span(&f->envelope), f->grant.card);
	}
	if (fault == AUDIENCE)
		memcpy(f->intro.audience, kith_identity_ik(dora->id), 32);
	if (fault == GRANT_AUDIENCE)
		kith_introduction_aud(
			f->grant.id, kith_identity_ik(dora->id), f->salt_theirs, f->grant.aud);
	if (fault == SALT)
		f->salt_mine[0] ^= 1;
	if (fault == MYSELF)
		about(f, &bob);
	if (fault == CHAIN)
		f->intro.how = KITH_INTRO_CHAIN;
	if (fault == ANOTHER_SUBJECT)
		about(f, dora);
	if (fault == UNASKED) {
		f->intro.id[0] ^= 1;
		f->grant.id[0] ^= 1;
		set_aud(f);
	}
}

static void every_fault(void **state)
{
	struct pump_person dora;
	struct forged f;

	pump_person(&dora, *state, "Dora", 4);
	grant_both();
	for (int fault = NONE + 1; fault < FAULTS; fault++) {
		forge(&f);
		fault_in(&f, (enum fault)fault, &dora);
		struct kith_taken t = send_to(&f, &ada);
		if (t.outcome != KITH_OUTCOME_REFUSED)
			fail_msg("fault %d was answered with %d", fault, t.outcome);
		assert_int_equal(refused(&bob, &ada), fault);
		assert_int_equal(world_number(bob.home, "SELECT count(*) FROM contact"), 1);
	}
	/* the yes still stands, and without a fault it is taken */
	forge(&f);
	assert_int_equal(send_to(&f, &ada).outcome, KITH_OUTCOME_TAKEN);
	assert_int_equal(introductions_of(&bob, &carol), 1);
	/* from one whom Bob has not compared with: another person's introduction is no good */
	forge(&f);
	pump_import(&bob, &dora);
	assert_int_equal(send_to(&f, &dora).outcome, KITH_OUTCOME_REFUSED);
	pump_free(&dora);
}

/* Ada asks Bob about himself, and introduces him to himself (case 69): all in order but for that. */
static void of_myself(void **state)
{
	struct forged f;
	struct kith_propose p = {.words = kith_span_str(WORDS)};
	struct kith_buf bytes = {0};

	(void)state;
	introduce();
	forge(&f);
	about(&f, &bob);
	f.intro.id[0] ^= 1;
	f.grant.id[0] ^= 1;
	set_aud(&f);
	memcpy(p.id, f.intro.id, sizeof p.id);
	kith_introduction_aud(p.id, kith_identity_ik(bob.id), f.salt_mine, p.aud);
	assert_ok(kith_propose_pack(&p, &bytes));
	struct kith_taken t = kith_handover_take(bob.store, kith_identity_ik(bob.id),
		pump_contact(&bob, &ada), kith_identity_ik(ada.id), KITH_PARCEL_PROPOSE,
		kith_buf_span(&bytes), bob.clock);
	assert_int_equal(t.outcome, KITH_OUTCOME_TAKEN);
	kith_buf_free(&bytes);
	say_yes(&bob);
	assert_int_equal(send_to(&f, &ada).outcome, KITH_OUTCOME_REFUSED);
	assert_int_equal(pump_contact(&bob, &bob), 0);
}

/* An introducer who is not heard any more: by file, too, nothing of theirs is taken. */
static void an_introducer_who_is_frozen(void **state)
{
	static const char *const how[] = {"UPDATE contact SET frozen = 1",
		"UPDATE contact SET frozen = 0, blocked = 1",
		"UPDATE contact SET blocked = 0; DELETE FROM met"};
	struct forged f;

	(void)state;
	grant_both();
	for (size_t i = 0; i < 3; i++) {
		world_sql(bob.home, how[i]);
		forge(&f);
		assert_int_equal(send_to(&f, &ada).outcome, KITH_OUTCOME_REFUSED);
	}
	assert_int_equal(pump_contact(&bob, &carol), 0);
}

static void without_a_yes(void **state)
{
	struct forged f;

	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	forge(&f);
	assert_int_equal(send_to(&f, &ada).outcome, KITH_OUTCOME_REFUSED); /* T19 */
	say_no(&bob, KITH_PROPOSAL_OPEN);
	forge(&f);
	assert_int_equal(send_to(&f, &ada).outcome, KITH_OUTCOME_REFUSED);
	assert_int_equal(refused(&bob, &ada), 2);
}

/* Case 69: a thousand of them cost a thousand answers, and leave a count. */
static void a_thousand(void **state)
{
	(void)state;
	assert_ok(kith_store_batch(bob.store)); /* the disk is not what is tested */
	for (int i = 0; i < 1000; i++) {
		struct kith_taken t = kith_handover_take(bob.store, kith_identity_ik(bob.id),
			pump_contact(&bob, &ada), kith_identity_ik(ada.id), KITH_PARCEL_INTRO,
			kith_span("\x80", 1), bob.clock);
		assert_int_equal(t.outcome, KITH_OUTCOME_REFUSED);
	}
	assert_ok(kith_store_batch_end(bob.store, true));
	assert_int_equal(refused(&bob, &ada), 1000);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM intro_refused"), 1);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM contact"), 1);
}

/* One of Ada's proposals, told apart by the first byte of the id. */
static enum kith_outcome propose(struct pump_person *from, uint8_t id, const char *words)
{
	struct kith_propose p = {.id = {id}, .words = kith_span_str(words)};
	struct kith_buf bytes = {0};

	assert_ok(kith_propose_pack(&p, &bytes));
	struct kith_taken t = kith_handover_take(bob.store, kith_identity_ik(bob.id),
		pump_contact(&bob, from), kith_identity_ik(from->id), KITH_PARCEL_PROPOSE,
		kith_buf_span(&bytes), bob.clock);
	kith_buf_free(&bytes);
	return t.outcome;
}

static void the_limit_of_one(void **state)
{
	(void)state;
	assert_ok(kith_store_batch(bob.store));
	for (int i = 0; i < KITH_INTRODUCTIONS_EACH; i++)
		assert_int_equal(propose(&ada, (uint8_t)i, WORDS), KITH_OUTCOME_TAKEN);
	assert_int_equal(propose(&ada, KITH_INTRODUCTIONS_EACH, WORDS), KITH_OUTCOME_LATER);
	assert_int_equal(propose(&ada, 0, WORDS), KITH_OUTCOME_TAKEN); /* nothing new */
	assert_int_equal(propose(&ada, 0, "other words"), KITH_OUTCOME_REFUSED);
	/* a no is not heard by the room that it makes */
	say_no(&bob, KITH_PROPOSAL_OPEN);
	say_yes(&bob);
	say_no(&bob, KITH_PROPOSAL_YES);
	assert_int_equal(propose(&ada, KITH_INTRODUCTIONS_EACH, WORDS), KITH_OUTCOME_LATER);
	bob.clock += KITH_INTRODUCTION_DAYS * DAY;
	assert_int_equal(propose(&ada, KITH_INTRODUCTIONS_EACH, WORDS), KITH_OUTCOME_LATER);
	/* what is over does not count */
	bob.clock++;
	for (int i = 0; i < KITH_INTRODUCTIONS_EACH; i++)
		assert_int_equal(propose(&ada, (uint8_t)(KITH_INTRODUCTIONS_EACH + i), WORDS),
			KITH_OUTCOME_TAKEN);
	assert_int_equal(propose(&ada, 2 * KITH_INTRODUCTIONS_EACH, WORDS), KITH_OUTCOME_LATER);
	assert_ok(kith_store_batch_end(bob.store, true));
}

/* Nor is a yes that was taken back once it was heard: it goes on to count, as it did. */
static void taken_back_unheard(void **state)
{
	struct pump_meeting m;

	(void)state;
	introduce();
	(void)pump_meet(&ada, &bob);
	say_yes(&bob);
	m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &bob, KITH_PARCEL_GRANT, KITH_OUTCOME_TAKEN), 1);
	bob.clock += KITH_INTRODUCTION_DAYS * DAY + 1;
	assert_ok(kith_store_batch(bob.store));
	for (int i = 1; i < KITH_INTRODUCTIONS_EACH; i++)
		assert_int_equal(propose(&ada, (uint8_t)i, WORDS), KITH_OUTCOME_TAKEN);
	say_no(&bob, KITH_PROPOSAL_GRANTED);
	assert_int_equal(propose(&ada, KITH_INTRODUCTIONS_EACH, WORDS), KITH_OUTCOME_LATER);
	assert_ok(kith_store_batch_end(bob.store, true));
}

static void the_limit_of_all(void **state)
{
	const int introducers = KITH_INTRODUCTIONS_MAX / KITH_INTRODUCTIONS_EACH;
	struct pump_person last;

	for (int k = 0; k < introducers; k++) {
		struct pump_person p;
		char name[16];
		(void)snprintf(name, sizeof name, "P%d", k);
		pump_person(&p, *state, name, (uint8_t)(10 + k));
		pump_swap(&bob, &p);
		assert_ok(kith_store_batch(bob.store));
		for (int i = 0; i < KITH_INTRODUCTIONS_EACH; i++)
			assert_int_equal(propose(&p, (uint8_t)i, WORDS), KITH_OUTCOME_TAKEN);
		assert_ok(kith_store_batch_end(bob.store, true));
		pump_free(&p);
	}
	pump_person(&last, *state, "Last", 9);
	pump_swap(&bob, &last);
	assert_int_equal(propose(&last, 1, WORDS), KITH_OUTCOME_LATER);
	say_no(&bob, KITH_PROPOSAL_OPEN);
	assert_int_equal(propose(&last, 1, WORDS), KITH_OUTCOME_LATER);
	/* of somebody who is blocked none counts */
	world_sql(bob.home, "UPDATE contact SET blocked = 1 WHERE name = 'P0'");
	assert_int_equal(propose(&last, 1, WORDS), KITH_OUTCOME_TAKEN);
	pump_free(&last);
}

/* --- a GRANT that is not one ------------------------------------------------------------------- */

static enum kith_outcome grant_from(struct pump_person *from, const struct kith_identity *signer,
	const struct kith_grant *grant, struct kith_span envelope)
{
	struct kith_buf statement = {0}, bytes = {0};

	assert_ok(kith_grant_sign(signer, grant, &statement));
	assert_ok(kith_granted_pack(
		&(struct kith_granted){.grant = kith_buf_span(&statement), .envelope = envelope},
		&bytes));
	struct kith_taken t = kith_handover_take(ada.store, kith_identity_ik(ada.id),
		pump_contact(&ada, from), kith_identity_ik(from->id), KITH_PARCEL_GRANT,
		kith_buf_span(&bytes), ada.clock);
	kith_buf_free(&statement);
	kith_buf_free(&bytes);
	return t.outcome;
}

static void false_grants(void **state)
{
	struct kith_introduction i = {0};
	struct kith_buf envelope = {0}, other = {0};
	struct kith_grant good = {0}, bad;
	struct pump_person dora;

	pump_person(&dora, *state, "Dora", 4);
	pump_swap(&ada, &dora);
	introduce();
	assert_ok(kith_store_introduction_of_pair(
		ada.store, pump_contact(&ada, &bob), pump_contact(&ada, &carol), &i));
	pump_envelope(&bob, &envelope);
	pump_envelope(&carol, &other);
	memcpy(good.id, i.id, sizeof good.id);
	memcpy(good.introducer, kith_identity_ik(ada.id), 32);
	kith_introduction_aud(i.id, kith_identity_ik(carol.id), i.side[0].salt, good.aud);
	kith_card_hash(kith_buf_span(&envelope), good.card);
	struct kith_span card = kith_buf_span(&envelope);

	bad = good;
	bad.id[0] ^= 1;
	assert_int_equal(grant_from(&bob, bob.id, &bad, card), KITH_OUTCOME_REFUSED);
	bad = good;
	bad.introducer[0] ^= 1;
	assert_int_equal(grant_from(&bob, bob.id, &bad, card), KITH_OUTCOME_REFUSED);
	bad = good;
	bad.aud[0] ^= 1;
	assert_int_equal(grant_from(&bob, bob.id, &bad, card), KITH_OUTCOME_REFUSED);
	bad = good;
	bad.card[0] ^= 1;
	assert_int_equal(grant_from(&bob, bob.id, &bad, card), KITH_OUTCOME_REFUSED);
	bad = good;
	kith_card_hash(kith_buf_span(&other), bad.card);
	assert_int_equal(
		grant_from(&bob, bob.id, &bad, kith_buf_span(&other)), KITH_OUTCOME_REFUSED);
	struct world_card pocket;
	world_pocket(&pocket, 2, 2, 5, "name=Bob");
	bad = good;
	kith_card_hash(kith_buf_span(&pocket.envelope), bad.card);
	assert_int_equal(grant_from(&bob, bob.id, &bad, kith_buf_span(&pocket.envelope)),
		KITH_OUTCOME_REFUSED);
	world_card_free(&pocket);
	assert_int_equal(grant_from(&bob, carol.id, &good, card), KITH_OUTCOME_REFUSED);
	assert_int_equal(grant_from(&carol, bob.id, &good, card), KITH_OUTCOME_REFUSED);
	/* Carol's yes and card, which Bob hands over as his */
	bad = good;
	kith_card_hash(kith_buf_span(&other), bad.card);
	assert_int_equal(
		grant_from(&bob, carol.id, &bad, kith_buf_span(&other)), KITH_OUTCOME_REFUSED);
	assert_int_equal(grant_from(&dora, dora.id, &good, card), KITH_OUTCOME_REFUSED);
	assert_int_equal(
		world_number(ada.home, "SELECT count(*) FROM introduction_side WHERE stage > 0"),
		0);
	assert_int_equal(grant_from(&bob, bob.id, &good, card), KITH_OUTCOME_TAKEN);
	assert_int_equal(grant_from(&bob, bob.id, &good, card), KITH_OUTCOME_TAKEN);
	kith_introduction_free(&i);
	kith_buf_free(&envelope);
	kith_buf_free(&other);
	pump_free(&dora);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(five_meetings),
		TEST(the_first_step_is_blind),
		TEST(in_every_order),
		TEST(lines_that_break),
		TEST(no_looks_like_silence),
		TEST(a_yes_taken_back),
		TEST(they_keep_up),
		TEST(compared_later),
		TEST(no_chains),
		TEST(they_know_each_other),
		TEST(another_bob),
		TEST(the_introducer_is_forgotten),
		TEST(quiet_people),
		TEST(a_frozen_subject),
		TEST(days),
		TEST(never_twice),
		TEST(another_card),
		TEST(a_card_that_was_removed),
		TEST(is_due),
		TEST(a_yes_is_said_to_a_key),
		TEST(a_yes_that_was_heard_by_another_key),
		TEST(who_was_introduced_has_another_key),
		TEST(who_was_introduced_is_forgotten),
		TEST(every_fault),
		TEST(of_myself),
		TEST(an_introducer_who_is_frozen),
		TEST(without_a_yes),
		TEST(a_thousand),
		TEST(the_limit_of_one),
		TEST(taken_back_unheard),
		TEST(the_limit_of_all),
		TEST(false_grants),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
