/* SPDX-License-Identifier: MIT */
#include <kith/client.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/home.h"
#include "client/start.h"
#include "crypto/passphrase.h"
#include "message/link.h"

#define PROTOCOL_VERSION 1
#define GOODBYE_MS       3000 /* the node's own goodbye, and its courier's */

_Static_assert(KITH_PEER_CHARS == KITH_HANDLE_MAX + 1, "client.h and limits.def");
_Static_assert(KITH_NAME_BYTES == KITH_FIELD_NAME_MAX + 1, "client.h and limits.def");

struct kith_client {
	struct kith_client_options options; /* strings are copies */
	struct kith_link link;
	pid_t node;                                  /* 0 when it was running before us */
	bool told;                                   /* a first event has come */
	enum { NOTHING, SWAP, NEARBY, WATCH } first; /* what I have asked for */
	struct kith_swap_options swap;               /* event points into the next */
	char event[KITH_EVENT_MAX + 1];
	char card[KITH_CARD_NAME_MAX + 1];
	uint8_t invite[KITH_INVITE_MAX];
	struct kith_node_state state;
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

/* Asks for the passphrase of a key that has one; what else is wrong with the key, the node says. */
static enum kith_err ask(const struct kith_client_options *o,
	const struct kith_passphrase **ret_passphrase, struct kith_diag *diag)
{
	bool protected;

	*ret_passphrase = NULL;
	if (!o->passphrase || kith_identity_is_protected(o->home, &protected, NULL) || !protected)
		return KITH_OK;
	return o->passphrase(o->ctx, ret_passphrase, diag);
}

static enum kith_err start(
	struct kith_client *c, const struct kith_passphrase *passphrase, struct kith_diag *diag)
{
	int fd;
	enum kith_err err = kith_client_start(&c->options, passphrase, &fd, &c->node, diag);

	if (!err)
		kith_link_init(&c->link, fd);
	return err;
}

static enum kith_err connect_or_start(
	struct kith_client *c, const char *path, struct kith_diag *diag)
{
	const struct kith_passphrase *passphrase = NULL;
	enum kith_err err;
	int fd = connect_to(path);

	if (fd < 0 && c->options.running)
		return kith_fail(diag, KITH_ERR_MISSING, "no node runs for this home");
	if (fd < 0 && (err = ask(&c->options, &passphrase, diag)))
		return err;
	if (fd < 0 && passphrase)
		fd = connect_to(path); /* one may have come up while the person was typing */
	if (fd < 0)
		return start(c, passphrase, diag);
	kith_link_init(&c->link, fd);
	return KITH_OK;
}

static void discard(struct kith_client *c)
{
	free((char *)c->options.home);
	free((char *)c->options.program);
	free((char *)c->options.interface);
	free(c);
}

/* strdup, but NULL stays NULL; *failed when memory ran out. */
static const char *copy_of(const char *s, bool *failed)
{
	char *copied = s ? strdup(s) : NULL;

	*failed |= s && !copied;
	return copied;
}

static struct kith_client *new_client(const struct kith_client_options *o)
{
	struct kith_client *c = calloc(1, sizeof *c);
	bool failed = false;

