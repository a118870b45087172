/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

static mode_t mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

/* Opening fails like that, says where, and leaves the file as it is. */
static void refused(
	const char *home, enum kith_store_mode mode, const char *error, const char *says)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	enum kith_err err = kith_store_open(home, mode, &store, &diag);

	assert_string_equal(kith_err_name(err), error);
	assert_null(store);
	if (!strstr(diag.text, says))
		fail_msg("\"%s\" does not say \"%s\"", diag.text, says);
	assert_int_equal(kith_store_open(home, mode, &store, NULL), err);
}

/* The same in both modes, and not a byte of the file changes. */
static void refused_untouched(const char *home, const char *error, const char *says)
{
	struct kith_buf before = {0};
	struct kith_buf after = {0};

	world_read(world_path(home, "kith.db"), &before);
	refused(home, KITH_STORE_WRITE, error, says);
	refused(home, KITH_STORE_READ, error, says);
	world_read(world_path(home, "kith.db"), &after);
	assert_true(kith_span_eq(kith_buf_span(&before), kith_buf_span(&after)));
	kith_buf_free(&before);
	kith_buf_free(&after);
}

static void new_and_again(void **state)
{
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	kith_store_close(world_open(*state, KITH_STORE_READ));
	kith_store_close(NULL);
	assert_int_equal(world_number(*state, "PRAGMA application_id"), 0x4B495448);
	assert_int_equal(world_number(*state, "PRAGMA user_version"), 5);
	assert_int_equal(
		world_number(*state, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	world_sound(*state);
}

static void missing(void **state)
{
	refused(*state, KITH_STORE_READ, "MISSING", "kith.db");
	assert_int_equal(mode_of(world_path(*state, "kith.db")), 0); /* a reader makes nothing */
	refused(world_path(*state, "nowhere"), KITH_STORE_READ, "MISSING", "nowhere");
	refused(world_path(*state, "nowhere"), KITH_STORE_WRITE, "MISSING", "nowhere");
}

static void private_whatever_the_umask(void **state)
{
	mode_t umasks[] = {0, 0777};

	for (size_t i = 0; i < 2; i++) {
		mode_t old = umask(umasks[i]);
		struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
		assert_ok(world_import(store, 2, 1, 1 + i, "name=Ada", NULL));
		assert_int_equal(mode_of(world_path(*state, "kith.db")), 0600);
		assert_int_equal(mode_of(world_path(*state, "kith.db-wal")), 0600);
		assert_int_equal(mode_of(world_path(*state, "kith.db-shm")), 0600);
		kith_store_close(store);
		(void)umask(old);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
}

static void open_to_others(void **state)
{
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	for (int bit = 0; bit < 6; bit++) {
		assert_int_equal(chmod(world_path(*state, "kith.db"), 0600 | 1u << bit), 0);
		refused_untouched(*state, "PERMISSION", "chmod 600");
	}
	assert_int_equal(chmod(world_path(*state, "kith.db"), 0600), 0);
	assert_int_equal(chmod(*state, 0750), 0);
	refused_untouched(*state, "PERMISSION", "chmod 700");
	assert_int_equal(chmod(*state, 0700), 0);
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
}

static void not_a_file(void **state)
{
	const char *db = world_path(*state, "kith.db");

	assert_int_equal(symlink("elsewhere.db", db), 0);
	refused(*state, KITH_STORE_WRITE, "PERMISSION", "regular file");
	refused(*state, KITH_STORE_READ, "PERMISSION", "regular file");
	assert_int_equal(
		mode_of(world_path(*state, "elsewhere.db")), 0); /* not made through the link */
	assert_int_equal(unlink(db), 0);
	assert_int_equal(mkfifo(db, 0600), 0);
	refused(*state, KITH_STORE_READ, "PERMISSION", "regular file");
	assert_int_equal(unlink(db), 0);
	assert_int_equal(mkdir(db, 0700), 0);
	refused(*state, KITH_STORE_WRITE, "PERMISSION", "regular file");
}

static void somebody_elses(void **state)
{
	if (geteuid() != 0) {
		printf("not root: files of other users are not tried\n");
		skip();
	}
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	assert_int_equal(chown(world_path(*state, "kith.db"), 65534, 65534), 0);
	refused_untouched(*state, "PERMISSION", "another user");
	assert_int_equal(chown(world_path(*state, "kith.db"), 0, 0), 0);
	assert_int_equal(chown(*state, 65534, 65534), 0);
	refused_untouched(*state, "PERMISSION", "another user");
}

static void home_behind_a_link(void **state)
{
	const char *real = world_path(*state, "real");
	const char *link = world_path(*state, "link");

	assert_int_equal(mkdir(real, 0700), 0);
	assert_int_equal(symlink(real, link), 0);
	kith_store_close(world_open(link, KITH_STORE_WRITE));
	assert_int_equal(mode_of(world_path(real, "kith.db")), 0600);
	kith_store_close(world_open(link, KITH_STORE_READ));
}

static void of_a_newer_kith(void **state)
{
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	world_sql(*state, "PRAGMA user_version = 6; CREATE TABLE later (x)");
	refused_untouched(*state, "STORE_NEWER", "newer kith");
	world_sql(*state, "PRAGMA user_version = -1");
	refused_untouched(*state, "STORE_NEWER", "newer kith");
}

/* What a newer kith leaves when it is killed: its last changes in the WAL alone. */
static int die_as_a_newer_kith(const char *home)
{
	sqlite3 *db;

	world_check(sqlite3_open(world_path(home, "kith.db"), &db) == SQLITE_OK);
	world_check(sqlite3_exec(db, "PRAGMA user_version = 6; CREATE TABLE later (x)", NULL, NULL,
			    NULL) == SQLITE_OK);
	return raise(SIGKILL);
}

static void of_a_newer_kith_that_crashed(void **state)
{
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	assert_int_equal(world_child(die_as_a_newer_kith, *state), 128 + SIGKILL);
	refused_untouched(*state, "STORE_NEWER", "newer kith");
	assert_int_equal(world_number(*state, "SELECT count(*) FROM later"), 0);
}

static void of_another_program(void **state)
{
	sqlite3 *db;

	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	world_sql(*state, "PRAGMA application_id = 7");
	refused_untouched(*state, "STORE", "another program");
	assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	assert_int_equal(sqlite3_open(world_path(*state, "kith.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(chmod(world_path(*state, "kith.db"), 0600), 0);
	refused_untouched(*state, "STORE", "another program");
}

static void overwrite(const char *home, off_t at, const void *bytes, size_t n)
{
	int fd = open(world_path(home, "kith.db"), O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	(void)close(fd);
}

static void empty_or_no_database(void **state)
{
	uint8_t noise[4096];

	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	memset(noise, 0xa5, sizeof noise);
	overwrite(*state, 0, noise, 16);
	refused_untouched(*state, "STORE_CORRUPT", "backup");
	assert_int_equal(truncate(world_path(*state, "kith.db"), 0), 0);
	refused_untouched(*state, "STORE_CORRUPT", "is empty");
}

static void damaged_schema(void **state)
{
	uint8_t noise[4096 - 100];

	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	memset(noise, 0xa5, sizeof noise);
	overwrite(*state, 100, noise, sizeof noise);
	refused_untouched(*state, "STORE_CORRUPT", "backup");
}

/* What an older kith would have left: the id and no tables. */
static void make_older(const char *home)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(world_path(home, "kith.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 0x4B495448", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(chmod(world_path(home, "kith.db"), 0600), 0);
}

static void brought_up_to_date(void **state)
{
	make_older(*state);
	refused(*state, KITH_STORE_READ, "STORE", "older kith");
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	kith_store_close(store);
	assert_int_equal(world_number(*state, "PRAGMA user_version"), 5);
	assert_int_equal(
		world_number(*state, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	kith_store_close(world_open(*state, KITH_STORE_READ));
	world_sound(*state);
}

static uint8_t own_seed; /* of a child */
static int gate;         /* children start when it ends */

static int open_and_import(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	char byte;

	(void)!read(gate, &byte, 1);
	enum kith_err err = kith_store_open(home, KITH_STORE_WRITE, &store, &diag);
	if (err)
		fprintf(stderr, "%s: %s\n", kith_err_name(err), diag.text);
	world_check(!err);
	world_check(!world_import(store, own_seed, 1, 1, "name=Ada", NULL));
	kith_store_close(store);
	return 0;
}

enum { OPENERS = 6 };

/* All open at the same moment: all succeed, and nothing of anybody's is lost. */
static void all_at_once(const char *home)
{
	pid_t child[OPENERS];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	gate = ends[0];
	(void)fflush(NULL);
	for (int i = 0; i < OPENERS; i++) {
		own_seed = (uint8_t)(10 + i);
		if ((child[i] = fork()) == 0) {
			(void)close(ends[1]);
			_exit(open_and_import(home));
		}
	}
	(void)close(ends[0]);
	(void)close(ends[1]);
	for (int i = 0; i < OPENERS; i++)
		assert_int_equal(world_wait(child[i]), 0);
	assert_int_equal(world_number(home, "SELECT count(*) FROM contact"), OPENERS);
	world_sound(home);
}

static void first_openers_at_once(void **state)
{
	for (int round = 0; round < 8; round++) {
		all_at_once(*state);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
}

static void migrators_at_once(void **state)
{
	for (int round = 0; round < 8; round++) {
		make_older(*state);
		all_at_once(*state);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	}
}

static void changes_of_others_are_seen(void **state)
{
	struct kith_store *mine = world_open(*state, KITH_STORE_WRITE);
	struct kith_store *other = world_open(*state, KITH_STORE_WRITE);

	assert_false(kith_store_changed(mine));
	assert_ok(world_import(mine, 2, 1, 1, "name=Ada", NULL));
	assert_false(kith_store_changed(mine)); /* my own */
	assert_true(kith_store_changed(other));
	assert_false(kith_store_changed(other));
	assert_ok(world_import(other, 3, 1, 1, "name=Alan", NULL));
	assert_true(kith_store_changed(mine));
	assert_false(kith_store_changed(mine));
	kith_store_close(mine);
	kith_store_close(other);
}

static void reader_beside_a_writer(void **state)
{
	struct kith_store *writer = world_open(*state, KITH_STORE_WRITE);
	struct kith_store *reader = world_open(*state, KITH_STORE_READ);
	char text[512] = "";

	assert_ok(world_import(writer, 2, 1, 1, "name=Ada", NULL));
	assert_ok(kith_store_each(reader, world_names, text));
	assert_string_equal(text, "Ada");
	assert_err(world_import(reader, 3, 1, 1, "name=Alan", NULL), STORE_READONLY);
	assert_non_null(strstr(kith_store_why(reader), "read-only"));
	kith_store_close(writer);
	kith_store_close(reader);
}

static int list_in(const char *home, const char *expected)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	char text[512] = "";

	enum kith_err err = kith_store_open(home, KITH_STORE_READ, &store, &diag);
	if (err)
		fprintf(stderr, "%s\n", diag.text);
	world_check(!err);
	world_check(!kith_store_each(store, world_names, text));
	world_check(strcmp(text, expected) == 0);
	world_check(!kith_store_changed(store));
	world_check(world_import(store, 3, 1, 1, "name=Alan", NULL) == KITH_ERR_STORE_READONLY);
	kith_store_close(store);
	return 0;
}

static bool make_readonly(const char *home)
{
	return world_own_mounts() && mount(home, home, NULL, MS_BIND, NULL) == 0 &&
	       mount(NULL, home, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0;
}

static int on_a_readonly_disk(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	if (!make_readonly(home))
		return WORLD_SKIP;
	if (list_in(home, "Ada"))
		return 1;
	world_check(
		kith_store_open(home, KITH_STORE_WRITE, &store, &diag) == KITH_ERR_STORE_READONLY);
	world_check(strstr(diag.text, "read-only"));
	return 0;
}

static int new_on_a_readonly_disk(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	if (!make_readonly(home))
		return WORLD_SKIP;
	world_check(
		kith_store_open(home, KITH_STORE_WRITE, &store, &diag) == KITH_ERR_STORE_READONLY);
	world_check(strstr(diag.text, "--home"));
	world_check(kith_store_open(home, KITH_STORE_READ, &store, &diag) == KITH_ERR_MISSING);
	return 0;
}

static void run_child(int (*fn)(const char *home), const char *home)
{
	int code = world_child(fn, home);

	if (code == WORLD_SKIP)
		skip();
	assert_int_equal(code, 0);
}

static void readonly_disk(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	kith_store_close(store);
	run_child(on_a_readonly_disk, *state);
}

/* The path becomes a URI on the way. */
static void readonly_disk_with_an_odd_name(void **state)
{
	char home[256];

	(void)snprintf(home, sizeof home, "%s/100%%41?mode=rwc&x#y \xc3\xa4", (const char *)*state);
	assert_int_equal(mkdir(home, 0700), 0);
	struct kith_store *store = world_open(home, KITH_STORE_WRITE);
	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	kith_store_close(store);
	run_child(on_a_readonly_disk, home);
}

static void readonly_disk_without_a_store(void **state)
{
	run_child(new_on_a_readonly_disk, *state);
}

static int die_with_a_full_wal(const char *home)
{
	struct kith_store *store = NULL;

	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, NULL));
	world_check(!world_import(store, 2, 1, 1, "name=Ada", NULL));
	return raise(SIGKILL);
}

/* The last change is still in the WAL of somebody who was killed: it is read, not passed over. */
static int with_a_wal_on_a_readonly_disk(const char *home)
{
	return make_readonly(home) ? list_in(home, "Ada") : WORLD_SKIP;
}

static int with_a_wal_alone(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	if (unlink(world_path(home, "kith.db-shm")) < 0 || !make_readonly(home))
		return WORLD_SKIP;
	/* without the index SQLite cannot read it here; a list without Ada would be a lie */
	world_check(kith_store_open(home, KITH_STORE_READ, &store, &diag) != KITH_OK);
	world_check(diag.text[0]);
	return 0;
}

static void readonly_disk_after_a_crash(void **state)
{
	assert_int_equal(world_child(die_with_a_full_wal, *state), 128 + SIGKILL);
	run_child(with_a_wal_on_a_readonly_disk, *state);
	run_child(with_a_wal_alone, *state);
	/* on a disk that can be written all is there */
	assert_int_equal(list_in(*state, "Ada"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_and_again),
		TEST(missing),
		TEST(private_whatever_the_umask),
		TEST(open_to_others),
		TEST(not_a_file),
		TEST(somebody_elses),
		TEST(home_behind_a_link),
		TEST(of_a_newer_kith),
		TEST(of_a_newer_kith_that_crashed),
		TEST(of_another_program),
		TEST(empty_or_no_database),
		TEST(damaged_schema),
		TEST(brought_up_to_date),
		TEST(first_openers_at_once),
		TEST(migrators_at_once),
		TEST(changes_of_others_are_seen),
		TEST(reader_beside_a_writer),
		TEST(readonly_disk),
		TEST(readonly_disk_with_an_odd_name),
		TEST(readonly_disk_without_a_store),
		TEST(readonly_disk_after_a_crash),
	};
	return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
