/* SPDX-License-Identifier: MIT
 *
 * What somebody whom I know, and who has agreed, can do to me with the sessions that they may hold: T19, T25.
 */
#include "pump.h"

#include <kith/keys.h>
#include <kith/statement.h>

#include "codec/pack.h"
#include "crypto/sign.h"

static struct pump_person ada;
static struct pump_person bob;
static struct pump_person cyd;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	pump_person(&ada, *state, "Ada", 1);
	pump_person(&bob, *state, "Bob", 2);
	pump_person(&cyd, *state, "Cyd", 3);
	return 0;
}

static int drop(void **state)
{
	pump_free(&ada);
	pump_free(&bob);
	pump_free(&cyd);
	return world_remove(state);
}

static int64_t count(struct pump_person *p, const char *sql)
{
	return world_number(p->home, sql);
}

static const uint8_t card_of_ada[8] = {1, 0xca};

/* --- Ada's side of a session, in which Bob says what he likes ------------------------------------------ */

struct talk {
	struct kith_known_host host;
	struct kith_tie tie;
	struct kith_friend who;
	uint8_t session[32];
};

static void begin(struct talk *t, struct kith_standing standing)
{
	*t = (struct talk){
		.host = kith_keep_host(ada.keep), .tie.contact = pump_contact(&ada, &bob)};
	memcpy(t->tie.mine, kith_identity_ik(ada.id), sizeof t->tie.mine);
	memcpy(t->tie.theirs, kith_identity_ik(bob.id), sizeof t->tie.theirs);
	memcpy(t->tie.their_xk, kith_identity_xk(bob.id), sizeof t->tie.their_xk);
	ada.env.random(ada.env.ctx, t->session, sizeof t->session);
	t->who = (struct kith_friend){.tie = &t->tie,
		.ik = t->tie.theirs,
		.session = t->session,
		.network = kith_span_str("eth0"),
		.standing = standing};
	assert_ok(t->host.met(t->host.ctx, &t->who));
}

static enum kith_outcome hand(struct talk *t, uint64_t kind, struct kith_span bytes)
{
	struct kith_span answer = kith_span("", 0);

	return t->host.take(t->host.ctx, &t->who, kind, bytes, KITH_CARD_ENVELOPE_MAX, &answer);
}

static void end(struct talk *t)
{
	t->host.parted(t->host.ctx, &t->who, KITH_OK);
}

static struct kith_standing holds(const uint8_t card[static 8], uint64_t rev)
{
	struct kith_standing s = {.agreed = true, .has_card = true, .rev = rev};

	memcpy(s.card, card, sizeof s.card);
	return s;
}

/* Bob's card number `which`. */
static void card_id(uint32_t which, uint8_t ret[static 8])
{
	memset(ret, 9, 8);
	memcpy(ret, &which, sizeof which);
}

static void sign_card(
	struct kith_identity *id, const uint8_t card[static 8], uint64_t rev, struct kith_buf *out)
{
	struct kith_card draft = {.rev = rev};

	memcpy(draft.card, card, sizeof draft.card);
	assert_ok(kith_field_parse(kith_span_str("name=Somebody"), &draft.fields.at[0], NULL));
	draft.fields.n = 1;
	kith_buf_clear(out);
	assert_ok(kith_card_sign(id, &draft, out));
}

static enum kith_outcome hand_card(struct talk *t, uint32_t which, uint64_t rev)
{
	struct kith_buf envelope = {0};
	uint8_t id[8];

	card_id(which, id);
	sign_card(bob.id, id, rev, &envelope);
	enum kith_outcome outcome = hand(t, KITH_PARCEL_CARD, kith_buf_span(&envelope));
	kith_buf_free(&envelope);
	return outcome;
}

static enum kith_outcome hand_ask(struct talk *t, uint32_t which)
{
	uint8_t id[8];

	card_id(which, id);
	return hand(t, KITH_PARCEL_TAKEBACK, kith_span(id, sizeof id));
}

/* What goes to him behind the question what it is that he holds. */
static enum kith_err next_of(struct talk *t, struct kith_parcel *parcel)
{
	enum kith_err err = t->host.next(t->host.ctx, &t->who, KITH_PARCEL_MAX, parcel);

