/* SPDX-License-Identifier: MIT */
#include "store_world.h"

/* Grace is person 2; sessions are numbered. */
enum { GRACE = 2 };

static struct kith_contact grace(struct kith_store *store)
{
	uint8_t ik[32];
	uint8_t xk[32];
	struct kith_contact contact = {0};

	world_keys(GRACE, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &contact));
	return contact;
}

static bool has_grace(struct kith_store *store)
{
	uint8_t ik[32];
	uint8_t xk[32];
	struct kith_contact contact = {0};

	world_keys(GRACE, ik, xk);
	enum kith_err err = kith_store_contact_of(store, ik, &contact);
	kith_contact_free(&contact);
	return err == KITH_OK;
}

static void expect(struct kith_store *store, enum kith_contact_state state, uint64_t rev,
	const char *name, bool delivered)
{
	struct kith_contact c = grace(store);

	assert_int_equal(c.state, state);
	assert_int_equal(c.rev, rev);
	assert_true(kith_span_eq(c.name, kith_span_str(name)));
	assert_int_equal(c.delivered, delivered);
	kith_contact_free(&c);
}

static void confirm(struct kith_store *store, uint8_t session, const char *label, uint64_t rev)
{
	struct kith_meeting m = world_meeting(session, GRACE, label, rev);

	assert_ok(kith_store_confirm(store, &m));
}

static enum kith_err send_card(struct kith_store *store, uint8_t session, uint8_t seed,
	uint8_t which, uint64_t rev, const char *text)
{
	struct world_card card;
	uint8_t th[32];

	memset(th, session, sizeof th);
	world_card(&card, seed, which, rev, text);
	enum kith_err err =
		kith_store_card(store, th, &card.card, kith_buf_span(&card.envelope), 1700000200);
	world_card_free(&card);
	return err;
}

static enum kith_err send_receipt(struct kith_store *store, uint8_t session, uint64_t rev)
{
	struct kith_receipt r = world_receipt(session, rev);

	return kith_store_receipt(store, &r);
}

static enum kith_err differ(struct kith_store *store, uint8_t session)
{
	uint8_t th[32];

	memset(th, session, sizeof th);
	return kith_store_mismatch(store, th);
}

static enum kith_err they_confirm(struct kith_store *store, uint8_t session, enum kith_how how)
{
	uint8_t th[32];

	memset(th, session, sizeof th);
	return kith_store_confirmed(store, th, how);
}

struct meetings {
	int n;
	struct kith_met last;
	int64_t at[8];
	bool said_all;
};

static bool note(void *ctx, const struct kith_met *met)
{
	struct meetings *m = ctx;

	assert_in_range(m->n, 0, 7);
	assert_true(kith_span_eq(met->event, kith_span_str("Caf\xc3\xa9 meeting")));
	assert_true(kith_span_eq(met->network, kith_span_str("eth0 192.0.2.0/24")));
	m->at[m->n++] = met->at;
	m->last = *met;
	return true;
}

static struct meetings meetings(struct kith_store *store)
{
	struct meetings m = {0};
	struct kith_contact c = grace(store);

	assert_ok(kith_store_met(store, c.row, note, &m));
	kith_contact_free(&c);
	return m;
}

static void the_whole_way(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", false);
	struct kith_contact c = grace(store);
	assert_true(c.gives);
	assert_int_equal(c.envelope.n, 0);
	assert_int_equal(c.added, 1700000001);
	assert_int_equal(c.met_at, 1700000001);
	assert_true(kith_span_eq(c.met_event, kith_span_str("Caf\xc3\xa9 meeting")));
	assert_int_equal(c.met_how, KITH_HOW_COMPARED);
	kith_contact_free(&c);
	assert_false(meetings(store).last.both);
	assert_ok(they_confirm(store, 1, KITH_HOW_SCANNED));
	assert_true(meetings(store).last.both);
	assert_int_equal(meetings(store).last.how, KITH_HOW_COMPARED); /* the weaker one */
	assert_ok(send_card(store, 1, GRACE, 1, 7, "name=Grace Hopper"));
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", false);
	assert_ok(send_receipt(store, 1, 4));
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", true);
	kith_store_close(store);
	world_sound(*state);
}

static void every_step_twice(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	for (int i = 0; i < 2; i++)
		confirm(store, 1, "Grace", 4);
	for (int i = 0; i < 2; i++)
		assert_ok(they_confirm(store, 1, KITH_HOW_COMPARED));
	for (int i = 0; i < 2; i++)
		assert_ok(send_card(store, 1, GRACE, 1, 7, "name=Grace Hopper"));
	for (int i = 0; i < 2; i++)
		assert_ok(send_receipt(store, 1, 4));
	/* a late repeat of the first step does not make a debt again */
	confirm(store, 1, "Grace", 4);
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", true);
	assert_int_equal(meetings(store).n, 1);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM receipt"), 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card"), 1);
}

