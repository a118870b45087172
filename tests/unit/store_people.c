/* SPDX-License-Identifier: MIT */
#include "store_world.h"

static struct kith_contact whole(struct kith_store *store, uint8_t seed)
{
	uint8_t ik[32];
	uint8_t xk[32];
	struct kith_contact contact = {0};

	world_keys(seed, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &contact));
	return contact;
}

static void expect_envelope(
	struct kith_store *store, uint8_t seed, uint8_t which, uint64_t rev, const char *text)
{
	struct kith_contact contact = whole(store, seed);
	struct world_card card;

	world_card(&card, seed, which, rev, text);
	assert_int_equal(contact.rev, rev);
	assert_true(kith_span_eq(contact.envelope, kith_buf_span(&card.envelope)));
	kith_contact_free(&contact);
	world_card_free(&card);
}

static void names_of_words(void **state)
{
	(void)state;
	assert_string_equal(kith_how_name(KITH_HOW_TYPED), "typed");
	assert_string_equal(kith_how_name(KITH_HOW_FILE), "file");
	assert_string_equal(kith_how_name(KITH_HOW_UNATTENDED), "unattended");
	assert_string_equal(kith_how_name(KITH_HOW_COMPARED), "compared");
	assert_string_equal(kith_how_name(KITH_HOW_SCANNED), "scanned");
	assert_string_equal(kith_contact_state_name(KITH_CONTACT_PENDING), "pending");
	assert_string_equal(kith_contact_state_name(KITH_CONTACT_COMPLETE), "complete");
	assert_string_equal(kith_contact_state_name(KITH_CONTACT_INTRODUCED), "introduced");
	assert_string_equal(kith_contact_state_name(KITH_CONTACT_FROZEN), "frozen");
	assert_string_equal(kith_contact_state_name(KITH_CONTACT_TYPED), "typed");
}

static void from_a_file(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;

	assert_ok(world_import(store, 2, 1, 3, "name=Grace Hopper\norg=Navy\norg=Univac", &what));
	assert_int_equal(what, KITH_IMPORT_NEW);
	struct kith_contact c = whole(store, 2);
	assert_true(kith_span_eq(c.name, kith_span_str("Grace Hopper")));
	assert_true(kith_span_eq(c.org, kith_span_str("Navy")));
	assert_int_equal(c.state, KITH_CONTACT_COMPLETE);
	assert_int_equal(c.rev, 3);
	assert_true(c.gives);
	assert_false(c.delivered);
	assert_false(c.conflict);
	assert_int_equal(c.added, 1700000001);
	assert_int_equal(c.met_at, 0);
	assert_int_equal(c.met_event.n, 0);
	assert_int_equal(c.met_how, KITH_HOW_FILE);
	struct kith_contact same = {0};
	assert_ok(kith_store_contact(store, c.row, &same));
	assert_memory_equal(same.ik, c.ik, sizeof c.ik);
	kith_contact_free(&same);
	kith_contact_free(&c);
	kith_contact_free(NULL);
	expect_envelope(store, 2, 1, 3, "name=Grace Hopper\norg=Navy\norg=Univac");
	kith_store_close(store);
	world_sound(*state);
}

static void newer_same_older_other(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;

	assert_ok(world_import(store, 2, 1, 3, "name=Grace\norg=Navy", &what));
	assert_ok(world_import(store, 2, 1, 3, "name=Grace\norg=Navy", &what));
	assert_int_equal(what, KITH_IMPORT_SAME);
	assert_ok(world_import(store, 2, 1, 5, "name=Grace Hopper", &what));
	assert_int_equal(what, KITH_IMPORT_UPDATED);
	struct kith_contact c = whole(store, 2);
	assert_int_equal(c.org.n, 0); /* the old card's field went with it */
	kith_contact_free(&c);
	assert_err(world_import(store, 2, 1, 4, "name=Grace B", &what), ROLLBACK);
	assert_err(world_import(store, 2, 1, 5, "name=Eve", &what), CONFLICT);
	c = whole(store, 2);
	assert_true(c.conflict);
	kith_contact_free(&c);
	expect_envelope(store, 2, 1, 5, "name=Grace Hopper");
	/* a person whose card was cloned can still send a newer one; the mark stays */
	assert_ok(world_import(store, 2, 1, 6, "name=Grace H", &what));
	c = whole(store, 2);
	assert_true(c.conflict);
	kith_contact_free(&c);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card"), 3);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card WHERE held"), 1);
	world_sound(*state);
}

static void a_jump_too_far(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const uint64_t jump = UINT64_C(1) << 32;

	assert_ok(world_import(store, 2, 1, 3, "name=Grace", NULL));
	assert_err(world_import(store, 2, 1, 4 + jump, "name=Grace", NULL), LIMIT);
	assert_ok(world_import(store, 2, 1, 3 + jump, "name=Grace", NULL));
	assert_ok(world_import(store, 3, 1, (UINT64_C(1) << 53) - 1, "name=Alan", NULL));
	expect_envelope(store, 3, 1, (UINT64_C(1) << 53) - 1, "name=Alan");
	kith_store_close(store);
}

