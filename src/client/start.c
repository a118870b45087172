/* SPDX-License-Identifier: MIT */
#include "client/start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/auto.h"
#include "base/diag.h"

/* The descriptors of a node that a client starts, as numbers and as arguments. */
#define CLIENT_FD          3
#define CLIENT_FD_TEXT     "3"
#define PASSPHRASE_FD      4
#define PASSPHRASE_FD_TEXT "4"
#define FREE_FD            5 /* the first one that is neither */

/* Standard error stays: it is the person's.  passphrase is a descriptor, -1 for none.  Returns 0 or
 * an error number: these functions leave errno alone. */
static int spawn(const struct kith_client_options *o, int client, int passphrase, pid_t *ret_pid)
{
	const char *program = o->program ? o->program : "/proc/self/exe";
	const char *argv[11] = {"kith", "--home", o->home, "node", "--client-fd", CLIENT_FD_TEXT};
	size_t n = 6;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	extern char **environ;
	int bad;

	if (o->interface && *o->interface) {
		argv[n++] = "--interface";
		argv[n++] = o->interface;
	}
	if (passphrase >= 0) {
		argv[n++] = "--passphrase-fd";
		argv[n++] = PASSPHRASE_FD_TEXT;
	}
	if ((bad = posix_spawn_file_actions_init(&actions)))
		return bad;
	if ((bad = posix_spawnattr_init(&attr))) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return bad;
	}
	/* Not the terminal: the node reads nothing and says everything through us. */
	if (!(bad = kith_spawn_apart(&attr)) &&
		!(bad = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)) &&
		!(bad = posix_spawn_file_actions_adddup2(&actions, 0, 1)) &&
		!(bad = posix_spawn_file_actions_adddup2(&actions, client, CLIENT_FD)) &&
		(passphrase < 0 || !(bad = posix_spawn_file_actions_adddup2(
					     &actions, passphrase, PASSPHRASE_FD))))
		bad = posix_spawn(ret_pid, program, &actions, &attr, (char *const *)argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad;
}

/* Out of the way of the numbers above: dup2 onto itself would keep the close-on-exec mark. */
static int moved_up(int fd)
{
	int up = fcntl(fd, F_DUPFD_CLOEXEC, FREE_FD);

	(void)close(fd);
	return up;
}

/* The reading end of a pipe in which the passphrase lies as a line; -1 without one. */
static enum kith_err fill_pipe(
	const struct kith_passphrase *passphrase, int *ret_fd, struct kith_diag *diag)
{
	int ends[2];

	*ret_fd = -1;
	if (!passphrase)
		return KITH_OK;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return kith_fail(diag, KITH_ERR_NODE, "no pipe for a node: %s", strerror(errno));
	enum kith_err err = kith_passphrase_write(passphrase, ends[1], diag);
	(void)close(ends[1]);
	*ret_fd = moved_up(ends[0]);
	if (!err && *ret_fd < 0)
		err = kith_fail(diag, KITH_ERR_NODE, "no pipe for a node: %s", strerror(errno));
	return err;
}

enum kith_err kith_client_start(const struct kith_client_options *options,
	const struct kith_passphrase *passphrase, int *ret_fd, pid_t *ret_pid,
	struct kith_diag *diag)
{
	int pair[2];
	KITH_AUTO_FD int in_pipe = -1;
	enum kith_err err = fill_pipe(passphrase, &in_pipe, diag);

	if (err)
		return err;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return kith_fail(diag, KITH_ERR_NODE, "no socket for a node: %s", strerror(errno));
	KITH_AUTO_FD int ours = pair[0];
	KITH_AUTO_FD int theirs = moved_up(pair[1]);
	int bad = theirs < 0 ? errno : spawn(options, theirs, in_pipe, ret_pid);
	if (bad) {
		*ret_pid = 0;
		return kith_fail(diag, KITH_ERR_NODE, "cannot start a node: %s", strerror(bad));
	}
	*ret_fd = ours;
	ours = -1;
	return KITH_OK;
}
