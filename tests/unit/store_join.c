/* SPDX-License-Identifier: MIT */
#include "store_world.h"

static int64_t keyed(struct kith_store *store, uint8_t seed, const char *text)
{
	struct kith_contact c = {0};
	uint8_t ik[32];
	uint8_t xk[32];

	assert_ok(world_import(store, seed, 1, 1, text, NULL));
	world_keys(seed, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &c));
	int64_t row = c.row;
	kith_contact_free(&c);
	return row;
}

static void expect_who(struct kith_store *store, const char *who, const char *names)
{
	char text[512] = "";

	enum kith_err err = kith_store_who(store, kith_span_str(who), world_names, text);
	assert_string_equal(kith_err_name(err), *names ? "ok" : "NOPERSON");
	assert_string_equal(text, names);
}

static void expect_find(struct kith_store *store, const char *words, const char *names)
{
	char text[512] = "";

	assert_ok(kith_store_find(store, kith_span_str(words), world_names, text));
	assert_string_equal(text, names);
}

static bool add_uid(void *text, const struct kith_entry *entry)
{
	size_t n = strlen(text);

	(void)snprintf((char *)text + n, 512 - n, "%s%.*s%s", n ? "|" : "", (int)entry->uid.n,
		(const char *)entry->uid.p, entry->joined ? "+" : "");
	return true;
}

static void expect_entries(struct kith_store *store, int64_t contact, const char *uids)
{
	struct kith_contact c = {0};
	char text[512] = "";
	size_t n = *uids ? 1 : 0;

	for (const char *p = uids; *p; p++)
		n += *p == '|';
	assert_ok(kith_store_entries(store, contact, add_uid, text));
	assert_string_equal(text, uids);
	assert_ok(kith_store_contact(store, contact, &c));
	assert_int_equal(c.entries, n);
	kith_contact_free(&c);
}

static void to_a_swapped_person_and_back(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t grace = keyed(store, 2, "name=Grace Hopper\nemail=grace@navy.example");
	int64_t typed = world_entry(store, 0, "cafe1234-0000-4000-8000-000000000001",
		"name=Amazing G\nemail=g@home.example\norg=Univac\nnote=wombat");
	int64_t before = world_number(*state, "SELECT count(*) FROM contact");
	struct kith_contact c = {0};

	assert_int_equal(before, 2);
	assert_ok(kith_store_join(store, grace, typed));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 1);
	assert_err(kith_store_contact(store, typed, &c), NOPERSON);
	expect_entries(store, grace, "cafe1234-0000-4000-8000-000000000001+");
	/* her own name stays; what I wrote is found, by all that it was found by */
	expect_who(store, "g@home.example", "Grace Hopper");
	expect_who(store, "amazing g", "Grace Hopper");
	expect_who(store, "amaz", "Grace Hopper");
	expect_who(store, "cafe", "Grace Hopper");
	expect_who(store, "CAFE1234-0000", "Grace Hopper");
	expect_find(store, "wombat", "Grace Hopper");
	expect_find(store, "amazing", "Grace Hopper");
	assert_ok(kith_store_contact(store, grace, &c));
	assert_true(c.has_key);
	assert_int_equal(c.state, KITH_CONTACT_COMPLETE);
	assert_true(kith_span_eq(c.org, kith_span_str("Univac"))); /* her card has none */
	kith_contact_free(&c);

	assert_ok(kith_store_unjoin(store, grace));
	expect_entries(store, grace, "");
	expect_entries(store, typed, "cafe1234-0000-4000-8000-000000000001");
	expect_who(store, "amazing g", "Amazing G");
	expect_who(store, "g@home.example", "Amazing G");
	expect_who(store, "cafe", "Amazing G");
	expect_find(store, "wombat", "Amazing G");
	assert_ok(kith_store_contact(store, typed, &c));
	assert_false(c.has_key);
	assert_int_equal(c.added, 1700000002);
	assert_string_equal(c.uid, "cafe1234-0000-4000-8000-000000000001");
	kith_contact_free(&c);
	assert_ok(kith_store_contact(store, grace, &c));
	assert_int_equal(c.org.n, 0);
	kith_contact_free(&c);
	kith_store_close(store);
	world_sound(*state);
}

