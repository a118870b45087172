/* SPDX-License-Identifier: MIT
 *
 * No trace of what was taken away: not in the tables, in the indexes, in room between rows, nor in the WAL.
 */
#include "store_world.h"

#include <kith/keys.h>
#include <kith/known.h>
#include <kith/people.h>

#include <signal.h>

#include "base/limits.h"
#include "store/db.h"

enum { ADA = 2, BOB, NOW = 1777809600 };

static struct kith_store *store;
static int64_t ada, bob;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	store = world_open(*state, KITH_STORE_WRITE);
	ada = world_person(store, ADA, "Ada");
	bob = world_person(store, BOB, "Bob");
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

static int64_t put(int64_t row, const char *text)
{
	struct kith_remark r = {.row = row, .contact = ada, .at = NOW, .text = kith_span_str(text)};

	assert_ok(kith_store_remark_put(store, &r, NOW, &row));
	return row;
}

static bool is_owed(const char *home)
{
	return world_number(home, "SELECT count(*) FROM setting WHERE name = 'owed'") > 0;
}

/* --- killed ----------------------------------------------------------------------------------- */

static int64_t doomed;

static int die(void *ctx, sqlite3 *db, const char *name, int pages)
{
	(void)ctx;
	(void)db;
	(void)name;
	(void)pages;
	return raise(SIGKILL);
}

static int remove_and_die(const char *home)
{
	struct kith_store *mine = world_open(home, KITH_STORE_USE);

	(void)sqlite3_wal_hook(mine->db, die, NULL); /* right behind COMMIT */
	return (int)kith_store_remark_remove(mine, doomed);
}

static void killed_while_removing(const char *home, const char *text)
{
	doomed = put(0, text);
	assert_int_equal(world_child(remove_and_die, home), 128 + SIGKILL);
	assert_int_equal(world_number(home, "SELECT count(*) FROM remark"), 0);
	assert_true(world_at_rest(home, text));
	assert_true(is_owed(home));
}

/* Killed between COMMIT and what follows, while somebody else has the store open, so that no close empties the WAL: whoever changes it
 * next leaves no trace, and whoever opens it to write. */
static void killed(void **state)
{
	killed_while_removing(*state, "wombatwombat");
	assert_ok(kith_store_tag(store, bob, kith_span_str("t"), true, 1000));
	assert_false(world_at_rest(*state, "ombatwombat"));
	assert_false(is_owed(*state));

	killed_while_removing(*state, "numbatnumbat");
	struct kith_store *other = world_open(*state, KITH_STORE_USE);
	assert_false(world_at_rest(*state, "umbatnumbat"));
	assert_false(is_owed(*state));
	kith_store_close(other);
	world_sound(*state);
}

/* --- room between rows ------------------------------------------------------------------------ */

#define WORD "qzv%010d" /* by the step that wrote it: never the same */

/* Notes of different lengths that come, change and go; once they had left a copy of the seventh, as it was, in room of a page whose
 * rows had moved. */
static const struct {
	int row; /* 0: a new one, which has the next number */
	int n;   /* bytes; 0: it goes */
} steps[] = {{0, 914}, {1, 914}, {1, 0}, {0, 914}, {2, 0}, {0, 64}, {0, 314}, {3, 0}, {4, 0},
	{0, 314}, {0, 314}, {0, 64}, {0, 64}, {6, 0}, {0, 64}, {0, 64}, {0, 914}, {11, 314},
	{0, 914}, {0, 314}, {0, 914}, {0, 314}, {5, 64}, {0, 314}, {0, 914}, {0, 64}, {7, 314},
	{0, 64}, {18, 0}, {0, 314}, {8, 64}, {9, 914}, {16, 314}, {12, 0}, {0, 64}, {0, 64},
	{21, 0}, {0, 64}, {7, 314}};

static void rows_that_move(void **state)
{
	char text[1024], word[16];
	int wrote[sizeof steps / sizeof steps[0]] = {0}, rows = 0;

	for (int i = 0; i < (int)(sizeof steps / sizeof steps[0]); i++) {
		int row = steps[i].row ? steps[i].row : rows + 1;
		(void)snprintf(word, sizeof word, WORD, wrote[row]);
		(void)snprintf(text, sizeof text, WORD " %0*d", i, steps[i].n, 0);
		text[steps[i].n] = 0;
		if (steps[i].n == 0)
			assert_ok(kith_store_remark_remove(store, row));
		else
			assert_int_equal(put(steps[i].row, text), row);
		wrote[row] = i;
		rows = row > rows ? row : rows;
		if (steps[i].row && world_at_rest(*state, word + 1))
			fail_msg("step %d: %s is left", i, word);
	}
	world_sound(*state);
}

