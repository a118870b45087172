/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#define UUID "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"

static void parse(const char *text, struct kith_fields *fields)
{
	*fields = (struct kith_fields){0};
	while (*text) {
		size_t n = strcspn(text, "\n");
		assert_ok(kith_field_parse(kith_span(text, n), &fields->at[fields->n++], NULL));
		text += n + (text[n] ? 1 : 0);
	}
}

static void expect(struct kith_store *store, const char *uid, const char *text, enum kith_match how,
	int64_t contact)
{
	struct kith_fields fields;
	enum kith_match match;
	int64_t whose, entry;

	parse(text, &fields);
	assert_ok(kith_store_match(store, kith_span_str(uid), &fields, &match, &whose, &entry));
	assert_int_equal(match, how);
	assert_int_equal(whose, contact);
	assert_int_equal(entry != 0, how == KITH_MATCH_UID || how == KITH_MATCH_NAME);
}

static void by_uid(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t ada = world_entry(store, 0, "20-odd@work", "name=Ada\nemail=ada@example.org");
	int64_t bob = world_entry(store, 0, UUID, "name=Bob");

	expect(store, "20-odd@work", "name=Somebody else", KITH_MATCH_UID, ada);
	expect(store, "20-ODD@work", "name=Somebody else", KITH_MATCH_NONE, 0);
	expect(store, "20-odd@wor", "name=Somebody else", KITH_MATCH_NONE, 0);
	expect(store, UUID, "", KITH_MATCH_UID, bob);
	expect(store, "4FBE8971-0BC3-424C-9C26-36C3E1EFF6B1", "", KITH_MATCH_UID, bob);
	expect(store, "4fbe8971-0bc3-424c-9c26-36c3e1eff6b2", "", KITH_MATCH_NONE, 0);
	/* the UID says more than the name */
	expect(store, UUID, "name=Ada\nemail=ada@example.org", KITH_MATCH_UID, bob);
	expect(store, "new", "name=Ada\nemail=ada@example.org", KITH_MATCH_NAME, ada);
	kith_store_close(store);
}

static void by_the_id_of_a_key(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char uid[KITH_UID_CHARS + 1];
	uint8_t ik[32];
	uint8_t xk[32];

	assert_ok(world_import(store, 2, 1, 1, "name=Grace\nemail=grace@example.org", NULL));
	world_keys(2, ik, xk);
	kith_uid_text(ik, uid);
	expect(store, uid, "name=Grace", KITH_MATCH_SIGNED, 1);
	/* a signed card is no entry */
	expect(store, "other", "name=Grace\nemail=grace@example.org", KITH_MATCH_NONE, 0);
	kith_store_close(store);
}

static void by_name_and_one_address(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t zoe = world_entry(store, 0, "1",
		"email=office@example.org\ntel=+44 20 7946 0000\nname=Zo\xc3\xab "
		"Quinn\nemail=Zoe@Example.org\ntel=123");

	expect(store, "2", "name=ZOE  quinn\nemail=zo\xc3\xab@example.org", KITH_MATCH_NAME, zoe);
	expect(store, "", "name=Zoe Quinn\ntel=(+44) 20-7946.0000", KITH_MATCH_NAME, zoe);
	expect(store, "2", "name=Zoe Quinn\nemail=a@b\nemail=OFFICE@example.org", KITH_MATCH_NAME,
		zoe);
	expect(store, "2", "name=Zoe Quinn", KITH_MATCH_NONE, 0);
	expect(store, "2", "email=zoe@example.org", KITH_MATCH_NONE, 0);
	expect(store, "2", "name=Zoe Quin\nemail=zoe@example.org", KITH_MATCH_NONE, 0);
	expect(store, "2", "name=Zoe Quinn\nemail=zoe@example.net", KITH_MATCH_NONE, 0);
	expect(store, "2", "name=Zoe Quinn\ntel=123", KITH_MATCH_NONE, 0); /* an extension */
	expect(store, "2", "name=Zoe Quinn\nurl=office@example.org", KITH_MATCH_NONE, 0);
	kith_store_close(store);
}

static void the_first_of_several(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t first = world_entry(store, 0, "1", "name=Ada\nemail=a@b.c");

	(void)world_entry(store, 0, "2", "name=Ada\nemail=a@b.c\ntel=999 000 111");
	expect(store, "3", "name=Ada\ntel=999000111\nemail=a@b.c", KITH_MATCH_NAME, first);
	kith_store_close(store);
}

static void what_was_changed_is_found_as_it_is(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry entry = {0};

	assert_ok(world_entry_put(store, &entry, "1", "name=Ada\nemail=a@b.c", NULL));
	assert_ok(world_entry_put(store, &entry, "9", "name=Ada\nemail=a@b.d", NULL));
	expect(store, "1", "name=Ada\nemail=a@b.c", KITH_MATCH_NONE, 0);
	expect(store, "9", "", KITH_MATCH_UID, entry.contact);
	expect(store, "1", "name=Ada\nemail=a@b.d", KITH_MATCH_NAME, entry.contact);
	assert_ok(kith_store_entry_remove(store, entry.row));
	expect(store, "9", "name=Ada\nemail=a@b.d", KITH_MATCH_NONE, 0);
	kith_store_close(store);
}

/* Every look is a look into an index, however long the list. */
static void by_index_alone(void **state)
{
	static const char *const looks[] = {
		"SELECT row, contact FROM entry WHERE uuid = x'00'",
		"SELECT row FROM contact WHERE uuid = x'00' AND ik IS NOT NULL",
		"SELECT contact, entry FROM field WHERE same = 7 ORDER BY entry LIMIT 1",
	};
	char sql[512];

	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
		(void)snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", looks[i]);
		sqlite3 *db;
		sqlite3_stmt *stmt;
		assert_int_equal(sqlite3_open(world_path(*state, "kith.db"), &db), SQLITE_OK);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *says = (const char *)sqlite3_column_text(stmt, 3);
			if (!strstr(says, "USING") || !strstr(says, "SEARCH"))
				fail_msg("%s: %s", looks[i], says);
		}
		(void)sqlite3_finalize(stmt);
		(void)sqlite3_close(db);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_uid),
		TEST(by_the_id_of_a_key),
		TEST(by_name_and_one_address),
		TEST(the_first_of_several),
		TEST(what_was_changed_is_found_as_it_is),
		TEST(by_index_alone),
	};
	return cmocka_run_group_tests_name("store_match", tests, NULL, NULL);
}
