/* SPDX-License-Identifier: MIT */
#include <kith/client.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/home.h"
#include "message/link.h"

#define PROTOCOL_VERSION 1
#define CLIENT_FD        3
#define CLIENT_FD_TEXT   "3"
#define GOODBYE_MS       3000 /* the node's own goodbye, and its courier's */

_Static_assert(KITH_PEER_CHARS == KITH_HANDLE_MAX + 1, "client.h and limits.def");
_Static_assert(KITH_NAME_BYTES == KITH_FIELD_NAME_MAX + 1, "client.h and limits.def");

struct kith_client {
	struct kith_link link;
	pid_t node; /* 0 when it was running before us */
};

/* The node that runs already; -1 when there is none. */
static int connect_to(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, path, strlen(path) + 1);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* A session of its own: a Ctrl-C at the terminal is the client's business, who hangs up in order. */
static bool set_apart(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	return posix_spawnattr_setsigmask(attr, &none) == 0 &&
	       posix_spawnattr_setsigdefault(attr, &all) == 0 &&
	       posix_spawnattr_setflags(attr,
		       POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID) == 0;
}

/* Starts `kith --home HOME node --client-fd 3`.  Standard error stays: it is the person's. */
static enum kith_err spawn(const struct kith_client_options *o, int fd, pid_t *ret_pid)
{
	const char *program = o->program ? o->program : "/proc/self/exe";
	const char *argv[] = {
		"kith", "--home", o->home, "node", "--client-fd", CLIENT_FD_TEXT, NULL, NULL, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	extern char **environ;

	if (o->interface && *o->interface) {
		argv[6] = "--interface";
		argv[7] = o->interface;
	}
	if (posix_spawn_file_actions_init(&actions) != 0)
		return KITH_ERR_NOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return KITH_ERR_NOMEM;
	}
	/* Not the terminal: the node reads nothing and says everything through us. */
	int bad = !set_apart(&attr) ||
		  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0) ||
		  posix_spawn_file_actions_adddup2(&actions, 0, 1) ||
		  posix_spawn_file_actions_adddup2(&actions, fd, CLIENT_FD) ||
		  posix_spawn(ret_pid, program, &actions, &attr, (char *const *)argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return bad ? KITH_ERR_NODE : KITH_OK;
}

static enum kith_err start_node(
	const struct kith_client_options *o, struct kith_client *c, struct kith_diag *diag)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return kith_fail(diag, KITH_ERR_NODE, "no socket for a node: %s", strerror(errno));
	/* dup2 onto itself would keep the close-on-exec mark */
	int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, CLIENT_FD + 1);
	(void)close(pair[1]);
	enum kith_err err = theirs < 0 ? KITH_ERR_NODE : spawn(o, theirs, &c->node);
	if (theirs >= 0)
		(void)close(theirs);
	if (err) {
		(void)close(pair[0]);
		c->node = 0;
		return kith_fail(diag, err, "cannot start a node: %s", strerror(errno));
	}
	kith_link_init(&c->link, pair[0]);
	return KITH_OK;
}

enum kith_err kith_client_open(
	const struct kith_client_options *options, struct kith_client **ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct kith_client *c;
	enum kith_err err = kith_home_socket(options->home, &path, diag);

	if (err == KITH_ERR_MISSING)
		return kith_fail(
			diag, KITH_ERR_NOIDENTITY, "%s", kith_err_text(KITH_ERR_NOIDENTITY));
	if (err)
		return err;
	c = calloc(1, sizeof *c);
	if (!c)
		return KITH_ERR_NOMEM;
	int fd = connect_to((const char *)path.p);
	if (fd >= 0)
		kith_link_init(&c->link, fd);
	else if ((err = start_node(options, c, diag))) {
		free(c);
		return err;
	}
	*ret = c;
	return KITH_OK;
}

