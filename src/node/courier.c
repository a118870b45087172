/* SPDX-License-Identifier: MIT
 *
 * What the courier says is hostile: every number is looked up, every key compared, and a datagram
 * that does not fit the page ends the courier.
 */
#include "base/base32.h"
#include "base/diag.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "node/inside.h"

#define NAME_CHARS 16 /* 80 bits of a hash in an instance or host name */

void node_courier_send(struct kith_node *node, const struct kith_schema *schema, const void *msg)
{
	if (kith_link_send(&node->helper.link, schema, msg) == KITH_ERR_NODE)
		node->helper.link.broken = true; /* the loop sees it and starts another */
}

/* "k-abcdefghijklmnop" from characters `from` on of the key's text. */
static void name_of(const char *prefix, const char *text, char out[32])
{
	size_t n = strlen(prefix);

	memcpy(out, prefix, n);
	for (size_t i = 0; i < NAME_CHARS; i++)
		out[n + i] =
			(char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 'a' - 'A' : text[i]);
	out[n + NAME_CHARS] = 0;
}

/* My name as others see it: short enough for a TXT record, cut between characters. */
static struct kith_span visible_label(const struct kith_node *node)
{
	struct kith_span l = node->swap.self.label;

	if (!node->swap.client || node->swap.hidden)
		return kith_span("", 0);
	return kith_text_cut(l, KITH_TXT_LABEL_MAX);
}

bool node_is_public(const struct kith_node *node)
{
	return node->swap.client || node->recognises;
}

void node_announce(struct kith_node *node)
{
	struct kith_span part = kith_span(node->pair.key, 32);
	char text[KITH_BASE32_CHARS(KITH_HASH_BYTES) + 1], instance[32], host[32];
	uint8_t h[KITH_HASH_BYTES];

	node->rekey = false;
	node->announced = false;
	node->recognises = node_may_recognise(node);
	kith_pair_new(node->env, &node->pair);
	kith_hash(h, "kith/1 inst", &part, 1);
	kith_base32(text, kith_span(h, sizeof h));
	name_of("k-", text, instance);
	name_of("kith-", text + NAME_CHARS, host);
	kith_room_key(node->room, node->pair.key);
	kith_room_recognise(node->room, node->recognises);
	node_courier_send(node, &kith_courier_announce_schema,
		&(struct kith_courier_announce){.key = kith_span(node->pair.key, 32),
			.secret = kith_span(node->pair.secret, 32),
			.instance = kith_span_str(instance),
			.host = kith_span_str(host),
			.label = visible_label(node),
			.publish = node_is_public(node)});
}

void node_look(struct kith_node *node)
{
	bool on = node->recognises;

	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		on = on || node->clients[i].watching;
	node_courier_send(node, &kith_courier_look_schema, &(struct kith_courier_look){.on = on});
}

void node_courier_started(struct kith_node *node)
{
	node->announced = false;
	node->reach.n = 0; /* it tells them, if there are any */
	node->networked = false;
	node->renew = false;
	if (node_is_public(node))
		node_announce(node);
	node_look(node);
}

const char *node_courier_fault(const struct kith_node *node)
{
	if (node->helper.discovery)
		return NULL;
	switch (node->helper.fault) {
	case KITH_HELPER_CRASHES:
		return node->helper.paused ? "Something nearby keeps crashing the network helper; "
					     "looking for people pauses for a minute."
					   : NULL;
	case KITH_HELPER_STRANGE:
		return "The network helper is of another version than kith: nobody can be found. "
		       "End kith, and start it again.";
	case KITH_HELPER_MISSING:
		return kith_diag_text(&node->helper.diag, KITH_ERR_COURIER);
	}
	return NULL;
}

static void tell_fault(struct kith_node *node)
{
	const char *text = node_courier_fault(node);

	if (text)
		node_control_notice(node, text);
}

void node_courier_start(struct kith_node *node)
{
	bool known = node->helper.fault == KITH_HELPER_MISSING;

	if (!kith_helper_start(&node->helper, &node->helper.diag)) {
		node_courier_started(node);
		return;
	}
	kith_helper_died(&node->helper, node->env->ticks(node->env->ctx));
	node->helper.fault = KITH_HELPER_MISSING;
	if (!known || node->helper.paused)
		tell_fault(node);
}

void node_courier_lost(struct kith_node *node)
{
	sightings_forget(node);
	if (node->room)
		kith_room_lost(node->room);
	kith_helper_died(&node->helper, node->env->ticks(node->env->ctx));
	if (node->helper.fault == KITH_HELPER_MISSING)
		node->helper.fault = KITH_HELPER_CRASHES; /* this one was started */
	if (node->helper.paused)
		tell_fault(node);
}

/* --- what it says ----------------------------------------------------------------------------- */

const char *node_courier_bare(const struct kith_node *node)
{
	static const char *const less[] = {
		"This kernel has neither Landlock nor seccomp: the network helper runs with "
		"nothing around it.",
		"This kernel has no seccomp: the network helper runs with less around it.",
		"This kernel has no Landlock: the network helper runs with less around it.",
	};
	uint64_t cage = node->helper.cage;

	return cage < sizeof less / sizeof less[0] ? less[cage] : NULL;
}

/* One that was built before or after us.  Another start may find the right one, in the midst of an
 * upgrade, or not. */
static enum kith_err refuse_version(struct kith_node *node)
{
	bool known = node->helper.fault == KITH_HELPER_STRANGE;

	node->helper.fault = KITH_HELPER_STRANGE;
	if (!known)
		tell_fault(node);
	return KITH_ERR_STATE;
}

