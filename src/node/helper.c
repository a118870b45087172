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
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"

#define PROTOCOL_VERSION 1
#define COURIER_FD       3
#define GOODBYE_MS       (2 * KITH_LINGER_MS) /* for the last messages and the mDNS goodbye */

static enum kith_err spawn(const char *program, int fd, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	char name[] = "kith-courier";
	char *const argv[] = {name, NULL};
	char *const envp[] = {NULL};

	(void)sigemptyset(&none);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return KITH_ERR_NOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return KITH_ERR_NOMEM;
	}
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	int bad = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0) ||
		  posix_spawn_file_actions_adddup2(&actions, 0, 1) ||
		  posix_spawn_file_actions_adddup2(&actions, 0, 2) ||
		  posix_spawn_file_actions_adddup2(&actions, fd, COURIER_FD) ||
		  posix_spawn(ret_pid, program, &actions, &attr, argv, envp);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad ? KITH_ERR_COURIER : KITH_OK;
}

enum kith_err kith_helper_start(struct kith_helper *h, struct kith_diag *diag)
{
	struct kith_courier_start start = {
		.version = PROTOCOL_VERSION, .interface = kith_span_str(h->interface)};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return kith_fail(diag, KITH_ERR_COURIER, "no socket for the network helper: %s",
			strerror(errno));
	KITH_AUTO_FD int theirs = pair[1];
	/* A descriptor that already is COURIER_FD would keep its close-on-exec mark through dup2. */
	if (theirs == COURIER_FD) {
		theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, COURIER_FD + 1);
		(void)close(pair[1]);
	}
	if (spawn(h->program, theirs, &h->pid)) {
		(void)close(pair[0]);
		h->pid = 0;
		return kith_fail(
			diag, KITH_ERR_COURIER, "cannot start %s: %s", h->program, strerror(errno));
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
	h->paused = recent >= KITH_COURIER_DEATHS_MAX;
	size_t step = recent < 3 ? recent : 3;
	h->start_at = now + (h->paused ? KITH_PAUSE_MS : back_off[step ? step - 1 : 0]);
}

/* Lets it say goodbye: its end of the socket closes when it has. */
static void farewell(struct kith_helper *h)
{
	int pid_fd = h->pid > 0 ? (int)syscall(SYS_pidfd_open, h->pid, 0) : -1;
	struct pollfd p = {.fd = pid_fd, .events = POLLIN};

	while (kith_link_wants_out(&h->link) && !h->link.broken) {
		struct pollfd out = {.fd = h->link.fd, .events = POLLOUT};
		if (poll(&out, 1, GOODBYE_MS) <= 0)
			break;
		kith_link_flush(&h->link);
	}
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
	h->start_at = now;
}

void kith_helper_stop(struct kith_helper *h)
{
	farewell(h);
	reap(h);
}