	if (err || parcel->kind != KITH_PARCEL_RECALL)
		return err;
	assert_ok(t->host.answered(
		t->host.ctx, &t->who, parcel, KITH_OUTCOME_REFUSED, kith_span("", 0)));
	return t->host.next(t->host.ctx, &t->who, KITH_PARCEL_MAX, parcel);
}

/* --- a card that was never given ----------------------------------------------------------------------- */

/* Ada compared with Bob and gave nothing; he names one of her cards as one that he holds. */
static void names_a_card(void **state)
{
	struct kith_meeting m = {.label = kith_span_str("Bob"),
		.at = ada.clock,
		.how = KITH_HOW_COMPARED,
		.session = {5}};
	struct kith_parcel parcel;
	struct talk t;
	bool due;

	(void)state;
	memcpy(m.ik, kith_identity_ik(bob.id), sizeof m.ik);
	memcpy(m.xk, kith_identity_xk(bob.id), sizeof m.xk);
	assert_ok(kith_store_confirm(ada.store, &m));
	assert_ok(kith_store_confirmed(ada.store, m.session, KITH_HOW_COMPARED));
	for (uint64_t rev = 0; rev < 2; rev++) {
		begin(&t, holds(card_of_ada, rev));
		assert_err(next_of(&t, &parcel), MISSING);
		end(&t);
		assert_ok(kith_keep_due(ada.keep, t.tie.contact, &due));
		assert_false(due);
	}
	assert_int_equal(count(&ada, "SELECT count(*) FROM contact WHERE given IS NOT NULL"), 0);
	/* it is her word alone that sends it */
	assert_ok(kith_store_give(ada.store, t.tie.contact, card_of_ada));
	begin(&t, holds(card_of_ada, 0));
	assert_ok(next_of(&t, &parcel));
	assert_int_equal(parcel.kind, KITH_PARCEL_CARD);
	end(&t);
}

/* --- a card that is not his ------------------------------------------------------------------------------- */

/* Signed by another key, which may be his, too, and with his own xk in it. */
static void sign_with_xk(struct kith_identity *by, const uint8_t *xk, struct kith_buf *out)
{
	struct kith_buf body = {0};
	struct kith_packer p = {.out = out};
	struct kith_card card;
	uint8_t id[8], sig[KITH_SIG_BYTES], *at;

	card_id(1, id);
	sign_card(by, id, 2, out);
	assert_ok(kith_card_verify(kith_buf_span(out), &card));
	assert_ok(kith_buf_add(&body, card.body.p, card.body.n));
	at = memmem(body.p, body.n, kith_identity_xk(by), KITH_KEY_BYTES);
	assert_non_null(at);
	memcpy(at, xk, KITH_KEY_BYTES);
	assert_ok(kith_sign(by, "kith/1 card", kith_buf_span(&body), sig));
	kith_buf_clear(out);
	kith_pack_array(&p, 4);
	kith_pack_str(&p, kith_span_str("KITHCARD"));
	kith_pack_uint(&p, 1);
	kith_pack_bin(&p, kith_buf_span(&body));
	kith_pack_bin(&p, kith_span(sig, sizeof sig));
	assert_ok(p.err);
	assert_ok(kith_card_verify(kith_buf_span(out), &card));
	kith_buf_free(&body);
}

/* T16, case 19: the session is his, and so is the xk; the ik in the card is not. */
static void of_another_key_with_his_xk(void **state)
{
	struct kith_buf envelope = {0};
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	sign_with_xk(cyd.id, kith_identity_xk(bob.id), &envelope);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(
		hand(&t, KITH_PARCEL_CARD, kith_buf_span(&envelope)), KITH_OUTCOME_REFUSED);
	end(&t);
	assert_int_equal(count(&ada, "SELECT count(*) FROM card"), 1);
	kith_buf_free(&envelope);
}

/* --- numbers ------------------------------------------------------------------------------------------- */

static bool rev_of(void *ctx, const struct kith_holding *h)
{
	*(uint64_t *)ctx = h->rev;
	return true;
}

