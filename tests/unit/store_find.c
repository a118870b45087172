/* SPDX-License-Identifier: MIT */
#include "store_world.h"

static void fill(struct kith_store *store)
{
	struct kith_meeting m = world_meeting(9, 5, "Pending Pam", 1);

	assert_ok(world_import(store, 2, 1, 1,
		"name=Ada Lovelace\nemail.home=Ada@Example.org\nnote=50% off_season \"engines\"",
		NULL));
	assert_ok(world_import(store, 3, 1, 1,
		"name=Adam Smith\norg=Universit\xc3\xa4t Z\xc3\xbcrich\nadr.home=1 High "
		"St;London;;N1;UK",
		NULL));
	assert_ok(world_import(
		store, 4, 1, 1, "name=\xc3\x89mile Zola\nemail=emile@example.org", NULL));
	assert_ok(kith_store_confirm(store, &m));
}

static void expect_find(struct kith_store *store, const char *words, const char *names)
{
	char text[512] = "";

	assert_ok(kith_store_find(store, kith_span_str(words), world_names, text));
	assert_string_equal(text, names);
}

static void words_anywhere(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	expect_find(store, "ada", "Ada Lovelace|Adam Smith");
	expect_find(store, "  LOVE  engine ", "Ada Lovelace");
	expect_find(store, "ada zurich", "Adam Smith"); /* in two fields */
	expect_find(store, "emile zola", "\xc3\x89mile Zola");
	expect_find(store, "london", "Adam Smith");
	expect_find(store, "cafe meet", "Pending Pam"); /* the event */
	expect_find(store, "pam", "Pending Pam");       /* a label, no card yet */
	expect_find(store, "ada nobody", "");
	expect_find(store, "smith1", ""); /* a word does not run on into the next field */
	expect_find(store, "", "Ada Lovelace|Adam Smith|\xc3\x89mile Zola|Pending Pam");
	kith_store_close(store);
}

static void no_pattern_letters(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	expect_find(store, "50%", "Ada Lovelace");
	expect_find(store, "%", "Ada Lovelace");
	expect_find(store, "off_season", "Ada Lovelace");
	expect_find(store, "_", "Ada Lovelace");
	expect_find(store, "a%e", "");
	expect_find(store, "a*", "");
	expect_find(store, "\"engines\"", "Ada Lovelace");
	expect_find(store, "' OR 1 --", "");
	expect_find(store, "\xff\xfe", "Ada Lovelace|Adam Smith|\xc3\x89mile Zola|Pending Pam");
	kith_store_close(store);
}

static void old_fields_are_not_found(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, 2, 1, 1, "name=Ada\norg=Analytical", NULL));
	assert_ok(world_import(store, 2, 1, 2, "name=Ada\norg=Difference", NULL));
	expect_find(store, "analytical", "");
	expect_find(store, "difference", "Ada");
	kith_store_close(store);
}

static void expect_who(
	struct kith_store *store, const char *who, const char *result, const char *names)
{
	char text[512] = "";
	enum kith_err err = kith_store_who(store, kith_span_str(who), world_names, text);

	assert_string_equal(kith_err_name(err), result);
	assert_string_equal(text, names);
}

static void who_is_meant(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	fill(store);
	expect_who(store, "ada lovelace", "ok", "Ada Lovelace");
	expect_who(store, "EMILE ZOLA", "ok", "\xc3\x89mile Zola");
	expect_who(store, "ada@example.ORG", "ok", "Ada Lovelace");
	expect_who(store, "ada", "AMBIGUOUS", "Ada Lovelace|Adam Smith");
	expect_who(store, "adam", "ok", "Adam Smith");
	expect_who(store, "ada l", "ok", "Ada Lovelace");
	expect_who(store, "zol", "ok", "\xc3\x89mile Zola"); /* a word in the name */
	expect_who(store, "ove", "NOPERSON", "");            /* not the beginning of one */
	expect_who(store, "@example.org", "NOPERSON", "");
	expect_who(store, "", "NOPERSON", "");
	expect_who(store, "  ", "NOPERSON", "");
	expect_who(store, "a%", "NOPERSON", "");
	expect_who(store, "pending pam", "ok", "Pending Pam");
	kith_store_close(store);
}

static void the_first_kind_counts(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	assert_ok(world_import(store, 3, 1, 1, "name=Ada Byron\nemail=ada", NULL));
	expect_who(store, "ada", "ok", "Ada"); /* the exact name, not the longer one */
	assert_ok(world_import(store, 4, 1, 1, "name=ada", NULL));
	expect_who(store, "ada", "AMBIGUOUS", "Ada|ada");
	kith_store_close(store);
}

static void by_id(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	uint8_t ik[32];
	uint8_t xk[32];
	char id[KITH_ID_CHARS + 1];
	char part[KITH_ID_CHARS + 2];

	fill(store);
	world_keys(3, ik, xk);
	kith_id_text(ik, id);
	for (int n = 4; n <= KITH_ID_CHARS; n++) {
		(void)snprintf(part, sizeof part, "%.*s", n, id);
		expect_who(store, part, "ok", "Adam Smith");
	}
	for (char *p = part; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	expect_who(store, part, "ok", "Adam Smith");
	(void)snprintf(part, sizeof part, "%.3s", id);
	expect_who(store, part, "NOPERSON", ""); /* too short */
	(void)snprintf(part, sizeof part, "%sA", id);
	expect_who(store, part, "NOPERSON", ""); /* too long */
	(void)snprintf(part, sizeof part, "%.9s1", id);
	expect_who(store, part, "NOPERSON", ""); /* not base32 */
	(void)snprintf(part, sizeof part, "%.10s", id);
	part[9] = part[9] == 'A' ? 'B' : 'A';
	expect_who(store, part, "NOPERSON", "");
	kith_store_close(store);
}

static bool stop(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	*(int *)ctx += 1;
	return false;
}

/* Stopping early must not make an ambiguous WHO look like one person. */
static void ambiguous_even_when_stopped(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int calls = 0;

	fill(store);
	assert_err(kith_store_who(store, kith_span_str("ada"), stop, &calls), AMBIGUOUS);
	assert_int_equal(calls, 1);
	kith_store_close(store);
}

struct nested {
	struct kith_store *store;
	int envelopes;
};

static bool look_closer(void *ctx, const struct kith_contact *contact)
{
	struct nested *n = ctx;
	struct kith_contact c;
	char text[512] = "";

	assert_ok(kith_store_contact(n->store, contact->row, &c));
	n->envelopes += c.envelope.n > 0;
	kith_contact_free(&c);
	/* the statement that is running cannot be used a second time, and says so */
	assert_err(kith_store_each(n->store, world_names, text), INTERNAL);
	return true;
}

static void reading_inside_a_list(void **state)
{
	struct nested n = {.store = world_open(*state, KITH_STORE_WRITE)};

	fill(n.store);
	assert_ok(kith_store_each(n.store, look_closer, &n));
	assert_int_equal(n.envelopes, 3);
	kith_store_close(n.store);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_anywhere),
		TEST(no_pattern_letters),
		TEST(old_fields_are_not_found),
		TEST(who_is_meant),
		TEST(the_first_kind_counts),
		TEST(by_id),
		TEST(ambiguous_even_when_stopped),
		TEST(reading_inside_a_list),
	};
	return cmocka_run_group_tests_name("store_find", tests, NULL, NULL);
}
