/* SPDX-License-Identifier: MIT
 *
 * Where people are recognised: everywhere, in networks that I know, or never.  proto/control.md "Where".
 */
#include <unistd.h>

#include "node/inside.h"

#define SETTING "where"

static bool all_known(struct kith_node *node)
{
	const struct kith_places *p = &node->places;
	bool known = p->n > 0 && !p->more;

	for (size_t i = 0; i < p->n && known; i++)
		known = p->at[i].id[0] &&
			!kith_store_network(node->store, kith_span_str(p->at[i].id), &known) &&
			known;
	return known;
}

void node_where_look(struct kith_node *node)
{
	if (kith_places_read(node->options.interface, &node->places))
		node->places = (struct kith_places){0};
	node->familiar = all_known(node);
	node_known_decide(node);
}

/* Neighbours come and go all day: they are listened to only where it matters. */
static void listen_or_not(struct kith_node *node)
{
	bool want = node->where == KITH_NODE_KNOWN;

	if (want && node->places_fd < 0)
		node->places_fd = kith_places_watch();
	if (!want && node->places_fd >= 0) {
		(void)close(node->places_fd);
		node->places_fd = -1;
	}
}

void node_where_read(struct kith_node *node)
{
	int64_t value;
	bool set = !kith_store_setting(node->store, SETTING, &value) && value >= 0 && value <= 2;

	node->where = set ? (enum node_where)value : KITH_NODE_EVERYWHERE;
	listen_or_not(node);
	node_where_look(node);
}

void node_where_heard(struct kith_node *node)
{
	kith_places_heard(node->places_fd);
	node_where_look(node);
}

/* The networks that I am in are known from now on. */
enum kith_err node_where_mark(struct kith_node *node, struct kith_diag *diag)
{
	enum kith_err err = kith_places_read(node->options.interface, &node->places);

	if (!err)
		err = kith_places_mark(
			&node->places, node->store, node->env->wall(node->env->ctx), diag);
	node_where_look(node);
	return err;
}

enum kith_err node_where_set(struct kith_node *node, enum node_where where)
{
	enum kith_err err = kith_store_setting_put(node->store, SETTING, (int64_t)where);

	if (!err)
		node_where_read(node);
	return err;
}
