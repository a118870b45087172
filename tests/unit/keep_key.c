/*
 * SPDX-License-Identifier: MIT
 *
 * Keys that change, between people who meet: rotations reach whoever held the old key, revocations
 * reach everybody, and a thief with an old key reaches nobody.  case 23, 24; T25.
 */
#include "pump.h"

#include <kith/keys.h>

#include "base/auto.h"
#include "codec/pack.h"
#include "crypto/exchange.h"

enum { ADA = 1, GRACE = 2, ADA_NEW = 30, GRACE_NEW = 50, THIEF = 90 };

static struct pump_person ada;
static struct pump_person grace;
static struct kith_identity *left[32]; /* whose xk is needed still */
static size_t n_left;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	pump_person(&ada, *state, "Ada", ADA);
	pump_person(&grace, *state, "Grace", GRACE);
	return 0;
}

static int drop(void **state)
{
	pump_free(&ada);
	pump_free(&grace);
	while (n_left > 0)
		kith_identity_free(left[--n_left]);
	return world_remove(state);
}

static struct kith_identity *person(uint8_t seed)
{
	uint8_t bytes[KITH_KEY_BYTES];
	struct kith_identity *id = NULL;

	memset(bytes, seed, sizeof bytes);
	assert_ok(kith_identity_from_seed(bytes, &id));
	return id;
}

/* All cards anew with the key of now. */
static void sign_anew(struct pump_person *p)
{
	struct kith_mine mine = {0};
	struct kith_fields fields;
	size_t n;

	assert_ok(kith_store_mine(p->store, &mine));
	assert_ok(kith_fields_unpack(kith_buf_span(&mine.profile), &fields));
	struct kith_cards_signing signing = {
		.id = p->id, .rekey = true, .now = p->clock, .profile = &fields, .all = true};
	assert_ok(kith_store_cards_sign(p->store, &signing, &n));
	assert_true(n > 0);
	kith_mine_free(&mine);
}

/* Keeps a statement of one's own. */
static void keep_mine(struct pump_person *p, struct kith_span bytes)
{
	struct kith_statement s;

	assert_ok(kith_statement_verify(bytes, &s));
	assert_ok(kith_keys_mine(p->store, &s, bytes, p->clock));
}

/* The same in the store alone: p's keep has not heard of it, as that of a node whose kith key rotate has just ended. */
static void rotate_unheard(struct pump_person *p, uint8_t seed)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_identity *old = p->id;
	struct kith_retired *r = &p->retired[p->n_retired];

	p->id = person(seed);
	assert_ok(kith_statement_rotate(old, p->id, p->n_retired + 1, p->clock, &out));
	keep_mine(p, kith_buf_span(&out));
	world_sql(p->home, "UPDATE mine SET seq = seq + 1");
	memcpy(r->ik, kith_identity_ik(old), sizeof r->ik);
	r->xk_secret = kith_identity_xk_secret(old);
	r->seq = ++p->n_retired;
	left[n_left++] = old;
	sign_anew(p);
}

/* p goes on under the key of that seed; the old secrets are gone but for xk. */
static void rotate(struct pump_person *p, uint8_t seed)
{
	rotate_unheard(p, seed);
	pump_rekeep(p);
}

static void revoke_key(struct pump_person *p, const struct kith_identity *id)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	assert_ok(kith_statement_revoke(id, KITH_REVOKE_STOLEN, p->clock, &out));
	keep_mine(p, kith_buf_span(&out));
}

static struct kith_keys_state state_of(struct pump_person *holder, struct pump_person *who)
{
	struct kith_keys_state s = {0};

	assert_ok(kith_keys_of(holder->store, pump_contact(holder, who), &s));
	return s;
}

/* Which revision of the other's card that person holds. */
static uint64_t holds(struct pump_person *holder, struct pump_person *who)
{
	struct kith_contact c = {0};

	assert_ok(kith_store_contact_of(holder->store, kith_identity_ik(who->id), &c));
	uint64_t rev = c.rev;
	kith_contact_free(&c);
	return rev;
}

