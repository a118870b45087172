/* SPDX-License-Identifier: MIT */
#include "pump.h"

static const char full[] =
	"name=Ada\nemail.work=ada@work.example\nemail.home=ada@home.example\ntel.home=1234567";

static enum kith_err put(struct pump_person *p, const char *name, const char *shows, bool replace)
{
	struct kith_cards_signing signing = {.id = p->id, .now = p->clock};
	uint8_t card[8];

	p->env.random(p->env.ctx, card, sizeof card);
	return kith_store_card_put(
		p->store, &signing, kith_span_str(name), kith_span_str(shows), card, replace);
}

/* The card of that name, verified; *bytes owns it. */
static void read_card(
	struct pump_person *p, const char *name, struct kith_buf *bytes, struct kith_card *card)
{
	struct kith_mine mine = {0};

	assert_ok(kith_store_card_named(p->store, kith_span_str(name), &mine));
	bytes->n = 0;
	assert_ok(kith_buf_add(bytes, mine.envelope.p, mine.envelope.n));
	assert_ok(kith_card_verify(kith_buf_span(bytes), card));
	assert_int_equal(card->rev, mine.held);
	assert_memory_equal(card->card, mine.card, sizeof mine.card);
	kith_mine_free(&mine);
}

/* What a card shows, as "name=Ada|email.work=...". */
static void expect(struct pump_person *p, const char *name, uint64_t rev, const char *fields)
{
	struct kith_buf bytes = {0}, text = {0};
	struct kith_card card;

	read_card(p, name, &bytes, &card);
	for (size_t i = 0; i < card.fields.n; i++) {
		const struct kith_field *f = &card.fields.at[i];
		assert_ok(kith_buf_printf(&text, "%s%s%s%.*s=", i ? "|" : "",
			kith_field_info(f->kind)->name, f->label.n ? "." : "", (int)f->label.n,
			f->label.n ? (const char *)f->label.p : ""));
		assert_ok(kith_field_value(f, &text));
	}
	assert_string_equal(kith_buf_cstr(&text), fields);
	assert_int_equal(card.rev, rev);
	kith_buf_free(&bytes);
	kith_buf_free(&text);
}

static uint64_t counter(struct pump_person *p)
{
	struct kith_mine mine = {0};

	assert_ok(kith_store_mine(p->store, &mine));
	uint64_t rev = mine.rev;
	kith_mine_free(&mine);
	return rev;
}

/* A card shows what its list names, and the name; each has an id of its own and the next number. */
static void cards_show_a_part(void **state)
{
	struct pump_person p;
	struct kith_buf one = {0}, other = {0};
	struct kith_card me, work;

	pump_person(&p, *state, "Ada", 1);
	assert_int_equal(pump_profile(&p, full), 2);
	assert_ok(put(&p, "work", "email.work,org", false));
	assert_ok(put(&p, "mail", "EMAIL", false));
	expect(&p, "me", 2,
		"name=Ada|email.work=ada@work.example|email.home=ada@home.example|tel.home=1234567");
	expect(&p, "work", 3, "name=Ada|email.work=ada@work.example");
	expect(&p, "WORK", 3, "name=Ada|email.work=ada@work.example");
	expect(&p, "mail", 4, "name=Ada|email.work=ada@work.example|email.home=ada@home.example");
	read_card(&p, "me", &one, &me);
	read_card(&p, "work", &other, &work);
	assert_memory_not_equal(me.card, work.card, sizeof me.card);
	assert_false(work.has_prev);
	assert_int_equal(counter(&p), 4);
	kith_buf_free(&one);
	kith_buf_free(&other);
	world_sound(p.home);
	pump_free(&p);
}