/* A number that I never signed is not what they hold, and does not keep them from what comes. */
static void a_number_never_signed(void **state)
{
	uint64_t rev = 0;
	struct talk t;
	bool due;

	(void)state;
	pump_swap(&ada, &bob);
	assert_int_equal(pump_profile(&ada, "name=Ada\ntitle=Countess"), 2);
	ada.clock += 5;
	begin(&t, holds(card_of_ada, 3));
	end(&t);
	assert_int_equal(count(&ada, "SELECT told_rev FROM contact"), 2);
	begin(&t, holds(card_of_ada, 9007199254740991));
	end(&t);
	assert_int_equal(count(&ada, "SELECT told_rev FROM contact"), 2);
	assert_ok(kith_store_ledger(ada.store, 0, rev_of, &rev));
	assert_int_equal(rev, 2);
	pump_profile(&ada, "name=Ada\ntitle=Programmer");
	assert_ok(kith_keep_due(ada.keep, t.tie.contact, &due));
	assert_true(due);
}

/* A number clears nothing without the hash of what was signed with it. */
static void a_number_clears_nothing(void **state)
{
	struct kith_buf envelope = {0};
	struct kith_standing told = holds(card_of_ada, 1);
	struct talk t;

	(void)state;
	pump_half(&ada, &bob, 1);
	begin(&t, holds(card_of_ada, 9007199254740991));
	end(&t);
	begin(&t, holds(card_of_ada, 1));
	end(&t);
	assert_int_equal(count(&ada, "SELECT count(*) FROM debt"), 1);
	pump_envelope(&ada, &envelope);
	kith_card_hash(kith_buf_span(&envelope), told.hash);
	kith_buf_free(&envelope);
	begin(&t, told);
	end(&t);
	assert_int_equal(count(&ada, "SELECT count(*) FROM debt"), 0);
	assert_int_equal(count(&ada, "SELECT number FROM news WHERE kind = 3"), 1);
}

/* He tells of a card with that number by that key, which was not made by her, and which is put into envelope. */
static struct kith_standing holds_another(
	struct kith_identity *id, uint64_t rev, struct kith_buf *envelope)
{
	struct kith_standing told = holds(card_of_ada, rev);

	sign_card(id, card_of_ada, rev, envelope);
	kith_card_hash(kith_buf_span(envelope), told.hash);
	return told;
}

static bool asks_for(uint64_t rev)
{
	struct kith_buf envelope = {0};
	struct kith_parcel parcel;
	struct talk t;

	begin(&t, holds_another(ada.id, rev, &envelope));
	enum kith_err err = t.host.next(t.host.ctx, &t.who, KITH_PARCEL_MAX, &parcel);
	end(&t);
	kith_buf_free(&envelope);
	return !err && parcel.kind == KITH_PARCEL_RECALL;
}

/* Bob tells of a card with that number by that key, and hands it over when he is asked for it. */
static void give_back_of(struct kith_identity *id, uint64_t rev)
{
	struct kith_buf envelope = {0};
	struct kith_standing told = holds_another(id, rev, &envelope);
	struct kith_parcel parcel;
	struct talk t;

	begin(&t, told);
	assert_ok(t.host.next(t.host.ctx, &t.who, KITH_PARCEL_MAX, &parcel));
	assert_int_equal(parcel.kind, KITH_PARCEL_RECALL);
	assert_int_equal(parcel.bytes.n, sizeof told.hash);
	assert_memory_equal(parcel.bytes.p, told.hash, sizeof told.hash);
	assert_ok(t.host.answered(
		t.host.ctx, &t.who, &parcel, KITH_OUTCOME_TAKEN, kith_buf_span(&envelope)));
	end(&t);
	kith_buf_free(&envelope);
}

static void give_back(uint64_t rev)
{
	give_back_of(ada.id, rev);
}

static uint64_t number(void)
{
	return (uint64_t)count(&ada, "SELECT rev FROM mine");
}

