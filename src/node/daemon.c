/* SPDX-License-Identifier: MIT */
#include "node/inside.h"

#include <sys/inotify.h>
#include <unistd.h>

#define RUN_DIR       "/run"
#define DAEMON_DIR    "/run/avahi-daemon"
#define DAEMON_SOCKET DAEMON_DIR "/socket"

bool node_daemon_runs(void)
{
	return access(DAEMON_SOCKET, F_OK) == 0;
}

/* Both folders: the daemon's own may not exist yet. */
int node_daemon_watch(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -1;
	(void)inotify_add_watch(fd, RUN_DIR, IN_CREATE | IN_ONLYDIR);
	(void)inotify_add_watch(fd, DAEMON_DIR, IN_CREATE | IN_DELETE | IN_ONLYDIR);
	return fd;
}

void node_daemon_changed(struct kith_node *node)
{
	char events[4096];

	while (read(node->inotify_fd, events, sizeof events) > 0)
		;
	(void)inotify_add_watch(node->inotify_fd, DAEMON_DIR, IN_CREATE | IN_DELETE | IN_ONLYDIR);
	/* Only a change of the mode is worth a new courier. */
	bool uses = node->helper.discovery == 2;
	node->renew = node->helper.discovery && node_daemon_runs() != uses;
}
