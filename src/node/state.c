/* SPDX-License-Identifier: MIT
 *
 * How the node is, in one message.
 */
#include <stdio.h>
#include <unistd.h>

#include "node/inside.h"
#include "store/settle.h"

#define NETWORK_TEXT 200 /* bytes, of control.def */
#define TROUBLE_TEXT 400

/* Why there is no key, as its file is now. */
static const char *locked(const struct kith_node *node)
{
	bool protected = false;
	enum kith_err err = kith_identity_is_protected(node->options.home, &protected, NULL);

	return err == KITH_ERR_MISSING
		       ? "The key is gone from the home; put it back with kith key restore."
	       : err || !protected
		       ? "The key cannot be opened; kith key show says why."
		       : "The key has a passphrase and is locked; kith unlock opens it.";
}

/* Why nobody is recognised where only known networks count. */
static const char *unknown(const struct kith_places *p)
{
	if (p->n == 0)
		return NODE_OFFLINE;
	for (size_t i = 0; i < p->n; i++)
		if (!p->at[i].id[0])
			return "The router here has not been heard yet, so this network is not "
			       "known: nobody is recognised here until it is.";
	return p->more ? "This machine is in more networks at once than are looked up: nobody is "
			 "recognised here.  kith node --interface NAME looks at one alone."
		       : "This network is not known: nobody is recognised here.  kith node --here "
			 "makes it known.";
}

/* What keeps it from doing its work, or NULL. */
static const char *trouble(const struct kith_node *node)
{
	const char *fault = node_courier_fault(node);

	if (!node->id)
		return locked(node);
	if (fault)
		return fault;
	if (node->copied)
		return kith_home_copied_words;
	if (node->offline)
		return NODE_OFFLINE;
	return node->where == KITH_NODE_KNOWN && !node->familiar ? unknown(&node->places) : NULL;
}

/* Somebody has a tie for each key of mine that they may know; the ties of one stand together. */
static size_t people(const struct kith_circle *circle)
{
	size_t n = 0;

	for (size_t i = 0; i < kith_circle_size(circle); i++)
		n += i == 0 ||
		     kith_circle_at(circle, i)->contact != kith_circle_at(circle, i - 1)->contact;
	return n;
}

static void networks(const struct kith_node *node, char out[static NETWORK_TEXT + 1])
{
	size_t at = 0;

	out[0] = 0;
	for (size_t i = 0; i < node->places.n && at < NETWORK_TEXT; i++)
		at += (size_t)snprintf(out + at, NETWORK_TEXT + 1 - at, "%s%s", i ? ", " : "",
			node->places.at[i].name);
}

void node_state_tell(struct kith_node *node, struct client *client)
{
	char network[NETWORK_TEXT + 1], shown[TROUBLE_TEXT + 1];
	const char *text;

	if (!node->id) /* it may have lost its passphrase this moment */
		node_key_look(node);
	node_where_look(node);
	text = trouble(node);
	networks(node, network);
	struct kith_control_state m = {.version = KITH_CONTROL_VERSION,
		.pid = (uint64_t)getpid(),
		.since = (uint64_t)node->since,
		.background = node->options.client_fd < 0,
		.locked = !node->id,
		.discovery = node->helper.discovery,
		.where = node->where,
		.recognises = node->recognises,
		.familiar = node->familiar,
		.network = kith_span_str(network),
		.ties = people(node->circle),
		.left_out = node->keep ? kith_keep_left_out(node->keep) : 0,
		.swaps = node->swap.client != NULL,
		.trouble = kith_span_str(
			text ? kith_show_in(shown, sizeof shown, kith_span_str(text), TROUBLE_TEXT)
			     : "")};
	if (kith_link_send(&client->link, &kith_control_state_schema, &m))
		client->link.broken = true;
}
