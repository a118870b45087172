/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"

#define LOCK_WAKE_MS 20 /* between two looks at the time while waiting for a lock */

enum kith_err kith_file_fail(struct kith_diag *diag, const char *what, const char *path)
{
	enum kith_err err = errno == ENOENT                      ? KITH_ERR_MISSING
			    : errno == EACCES || errno == EPERM  ? KITH_ERR_PERMISSION
			    : errno == ENOSPC || errno == EDQUOT ? KITH_ERR_STORE_FULL
			    : errno == EROFS                     ? KITH_ERR_STORE_READONLY
			    : errno == EEXIST                    ? KITH_ERR_EXISTS
								 : KITH_ERR_IO;

	return kith_fail(diag, err, "cannot %s %s: %s", what, path, strerror(errno));
}

/* Everything from fd into out; of what is longer than max, one byte more is read and no further. */
static enum kith_err read_all(
	int fd, const char *path, size_t max, struct kith_buf *out, struct kith_diag *diag)
{
	size_t start = out->n;

	for (;;) {
		uint8_t chunk[8192];
		size_t left = max - (out->n - start) + 1;
		ssize_t n = read(fd, chunk, left < sizeof chunk ? left : sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kith_file_fail(diag, "read", path);
		if (n == 0)
			return KITH_OK;
		if (out->n - start + (size_t)n > max)
			return kith_fail(diag, KITH_ERR_LIMIT,
				"%s is larger than %zu bytes, which no card is", path, max);
		enum kith_err err = kith_buf_add(out, chunk, (size_t)n);
		explicit_bzero(chunk, (size_t)n);
		if (err)
			return err;
	}
}

enum kith_err kith_file_read(
	const char *path, size_t max, struct kith_buf *out, struct kith_diag *diag)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, "standard input", max, out, diag);
	/* O_NONBLOCK: a FIFO must not hang us before fstat tells what it is. */
	KITH_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return kith_file_fail(diag, "open", path);
	if (fstat(fd, &st) < 0)
		return kith_file_fail(diag, "look at", path);
	if (S_ISDIR(st.st_mode))
		return kith_fail(diag, KITH_ERR_IO, "%s is a folder", path);
	if (!S_ISREG(st.st_mode))
		return kith_fail(
			diag, KITH_ERR_IO, "%s is not a regular file; pipe it in with \"-\"", path);
	return read_all(fd, path, max, out, diag);
}

enum kith_err kith_file_read_private(
	const char *path, size_t max, struct kith_buf *out, struct kith_diag *diag)
{
	struct stat st;

	KITH_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0 && errno == ELOOP)
		return kith_fail(diag, KITH_ERR_PERMISSION,
			"%s is a symbolic link; kith keeps secrets in real files only", path);
	if (fd < 0)
		return kith_file_fail(diag, "open", path);
	if (fstat(fd, &st) < 0)
		return kith_file_fail(diag, "look at", path);
	if (!S_ISREG(st.st_mode))
		return kith_fail(diag, KITH_ERR_PERMISSION, "%s is not a regular file", path);
	if (st.st_uid != geteuid())
		return kith_fail(diag, KITH_ERR_PERMISSION,
			"%s belongs to another user; kith will not use it", path);
	if (st.st_mode & 077)
		return kith_fail(diag, KITH_ERR_PERMISSION,
			"%s can be read by others (mode %04o); run: chmod 600 %s", path,
			(unsigned)(st.st_mode & 07777), path);
	return read_all(fd, path, max, out, diag);
}

static enum kith_err write_all(int fd, struct kith_span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return KITH_ERR_IO;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return KITH_OK;
}

/* A file system that cannot do this says EINVAL, and a folder that may be written to but not read has to do
 * without. */
bool kith_folder_sync(const char *path)
{
	KITH_AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == EACCES;
	return fsync(fd) == 0 || errno == EINVAL;
}

/* Makes a name that was just created or renamed durable: fsync of the folder it stands in.  False:
 * it may be gone after a power cut. */
