/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include "card/receipt.h"

/* A line of the ledger, copied. */
struct seen {
	size_t n;
	struct kith_holding h;
	char person[32], given[32], card[32], event[32];
	size_t envelope;
};

static void copy(char out[static 32], struct kith_span s)
{
	(void)snprintf(out, 32, "%.*s", (int)s.n, s.n ? (const char *)s.p : "");
}

static bool take(void *ctx, const struct kith_holding *h)
{
	struct seen *s = ctx;

	s->n++;
	s->h = *h;
	copy(s->person, h->person);
	copy(s->given, h->given);
	copy(s->card, h->card);
	copy(s->event, h->event);
	s->envelope = h->envelope.n;
	return true;
}

static struct seen look(struct pump_person *p, int64_t contact)
{
	struct seen s = {0};

	assert_ok(kith_store_ledger(p->store, contact, take, &s));
	return s;
}

static void new_card(
	struct pump_person *p, const char *name, const char *shows, uint8_t id[static 8])
{
	struct kith_cards_signing signing = {.id = p->id, .now = p->clock};

	p->env.random(p->env.ctx, id, 8);
	assert_ok(kith_store_card_put(
		p->store, &signing, kith_span_str(name), kith_span_str(shows), id, false));
}

struct pair {
	struct pump_person a, b;
	int64_t contact; /* b, at a */
};

static void pair_open(struct pair *p, void **state)
{
	pump_person(&p->a, *state, "Ada", 1);
	pump_person(&p->b, *state, "Bob", 2);
	(void)pump_profile(&p->a, "name=Ada\nemail.work=ada@work.example\ntel=1234567");
}

static void pair_close(struct pair *p)
{
	world_sound(p->a.home);
	world_sound(p->b.home);
	pump_free(&p->a);
	pump_free(&p->b);
}

/* Promised, then proven by a receipt of the swap, then an older one while another is to come. */
static void from_promise_to_receipt(void **state)
{
	struct pair p;

	pair_open(&p, state);
	assert_int_equal(look(&p.a, 0).n, 0);
	pump_half(&p.a, &p.b, 7);
	pump_half(&p.b, &p.a, 7);
	p.contact = pump_contact(&p.a, &p.b);
	struct seen s = look(&p.a, 0);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.h.proof, KITH_PROOF_NONE);
	assert_true(s.h.owed);
	assert_int_equal(s.h.rev, 0);
	assert_string_equal(s.given, "me");
	assert_int_equal(s.h.given_rev, 2);
	pump_swap(&p.a, &p.b);
	s = look(&p.a, p.contact);
	assert_int_equal(s.h.proof, KITH_PROOF_RECEIPT);
	assert_string_equal(s.card, "me");
	assert_int_equal(s.h.rev, 2);
	assert_int_equal(s.h.at, p.a.clock);
	assert_string_equal(s.event, "FOSDEM");
	assert_true(s.envelope > 0);
	assert_int_equal(s.h.asked_back, KITH_LETGO_NOT_ASKED);
	(void)pump_profile(&p.a, "name=Ada\nemail.work=new@work.example");
	s = look(&p.a, p.contact);
	assert_int_equal(s.h.rev, 2);
	assert_int_equal(s.h.given_rev, 3);
	p.a.clock += 86400;
	(void)pump_meet(&p.a, &p.b);
	s = look(&p.a, p.contact);
	assert_int_equal(s.h.proof, KITH_PROOF_RECEIPT);
	assert_int_equal(s.h.rev, 3);
	assert_int_equal(s.h.at, p.a.clock);
	assert_int_equal(look(&p.a, 4711).n, 0);
	pair_close(&p);
}

/* The receipt was lost on the way: their word when they are met next is what there is. */
static void their_word(void **state)
{
	struct pair p;
	struct pump_meeting m = {.break_at = 1};

	pair_open(&p, state);
	pump_swap(&p.a, &p.b);
	p.contact = pump_contact(&p.a, &p.b);
	(void)pump_profile(&p.a, "name=Ada\nemail.work=new@work.example");
	assert_true(pump_meet_as(&p.a, &p.b, &m)); /* the line breaks before the receipt */
	struct seen s = look(&p.a, p.contact);
	assert_int_equal(s.h.rev, 2);
	p.a.clock += 86400;
	(void)pump_meet(&p.a, &p.b);
	s = look(&p.a, p.contact);
	assert_int_equal(s.h.proof, KITH_PROOF_TOLD);
	assert_int_equal(s.h.rev, 3);
	assert_int_equal(s.h.at, p.a.clock);
	assert_string_equal(s.card, "me");
	pair_close(&p);
}

/* Another card is given; what they hold until then is the one before, whatever becomes of its name. */
static void another_card(void **state)
{
	struct pair p;
	uint8_t work[8];

	pair_open(&p, state);
	new_card(&p.a, "work", "email", work);
	pump_swap(&p.a, &p.b);
	p.contact = pump_contact(&p.a, &p.b);
	assert_ok(kith_store_give(p.a.store, p.contact, work));
	struct seen s = look(&p.a, p.contact);
	assert_string_equal(s.card, "me");
	assert_string_equal(s.given, "work");
	(void)pump_meet(&p.a, &p.b);
	s = look(&p.a, p.contact);
	assert_string_equal(s.card, "work");
	assert_int_equal(s.h.proof, KITH_PROOF_RECEIPT);
	assert_ok(kith_store_card_remove(p.a.store, kith_span_str("work")));
	s = look(&p.a, p.contact);
	assert_string_equal(s.card, "work");
	assert_string_equal(s.given, "");
	assert_ok(kith_store_give(p.a.store, p.contact, NULL));
	assert_int_equal(look(&p.a, p.contact).n, 1); /* they hold it still */
	pair_close(&p);
}

