/* SPDX-License-Identifier: MIT */
#include "node/inside.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/home.h"
#include "base/text.h"

#define NOTICE_MAX  400 /* bytes, of control.def */
#define REFUSED_MAX 500
#define NODE_LOCKED                                                                                \
	"the node in the background is locked, since the key has a passphrase; kith unlock opens it"

/* Of a client's queue: rows and the courier's words leave room for our own sentences, and those for
 * what a decision rests on. */
#define ROWS_SHARE    (KITH_QUEUE_MAX / 2)
#define NOTICES_SHARE (KITH_QUEUE_MAX / 4 * 3)

enum kith_err node_control_open(struct kith_node *node, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	enum kith_err err = kith_home_socket(node->options.home, &path, diag);

	if (err)
		return err;
	memcpy(addr.sun_path, path.p, path.n + 1);
	KITH_AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* We hold the home's lock, so a socket that is left there is a dead node's. */
	(void)unlink(addr.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0)
		return kith_fail(diag, KITH_ERR_IO, "cannot listen at %s: %s", addr.sun_path,
			strerror(errno));
	memcpy(node->socket_path, addr.sun_path, path.n + 1);
	if (chmod(addr.sun_path, 0600) < 0 || listen(fd, KITH_CLIENTS_MAX) < 0)
		return kith_fail(diag, KITH_ERR_IO, "cannot listen at %s: %s", addr.sun_path,
			strerror(errno));
	node->listen_fd = fd;
	fd = -1;
	return KITH_OK;
}

void node_control_close(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		if (node->clients[i].used)
			kith_link_close(&node->clients[i].link);
	if (node->listen_fd >= 0)
		(void)close(node->listen_fd);
	if (node->socket_path[0])
		(void)unlink(node->socket_path);
}

/* One too many: told why, since what hangs up at once is taken for a node that ends. */
static void turn_away(int fd)
{
	struct client c = {0};
	char text[REFUSED_MAX + 1];

	(void)snprintf(text, sizeof text,
		"%d programs speak with this node already; end one of them (kith watch, kith swap, "
		"kith nearby)",
		KITH_CLIENTS_MAX);
	kith_link_init(&c.link, fd);
	node_control_refuse(&c, KITH_ERR_BUSY, text);
	kith_link_close(&c.link);
}

void node_control_add(struct kith_node *node, int fd, bool owner)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		if (node->clients[i].used)
			continue;
		node->clients[i] = (struct client){.used = true, .owner = owner};
		listing_join(&node->listing, i);
		kith_link_init(&node->clients[i].link, fd);
		return;
	}
	turn_away(fd);
}

void node_control_accept(struct kith_node *node)
{
	struct ucred who;
	socklen_t n = sizeof who;
	int fd = accept4(node->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0 || who.uid != geteuid())
		(void)close(fd);
	else
		node_control_add(node, fd, false);
}

