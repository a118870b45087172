/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/limits.h"

static enum kith_err read_it(const char *path, size_t max, struct kith_buf *out)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_file_read(path, max, out, &diag);

	assert_true(err == KITH_OK || diag.text[0]);
	return err;
}

static enum kith_err read_secret(const char *path, size_t max, struct kith_buf *out)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_file_read_private(path, max, out, &diag);

	assert_true(err == KITH_OK || diag.text[0]);
	return err;
}

static enum kith_err write_it(
	const char *path, const char *text, mode_t mode, enum kith_file_how how)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_file_write(path, kith_span_str(text), mode, how, &diag);

	assert_true(err == KITH_OK || diag.text[0]);
	return err;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void holds(const char *path, const char *want)
{
	struct kith_buf out = {0};

	assert_int_equal(read_it(path, 1000, &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), want);
	kith_buf_free(&out);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void reads_up_to_the_limit_and_not_past_it(void **state)
{
	const size_t limits[] = {1, 8191, 8192, 8193, KITH_FILE_READ_MAX};
	static uint8_t bytes[KITH_FILE_READ_MAX + 1];
	struct kith_buf out = {0};

	(void)state;
	memset(bytes, 'k', sizeof bytes);
	for (size_t i = 0; i < COUNT(limits); i++) {
		const char *path = scratch_file("f", bytes, limits[i], 0600);
		assert_int_equal(read_it(path, limits[i], &out), KITH_OK);
		assert_int_equal(out.n, limits[i]);
		assert_memory_equal(out.p, bytes, limits[i]);
		kith_buf_clear(&out);
		assert_int_equal(read_secret(path, limits[i], &out), KITH_OK);
		assert_int_equal(out.n, limits[i]);
		kith_buf_clear(&out);
		path = scratch_file("f", bytes, limits[i] + 1, 0600);
		assert_int_equal(read_it(path, limits[i], &out), KITH_ERR_LIMIT);
		kith_buf_clear(&out);
		assert_int_equal(read_secret(path, limits[i], &out), KITH_ERR_LIMIT);
		kith_buf_clear(&out);
	}
	kith_buf_free(&out);
}

/* T20, case 40: of what is too long, one byte past the limit is read, and that of a sparse file of
 * 5 GB or of /dev/zero by way of standard input, too. */
static void reading_stops_one_byte_past_the_limit(void **state)
{
	struct kith_buf out = {0};
	int had = dup(STDIN_FILENO);
	const char *path = scratch_file("f", "", 0, 0600);

	(void)state;
	assert_int_equal(truncate(path, 5000000000), 0);
	assert_int_equal(read_it(path, KITH_FILE_READ_MAX, &out), KITH_ERR_LIMIT);
	assert_true(out.n <= KITH_FILE_READ_MAX);
	kith_buf_free(&out);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) >= 0);
	assert_int_equal(read_it("-", KITH_FILE_READ_MAX, &out), KITH_ERR_LIMIT);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), KITH_FILE_READ_MAX + 1);
	kith_buf_free(&out);
	assert_int_equal(close(fd), 0);
	fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) >= 0);
	assert_int_equal(read_it("-", KITH_FILE_READ_MAX, &out), KITH_ERR_LIMIT);
	kith_buf_free(&out);
	assert_int_equal(close(fd), 0);
	if (had >= 0)
		assert_true(dup2(had, STDIN_FILENO) >= 0 && close(had) == 0);
}

/* The limit is for the file, not for what the buffer held before. */
static void reading_appends(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&out, "before "), KITH_OK);
	assert_int_equal(read_it(scratch_file("f", "file", 4, 0644), 4, &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "before file");
	kith_buf_free(&out);
	assert_int_equal(read_it(scratch_file("empty", "", 0, 0644), 0, &out), KITH_OK);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

static void reads_standard_input(void **state)
{
	struct kith_buf out = {0};
	int ends[2];
	int had = dup(STDIN_FILENO);

	(void)state;
	for (size_t max = 4; max <= 5; max++) {
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], "piped", 5), 5);
		assert_int_equal(close(ends[1]), 0);
		assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
		assert_int_equal(close(ends[0]), 0);
		assert_int_equal(read_it("-", max, &out), max < 5 ? KITH_ERR_LIMIT : KITH_OK);
		assert_int_equal(out.n, max < 5 ? 0 : 5);
		kith_buf_free(&out);
	}
	if (had >= 0)
		assert_true(dup2(had, STDIN_FILENO) >= 0 && close(had) == 0);
}

