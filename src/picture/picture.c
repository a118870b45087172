/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

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
#include "base/limits.h"
#include "picture/answer.h"
#include "picture/header.h"
#include "picture/order.h"
#include "base/diag.h"
#include <stdio.h>

#define PROGRAM   "kith-picture"
#define WORDS_MAX 6
#define PIECE     65536

/* What is asked of it, and the pipes to it. */
struct ask {
	const char *words[WORDS_MAX]; /* argv, NULL at the end */
	struct kith_span in;          /* what is still to be given */
	struct kith_buf *out;         /* what came is appended */
	size_t out_max;
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
static int spawn(struct ask *a, const char *path, int in, int out)
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
		bad = posix_spawn(&a->pid, path, &actions, &attr, (char *const *)a->words, envp);
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

static enum kith_err start(struct ask *a, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	const char *program = kith_beside(PROGRAM, &path);
	int in[2] = {-1, -1}, out[2] = {-1, -1};

	if (!program)
		return kith_fail(diag, KITH_ERR_HELPER,
			PROGRAM " is missing; it belongs beside kith, or in ../libexec/kith");
	int bad = make_pipe(in) && make_pipe(out) && is_patient(in[1]) && is_patient(out[0])
			  ? spawn(a, program, in[0], out[1])
			  : errno;
	close_fd(&in[0]);
	close_fd(&out[1]);
	a->to = in[1];
	a->from = out[0];
	return bad ? kith_fail(diag, KITH_ERR_HELPER, "cannot start " PROGRAM ": %s", strerror(bad))
		   : KITH_OK;
}

/* --- talk ------------------------------------------------------------------------------------- */

/* It may have seen enough, and close its end: then it is told no more. */
static void give(struct ask *a)
{
	ssize_t n = a->in.n ? write(a->to, a->in.p, a->in.n) : 0;

	if (n > 0)
		a->in = kith_span(a->in.p + n, a->in.n - (size_t)n);
	if (a->in.n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&a->to);
}

/* False: it says more than was asked for, or there is no memory for it. */
static bool hear(struct ask *a)
{
	uint8_t *p;

	if (kith_buf_more(a->out, PIECE, &p))
		return false;
	ssize_t n = read(a->from, p, PIECE);
	a->out->n -= PIECE - (n > 0 ? (size_t)n : 0);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&a->from);
	return a->out->n <= a->out_max;
}

static bool talk(struct ask *a)
{
	while (a->from >= 0) {
		struct pollfd p[] = {{a->from, POLLIN, 0}, {a->to, POLLOUT, 0}};
		int64_t left = a->until - now_ms();
		int n = left > 0 ? poll(p, 2, (int)left) : 0;
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0 && p[0].revents && !hear(a))
			return false;
		if (n > 0 && p[1].revents)
			give(a);
	}
	return true;
}

/* Its exit status; -1: it was ended by a signal, or did not end in time and is killed. */
static int reap(struct ask *a, bool now)
{
	int fd = now ? -1 : (int)syscall(SYS_pidfd_open, a->pid, 0);
	struct pollfd p = {fd, POLLIN, 0};
	int64_t left = a->until - now_ms();
	int status = 0;

	if (fd < 0 || poll(&p, 1, left > 0 ? (int)left : 0) != 1)
		(void)kill(a->pid, SIGKILL);
	close_fd(&fd);
	while (waitpid(a->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- what came of it -------------------------------------------------------------------------- */

static enum kith_err fail_status(struct kith_diag *diag, int status)
{
	switch (status) {
	case KITH_PICTURE_OTHER:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"that is no picture that kith reads; it reads JPEG, PNG and WebP");
	case KITH_PICTURE_DAMAGED:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the picture is damaged, or not all of it is there");
	case KITH_PICTURE_HUGE:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the picture has more than %d million pixels; make it smaller first",
			KITH_PICTURE_PIXELS_MAX / 1000000);
	case KITH_PICTURE_TIGHT:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"there is too little room for a picture that still shows something");
	case KITH_PICTURE_CAGE:
		return kith_fail(diag, KITH_ERR_HELPER,
			"pictures are read in a cage alone, and this system makes none");
	case KITH_PICTURE_ORDER:
		return kith_fail(
			diag, KITH_ERR_HELPER, PROGRAM " is of another version than this kith");
	default:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the picture was given up: reading it took too long, too much memory, or "
			"ended " PROGRAM);
	}
}

/* Asks, and appends at most out_max bytes to out; what is there already stays on failure. */
static enum kith_err ask(struct ask *a, struct kith_diag *diag)
{
	size_t before = a->out->n;
	enum kith_err err;

	if (a->in.n > KITH_PICTURE_FILE_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "a picture may have %d MiB, not more",
			KITH_PICTURE_FILE_MAX >> 20);
	a->out_max += before;
	a->until = now_ms() + KITH_PICTURE_MS;
	if ((err = start(a, diag))) {
		close_fd(&a->to);
		close_fd(&a->from);
		return err;
	}
	bool whole = talk(a);
	close_fd(&a->to);
	close_fd(&a->from);
	int status = reap(a, !whole);
	if (whole && status == KITH_PICTURE_DONE)
		return KITH_OK;
	a->out->n = before;
	return fail_status(diag, status);
}