/* A change signs the cards that show it, each with a number of its own, and no other. */
static void a_change_signs_what_it_touches(void **state)
{
	struct pump_person p;
	struct kith_buf before = {0}, after = {0};
	struct kith_card was, is;
	uint8_t prev[32];

	pump_person(&p, *state, "Ada", 1);
	(void)pump_profile(&p, full);
	assert_ok(put(&p, "work", "email.work", false));
	assert_ok(put(&p, "home", "email.home,tel", false));
	read_card(&p, "home", &before, &was);
	assert_int_equal(
		pump_profile(&p,
			"name=Ada\nemail.work=ada@work.example\nemail.home=new@home.example\ntel.home=1234567"),
		6);
	expect(&p, "work", 3, "name=Ada|email.work=ada@work.example");
	expect(&p, "me", 5,
		"name=Ada|email.work=ada@work.example|email.home=new@home.example|tel.home=1234567");
	expect(&p, "home", 6, "name=Ada|email.home=new@home.example|tel.home=1234567");
	read_card(&p, "home", &after, &is);
	kith_card_prev(was.body, prev);
	assert_true(is.has_prev);
	assert_memory_equal(is.prev, prev, sizeof prev);
	assert_memory_equal(is.card, was.card, sizeof is.card);
	/* a name is on all of them */
	assert_int_equal(pump_profile(&p, "name=Ada L"), 9);
	expect(&p, "work", 9, "name=Ada L");
	expect(&p, "home", 8, "name=Ada L");
	/* the same once more is nothing */
	assert_int_equal(pump_profile(&p, "name=Ada L"), 9);
	kith_buf_free(&before);
	kith_buf_free(&after);
	world_sound(p.home);
	pump_free(&p);
}

static void names_and_how_many(void **state)
{
	struct pump_person p;
	char name[16];

	pump_person(&p, *state, "Ada", 1);
	assert_err(put(&p, "work", "email", true), MISSING);
	assert_ok(put(&p, "Wörk", "email", false));
	assert_err(put(&p, "work", "tel", false), EXISTS); /* the same name, folded */
	assert_err(put(&p, "ME", "tel", false), EXISTS);
	for (int i = 2; i < KITH_CARDS_MAX; i++) {
		(void)snprintf(name, sizeof name, "card%d", i);
		assert_ok(put(&p, name, "email", false));
	}
	assert_err(put(&p, "one-more", "email", false), LIMIT);
	assert_ok(put(&p, "work", "tel", true)); /* no new one */
	assert_ok(kith_store_card_remove(p.store, kith_span_str("card5")));
	assert_ok(put(&p, "one-more", "email", false));
	assert_err(put(&p, "and-more", "email", false), LIMIT);
	assert_err(kith_store_card_remove(p.store, kith_span_str("me")), VALUE);
	assert_err(kith_store_card_remove(p.store, kith_span_str("card5")), MISSING);
	assert_ok(kith_store_card_remove(p.store, kith_span_str("card6")));
	assert_ok(put(&p, "card5", "email", false)); /* another card of that name */
	assert_int_equal(
		world_number(p.home, "SELECT count(*) FROM my_card WHERE fold = 'card5'"), 2);
	world_sound(p.home);
	pump_free(&p);
}

/* Everything anew, as after a restore: from another number on, with numbers left out, by another key. */
static void all_anew(void **state)
{
	struct pump_person p;
	struct kith_identity *other = NULL;
	struct kith_buf bytes = {0};
	struct kith_card card;
	struct kith_cards_signing s;
	size_t n;

	pump_person(&p, *state, "Ada", 1);
	(void)pump_profile(&p, full);
	assert_ok(put(&p, "work", "email.work", false));
	assert_ok(put(&p, "gone", "tel", false));
	assert_ok(kith_store_card_remove(p.store, kith_span_str("gone")));
	s = (struct kith_cards_signing){.id = p.id, .now = p.clock, .all = true, .jump = 1000};
	assert_ok(kith_store_cards_sign(p.store, &s, &n));
	assert_int_equal(n, 2);
	expect(&p, "me", 1005,
		"name=Ada|email.work=ada@work.example|email.home=ada@home.example|tel.home=1234567");
	expect(&p, "work", 1006, "name=Ada|email.work=ada@work.example");
	s = (struct kith_cards_signing){
		.id = p.id, .now = p.clock, .all = true, .above = 5000, .jump = 10};
	assert_ok(kith_store_cards_sign(p.store, &s, &n));
	expect(&p, "work", 5012, "name=Ada|email.work=ada@work.example");
	s.above = 100; /* lower than the counter: nothing */
	s.jump = 0;
	assert_ok(kith_store_cards_sign(p.store, &s, &n));
	assert_int_equal(counter(&p), 5014);
	s.had_rev = 5013;
	assert_err(kith_store_cards_sign(p.store, &s, &n), BUSY);
	assert_int_equal(counter(&p), 5014);
	assert_ok(kith_identity_from_seed((uint8_t[32]){77}, &other));
	s = (struct kith_cards_signing){.id = other, .now = p.clock, .all = true};
	assert_err(kith_store_cards_sign(p.store, &s, &n), STALEKEY);
	assert_int_equal(counter(&p), 5014);
	s.rekey = true;
	assert_ok(kith_store_cards_sign(p.store, &s, &n));
	read_card(&p, "work", &bytes, &card);
	assert_memory_equal(card.ik, kith_identity_ik(other), sizeof card.ik);
	assert_err(put(&p, "late", "tel", false), STALEKEY); /* p.id was left */
	assert_err(put(&p, "work", "tel", true), STALEKEY);
	assert_int_equal(counter(&p), 5016);
	kith_buf_free(&bytes);
	kith_identity_free(other);
	world_sound(p.home);
	pump_free(&p);
}