bool kith_folder_sync_of(const char *path)
{
	KITH_AUTO_BUF struct kith_buf dir = {0};
	const char *slash = strrchr(path, '/');
	size_t n = !slash || slash == path ? 1 : (size_t)(slash - path);

	if (kith_buf_add(&dir, slash ? path : ".", n) || !kith_buf_cstr(&dir))
		return false;
	return kith_folder_sync((const char *)dir.p);
}

/* A temporary name beside path that nobody else uses. */
static const char *temporary_name(struct kith_buf *out, const char *path)
{
	uint64_t r;

	kith_env_default()->random(NULL, (uint8_t *)&r, sizeof r);
	if (kith_buf_printf(out, "%s.%016llx.tmp", path, (unsigned long long)r))
		return NULL;
	return kith_buf_cstr(out);
}

enum kith_err kith_file_begin(struct kith_file_writer *w, const char *path, struct kith_diag *diag)
{
	*w = (struct kith_file_writer){.fd = -1};
	if (kith_buf_add_str(&w->path, path) || !kith_buf_cstr(&w->path) ||
		!temporary_name(&w->tmp, path))
		return KITH_ERR_NOMEM;
	w->fd = open(
		(const char *)w->tmp.p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return w->fd < 0 ? kith_file_fail(diag, "write", path) : KITH_OK;
}

enum kith_err kith_file_put(
	struct kith_file_writer *w, struct kith_span bytes, struct kith_diag *diag)
{
	return write_all(w->fd, bytes) ? kith_file_fail(diag, "write", (const char *)w->path.p)
				       : KITH_OK;
}

/* From the temporary name to the real one, durably; false with the reason in errno. */
static bool put_in_place(const char *tmp, const char *path, enum kith_file_how how)
{
	int done;

	if (how == KITH_FILE_NEW) {
		done = link(tmp, path);
		if (done == 0)
			(void)unlink(tmp);
	} else {
		done = rename(tmp, path);
	}
	if (done < 0)
		return false;
	if (kith_folder_sync_of(path))
		return true;
	if (how == KITH_FILE_NEW) {
		int why = errno;
		(void)unlink(path);
		errno = why;
	}
	return false;
}

enum kith_err kith_file_end(
	struct kith_file_writer *w, mode_t mode, enum kith_file_how how, struct kith_diag *diag)
{
	const char *path = (const char *)w->path.p;
	enum kith_err err = KITH_OK;

	if (fchmod(w->fd, mode) < 0 || fsync(w->fd) < 0 ||
		!put_in_place((const char *)w->tmp.p, path, how))
		err = kith_file_fail(diag, "write", path);
	if (!err) { /* nothing is left to take back */
		(void)close(w->fd);
		w->fd = -1;
	}
	return err;
}

void kith_file_writer_free(struct kith_file_writer *w)
{
	if (w->fd >= 0) {
		(void)close(w->fd);
		(void)unlink((const char *)w->tmp.p);
	}
	kith_buf_free(&w->tmp);
	kith_buf_free(&w->path);
	w->fd = -1;
}

enum kith_err kith_file_write(const char *path, struct kith_span bytes, mode_t mode,
	enum kith_file_how how, struct kith_diag *diag)
{
	KITH_AUTO(kith_file_writer_free) struct kith_file_writer w;
	enum kith_err err = kith_file_begin(&w, path, diag);

	if (!err)
		err = kith_file_put(&w, bytes, diag);
	return err ? err : kith_file_end(&w, mode, how, diag);
}

int kith_file_hold(const char *path)
{
	return open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

void kith_file_blank(int fd, size_t n)
{
	static const uint8_t zeros[256];
	struct stat st;

	/* a name that is left is a copy that somebody keeps */
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink != 0)
		return;
	for (size_t done = 0; done < n; done += sizeof zeros)
		(void)!write(fd, zeros, n - done < sizeof zeros ? n - done : sizeof zeros);
	(void)fsync(fd);
}

static enum kith_err check_folder(const char *path, const struct stat *st, struct kith_diag *diag)
{
	if (S_ISLNK(st->st_mode))
		return kith_fail(diag, KITH_ERR_PERMISSION,
			"%s is a symbolic link, which somebody else may have put there", path);
	if (!S_ISDIR(st->st_mode))
		return kith_fail(diag, KITH_ERR_PERMISSION, "%s is not a folder", path);
	if (st->st_uid != geteuid())
		return kith_fail(diag, KITH_ERR_PERMISSION,
			"%s belongs to another user; kith will not use it", path);
	if (st->st_mode & 077)
		return kith_fail(diag, KITH_ERR_PERMISSION,
			"%s is open to others (mode %04o); run: chmod 700 %s", path,
			(unsigned)(st->st_mode & 07777), path);
	return KITH_OK;
}

enum kith_err kith_folder_check(const char *path, struct kith_diag *diag)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return kith_file_fail(diag, "open", path);
	return check_folder(path, &st, diag);
}

