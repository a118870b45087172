/* SPDX-License-Identifier: MIT
 *
 * kith-courier - finds people on the network and carries bytes for kith (proto/courier.md).
 * Not to be started by hand: descriptor 3 is its socket to the node.
 */
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/env.h>

#include "base/limits.h"
#include "courier/courier.h"

#define NODE_FD      3
#define LAST_WORDS_S 2 /* to say goodbye in, after SIGTERM */

static int wake = -1; /* tells the loop of a signal */

static void on_term(int number)
{
	uint64_t one = 1;

	(void)number;
	(void)alarm(LAST_WORDS_S);
	if (write(wake, &one, sizeof one) < 0)
		_exit(EXIT_FAILURE);
}

static void woken(void *ctx)
{
	kith_poller_stop(ctx, EXIT_SUCCESS);
}

static bool limit(int what, rlim_t most)
{
	struct rlimit r = {most, most};

	return setrlimit(what, &r) == 0;
}

/* Before anything else: what a stranger can make this process use or leave behind. */
static bool confine(void)
{
	bool ok = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, KITH_COURIER_FILES_MAX);

#ifndef KITH_SANITIZED
	ok = ok && limit(RLIMIT_AS, KITH_COURIER_MEMORY_MAX);
#endif
	/* One heap for all threads; each of its own would take 64 MiB of the address space. */
	(void)mallopt(M_ARENA_MAX, 1);
	(void)umask(077);
	return ok && chdir("/") == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == 0;
}

static bool listen_to_signals(struct kith_poller *p)
{
	struct sigaction term = {.sa_handler = on_term};

	wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake < 0 || !kith_poller_add(p, NULL, wake, woken, p))
		return false;
	(void)signal(SIGPIPE, SIG_IGN);
	return sigaction(SIGTERM, &term, NULL) == 0;
}

/* Is descriptor 3 what the node hands over? */
static bool from_node(void)
{
	int type = 0;
	socklen_t n = sizeof type;

	return getsockopt(NODE_FD, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_SEQPACKET &&
	       fcntl(NODE_FD, F_SETFD, FD_CLOEXEC) == 0;
}

int main(void)
{
	struct kith_poller poller;
	struct kith_courier *courier;
	unsigned seed;

	/* Whatever the person's shell had open has no business here. */
	if (close_range(NODE_FD + 1, ~0u, 0) < 0 || !confine() || !from_node())
		return EXIT_FAILURE;
	/* libzmq and Avahi draw from rand() what others on the network must not foresee. */
	kith_env_default()->random(NULL, (uint8_t *)&seed, sizeof seed);
	srand(seed);
	kith_poller_init(&poller);
	courier = listen_to_signals(&poller) ? kith_courier_new(&poller, NODE_FD) : NULL;
	if (!courier || !kith_poller_run(&poller))
		kith_poller_stop(&poller, EXIT_FAILURE);
	kith_courier_free(courier);
	kith_poller_free(&poller);
	return poller.status;
}