/* How many pages the store has after a note was removed from one of so many, of which many belong to no row. */
static int64_t pages_after(const char *home, int64_t pages)
{
	static const char *const count = "SELECT page_count FROM pragma_page_count";
	char sql[256];
	int64_t note = put(0, "quollquoll"), n;

	world_sql(home, "CREATE TABLE pad (x)");
	(void)snprintf(sql, sizeof sql, "INSERT INTO pad VALUES (zeroblob(4092 * %lld))",
		(long long)(pages - 40 - world_number(home, count)));
	world_sql(home, sql);
	while ((n = world_number(home, count)) < pages)
		world_sql(home, "INSERT INTO pad VALUES (zeroblob(4000))");
	assert_int_equal(n, pages);
	world_sql(home, "DROP TABLE pad");
	assert_int_equal(world_number(home, count), pages);
	assert_ok(kith_store_remark_remove(store, note));
	assert_false(world_at_rest(home, "uollquoll"));
	assert_false(is_owed(home));
	return world_number(home, count);
}

/* A store of SCRUB_VACUUM_MAX is written anew, and one of a page more is not. */
static void how_large(void **state)
{
	int64_t size = world_number(*state, "SELECT page_size FROM pragma_page_size");
	int64_t pages = KITH_SCRUB_VACUUM_MAX / size;

	assert_int_equal(size, 4096);
	assert_true(pages_after(*state, pages) < pages / 2);
	assert_int_equal(pages_after(*state, pages + 1), pages + 1);
	world_sound(*state);
}

/* --- words that go with something else -------------------------------------------------------- */

/* So that the index has several parts, and `optimize` something to do. */
static void fill_index(void)
{
	for (int i = 0; i < 20; i++) {
		char tag[16];
		(void)snprintf(tag, sizeof tag, "t%d", i);
		assert_ok(kith_store_tag(store, bob, kith_span_str(tag), true, 1000));
	}
}

static void relate(int64_t a, int64_t b, const char *words)
{
	assert_ok(kith_store_relate(store, a, b, kith_span_str(words), NOW));
}

/* What was said of two people who become one, by either way. */
static void two_become_one(void **state)
{
	int64_t typed = world_entry(store, 0, "one", "name=Typed");

	fill_index();
	relate(ada, typed, "wombatwombat");
	assert_true(world_at_rest(*state, "ombatwombat"));
	assert_ok(kith_store_join(store, ada, typed));
	assert_false(world_at_rest(*state, "ombatwombat"));

	assert_ok(kith_store_compared(store, bob, KITH_HOW_COMPARED, kith_span_str(""), NOW));
	fill_index();
	relate(ada, bob, "numbatnumbat");
	assert_ok(kith_keys_replace(store, ada, bob, NOW));
	assert_false(world_at_rest(*state, "umbatnumbat"));
	world_sound(*state);
}

/* A value that was changed, and one that was taken away. */
static void values(void **state)
{
	struct kith_entry e = {.contact = ada};

	fill_index();
	assert_ok(world_entry_put(store, &e, "one", "name=Ada\nnote=wombatwombat", NULL));
	assert_ok(world_entry_put(store, &e, "one", "name=Ada\nnote=numbatnumbat", NULL));
	assert_false(world_at_rest(*state, "ombatwombat"));
	assert_true(world_at_rest(*state, "umbatnumbat"));
	assert_ok(world_entry_put(store, &e, "one", "name=Ada", NULL));
	assert_false(world_at_rest(*state, "umbatnumbat"));
	world_sound(*state);
}

/* The person whom a mismatch takes away. */
static void mismatched(void **state)
{
	struct kith_meeting m = world_meeting(7, 7, "Quollquoll", 1);

	m.event = kith_span_str("wombatwombat");
	fill_index();
	assert_ok(kith_store_confirm(store, &m));
	assert_true(world_at_rest(*state, "ombatwombat"));
	assert_ok(kith_store_mismatch(store, m.session));
	assert_false(world_at_rest(*state, "ombatwombat"));
	assert_false(world_at_rest(*state, "uollquoll"));
	world_sound(*state);
}

/* In a batch it is owed, since an import is many, and paid by the next change alone or when the store is closed. */
static void in_batches(void **state)
{
	struct kith_store *other = world_open(*state, KITH_STORE_USE);
	struct kith_entry e = {.contact = ada};

	fill_index();
	assert_ok(world_entry_put(store, &e, "one", "name=Ada\nnote=wombatwombat", NULL));
	assert_ok(kith_store_batch(store));
	assert_ok(world_entry_put(store, &e, "one", "name=Ada\nnote=numbatnumbat", NULL));
	assert_ok(kith_store_batch_end(store, true));
	assert_true(is_owed(*state));
	assert_ok(kith_store_tag(store, bob, kith_span_str("t"), true, 1000));
	assert_false(world_at_rest(*state, "ombatwombat"));
	assert_false(is_owed(*state));

	assert_ok(kith_store_batch(store));
	assert_ok(world_entry_put(store, &e, "one", "name=Ada", NULL));
	assert_ok(kith_store_batch_end(store, true));
	assert_true(is_owed(*state));
	kith_store_close(store);
	store = NULL;
	assert_false(world_at_rest(*state, "umbatnumbat"));
	assert_false(is_owed(*state));
	kith_store_close(other);
	world_sound(*state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(killed),
		TEST(rows_that_move),
		TEST(how_large),
		TEST(two_become_one),
		TEST(values),
		TEST(mismatched),
		TEST(in_batches),
	};
	return cmocka_run_group_tests_name("store_scrub", tests, NULL, NULL);
}
