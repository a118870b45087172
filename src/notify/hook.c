/* SPDX-License-Identifier: MIT */
#include "notify/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <kith/env.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/auto.h"

const char *kith_hook_words(enum kith_hook_trouble trouble)
{
	switch (trouble) {
	case KITH_HOOK_WELL:
		return "is well";
	case KITH_HOOK_NO_FILE:
		return "is not run: it is no regular file";
	case KITH_HOOK_NOT_MINE:
		return "is not run: it belongs to somebody else (chown)";
	case KITH_HOOK_NOT_EXECUTABLE:
		return "is not run: it is not executable (chmod u+x)";
	case KITH_HOOK_OPEN_TO_OTHERS:
		return "is not run: others may write to it (chmod go-w)";
	case KITH_HOOK_NOT_STARTED:
		return "could not be started; is its first line right?";
	case KITH_HOOK_KILLED:
		return "was killed: it took longer than ten seconds";
	}
	return "is not run";
}

_Static_assert(KITH_HOOK_MS == 10000, "stands in the sentence above");

static enum kith_hook_trouble trouble_with(const struct stat *st)
{
	return !S_ISREG(st->st_mode)               ? KITH_HOOK_NO_FILE
	       : st->st_uid != geteuid()           ? KITH_HOOK_NOT_MINE
	       : !(st->st_mode & S_IXUSR)          ? KITH_HOOK_NOT_EXECUTABLE
	       : st->st_mode & (S_IWGRP | S_IWOTH) ? KITH_HOOK_OPEN_TO_OTHERS
						   : KITH_HOOK_WELL;
}

static void say(struct kith_hook *hook, const char *path, enum kith_hook_trouble trouble)
{
	if (!hook->say || hook->said[trouble])
		return;
	hook->said[trouble] = true;
	hook->say(hook->ctx, path, trouble);
}

/* Where it is; NULL: nowhere. */
static const char *place(struct kith_buf *out)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	bool chosen = config && *config == '/';

	if ((!chosen && (!home || *home != '/')) ||
		kith_buf_printf(out, "%s%s/kith/on-event", chosen ? config : home,
			chosen ? "" : "/.config") ||
		!kith_buf_cstr(out))
		return NULL;
	return (const char *)out->p;
}

/* The one that may be run; of another one *ret_trouble says why not. */
static const char *find(struct kith_buf *out, enum kith_hook_trouble *ret_trouble)
{
	const char *path = place(out);
	struct stat st;

	*ret_trouble = KITH_HOOK_WELL;
	if (!path || stat(path, &st) != 0)
		return NULL;
	*ret_trouble = trouble_with(&st);
	return *ret_trouble ? NULL : path;
}

const char *kith_hook_path(struct kith_buf *out)
{
	enum kith_hook_trouble trouble;

	return find(out, &trouble);
}

/* The same, and says why not. */
static const char *look(struct kith_hook *hook, struct kith_buf *out)
{
	enum kith_hook_trouble trouble;
	const char *path = find(out, &trouble);

	if (trouble)
		say(hook, (const char *)out->p, trouble);
	return path;
}

void kith_hook_look(struct kith_hook *hook)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	(void)look(hook, &path);
}

/* --- one run ---------------------------------------------------------------------------------- */

static uint64_t now_ms(void)
{
	return kith_env_default()->ticks(NULL);
}

