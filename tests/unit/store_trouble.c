/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void expect_list(const char *home, const char *expected)
{
	struct kith_store *store = world_open(home, KITH_STORE_READ);
	char text[512] = "";

	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, expected);
	kith_store_close(store);
}

/* --- several processes ------------------------------------------------------------------------ */

enum { WRITERS = 2, WRITES = 60 };

static int write_many(const char *home, int writer)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, &diag));
	for (int i = 0; i < WRITES; i++) {
		uint8_t seed = (uint8_t)(1 + writer * WRITES + i);
		struct kith_meeting m = world_meeting(seed, seed, "Ada", 1);
		world_check(!kith_store_confirm(store, &m));
		world_check(!world_import(store, 250, 1, 1, "name=Everybody", NULL));
	}
	kith_store_close(store);
	return 0;
}

static void two_writers(void **state)
{
	pid_t child[WRITERS];

	(void)fflush(NULL);
	for (int i = 0; i < WRITERS; i++)
		if ((child[i] = fork()) == 0)
			_exit(write_many(*state, i));
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(world_wait(child[i]), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met"), WRITERS * WRITES);
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM contact"), WRITERS * WRITES + 1);
	world_sound(*state);
}

static void locked_for_too_long(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char text[512] = "";
	sqlite3 *other;

	assert_int_equal(sqlite3_open(world_path(*state, "kith.db"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	double start = now();
	assert_err(world_import(store, 2, 1, 1, "name=Ada", NULL), STORE_LOCKED);
	double took = now() - start;
	assert_true(took > 4.5 && took < 10);
	assert_non_null(strstr(kith_store_why(store), "locked"));
	assert_ok(kith_store_each(store, world_names, text)); /* readers do not wait */
	assert_string_equal(text, "");
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	kith_store_close(store);
}

/* --- sudden death ----------------------------------------------------------------------------- */

static int points_left; /* changes of rows, and commits, until this process kills itself */

static int reach_point(void *unused)
{
	(void)unused;
	if (--points_left == 0)
		(void)raise(SIGKILL);
	return 0;
}

static void reach_row(void *unused, int what, const char *db, const char *table, sqlite3_int64 row)
{
	(void)what;
	(void)db;
	(void)table;
	(void)row;
	(void)reach_point(unused);
}

/* Every connection that the store opens in this process gets the hooks. */
static int add_hooks(sqlite3 *db, char **said, const struct sqlite3_api_routines *api)
{
	(void)said;
	(void)api;
	(void)sqlite3_update_hook(db, reach_row, NULL);
	(void)sqlite3_commit_hook(db, reach_point, NULL);
	return SQLITE_OK;
}

/* A swap from the first word to the last; each step may find that it was done before. */
static int whole_swap(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	struct kith_meeting m = world_meeting(1, 2, "Grace", 4);
	struct kith_receipt r = world_receipt(1, 4);
	struct world_card card;

	world_card(&card, 2, 1, 7, "name=Grace Hopper\nemail=grace@example.org\norg=Navy");
	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, &diag));
	world_check(!world_import(store, 3, 1, 1, "name=Alan", NULL));
	world_check(!kith_store_confirm(store, &m));
	world_check(!kith_store_confirmed(store, m.session, KITH_HOW_COMPARED));
	world_check(
		!kith_store_card(store, m.session, &card.card, kith_buf_span(&card.envelope), 5));
	world_check(!kith_store_receipt(store, &r));
	kith_store_close(store);
	world_card_free(&card);
	return 0;
}

static int swap_until_killed(const char *home)
{
	(void)sqlite3_auto_extension((void (*)(void))add_hooks);
	return whole_swap(home);
}

/* What table 3.9 of the design wants of one side: each step is there whole, or not at all. */
static void expect_whole_steps(const char *home)
{
	int64_t met = world_number(home, "SELECT count(*) FROM met");
	int64_t grace = world_number(home, "SELECT count(*) FROM contact WHERE fold LIKE 'grace%'");
	int64_t debt = world_number(home, "SELECT count(*) FROM debt");
	int64_t receipt = world_number(home, "SELECT count(*) FROM receipt");
	int64_t state =
		world_number(home, "SELECT coalesce((SELECT state FROM contact WHERE fold LIKE "
				   "'grace%'), 0)");

	assert_int_equal(met, grace);
	assert_int_equal(debt, met - receipt);
	assert_int_equal(state,
		world_number(home, "SELECT count(*) FROM card JOIN contact ON "
				   "contact.row = contact WHERE held AND name = 'Grace Hopper'"));
	assert_int_equal(world_number(home, "SELECT count(*) FROM contact"),
		world_number(home, "SELECT count(*) FROM search"));
}

static void killed_at_every_point(void **state)
{
	int killed = 0;
	int code;

	do {
		points_left = killed + 1;
		code = world_child(swap_until_killed, *state);
		if (code == 128 + SIGKILL) {
			killed++;
			if (access(world_path(*state, "kith.db"), F_OK) == 0) {
				world_sound(*state);
				expect_whole_steps(*state);
			}
		}
		if (code == 0)
			break;
		assert_int_equal(code, 128 + SIGKILL);
		/* who starts again ends where an undisturbed one ends */
		assert_int_equal(whole_swap(*state), 0);
		expect_list(*state, "Alan|Grace Hopper");
		assert_int_equal(
			world_number(*state, "SELECT state * 10 + delivered FROM contact WHERE "
					     "name = 'Grace Hopper'"),
			11);
		world_sound(*state);
		assert_int_equal(unlink(world_path(*state, "kith.db")), 0);
	} while (killed < 1000);
	assert_int_equal(code, 0);
	assert_in_range(killed, 30, 999); /* the hooks did fire */
	printf("%d points\n", killed);
}

static int progress; /* where a child tells that a change is durable */

static int import_until_killed(const char *home)
{
	struct kith_store *store = NULL;

	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, NULL));
	for (int i = 2; i < 250; i++) {
		world_check(!world_import(store, (uint8_t)i, 1, 1, "name=Ada", NULL));
		world_check(write(progress, "x", 1) == 1);
	}
	return 0;
}

