/* SPDX-License-Identifier: MIT */
#include "pump.h"

struct pair {
	struct pump_person a, b;
	int64_t at_a, at_b; /* the other's row */
};

static void pair_open(struct pair *p, void **state)
{
	pump_person(&p->a, *state, "Ada", 1);
	pump_person(&p->b, *state, "Bob", 2);
	(void)pump_profile(&p->a, "name=Ada\nemail.work=marker@work.example");
	pump_swap(&p->a, &p->b);
	p->at_a = pump_contact(&p->a, &p->b);
	p->at_b = pump_contact(&p->b, &p->a);
}

static void pair_close(struct pair *p)
{
	world_sound(p->a.home);
	world_sound(p->b.home);
	pump_free(&p->a);
	pump_free(&p->b);
}

static bool take_item(void *ctx, const struct kith_letgo_item *item)
{
	int64_t *row = ctx;

	assert_true(item->person.n > 0);
	*row = item->row;
	return true;
}

/* The question that b has open, 0: none. */
static int64_t item_of(struct pump_person *b)
{
	int64_t row = 0;

	assert_ok(kith_store_letgo_each(b->store, take_item, &row));
	return row;
}

static bool take_state(void *ctx, const struct kith_holding *h)
{
	*(enum kith_letgo *)ctx = h->asked_back;
	return true;
}

static enum kith_letgo state_of(struct pair *p)
{
	enum kith_letgo state = KITH_LETGO_NOT_ASKED;

	assert_ok(kith_store_ledger(p->a.store, p->at_a, take_state, &state));
	return state;
}

static void ask(struct pair *p, size_t n)
{
	size_t asked;

	assert_ok(kith_store_takeback(p->a.store, p->at_a, p->a.clock, &asked));
	assert_int_equal(asked, n);
}

static void my_card(struct pump_person *p, uint8_t id[static 8])
{
	struct kith_mine mine = {0};

	assert_ok(kith_store_mine(p->store, &mine));
	memcpy(id, mine.card, 8);
	kith_mine_free(&mine);
}

/* Whether a word stands anywhere in the files of a store. */
static bool stands(struct pump_person *p, const char *word)
{
	const char *const files[] = {"kith.db", "kith.db-wal"};
	bool found = false;

	for (int i = 0; i < 2; i++) {
		struct kith_buf bytes = {0};
		if (access(world_path(p->home, files[i]), R_OK) == 0)
			world_read(world_path(p->home, files[i]), &bytes);
		found |= bytes.n > 0 && memmem(bytes.p, bytes.n, word, strlen(word));
		kith_buf_free(&bytes);
	}
	return found;
}

/* Asked, let go of, and told: the bytes are gone from the file, name, key and meeting stay. */
static void let_go(void **state)
{
	struct pair p;
	struct kith_contact c = {0};
	int64_t after = 0;
	char news[512];

	pair_open(&p, state);
	(void)pump_news(&p.b, &after, news);
	(void)pump_profile(&p.a, "name=Ada\nemail.work=marker2@work.example");
	(void)pump_meet(&p.a, &p.b);
	assert_true(stands(&p.b, "marker"));
	ask(&p, 1);
	ask(&p, 0); /* once is enough */
	assert_int_equal(state_of(&p), KITH_LETGO_OPEN);
	struct pump_meeting m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_TAKEBACK, KITH_OUTCOME_TAKEN), 1);
	assert_non_null(strstr(pump_news(&p.b, &after, news), "takeback"));
	int64_t item = item_of(&p.b);
	assert_true(item > 0);
	m = pump_meet(&p.a, &p.b); /* no word of it until there is one */
	assert_int_equal(m.n, 0);
	assert_err(kith_store_letgo_answer(p.b.store, item + 1, true, p.b.clock), MISSING);
	assert_ok(kith_store_letgo_answer(p.b.store, item, true, p.b.clock));
	assert_err(kith_store_letgo_answer(p.b.store, item, true, p.b.clock), MISSING);
	assert_int_equal(item_of(&p.b), 0);
	assert_ok(kith_store_contact_of(p.b.store, kith_identity_ik(p.a.id), &c));
	assert_int_equal(c.state, KITH_CONTACT_PENDING);
	assert_true(c.let_go);
	assert_int_equal(c.envelope.n, 0);
	assert_true(kith_span_eq(c.name, kith_span_str("Ada")));
	assert_true(c.met_at > 0);
	kith_contact_free(&c);
	assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM card"), 0);
	assert_false(stands(&p.b, "marker"));
	after = 0;
	(void)pump_news(&p.a, &after, news);
	m = pump_meet(&p.a, &p.b); /* they are recognised still */
	assert_int_equal(pump_count(&m, &p.b, KITH_PARCEL_RESPONSE, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 0);
	assert_string_equal(pump_news(&p.a, &after, news), "response");
	assert_int_equal(state_of(&p), KITH_LETGO_GONE);
	m = pump_meet(&p.a, &p.b);
	assert_int_equal(m.n, 0);
	pair_close(&p);
}

