/* SPDX-License-Identifier: MIT */
#include "base/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/auto.h"
#include "base/beside.h"
#include "base/diag.h"

#define PIECE 65536

/* One that runs, and the pipes to it. */
struct run {
	const char *const *words;
	struct kith_span in;  /* what is still to be given */
	struct kith_buf *out; /* what came is appended */
	size_t out_max;       /* and so long it may be with that */
	pid_t pid;
	int to, from; /* -1: closed */
	int64_t until;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static int64_t now_ms(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- start ------------------------------------------------------------------------------------ */

static int set_descriptors(posix_spawn_file_actions_t *actions, int in, int out)
{
	int bad = posix_spawn_file_actions_adddup2(actions, in, STDIN_FILENO);

	if (!bad)
		bad = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
	if (!bad)
		bad = posix_spawn_file_actions_addopen(
			actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	return bad ? bad : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

/* Returns 0 or an error number: these functions leave errno alone. */
static int spawn(struct run *r, const char *path, int in, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char *const envp[] = {NULL};
	int bad;

	if ((bad = posix_spawn_file_actions_init(&actions)))
		return bad;
	if ((bad = posix_spawnattr_init(&attr))) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return bad;
	}
	if (!(bad = kith_spawn_apart(&attr)) && !(bad = set_descriptors(&actions, in, out)))
		bad = posix_spawn(&r->pid, path, &actions, &attr, (char *const *)r->words, envp);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad;
}

/* A pipe whose ends are out of the way of 0 to 2: dup2 onto itself would keep the close-on-exec mark.
 * False with errno. */
static bool make_pipe(int ends[2])
{
	int low[2];

	ends[0] = ends[1] = -1;
	if (pipe2(low, O_CLOEXEC) < 0)
		return false;
	for (int i = 0; i < 2; i++)
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int why = errno;
	(void)close(low[0]);
	(void)close(low[1]);
	errno = why;
	return ends[0] >= 0 && ends[1] >= 0;
}

/* Our end never waits. */
static bool is_patient(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

static enum kith_err start(struct run *r, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	const char *program = kith_beside(r->words[0], &path);
	int in[2] = {-1, -1}, out[2] = {-1, -1};

	if (!program)
		return kith_fail(diag, KITH_ERR_HELPER,
			"%s is missing, or others can write there; it belongs beside kith, or in "
			"../libexec/kith",
			r->words[0]);
	int bad = make_pipe(in) && make_pipe(out) && is_patient(in[1]) && is_patient(out[0])
			  ? spawn(r, program, in[0], out[1])
			  : errno;
	close_fd(&in[0]);
	close_fd(&out[1]);
	r->to = in[1];
	r->from = out[0];
	return bad ? kith_fail(diag, KITH_ERR_HELPER, "cannot start %s: %s", r->words[0],
			     strerror(bad))
		   : KITH_OK;
}

/* --- talk ------------------------------------------------------------------------------------- */

/* It may have seen enough, and close its end: then it is told no more. */
static void give(struct run *r)
{
	ssize_t n = r->in.n ? write(r->to, r->in.p, r->in.n) : 0;

	if (n > 0)
		r->in = kith_span(r->in.p + n, r->in.n - (size_t)n);
	if (r->in.n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&r->to);
}

/* False: it says more than was asked for, or there is no memory for it. */
static bool hear(struct run *r)
{
	uint8_t *p;

	if (kith_buf_more(r->out, PIECE, &p))
		return false;
	ssize_t n = read(r->from, p, PIECE);
	r->out->n -= PIECE - (n > 0 ? (size_t)n : 0);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&r->from);
	return r->out->n <= r->out_max;
}

static bool talk(struct run *r)
{
	while (r->from >= 0) {
		struct pollfd p[] = {{r->from, POLLIN, 0}, {r->to, POLLOUT, 0}};
		int64_t left = r->until - now_ms();
		int n = left > 0 ? poll(p, 2, (int)left) : 0;
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0 && p[0].revents && !hear(r))
			return false;
		if (n > 0 && p[1].revents)
			give(r);
	}
	return true;
}

/* Its exit status; -1: it was ended by a signal, or did not end in time and is killed. */
static int reap(struct run *r, bool now)
{
	int fd = now ? -1 : (int)syscall(SYS_pidfd_open, r->pid, 0);
	struct pollfd p = {fd, POLLIN, 0};
	int64_t left = r->until - now_ms();
	int status = 0;

	if (fd < 0 || poll(&p, 1, left > 0 ? (int)left : 0) != 1)
		(void)kill(r->pid, SIGKILL);
	close_fd(&fd);
	while (waitpid(r->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- all of it ------------------------------------------------------------------------------- */

enum kith_err kith_filter_run(const struct kith_filter *filter, struct kith_buf *out,
	int *ret_status, struct kith_diag *diag)
{
	size_t before = out->n;
	struct run r = {.words = filter->words,
		.in = filter->in,
		.out = out,
		.out_max = before + filter->out_max,
		.to = -1,
		.from = -1,
		.until = now_ms() + filter->ms};
	enum kith_err err = start(&r, diag);
	bool whole = !err && talk(&r);

	close_fd(&r.to);
	close_fd(&r.from);
	if (err)
		return err;
	int status = reap(&r, !whole);
	if (!whole || status != 0)
		out->n = before;
	*ret_status = whole ? status : -1;
	return KITH_OK;
}
