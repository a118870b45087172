/* SPDX-License-Identifier: MIT
 *
 * swap - two rooms with real stores, on the virtual network of tests/scenario, with the n-th
 * allocation or change of a file failing, for every n (cases 71 and 79).  After each: what both were
 * told is what their stores hold, nothing is left standing, the stores are sound, and the next
 * meeting completes without doubles.
 *
 *	faults_swap [STRIDE]
 */
#include "../scenario/pair.h"

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "faulty.h"
#include "stage.h"

#define RUNS_MAX  100000
#define FRESH_MAX 4194304 /* bytes of a new store, at most */

static unsigned long stride = 1;

/* --- the stage has memory of its own ---------------------------------------------------------- */

void *stage_calloc(size_t n, size_t each)
{
	faulty_off();
	void *p = calloc(n, each);
	faulty_on();
	return p;
}

enum kith_err stage_message_type(struct kith_span bytes, uint64_t *ret_type)
{
	faulty_off();
	enum kith_err err = kith_message_type(bytes, ret_type);
	faulty_on();
	return err;
}

/* A store of nobody, as its file. */
static struct kith_buf fresh;

static void put_fresh(const char *home)
{
	char path[600];

	(void)snprintf(path, sizeof path, "%s/kith.db", home);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, fresh.p, fresh.n) != (ssize_t)fresh.n || close(fd) < 0)
		fail_msg("no store for a story");
}

enum kith_err stage_store_open(const char *home, enum kith_store_mode mode, struct kith_store **ret,
	struct kith_diag *diag)
{
	if (fresh.n > 0)
		put_fresh(home);
	return kith_store_open(home, mode, ret, diag);
}

/* --- the stores ------------------------------------------------------------------------------- */

static int stores_seen;

static int look_at(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;

	(void)st;
	if (strstr(path + ftw->base, ".tmp"))
		fail_msg("%s was left behind", path);
	if (type != FTW_F || strcmp(path + ftw->base, "kith.db") != 0)
		return 0;
	expect(sqlite3_open(path, &db) == SQLITE_OK);
	expect(sqlite3_prepare_v2(db,
		       "SELECT (SELECT group_concat(integrity_check) FROM pragma_integrity_check), "
		       "(SELECT count(*) FROM pragma_foreign_key_check), "
		       "(SELECT count(*) FROM card WHERE contact NOT IN (SELECT contact FROM met))",
		       -1, &q, NULL) == SQLITE_OK);
	expect(sqlite3_step(q) == SQLITE_ROW);
	expect(strcmp((const char *)sqlite3_column_text(q, 0), "ok") == 0);
	expect(sqlite3_column_int(q, 1) == 0);
	expect(sqlite3_column_int(q, 2) == 0); /* no card without a confirmation of mine */
	(void)sqlite3_finalize(q);
	expect(sqlite3_close(db) == SQLITE_OK);
	stores_seen++;
	return 0;
}

static void expect_sound_stores(void)
{
	stores_seen = 0;
	expect(nftw(getenv("TMPDIR"), look_at, 8, FTW_PHYS) == 0);
	expect(stores_seen == 2);
}

/* --- one swap --------------------------------------------------------------------------------- */

static void expect_an_end(struct world *w, struct pair p)
{
	expect(claims_hold(p.ada, p.grace) && claims_hold(p.grace, p.ada));
	expect(wires_standing(w, p.ada, p.grace) == 0);
	expect(kith_room_busy(p.ada->room) == 0 && kith_room_busy(p.grace->room) == 0);
}

static void expect_the_next_to_succeed(struct world *w, struct pair p)
{
	all_see_each_other(w);
	picks(p.grace, p.ada);
	passes(w, 20000);
	expect(both_have_swapped(p));
	expect(keeping_people(p.ada->keeping) == 1 && keeping_people(p.grace->keeping) == 1);
	expect_an_end(w, p);
}

typedef void (*course_fn)(struct world *w, struct pair p);

/* Ada asks; the decisions come by habit. */
static void meet(struct world *w, struct pair p)
{
	have_habit(p, HABIT_AGREES);
	if (pick(p.ada, p.grace) == KITH_OK)
		passes(w, 3 * KITH_HUMAN_MS);
}

/* What is decided may have become void, as the fault has it. */
static void may(enum kith_err err)
{
	(void)err;
}

/* Ada has confirmed and written when Grace sees that the codes differ. */
static void differ(struct world *w, struct pair p)
{
	may(pick(p.ada, p.grace));
	settles(w);
	may(answer(p.grace, p.ada, true));
	settles(w);
	may(compare(p.ada, p.grace, true));
	settles(w);
	may(compare(p.grace, p.ada, false));
	passes(w, 3 * KITH_HUMAN_MS);
}

