/* SPDX-License-Identifier: MIT */
#include "store_former.h"

#include <signal.h>

#include "store/fields.h"

static void nothing_is_lost(void **state)
{
	for (int version = 1; version <= 4; version++) {
		former_make(*state, version);
		former_check(*state);
		assert_int_equal(world_number(*state, "SELECT count(*) FROM failed"), version > 1);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
}

/* Until version 4 "ø" was no "o": what is compared and stood there by then is found as it is folded now. */
static void letters_are_folded_anew(void **state)
{
	const struct kith_field email = {
		.kind = KITH_FIELD_EMAIL, .parts = 1, .part = {kith_span_str("S@x.org")}};
	int64_t same;

	former_make(*state, 4);
	world_sql(*state, "INSERT INTO entry (row, contact, uuid, uid, imported, added, at, alias, "
			  "words, vcard) VALUES (9, 2, zeroblob(16), 'u', 1, 1, 1, 'søren kø', '', "
			  "CAST('BEGIN:VCARD' || char(13, 10) || 'VERSION:3.0' || char(13, 10) || "
			  "'FN:Søren Kø' || char(13, 10) || 'END:VCARD' || char(13, 10) AS BLOB))");
	world_sql(*state,
		"INSERT INTO field VALUES (2, 9, 0, 1, '', 0, 'Søren Kø', NULL, NULL), (2, 9, 1, "
		"20, '', 0, 'S@x.org', 's@x.org', 77)");
	world_sql(*state, "UPDATE my_card SET name = 'Grød', fold = 'grød'");
	kith_store_close(world_open(*state, KITH_STORE_USE));
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM my_card WHERE fold = 'grod'"), 1);
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM entry WHERE alias = 'soren ko'"), 1);
	assert_ok(kith_fields_same(kith_span_str("soren ko"), &email, &same));
	assert_int_equal(
		world_number(*state, "SELECT same FROM field WHERE kind = 20 AND entry = 9"), same);
}

static void a_reader_asks_for_a_writer(void **state)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	former_make(*state, 2);
	assert_err(kith_store_open(*state, KITH_STORE_READ, &store, &diag), STORE);
	assert_non_null(strstr(diag.text, "older kith"));
	assert_int_equal(world_number(*state, "PRAGMA user_version"), 2);
}

static int gate; /* children start when it ends */

static int open_it(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	char byte;

	(void)!read(gate, &byte, 1);
	enum kith_err err = kith_store_open(home, KITH_STORE_USE, &store, &diag);
	if (err)
		fprintf(stderr, "%s: %s\n", kith_err_name(err), diag.text);
	world_check(!err);
	kith_store_close(store);
	return 0;
}

enum { OPENERS = 4 };

static void by_several_at_once(void **state)
{
	for (int round = 0; round < 6; round++) {
		pid_t child[OPENERS];
		int ends[2];
		former_make(*state, 1 + round % 4);
		assert_int_equal(pipe(ends), 0);
		gate = ends[0];
		(void)fflush(NULL);
		for (int i = 0; i < OPENERS; i++)
			if ((child[i] = fork()) == 0) {
				(void)close(ends[1]);
				_exit(open_it(*state));
			}
		(void)close(ends[0]);
		(void)close(ends[1]);
		for (int i = 0; i < OPENERS; i++)
			assert_int_equal(world_wait(child[i]), 0);
		former_check(*state);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
}

#define OPERATIONS 120 /* of SQLite's machine, between two points */

static int points_left;

static int reach_point(void *unused)
{
	(void)unused;
	if (--points_left == 0)
		(void)raise(SIGKILL);
	return 0;
}

static int add_points(sqlite3 *db, char **said, const struct sqlite3_api_routines *api)
{
	(void)said;
	(void)api;
	sqlite3_progress_handler(db, OPERATIONS, reach_point, NULL);
	(void)sqlite3_commit_hook(db, reach_point, NULL);
	return SQLITE_OK;
}

static int open_until_killed(const char *home)
{
	struct kith_store *store = NULL;

	(void)sqlite3_auto_extension((void (*)(void))add_points);
	world_check(!kith_store_open(home, KITH_STORE_USE, &store, NULL));
	kith_store_close(store);
	return 0;
}

/* Killed at any point it is the old one, or one of a version between, and whole. */
static void cut_in_the_middle(void **state)
{
	int killed = 0;
	int code;

	for (;;) {
		former_make(*state, 1);
		points_left = killed + 1;
		code = world_child(open_until_killed, *state);
		if (code != 128 + SIGKILL)
			break;
		killed++;
		world_sound(*state);
		former_check(*state);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
	assert_int_equal(code, 0);
	former_check(*state);
	assert_in_range(killed, 10, 2000);
	printf("%d points\n", killed);
}

/* A card of nobody: what is damaged is left as it is, and said. */
static void damaged_before(void **state)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	former_make(*state, 2);
	world_sql(*state, "UPDATE card SET contact = 77 WHERE row = 3");
	assert_err(kith_store_open(*state, KITH_STORE_USE, &store, &diag), STORE_CORRUPT);
	assert_non_null(strstr(diag.text, "backup"));
	assert_int_equal(world_number(*state, "PRAGMA user_version"), 2);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM search"), 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_lost),
		TEST(letters_are_folded_anew),
		TEST(a_reader_asks_for_a_writer),
		TEST(by_several_at_once),
		TEST(cut_in_the_middle),
		TEST(damaged_before),
	};
	return cmocka_run_group_tests_name("store_older", tests, NULL, NULL);
}
