/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <limits.h>
#include <sys/un.h>

#include "base/home.h"

static void set_env(const char *kith, const char *xdg, const char *home)
{
	const struct {
		const char *name, *value;
	} all[] = {{"KITH_HOME", kith}, {"XDG_DATA_HOME", xdg}, {"HOME", home}};

	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i].value)
			assert_int_equal(setenv(all[i].name, all[i].value, 1), 0);
		else
			assert_int_equal(unsetenv(all[i].name), 0);
}

static void path_is(const char *chosen, const char *want)
{
	struct kith_buf out = {0};
	struct kith_diag diag = {0};

	assert_int_equal(kith_home_path(chosen, &out, &diag), KITH_OK);
	assert_string_equal((const char *)out.p, want);
	assert_int_equal(out.n, strlen(want));
	assert_string_equal(diag.text, "");
	kith_buf_free(&out);
}

static void the_first_that_is_set_counts(void **state)
{
	(void)state;
	set_env("/k", "/x", "/h");
	path_is("/chosen", "/chosen");
	path_is(NULL, "/k");
	path_is("", "/k");
	set_env(NULL, "/x", "/h");
	path_is(NULL, "/x/kith");
	set_env("", "/x", "/h");
	path_is(NULL, "/x/kith");
	set_env(NULL, NULL, "/h");
	path_is(NULL, "/h/.local/share/kith");
	set_env("", "", "/h");
	path_is(NULL, "/h/.local/share/kith");
}

static void without_any_there_is_a_sentence(void **state)
{
	struct kith_buf out = {0};
	struct kith_diag diag = {0};

	(void)state;
	set_env(NULL, NULL, NULL);
	assert_int_equal(kith_home_path(NULL, &out, &diag), KITH_ERR_USAGE);
	assert_non_null(strstr(diag.text, "--home"));
	assert_int_equal(out.n, 0);
	path_is("/chosen", "/chosen");
}

static void a_path_becomes_absolute_and_plain(void **state)
{
	char want[PATH_MAX + 16];
	char cwd[PATH_MAX];

	(void)state;
	set_env(NULL, NULL, NULL);
	assert_non_null(getcwd(cwd, sizeof cwd));
	(void)snprintf(want, sizeof want, "%s/a/b", strcmp(cwd, "/") == 0 ? "" : cwd);
	if (strcmp(cwd, "/") != 0)
		path_is("a/b", want);
	path_is("/a/b///", "/a/b");
	path_is("/", "/");
}

static char runtime[120]; /* an XDG_RUNTIME_DIR */

static enum kith_err socket_in(const char *runtime_dir, const char *home, struct kith_buf *out)
{
	struct kith_diag diag = {0};

	if (runtime_dir)
		assert_int_equal(setenv("XDG_RUNTIME_DIR", runtime_dir, 1), 0);
	else
		assert_int_equal(unsetenv("XDG_RUNTIME_DIR"), 0);
	enum kith_err err = kith_home_socket(home, out, &diag);
	assert_true(err == KITH_OK || diag.text[0]);
	return err;
}

