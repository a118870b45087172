/* SPDX-License-Identifier: MIT */
#include "faulty.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct state {
	enum faulty_kind kind;
	unsigned long at, count;
	int off;
	bool fired;
	char what[160];
};

static struct state own;
static struct state *state = &own;

void faulty_share(void)
{
	long p = syscall(SYS_mmap, NULL, sizeof own, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p != -1)
		state = (struct state *)p; // NOLINT
}

void faulty_is(enum faulty_kind kind, unsigned long at)
{
	state->kind = kind;
	state->at = at;
	state->off = 0;
	faulty_reset();
}

static const char *const kinds[] = {"none", "memory", "poor", "io", "full", "death"};

bool faulty_reads(const char *text)
{
	char word[16];
	unsigned long at;

	if (!text || sscanf(text, "%15s %lu", word, &at) != 2)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(word, kinds[i]) != 0)
			continue;
		faulty_is((enum faulty_kind)i, at);
		return true;
	}
	return false;
}

enum faulty_kind faulty_now(void)
{
	return state->kind;
}

bool faulty_fired(void)
{
	return state->fired;
}

const char *faulty_what(void)
{
	return state->what;
}

void faulty_reset(void)
{
	state->count = 0;
	state->fired = false;
	state->what[0] = 0;
}

void faulty_off(void)
{
	state->off++;
}

void faulty_on(void)
{
	state->off--;
}

unsigned long faulty_count(void)
{
	return state->count;
}

/* The name without its folders: what fails is told by it. */
static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* --- memory ----------------------------------------------------------------------------------- */

static bool is_memory(void)
{
	return state->kind == FAULTY_MEMORY || state->kind == FAULTY_POOR;
}

/* Counts an allocation; whether it fails. */
static bool runs_out(size_t n)
{
	if (!is_memory() || state->off)
		return false;
	state->count++;
	if (state->count != state->at && (state->kind != FAULTY_POOR || state->count < state->at))
		return false;
	if (!state->fired)
		(void)snprintf(state->what, sizeof state->what, "allocation of %zu bytes", n);
	state->fired = true;
	errno = ENOMEM;
	return true;
}

#ifdef KITH_SANITIZED

#include <jansson.h>
#include <sqlite3.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t each);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t n, size_t each);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
int __real_vasprintf(char **ret, const char *fmt, va_list ap);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t each);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t each);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
int __wrap_asprintf(char **ret, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void *__wrap_malloc(size_t n)
{
	return runs_out(n) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t each)
{
	return runs_out(n * each) ? NULL : __real_calloc(n, each);
}

void *__wrap_realloc(void *p, size_t n)
{
	return runs_out(n) ? NULL : __real_realloc(p, n);
}

void *__wrap_reallocarray(void *p, size_t n, size_t each)
{
	return runs_out(n * each) ? NULL : __real_reallocarray(p, n, each);
}

char *__wrap_strdup(const char *s)
{
	return runs_out(strlen(s) + 1) ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return runs_out(n + 1) ? NULL : __real_strndup(s, n);
}

int __wrap_asprintf(char **ret, const char *fmt, ...)
{
	va_list ap;

	if (runs_out(strlen(fmt)))
		return -1;
	va_start(ap, fmt);
	int n = vasprintf(ret, fmt, ap);
	va_end(ap);
	return n;
}

static sqlite3_mem_methods real_sqlite;

static void *sqlite_malloc(int n)
{
	return runs_out((size_t)n) ? NULL : real_sqlite.xMalloc(n);
}

static void *sqlite_realloc(void *p, int n)
{
	return runs_out((size_t)n) ? NULL : real_sqlite.xRealloc(p, n);
}

static void *jansson_malloc(size_t n)
{
	return runs_out(n) ? NULL : __real_malloc(n);
}

void faulty_hooks(void)
{
	sqlite3_mem_methods poor;

	(void)sqlite3_shutdown(); /* a parent may have used it before the fork */
	(void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_sqlite);
	poor = real_sqlite;
	poor.xMalloc = sqlite_malloc;
	poor.xRealloc = sqlite_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &poor) != SQLITE_OK)
		abort(); /* SQLite is at work still */
	json_set_alloc_funcs(jansson_malloc, free);
}

#else

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t each);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

#define VISIBLE __attribute__((visibility("default")))

VISIBLE void *malloc(size_t n)
{
	return runs_out(n) ? NULL : __libc_malloc(n);
}

VISIBLE void *calloc(size_t n, size_t each)
{
	return runs_out(n * each) ? NULL : __libc_calloc(n, each);
}

VISIBLE void *realloc(void *p, size_t n)
{
	return n && runs_out(n) ? NULL : __libc_realloc(p, n);
}

VISIBLE void *memalign(size_t align, size_t n)
{
	return runs_out(n) ? NULL : __libc_memalign(align, n);
}

VISIBLE void *aligned_alloc(size_t align, size_t n)
{
	return runs_out(n) ? NULL : __libc_memalign(align, n);
}

VISIBLE int posix_memalign(void **ret, size_t align, size_t n)
{
	void *p = runs_out(n) ? NULL : __libc_memalign(align, n);

	if (!p)
		return ENOMEM;
	*ret = p;
	return 0;
}

