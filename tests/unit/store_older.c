/* SPDX-License-Identifier: MIT */
#include "store_former.h"

#include <signal.h>

static void nothing_is_lost(void **state)
{
	for (int version = 1; version <= 4; version++) {
		former_make(*state, version);
		former_check(*state);
		assert_int_equal(world_number(*state, "SELECT count(*) FROM failed"), version > 1);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
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
		TEST(a_reader_asks_for_a_writer),
		TEST(by_several_at_once),
		TEST(cut_in_the_middle),
		TEST(damaged_before),
	};
	return cmocka_run_group_tests_name("store_older", tests, NULL, NULL);
}