static void a_home_has_one_socket(void **state)
{
	struct kith_buf a = {0}, again = {0}, b = {0};
	struct stat st;

	(void)state;
	(void)snprintf(runtime, sizeof runtime, "%s", scratch_path("run"));
	assert_int_equal(mkdir(runtime, 0700), 0);
	assert_int_equal(mkdir(scratch_path("a"), 0700), 0);
	assert_int_equal(mkdir(scratch_path("b"), 0700), 0);
	assert_int_equal(symlink(scratch_path("a"), scratch_path("link")), 0);
	assert_int_equal(socket_in(runtime, scratch_path("a"), &a), KITH_OK);
	assert_int_equal(socket_in(runtime, scratch_path("link"), &again), KITH_OK);
	assert_int_equal(socket_in(runtime, scratch_path("b"), &b), KITH_OK);
	assert_string_equal((const char *)a.p, (const char *)again.p);
	assert_string_not_equal((const char *)a.p, (const char *)b.p);
	assert_memory_equal(a.p, runtime, strlen(runtime));
	assert_memory_equal(a.p + strlen(runtime), "/kith/", 6);
	assert_int_equal(a.n, strlen(runtime) + 6 + 16);
	assert_int_equal(stat(scratch_path("run/kith"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	kith_buf_free(&a);
	kith_buf_free(&again);
	kith_buf_free(&b);
}

static void without_a_runtime_folder_it_is_in_tmp(void **state)
{
	struct kith_buf out = {0};
	char want[300];

	(void)state;
	const char *tmp = getenv("TMPDIR");
	char *had = tmp ? strdup(tmp) : NULL;
	assert_int_equal(setenv("TMPDIR", scratch, 1), 0);
	assert_int_equal(mkdir(scratch_path("home"), 0700), 0);
	assert_int_equal(socket_in(NULL, scratch_path("home"), &out), KITH_OK);
	(void)snprintf(want, sizeof want, "%s/kith-%lu/", scratch, (unsigned long)geteuid());
	assert_memory_equal(out.p, want, strlen(want));
	/* a folder that somebody else could have made there is not used */
	kith_buf_clear(&out);
	want[strlen(want) - 1] = 0;
	assert_int_equal(chmod(want, 0755), 0);
	assert_int_equal(socket_in(NULL, scratch_path("home"), &out), KITH_ERR_PERMISSION);
	if (had)
		assert_int_equal(setenv("TMPDIR", had, 1), 0);
	else
		assert_int_equal(unsetenv("TMPDIR"), 0);
	free(had);
	kith_buf_free(&out);
}

/* A folder below the scratch folder whose whole path has n bytes. */
static const char *folder_of(size_t n)
{
	static char path[300];

	assert_true(n > strlen(scratch) + 2);
	(void)snprintf(path, sizeof path, "%s/", scratch);
	memset(path + strlen(path), 'r', n - strlen(path));
	path[n] = 0;
	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

static void a_runtime_folder_that_is_too_long_is_not_used(void **state)
{
	const size_t room = sizeof((struct sockaddr_un *)0)->sun_path - 1; /* with its NUL */
	const size_t tail = strlen("/kith/") + 16;
	struct kith_buf out = {0};
	char want[60];

	(void)state;
	assert_int_equal(setenv("TMPDIR", scratch, 1), 0);
	assert_int_equal(mkdir(scratch_path("home"), 0700), 0);
	assert_int_equal(socket_in(folder_of(room - tail), scratch_path("home"), &out), KITH_OK);
	assert_int_equal(out.n, room);
	kith_buf_clear(&out);
	const char *longer = folder_of(room - tail + 1);
	assert_int_equal(socket_in(longer, scratch_path("home"), &out), KITH_OK);
	assert_memory_equal(out.p, scratch, strlen(scratch));
	assert_true(out.n <= room);
	kith_buf_clear(&out);
	assert_int_equal(setenv("TMPDIR", longer, 1), 0);
	assert_int_equal(socket_in(longer, scratch_path("home"), &out), KITH_OK);
	(void)snprintf(want, sizeof want, "/tmp/kith-%lu/", (unsigned long)geteuid());
	assert_memory_equal(out.p, want, strlen(want));
	assert_int_equal(unsetenv("TMPDIR"), 0);
	kith_buf_free(&out);
}

/* T23: in a folder where others may write, a link is somebody else's word for where to go. */
static void a_link_in_place_of_the_folder_is_refused(void **state)
{
	struct kith_buf out = {0};
	char link[300];

	(void)state;
	assert_int_equal(setenv("TMPDIR", scratch, 1), 0);
	assert_int_equal(mkdir(scratch_path("home"), 0700), 0);
	assert_int_equal(mkdir(scratch_path("private"), 0700), 0);
	(void)snprintf(link, sizeof link, "%s/kith-%lu", scratch, (unsigned long)geteuid());
	assert_int_equal(symlink("private", link), 0);
	assert_int_equal(socket_in(NULL, scratch_path("home"), &out), KITH_ERR_PERMISSION);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("nothing there", link), 0);
	assert_int_equal(socket_in(NULL, scratch_path("home"), &out), KITH_ERR_PERMISSION);
	assert_int_not_equal(access(scratch_path("nothing there"), F_OK), 0);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(mkdir(link, 0700), 0);
	assert_int_equal(socket_in(NULL, scratch_path("home"), &out), KITH_OK);
	kith_buf_clear(&out);
	if (geteuid() == 0) {
		assert_int_equal(chown(link, 12345, 12345), 0);
		assert_int_equal(socket_in(NULL, scratch_path("home"), &out), KITH_ERR_PERMISSION);
	}
	assert_int_equal(unsetenv("TMPDIR"), 0);
	kith_buf_free(&out);
}

static void a_home_that_is_not_there_has_none(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(socket_in(scratch, scratch_path("none"), &out), KITH_ERR_MISSING);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_is_set_counts),
		cmocka_unit_test(without_any_there_is_a_sentence),
		cmocka_unit_test(a_path_becomes_absolute_and_plain),
		cmocka_unit_test_setup_teardown(
			a_home_has_one_socket, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			without_a_runtime_folder_it_is_in_tmp, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(a_runtime_folder_that_is_too_long_is_not_used,
			scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			a_link_in_place_of_the_folder_is_refused, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			a_home_that_is_not_there_has_none, scratch_make, scratch_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