	if (!c)
		return NULL;
	c->link.fd = -1;
	c->options = *o;
	c->options.home = copy_of(o->home, &failed);
	c->options.program = copy_of(o->program, &failed);
	c->options.interface = copy_of(o->interface, &failed);
	if (!failed)
		return c;
	discard(c);
	return NULL;
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
	if (!(c = new_client(options)))
		return KITH_ERR_NOMEM;
	if ((err = connect_or_start(c, (const char *)path.p, diag))) {
		discard(c);
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
	discard(c);
}

int kith_client_fd(const struct kith_client *c)
{
	return c->link.fd;
}

static void copy(char *to, size_t cap, struct kith_span s)
{
	size_t n = s.n < cap - 1 ? s.n : cap - 1;

	if (n)
		memcpy(to, s.p, n);
	to[n] = 0;
}

/* --- decisions -------------------------------------------------------------------------------- */

static enum kith_err send_swap(struct kith_client *c, const struct kith_swap_options *o)
{
	return kith_link_send(&c->link, &kith_control_swap_schema,
		&(struct kith_control_swap){.version = PROTOCOL_VERSION,
			.event = kith_span_str(o->event ? o->event : ""),
			.hidden = o->hidden,
			.gives = !o->receive_only,
			.attended = !o->unattended,
			.long_code = o->long_code,
			.invite = o->invite.n ? o->invite : kith_span("", 0),
			.card = kith_span_str(o->card ? o->card : "")});
}

static enum kith_err send_nearby(struct kith_client *c)
{
	return kith_link_send(&c->link, &kith_control_nearby_schema,
		&(struct kith_control_nearby){.version = PROTOCOL_VERSION});
}

static enum kith_err send_watch(struct kith_client *c)
{
	return kith_link_send(&c->link, &kith_control_watch_schema,
		&(struct kith_control_watch){.version = PROTOCOL_VERSION});
}

/* A node that hangs up before it has said anything was just ending: somebody else's, whom we found
 * in its last moment.  One of our own takes its place; it waits until the other has let go. */
static enum kith_err start_over(struct kith_client *c)
{
	if (c->node || c->told || c->first == NOTHING || c->options.running)
		return KITH_ERR_NODE;
	kith_link_close(&c->link);
	c->link.broken = false;
	enum kith_err err = start(c, NULL, NULL);
	if (err)
		return err;
	return c->first == SWAP     ? send_swap(c, &c->swap)
	       : c->first == NEARBY ? send_nearby(c)
				    : send_watch(c);
}

/* A node that has ended before it took the message may have left its reason, to be read as an event;
 * and if it has left none, kith_client_next starts over. */
static enum kith_err unless_ended(enum kith_err err)
{
	return err == KITH_ERR_NODE ? KITH_OK : err;
}

enum kith_err kith_client_swap(struct kith_client *c, const struct kith_swap_options *o)
{
	enum kith_err err = unless_ended(send_swap(c, o));

	if (err)
		return err;
	c->first = SWAP;
	c->swap = *o;
	copy(c->event, sizeof c->event, kith_span_str(o->event ? o->event : ""));
	c->swap.event = c->event;
	copy(c->card, sizeof c->card, kith_span_str(o->card ? o->card : ""));
	c->swap.card = c->card;
	if (o->invite.n)
		memcpy(c->invite, o->invite.p, o->invite.n); /* it was sent, so it fits */
	c->swap.invite = kith_span(c->invite, o->invite.n);
	return KITH_OK;
}

enum kith_err kith_client_nearby(struct kith_client *c)
{
	enum kith_err err = unless_ended(send_nearby(c));

	if (!err)
		c->first = NEARBY;
	return err;
}

enum kith_err kith_client_watch(struct kith_client *c)
{
	enum kith_err err = unless_ended(send_watch(c));