/* Parents first: "/a/b/c" makes /a, /a/b, then /a/b/c; those that exist are left as they are. */
static enum kith_err make_folder(const char *path, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf part = {0};

	for (const char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
		size_t n = slash ? (size_t)(slash - path) : strlen(path);
		part.n = 0;
		if (kith_buf_add(&part, path, n) || !kith_buf_cstr(&part))
			return KITH_ERR_NOMEM;
		if (mkdir((const char *)part.p, 0700) < 0 && errno != EEXIST)
			return kith_file_fail(diag, "make the folder", (const char *)part.p);
		if (!slash)
			return KITH_OK;
	}
}

enum kith_err kith_folder_private(const char *path, struct kith_diag *diag)
{
	enum kith_err err = make_folder(path, diag);

	return err ? err : kith_folder_check(path, diag);
}

enum kith_err kith_folder_real(const char *path, struct kith_diag *diag)
{
	struct stat st;
	enum kith_err err = make_folder(path, diag); /* mkdir follows no link */

	if (err)
		return err;
	if (lstat(path, &st) < 0)
		return kith_file_fail(diag, "open", path);
	return check_folder(path, &st, diag);
}

/* --- locks ------------------------------------------------------------------------------------ */

static void on_alarm(int number)
{
	(void)number; /* it ends a flock that waits */
}

/* Waits for the lock until the time is over, woken by a timer that strikes again and again: one
 * signal alone could come just before flock begins to wait.  False: with the reason in errno. */
static bool lock_within(int fd, unsigned ms)
{
	const struct kith_env *env = kith_env_default();
	uint64_t ends = env->ticks(env->ctx) + ms;
	const struct itimerval often = {{0, LOCK_WAKE_MS * 1000}, {0, LOCK_WAKE_MS * 1000}};
	const struct itimerval never = {{0, 0}, {0, 0}};
	struct sigaction had, wake = {.sa_handler = on_alarm};
	int bad;

	(void)sigemptyset(&wake.sa_mask);
	(void)sigaction(SIGALRM, &wake, &had);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	do
		bad = flock(fd, LOCK_EX);
	while (bad && errno == EINTR && env->ticks(env->ctx) < ends);
	int why = bad && errno == EINTR ? EWOULDBLOCK : errno;
	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)sigaction(SIGALRM, &had, NULL);
	errno = why;
	return !bad;
}

enum kith_err kith_file_lock(
	const char *folder, const char *name, unsigned wait_ms, int *ret_fd, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!kith_path_join(&path, folder, name))
		return KITH_ERR_NOMEM;
	KITH_AUTO_FD int fd = open(
		(const char *)path.p, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0 && errno == EACCES)
		return kith_fail(diag, KITH_ERR_STORE_READONLY, "cannot write %s: %s",
			(const char *)path.p, strerror(errno));
	if (fd < 0)
		return kith_file_fail(diag, "lock", (const char *)path.p);
	bool held = flock(fd, LOCK_EX | LOCK_NB) == 0;
	if (!held && errno == EWOULDBLOCK && wait_ms)
		held = lock_within(fd, wait_ms);
	if (!held && errno == EWOULDBLOCK)
		return KITH_ERR_BUSY;
	if (!held)
		return kith_file_fail(diag, "lock", (const char *)path.p);
	*ret_fd = fd;
	fd = -1;
	return KITH_OK;
}

const char *kith_path_join(struct kith_buf *out, const char *folder, const char *name)
{
	if (kith_buf_printf(out, "%s/%s", folder, name))
		return NULL;
	return kith_buf_cstr(out);
}