/* Kept: nothing changes, and asking again brings the same answer without asking the person. */
static void keep_it(void **state)
{
	struct pair p;
	uint8_t id[8];

	pair_open(&p, state);
	ask(&p, 1);
	(void)pump_meet(&p.a, &p.b);
	assert_ok(kith_store_letgo_answer(p.b.store, item_of(&p.b), false, p.b.clock));
	assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM card"), 1);
	(void)pump_meet(&p.a, &p.b);
	assert_int_equal(state_of(&p), KITH_LETGO_KEPT);
	my_card(&p.a, id);
	assert_ok(kith_store_give(p.a.store, p.at_a, id)); /* on good terms again */
	assert_int_equal(state_of(&p), KITH_LETGO_NOT_ASKED);
	ask(&p, 1);
	struct pump_meeting m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_TAKEBACK, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(item_of(&p.b), 0);
	(void)pump_meet(&p.a, &p.b);
	assert_int_equal(state_of(&p), KITH_LETGO_KEPT);
	pair_close(&p);
}

/* Given again after it was let go of: it comes, and a later question is a new one. */
static void given_again(void **state)
{
	struct pair p;
	uint8_t id[8];

	pair_open(&p, state);
	ask(&p, 1);
	(void)pump_meet(&p.a, &p.b);
	assert_ok(kith_store_letgo_answer(p.b.store, item_of(&p.b), true, p.b.clock));
	(void)pump_meet(&p.a, &p.b);
	my_card(&p.a, id);
	assert_ok(kith_store_give(p.a.store, p.at_a, id));
	struct pump_meeting m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM card WHERE held"), 1);
	ask(&p, 1);
	(void)pump_meet(&p.a, &p.b);
	assert_true(item_of(&p.b) > 0);
	pair_close(&p);
}

/* Withdrawn before it was handed over: nothing goes.  A newer revision closes a question. */
static void withdrawn(void **state)
{
	struct pair p;
	uint8_t id[8];

	pair_open(&p, state);
	my_card(&p.a, id);
	ask(&p, 1);
	assert_ok(kith_store_give(p.a.store, p.at_a, id));
	struct pump_meeting m = pump_meet(&p.a, &p.b);
	assert_int_equal(m.n, 0);
	ask(&p, 1);
	(void)pump_meet(&p.a, &p.b);
	int64_t item = item_of(&p.b);
	assert_true(item > 0);
	assert_ok(kith_store_give(p.a.store, p.at_a, id));
	(void)pump_profile(&p.a, "name=Ada\nemail.work=newer@work.example");
	(void)pump_meet(&p.a, &p.b);
	assert_int_equal(item_of(&p.b), 0);
	assert_err(kith_store_letgo_answer(p.b.store, item, true, p.b.clock), MISSING);
	assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM card"), 2);
	pair_close(&p);
}

