/* SPDX-License-Identifier: MIT */
#include "store/scrub.h"

#include "base/limits.h"

/* Beside those of KITH_SCRUB_...; the WAL is owed as long as there is a row. */
enum { OWED_ROOM = 4, OWED_WAL = 8 };

enum kith_err kith_scrub_owe(struct kith_store *store)
{
	struct kith_query q =
		kith_query(store, "INSERT INTO setting (name, value) VALUES ('owed', ?1) ON "
				  "CONFLICT (name) DO UPDATE SET value = value | excluded.value");

	kith_bind_int(&q, store->scrub | OWED_ROOM | OWED_WAL);
	return kith_query_run(&q);
}

static int64_t owed(struct kith_store *store)
{
	struct kith_query q = kith_query(store, "SELECT value FROM setting WHERE name = 'owed'");
	int64_t value = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;

	return kith_query_end(&q) ? 0 : value;
}

static bool run(struct kith_store *store, const char *sql)
{
	struct kith_query q = kith_query(store, sql);

	return kith_query_run(&q) == KITH_OK;
}

/* Deleted words stay in older parts of an index until it is made one. */
static bool join_parts(struct kith_store *store, int64_t what)
{
	return (!(what & KITH_SCRUB_WORDS) ||
		       run(store, "INSERT INTO words (words) VALUES ('optimize')")) &&
	       (!(what & KITH_SCRUB_SAID) ||
		       run(store, "INSERT INTO said (said) VALUES ('optimize')"));
}

/* Moving rows from page to page leaves copies behind, in room that belongs to no row: nothing but VACUUM writes every page anew. */
static bool clear_room(struct kith_store *store)
{
	struct kith_query q = kith_query(
		store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
	int64_t size = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;

	if (kith_query_end(&q))
		return false;
	return size > KITH_SCRUB_VACUUM_MAX || run(store, "VACUUM");
}

static bool empty_wal(struct kith_store *store)
{
	return sqlite3_wal_checkpoint_v2(
		       store->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK;
}

/* Every page anew is not owed a second time while somebody reads the WAL. */
static bool pay(struct kith_store *store, int64_t what)
{
	if (what & OWED_ROOM && !(join_parts(store, what) && clear_room(store)))
		return false;
	if (empty_wal(store))
		return run(store, "DELETE FROM setting WHERE name = 'owed'");
	if (what & OWED_ROOM)
		(void)run(store, "UPDATE setting SET value = 8 WHERE name = 'owed'");
	return false;
}

_Static_assert(OWED_WAL == 8, "stands in the statement above");

static bool is_in_memory(struct kith_store *store)
{
	const char *file = sqlite3_db_filename(store->db, "main");

	return !file || !*file;
}

void kith_scrub_pay(struct kith_store *store)
{
	struct kith_diag why = store->why; /* whatever goes wrong here is tried again */
	int64_t what = is_in_memory(store) ? 0 : owed(store);

	(void)sqlite3_busy_handler(store->db, NULL, NULL);
	store->owes = what && !pay(store, what);
	kith_db_patience(store);
	store->why = why;
}