/* libsodium's guarded memory, and the memory that SQLite's processes share. */
VISIBLE void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	return runs_out(n) ? MAP_FAILED
			   : (void *)syscall(SYS_mmap, at, n, prot, flags, fd, off); // NOLINT
}

VISIBLE void *mmap64(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	return mmap(at, n, prot, flags, fd, off);
}

void faulty_hooks(void)
{
}

#endif

/* --- files ------------------------------------------------------------------------------------ */

/* What a change of a file does. */
enum change {
	CHANGE_WRITE, /* needs room */
	CHANGE_MAKE,  /* a name: needs room too */
	CHANGE_OTHER, /* takes away, moves, or makes durable */
};

/* What becomes of it: 0 it is done, 1 it fails with errno set, 2 it is a write that does half. */
static int change_fails(enum change what, const char *call, const char *name)
{
	bool files = state->kind == FAULTY_IO || state->kind == FAULTY_FULL ||
		     state->kind == FAULTY_DEATH;

	if (!files || state->off)
		return 0;
	if (state->kind == FAULTY_FULL && what == CHANGE_OTHER)
		return 0;
	state->count++;
	if (state->count != state->at && (state->kind != FAULTY_FULL || state->count < state->at))
		return 0;
	bool first = !state->fired;
	if (first)
		(void)snprintf(state->what, sizeof state->what, "%s %s", call, base(name));
	state->fired = true;
	if (state->kind == FAULTY_DEATH)
		_exit(FAULTY_DIED);
	errno = state->kind == FAULTY_FULL ? ENOSPC : EIO;
	return state->kind == FAULTY_FULL && what == CHANGE_WRITE && first ? 2 : 1;
}

/* The path of a descriptor of a file or folder (not of a pipe, socket or terminal). */
static bool is_file(int fd, char *path, size_t cap)
{
	int kept = errno;
	struct stat st;
	char link[64];

	if (state->kind < FAULTY_IO || fd <= STDERR_FILENO || fstat(fd, &st) < 0 ||
		(!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
		errno = kept;
		return false;
	}
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, cap - 1);
	path[n > 0 ? n : 0] = 0;
	errno = kept;
	return true;
}

static int fd_fails(enum change what, const char *call, int fd)
{
	char path[512];

	return is_file(fd, path, sizeof path) ? change_fails(what, call, path) : 0;
}

#define SHOWN __attribute__((visibility("default")))

SHOWN ssize_t write(int fd, const void *p, size_t n)
{
	int fails = fd_fails(CHANGE_WRITE, "write", fd);

	if (fails == 1 || (fails && n < 2))
		return -1;
	return syscall(SYS_write, fd, p, fails ? n / 2 : n);
}

SHOWN ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	int fails = fd_fails(CHANGE_WRITE, "pwrite", fd);

	if (fails == 1 || (fails && n < 2))
		return -1;
	return syscall(SYS_pwrite64, fd, p, fails ? n / 2 : n, at);
}

SHOWN ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

SHOWN int ftruncate64(int fd, off_t n)
{
	return fd_fails(CHANGE_OTHER, "ftruncate", fd) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

SHOWN int ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}

/* Nobody pulls the plug in these tests: what is not asked to fail need not wait for the disk. */
SHOWN int fsync(int fd)
{
	return fd_fails(CHANGE_OTHER, "fsync", fd) ? -1 : 0;
}

SHOWN int fdatasync(int fd)
{
	return fd_fails(CHANGE_OTHER, "fdatasync", fd) ? -1 : 0;
}

SHOWN int fchmod(int fd, mode_t mode)
{
	return fd_fails(CHANGE_OTHER, "fchmod", fd) ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

SHOWN int rename(const char *from, const char *to)
{
	return change_fails(CHANGE_OTHER, "rename", to)
		       ? -1
		       : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

SHOWN int link(const char *from, const char *to)
{
	return change_fails(CHANGE_MAKE, "link", to)
		       ? -1
		       : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

SHOWN int unlink(const char *path)
{
	return change_fails(CHANGE_OTHER, "unlink", path)
		       ? -1
		       : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

SHOWN int mkdir(const char *path, mode_t mode)
{
	return change_fails(CHANGE_MAKE, "mkdir", path)
		       ? -1
		       : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* Only making a file is a change. */
static int open_any(const char *path, int flags, mode_t mode)
{
	struct stat st;
	int kept = errno;
	bool makes = (flags & O_CREAT) && stat(path, &st) < 0;

	errno = kept;
	if (makes && change_fails(CHANGE_MAKE, "open", path))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define MODE_OF(flags)                                                                             \
	mode_t mode = 0;                                                                           \
	if ((flags)&O_CREAT) {                                                                     \
		va_list ap;                                                                        \
		va_start(ap, flags);                                                               \
		mode = va_arg(ap, mode_t);                                                         \
		va_end(ap);                                                                        \
	}

SHOWN int open(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_any(path, flags, mode);
}

SHOWN int open64(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_any(path, flags, mode);
}