void kith_client_close(struct kith_client *c)
{
	if (!c)
		return;
	kith_link_close(&c->link);
	if (c->node > 0) {
		int pid_fd = (int)syscall(SYS_pidfd_open, c->node, 0);
		struct pollfd p = {.fd = pid_fd, .events = POLLIN};
		if (pid_fd >= 0 && poll(&p, 1, GOODBYE_MS) == 0)
			(void)kill(c->node, SIGKILL);
		if (pid_fd >= 0)
			(void)close(pid_fd);
		while (waitpid(c->node, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(c);
}

int kith_client_fd(const struct kith_client *c)
{
	return c->link.fd;
}

/* --- decisions -------------------------------------------------------------------------------- */

enum kith_err kith_client_swap(struct kith_client *c, const struct kith_swap_options *o)
{
	return kith_link_send(&c->link, &kith_control_swap_schema,
		&(struct kith_control_swap){.version = PROTOCOL_VERSION,
			.event = kith_span_str(o->event ? o->event : ""),
			.hidden = o->hidden,
			.gives = !o->receive_only,
			.attended = !o->unattended,
			.long_code = o->long_code});
}

enum kith_err kith_client_nearby(struct kith_client *c)
{
	return kith_link_send(&c->link, &kith_control_nearby_schema,
		&(struct kith_control_nearby){.version = PROTOCOL_VERSION});
}

enum kith_err kith_client_pick(struct kith_client *c, const char *peer)
{
	return kith_link_send(&c->link, &kith_control_pick_schema,
		&(struct kith_control_pick){.peer = kith_span_str(peer)});
}

enum kith_err kith_client_answer(struct kith_client *c, const char *peer, bool yes)
{
	return kith_link_send(&c->link, &kith_control_answer_schema,
		&(struct kith_control_answer){.peer = kith_span_str(peer), .yes = yes});
}

enum kith_err kith_client_compared(struct kith_client *c, const char *peer, bool same)
{
	return kith_link_send(&c->link, &kith_control_compared_schema,
		&(struct kith_control_compared){.peer = kith_span_str(peer), .same = same});
}

enum kith_err kith_client_cancel(struct kith_client *c, const char *peer)
{
	return kith_link_send(&c->link, &kith_control_cancel_schema,
		&(struct kith_control_cancel){.peer = kith_span_str(peer)});
}

/* --- events ----------------------------------------------------------------------------------- */

static void copy(char *to, size_t cap, struct kith_span s)
{
	size_t n = s.n < cap - 1 ? s.n : cap - 1;

	if (n)
		memcpy(to, s.p, n);
	to[n] = 0;
}

/* Unpacks one kind of message and fills in what it holds. */
#define EVENT(NAME, message, ...)                                                                  \
	case KITH_TYPE_CONTROL_##NAME: {                                                           \
		struct kith_control_##message m;                                                   \
		ev->kind = KITH_EVENT_##NAME;                                                      \
		if (kith_unpack(&kith_control_##message##_schema, bytes, &m))                      \
			return KITH_ERR_PROTOCOL;                                                  \
		__VA_ARGS__;                                                                       \
		return KITH_OK;                                                                    \
	}
#define PEER copy(ev->peer, sizeof ev->peer, m.peer)
#define NAME copy(ev->name, sizeof ev->name, m.name)

static enum kith_err read_event(uint64_t type, struct kith_span bytes, struct kith_event *ev)
{
	*ev = (struct kith_event){0};
	switch (type) {
		EVENT(READY, ready, copy(ev->name, sizeof ev->name, m.visible_as),
			ev->discovery = (int)m.discovery, ev->visible = m.visible)
		EVENT(SEEN, seen, PEER, NAME)
		EVENT(GONE, gone, PEER)
		EVENT(REQUEST, request, PEER, NAME, ev->gives = m.gives, ev->attended = m.attended)
		EVENT(WITHDRAWN, withdrawn, PEER)
		EVENT(ASKING, asking, PEER)
		EVENT(UNREACHABLE, unreachable, PEER)
		EVENT(CODE, code, PEER, NAME, copy(ev->code, sizeof ev->code, m.code),
			ev->gives = m.gives, ev->attended = m.attended)
		EVENT(SWAPPED, swapped, PEER, memcpy(ev->ik, m.ik.p, sizeof ev->ik),
			ev->delivered = m.delivered)
		EVENT(FAILED, failed, PEER, ev->error = (enum kith_err)(-(int)m.error),
			ev->pending = m.pending)
		EVENT(NOTICE, notice, copy(ev->text, sizeof ev->text, m.text))
		EVENT(REFUSED, refused, copy(ev->text, sizeof ev->text, m.text),
			ev->error = (enum kith_err)(-(int)m.error))
	default:
		return KITH_ERR_PROTOCOL;
	}
}

enum kith_err kith_client_next(struct kith_client *c, struct kith_event *ret_event)
{
	struct kith_span bytes;
	uint64_t type;

	kith_link_flush(&c->link);
	enum kith_err err = kith_link_receive(&c->link, &bytes, &type);
	if (err == KITH_ERR_MISSING || err == KITH_ERR_NODE || err == KITH_ERR_NOMEM)
		return err;
	return err ? KITH_ERR_PROTOCOL : read_event(type, bytes, ret_event);
}
