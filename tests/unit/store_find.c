/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include "base/auto.h"

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

/* At the beginning of a word first; who has it inside one only when nobody else has it. */
static void beginnings_before_insides(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)world_entry(store, 0, "1", "name=Nevada Smith");
	(void)world_entry(store, 0, "2", "name=Bob\nnote=likes adamant things");
	(void)world_entry(store, 0, "3", "name=\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e");
	expect_find(store, "ada", "Bob");
	expect_find(store, "vad", "Nevada Smith");
	/* where words have no blanks between them, inside is as good as the beginning */
	(void)world_entry(
		store, 0, "4", "name=\xe5\xae\x89\xe8\x97\xa4\xe3\x83\xad\xe3\x82\xa4\xe3\x83\x89");
	(void)world_entry(store, 0, "5", "name=Zed\nnote=\xe3\x83\xad\xe3\x82\xa4\xe3\x83\x89 x");
	expect_find(store, "\xe3\x83\xad\xe3\x82\xa4\xe3\x83\x89",
		"Zed|\xe5\xae\x89\xe8\x97\xa4\xe3\x83\xad\xe3\x82\xa4\xe3\x83\x89");
	expect_find(store, "\xe5\xa4\xaa\xe9\x83\x8e",
		"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e");
	expect_find(store, "\xe5\xb1\xb1", "\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e");
	kith_store_close(store);
}

static void the_best_first(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)world_entry(store, 0, "1", "name=Aaron\nnote=knows ada and many other people");
	(void)world_entry(store, 0, "2", "name=Zed Ada");
	(void)world_entry(store, 0, "3", "name=Bert\nnote=ada");
	for (int i = 10; i < 30; i++) { /* of a word that half of them have nothing follows */
		char uid[8];
		(void)snprintf(uid, sizeof uid, "%d", i);
		(void)world_entry(store, 0, uid, "name=Somebody");
	}
	expect_find(store, "ada", "Zed Ada|Bert|Aaron");
	kith_store_close(store);
}

static void entries_with_all_their_text(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry e = {0};

	assert_ok(world_entry_put(store, &e, "1",
		"name=Zo\xc3\xab\nadr=1 High St;London;;N1;UK\ntel=+44 (20) 7946-0000",
		"MATRIX @zoe:example.org\nStra\xc3\x9f"
		"e"));
	expect_find(store, "zoe london", "Zo\xc3\xab");
	expect_find(store, "@zoe:example", "Zo\xc3\xab");
	expect_find(store, "strasse", "Zo\xc3\xab");
	expect_find(store, "4420794", "Zo\xc3\xab");
	expect_find(store, "7946-0", "Zo\xc3\xab");
	expect_find(store, "zoe:example:org", "");
	kith_store_close(store);
}

/* However it is put together, it is words and never a query. */
static void long_and_odd_words(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	KITH_AUTO(kith_buf_free) struct kith_buf many = {0};
	char text[512] = "";

	(void)world_entry(store, 0, "1", "name=Ada\nnote=NEAR AND OR NOT ^ - + ( ) { } : \"x\" '");
	expect_find(store, "near and or not", "Ada");
	expect_find(store, "NEAR(ada", "");
	expect_find(store, "name:ada", "");
	expect_find(store, "^ - + ( ) { } :", "Ada");
	expect_find(store, "\"x\" '", "Ada");
	expect_find(store, "\"", "Ada");
	expect_find(store, "\"\" ada", "");
	for (int i = 0; i < 5000; i++)
		assert_ok(kith_buf_printf(&many, "ada%s ", i % 2 ? "" : "\""));
	assert_ok(kith_store_find(store, kith_buf_span(&many), world_names, text));
	assert_string_equal(text, "");
	kith_buf_clear(&many);
	for (int i = 0; i < 5000; i++)
		assert_ok(kith_buf_add_str(&many, "ada "));
	assert_ok(kith_store_find(store, kith_buf_span(&many), world_names, text));
	assert_string_equal(text, "Ada");
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

static void by_uuid(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const char *id = "dead0123-4567-489a-9abc-def012345678";
	char part[40];
	char uid[KITH_UID_CHARS + 1];
	uint8_t ik[32];
	uint8_t xk[32];

	fill(store);
	(void)world_entry(store, 0, "DEAD0123-4567-489A-9ABC-DEF012345678", "name=Typed");
	for (int n = 4; n <= KITH_UID_CHARS; n++) {
		(void)snprintf(part, sizeof part, "%.*s", n, id);
		expect_who(store, part, "ok", "Typed");
	}
	expect_who(store, "DEAD0123-45", "ok", "Typed");
	expect_who(store, "dea", "NOPERSON", "");
	expect_who(store, "dead01234", "NOPERSON", ""); /* where a dash should be */
	expect_who(store, "dead0123-4567-489a-9abc-def0123456789", "NOPERSON", "");
	world_keys(3, ik, xk);
	kith_uid_text(ik, uid);
	uid[9] = 0;
	expect_who(store, uid, "ok", "Adam Smith");
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
		TEST(beginnings_before_insides),
		TEST(the_best_first),
		TEST(entries_with_all_their_text),
		TEST(long_and_odd_words),
		TEST(old_fields_are_not_found),
		TEST(who_is_meant),
		TEST(the_first_kind_counts),
		TEST(by_id),
		TEST(by_uuid),
		TEST(ambiguous_even_when_stopped),
		TEST(reading_inside_a_list),
	};
	return cmocka_run_group_tests_name("store_find", tests, NULL, NULL);
}