void node_control_drop(struct kith_node *node, struct client *client)
{
	bool swaps = node->swap.client == client;

	kith_link_close(&client->link);
	client->used = false;
	client->watching = client->follows = false;
	if (client->owner)
		node->stop = true;
	if (swaps)
		node_swap_end(node);
	if (node->helper.link.fd >= 0 && !node->stop)
		node_look(node);
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell(struct client *client, const struct kith_schema *schema, const void *msg)
{
	enum kith_err err = kith_link_send(&client->link, schema, msg);

	if (err && err != KITH_ERR_NODE)
		client->link.broken = true; /* our own mistake; better to part than to go on */
}

/* A sentence may quote a path, which need not be UTF-8: made inert, and cut to what the message
 * holds. */
static struct kith_span sentence(const char *text, char *out, size_t cap)
{
	return kith_span_str(kith_show_in(out, cap, kith_span_str(text), cap - 1));
}

static void refuse(struct client *client, enum kith_err err, const struct kith_diag *diag)
{
	char text[REFUSED_MAX + 1];

	tell(client, &kith_control_refused_schema,
		&(struct kith_control_refused){.error = (uint64_t)-err,
			.text = sentence(kith_diag_text(diag, err), text, sizeof text)});
}

void node_control_refuse_owner(
	struct kith_node *node, enum kith_err err, const struct kith_diag *diag)
{
	if (node->clients[0].used && node->clients[0].owner)
		refuse(&node->clients[0], err, diag);
}

/* Left out when that many datagrams wait already. */
static void notice_below(struct client *client, const char *text, size_t share)
{
	char shown[NOTICE_MAX + 1];
	struct kith_control_notice m = {.text = sentence(text, shown, sizeof shown)};

	if (m.text.n > 0 && kith_link_waiting(&client->link) < share)
		tell(client, &kith_control_notice_schema, &m);
}

static void notice(struct client *client, const char *text)
{
	notice_below(client, text, NOTICES_SHARE);
}

static size_t place_of(const struct kith_node *node, const struct client *client)
{
	return (size_t)(client - node->clients);
}

static void tell_row(struct kith_node *node, struct client *client, const struct listing_word *word)
{
	struct kith_span peer = kith_span_str(word->peer), name = kith_span_str(word->name);

	if (word->here)
		tell(client, &kith_control_seen_schema,
			&(struct kith_control_seen){.peer = peer,
				.name = name,
				.alike = word->known ? kith_span("", 0) : node_alike(node, name),
				.ik = kith_span(word->ik, word->known ? sizeof word->ik : 0),
				.known = kith_span_str(word->known_as)});
	else
		tell(client, &kith_control_gone_schema, &(struct kith_control_gone){.peer = peer});
}

void node_control_rows(struct kith_node *node, struct client *client)
{
	struct listing_word word;

	while (client->used && client->ready_told && !client->link.broken &&
		kith_link_waiting(&client->link) < ROWS_SHARE &&
		listing_next(&node->listing, place_of(node, client), &word))
		tell_row(node, client, &word);
}

void node_control_refuse(struct client *client, enum kith_err err, const char *text)
{
	struct kith_diag diag = {0};

	if (text)
		(void)kith_fail(&diag, err, "%s", text);
	refuse(client, err, text ? &diag : NULL);
}

void node_control_rows_all(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		node_control_rows(node, &node->clients[i]);
}

/* Nothing is said about a row before the row itself. */
static void tell_row_first(struct kith_node *node, struct client *client, const char *peer)
{
	struct listing_word word;

	while (client->ready_told && !client->link.broken &&
		listing_before(&node->listing, place_of(node, client), peer, &word))
		tell_row(node, client, &word);
}

void node_control_ready(struct kith_node *node)
{
	const char *bare = node_courier_bare(node);

	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct client *c = &node->clients[i];
		bool swaps = node->swap.client == c;
		if (!c->used || !c->watching || c->ready_told || !node->helper.discovery ||
			(swaps && !node->announced))
			continue;
		c->ready_told = true;
		tell(c, &kith_control_ready_schema,
			&(struct kith_control_ready){.discovery = node->helper.discovery,
				.visible = swaps && !node->swap.hidden,
				.visible_as = swaps ? node->swap.self.label : kith_span("", 0)});
		if (bare)
			notice(c, bare);
		node_control_rows(node, c);
		if (swaps)
			node_invite_call(node);
	}
}

void node_control_notice(struct kith_node *node, const char *text)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		if (node->clients[i].used && node->clients[i].watching)
			notice(&node->clients[i], text);
}

/* Not in our own voice. */
void node_control_courier_says(struct kith_node *node, struct kith_span text)
{
	char shown[NOTICE_MAX + 1], said[NOTICE_MAX + 64];

	(void)snprintf(said, sizeof said, "The network helper says: %s",
		kith_show_in(shown, sizeof shown, text, NOTICE_MAX));
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		if (node->clients[i].used && node->clients[i].watching)
			notice_below(&node->clients[i], said, ROWS_SHARE + 1);
}

/* The name as a label: REQUEST, ACCEPT and TXT hold at most LABEL_MAX bytes. */
static struct kith_span label_of(const struct kith_news *news)
{
	struct kith_span l = news->name;

	return kith_text_cut(l, KITH_LABEL_MAX);
}