/* --- rotations -------------------------------------------------------------------------------- */

static void a_new_key_is_learned_and_then_used(void **state)
{
	char text[512];
	int64_t row, after = 0;

	(void)state;
	pump_swap(&ada, &grace);
	row = pump_contact(&grace, &ada);
	(void)pump_news(&grace, &after, text);
	rotate(&ada, ADA_NEW);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(m.n, 0); /* nothing but the rotation under the old key */
	assert_int_equal(pump_contact(&grace, &ada), row);
	assert_true(state_of(&grace, &ada).settled);
	assert_false(state_of(&grace, &ada).anchored);
	m = pump_meet(&grace, &ada);
	assert_true(m.met);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(holds(&grace, &ada), 2);
	assert_string_equal(pump_news(&grace, &after, text), "rotated|card");
	m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(m.n, 0);
}

static void both_have_changed_since(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	rotate(&ada, ADA_NEW);
	rotate(&grace, GRACE_NEW);
	assert_true(pump_meet(&ada, &grace).met);
	assert_true(state_of(&grace, &ada).settled);
	assert_true(state_of(&ada, &grace).settled);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(pump_count(&m, &grace, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(holds(&grace, &ada), 2);
	assert_int_equal(holds(&ada, &grace), 2);
}

static void eight_changes_are_made_up_for_at_once(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	for (uint8_t i = 0; i < KITH_STATEMENTS_MAX; i++)
		rotate(&ada, ADA_NEW + i);
	assert_true(pump_meet(&ada, &grace).met);
	assert_int_equal(state_of(&grace, &ada).former, KITH_STATEMENTS_MAX);
	assert_true(pump_meet(&ada, &grace).met);
	assert_int_equal(holds(&grace, &ada), 1 + KITH_STATEMENTS_MAX);
}

static size_t ties(struct pump_person *p)
{
	struct kith_circle *circle = NULL;
	bool more = true;

	assert_ok(kith_circle_new(&p->env, &circle));
	while (more)
		assert_ok(kith_keep_circle(p->keep, circle, 64, &more));
	size_t n = kith_circle_size(circle);
	kith_circle_free(circle);
	return n;
}

static const uint8_t *session_of(uint8_t seed)
{
	static uint8_t session[32];

	memset(session, seed, sizeof session);
	return session;
}

/* Whoever has compared under the key of now, and said so, has no use for one that was left before. */
static void a_swap_needs_no_key_that_was_left(void **state)
{
	(void)state;
	rotate(&ada, ADA_NEW);
	rotate(&ada, ADA_NEW + 1);
	pump_half(&ada, &grace, 5);
	assert_int_equal(ties(&ada), 3); /* their word may never have come, nor my key with them */
	assert_ok(kith_store_confirmed(ada.store, session_of(5), KITH_HOW_COMPARED));
	assert_int_equal(ties(&ada), 1);
	rotate(&ada, ADA_NEW + 2); /* they have not heard of that one */
	assert_int_equal(ties(&ada), 2);
	assert_ok(kith_store_confirmed(ada.store, session_of(5), KITH_HOW_COMPARED));
	assert_int_equal(ties(&ada), 2);
}

/* A swap goes on under the key with which it began: what is said in it is said of that. */
static void a_rotation_overtakes_a_swap(void **state)
{
	(void)state;
	pump_half(&ada, &grace, 5);
	pump_half(&grace, &ada, 5);
	rotate(&ada, ADA_NEW); /* between her word and his */
	assert_ok(kith_store_confirmed(ada.store, session_of(5), KITH_HOW_COMPARED));
	assert_int_equal(ties(&ada), 2);
	/* and before hers, which the node says under the key that it has */
	rotate_unheard(&ada, ADA_NEW + 1);
	struct kith_identity *now = ada.id;
	ada.id = left[1];
	pump_half(&ada, &grace, 6);
	ada.id = now;
	pump_rekeep(&ada);
	assert_ok(kith_store_confirmed(ada.store, session_of(6), KITH_HOW_COMPARED));
	assert_int_equal(ties(&ada), 3);
	/* Grace knows the first key alone, and learns the others */
	assert_true(pump_meet(&ada, &grace).met);
	assert_true(pump_meet(&ada, &grace).met);
	assert_int_equal(ties(&ada), 1);
}

/* A card of p's own, as another copy of the key may have signed it. */
static void my_card(struct pump_person *p, uint64_t rev, struct kith_buf *out)
{
	struct kith_mine mine = {0};
	struct kith_card card;

	assert_ok(kith_store_mine(p->store, &mine));
	assert_ok(kith_card_verify(kith_buf_span(&mine.envelope), &card));
	card.rev = rev;
	card.has_prev = false;
	assert_ok(kith_card_sign(p->id, &card, out));
	kith_mine_free(&mine);
}

/* Between a rotation and the moment the node hears of it: what a returned card asks for is not signed by the key that was
 * left, which would take every card back to it. */
static void a_key_that_was_left_signs_nothing_more(void **state)
{
	KITH_AUTO_BUF struct kith_buf returned = {0};
	const char *const number = "SELECT rev FROM mine";
	const uint8_t session[32] = {1};
	struct kith_friend who = {.session = session, .standing = {.agreed = true}};
	struct kith_circle *circle = NULL;
	struct kith_known_host host;
	struct kith_parcel parcel;
	struct kith_mine mine = {0};
	bool more = true;
	struct kith_card card;

	(void)state;
	pump_swap(&ada, &grace);
	my_card(&ada, 50, &returned);
	host = kith_keep_host(ada.keep);
	assert_ok(kith_circle_new(&ada.env, &circle));
	while (more)
		assert_ok(kith_keep_circle(ada.keep, circle, 64, &more));
	assert_int_equal(kith_circle_size(circle), 1);
	who.tie = kith_circle_at(circle, 0);
	who.ik = who.tie->theirs;
	who.standing.has_card = true;
	who.standing.rev = 50;
	kith_card_hash(kith_buf_span(&returned), who.standing.hash);
	assert_ok(host.met(host.ctx, &who));
	assert_ok(host.next(host.ctx, &who, KITH_PARCEL_MAX, &parcel));
	assert_int_equal(parcel.kind, KITH_PARCEL_RECALL);
	rotate_unheard(&ada, ADA_NEW);
	int64_t had = world_number(ada.home, number);
	assert_ok(host.answered(
		host.ctx, &who, &parcel, KITH_OUTCOME_TAKEN, kith_buf_span(&returned)));
	host.parted(host.ctx, &who, KITH_OK);
	kith_circle_free(circle);
	assert_int_equal(world_number(ada.home, number), had);
	assert_ok(kith_store_mine(ada.store, &mine));
	assert_ok(kith_card_verify(kith_buf_span(&mine.envelope), &card));
	assert_memory_equal(card.ik, kith_identity_ik(ada.id), sizeof card.ik);
	kith_mine_free(&mine);
}

/* Somebody with a copy of the key has signed far ahead of it, and Ada has left the key since: what the new one signs takes the
 * place of that, with whatever number, and the counter stays where it is.  T15 */
static void what_the_old_key_signed_stands_above_nothing(void **state)
{
	KITH_AUTO_BUF struct kith_buf stolen = {0};
	struct kith_card card;
	char text[512];
	int64_t after = 0;

	(void)state;
	pump_swap(&ada, &grace);
	my_card(&ada, KITH_JUMP_MAX, &stolen);
	assert_ok(kith_card_verify(kith_buf_span(&stolen), &card));
	assert_ok(kith_store_known_card(grace.store, pump_contact(&grace, &ada),
		kith_identity_xk(ada.id), &card, kith_buf_span(&stolen), 1));
	(void)pump_news(&ada, &after, text);
	rotate(&ada, ADA_NEW);
	assert_true(pump_meet(&ada, &grace).met);
	assert_int_equal(holds(&grace, &ada), KITH_JUMP_MAX);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(holds(&grace, &ada), 2);
	/* the key is left already: there is nothing to decide */
	assert_string_equal(pump_news(&ada, &after, text), "");
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
}

/* An array of rotations in a row, from the key that Ada has. */
static void chain(struct kith_buf *out, size_t n)
{
	struct kith_packer p = {.out = out};
	struct kith_identity *at = person(ADA);

	kith_pack_array(&p, n);
	for (size_t i = 0; i < n; i++) {
		KITH_AUTO_BUF struct kith_buf s = {0};
		struct kith_identity *to = person((uint8_t)(ADA_NEW + i));
		assert_ok(kith_statement_rotate(at, to, i + 1, 1, &s));
		kith_pack_bin(&p, kith_buf_span(&s));
		kith_identity_free(at);
		at = to;
	}
	kith_identity_free(at);
	assert_ok(p.err);
}

/* What Grace makes of an array that comes in a PROOF of Ada's. */
static enum kith_err rotated(struct kith_span statements, uint8_t ik[static KITH_KEY_BYTES])
{
	struct kith_known_host host = kith_keep_host(grace.keep);
	struct kith_tie tie = {.contact = pump_contact(&grace, &ada)};

	memcpy(tie.theirs, kith_identity_ik(ada.id), sizeof tie.theirs);
	return host.rotated(host.ctx, &tie, statements, ik);
}

/* case 23: 9 statements in one message. */
static void nine_statements_are_too_many(void **state)
{
	KITH_AUTO_BUF struct kith_buf nine = {0}, eight = {0};
	uint8_t ik[KITH_KEY_BYTES], end[KITH_KEY_BYTES], xk[KITH_KEY_BYTES];

	(void)state;
	pump_swap(&ada, &grace);
	chain(&nine, KITH_STATEMENTS_MAX + 1);
	chain(&eight, KITH_STATEMENTS_MAX);
	assert_err(rotated(kith_buf_span(&nine), ik), LIMIT);
	assert_int_equal(state_of(&grace, &ada).former, 0);
	assert_ok(rotated(kith_buf_span(&eight), ik));
	world_keys(ADA_NEW + KITH_STATEMENTS_MAX - 1, end, xk);
	assert_memory_equal(ik, end, sizeof ik);
	assert_int_equal(state_of(&grace, &ada).former, KITH_STATEMENTS_MAX);
}

/* One statement in an array, as it comes in a PROOF. */
static enum kith_err rotated_one(struct kith_span statement)
{
	KITH_AUTO_BUF struct kith_buf array = {0};
	struct kith_packer p = {.out = &array};
	uint8_t ik[KITH_KEY_BYTES];

	kith_pack_array(&p, 1);
	kith_pack_bin(&p, statement);
	assert_ok(p.err);
	return rotated(kith_buf_span(&array), ik);
}

static void what_is_no_way_to_a_new_key_changes_nothing(void **state)
{
	KITH_AUTO_BUF struct kith_buf other = {0}, revocation = {0}, broken = {0};
	struct kith_identity *id = person(THIEF), *to = person(THIEF + 1);
	uint8_t ik[KITH_KEY_BYTES];

	(void)state;
	pump_swap(&ada, &grace);
	assert_ok(kith_statement_rotate(id, to, 1, 1, &other));
	assert_ok(kith_statement_revoke(ada.id, KITH_REVOKE_LOST, 1, &revocation));
	assert_ok(kith_statement_rotate(ada.id, id, 1, 1, &broken));
	broken.p[broken.n - 1] ^= 1;
	assert_err(rotated(kith_span("\x90", 1), ik), SHAPE);
	assert_err(rotated(kith_span("\x91\x01", 2), ik), TYPE);
	assert_err(rotated(kith_span("\x01", 1), ik), SHAPE);
	assert_err(rotated(kith_span("", 0), ik), TRUNCATED);
	assert_err(rotated_one(kith_buf_span(&other)), SUBJECT); /* of another key than the tie's */
	assert_err(rotated_one(kith_buf_span(&revocation)), SUBJECT);
	assert_err(rotated_one(kith_buf_span(&broken)), SIG);
	assert_int_equal(state_of(&grace, &ada).former, 0);
	assert_int_equal(state_of(&grace, &ada).frozen, KITH_FROZEN_NOT);
	kith_identity_free(id);
	kith_identity_free(to);
}

/* Whoever has Grace's key, of now or before, signs that Ada goes on under it: nothing is taken, and the
 * reason stays with Grace.  T25 */
static void a_way_to_my_own_key_is_not_taken(void **state)
{
	struct kith_identity *was = person(GRACE);

	(void)state;
	rotate(&grace, GRACE_NEW);
	pump_swap(&ada, &grace);
	for (size_t i = 0; i < 2; i++) {
		KITH_AUTO_BUF struct kith_buf to = {0};
		assert_ok(kith_statement_rotate(ada.id, i ? was : grace.id, 1, 1, &to));
		assert_err(rotated_one(kith_buf_span(&to)), SUBJECT);
	}
	assert_true(pump_contact(&grace, &ada) != 0);
	assert_int_equal(state_of(&grace, &ada).former, 0);
	kith_identity_free(was);
}

/* Nobody can slip in the step of another one, whose key the holder knows too: not even the first
 * step is taken. */
static void a_way_that_leaps_is_not_taken_at_all(void **state)
{
	KITH_AUTO_BUF struct kith_buf array = {0}, first = {0}, second = {0};
	struct kith_packer p = {.out = &array};
	struct kith_identity *new = person(ADA_NEW), *other = person(THIEF);
	struct pump_person bob;
	uint8_t ik[KITH_KEY_BYTES];

	pump_person(&bob, *state, "Bob", 4);
	pump_swap(&ada, &grace);
	pump_swap(&bob, &grace);
	assert_ok(kith_statement_rotate(ada.id, new, 1, 1, &first));
	assert_ok(kith_statement_rotate(bob.id, other, 1, 1, &second));
	kith_pack_array(&p, 2);
	kith_pack_bin(&p, kith_buf_span(&first));
	kith_pack_bin(&p, kith_buf_span(&second));
	assert_ok(p.err);
	assert_err(rotated(kith_buf_span(&array), ik), SUBJECT);
	assert_int_equal(state_of(&grace, &ada).former, 0);
	assert_int_equal(state_of(&grace, &bob).former, 0);
	kith_identity_free(new);
	kith_identity_free(other);
	pump_free(&bob);
}

/* The way may lead over keys that are known, but not end at one that was left since. */
static void an_old_way_does_not_lead_back(void **state)
{
	KITH_AUTO_BUF struct kith_buf one = {0}, two = {0};
	uint8_t ik[KITH_KEY_BYTES];

	(void)state;
	pump_swap(&ada, &grace);
	chain(&one, 1);
	chain(&two, 2);
	assert_ok(rotated(kith_buf_span(&two), ik));
	assert_ok(rotated(kith_buf_span(&two), ik));
	assert_err(rotated(kith_buf_span(&one), ik), STALEKEY);
}

/* --- a thief ---------------------------------------------------------------------------------- */

/* T25: who has the key that was left, with all that its owner knew. */
static void a_thief_with_an_old_key_reaches_nobody(void **state)
{
	struct pump_person thief;

	pump_person(&thief, *state, "Thief", ADA);
	pump_swap(&ada, &grace);
	pump_import(&thief, &grace);
	rotate(&ada, ADA_NEW);
	assert_true(pump_meet(&ada, &grace).met);
	assert_false(pump_meet(&thief, &grace).met);
	rotate(&thief, THIEF);
	assert_false(pump_meet(&thief, &grace).met);
	assert_int_equal(pump_contact(&grace, &thief), 0);
	assert_int_equal(state_of(&grace, &ada).frozen, KITH_FROZEN_NOT);
	assert_true(pump_meet(&ada, &grace).met);
	pump_free(&thief);
}

/* Who comes first with the present key has it, until the owner's revocation comes, by whatever way. */
static void a_thief_who_was_first_is_stopped_by_the_revocation(void **state)
{
	KITH_AUTO_BUF struct kith_buf revocation = {0};
	struct kith_keys_outcome o;
	struct kith_statement s;
	struct pump_person thief;

	pump_person(&thief, *state, "Thief", ADA);
	pump_swap(&ada, &grace);
	pump_import(&thief, &grace);
	rotate(&thief, THIEF);
	assert_true(pump_meet(&thief, &grace).met);
	assert_true(pump_contact(&grace, &thief) == pump_contact(&grace, &ada));
	assert_ok(kith_statement_revoke(ada.id, KITH_REVOKE_STOLEN, 1, &revocation));
	assert_ok(kith_statement_verify(kith_buf_span(&revocation), &s));
	assert_ok(kith_keys_take(grace.store, &s, kith_buf_span(&revocation), 1, &o));
	assert_int_equal(o.frozen, KITH_FROZEN_LEFT);
	assert_false(pump_meet(&thief, &grace).met);
	pump_free(&thief);
}

/* --- revocations ------------------------------------------------------------------------------ */

static void a_revocation_goes_to_everybody_once(void **state)
{
	struct pump_person bob;
	struct kith_identity *old;

	pump_person(&bob, *state, "Bob", 4);
	pump_swap(&ada, &grace);
	pump_swap(&ada, &bob);
	rotate(&ada, ADA_NEW);
	old = left[n_left - 1];
	assert_true(pump_meet(&ada, &grace).met);
	assert_true(pump_meet(&ada, &bob).met);
	assert_ok(kith_store_compared(grace.store, pump_contact(&grace, &ada), KITH_HOW_COMPARED,
		kith_span("", 0), 1)); /* so Grace is sure of the new key; Bob is not */
	revoke_key(&ada, old);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_STATEMENT, KITH_OUTCOME_TAKEN), 1);
	m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(m.n, 0);
	assert_int_equal(state_of(&grace, &ada).frozen, KITH_FROZEN_NOT);
	m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_STATEMENT, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(state_of(&bob, &ada).frozen, KITH_FROZEN_LEFT);
	assert_false(pump_meet(&ada, &bob).met);
	pump_free(&bob);
}