static void a_link_is_followed_but_not_to_a_secret(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(symlink(scratch_file("real", "text", 4, 0600), scratch_path("link")), 0);
	assert_int_equal(symlink("nowhere", scratch_path("dangling")), 0);
	holds(scratch_path("link"), "text");
	assert_int_equal(read_secret(scratch_path("real"), 100, &out), KITH_OK);
	kith_buf_clear(&out);
	assert_int_equal(read_secret(scratch_path("link"), 100, &out), KITH_ERR_PERMISSION);
	assert_int_equal(read_secret(scratch_path("dangling"), 100, &out), KITH_ERR_PERMISSION);
	assert_int_equal(read_it(scratch_path("dangling"), 100, &out), KITH_ERR_MISSING);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

static void what_is_no_file_is_refused_at_once(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0); /* nobody will ever write to it */
	assert_int_equal(read_it(scratch_path("fifo"), 100, &out), KITH_ERR_IO);
	assert_int_equal(read_secret(scratch_path("fifo"), 100, &out), KITH_ERR_PERMISSION);
	assert_int_equal(read_it(scratch, 100, &out), KITH_ERR_IO);
	assert_int_equal(read_secret(scratch, 100, &out), KITH_ERR_PERMISSION);
	assert_int_equal(read_it("/dev/zero", 100, &out), KITH_ERR_IO);
	assert_int_equal(read_it(scratch_path("none"), 100, &out), KITH_ERR_MISSING);
	assert_int_equal(read_secret(scratch_path("none"), 100, &out), KITH_ERR_MISSING);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

static void a_secret_is_closed_to_others(void **state)
{
	struct kith_buf out = {0};
	struct kith_diag diag = {0};

	(void)state;
	for (mode_t bit = 1; bit <= 040; bit <<= 1) {
		const char *path = scratch_file("f", "x", 1, 0600 | bit);
		assert_int_equal(read_secret(path, 100, &out), KITH_ERR_PERMISSION);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(read_secret(scratch_file("f", "x", 1, 0600), 100, &out), KITH_OK);
	assert_int_equal(read_secret(scratch_file("g", "x", 1, 0400), 100, &out), KITH_OK);
	const char *open = scratch_file("h", "x", 1, 0644);
	assert_int_equal(kith_file_read_private(open, 100, &out, &diag), KITH_ERR_PERMISSION);
	assert_non_null(strstr(diag.text, "0644"));
	assert_non_null(strstr(diag.text, "chmod 600"));
	kith_buf_free(&out);
}

/* Skips the test where it needs what only root may do. */
static void as_root(void)
{
	if (geteuid() == 0)
		return;
	print_message("skipped: only root can give a file to another user or mount\n");
	skip();
}

static void a_secret_belongs_to_its_reader(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	as_root();
	assert_int_equal(chown(scratch_file("f", "x", 1, 0600), 12345, 12345), 0);
	assert_int_equal(read_secret(scratch_path("f"), 100, &out), KITH_ERR_PERMISSION);
	assert_int_equal(read_it(scratch_path("f"), 100, &out), KITH_OK);
	kith_buf_free(&out);
}

/* Runs f as another user, who is not root, and hands back what it returned. */
static int as_somebody_else(int (*f)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(setgid(12345) || setuid(12345) ? 99 : f());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int read_denied(void)
{
	struct kith_buf out = {0};

	return kith_file_read(scratch_path("f"), 100, &out, NULL) == KITH_ERR_PERMISSION ? 0 : 1;
}

static int write_denied(void)
{
	return kith_file_write(scratch_path("n"), kith_span_str("x"), 0600, KITH_FILE_NEW, NULL) ==
				       KITH_ERR_PERMISSION &&
			       kith_folder_private(scratch_path("d"), NULL) == KITH_ERR_PERMISSION
		       ? 0
		       : 1;
}

static void what_the_system_denies_is_a_permission(void **state)
{
	(void)state;
	as_root();
	(void)scratch_file("f", "x", 1, 0600);
	assert_int_equal(chmod(scratch, 0755), 0);
	assert_int_equal(as_somebody_else(read_denied), 0);
	assert_int_equal(as_somebody_else(write_denied), 0);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void writes_with_the_exact_mode(void **state)
{
	const mode_t modes[] = {0600, 0644, 0400, 0666};
	const mode_t masks[] = {0, 0022, 0077, 0777};

	(void)state;
	for (size_t m = 0; m < COUNT(masks); m++) {
		for (size_t i = 0; i < COUNT(modes); i++) {
			mode_t had = umask(masks[m]);
			enum kith_err err =
				write_it(scratch_path("f"), "text", modes[i], KITH_FILE_REPLACE);
			(void)umask(had);
			assert_int_equal(err, KITH_OK);
			assert_int_equal(mode_of(scratch_path("f")), modes[i]);
			holds(scratch_path("f"), "text");
		}
	}
	assert_int_equal(scratch_entries(), 1);
}

static void a_new_file_never_replaces(void **state)
{
	(void)state;
	assert_int_equal(write_it(scratch_path("f"), "first", 0600, KITH_FILE_NEW), KITH_OK);
	assert_int_equal(
		write_it(scratch_path("f"), "second", 0600, KITH_FILE_NEW), KITH_ERR_EXISTS);
	holds(scratch_path("f"), "first");
	assert_int_equal(symlink("nowhere", scratch_path("dangling")), 0);
	assert_int_equal(
		write_it(scratch_path("dangling"), "x", 0600, KITH_FILE_NEW), KITH_ERR_EXISTS);
	assert_int_equal(access(scratch_path("nowhere"), F_OK), -1);
	assert_int_equal(scratch_entries(), 2); /* nothing temporary stays */
}

static void replacing_takes_the_place_of_a_link(void **state)
{
	(void)state;
	assert_int_equal(symlink(scratch_file("target", "kept", 4, 0600), scratch_path("link")), 0);
	assert_int_equal(write_it(scratch_path("link"), "new", 0600, KITH_FILE_REPLACE), KITH_OK);
	holds(scratch_path("link"), "new");
	holds(scratch_path("target"), "kept");
	assert_int_equal(write_it(scratch_path("link"), "", 0600, KITH_FILE_REPLACE), KITH_OK);
	holds(scratch_path("link"), "");
	assert_int_equal(scratch_entries(), 2);
}

static void a_failed_writing_leaves_nothing(void **state)
{
	(void)state;
	assert_int_equal(mkdir(scratch_path("folder"), 0700), 0);
	assert_int_equal(
		write_it(scratch_path("folder"), "x", 0600, KITH_FILE_REPLACE), KITH_ERR_IO);
	assert_int_equal(
		write_it(scratch_path("folder"), "x", 0600, KITH_FILE_NEW), KITH_ERR_EXISTS);
	assert_int_not_equal(write_it(scratch_path("no/f"), "x", 0600, KITH_FILE_NEW), KITH_OK);
	assert_int_equal(scratch_entries(), 1);
}

static void a_name_without_a_folder_is_in_this_one(void **state)
{
	char had[4096];

	(void)state;
	assert_non_null(getcwd(had, sizeof had));
	assert_int_equal(chdir(scratch), 0);
	enum kith_err err = write_it("plain", "here", 0600, KITH_FILE_NEW);
	assert_int_equal(chdir(had), 0);
	assert_int_equal(err, KITH_OK);
	holds(scratch_path("plain"), "here");
}

/* A file system of two pages, on which a third does not fit. */
static void a_full_disk_is_told(void **state)
{
	static char bytes[65536 + 1];
	char small[256];

	(void)state;
	as_root();
	assert_int_equal(mkdir(scratch_path("small"), 0700), 0);
	(void)snprintf(small, sizeof small, "%s", scratch_path("small"));
	if (mount("kith-unit", small, "tmpfs", 0, "size=16384,mode=0700") < 0) {
		print_message(
			"skipped: mounting a tmpfs is not allowed here: %s\n", strerror(errno));
		skip();
	}
	memset(bytes, 'x', sizeof bytes - 1);
	assert_int_equal(write_it(scratch_path("small/f"), "old", 0600, KITH_FILE_NEW), KITH_OK);
	enum kith_err big = write_it(scratch_path("small/f"), bytes, 0600, KITH_FILE_REPLACE);
	enum kith_err fits = write_it(scratch_path("small/g"), "fits", 0600, KITH_FILE_NEW);
	struct kith_buf out = {0};
	enum kith_err kept = read_it(scratch_path("small/f"), 100, &out);
	assert_int_equal(umount(small), 0);
	assert_int_equal(big, KITH_ERR_STORE_FULL);
	assert_int_equal(fits, KITH_OK); /* so nothing of the failed one stayed */
	assert_int_equal(kept, KITH_OK);
	assert_memory_equal(out.p, "old", 3);
	kith_buf_free(&out);
}

/* --- folders and locks ------------------------------------------------------------------------ */

/* T27: a disk that is read-only is the store's trouble, not an unknown one. */
static void a_read_only_disk_is_told(void **state)
{
	struct kith_diag diag = {0};
	char small[256];
	int fd = -1;

	(void)state;
	as_root();
	assert_int_equal(mkdir(scratch_path("small"), 0700), 0);
	(void)snprintf(small, sizeof small, "%s", scratch_path("small"));
	if (mount("kith-unit", small, "tmpfs", MS_RDONLY, "mode=0700") < 0) {
		print_message(
			"skipped: mounting a tmpfs is not allowed here: %s\n", strerror(errno));
		skip();
	}
	enum kith_err written = write_it(scratch_path("small/f"), "x", 0600, KITH_FILE_NEW);
	enum kith_err made = kith_folder_private(scratch_path("small/h"), &diag);
	enum kith_err locked = kith_file_lock(small, "x.lock", 0, &fd, &diag);
	assert_int_equal(umount(small), 0);
	assert_int_equal(written, KITH_ERR_STORE_READONLY);
	assert_int_equal(made, KITH_ERR_STORE_READONLY);
	assert_int_equal(locked, KITH_ERR_STORE_READONLY);
}

static void a_private_folder_is_made_with_its_parents(void **state)
{
	struct kith_diag diag = {0};
	mode_t had = umask(0);

	(void)state;
	enum kith_err err = kith_folder_private(scratch_path("a/b/c"), &diag);
	(void)umask(had);
	assert_int_equal(err, KITH_OK);
	assert_int_equal(mode_of(scratch_path("a")), 0700);
	assert_int_equal(mode_of(scratch_path("a/b")), 0700);
	assert_int_equal(mode_of(scratch_path("a/b/c")), 0700);
	assert_int_equal(kith_folder_private(scratch_path("a/b/c"), &diag), KITH_OK);
	assert_int_equal(kith_folder_private(scratch_path("a//b/c/"), &diag), KITH_OK);
	assert_int_equal(kith_folder_check(scratch_path("a/b/c"), &diag), KITH_OK);
	assert_string_equal(diag.text, "");
}

static void parents_are_left_as_they_are(void **state)
{
	(void)state;
	assert_int_equal(mkdir(scratch_path("open"), 0700), 0);
	assert_int_equal(chmod(scratch_path("open"), 0755), 0);
	assert_int_equal(kith_folder_private(scratch_path("open/mine"), NULL), KITH_OK);
	assert_int_equal(mode_of(scratch_path("open")), 0755);
}

static void a_folder_open_to_others_is_refused(void **state)
{
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(mkdir(scratch_path("d"), 0700), 0);
	for (mode_t bit = 1; bit <= 040; bit <<= 1) {
		assert_int_equal(chmod(scratch_path("d"), 0700 | bit), 0);
		assert_int_equal(kith_folder_check(scratch_path("d"), NULL), KITH_ERR_PERMISSION);
		assert_int_equal(
			kith_folder_private(scratch_path("d"), &diag), KITH_ERR_PERMISSION);
		assert_non_null(strstr(diag.text, "chmod 700"));
	}
	assert_int_equal(mode_of(scratch_path("d")), 0740);
}

static void what_is_no_folder_is_refused(void **state)
{
	(void)state;
	(void)scratch_file("f", "x", 1, 0600);
	assert_int_equal(kith_folder_check(scratch_path("f"), NULL), KITH_ERR_PERMISSION);
	assert_int_equal(kith_folder_private(scratch_path("f"), NULL), KITH_ERR_PERMISSION);
	assert_int_equal(kith_folder_private(scratch_path("f/below"), NULL), KITH_ERR_IO);
	assert_int_equal(kith_folder_check(scratch_path("none"), NULL), KITH_ERR_MISSING);
}

static void a_folder_of_another_user_is_refused(void **state)
{
	(void)state;
	as_root();
	assert_int_equal(mkdir(scratch_path("theirs"), 0700), 0);
	assert_int_equal(chown(scratch_path("theirs"), 12345, 12345), 0);
	assert_int_equal(kith_folder_check(scratch_path("theirs"), NULL), KITH_ERR_PERMISSION);
	assert_int_equal(kith_folder_private(scratch_path("theirs"), NULL), KITH_ERR_PERMISSION);
}

/* T23: where others may write, a link is their word for where to go. */
static void a_real_folder_is_no_link(void **state)
{
	struct kith_diag diag = {0};

	(void)state;
	assert_int_equal(kith_folder_real(scratch_path("a/b"), &diag), KITH_OK);
	assert_int_equal(kith_folder_real(scratch_path("a/b"), &diag), KITH_OK);
	assert_int_equal(mode_of(scratch_path("a/b")), 0700);
	assert_int_equal(symlink("a", scratch_path("link")), 0);
	assert_int_equal(kith_folder_private(scratch_path("link"), &diag), KITH_OK);
	assert_int_equal(kith_folder_real(scratch_path("link"), &diag), KITH_ERR_PERMISSION);
	assert_int_equal(symlink("nothing", scratch_path("dangling")), 0);
	assert_int_equal(kith_folder_real(scratch_path("dangling"), &diag), KITH_ERR_PERMISSION);
	assert_int_not_equal(access(scratch_path("nothing"), F_OK), 0);
	assert_int_equal(chmod(scratch_path("a/b"), 0711), 0);
	assert_int_equal(kith_folder_real(scratch_path("a/b"), &diag), KITH_ERR_PERMISSION);
}

static void a_lock_has_one_holder(void **state)
{
	struct kith_diag diag = {0};
	int first = -1;
	int second = -1;

	(void)state;
	assert_int_equal(kith_file_lock(scratch, "x.lock", 0, &first, &diag), KITH_OK);
	assert_true(first >= 0);
	assert_int_equal(mode_of(scratch_path("x.lock")), 0600);
	assert_int_equal(kith_file_lock(scratch, "x.lock", 0, &second, &diag), KITH_ERR_BUSY);
	assert_int_equal(second, -1);
	assert_int_equal(kith_file_lock(scratch, "y.lock", 0, &second, &diag), KITH_OK);
	assert_int_equal(close(second), 0);
	assert_int_equal(close(first), 0);
	assert_int_equal(kith_file_lock(scratch, "x.lock", 0, &first, &diag), KITH_OK);
	assert_int_equal(close(first), 0);
}

/* The end of a process lets go, so that nobody waits for the dead. */
static void a_waiter_gets_the_lock_of_one_who_died(void **state)
{
	int ready[2];
	int fd = -1;
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int held = -1;
		if (kith_file_lock(scratch, "x.lock", 0, &held, NULL) ||
			write(ready[1], "!", 1) != 1)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(kith_file_lock(scratch, "x.lock", 10000, &fd, NULL), KITH_OK);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(ready[0]), 0);
	assert_int_equal(close(ready[1]), 0);
}

/* It is let go when the other's last descriptor is closed, which here is when we say so: the waiter
 * sleeps in the kernel until then.  What it needed of signals is as before. */
static void a_waiter_waits_and_no_longer_than_said(void **state)
{
	const struct kith_env *env = kith_env_default();
	struct sigaction had;
	struct itimerval timer;
	int go[2], ready[2], fd = -1;
	char byte;

	(void)state;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int held = -1;
		(void)close(go[1]);
		if (kith_file_lock(scratch, "x.lock", 0, &held, NULL) ||
			write(ready[1], "!", 1) != 1)
			_exit(1);
		_exit(read(go[0], &byte, 1) == 0 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	uint64_t begun = env->ticks(env->ctx);
	assert_int_equal(kith_file_lock(scratch, "x.lock", 150, &fd, NULL), KITH_ERR_BUSY);
	uint64_t took = env->ticks(env->ctx) - begun;
	assert_in_range(took, 150, 3000);
	assert_int_equal(fd, -1);
	assert_int_equal(close(go[1]), 0);
	assert_int_equal(kith_file_lock(scratch, "x.lock", 10000, &fd, NULL), KITH_OK);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(sigaction(SIGALRM, NULL, &had), 0);
	assert_ptr_equal(had.sa_handler, SIG_DFL);
	assert_int_equal(getitimer(ITIMER_REAL, &timer), 0);
	assert_int_equal(timer.it_value.tv_usec + timer.it_value.tv_sec, 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(go[0]), 0);
	assert_int_equal(close(ready[0]), 0);
	assert_int_equal(close(ready[1]), 0);
}

static void a_lock_that_cannot_be_made_is_told(void **state)
{
	int fd = -1;

	(void)state;
	assert_int_equal(symlink("elsewhere", scratch_path("l.lock")), 0);
	assert_int_equal(kith_file_lock(scratch, "l.lock", 0, &fd, NULL), KITH_ERR_IO);
	assert_int_not_equal(kith_file_lock(scratch_path("none"), "x", 0, &fd, NULL), KITH_OK);
	assert_int_equal(fd, -1);
	assert_int_equal(access(scratch_path("elsewhere"), F_OK), -1);
}

static void paths_are_joined(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_string_equal(kith_path_join(&out, "/a/b", "c"), "/a/b/c");
	kith_buf_free(&out);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(reads_up_to_the_limit_and_not_past_it),
		IN_SCRATCH(reading_stops_one_byte_past_the_limit),
		IN_SCRATCH(reading_appends),
		cmocka_unit_test(reads_standard_input),
		IN_SCRATCH(a_link_is_followed_but_not_to_a_secret),
		IN_SCRATCH(what_is_no_file_is_refused_at_once),
		IN_SCRATCH(a_secret_is_closed_to_others),
		IN_SCRATCH(a_secret_belongs_to_its_reader),
		IN_SCRATCH(what_the_system_denies_is_a_permission),
		IN_SCRATCH(writes_with_the_exact_mode),
		IN_SCRATCH(a_new_file_never_replaces),
		IN_SCRATCH(replacing_takes_the_place_of_a_link),
		IN_SCRATCH(a_failed_writing_leaves_nothing),
		IN_SCRATCH(a_name_without_a_folder_is_in_this_one),
		IN_SCRATCH(a_full_disk_is_told),
		IN_SCRATCH(a_read_only_disk_is_told),
		IN_SCRATCH(a_private_folder_is_made_with_its_parents),
		IN_SCRATCH(parents_are_left_as_they_are),
		IN_SCRATCH(a_folder_open_to_others_is_refused),
		IN_SCRATCH(what_is_no_folder_is_refused),
		IN_SCRATCH(a_folder_of_another_user_is_refused),
		IN_SCRATCH(a_real_folder_is_no_link),
		IN_SCRATCH(a_lock_has_one_holder),
		IN_SCRATCH(a_waiter_gets_the_lock_of_one_who_died),
		IN_SCRATCH(a_waiter_waits_and_no_longer_than_said),
		IN_SCRATCH(a_lock_that_cannot_be_made_is_told),
		cmocka_unit_test(paths_are_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