/* Their other card, which lies beside, is the one held once the first is gone. */
static void another_is_left(void **state)
{
	struct pair p;
	struct kith_contact c = {0};
	struct kith_cards_signing signing = {0};
	struct kith_buf bytes = {0};
	struct kith_card card;
	uint8_t work[8] = {42}, id[8];
	uint64_t rev;
	enum kith_import what;

	pair_open(&p, state);
	my_card(&p.a, id);
	signing = (struct kith_cards_signing){.id = p.a.id, .now = p.a.clock};
	assert_ok(kith_store_card_put(
		p.a.store, &signing, kith_span_str("work"), kith_span_str("org"), work, false));
	assert_ok(kith_store_give(p.a.store, p.at_a, work));
	assert_ok(kith_store_given(p.a.store, p.at_a, work, &rev, &bytes));
	assert_ok(kith_card_verify(kith_buf_span(&bytes), &card));
	assert_ok(kith_store_import(p.b.store, &card, kith_buf_span(&bytes), p.b.clock, &what));
	assert_int_equal(what, KITH_IMPORT_BESIDE);
	assert_ok(kith_store_letgo_asked(p.b.store, p.at_b, id, p.b.clock));
	assert_ok(kith_store_letgo_answer(p.b.store, item_of(&p.b), true, p.b.clock));
	assert_ok(kith_store_contact_of(p.b.store, kith_identity_ik(p.a.id), &c));
	assert_int_equal(c.state, KITH_CONTACT_COMPLETE);
	assert_int_equal(c.rev, rev);
	kith_contact_free(&c);
	kith_buf_free(&bytes);
	pair_close(&p);
}

/* A card of a key that they have left lies beside: it does not come back as the one that counts. */
static void not_one_of_a_former_key(void **state)
{
	struct pair p;
	struct kith_identity *before = NULL;
	struct kith_card card = {.rev = 1, .card = {77}}, made;
	struct kith_buf envelope = {0};
	struct kith_contact c = {0};
	enum kith_import what;
	uint8_t id[8];

	pair_open(&p, state);
	my_card(&p.a, id);
	assert_ok(kith_identity_from_seed((uint8_t[32]){5}, &before));
	assert_ok(kith_field_parse(
		kith_span_str("name=Old"), &card.fields.at[card.fields.n++], NULL));
	assert_ok(kith_card_sign(before, &card, &envelope));
	assert_ok(kith_card_verify(kith_buf_span(&envelope), &made));
	assert_ok(kith_store_import(p.b.store, &made, kith_buf_span(&envelope), 1, &what));
	world_sql(p.b.home,
		"UPDATE card SET held = 0, contact = (SELECT contact FROM card WHERE held "
		"AND rev = 2) WHERE rev = 1");
	assert_ok(kith_store_letgo_asked(p.b.store, p.at_b, id, p.b.clock));
	assert_ok(kith_store_letgo_answer(p.b.store, item_of(&p.b), true, p.b.clock));
	assert_ok(kith_store_contact_of(p.b.store, kith_identity_ik(p.a.id), &c));
	assert_int_equal(c.state, KITH_CONTACT_PENDING);
	assert_int_equal(c.envelope.n, 0);
	kith_contact_free(&c);
	kith_buf_free(&envelope);
	kith_identity_free(before);
	pump_free(&p.a);
	pump_free(&p.b);
}

/* What a peer may send that is no question, or about nothing: refused, and nothing is stored. */
struct forged {
	enum kith_parcel_kind kind;
	size_t n;
	uint8_t bytes[16];
};

static void forge(void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	const struct forged *f = ctx;

	(void)from;
	*kind = f->kind;
	bytes->n = 0;
	assert_ok(kith_buf_add(bytes, f->bytes, f->n));
}

static void nonsense_is_refused(void **state)
{
	static const struct forged all[] = {
		{KITH_PARCEL_TAKEBACK, 8, {1, 2, 3}},          /* no card of theirs here */
		{KITH_PARCEL_TAKEBACK, 7, {1, 0xca}},          /* too short */
		{KITH_PARCEL_TAKEBACK, 9, {1, 0xca}},          /* too long */
		{KITH_PARCEL_RESPONSE, 9, {2, 0xca, [8] = 1}}, /* nobody asked */
		{KITH_PARCEL_RESPONSE, 9, {1, 0xca, [8] = 3}}, /* no such answer */
		{KITH_PARCEL_RESPONSE, 9, {1, 0xca, [8] = 0}},
		{KITH_PARCEL_RESPONSE, 8, {1, 0xca}},
	};
	struct pair p;

	pair_open(&p, state);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct pump_meeting m = {.on_parcel = forge, .ctx = (void *)&all[i]};
		char text[64];
		(void)snprintf(text, sizeof text, "name=Ada\nnote=%zu", i);
		(void)pump_profile(&p.a, text); /* a parcel, to be replaced on its way */
		assert_true(pump_meet_as(&p.a, &p.b, &m));
		assert_true(m.n > 0);
		for (size_t j = 0; j < m.n; j++)
			assert_int_equal(m.at[j].outcome, KITH_OUTCOME_REFUSED);
		assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM letgo"), 0);
		assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM takeback"), 0);
	}
	pair_close(&p);
}