/* The statement goes first, and what comes behind it in the same session is refused. */
static void a_revocation_overtakes_an_update(void **state)
{
	char text[512];
	int64_t after = 0;

	(void)state;
	pump_swap(&ada, &grace);
	(void)pump_news(&grace, &after, text);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	revoke_key(&ada, ada.id);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(m.at[0].kind, KITH_PARCEL_STATEMENT);
	assert_int_equal(m.at[0].outcome, KITH_OUTCOME_TAKEN);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 0);
	assert_int_equal(holds(&grace, &ada), 1);
	assert_int_equal(state_of(&grace, &ada).frozen, KITH_FROZEN_REVOKED);
	assert_string_equal(pump_news(&grace, &after, text), "frozen");
	assert_false(pump_meet(&ada, &grace).met);
}

/* Where the answer was lost it goes once more. */
static void an_answer_that_is_lost_costs_one_more(void **state)
{
	struct pump_meeting m = {.break_at = 1};

	(void)state;
	pump_swap(&ada, &grace);
	rotate(&ada, ADA_NEW);
	assert_true(pump_meet(&ada, &grace).met);
	assert_ok(kith_store_compared(
		grace.store, pump_contact(&grace, &ada), KITH_HOW_COMPARED, kith_span("", 0), 1));
	revoke_key(&ada, left[0]);
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_STATEMENT, KITH_OUTCOME_TAKEN), 1);
	m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_STATEMENT, KITH_OUTCOME_TAKEN), 1);
	m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_STATEMENT, KITH_OUTCOME_TAKEN), 0);
}

