/* SPDX-License-Identifier: MIT
 *
 * The invitation that I show, and the one that I came with.  proto/session.md, "Scan instead of
 * compare".
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/auto.h"
#include "card/uri.h"
#include "node/inside.h"

#define TEXT_MAX 480 /* bytes, of control.def */
#define ROWS_SHARE                                                                                 \
	(KITH_QUEUE_MAX / 2) /* of the client's queue; the rest is for what cannot wait */

/* --- mine ------------------------------------------------------------------------------------- */

/* As it is now; empty while nobody can come. */
static enum kith_err my_text(struct kith_node *node, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct kith_invite invite = node->reach;

	if (!node->announced || node->port == 0 || invite.n == 0)
		return KITH_OK;
	memcpy(invite.key, node->pair.key, sizeof invite.key);
	memcpy(invite.ik, kith_identity_ik(node->id), sizeof invite.ik);
	invite.port = node->port;
	enum kith_err err = kith_invite_write(&invite, &bytes);
	return err ? err : kith_uri_write(KITH_URI_INVITE, kith_buf_span(&bytes), out);
}

static void tell(struct kith_node *node, struct client *c)
{
	KITH_AUTO_BUF struct kith_buf text = {0};

	c->invite_due = false;
	if (my_text(node, &text) || text.n > TEXT_MAX)
		return;
	if (kith_link_send(&c->link, &kith_control_invitation_schema,
		    &(struct kith_control_invitation){.text = kith_buf_span(&text)}) ==
		KITH_ERR_NODE)
		c->link.broken = true;
}

/* Whether the keys that it would name are there to stay.  If not, the new ones are announced in a
 * moment, and it is told then; only while somebody is in a session the old ones hold. */
static bool keys_stand(const struct kith_node *node)
{
	bool busy = node->room && kith_room_busy(node->room) > 0;

	return node->announced && (busy || !node->rekey);
}

void node_invite_tell(struct kith_node *node)
{
	if (!node->swap.client || !keys_stand(node))
		return;
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct client *c = &node->clients[i];
		if (c->used && c->invites && c->invite_due && !c->link.broken &&
			(c->ready_told || node->swap.client != c) &&
			kith_link_waiting(&c->link) < ROWS_SHARE)
			tell(node, c);
	}
}

void node_invite_show(struct kith_node *node, struct client *client, bool show)
{
	if (show && !node->swap.client) {
		node_control_refuse(client, KITH_ERR_MISSING,
			"there is nothing to invite to: start kith swap first, and leave it running");
		return;
	}
	client->invites = client->invite_due = show;
	node_invite_tell(node);
}

void node_invite_changed(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		node->clients[i].invite_due = node->clients[i].invites;
	node_invite_tell(node);
}

void node_invite_over(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct client *c = &node->clients[i];
		if (c->used && c->invites && !c->link.broken)
			node_control_refuse(c, KITH_ERR_MISSING, "the swap has ended");
		c->invites = false;
	}
}

/* --- theirs ----------------------------------------------------------------------------------- */

size_t node_invite_endpoints(const struct kith_node *node, const uint8_t key[static 32],
	char out[static KITH_INVITE_ADDRESSES_MAX][81])
{
	struct kith_invite to = node->swap.to;

	if (to.n == 0 || memcmp(to.key, key, 32) != 0)
		return 0;
	kith_invite_prune(&to, &node->reach);
	for (size_t i = 0; i < to.n; i++) {
		char ip[INET6_ADDRSTRLEN] = "";
		bool v6 = to.at[i].v6;
		(void)inet_ntop(v6 ? AF_INET6 : AF_INET, to.at[i].bytes, ip, sizeof ip);
		(void)snprintf(out[i], 81, v6 ? "[%s]:%u" : "%s:%u", ip, (unsigned)to.port);
	}
	return to.n;
}

void node_invite_call(struct kith_node *node)
{
	struct swap *s = &node->swap;

	if (!s->client || s->to.n == 0 || s->called)
		return;
	s->called = true;
	enum kith_err err = kith_room_invited(node->room, s->to.key, s->to.ik);
	if (err == KITH_ERR_OWNKEY)
		node_control_refuse(s->client, KITH_ERR_VALUE,
			"that is your own invitation; it is for the other person");
	else if (err)
		node_control_refuse(s->client, err, NULL);
}
