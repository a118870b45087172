/* SPDX-License-Identifier: MIT
 *
 * Noticing what other programs do to the home.  A command closes the store when its change is durable,
 * and that is what is waited for; a change of one that stays open is seen within IDLE_MS.
 */
#include <stdalign.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/home.h"
#include "node/inside.h"

int node_home_watch(const char *home)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd >= 0)
		(void)inotify_add_watch(fd, home, IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
	return fd;
}

static bool matters(const struct inotify_event *e)
{
	return e->mask & IN_Q_OVERFLOW ||
	       (e->len && (strncmp(e->name, KITH_HOME_STORE, strlen(KITH_HOME_STORE)) == 0 ||
				  strcmp(e->name, KITH_HOME_KEY) == 0));
}

void node_home_changed(struct kith_node *node)
{
	alignas(struct inotify_event) char events[4096];
	ssize_t n;

	while ((n = read(node->home_fd, events, sizeof events)) > 0) {
		for (char *p = events; p < events + n;) {
			const struct inotify_event *e = (const void *)p;
			if (matters(e))
				node->look = true;
			if (e->len && strcmp(e->name, KITH_HOME_KEY) == 0)
				node->key_look = true;
			p += sizeof *e + e->len;
		}
	}
}
