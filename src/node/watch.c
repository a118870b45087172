/* SPDX-License-Identifier: MIT
 *
 * Who watches: told who of my people comes and goes, and that the store was changed.  What is new they
 * read there themselves.
 */
#include "node/inside.h"

static void tell(struct client *c, const struct kith_schema *schema, const void *msg)
{
	if (kith_link_send(&c->link, schema, msg))
		c->link.broken = true;
}

static void tell_here(struct client *c, const struct person *p, bool here)
{
	tell(c, &kith_control_here_schema,
		&(struct kith_control_here){.ik = kith_span(p->ik, sizeof p->ik),
			.name = kith_span_str(p->name),
			.here = here});
}

void node_watch_here(struct kith_node *node, const struct person *p, bool here)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		if (node->clients[i].used && node->clients[i].follows)
			tell_here(&node->clients[i], p, here);
}

/* One word is enough while it waits. */
void node_watch_changed(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++) {
		struct client *c = &node->clients[i];
		if (c->used && c->follows && !c->link.broken &&
			kith_link_waiting(&c->link) < KITH_QUEUE_MAX / 2)
			tell(c, &kith_control_changed_schema, &(struct kith_control_changed){0});
		else if (c->used && c->follows)
			c->behind = true;
	}
}

/* Who read slowly and has caught up. */
void node_watch_rest(struct client *c)
{
	if (!c->used || !c->behind || c->link.broken ||
		kith_link_waiting(&c->link) >= KITH_QUEUE_MAX / 2)
		return;
	c->behind = false;
	tell(c, &kith_control_changed_schema, &(struct kith_control_changed){0});
}

void node_watch_join(struct kith_node *node, struct client *c)
{
	c->follows = true;
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (node->present.people[i].contact)
			tell_here(c, &node->present.people[i], true);
}