/* A thief of the key signs one far ahead and Bob brings it: everybody must still take what comes behind. */
static void returned_from_far_ahead(void **state)
{
	const uint64_t most = KITH_JUMP_MAX - KITH_RESTORE_JUMP - KITH_CARDS_MAX;

	(void)state;
	pump_swap(&ada, &bob);
	pump_swap(&ada, &cyd);
	for (int i = 0; i < 2; i++) {
		give_back(1 + most + 1);
		assert_int_equal(number(), 1);
		assert_int_equal(count(&ada, "SELECT count(*) FROM news WHERE kind = 16"), 1);
		assert_false(asks_for(1 + most + 1)); /* it was seen, and led nowhere */
		pump_rekeep(&ada);
	}
	give_back(UINT64_C(9007199254740991) - 2 - KITH_RESTORE_JUMP);
	assert_int_equal(number(), 1);
	give_back(1 + most);
	assert_int_equal(number(), 1 + most + KITH_RESTORE_JUMP + 1);
	struct pump_meeting m = pump_meet(&ada, &cyd);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
}

/* He has signed it himself, and its hash is the one that he told. */
static void returned_of_his_own(void **state)
{
	(void)state;
	pump_swap(&ada, &bob);
	give_back_of(bob.id, 2);
	assert_int_equal(number(), 1);
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), 0);
	give_back(2);
	assert_int_equal(number(), 2 + KITH_RESTORE_JUMP + 1);
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), 1);
}

/* Nor may they be used up bit by bit: a rotation needs some. */
static void returned_too_often(void **state)
{
	const uint64_t half = UINT64_C(1) << KITH_RETURN_BITS;

	(void)state;
	pump_swap(&ada, &bob);
	world_sql(ada.home, "UPDATE mine SET rev = 4503599627370497");
	assert_int_equal(number(), half + 1);
	give_back(half + 2);
	assert_int_equal(number(), half + 1);
	world_sql(ada.home, "UPDATE mine SET rev = 4503599627370496");
	pump_rekeep(&ada);
	give_back(half + 2);
	assert_int_equal(number(), half + 2 + KITH_RESTORE_JUMP + 1);
}

/* He holds the card that I gave him, and tells it with another number: I do not know it by that, and ask for it.  It is one
 * that I signed all the same, and makes me sign nothing. */
static void told_with_another_number(void **state)
{
	struct kith_buf envelope = {0};
	struct kith_parcel parcel;
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	assert_int_equal(pump_profile(&ada, "name=Ada\ntitle=Countess"), 2);
	pump_envelope(&ada, &envelope);
	for (uint64_t rev = 0; rev < 4; rev++) {
		struct kith_standing told = holds(card_of_ada, rev);
		kith_card_hash(kith_buf_span(&envelope), told.hash);
		begin(&t, told);
		enum kith_err err = t.host.next(t.host.ctx, &t.who, KITH_PARCEL_MAX, &parcel);
		if (!err && parcel.kind == KITH_PARCEL_RECALL)
			assert_ok(t.host.answered(t.host.ctx, &t.who, &parcel, KITH_OUTCOME_TAKEN,
				kith_buf_span(&envelope)));
		end(&t);
		assert_int_equal(number(), 2);
	}
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_card"), 2);
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), 0);
	kith_buf_free(&envelope);
}

/* A copy of my key has made a card with a number between those of two of mine.  Who brings it is given the one above: who is given
 * the one below, and holds that copy's too, gets mine all the same. */
static void returned_between_two_cards(void **state)
{
	static const uint8_t work[8] = {1, 0xcb};
	struct kith_cards_signing signing = {.id = ada.id, .now = ada.clock};
	bool due;

	(void)state;
	pump_swap(&ada, &bob);
	pump_swap(&ada, &cyd);
	assert_int_equal(pump_profile(&ada, "name=Ada\ntitle=Countess"), 2);
	assert_ok(kith_store_card_put(
		ada.store, &signing, kith_span_str("work"), kith_span_str("title"), work, false));
	world_sql(ada.home, "UPDATE mine SET rev = 9");
	assert_ok(kith_store_card_put(
		ada.store, &signing, kith_span_str("work"), kith_span_str("name"), work, true));
	assert_int_equal(number(), 10);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &bob), work));
	give_back(5);
	assert_int_equal(number(), 12);
	assert_int_equal(count(&ada, "SELECT min(held) FROM my_card"), 11);
	assert_ok(kith_keep_due(ada.keep, pump_contact(&ada, &cyd), &due));
	assert_true(due);
}

/* --- what he may ask for ------------------------------------------------------------------------------- */