void node_control_news(struct kith_node *node, const struct kith_news *news)
{
	struct client *c = node->swap.client;
	struct kith_span peer = kith_span_str(news->peer);
	struct kith_span name = label_of(news);

	switch (news->kind) {
	case KITH_NEWS_SEEN:
		listing_seen(&node->listing, news->peer, name);
		node_control_rows_all(node);
		return;
	case KITH_NEWS_GONE:
		node_present_gone(node, news->peer);
		listing_gone(&node->listing, news->peer);
		node_control_rows_all(node);
		return;
	case KITH_NEWS_KNOWN:
		node_present_known(node, news->peer, news->contact);
		node_control_rows_all(node);
		return;
	case KITH_NEWS_STRANGER:
		node_present_gone(node, news->peer);
		listing_known(&node->listing, news->peer, kith_span("", 0), NULL);
		node_control_rows_all(node);
		return;
	default:
		break;
	}
	if (!c)
		return;
	tell_row_first(node, c, news->peer);
	switch (news->kind) {
	case KITH_NEWS_SEEN:
	case KITH_NEWS_GONE:
	case KITH_NEWS_KNOWN:
	case KITH_NEWS_STRANGER:
		break;
	case KITH_NEWS_REQUEST:
		tell(c, &kith_control_request_schema,
			&(struct kith_control_request){.peer = peer,
				.name = name,
				.alike = node_alike(node, name),
				.gives = news->gives,
				.attended = news->attended});
		break;
	case KITH_NEWS_WITHDRAWN:
		tell(c, &kith_control_withdrawn_schema,
			&(struct kith_control_withdrawn){.peer = peer});
		break;
	case KITH_NEWS_CALLING:
		tell(c, &kith_control_calling_schema, &(struct kith_control_calling){.peer = peer});
		break;
	case KITH_NEWS_ASKING:
		tell(c, &kith_control_asking_schema, &(struct kith_control_asking){.peer = peer});
		break;
	case KITH_NEWS_UNREACHABLE:
		tell(c, &kith_control_unreachable_schema,
			&(struct kith_control_unreachable){.peer = peer});
		break;
	case KITH_NEWS_CODE:
		tell(c, &kith_control_code_schema,
			&(struct kith_control_code){.peer = peer,
				.name = name,
				.alike = node_alike(node, name),
				.code = kith_span_str(news->code),
				.gives = news->gives,
				.attended = news->attended,
				.scanned = news->scanned});
		break;
	case KITH_NEWS_SWAPPED:
		node_alike_forget(node);
		tell(c, &kith_control_swapped_schema,
			&(struct kith_control_swapped){.peer = peer,
				.ik = kith_span(news->ik, 32),
				.delivered = news->delivered});
		break;
	case KITH_NEWS_FAILED:
		tell(c, &kith_control_failed_schema,
			&(struct kith_control_failed){.peer = peer,
				/* out of turn: their fault; STATE is for my own decisions */
				.error = (uint64_t) - (news->error == KITH_ERR_STATE
								      ? KITH_ERR_PROTOCOL
								      : news->error),
				.pending = news->pending});
		break;
	case KITH_NEWS_CUT:
		node_control_notice(node,
			"The connection broke. If the codes were the same, say so: the swap then "
			"completes when you meet again.");
		break;
	case KITH_NEWS_HELD:
		tell(c, &kith_control_held_schema,
			&(struct kith_control_held){.waiting = news->waiting});
		break;
	case KITH_NEWS_MIDDLE:
		node_control_notice(node,
			"Five or more comparisons have failed in ten minutes: somebody here may be "
			"in the middle. Compare every code with care, or swap elsewhere. Requests "
			"are held back until you ask to see them.");
		break;
	}
}

/* --- listening -------------------------------------------------------------------------------- */

/* What was told to everybody before this client came. */
static void catch_up(struct kith_node *node, struct client *client)
{
	const char *fault = node_courier_fault(node);

	if (node->offline)
		notice(client, NODE_OFFLINE);
	if (fault)
		notice(client, fault);
}

