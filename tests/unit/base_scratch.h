/* SPDX-License-Identifier: MIT
 *
 * scratch - a folder of one's own for a test, and what cmocka wants included first.
 */
#ifndef KITH_UNIT_BASE_SCRATCH_H
#define KITH_UNIT_BASE_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/bytes.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A string literal as bytes, with any NUL inside but without the one at its end. */
#define LITERAL(s) kith_span(s, sizeof(s) - 1)

static char scratch[200]; /* the folder, 0700 */

static inline int scratch_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* Setup and teardown of a cmocka test. */
static inline int scratch_make(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	(void)snprintf(scratch, sizeof scratch, "%s/kith-unit-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
	(void)state;
	return nftw(scratch, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* "folder/name"; one of four buffers, used in turn. */
static inline const char *scratch_path(const char *name)
{
	static char path[4][400];
	static unsigned next;
	char *p = path[next++ % 4];

	(void)snprintf(p, sizeof path[0], "%s/%s", scratch, name);
	return p;
}

/* A file with exactly that mode. */
static inline const char *scratch_file(const char *name, const void *bytes, size_t n, mode_t mode)
{
	const char *path = scratch_path(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	return path;
}

/* How many names the folder holds. */
static inline int scratch_entries(void)
{
	char command[300];
	int n = -1;

	(void)snprintf(command, sizeof command, "ls -A '%s' | wc -l", scratch);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &n), 1);
	assert_int_equal(pclose(f), 0);
	return n;
}

#endif