/* Puts other bytes into the first parcel. */
static void swap_bytes(void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	const struct kith_span *other = ctx;

	(void)from;
	if (*kind != KITH_PARCEL_STATEMENT)
		return;
	kith_buf_clear(bytes);
	assert_ok(kith_buf_add(bytes, other->p, other->n));
}

static enum kith_outcome outcome_of(struct kith_span bytes)
{
	struct pump_meeting m = {.on_parcel = swap_bytes, .ctx = &bytes};

	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_true(m.n >= 1);
	assert_int_equal(m.at[0].kind, KITH_PARCEL_STATEMENT);
	return m.at[0].outcome;
}

/* Each is answered with what it is, and only what is refused is never sent again. */
static void what_is_no_revocation_is_refused(void **state)
{
	KITH_AUTO_BUF struct kith_buf newer = {0}, rotation = {0};
	struct kith_identity *id = person(THIEF);

	(void)state;
	pump_swap(&ada, &grace);
	revoke_key(&ada, ada.id);
	assert_ok(kith_statement_revoke(ada.id, KITH_REVOKE_LOST, 1, &newer));
	newer.p[10] = 2; /* the version */
	assert_int_equal(outcome_of(kith_buf_span(&newer)), KITH_OUTCOME_UNKNOWN);
	assert_ok(kith_statement_rotate(ada.id, id, 1, 1, &rotation));
	assert_int_equal(outcome_of(kith_buf_span(&rotation)), KITH_OUTCOME_REFUSED);
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
	assert_int_equal(state_of(&grace, &ada).former, 0);
	assert_int_equal(state_of(&grace, &ada).frozen, KITH_FROZEN_NOT);
	kith_identity_free(id);
}