static enum kith_err take_swap(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_diag diag = {0};
	struct kith_control_swap m;
	enum kith_err err = kith_unpack(&kith_control_swap_schema, bytes, &m);

	if (err)
		return err;
	if (m.version != KITH_CONTROL_VERSION)
		err = kith_fail(&diag, KITH_ERR_VERSION,
			"the node in the background is of another version; end it and try again");
	else if (!node->id)
		err = kith_fail(&diag, KITH_ERR_PASSPHRASE, NODE_LOCKED);
	else if (node->swap.client || client->watching)
		err = kith_fail(&diag, KITH_ERR_BUSY,
			"a swap is running already for this home, in another window");
	if (!err)
		client->watching = true;
	if (!err && (err = node_swap_begin(node, client, &m, &diag)))
		client->watching = false;
	if (err) {
		refuse(client, err, &diag);
		return KITH_OK;
	}
	catch_up(node, client);
	if (node->helper.link.fd >= 0)
		node_look(node);
	return KITH_OK;
}

static enum kith_err take_nearby(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_control_nearby m;
	enum kith_err err = kith_unpack(&kith_control_nearby_schema, bytes, &m);

	if (err)
		return err;
	if (!node->id || m.version != KITH_CONTROL_VERSION || client->watching) {
		node_control_refuse(client, node->id ? KITH_ERR_VERSION : KITH_ERR_PASSPHRASE,
			node->id ? NULL : NODE_LOCKED);
		return KITH_OK;
	}
	client->watching = true;
	catch_up(node, client);
	node_known_decide(node);
	if (node->helper.link.fd >= 0)
		node_look(node);
	node_control_ready(node);
	return KITH_OK;
}

static enum kith_err take_status(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_control_status m;
	enum kith_err err = kith_unpack(&kith_control_status_schema, bytes, &m);

	if (!err && m.version != KITH_CONTROL_VERSION)
		refuse(client, KITH_ERR_VERSION, NULL);
	else if (!err)
		node_state_tell(node, client);
	return err;
}

static enum kith_err take_watch(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_control_watch m;
	enum kith_err err = kith_unpack(&kith_control_watch_schema, bytes, &m);

	if (err)
		return err;
	if (m.version != KITH_CONTROL_VERSION || client->follows) {
		refuse(client, KITH_ERR_VERSION, NULL);
		return KITH_OK;
	}
	node_watch_join(node, client);
	node_known_decide(node);
	node_state_tell(node, client);
	return KITH_OK;
}

/* Nothing of it stays: not in the message, which is wiped when the next one is read. */
static enum kith_err unlock(struct kith_node *node, struct kith_span text, struct kith_diag *diag)
{
	struct kith_passphrase *passphrase = NULL;
	enum kith_err err = kith_passphrase_new(text, &passphrase, diag);

	if (!err)
		err = node_key_open(node, passphrase, diag);
	kith_passphrase_free(passphrase);
	return err;
}

static enum kith_err take_unlock(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_control_unlock m;
	struct kith_diag diag = {0};
	enum kith_err bad = KITH_OK, err = kith_unpack(&kith_control_unlock_schema, bytes, &m);

	if (!err && !node->id)
		bad = unlock(node, m.passphrase, &diag);
	kith_buf_clear(&client->link.in);
	if (!err && bad)
		refuse(client, bad, &diag);
	else if (!err)
		node_state_tell(node, client);
	return err;
}

static enum kith_err take_lock(struct kith_node *node, struct client *client)
{
	bool protected = false;
	enum kith_err err = kith_identity_is_protected(node->options.home, &protected, NULL);

	if (err || !protected) {
		node_control_refuse(client, KITH_ERR_PASSPHRASE,
			"the key has no passphrase, so there is nothing to lock it with");
		return KITH_OK;
	}
	node_key_close(node);
	node_state_tell(node, client);
	return KITH_OK;
}

static enum kith_err take_where(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_control_where m;
	struct kith_diag diag = {0};
	enum kith_err bad = KITH_OK, err = kith_unpack(&kith_control_where_schema, bytes, &m);

	if (err)
		return err;
	if (m.change)
		bad = node_where_set(node, (enum node_where)m.where);
	if (m.here && !bad)
		bad = node_where_mark(node, &diag);
	if (kith_err_exit(bad) == kith_err_exit(KITH_ERR_STORE))
		node_control_refuse(client, bad, kith_store_why(node->store));
	else if (bad)
		refuse(client, bad, &diag);
	else
		node_state_tell(node, client);
	return KITH_OK;
}

/* What a decision met. */
static void answer(struct client *client, struct kith_span peer, enum kith_err err)
{
	if (err)
		tell(client, &kith_control_failed_schema,
			&(struct kith_control_failed){.peer = peer, .error = (uint64_t)-err});
}