static void refuse(void *ctx, struct pump_person *from, uint64_t kind, enum kith_outcome *outcome,
	struct kith_buf *answer)
{
	(void)ctx;
	(void)from;
	(void)answer;
	if (kind == KITH_PARCEL_CARD)
		*outcome = KITH_OUTCOME_REFUSED;
}

/* What they refused is owed no more; the next number is another matter. */
static void what_they_refused(void **state)
{
	struct pair p;
	struct pump_meeting m = {.on_answer = refuse};

	pair_open(&p, state);
	pump_swap(&p.a, &p.b);
	p.contact = pump_contact(&p.a, &p.b);
	(void)pump_profile(&p.a, "name=Ada\ntel=7654321");
	pump_half(&p.a, &p.b, 9); /* owed since a swap that broke */
	struct seen s = look(&p.a, p.contact);
	assert_true(s.h.owed && !s.h.refused);
	assert_true(pump_meet_as(&p.a, &p.b, &m));
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_CARD, KITH_OUTCOME_REFUSED), 1);
	s = look(&p.a, p.contact);
	assert_int_equal(s.h.given_rev, 3);
	assert_int_equal(s.h.rev, 2);
	assert_true(s.h.refused && !s.h.owed);
	(void)pump_profile(&p.a, "name=Ada\ntel=7654322"); /* one past it */
	s = look(&p.a, p.contact);
	assert_int_equal(s.h.given_rev, 4);
	assert_false(s.h.refused);
	pair_close(&p);
}

/* What keeps it from them. */
static void blocked_and_frozen(void **state)
{
	struct pair p;

	pair_open(&p, state);
	pump_swap(&p.a, &p.b);
	p.contact = pump_contact(&p.a, &p.b);
	struct seen s = look(&p.a, p.contact);
	assert_false(s.h.blocked || s.h.frozen);
	assert_ok(kith_store_block(p.a.store, p.contact, true, 9));
	s = look(&p.a, p.contact);
	assert_true(s.h.blocked && !s.h.frozen);
	assert_ok(kith_store_block(p.a.store, p.contact, false, 9));
	world_sql(p.a.home, "UPDATE contact SET frozen = 1");
	s = look(&p.a, p.contact);
	assert_true(s.h.frozen && !s.h.blocked);
	pair_close(&p);
}

/* --- receipts ----------------------------------------------------------------------------------- */

struct checked {
	size_t n, good, keys;
	uint64_t rev;
};

static bool check(void *ctx, const struct kith_receipt_kept *kept)
{
	struct checked *c = ctx;
	const struct kith_receipt *r = &kept->receipt;
	uint8_t hash[32];

	c->n++;
	c->rev = r->rev;
	c->keys = kept->keys.n / KITH_KEY_BYTES;
	kith_card_hash(kept->envelope, hash);
	for (size_t i = 0; i < c->keys; i++)
		c->good += !memcmp(hash, r->envelope_hash, sizeof hash) &&
			   !kith_receipt_verify(
				   kept->keys.p + i * KITH_KEY_BYTES, hash, r->session, r->sig);
	return true;
}

static struct checked receipts(struct pair *p)
{
	struct checked c = {0};

	assert_ok(kith_store_receipts(p->a.store, p->contact, check, &c));
	return c;
}

/* Each is by their key over my very bytes; one that was tampered with is found, and so is one for other bytes. */
static void receipts_hold_or_not(void **state)
{
	struct pair p;

	pair_open(&p, state);
	pump_swap(&p.a, &p.b);
	p.contact = pump_contact(&p.a, &p.b);
	(void)pump_profile(&p.a, "name=Ada\ntel=7654321");
	(void)pump_meet(&p.a, &p.b);
	struct checked c = receipts(&p);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.good, 2);
	assert_int_equal(c.rev, 3);
	assert_int_equal(c.keys, 1);
	world_sql(p.a.home, "UPDATE receipt SET session = zeroblob(32) WHERE rev = 2");
	assert_int_equal(receipts(&p).good, 1);
	world_sql(p.a.home, "UPDATE receipt SET rev = 2 WHERE rev = 3");
	assert_int_equal(receipts(&p).good, 0);
	pair_close(&p);
}

/* By a key that they had before. */
static void receipts_of_a_former_key(void **state)
{
	struct pair p;

	pair_open(&p, state);
	pump_swap(&p.a, &p.b);
	p.contact = pump_contact(&p.a, &p.b);
	world_sql(p.a.home, "INSERT INTO former_key (ik, contact, uuid, left_at, replaced) "
			    "SELECT ik, row, uuid, 0, 0 FROM contact WHERE ik IS NOT NULL");
	world_sql(p.a.home, "UPDATE contact SET ik = zeroblob(32)");
	struct checked c = receipts(&p);
	assert_int_equal(c.keys, 2);
	assert_int_equal(c.good, 1);
	world_sql(p.a.home, "DELETE FROM former_key");
	assert_int_equal(receipts(&p).good, 0);
	pump_free(&p.a);
	pump_free(&p.b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(from_promise_to_receipt),
		TEST(their_word),
		TEST(another_card),
		TEST(what_they_refused),
		TEST(blocked_and_frozen),
		TEST(receipts_hold_or_not),
		TEST(receipts_of_a_former_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