/* A card that Bob gave to others alone, and that one of them handed on: that Ada has it is not his to know. */
static void asks_for_what_a_friend_handed_on(void **state)
{
	struct kith_buf envelope = {0};
	struct kith_card card;
	enum kith_import what;
	uint8_t hash[32], id[8];
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	card_id(7, id);
	sign_card(bob.id, id, 9, &envelope);
	assert_ok(kith_card_verify(kith_buf_span(&envelope), &card));
	assert_ok(kith_store_import(ada.store, &card, kith_buf_span(&envelope), ada.clock, &what));
	assert_int_equal(what, KITH_IMPORT_BESIDE);
	kith_card_hash(kith_buf_span(&envelope), hash);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(
		hand(&t, KITH_PARCEL_RECALL, kith_span(hash, sizeof hash)), KITH_OUTCOME_REFUSED);
	end(&t);
	/* what he handed over himself he may have back, held or not */
	for (uint64_t rev = 10; rev < 12; rev++) {
		begin(&t, holds(card_of_ada, 1));
		assert_int_equal(hand_card(&t, 7, rev), KITH_OUTCOME_TAKEN);
		end(&t);
	}
	card_id(7, id);
	sign_card(bob.id, id, 10, &envelope);
	kith_card_hash(kith_buf_span(&envelope), hash);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(
		hand(&t, KITH_PARCEL_RECALL, kith_span(hash, sizeof hash)), KITH_OUTCOME_TAKEN);
	end(&t);
	kith_buf_free(&envelope);
}

/* --- who is not to be heard ---------------------------------------------------------------------------- */

/* The circle has not heard of it yet: he gets no proof. */
static void no_proof(void **state)
{
	static const char *const ways[] = {
		"UPDATE contact SET blocked = 1", "UPDATE contact SET blocked = 0, frozen = 1"};
	struct kith_standing mine;
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	begin(&t, holds(card_of_ada, 1));
	assert_ok(t.host.standing(t.host.ctx, &t.tie, &mine));
	for (size_t i = 0; i < 2; i++) {
		world_sql(ada.home, ways[i]);
		assert_err(t.host.standing(t.host.ctx, &t.tie, &mine), DECLINED);
	}
	end(&t);
}

/* --- floods -------------------------------------------------------------------------------------------- */

static void one_card_a_session(void **state)
{
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(hand_card(&t, 1, 2), KITH_OUTCOME_TAKEN);
	assert_int_equal(hand_card(&t, 1, 3), KITH_OUTCOME_LATER);
	end(&t);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(hand_card(&t, 1, 3), KITH_OUTCOME_TAKEN);
	end(&t);
}

/* One a session, and CARDS_EACH in UPDATE_MS; one that is refused does not count. */
static void cards_in_a_minute(void **state)
{
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	for (uint64_t rev = 2; rev < 2 + KITH_CARDS_EACH; rev++) {
		begin(&t, holds(card_of_ada, 1));
		if (rev > 2)
			assert_int_equal(
				hand_card(&t, 1, rev + KITH_JUMP_MAX), KITH_OUTCOME_REFUSED);
		assert_int_equal(hand_card(&t, 1, rev), KITH_OUTCOME_TAKEN);
		end(&t);
	}
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(hand_card(&t, 2, 2), KITH_OUTCOME_LATER);
	end(&t);
	ada.ticks += KITH_UPDATE_MS - 1;
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(hand_card(&t, 2, 2), KITH_OUTCOME_LATER);
	ada.ticks++;
	assert_int_equal(hand_card(&t, 2, 2), KITH_OUTCOME_TAKEN);
	end(&t);
}

/* What Ada holds of his is read from the disk. */
static void asked_for_in_a_session(void **state)
{
	uint8_t hash[32];
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	assert_ok(kith_store_held_hash(ada.store, pump_contact(&ada, &bob), hash));
	for (int i = 0; i < 2; i++) {
		begin(&t, holds(card_of_ada, 1));
		assert_int_equal(hand(&t, KITH_PARCEL_RECALL, kith_span(hash, sizeof hash)),
			KITH_OUTCOME_TAKEN);
		assert_int_equal(hand(&t, KITH_PARCEL_RECALL, kith_span(hash, sizeof hash)),
			KITH_OUTCOME_LATER);
		end(&t);
	}
}