/* Of a change that cannot be made nothing stays: the second card is signed, the third cannot be. */
static void all_or_nothing(void **state)
{
	struct pump_person p;
	struct kith_fields fields = {0};
	size_t n;

	pump_person(&p, *state, "Ada", 1);
	(void)pump_profile(&p, full);
	assert_ok(put(&p, "work", "email", false));
	world_sql(p.home,
		"CREATE TRIGGER no BEFORE INSERT ON mine_card WHEN NEW.rev = 5 BEGIN SELECT RAISE (ABORT, 'no'); END");
	struct kith_cards_signing s = {.id = p.id, .now = p.clock, .profile = &fields};
	assert_ok(kith_field_parse(kith_span_str("name=Eve"), &fields.at[fields.n++], NULL));
	assert_err(kith_store_cards_sign(p.store, &s, &n), STORE);
	expect(&p, "work", 3, "name=Ada|email.work=ada@work.example|email.home=ada@home.example");
	assert_int_equal(counter(&p), 3);
	world_sql(p.home, "DROP TRIGGER no");
	assert_ok(kith_store_cards_sign(p.store, &s, &n));
	expect(&p, "work", 5, "name=Eve");
	pump_free(&p);
}

static void card_id(struct pump_person *p, const char *name, uint8_t out[static 8])
{
	struct kith_mine mine = {0};

	assert_ok(kith_store_card_named(p->store, kith_span_str(name), &mine));
	memcpy(out, mine.card, 8);
	kith_mine_free(&mine);
}

static void expect_given(struct pump_person *p, int64_t contact, const char *name)
{
	struct kith_buf bytes = {0};
	struct kith_card card;
	uint8_t id[8], wanted[8];
	uint64_t rev;
	enum kith_err err = kith_store_given(p->store, contact, id, &rev, &bytes);

	if (!name) {
		assert_err(err, MISSING);
		assert_int_equal(bytes.n, 0);
		return;
	}
	assert_ok(err);
	card_id(p, name, wanted);
	assert_memory_equal(id, wanted, sizeof id);
	assert_ok(kith_card_verify(kith_buf_span(&bytes), &card));
	assert_int_equal(card.rev, rev);
	assert_memory_equal(card.card, id, sizeof id);
	kith_buf_free(&bytes);
}

static bool sum_given(void *ctx, const struct kith_my_card *card)
{
	*(size_t *)ctx += card->given;
	return true;
}

static void everybody_is_given_one(void **state)
{
	struct pump_person ada, bob, cleo;
	struct kith_buf none = {0};
	uint8_t id[8];
	uint64_t rev;
	size_t given = 0;

	pump_person(&ada, *state, "Ada", 1);
	pump_person(&bob, *state, "Bob", 2);
	pump_person(&cleo, *state, "Cleo", 3);
	(void)pump_profile(&ada, full);
	assert_ok(put(&ada, "work", "email.work", false));
	pump_swap(&ada, &bob);
	pump_import(&ada, &cleo);
	int64_t b = pump_contact(&ada, &bob), c = pump_contact(&ada, &cleo);
	expect_given(&ada, b, "me"); /* by the swap */
	expect_given(&ada, c, NULL);
	assert_err(kith_store_given(ada.store, 4711, id, &rev, &none), NOPERSON);
	card_id(&ada, "work", id);
	assert_ok(kith_store_give(ada.store, b, id));
	assert_ok(kith_store_give(ada.store, c, id));
	expect_given(&ada, b, "work");
	expect_given(&ada, c, "work");
	assert_ok(kith_store_cards(ada.store, sum_given, &given));
	assert_int_equal(given, 2);
	assert_err(kith_store_give(ada.store, b, (uint8_t[8]){9}), MISSING);
	assert_err(kith_store_give(ada.store, 4711, id), NOPERSON);
	int64_t typed = world_entry(ada.store, 0, "uid", "name=Typed");
	assert_err(kith_store_give(ada.store, typed, id), NOPERSON);
	assert_ok(kith_store_give(ada.store, b, NULL));
	expect_given(&ada, b, NULL);
	assert_ok(kith_store_card_remove(ada.store, kith_span_str("work")));
	expect_given(&ada, c, NULL); /* who has it keeps it, and gets no more */
	world_sound(ada.home);
	pump_free(&ada);
	pump_free(&bob);
	pump_free(&cleo);
}