static enum kith_err take_started(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_started m;
	enum kith_err err = kith_unpack(&kith_courier_started_schema, bytes, &m);

	if (node->helper.discovery)
		return KITH_ERR_STATE;
	if (err || m.version != KITH_COURIER_VERSION) /* another one may say more, or less */
		return refuse_version(node);
	node->helper.fault = KITH_HELPER_CRASHES;
	node->helper.discovery = m.discovery;
	node->helper.cage = m.cage;
	node_control_ready(node);
	return KITH_OK;
}

static enum kith_err take_announced(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_announced m;
	enum kith_err err = kith_unpack(&kith_courier_announced_schema, bytes, &m);

	if (err)
		return err;
	if (memcmp(m.key.p, node->pair.key, 32) == 0) {
		node->announced = true;
		node->port = (uint16_t)m.port;
		node_control_ready(node);
		node_invite_changed(node);
	}
	return KITH_OK;
}

static enum kith_err take_seen(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_seen m;
	enum kith_err err = kith_unpack(&kith_courier_seen_schema, bytes, &m);

	if (err)
		return err;
	if (m.endpoints.n > 0 && sighting_keep(node, &m) && node->room)
		kith_room_seen(node->room, m.key.p, m.label);
	return KITH_OK;
}

static enum kith_err take_gone(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_gone m;
	enum kith_err err = kith_unpack(&kith_courier_gone_schema, bytes, &m);

	if (err)
		return err;
	sighting_drop(node, m.key.p);
	if (node->room)
		kith_room_gone(node->room, m.key.p);
	return KITH_OK;
}

static enum kith_err take_opened(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_opened m;
	enum kith_err err = kith_unpack(&kith_courier_opened_schema, bytes, &m);

	if (err)
		return err;
	/* The row knows best where it was seen; a newcomer's line at least where it came in. */
	struct sighting *s = sighting_find(node, m.key.p);
	struct kith_span network = m.network.n == 0 && s ? kith_span_str(s->network) : m.network;
	uint8_t source[KITH_SOURCE_BYTES];
	node_source(m.address, source);
	if (!node->room)
		return KITH_OK;
	return kith_room_opened(
		node->room, (uint32_t)m.conn, m.key.p, m.own.p, m.conn % 2 == 0, network, source);
}

static enum kith_err take_bytes(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_bytes m;
	enum kith_err err = kith_unpack(&kith_courier_bytes_schema, bytes, &m);

	if (!err && node->room)
		kith_room_bytes(node->room, (uint32_t)m.conn, m.bytes);
	return err;
}

static enum kith_err take_closed(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_closed m;
	enum kith_err err = kith_unpack(&kith_courier_closed_schema, bytes, &m);

	if (!err && node->room)
		kith_room_closed(node->room, (uint32_t)m.conn);
	return err;
}

/* New addresses, new names: otherwise the old ones would link this network to the last. */
static enum kith_err take_network(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_network m;
	enum kith_err err = kith_unpack(&kith_courier_network_schema, bytes, &m);

	if (err)
		return err;
	bool was = node->recognises;
	node_where_look(node); /* which decides first: not one record where it may not be */
	if (node->networked && was == node->recognises)
		node->rekey = node_is_public(node);
	node->networked = true;
	node->offline = m.interfaces == 0;
	if (node->offline)
		node_control_notice(node, NODE_OFFLINE);
	return KITH_OK;
}

static enum kith_err take_trouble(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_trouble m;
	enum kith_err err = kith_unpack(&kith_courier_trouble_schema, bytes, &m);

	if (!err)
		node_control_courier_says(node, m.text);
	return err;
}

static enum kith_err take_addresses(struct kith_node *node, struct kith_span bytes)
{
	struct kith_courier_addresses m;
	enum kith_err err = kith_unpack(&kith_courier_addresses_schema, bytes, &m);

	if (!err)
		err = kith_invite_addresses_read(m.addresses, &node->reach);
	if (!err)
		node_invite_changed(node);
	return err;
}

static enum kith_err take(struct kith_node *node, uint64_t type, struct kith_span bytes)
{
	switch (type) {
	case KITH_TYPE_COURIER_ADDRESSES:
		return take_addresses(node, bytes);
	case KITH_TYPE_COURIER_STARTED:
		return take_started(node, bytes);
	case KITH_TYPE_COURIER_ANNOUNCED:
		return take_announced(node, bytes);
	case KITH_TYPE_COURIER_SEEN:
		return take_seen(node, bytes);
	case KITH_TYPE_COURIER_GONE:
		return take_gone(node, bytes);
	case KITH_TYPE_COURIER_OPENED:
		return take_opened(node, bytes);
	case KITH_TYPE_COURIER_BYTES:
		return take_bytes(node, bytes);
	case KITH_TYPE_COURIER_CLOSED:
		return take_closed(node, bytes);
	case KITH_TYPE_COURIER_NETWORK:
		return take_network(node, bytes);
	case KITH_TYPE_COURIER_TROUBLE:
		return take_trouble(node, bytes);
	default:
		return KITH_ERR_TYPE;
	}
}

void node_courier_read(struct kith_node *node)
{
	for (int i = 0; i < KITH_QUEUE_MAX && node->helper.link.fd >= 0; i++) {
		struct kith_span bytes;
		uint64_t type;
		enum kith_err err = kith_link_receive(&node->helper.link, &bytes, &type);
		if (err == KITH_ERR_MISSING)
			return;
		if (!err)
			err = take(node, type, bytes);
		if (err) {
			node->helper.link.broken = true;
			return;
		}
	}
}