static void another_card_stays_beside(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;
	struct world_card pocket;

	assert_ok(world_import(store, 2, 1, 3, "name=Grace", &what));
	assert_ok(world_import(store, 2, 2, 9, "name=Grace at work", &what));
	assert_int_equal(what, KITH_IMPORT_BESIDE);
	expect_envelope(store, 2, 1, 3, "name=Grace");
	world_pocket(&pocket, 2, 1, 7, "name=G");
	assert_ok(
		kith_store_import(store, &pocket.card, kith_buf_span(&pocket.envelope), 0, &what));
	assert_int_equal(what, KITH_IMPORT_BESIDE);
	world_card_free(&pocket);
	expect_envelope(store, 2, 1, 3, "name=Grace");
	assert_ok(world_import(store, 2, 1, 5, "name=Grace 5", &what));
	assert_int_equal(what, KITH_IMPORT_UPDATED);
	kith_store_close(store);
}

static void pocket_then_full(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;
	struct world_card pocket;

	world_pocket(&pocket, 2, 1, 7, "name=G");
	assert_ok(
		kith_store_import(store, &pocket.card, kith_buf_span(&pocket.envelope), 0, &what));
	assert_int_equal(what, KITH_IMPORT_NEW);
	assert_ok(world_import(store, 2, 2, 9, "name=Grace at work", &what));
	assert_int_equal(what, KITH_IMPORT_BESIDE); /* full, but another card */
	assert_ok(world_import(store, 2, 1, 6, "name=Grace Hopper", &what));
	assert_int_equal(what, KITH_IMPORT_UPDATED); /* full goes before what is newer */
	expect_envelope(store, 2, 1, 6, "name=Grace Hopper");
	assert_ok(
		kith_store_import(store, &pocket.card, kith_buf_span(&pocket.envelope), 0, &what));
	assert_int_equal(what, KITH_IMPORT_SAME);
	expect_envelope(store, 2, 1, 6, "name=Grace Hopper");
	assert_ok(world_import(store, 2, 1, 8, "name=Grace", &what));
	assert_int_equal(what, KITH_IMPORT_UPDATED);
	expect_envelope(store, 2, 1, 8, "name=Grace");
	world_card_free(&pocket);
	kith_store_close(store);
}

static bool first_only(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	*(int *)ctx += 1;
	return false;
}

static void listed_by_folded_name(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char text[512] = "";
	int calls = 0;

	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, "");
	assert_ok(world_import(store, 2, 1, 1, "name=bob", NULL));
	assert_ok(world_import(store, 3, 1, 1, "name=Zo\xc3\xab", NULL));
	assert_ok(world_import(store, 4, 1, 1,
		"name=\xc3\x81"
		"da",
		NULL));
	assert_ok(world_import(store, 5, 1, 1, "name=Bob", NULL));
	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, "\xc3\x81"
				  "da|bob|Bob|Zo\xc3\xab");
	assert_ok(kith_store_each(store, first_only, &calls));
	assert_int_equal(calls, 1);
	kith_store_close(store);
}

static void nobody(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	uint8_t ik[32] = {0};
	struct kith_contact c = {0};

	assert_err(kith_store_contact(store, 1, &c), NOPERSON);
	assert_err(kith_store_contact_of(store, ik, &c), NOPERSON);
	assert_err(kith_store_forget(store, 1), NOPERSON);
	assert_null(c.memory);
	kith_store_close(store);
}

/* Whether the bytes stand anywhere in a file of the home. */
static void forgotten_without_a_trace(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(9, 2, "Grace", 1);
	struct kith_receipt r = world_receipt(9, 1);

	assert_ok(world_import(store, 2, 1, 1, "name=Grace\nnote=wombatwombat", NULL));
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_receipt(store, &r));
	assert_ok(world_import(store, 3, 1, 1, "name=Alan", NULL));
	struct kith_contact c = whole(store, 2);
	int64_t row = c.row;
	kith_contact_free(&c);
	assert_true(world_at_rest(*state, "wombatwombat"));
	assert_ok(kith_store_forget(store, row));
	assert_false(world_at_rest(*state, "wombatwombat"));
	assert_err(kith_store_forget(store, row), NOPERSON);
	/* her number is never somebody else's */
	assert_ok(world_import(store, 4, 1, 1, "name=Edsger", NULL));
	c = whole(store, 4);
	assert_true(c.row > row);
	kith_contact_free(&c);
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT (SELECT count(*) FROM card) * 1000 + (SELECT "
					      "count(*) FROM met) * 100 + (SELECT count(*) FROM "
					      "debt) * 10 + (SELECT count(*) FROM "
					      "receipt)"),
		2000);
	world_sound(*state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_words),
		TEST(from_a_file),
		TEST(newer_same_older_other),
		TEST(a_jump_too_far),
		TEST(another_card_stays_beside),
		TEST(pocket_then_full),
		TEST(listed_by_folded_name),
		TEST(nobody),
		TEST(forgotten_without_a_trace),
	};
	return cmocka_run_group_tests_name("store_people", tests, NULL, NULL);
}