/* What was promised and did not arrive is the card that was chosen since; or nothing. */
static void debts_follow_the_choice(void **state)
{
	struct pump_person ada, bob, cleo;
	uint8_t id[8];

	pump_person(&ada, *state, "Ada", 1);
	pump_person(&bob, *state, "Bob", 2);
	pump_person(&cleo, *state, "Cleo", 3);
	(void)pump_profile(&ada, full);
	assert_ok(put(&ada, "work", "email.work", false));
	pump_half(&ada, &bob, 7);
	pump_half(&bob, &ada, 7);
	pump_half(&ada, &cleo, 8);
	assert_int_equal(world_number(ada.home, "SELECT count(*) FROM debt"), 2);
	card_id(&ada, "work", id);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &bob), id));
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &cleo), NULL));
	assert_int_equal(world_number(ada.home, "SELECT rev FROM debt"), 3);
	struct pump_meeting m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(world_number(ada.home, "SELECT count(*) FROM debt"), 0);
	assert_int_equal(world_number(bob.home, "SELECT count(*) FROM card"), 1);
	assert_int_equal(world_number(bob.home, "SELECT max(rev) FROM card"), 3);
	/* a card that goes is owed to nobody */
	pump_half(&ada, &cleo, 9);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &cleo), id));
	assert_ok(kith_store_card_remove(ada.store, kith_span_str("work")));
	assert_int_equal(world_number(ada.home, "SELECT count(*) FROM debt"), 0);
	world_sound(ada.home);
	pump_free(&ada);
	pump_free(&bob);
	pump_free(&cleo);
}

/* The card that was given last is the one that flows, and what is changed on another card does not. */
static void changes_flow_by_card(void **state)
{
	struct pump_person ada, bob;
	struct kith_buf held = {0};
	struct kith_contact c = {0};
	uint8_t id[8];

	pump_person(&ada, *state, "Ada", 1);
	pump_person(&bob, *state, "Bob", 2);
	(void)pump_profile(&ada, full);
	assert_ok(put(&ada, "work", "email.work", false));
	pump_swap(&ada, &bob);
	card_id(&ada, "work", id);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &bob), id));
	struct pump_meeting m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_ok(kith_store_contact_of(bob.store, kith_identity_ik(ada.id), &c));
	assert_int_equal(c.rev, 3);
	assert_null(memmem(c.envelope.p, c.envelope.n, "ada@home", 8));
	kith_contact_free(&c);
	/* not on the card he has */
	(void)pump_profile(
		&ada, "name=Ada\nemail.work=ada@work.example\nemail.home=secret@home.example");
	m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 0);
	(void)pump_profile(
		&ada, "name=Ada\nemail.work=other@work.example\nemail.home=secret@home.example");
	m = pump_meet(&ada, &bob);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	world_read(world_path(bob.home, "kith.db"), &held);
	assert_null(memmem(held.p, held.n, "secret@", 7));
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &bob), NULL));
	(void)pump_profile(&ada, "name=Ada\nemail.work=third@work.example");
	m = pump_meet(&ada, &bob);
	assert_true(m.met);
	assert_int_equal(m.n, 0);
	kith_buf_free(&held);
	pump_free(&ada);
	pump_free(&bob);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cards_show_a_part),
		TEST(a_change_signs_what_it_touches),
		TEST(names_and_how_many),
		TEST(all_anew),
		TEST(all_or_nothing),
		TEST(everybody_is_given_one),
		TEST(debts_follow_the_choice),
		TEST(changes_flow_by_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