	if (!err)
		c->first = WATCH;
	return err;
}

enum kith_err kith_client_status(struct kith_client *c)
{
	return unless_ended(kith_link_send(&c->link, &kith_control_status_schema,
		&(struct kith_control_status){.version = PROTOCOL_VERSION}));
}

enum kith_err kith_client_unlock(struct kith_client *c, const struct kith_passphrase *passphrase)
{
	return unless_ended(kith_link_send(&c->link, &kith_control_unlock_schema,
		&(struct kith_control_unlock){.passphrase = kith_passphrase_span(passphrase)}));
}

enum kith_err kith_client_lock(struct kith_client *c)
{
	return unless_ended(kith_link_send(
		&c->link, &kith_control_lock_schema, &(struct kith_control_lock){0}));
}

enum kith_err kith_client_where(struct kith_client *c, const enum kith_where *where, bool here)
{
	return unless_ended(kith_link_send(&c->link, &kith_control_where_schema,
		&(struct kith_control_where){.where = where ? (uint64_t)*where : 0,
			.change = where != NULL,
			.here = here}));
}

const char *kith_where_name(enum kith_where where)
{
	static const char *const names[] = {"everywhere", "known-networks", "never"};

	return names[where];
}

const struct kith_node_state *kith_client_state(const struct kith_client *c)
{
	return &c->state;
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

enum kith_err kith_client_requests(struct kith_client *c)
{
	return kith_link_send(&c->link, &kith_control_requests_schema,
		&(struct kith_control_requests){.show = true});
}

enum kith_err kith_client_invite(struct kith_client *c, bool show)
{
	return unless_ended(kith_link_send(&c->link, &kith_control_invite_schema,
		&(struct kith_control_invite){.show = show}));
}

/* --- events ----------------------------------------------------------------------------------- */

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
#define NAME copy(ev->name, sizeof ev->name, m.name), copy(ev->alike, sizeof ev->alike, m.alike)

static void read_state(struct kith_node_state *s, const struct kith_control_state *m)
{
	*s = (struct kith_node_state){.pid = (int64_t)m->pid,
		.since = (int64_t)m->since,
		.background = m->background,
		.locked = m->locked,
		.swaps = m->swaps,
		.discovery = (int)m->discovery,
		.where = (enum kith_where)m->where,
		.recognises = m->recognises,
		.familiar = m->familiar,
		.ties = (size_t)m->ties,
		.left_out = (size_t)m->left_out};
	copy(s->network, sizeof s->network, m->network);
	copy(s->trouble, sizeof s->trouble, m->trouble);
}

/* Somebody I know, who is here or is not any more. */
static enum kith_err read_here(struct kith_span bytes, struct kith_client_event *ev)
{
	struct kith_control_here m;

	if (kith_unpack(&kith_control_here_schema, bytes, &m))
		return KITH_ERR_PROTOCOL;
	ev->kind = m.here ? KITH_EVENT_HERE : KITH_EVENT_AWAY;
	ev->known = true;
	memcpy(ev->ik, m.ik.p, sizeof ev->ik);
	copy(ev->whom, sizeof ev->whom, m.name);
	return KITH_OK;
}

/* A row, and who it is when they have proven to be somebody I know. */
static void read_known(struct kith_client_event *ev, const struct kith_control_seen *m)
{
	ev->known = m->ik.n == sizeof ev->ik;
	if (ev->known)
		memcpy(ev->ik, m->ik.p, sizeof ev->ik);
	copy(ev->whom, sizeof ev->whom, m->known);
}

static enum kith_err read_event(uint64_t type, struct kith_span bytes, struct kith_client_event *ev,
	struct kith_node_state *state)
{
	*ev = (struct kith_client_event){0};
	switch (type) {
		EVENT(READY, ready, copy(ev->name, sizeof ev->name, m.visible_as),
			ev->discovery = (int)m.discovery, ev->visible = m.visible)
		EVENT(SEEN, seen, PEER, NAME, read_known(ev, &m))
		EVENT(GONE, gone, PEER)
		EVENT(REQUEST, request, PEER, NAME, ev->gives = m.gives, ev->attended = m.attended)
		EVENT(WITHDRAWN, withdrawn, PEER)
		EVENT(CALLING, calling, PEER)
		EVENT(ASKING, asking, PEER)
		EVENT(UNREACHABLE, unreachable, PEER)
		EVENT(CODE, code, PEER, NAME, copy(ev->code, sizeof ev->code, m.code),
			ev->gives = m.gives, ev->attended = m.attended, ev->scanned = m.scanned)
		EVENT(SWAPPED, swapped, PEER, memcpy(ev->ik, m.ik.p, sizeof ev->ik),
			ev->delivered = m.delivered)
		EVENT(FAILED, failed, PEER, ev->error = (enum kith_err)(-(int)m.error),
			ev->pending = m.pending)
		EVENT(HELD, held, ev->waiting = m.waiting)
		EVENT(NOTICE, notice, copy(ev->text, sizeof ev->text, m.text))
		EVENT(REFUSED, refused, copy(ev->text, sizeof ev->text, m.text),
			ev->error = (enum kith_err)(-(int)m.error))
	case KITH_TYPE_CONTROL_INVITATION: {
		struct kith_control_invitation m;
		if (kith_unpack(&kith_control_invitation_schema, bytes, &m))
			return KITH_ERR_PROTOCOL;
		ev->kind = KITH_EVENT_INVITE;
		copy(ev->text, sizeof ev->text, m.text);
		return KITH_OK;
	}
	case KITH_TYPE_CONTROL_STATE: {
		struct kith_control_state m;
		if (kith_unpack(&kith_control_state_schema, bytes, &m))
			return KITH_ERR_PROTOCOL;
		ev->kind = KITH_EVENT_STATE;
		read_state(state, &m);
		return KITH_OK;
	}
	case KITH_TYPE_CONTROL_HERE:
		return read_here(bytes, ev);
	case KITH_TYPE_CONTROL_CHANGED:
		ev->kind = KITH_EVENT_CHANGED;
		return KITH_OK;
	default:
		return KITH_ERR_PROTOCOL;
	}
}

enum kith_err kith_client_next(struct kith_client *c, struct kith_client_event *ret_event)
{
	struct kith_span bytes;
	uint64_t type;

	kith_link_flush(&c->link);
	enum kith_err err = kith_link_receive(&c->link, &bytes, &type);
	if (err == KITH_ERR_NODE)
		return start_over(c) ? KITH_ERR_NODE : KITH_ERR_MISSING;
	if (err == KITH_ERR_MISSING || err == KITH_ERR_NOMEM)
		return err;
	c->told = true;
	return err ? KITH_ERR_PROTOCOL : read_event(type, bytes, ret_event, &c->state);
}