/* A file without a name, so that a hook which does not read keeps nobody waiting. */
static int as_file(struct kith_span text)
{
	int fd = memfd_create("event", MFD_CLOEXEC);
	size_t at = 0;

	while (fd >= 0 && at < text.n) {
		ssize_t n = write(fd, text.p + at, text.n - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			(void)close(fd);
			return -1;
		}
		at += (size_t)n;
	}
	if (fd >= 0)
		(void)lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Our environment, and the kind. */
static const char **environment(const char *variable)
{
	extern char **environ;
	size_t n = 0, kept = 0;

	while (environ[n])
		n++;
	const char **out = calloc(n + 2, sizeof *out);
	for (size_t i = 0; out && i < n; i++)
		if (strncmp(environ[i], "KITH_EVENT=", strlen("KITH_EVENT=")) != 0)
			out[kept++] = environ[i];
	if (out)
		out[kept] = variable;
	return out;
}

static int spawn(const char *path, int in, const char **env, pid_t *ret_pid)
{
	const char *const argv[] = {path, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int bad;

	if ((bad = posix_spawn_file_actions_init(&actions)))
		return bad;
	if ((bad = posix_spawnattr_init(&attr))) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return bad;
	}
	if (!(bad = kith_spawn_apart(&attr)) &&
		!(bad = posix_spawn_file_actions_adddup2(&actions, in, 0)) &&
		!(bad = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_RDWR, 0)) &&
		!(bad = posix_spawn_file_actions_addclosefrom_np(&actions, 3)))
		bad = posix_spawn(
			ret_pid, path, &actions, &attr, (char *const *)argv, (char *const *)env);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad;
}

static void run(struct kith_hook *hook, const struct kith_hook_word *word)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	char variable[sizeof word->kind + sizeof "KITH_EVENT="];
	const char *program = look(hook, &path);

	(void)snprintf(variable, sizeof variable, "KITH_EVENT=%s", word->kind);
	KITH_AUTO_FREE const char **env = program ? environment(variable) : NULL;
	KITH_AUTO_FD int in = env ? as_file(kith_buf_span(&word->text)) : -1;
	if (in < 0 || spawn(program, in, env, &hook->pid)) {
		hook->pid = 0;
		if (program)
			say(hook, program, KITH_HOOK_NOT_STARTED);
		return;
	}
	hook->fd = (int)syscall(SYS_pidfd_open, hook->pid, 0);
	hook->ends = now_ms() + KITH_HOOK_MS;
}

static void reap(struct kith_hook *hook, bool force)
{
	if (hook->pid && force) {
		(void)kill(-hook->pid, SIGKILL); /* with what it has started */
		(void)kill(hook->pid, SIGKILL);
	}
	while (hook->pid && waitpid(hook->pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (hook->fd >= 0)
		(void)close(hook->fd);
	hook->fd = -1;
	hook->pid = 0;
}

/* Its time is over. */
static void stop(struct kith_hook *hook)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	const char *program = place(&path);

	reap(hook, true);
	if (program)
		say(hook, program, KITH_HOOK_KILLED);
}

/* --- one after the other ---------------------------------------------------------------------- */

static void begin_next(struct kith_hook *hook)
{
	while (!hook->pid && hook->n > 0) {
		struct kith_hook_word *word = &hook->words[hook->first];
		run(hook, word);
		kith_buf_free(&word->text);
		hook->first = (hook->first + 1) % KITH_HOOKS_MAX;
		hook->n--;
	}
}

void kith_hook_tell(struct kith_hook *hook, const char *kind, struct kith_span text)
{
	struct kith_hook_word *word = &hook->words[(hook->first + hook->n) % KITH_HOOKS_MAX];

	if (hook->n == KITH_HOOKS_MAX)
		return;
	*word = (struct kith_hook_word){0};
	(void)snprintf(word->kind, sizeof word->kind, "%s", kind);
	if (kith_buf_add(&word->text, text.p, text.n))
		return;
	hook->n++;
	begin_next(hook);
}

static bool has_ended(const struct kith_hook *hook)
{
	struct pollfd p = {.fd = hook->fd, .events = POLLIN};

	return hook->fd < 0 || poll(&p, 1, 0) > 0;
}

uint64_t kith_hook_tick(struct kith_hook *hook)
{
	uint64_t now = now_ms();

	if (hook->pid && has_ended(hook))
		reap(hook, hook->fd < 0);
	else if (hook->pid && now >= hook->ends)
		stop(hook);
	begin_next(hook);
	if (!hook->pid)
		return UINT64_MAX;
	return hook->ends > now ? hook->ends - now : 0;
}

void kith_hook_free(struct kith_hook *hook)
{
	reap(hook, true);
	for (; hook->n > 0; hook->n--) {
		kith_buf_free(&hook->words[hook->first].text);
		hook->first = (hook->first + 1) % KITH_HOOKS_MAX;
	}
}