/* It may have ended while the person thought: `late` is what that counts as, KITH_OK when the end
 * itself has been told. */
static enum kith_err unless_over(enum kith_err err, enum kith_err late)
{
	return err == KITH_ERR_STATE || err == KITH_ERR_NOPERSON ? late : err;
}

static enum kith_err take_decision(
	struct kith_node *node, struct client *client, uint64_t type, struct kith_span bytes)
{
	struct kith_control_pick pick;
	struct kith_control_answer yes;
	struct kith_control_compared compared;
	struct kith_control_cancel cancel;
	struct kith_control_requests requests;
	enum kith_err err;

	if (node->swap.client != client)
		return KITH_ERR_STATE;
	(void)node_swap_refresh(node); /* a failure was told; the card at hand still is a card */
	if (node->swap.client != client || !node->room)
		return KITH_OK; /* the key was rotated: what it was about is over, and was told */
	switch (type) {
	case KITH_TYPE_CONTROL_PICK:
		if (!(err = kith_unpack(&kith_control_pick_schema, bytes, &pick)))
			answer(client, pick.peer, kith_room_pick(node->room, pick.peer));
		return err;
	case KITH_TYPE_CONTROL_ANSWER:
		if (!(err = kith_unpack(&kith_control_answer_schema, bytes, &yes)))
			answer(client, yes.peer,
				unless_over(kith_room_answer(node->room, yes.peer, yes.yes),
					KITH_ERR_BROKEN));
		return err;
	case KITH_TYPE_CONTROL_COMPARED:
		if (!(err = kith_unpack(&kith_control_compared_schema, bytes, &compared)))
			answer(client, compared.peer,
				unless_over(kith_room_compared(
						    node->room, compared.peer, compared.same),
					KITH_OK));
		return err;
	case KITH_TYPE_CONTROL_CANCEL:
		if (!(err = kith_unpack(&kith_control_cancel_schema, bytes, &cancel)))
			answer(client, cancel.peer,
				unless_over(kith_room_cancel(node->room, cancel.peer), KITH_OK));
		return err;
	case KITH_TYPE_CONTROL_REQUESTS:
		if (!(err = kith_unpack(&kith_control_requests_schema, bytes, &requests)))
			kith_room_show(node->room);
		return err;
	default:
		return KITH_ERR_TYPE;
	}
}

/* From any client: another window may show what a swap here invites to. */
static enum kith_err take_invite(
	struct kith_node *node, struct client *client, struct kith_span bytes)
{
	struct kith_control_invite m;
	enum kith_err err = kith_unpack(&kith_control_invite_schema, bytes, &m);

	if (!err)
		node_invite_show(node, client, m.show);
	return err;
}

static enum kith_err take(
	struct kith_node *node, struct client *client, uint64_t type, struct kith_span bytes)
{
	switch (type) {
	case KITH_TYPE_CONTROL_SWAP:
		return take_swap(node, client, bytes);
	case KITH_TYPE_CONTROL_NEARBY:
		return take_nearby(node, client, bytes);
	case KITH_TYPE_CONTROL_INVITE:
		return take_invite(node, client, bytes);
	case KITH_TYPE_CONTROL_STATUS:
		return take_status(node, client, bytes);
	case KITH_TYPE_CONTROL_WATCH:
		return take_watch(node, client, bytes);
	case KITH_TYPE_CONTROL_UNLOCK:
		return take_unlock(node, client, bytes);
	case KITH_TYPE_CONTROL_LOCK:
		return take_lock(node, client);
	case KITH_TYPE_CONTROL_WHERE:
		return take_where(node, client, bytes);
	default:
		return take_decision(node, client, type, bytes);
	}
}

void node_control_read(struct kith_node *node, struct client *client)
{
	for (int i = 0; i < KITH_QUEUE_MAX && client->used; i++) {
		struct kith_span bytes;
		uint64_t type;
		enum kith_err err = kith_link_receive(&client->link, &bytes, &type);
		if (err == KITH_ERR_MISSING)
			return;
		if (!err)
			err = take(node, client, type, bytes);
		if (err) {
			client->link.broken = true;
			return;
		}
	}
}