/* case 24 */
static void a_strangers_revocation_is_refused(void **state)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct kith_identity *id = person(THIEF);

	(void)state;
	pump_swap(&ada, &grace);
	revoke_key(&ada, ada.id);
	assert_ok(kith_statement_revoke(id, KITH_REVOKE_LOST, 1, &bytes));
	assert_int_equal(outcome_of(kith_buf_span(&bytes)), KITH_OUTCOME_REFUSED);
	assert_int_equal(world_number(grace.home, "SELECT count(*) FROM statement"), 0);
	kith_identity_free(id);
}

/* A revocation says whose it is, so anybody may bring it. */
static void a_third_hand_brings_a_revocation(void **state)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct pump_person bob;

	pump_person(&bob, *state, "Bob", 4);
	pump_swap(&ada, &grace);
	pump_swap(&bob, &grace);
	assert_ok(kith_statement_revoke(bob.id, KITH_REVOKE_STOLEN, 1, &bytes));
	revoke_key(&ada, ada.id);
	assert_int_equal(outcome_of(kith_buf_span(&bytes)), KITH_OUTCOME_TAKEN);
	assert_int_equal(state_of(&grace, &bob).frozen, KITH_FROZEN_REVOKED);
	assert_int_equal(state_of(&grace, &ada).frozen, KITH_FROZEN_NOT);
	pump_free(&bob);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_key_is_learned_and_then_used),
		TEST(both_have_changed_since),
		TEST(eight_changes_are_made_up_for_at_once),
		TEST(a_swap_needs_no_key_that_was_left),
		TEST(a_rotation_overtakes_a_swap),
		TEST(a_key_that_was_left_signs_nothing_more),
		TEST(what_the_old_key_signed_stands_above_nothing),
		TEST(nine_statements_are_too_many),
		TEST(what_is_no_way_to_a_new_key_changes_nothing),
		TEST(a_way_to_my_own_key_is_not_taken),
		TEST(a_way_that_leaps_is_not_taken_at_all),
		TEST(an_old_way_does_not_lead_back),
		TEST(a_thief_with_an_old_key_reaches_nobody),
		TEST(a_thief_who_was_first_is_stopped_by_the_revocation),
		TEST(a_revocation_goes_to_everybody_once),
		TEST(a_revocation_overtakes_an_update),
		TEST(an_answer_that_is_lost_costs_one_more),
		TEST(what_is_no_revocation_is_refused),
		TEST(a_strangers_revocation_is_refused),
		TEST(a_third_hand_brings_a_revocation),
	};

	return cmocka_run_group_tests_name("keep_key", tests, NULL, NULL);
}