static void nobody_confirmed(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_err(they_confirm(store, 1, KITH_HOW_COMPARED), NOPERSON);
	assert_err(send_card(store, 1, GRACE, 1, 1, "name=Grace"), NOPERSON);
	assert_err(send_receipt(store, 1, 1), NOPERSON);
	assert_ok(differ(store, 1));
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 0);
}

static void the_weaker_way_counts(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 1);
	assert_ok(they_confirm(store, 1, KITH_HOW_UNATTENDED));
	assert_ok(they_confirm(store, 1, KITH_HOW_SCANNED)); /* the first word counts */
	assert_int_equal(meetings(store).last.how, KITH_HOW_UNATTENDED);
	struct kith_contact c = grace(store);
	assert_int_equal(c.met_how, KITH_HOW_UNATTENDED);
	kith_contact_free(&c);
	kith_store_close(store);
}

static void met_twice(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 5, "Grace", 4);
	assert_ok(send_card(store, 5, GRACE, 1, 7, "name=Grace Hopper"));
	confirm(store, 3, "Gracie", 4); /* by a clock that went back */
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", false);
	struct meetings m = meetings(store);
	assert_int_equal(m.n, 2);
	assert_int_equal(m.at[0], 1700000005);
	assert_int_equal(m.at[1], 1700000003);
	struct kith_contact c = grace(store);
	assert_int_equal(c.met_at, 1700000003); /* the last one, whatever the clock said */
	assert_int_equal(c.added, 1700000005);
	kith_contact_free(&c);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 1);
}

static void mismatch_at_first_sight(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	assert_ok(differ(store, 1));
	assert_false(has_grace(store));
	assert_ok(differ(store, 1));
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM debt"), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met"), 0);
	world_sound(*state);
}

static void mismatch_leaves_a_pending_row(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	confirm(store, 2, "Mallory", 6);
	expect(store, KITH_CONTACT_PENDING, 0, "Mallory", false);
	assert_ok(differ(store, 2));
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", false);
	assert_int_equal(meetings(store).n, 1);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT rev FROM debt"), 4);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM debt"), 1);
}

static void mismatch_leaves_a_complete_row(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	assert_ok(they_confirm(store, 1, KITH_HOW_SCANNED));
	assert_ok(send_card(store, 1, GRACE, 1, 7, "name=Grace Hopper"));
	confirm(store, 2, "Mallory", 6);
	assert_ok(differ(store, 2));
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", false);
	assert_int_equal(meetings(store).n, 1);
	assert_int_equal(meetings(store).at[0], 1700000001);
	assert_ok(send_receipt(store, 1, 4)); /* the old debt was still there, and is paid */
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", true);
	confirm(store, 3, "Mallory", 9);
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", false);
	assert_ok(differ(store, 3));
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", true);
	kith_store_close(store);
	world_sound(*state);
}

static void mismatch_leaves_one_from_a_file(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, GRACE, 1, 3, "name=Grace Hopper", NULL));
	confirm(store, 1, "Grace", 4);
	assert_ok(differ(store, 1));
	expect(store, KITH_CONTACT_COMPLETE, 3, "Grace Hopper", false);
	struct kith_contact c = grace(store);
	assert_int_equal(c.met_how, KITH_HOW_FILE);
	assert_int_equal(c.met_at, 0);
	kith_contact_free(&c);
	kith_store_close(store);
}

static void receipts_and_debts(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_receipt other = world_receipt(1, 99);

	confirm(store, 1, "Grace", 4);
	assert_ok(send_receipt(store, 1, 3)); /* for an older one: kept, pays nothing */
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", false);
	other.card[0] = 2; /* for another of my cards */
	assert_ok(kith_store_receipt(store, &other));
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", false);
	confirm(store, 2, "Grace", 6);
	assert_ok(send_receipt(store, 2, 5)); /* pays the first debt only */
	assert_int_equal(world_number(*state, "SELECT rev FROM debt"), 6);
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", false);
	assert_ok(send_receipt(store, 2, 8)); /* a later one pays all before */
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", true);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM receipt"), 4);
}

static void receive_only(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(1, GRACE, "Grace", 4);

	m.they_give = false;
	m.i_give = false;
	assert_ok(kith_store_confirm(store, &m));
	struct kith_contact c = grace(store);
	assert_false(c.gives);
	assert_false(c.delivered);
	kith_contact_free(&c);
	confirm(store, 2, "Grace", 4); /* later they do */
	c = grace(store);
	assert_true(c.gives);
	kith_contact_free(&c);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM debt"), 1);
}

