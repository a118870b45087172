/* SPDX-License-Identifier: MIT */
#include "node/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/auto.h"
#include "base/diag.h"

#define COURIER_FD  3
#define WARY_DEATHS 2                    /* once is chance */
#define GOODBYE_MS  (2 * KITH_LINGER_MS) /* for the last messages and the mDNS goodbye */

static int set_descriptors(posix_spawn_file_actions_t *actions, int fd)
{
	int bad = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);

	for (int i = 1; !bad && i < COURIER_FD; i++)
		bad = posix_spawn_file_actions_adddup2(actions, 0, i);
	if (!bad)
		bad = posix_spawn_file_actions_adddup2(actions, fd, COURIER_FD);
	/* Whatever the person's shell had open has no business there. */
	return bad ? bad : posix_spawn_file_actions_addclosefrom_np(actions, COURIER_FD + 1);
}

/* Returns 0 or an error number: these functions leave errno alone. */
static int spawn(const char *program, int fd, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char name[] = "kith-courier";
	char *const argv[] = {name, NULL};
	char *const envp[] = {NULL};
	int bad;

	if ((bad = posix_spawn_file_actions_init(&actions)))
		return bad;
	if ((bad = posix_spawnattr_init(&attr))) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return bad;
	}
	if (!(bad = kith_spawn_apart(&attr)) && !(bad = set_descriptors(&actions, fd)))
		bad = posix_spawn(ret_pid, program, &actions, &attr, argv, envp);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad;
}

enum kith_err kith_helper_start(struct kith_helper *h, struct kith_diag *diag)
{
	struct kith_courier_start start = {.version = KITH_COURIER_VERSION,
		.interface = kith_span_str(h->interface),
		.wary = h->wary};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return kith_fail(diag, KITH_ERR_COURIER, "no socket for the network helper: %s",
			strerror(errno));
	/* Out of the way of 0 to 3, which the courier gets anew; and dup2 onto itself would keep the
	 * close-on-exec mark. */
	KITH_AUTO_FD int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, COURIER_FD + 1);
	int bad = theirs < 0 ? errno : 0;
	(void)close(pair[1]);
	if (!bad)
		bad = spawn(h->program, theirs, &h->pid);
	if (bad) {
		(void)close(pair[0]);
		h->pid = 0;
		return kith_fail(
			diag, KITH_ERR_COURIER, "cannot start %s: %s", h->program, strerror(bad));
	}
	kith_link_init(&h->link, pair[0]);
	h->discovery = 0;
	return kith_link_send(&h->link, &kith_courier_start_schema, &start);
}

static void reap(struct kith_helper *h)
{
	if (h->pid > 0) {
		(void)kill(h->pid, SIGKILL);
		while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	h->pid = 0;
	h->discovery = 0;
	kith_link_close(&h->link);
}

void kith_helper_died(struct kith_helper *h, uint64_t now)
{
	static const uint64_t back_off[] = {200, 1000, 5000};

	reap(h);
	h->deaths[h->died++ % KITH_COURIER_DEATHS_MAX] = now;
	size_t recent = 0;
	for (size_t i = 0; i < KITH_COURIER_DEATHS_MAX && i < h->died; i++)
		recent += now - h->deaths[i] <= KITH_DEATHS_MS;
	h->wary = recent >= WARY_DEATHS;
	h->paused = recent >= KITH_COURIER_DEATHS_MAX;
	size_t step = recent < 3 ? recent : 3;
	h->start_at = now + (h->paused ? KITH_PAUSE_MS : back_off[step ? step - 1 : 0]);
}

static int64_t now_ms(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What waits in the queue leaves, in GOODBYE_MS altogether: who reads slowly gets no more time. */
static void send_rest(struct kith_helper *h)
{
	struct pollfd out = {.fd = h->link.fd, .events = POLLOUT};
	int64_t until = now_ms() + GOODBYE_MS, left;

	while (kith_link_wants_out(&h->link) && !h->link.broken && (left = until - now_ms()) > 0 &&
		poll(&out, 1, (int)left) > 0)
		kith_link_flush(&h->link);
}

/* Lets it say goodbye: its end of the socket closes when it has. */
static void farewell(struct kith_helper *h)
{
	int pid_fd = h->pid > 0 ? (int)syscall(SYS_pidfd_open, h->pid, 0) : -1;
	struct pollfd p = {.fd = pid_fd, .events = POLLIN};

	send_rest(h);
	kith_link_close(&h->link);
	if (pid_fd >= 0) {
		(void)poll(&p, 1, GOODBYE_MS);
		(void)close(pid_fd);
	}
}

void kith_helper_renew(struct kith_helper *h, uint64_t now)
{
	farewell(h);
	reap(h);
	h->wary = false;
	h->start_at = now;
}

void kith_helper_stop(struct kith_helper *h)
{
	farewell(h);
	reap(h);
}