/* That course with the n-th fault; false when there were not as many. */
static bool swap_without(enum faulty_kind kind, unsigned long n, course_fn course)
{
	struct world *w = world_starts(1, KEEPING_STORE);
	struct pair p = two(w);

	faulty_is(kind, n);
	course(w, p);
	faulty_off();
	bool reached = faulty_fired();
	if (reached && getenv("KITH_FAULTS_LOUD"))
		print_message("%lu: %s\n", n, faulty_what());
	if (!reached && course == meet)
		expect(both_have_swapped(p));
	if (!reached && course == differ)
		expect(knows_nothing(p.ada, p.grace) && knows_nothing(p.grace, p.ada));
	have_habit(p, HABIT_AGREES);
	expect_an_end(w, p);
	expect_sound_stores();
	expect_the_next_to_succeed(w, p);
	expect_sound_stores();
	world_ends(w);
	return reached;
}

static void until_a_run_passes(enum faulty_kind kind, course_fn course, unsigned long step)
{
	unsigned long n = 1, runs = 0;

	for (; n < RUNS_MAX && swap_without(kind, n, course); runs++)
		n += step;
	expect(runs > 5); /* there were some to meet */
	print_message("%lu runs with a fault, the last at %lu\n", runs, n - step);
}

static void memory_runs_out_once(void **state)
{
	(void)state;
	until_a_run_passes(FAULTY_MEMORY, meet, stride);
}

static void memory_runs_out_when_codes_differ(void **state)
{
	(void)state;
	until_a_run_passes(FAULTY_MEMORY, differ, stride);
}

static void memory_runs_out_for_good(void **state)
{
	(void)state;
	until_a_run_passes(FAULTY_POOR, meet, 7 * stride);
}

static void the_disk_fails_once(void **state)
{
	(void)state;
	until_a_run_passes(FAULTY_IO, meet, 1);
}

static void the_disk_fails_when_codes_differ(void **state)
{
	(void)state;
	until_a_run_passes(FAULTY_IO, differ, 1);
}

static void the_disk_is_full(void **state)
{
	(void)state;
	until_a_run_passes(FAULTY_FULL, meet, 1);
}

/* The session's own memory, which comes through its environment, with stores that are real. */
static void memory_of_the_rooms(void **state)
{
	size_t n = 0;
	bool reached = true;

	(void)state;
	while (reached) {
		struct world *w = world_starts(1, KEEPING_STORE);
		struct pair p = two(w);
		w->allocs = 0;
		w->scarce_at = ++n;
		meet(w, p);
		reached = w->allocs >= n;
		w->scarce_at = 0;
		expect_an_end(w, p);
		expect_sound_stores();
		expect_the_next_to_succeed(w, p);
		world_ends(w);
	}
	expect(n > 20);
	print_message("%zu allocations\n", n - 1);
}

/* Makes a store in that folder, keeps its bytes, and takes it away. */
static int make_fresh(const char *home)
{
	struct kith_store *store = NULL;
	char path[600];

	(void)snprintf(path, sizeof path, "%s/kith.db", home);
	if (kith_store_open(home, KITH_STORE_WRITE, &store, NULL))
		return -1;
	kith_store_close(store);
	return kith_file_read(path, FRESH_MAX, &fresh, NULL) ? -1 : unlink(path);
}

static int make_folder(void **state)
{
	static char folder[512];
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(folder, sizeof folder, "%.400s/kith-faults-XXXXXX", tmp ? tmp : "/tmp");
	*state = NULL;
	return mkdtemp(folder) && make_fresh(folder) == 0 ? setenv("TMPDIR", folder, 1) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	kith_buf_free(&fresh);
	return remove(getenv("TMPDIR"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(memory_runs_out_once),
		cmocka_unit_test(memory_runs_out_when_codes_differ),
		cmocka_unit_test(memory_runs_out_for_good),
		cmocka_unit_test(the_disk_fails_once),
		cmocka_unit_test(the_disk_fails_when_codes_differ),
		cmocka_unit_test(the_disk_is_full),
		cmocka_unit_test(memory_of_the_rooms),
	};

	if (argc > 1)
		stride = strtoul(argv[1], NULL, 10);
	faulty_hooks();
	cmocka_set_test_filter(getenv("KITH_SCENARIO_ONLY"));
	return cmocka_run_group_tests_name("swap", stories, make_folder, remove_folder);
}
