/* SPDX-License-Identifier: MIT
 *
 * The process that runs the hook and shows notifications: a watcher like any other, without the key.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/apart.h"
#include "node/inside.h"

#define STARTS_MAX 5
#define GOODBYE_MS 1000

static int spawn(struct kith_node *node, pid_t *ret_pid)
{
	const char *const argv[] = {"kith", "--home", node->options.home, "watch", "--act", NULL};
	extern char **environ;
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
		!(bad = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)) &&
		!(bad = posix_spawn_file_actions_adddup2(&actions, 0, 1)) &&
		!(bad = posix_spawn_file_actions_addclosefrom_np(&actions, 3)))
		bad = posix_spawn(
			ret_pid, "/proc/self/exe", &actions, &attr, (char *const *)argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad;
}

void node_actor_start(struct kith_node *node)
{
	struct actor *a = &node->actor;

	if (node->options.client_fd >= 0 || node->options.alone || a->starts == STARTS_MAX)
		return;
	a->starts++;
	if (spawn(node, &a->pid)) {
		a->pid = 0;
		return;
	}
	a->fd = (int)syscall(SYS_pidfd_open, a->pid, 0);
}

static void reap(struct actor *a)
{
	while (a->pid > 0 && waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
		;
	a->pid = 0;
	if (a->fd >= 0)
		(void)close(a->fd);
	a->fd = -1;
}

void node_actor_ended(struct kith_node *node)
{
	reap(&node->actor);
	node_actor_start(node);
}

/* It has seen that its client socket closed, and ends with what it runs. */
void node_actor_stop(struct kith_node *node)
{
	struct actor *a = &node->actor;
	struct pollfd p = {.fd = a->fd, .events = POLLIN};

	if (a->pid <= 0)
		return;
	(void)kill(a->pid, SIGTERM);
	if (a->fd < 0 || poll(&p, 1, GOODBYE_MS) <= 0)
		(void)kill(a->pid, SIGKILL);
	reap(a);
}