/* Killed from outside at a moment that nobody chose: what was reported done is there. */
static void killed_at_any_moment(void **state)
{
	int ends[2];
	char byte;
	int seen = 0;

	assert_int_equal(pipe(ends), 0);
	progress = ends[1];
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		(void)close(ends[0]);
		_exit(import_until_killed(*state));
	}
	(void)close(ends[1]);
	while (seen < 100 && read(ends[0], &byte, 1) == 1)
		seen++;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(world_wait(child), 128 + SIGKILL);
	while (read(ends[0], &byte, 1) == 1)
		seen++;
	(void)close(ends[0]);
	int64_t there = world_number(*state, "SELECT count(*) FROM contact");
	assert_in_range(there, seen, seen + 1);
	world_sound(*state);
}

/* --- the disk --------------------------------------------------------------------------------- */

/* Cards of 8 KiB until the disk is full; everything that was said to be kept must be there. */
static int fill_the_disk(const char *home)
{
	char note[8 * 1024 + 64] = "name=Ada";
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;
	int kept = 0;

	if (!world_own_mounts() || mount("none", home, "tmpfs", 0, "size=2m,mode=0700") < 0) {
		printf("no tmpfs here: %s\n", strerror(errno));
		return WORLD_SKIP;
	}
	for (int i = 0; i < 8; i++) {
		strcat(note, "\nnote=");
		memset(note + strlen(note), 'a' + i, 1000);
	}
	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, &diag));
	for (int seed = 2; seed < 250 && !err; seed++)
		if (!(err = world_import(store, (uint8_t)seed, 1, 1, note, NULL)))
			kept++;
	world_check(err == KITH_ERR_STORE_FULL);
	world_check(strstr(kith_store_why(store), "full"));
	world_check(kept > 5);
	world_check(world_import(store, 250, 1, 1, note, NULL) == KITH_ERR_STORE_FULL);
	world_check(world_number(home, "SELECT count(*) FROM contact") == kept);
	world_sound(home);
	kith_store_close(store);
	/* room again, and the same change goes through */
	world_check(mount("none", home, "tmpfs", MS_REMOUNT, "size=5m,mode=0700") == 0);
	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, &diag));
	world_check(!world_import(store, 250, 1, 1, note, NULL));
	kith_store_close(store);
	world_check(world_number(home, "SELECT count(*) FROM contact") == kept + 1);
	return 0;
}

static int no_room_at_all(const char *home)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	if (!world_own_mounts() || mount("none", home, "tmpfs", 0, "size=16k,mode=0700") < 0) {
		printf("no tmpfs here: %s\n", strerror(errno));
		return WORLD_SKIP;
	}
	world_check(kith_store_open(home, KITH_STORE_WRITE, &store, &diag) == KITH_ERR_STORE_FULL);
	world_check(diag.text[0]);
	world_check(access(world_path(home, "kith.db"), F_OK) < 0); /* nothing half-made */
	return 0;
}

