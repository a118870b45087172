/* SPDX-License-Identifier: MIT
 *
 * watch - when two stores have become complete: each holds one card that came, one receipt for the
 * card that went, and owes nothing.  Prints "ready", then the monotonic clock (ns) of that moment.
 *
 *	watch HOME HOME [QUESTION]     a statement of SQL that is true when a store is complete
 *
 * What a reader can see of a store is durable: SQLite syncs its log before it moves the end mark
 * that readers go by (synchronous=FULL).  That mark moves in shared memory, without an event.  So a
 * change of the log wakes us, and from then on we look often, but leave the processor to those who
 * are being measured.
 */
#include <inttypes.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MS     20000
#define OFTEN_NS     50000
#define OFTEN_FOR_NS 50000000

static const char *question =
	"SELECT (SELECT count(*) FROM card) = 1 AND (SELECT count(*) FROM receipt) = 1"
	" AND (SELECT count(*) FROM debt) = 0";

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static sqlite3_stmt *open_store(const char *home)
{
	char path[4096];
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	(void)snprintf(path, sizeof path, "%s/kith.db", home);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ||
		sqlite3_prepare_v2(db, question, -1, &stmt, NULL)) {
		(void)fprintf(stderr, "watch: %s: %s\n", path, sqlite3_errmsg(db));
		exit(1);
	}
	return stmt;
}

static int complete(sqlite3_stmt *stmt)
{
	int yes = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0);

	(void)sqlite3_reset(stmt);
	return yes;
}

int main(int argc, char **argv)
{
	int64_t begun = now_ns(), changed = 0;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	sqlite3_stmt *store[2];

	if (argc < 3 || argc > 4 || fd < 0)
		return 2;
	if (argc == 4)
		question = argv[3];
	for (int i = 0; i < 2; i++) {
		store[i] = open_store(argv[1 + i]);
		if (complete(store[i]) || inotify_add_watch(fd, argv[1 + i], IN_MODIFY) < 0)
			return 1;
	}
	(void)puts("ready");
	(void)fflush(stdout);
	while (now_ns() - begun < (int64_t)LIMIT_MS * 1000000) {
		char events[4096];
		struct pollfd p = {.fd = fd, .events = POLLIN};
		struct timespec nap = {0, OFTEN_NS};
		if (now_ns() - changed < OFTEN_FOR_NS)
			(void)nanosleep(&nap, NULL);
		else
			(void)poll(&p, 1, LIMIT_MS);
		while (read(fd, events, sizeof events) > 0)
			changed = now_ns();
		if (complete(store[0]) && complete(store[1])) {
			(void)printf("%" PRId64 "\n", now_ns());
			return 0;
		}
	}
	(void)fputs("watch: the two did not become complete\n", stderr);
	return 1;
}