static void questions_in_a_session(void **state)
{
	struct talk t;

	(void)state;
	pump_swap(&ada, &bob);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(hand_card(&t, 1, 2), KITH_OUTCOME_TAKEN);
	for (int i = 0; i < KITH_TAKEBACKS_EACH; i++)
		assert_int_equal(hand_ask(&t, 1), KITH_OUTCOME_TAKEN);
	assert_int_equal(hand_ask(&t, 1), KITH_OUTCOME_LATER);
	end(&t);
	begin(&t, holds(card_of_ada, 1));
	assert_int_equal(hand_ask(&t, 1), KITH_OUTCOME_TAKEN);
	end(&t);
}

/* A card and a question after it, again and again: what is kept of them stays within bounds, and nobody else's news
 * are driven out. */
static void for_ever(void **state)
{
	struct talk t;

	(void)state;
	pump_swap(&ada, &cyd);
	pump_swap(&ada, &bob);
	world_sql(ada.home, "PRAGMA synchronous = OFF");
	for (uint32_t i = 0; i < KITH_HISTORY_MAX + 60; i++) {
		ada.ticks += KITH_UPDATE_MS;
		begin(&t, holds(card_of_ada, 1));
		assert_int_equal(hand_card(&t, i, i + 2), KITH_OUTCOME_TAKEN);
		assert_int_equal(hand_ask(&t, i), KITH_OUTCOME_TAKEN);
		end(&t);
		/* an answer that is not handed over stays, one that is does not */
		if (i == 3)
			world_sql(ada.home, "UPDATE letgo SET answer = 2, sent = row % 2");
	}
	assert_int_equal(count(&ada, "SELECT count(*) FROM card JOIN contact ON contact.row = "
				     "card.contact WHERE name = 'Somebody'"),
		KITH_HISTORY_MAX);
	assert_int_equal(
		count(&ada, "SELECT count(*) FROM letgo WHERE NOT EXISTS (SELECT 1 FROM card "
			    "WHERE card.contact = letgo.contact AND card.card = letgo.card)"),
		2);
	assert_int_equal(
		count(&ada, "SELECT count(*) FROM letgo WHERE answer = 2 AND sent = 1"), 0);
	assert_int_equal(
		count(&ada, "SELECT max(n) FROM (SELECT count(*) AS n FROM news GROUP BY contact)"),
		KITH_NEWS_EACH);
	assert_int_equal(count(&ada, "SELECT count(DISTINCT contact) FROM news"), 2);
}

/* They say every time that they hold nothing, and receipt it anew: one proof for one envelope. */
static void receipts_for_ever(void **state)
{
	uint64_t rev = 0;
	struct talk t;
	struct kith_parcel parcel;
	uint8_t sig[KITH_SIG_BYTES] = {1};

	(void)state;
	pump_swap(&ada, &bob);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	for (int i = 0; i < 5; i++) {
		ada.clock++;
		begin(&t, (struct kith_standing){.agreed = true});
		assert_ok(t.host.next(t.host.ctx, &t.who, KITH_PARCEL_MAX, &parcel));
		assert_ok(t.host.answered(t.host.ctx, &t.who, &parcel, KITH_OUTCOME_TAKEN,
			kith_span(sig, sizeof sig)));
		end(&t);
		assert_int_equal(count(&ada, "SELECT count(*) FROM receipt"), 2);
		assert_ok(kith_store_ledger(ada.store, 0, rev_of, &rev));
		assert_int_equal(rev, 2);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_a_card),
		TEST(of_another_key_with_his_xk),
		TEST(a_number_never_signed),
		TEST(a_number_clears_nothing),
		TEST(returned_from_far_ahead),
		TEST(returned_of_his_own),
		TEST(returned_too_often),
		TEST(no_proof),
		TEST(told_with_another_number),
		TEST(returned_between_two_cards),
		TEST(asks_for_what_a_friend_handed_on),
		TEST(one_card_a_session),
		TEST(cards_in_a_minute),
		TEST(asked_for_in_a_session),
		TEST(questions_in_a_session),
		TEST(for_ever),
		TEST(receipts_for_ever),
	};
	return cmocka_run_group_tests_name("keep_greedy", tests, NULL, NULL);
}