static void run_child(int (*fn)(const char *home), const char *home)
{
	int code = world_child(fn, home);

	if (code == WORLD_SKIP)
		skip();
	assert_int_equal(code, 0);
}

static void full_disk(void **state)
{
	run_child(fill_the_disk, *state);
}

static void full_disk_at_the_start(void **state)
{
	run_child(no_room_at_all, *state);
}

static int (*real_open)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);
static int (*real_sync)(sqlite3_file *, int);
static sqlite3_io_methods faulty[2]; /* of the store, of any other file */
static bool sync_fails;

static int faulty_sync(sqlite3_file *file, int flags)
{
	return sync_fails ? SQLITE_IOERR_FSYNC : real_sync(file, flags);
}

/* The real file, but for fsync. */
static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret)
{
	int code = real_open(vfs, name, file, flags, ret);

	if (code == SQLITE_OK) {
		sqlite3_io_methods *methods = &faulty[flags & SQLITE_OPEN_MAIN_DB ? 0 : 1];
		*methods = *file->pMethods;
		if (methods->xSync != faulty_sync)
			real_sync = methods->xSync;
		methods->xSync = faulty_sync;
		file->pMethods = methods;
	}
	return code;
}

static int import_on_a_faulty_disk(const char *home)
{
	static sqlite3_vfs vfs;
	struct kith_store *store = NULL;

	vfs = *sqlite3_vfs_find(NULL);
	vfs.zName = "faulty";
	real_open = vfs.xOpen;
	vfs.xOpen = faulty_open;
	world_check(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
	world_check(!kith_store_open(home, KITH_STORE_WRITE, &store, NULL));
	sync_fails = true;
	world_check(world_import(store, 2, 1, 1, "name=Ada", NULL) == KITH_ERR_STORE);
	world_check(strstr(kith_store_why(store), "kith.db"));
	world_check(world_number(home, "SELECT count(*) FROM contact") == 0);
	sync_fails = false;
	world_check(!world_import(store, 2, 1, 1, "name=Ada", NULL));
	kith_store_close(store);
	return 0;
}

/* What did not reach the disk is not reported as kept. */
static void sync_that_fails(void **state)
{
	assert_int_equal(world_child(import_on_a_faulty_disk, *state), 0);
	expect_list(*state, "Ada");
	world_sound(*state);
}

static void deleted_while_open(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	const char *db = world_path(*state, "kith.db");
	const char *away = world_path(*state, "away.db");

	assert_ok(world_import(store, 2, 1, 1, "name=Ada", NULL));
	assert_int_equal(rename(db, away), 0);
	assert_err(world_import(store, 3, 1, 1, "name=Alan", NULL), STORE);
	assert_non_null(strstr(kith_store_why(store), "moved or deleted"));
	assert_int_equal(rename(away, db), 0);
	assert_ok(world_import(store, 3, 1, 1, "name=Alan", NULL)); /* put back: goes on */
	kith_store_close(store);
	expect_list(*state, "Ada|Alan");
}

static void fill(struct kith_store *store)
{
	char text[2000] = "name=Ada\nnote=";

	memset(text + strlen(text), 'n', 1000);
	for (int seed = 2; seed < 60; seed++)
		assert_ok(world_import(store, (uint8_t)seed, 1, 1, text, NULL));
}

static bool count(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	*(int *)ctx += 1;
	return true;
}

/* Reads and writes all there is; the first error. */
static enum kith_err use(struct kith_store *store)
{
	struct kith_contact c;
	int n = 0;
	enum kith_err err = kith_store_each(store, count, &n);

	if (!err)
		err = kith_store_find(store, kith_span_str("nnn"), count, &n);
	for (int64_t row = 1; !err && row < 59; row++)
		if (!(err = kith_store_contact(store, row, &c)))
			kith_contact_free(&c);
	return err == KITH_ERR_NOPERSON ? KITH_OK : err;
}

/* One page of noise after the other, in a copy each: kith says so, does not crash, and a reader
 * changes nothing. */
static void damaged_pages(void **state)
{
	const char *db = world_path(*state, "kith.db");
	struct kith_buf good = {0};
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int found = 0;

	fill(store);
	kith_store_close(store);
	world_read(db, &good);
	for (size_t at = 0; at < good.n; at += 4096) {
		struct kith_buf bad = {0};
		struct kith_buf after = {0};
		struct kith_diag diag = {0};
		assert_ok(kith_buf_add(&bad, good.p, good.n));
		for (size_t i = 0; i < 4096; i++)
			bad.p[at + i] = (uint8_t)((i * 131 + at / 4096 * 7) >> 3);
		int fd = open(db, O_WRONLY | O_TRUNC | O_CLOEXEC);
		assert_int_equal(write(fd, bad.p, bad.n), bad.n);
		(void)close(fd);
		enum kith_err err = kith_store_open(*state, KITH_STORE_READ, &store, &diag);
		if (!err) {
			err = use(store);
			assert_true(!err || kith_store_why(store)[0]);
			kith_store_close(store);
		}
		assert_true(err == KITH_OK || err == KITH_ERR_STORE_CORRUPT);
		found += err == KITH_ERR_STORE_CORRUPT;
		world_read(db, &after);
		assert_true(kith_span_eq(kith_buf_span(&bad), kith_buf_span(&after)));
		kith_buf_free(&bad);
		kith_buf_free(&after);
	}
	assert_true(found > 10);
	kith_buf_free(&good);
}

static void cut_short(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_diag diag = {0};
	struct stat st;

	fill(store);
	kith_store_close(store);
	assert_int_equal(stat(world_path(*state, "kith.db"), &st), 0);
	assert_int_equal(truncate(world_path(*state, "kith.db"), st.st_size / 2), 0);
	enum kith_err err = kith_store_open(*state, KITH_STORE_WRITE, &store, &diag);
	if (!err) {
		err = use(store);
		kith_store_close(store);
	}
	assert_err(err, STORE_CORRUPT);
}

/* --- memory ----------------------------------------------------------------------------------- */

static sqlite3_mem_methods real;
static int allocations_left; /* of SQLite, until one fails; below 0: never */

static bool runs_out(void)
{
	return allocations_left >= 0 && allocations_left-- == 0;
}

static void *poor_malloc(int n)
{
	return runs_out() ? NULL : real.xMalloc(n);
}

static void *poor_realloc(void *p, int n)
{
	return runs_out() ? NULL : real.xRealloc(p, n);
}

/* Opens, changes and reads, with the n-th allocation failing; whether it failed anywhere. */
static int one_poor_run(const char *home, int n, bool *ret_failed)
{
	struct kith_store *store = NULL;
	struct kith_contact c;
	struct kith_meeting m = world_meeting((uint8_t)(n % 250), (uint8_t)(2 + n % 50), "Ada", 1);
	int rows = 0;

	allocations_left = n;
	enum kith_err err = kith_store_open(home, KITH_STORE_WRITE, &store, NULL);
	if (!err)
		err = kith_store_confirm(store, &m);
	if (!err)
		err = kith_store_find(store, kith_span_str("ada"), count, &rows);
	if (!err && !(err = kith_store_contact_of(store, m.ik, &c)))
		kith_contact_free(&c);
	if (!err)
		err = kith_store_mismatch(store, m.session);
	kith_store_close(store);
	*ret_failed = allocations_left < 0;
	allocations_left = -1;
	world_check(err == KITH_OK || err == KITH_ERR_NOMEM);
	return 0;
}

static int out_of_memory(const char *home)
{
	sqlite3_mem_methods poor;
	bool failed = true;
	int n;

	world_check(sqlite3_shutdown() == SQLITE_OK); /* what the parent started */
	world_check(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) == SQLITE_OK);
	poor = real;
	poor.xMalloc = poor_malloc;
	poor.xRealloc = poor_realloc;
	allocations_left = -1;
	world_check(sqlite3_config(SQLITE_CONFIG_MALLOC, &poor) == SQLITE_OK);
	world_check(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) == SQLITE_OK);
	world_check(sqlite3_initialize() == SQLITE_OK);
	for (n = 0; failed && n < 20000; n++)
		if (one_poor_run(home, n, &failed))
			return 1;
	world_check(!failed && n > 100);
	printf("%d allocations\n", n);
	return 0;
}

static void no_memory(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	/* a store is there: the loop is about using it */
	kith_store_close(store);
	assert_int_equal(world_child(out_of_memory, *state), 0);
	world_sound(*state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_writers),
		TEST(locked_for_too_long),
		TEST(killed_at_every_point),
		TEST(killed_at_any_moment),
		TEST(full_disk),
		TEST(full_disk_at_the_start),
		TEST(sync_that_fails),
		TEST(deleted_while_open),
		TEST(damaged_pages),
		TEST(cut_short),
		TEST(no_memory),
	};
	return cmocka_run_group_tests_name("store_trouble", tests, NULL, NULL);
}
