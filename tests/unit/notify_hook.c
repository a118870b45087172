/* SPDX-License-Identifier: MIT */
#include "notify/hook.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder with a hook in it, that says each word it gets in a file of its own. */
struct place {
	char folder[64], config[128], hook[128], out[128];
};

static void put(const struct place *p, const char *text, mode_t mode)
{
	FILE *f = fopen(p->hook, "w");

	assert_non_null(f);
	assert_true(fprintf(f, "%s", text) > 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(p->hook, mode), 0);
}

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof p->folder, "/tmp/kith-hook-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	(void)snprintf(p->config, sizeof p->config, "%s/kith", p->folder);
	(void)snprintf(p->hook, sizeof p->hook, "%s/kith/on-event", p->folder);
	(void)snprintf(p->out, sizeof p->out, "%s/out", p->folder);
	assert_int_equal(mkdir(p->config, 0700), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", p->folder, 1), 0);
	assert_int_equal(setenv("KITH_EVENT", "of-before", 1), 0);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	(void)unlink(p->hook);
	(void)unlink(p->out);
	(void)rmdir(p->config);
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

static bool may_run(void)
{
	struct kith_buf path = {0};
	bool found = kith_hook_path(&path) != NULL;

	kith_buf_free(&path);
	return found;
}

/* Mine, regular, executable for me, and writable for nobody else. */
static void only_my_own_program(void **state)
{
	static const struct {
		mode_t mode;
		bool runs;
	} modes[] = {{0700, true}, {0755, true}, {0500, true}, {0600, false}, {0720, false},
		{0702, false}, {0777, false}, {0077, false}};
	struct place *p = *state;

	assert_false(may_run());
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		put(p, "#!/bin/sh\n", 0700);
		assert_int_equal(chmod(p->hook, modes[i].mode), 0);
		assert_int_equal(may_run(), modes[i].runs);
	}
	put(p, "#!/bin/sh\n", 0700);
	if (geteuid() == 0) {
		assert_int_equal(chown(p->hook, 65534, (gid_t)-1), 0);
		assert_false(may_run());
	}
	assert_int_equal(unlink(p->hook), 0);
	assert_int_equal(mkdir(p->hook, 0700), 0);
	assert_false(may_run());
	assert_int_equal(rmdir(p->hook), 0);
	assert_int_equal(
		symlink("/bin/sh", p->hook), 0); /* mine where I am root, else somebody's */
	assert_int_equal(may_run(), geteuid() == 0);
}

static void note(void *ctx, const char *path, enum kith_hook_trouble trouble)
{
	unsigned *times = ctx;

	assert_int_equal(path[0], '/');
	times[trouble]++;
}

/* Whatever keeps it from being run is told, once each; that there is none is nothing to tell. */
static void what_is_not_run_is_told(void **state)
{
	struct place *p = *state;
	unsigned times[KITH_HOOK_KILLED + 1] = {0};
	struct kith_hook hook = {.fd = -1, .say = note, .ctx = times};

	kith_hook_look(&hook);
	put(p, "#!/bin/sh\n", 0700);
	kith_hook_look(&hook);
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		assert_int_equal(times[i], 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(chmod(p->hook, 0600), 0);
		kith_hook_tell(&hook, "one", kith_span_str("1"));
		assert_int_equal(chmod(p->hook, 0702), 0);
		kith_hook_tell(&hook, "one", kith_span_str("1"));
		put(p, "#!/nowhere/sh\n", 0700);
		kith_hook_tell(&hook, "one", kith_span_str("1"));
		assert_int_equal(hook.pid, 0);
	}
	assert_int_equal(times[KITH_HOOK_NOT_EXECUTABLE], 1);
	assert_int_equal(times[KITH_HOOK_OPEN_TO_OTHERS], 1);
	assert_int_equal(times[KITH_HOOK_NOT_STARTED], 1);
	if (geteuid() == 0) {
		assert_int_equal(chown(p->hook, 65534, (gid_t)-1), 0);
		kith_hook_look(&hook);
		assert_int_equal(times[KITH_HOOK_NOT_MINE], 1);
	}
	assert_int_equal(unlink(p->hook), 0);
	assert_int_equal(mkdir(p->hook, 0700), 0);
	kith_hook_look(&hook);
	assert_int_equal(times[KITH_HOOK_NO_FILE], 1);
	assert_int_equal(rmdir(p->hook), 0);
	kith_hook_free(&hook);
}

/* A path that is not absolute is nobody's configuration. */
static void where_it_lies(void **state)
{
	struct place *p = *state;

	put(p, "#!/bin/sh\n", 0700);
	assert_true(may_run());
	assert_int_equal(setenv("XDG_CONFIG_HOME", "kith", 1), 0);
	assert_int_equal(setenv("HOME", p->folder, 1), 0);
	assert_false(may_run()); /* it would be in .config */
	assert_int_equal(unsetenv("HOME"), 0);
	assert_false(may_run());
}

static void run_out(struct kith_hook *hook)
{
	while (hook->pid) {
		struct pollfd p = {.fd = hook->fd, .events = POLLIN};
		assert_int_equal(poll(&p, 1, 60000), 1);
		(void)kith_hook_tick(hook);
	}
}

/* One runs and HOOKS_MAX wait; one more is left out, and all of them get their words in order. */
static void so_many_wait(void **state)
{
	struct place *p = *state;
	struct kith_hook hook = {.fd = -1};
	char text[512], line[64];
	int gate[2];

	/* the first waits until all are told */
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	(void)snprintf(text, sizeof text,
		"#!/bin/sh\n[ -e %s ] || read -r word < /proc/%d/fd/%d\n"
		"echo \"$KITH_EVENT $(cat)\" >> %s\n",
		p->out, (int)getpid(), gate[0], p->out);
	put(p, text, 0700);
	for (int i = 0; i < KITH_HOOKS_MAX + 2; i++) {
		(void)snprintf(line, sizeof line, "word %d", i);
		kith_hook_tell(&hook, i % 2 ? "odd" : "even", kith_span_str(line));
	}
	assert_int_equal(hook.n, KITH_HOOKS_MAX);
	assert_int_equal(write(gate[1], "\n", 1), 1);
	run_out(&hook);
	assert_int_equal(hook.n, 0);
	FILE *f = fopen(p->out, "r");
	assert_non_null(f);
	for (int i = 0; i < KITH_HOOKS_MAX + 1; i++) {
		(void)snprintf(text, sizeof text, "%s word %d\n", i % 2 ? "odd" : "even", i);
		assert_non_null(fgets(line, sizeof line, f));
		assert_string_equal(line, text);
	}
	assert_null(fgets(line, sizeof line, f));
	assert_int_equal(fclose(f), 0);
	kith_hook_free(&hook);
	(void)close(gate[0]);
	(void)close(gate[1]);
}

/* The end of the watcher is the end of what it runs. */
static void it_goes_with_us(void **state)
{
	struct kith_hook hook = {.fd = -1};

	put(*state, "#!/bin/sh\nsleep 600\n", 0700);
	kith_hook_tell(&hook, "one", kith_span_str("1"));
	kith_hook_tell(&hook, "two", kith_span_str("2"));
	pid_t pid = hook.pid;
	assert_true(pid > 0);
	assert_true(kith_hook_tick(&hook) <= KITH_HOOK_MS);
	kith_hook_free(&hook);
	assert_int_equal(hook.n, 0);
	assert_int_equal(kill(pid, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_my_own_program, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_run_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(where_it_lies, setup, teardown),
		cmocka_unit_test_setup_teardown(so_many_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(it_goes_with_us, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