static enum kith_err fail_answer(struct kith_buf *out, size_t before, struct kith_diag *diag)
{
	out->n = before;
	return fail_status(diag, -1);
}

/* --- the questions ---------------------------------------------------------------------------- */

#define NUMBER_CHARS 12

static const char *number(char text[static NUMBER_CHARS], size_t n)
{
	(void)snprintf(text, NUMBER_CHARS, "%u", n < UINT32_MAX ? (unsigned)n : UINT32_MAX);
	return text;
}

static const char *const kinds[] = {NULL, "jpeg", "png", "webp"};

static bool begins(struct kith_span s, const char *with, size_t n)
{
	return s.n >= n && memcmp(s.p, with, n) == 0;
}

const char *kith_picture_kind(struct kith_span s)
{
	if (begins(s, "\xff\xd8\xff", 3))
		return kinds[KITH_PICTURE_JPEG];
	if (begins(s, "\x89PNG\r\n\x1a\n", 8))
		return kinds[KITH_PICTURE_PNGFILE];
	if (begins(s, "RIFF", 4) && s.n >= 12 && memcmp(s.p + 8, "WEBP", 4) == 0)
		return kinds[KITH_PICTURE_WEBP];
	return NULL;
}

static uint32_t number_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

enum kith_err kith_picture_check(
	struct kith_span bytes, struct kith_picture_info *ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct ask a = {.words = {PROGRAM, "check"}, .in = bytes, .out = &out, .out_max = 9};
	struct kith_picture_info info = {.format = kith_picture_kind(bytes)};

	if (!info.format)
		return fail_status(diag, KITH_PICTURE_OTHER);
	enum kith_err err = ask(&a, diag);
	if (err)
		return err;
	if (out.n != 9 || out.p[0] >= sizeof kinds / sizeof kinds[0] ||
		kinds[out.p[0]] != info.format)
		return fail_answer(&out, 0, diag);
	info.width = number_at(out.p + 1);
	info.height = number_at(out.p + 5);
	uint64_t pixels = (uint64_t)info.width * info.height;
	if (pixels == 0 || pixels > KITH_PICTURE_PIXELS_MAX)
		return fail_answer(&out, 0, diag);
	*ret = info;
	return KITH_OK;
}

/* Whether what was appended is what a word asked for. */
static bool came(const struct kith_buf *out, size_t before, const char *with, size_t n)
{
	return begins(kith_span(out->p + before, out->n - before), with, n);
}

enum kith_err kith_picture_take(
	struct kith_span bytes, size_t max, struct kith_buf *out, struct kith_diag *diag)
{
	char text[NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "take", number(text, max)},
		.in = bytes,
		.out = out,
		.out_max = max};
	enum kith_err err = ask(&a, diag);

	if (!err && !kith_picture_is_taken(kith_span(out->p + before, out->n - before)))
		return fail_answer(out, before, diag);
	return err;
}

/* Room for as many pixels with nothing saved, and for what stands around them. */
static size_t drawn_max(uint32_t side)
{
	return (size_t)side * side * 6 + PIECE;
}

enum kith_err kith_picture_png(
	struct kith_span bytes, uint32_t side, struct kith_buf *out, struct kith_diag *diag)
{
	char text[NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "png", number(text, side)},
		.in = bytes,
		.out = out,
		.out_max = drawn_max(side)};
	enum kith_err err = ask(&a, diag);

	if (!err && !came(out, before, "\x89PNG\r\n\x1a\n", 8))
		return fail_answer(out, before, diag);
	return err;
}

enum kith_err kith_picture_sixel(
	struct kith_span bytes, uint32_t side, struct kith_buf *out, struct kith_diag *diag)
{
	char text[NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "sixel", number(text, side)},
		.in = bytes,
		.out = out,
		.out_max = drawn_max(side)};
	enum kith_err err = ask(&a, diag);

	if (!err && !kith_picture_is_sixel(kith_span(out->p + before, out->n - before), side))
		return fail_answer(out, before, diag);
	return err;
}

#define CODES_MAX 65536 /* bytes of all texts; one code holds 2953 */

/* Lengths and texts, to the end. */
static bool are_codes(struct kith_span s)
{
	while (s.n >= 4) {
		size_t n = number_at(s.p);
		if (n > s.n - 4)
			return false;
		s = kith_span(s.p + 4 + n, s.n - 4 - n);
	}
	return s.n == 0;
}

enum kith_err kith_picture_codes(
	struct kith_span bytes, struct kith_buf *out, struct kith_diag *diag)
{
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "codes"}, .in = bytes, .out = out, .out_max = CODES_MAX};
	enum kith_err err = ask(&a, diag);

	if (!err && !are_codes(kith_span(out->p + before, out->n - before)))
		return fail_answer(out, before, diag);
	return err;
}

enum kith_err kith_picture_plot(const uint8_t *dark, size_t side, size_t quiet, size_t scale,
	struct kith_buf *out, struct kith_diag *diag)
{
	char texts[3][NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "plot", number(texts[0], side), number(texts[1], quiet),
				number(texts[2], scale)},
		.in = kith_span(dark, side * side),
		.out = out,
		.out_max = drawn_max(KITH_PICTURE_SIDE_MAX)};
	enum kith_err err = ask(&a, diag);

	if (!err && !came(out, before, "\x89PNG\r\n\x1a\n", 8))
		return fail_answer(out, before, diag);
	return err;
}