static void file_first_then_met(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, GRACE, 1, 3, "name=Grace Hopper", NULL));
	confirm(store, 1, "Grace", 4);
	expect(store, KITH_CONTACT_COMPLETE, 3, "Grace Hopper", false);
	struct kith_contact c = grace(store);
	assert_int_equal(c.met_how, KITH_HOW_COMPARED);
	kith_contact_free(&c);
	assert_ok(send_card(store, 1, GRACE, 1, 3, "name=Grace Hopper")); /* the same */
	assert_ok(send_card(store, 1, GRACE, 1, 2, "name=Grace B"));      /* an older one */
	expect(store, KITH_CONTACT_COMPLETE, 3, "Grace Hopper", false);
	assert_ok(send_card(store, 1, GRACE, 1, 5, "name=Grace H"));
	expect(store, KITH_CONTACT_COMPLETE, 5, "Grace H", false);
	kith_store_close(store);
}

static void met_first_then_file(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;

	confirm(store, 1, "Grace", 4);
	assert_ok(world_import(store, GRACE, 1, 3, "name=Grace Hopper", &what));
	assert_int_equal(what, KITH_IMPORT_UPDATED);
	expect(store, KITH_CONTACT_COMPLETE, 3, "Grace Hopper", false);
	kith_store_close(store);
}

static void another_card_in_person(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;

	confirm(store, 1, "Grace", 4);
	assert_ok(send_card(store, 1, GRACE, 1, 7, "name=Grace Hopper"));
	confirm(store, 2, "Grace", 4);
	/* a lower number, but another card, and she hands it over herself */
	assert_ok(send_card(store, 2, GRACE, 2, 5, "name=Admiral Hopper"));
	expect(store, KITH_CONTACT_COMPLETE, 5, "Admiral Hopper", false);
	/* by file the other one is only kept */
	assert_ok(world_import(store, GRACE, 1, 8, "name=Grace 8", &what));
	assert_int_equal(what, KITH_IMPORT_BESIDE);
	expect(store, KITH_CONTACT_COMPLETE, 5, "Admiral Hopper", false);
	/* and back again, to one that is kept already */
	confirm(store, 3, "Grace", 4);
	assert_ok(send_card(store, 3, GRACE, 1, 8, "name=Grace 8"));
	expect(store, KITH_CONTACT_COMPLETE, 8, "Grace 8", false);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card"), 3);
	world_sound(*state);
}

static void two_cards_with_one_number(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	assert_ok(send_card(store, 1, GRACE, 1, 7, "name=Grace Hopper"));
	assert_err(send_card(store, 1, GRACE, 1, 7, "name=Mallory"), CONFLICT);
	kith_store_close(store);
	store = world_open(*state, KITH_STORE_READ);
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", false);
	struct kith_contact c = grace(store);
	assert_true(c.conflict); /* durable */
	kith_contact_free(&c);
	kith_store_close(store);
}

static void a_jump_too_far(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	assert_ok(send_card(store, 1, GRACE, 1, 7, "name=Grace Hopper"));
	assert_err(send_card(store, 1, GRACE, 1, 8 + (UINT64_C(1) << 32), "name=Grace"), LIMIT);
	expect(store, KITH_CONTACT_COMPLETE, 7, "Grace Hopper", false);
	kith_store_close(store);
}

static void somebody_elses_card(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	confirm(store, 1, "Grace", 4);
	assert_err(send_card(store, 1, 3, 1, 7, "name=Alan"), SUBJECT);
	expect(store, KITH_CONTACT_PENDING, 0, "Grace", false);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card"), 0);
}

static void no_event_no_network_no_label(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(1, GRACE, "", 4);

	m.event = (struct kith_span){0};
	m.network = (struct kith_span){0};
	m.label = (struct kith_span){0};
	assert_ok(kith_store_confirm(store, &m));
	struct kith_contact c = grace(store);
	assert_int_equal(c.name.n, 0);
	assert_int_equal(c.met_event.n, 0);
	kith_contact_free(&c);
	kith_store_close(store);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_whole_way),
		TEST(every_step_twice),
		TEST(nobody_confirmed),
		TEST(the_weaker_way_counts),
		TEST(met_twice),
		TEST(mismatch_at_first_sight),
		TEST(mismatch_leaves_a_pending_row),
		TEST(mismatch_leaves_a_complete_row),
		TEST(mismatch_leaves_one_from_a_file),
		TEST(receipts_and_debts),
		TEST(receive_only),
		TEST(file_first_then_met),
		TEST(met_first_then_file),
		TEST(another_card_in_person),
		TEST(two_cards_with_one_number),
		TEST(a_jump_too_far),
		TEST(somebody_elses_card),
		TEST(no_event_no_network_no_label),
	};
	return cmocka_run_group_tests_name("store_swap", tests, NULL, NULL);
}