/* An answer that is none, to a question that is open: it stays open. */
static void nonsense_answers_nothing(void **state)
{
	static const struct forged all[] = {
		{KITH_PARCEL_RESPONSE, 9, {1, 0xca, [8] = 0}},
		{KITH_PARCEL_RESPONSE, 9, {1, 0xca, [8] = 3}},
		{KITH_PARCEL_RESPONSE, 9, {1, 0xca, [8] = 255}},
		{KITH_PARCEL_RESPONSE, 8, {1, 0xca}},
		{KITH_PARCEL_RESPONSE, 10, {1, 0xca, [8] = 1}},
		{KITH_PARCEL_RESPONSE, 9, {9, 0xca, [8] = 1}}, /* of another card */
	};
	struct pair p;

	pair_open(&p, state);
	ask(&p, 1);
	(void)pump_meet(&p.a, &p.b);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct pump_meeting m = {.on_parcel = forge, .ctx = (void *)&all[i]};
		char text[64];
		(void)snprintf(text, sizeof text, "name=Bob\nnote=%zu", i);
		(void)pump_profile(&p.b, text);
		assert_true(pump_meet_as(&p.a, &p.b, &m));
		assert_int_equal(m.n, 1);
		assert_int_equal(m.at[0].outcome, KITH_OUTCOME_REFUSED);
		assert_int_equal(state_of(&p), KITH_LETGO_OPEN);
	}
	pair_close(&p);
}

/* They never had it, or have forgotten me and met me again: told so, once. */
static void there_is_none(void **state)
{
	struct pair p;

	pair_open(&p, state);
	world_sql(p.b.home, "DELETE FROM card");
	ask(&p, 1);
	struct pump_meeting m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_TAKEBACK, KITH_OUTCOME_REFUSED), 1);
	assert_int_equal(state_of(&p), KITH_LETGO_NONE);
	m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_TAKEBACK, KITH_OUTCOME_REFUSED), 0);
	pump_free(&p.a);
	pump_free(&p.b);
}

/* The line breaks before either answer arrives: it is asked once more, and answered once more. */
static void lost_on_the_way(void **state)
{
	struct pair p;
	struct pump_meeting m = {.break_at = 1};

	pair_open(&p, state);
	ask(&p, 1);
	assert_true(pump_meet_as(&p.a, &p.b, &m));
	assert_true(item_of(&p.b) > 0);
	m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.a, KITH_PARCEL_TAKEBACK, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(world_number(p.b.home, "SELECT count(*) FROM news WHERE kind = 12"), 1);
	assert_ok(kith_store_letgo_answer(p.b.store, item_of(&p.b), true, p.b.clock));
	m = (struct pump_meeting){.break_at = 1};
	assert_true(pump_meet_as(&p.a, &p.b, &m));
	m = pump_meet(&p.a, &p.b);
	assert_int_equal(pump_count(&m, &p.b, KITH_PARCEL_RESPONSE, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(state_of(&p), KITH_LETGO_GONE);
	assert_int_equal(world_number(p.a.home, "SELECT count(*) FROM news WHERE kind = 13"), 1);
	pair_close(&p);
}

static void who_holds_nothing(void **state)
{
	struct pair p;
	struct pump_person cleo;
	size_t n;

	pair_open(&p, state);
	pump_person(&cleo, *state, "Cleo", 3);
	pump_import(&p.a, &cleo);
	assert_err(kith_store_takeback(p.a.store, pump_contact(&p.a, &cleo), 1, &n), MISSING);
	assert_err(kith_store_takeback(p.a.store, 4711, 1, &n), NOPERSON);
	pump_free(&cleo);
	pair_close(&p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(let_go),
		TEST(keep_it),
		TEST(given_again),
		TEST(withdrawn),
		TEST(another_is_left),
		TEST(not_one_of_a_former_key),
		TEST(nonsense_is_refused),
		TEST(nonsense_answers_nothing),
		TEST(there_is_none),
		TEST(lost_on_the_way),
		TEST(who_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