static void several_and_own_ones(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t a = world_entry(store, 0, "a", "name=A");
	int64_t b = world_entry(store, 0, "b", "name=B");
	int64_t grace = keyed(store, 2, "name=Grace");

	assert_int_equal(world_entry(store, b, "b2", "name=B too"), b);
	assert_ok(kith_store_join(store, b, a)); /* two typed ones */
	expect_entries(store, b, "b|b2|a+");
	assert_ok(kith_store_join(store, grace, b));
	assert_int_equal(world_entry(store, grace, "own", "note=mine"), grace);
	expect_entries(store, grace, "own|a+|b+|b2+");
	assert_ok(kith_store_unjoin(store, grace));
	expect_entries(store, grace, "own");
	expect_entries(store, a, "a");
	expect_entries(store, b, "b|b2");
	kith_store_close(store);
	world_sound(*state);
}

static void refused(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t typed = world_entry(store, 0, "a", "name=A");
	int64_t grace = keyed(store, 2, "name=Grace");

	assert_err(kith_store_join(store, typed, grace), VALUE);
	assert_err(kith_store_join(store, typed, typed), VALUE);
	assert_err(kith_store_join(store, 99, typed), NOPERSON);
	assert_err(kith_store_join(store, grace, 99), NOPERSON);
	assert_err(kith_store_unjoin(store, grace), VALUE);
	assert_err(kith_store_unjoin(store, 99), NOPERSON);
	expect_entries(store, typed, "a");
	kith_store_close(store);
}

/* Who has nothing left of his own does not stay as an empty row. */
static void nothing_left_of_his_own(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t a = world_entry(store, 0, "a", "name=A");
	struct kith_entry b = {0};
	struct kith_contact c = {0};

	assert_ok(world_entry_put(store, &b, "b", "name=B", NULL));
	assert_ok(kith_store_join(store, b.contact, a));
	assert_ok(kith_store_entry_remove(store, b.row));
	expect_who(store, "a", "A");
	assert_ok(kith_store_unjoin(store, b.contact));
	assert_err(kith_store_contact(store, b.contact, &c), NOPERSON);
	expect_entries(store, a, "a");
	kith_store_close(store);
	world_sound(*state);
}

static void forgotten_with_what_was_joined(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t grace = keyed(store, 2, "name=Grace");

	assert_ok(kith_store_join(store, grace, world_entry(store, 0, "a", "name=A")));
	assert_ok(kith_store_forget(store, grace));
	assert_int_equal(
		world_number(*state, "SELECT (SELECT count(*) FROM entry) + (SELECT "
				     "count(*) FROM field) + (SELECT count(*) FROM search)"),
		0);
	(void)world_entry(store, 0, "a", "name=A"); /* the id is free again */
	kith_store_close(store);
	world_sound(*state);
}

/* The codes differed: the key goes, and nothing that I wrote goes with it. */
static void a_mismatch_gives_back(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(9, 2, "Grace", 1);
	int64_t typed = world_entry(store, 0, "a", "name=A");
	struct kith_contact c = {0};

	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_contact_of(store, m.ik, &c));
	int64_t grace = c.row;
	kith_contact_free(&c);
	assert_ok(kith_store_join(store, grace, typed));
	assert_ok(kith_store_mismatch(store, m.session));
	assert_err(kith_store_contact_of(store, m.ik, &c), NOPERSON);
	assert_err(kith_store_contact(store, grace, &c), NOPERSON);
	expect_entries(store, typed, "a");

	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_contact_of(store, m.ik, &c));
	grace = c.row;
	kith_contact_free(&c);
	(void)world_entry(store, grace, "own", "note=hers");
	assert_ok(kith_store_mismatch(store, m.session));
	assert_err(kith_store_contact_of(store, m.ik, &c), NOPERSON);
	assert_ok(kith_store_contact(store, grace, &c));
	assert_int_equal(c.state, KITH_CONTACT_TYPED);
	kith_contact_free(&c);
	expect_entries(store, grace, "own");
	kith_store_close(store);
	world_sound(*state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(to_a_swapped_person_and_back),
		TEST(several_and_own_ones),
		TEST(refused),
		TEST(nothing_left_of_his_own),
		TEST(forgotten_with_what_was_joined),
		TEST(a_mismatch_gives_back),
	};
	return cmocka_run_group_tests_name("store_join", tests, NULL, NULL);
}
