/* SPDX-License-Identifier: MIT
 *
 * Who of the people I know is here, whatever their rows are called: a row goes with every new key of
 * theirs, the person stays.
 */
#include "base/auto.h"
#include "node/inside.h"

static struct person *find(struct kith_node *node, int64_t contact)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (node->present.people[i].contact == contact)
			return &node->present.people[i];
	return NULL;
}

/* The name and key as the store has them now; false: nobody by that number, or nobody to know. */
static bool read_person(struct kith_node *node, struct person *p)
{
	struct kith_contact c = {0};
	bool known = !kith_store_contact(node->store, p->contact, &c) && c.has_key;

	if (known) {
		struct kith_span name = kith_text_cut(c.name, KITH_LABEL_MAX);
		memcpy(p->ik, c.ik, sizeof p->ik);
		if (name.n)
			memcpy(p->name, name.p, name.n);
		p->name[name.n] = 0;
	}
	kith_contact_free(&c);
	return known;
}

static struct person *make(struct kith_node *node, int64_t contact)
{
	struct person *p = find(node, contact);

	if (p || !(p = find(node, 0)))
		return p;
	*p = (struct person){.contact = contact};
	if (read_person(node, p))
		return p;
	*p = (struct person){0};
	return NULL;
}

static void leave(struct kith_node *node, struct person *p)
{
	if (--p->rows == 0)
		p->gone_at = node->env->ticks(node->env->ctx) + KITH_GONE_MS;
}

/* --- rows ------------------------------------------------------------------------------------- */

void node_present_gone(struct kith_node *node, const char *peer)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct known_row *row = &node->present.rows[i];
		struct person *p = strcmp(row->peer, peer) == 0 && row->peer[0]
					   ? find(node, row->contact)
					   : NULL;
		if (p)
			leave(node, p);
		if (p || (row->peer[0] && strcmp(row->peer, peer) == 0))
			*row = (struct known_row){0};
	}
}

void node_present_known(struct kith_node *node, const char *peer, int64_t contact)
{
	struct known_row *row = NULL;
	struct person *p;

	node_present_gone(node, peer); /* it may have been somebody else's */
	for (size_t i = 0; i < KITH_ROWS_MAX && !row; i++)
		if (!node->present.rows[i].peer[0])
			row = &node->present.rows[i];
	if (!row || !(p = make(node, contact)))
		return;
	memcpy(row->peer, peer, strlen(peer) + 1);
	row->contact = contact;
	p->gone_at = 0;
	p->rows++;
	listing_known(&node->listing, peer, kith_span_str(p->name), p->ik);
	if (p->told)
		return;
	p->told = true;
	node_watch_here(node, p, true);
}

/* Their rows are no more: the room was closed. */
void node_present_clear(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (node->present.rows[i].peer[0])
			node_present_gone(node, node->present.rows[i].peer);
}

/* --- people ----------------------------------------------------------------------------------- */

static void drop(struct kith_node *node, struct person *p)
{
	node_watch_here(node, p, false);
	*p = (struct person){0};
}

uint64_t node_present_tick(struct kith_node *node)
{
	uint64_t now = node->env->ticks(node->env->ctx), next = UINT64_MAX;

	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct person *p = &node->present.people[i];
		if (!p->contact || p->rows)
			continue;
		if (now >= p->gone_at || !node->id) /* a locked node knows nobody */
			drop(node, p);
		else if (p->gone_at - now < next)
			next = p->gone_at - now;
	}
	return next;
}

static void rename_rows(struct kith_node *node, const struct person *p)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (node->present.rows[i].contact == p->contact)
			listing_known(&node->listing, node->present.rows[i].peer,
				kith_span_str(p->name), p->ik);
}

void node_present_review(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		struct person *p = &node->present.people[i], before = *p;
		if (p->contact && read_person(node, p) &&
			(strcmp(before.name, p->name) != 0 ||
				memcmp(before.ik, p->ik, sizeof p->ik) != 0))
			rename_rows(node, p);
	}
	node_control_rows_all(node);
}

size_t node_present_count(const struct kith_node *node)
{
	size_t n = 0;

	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		n += node->present.people[i].contact != 0;
	return n;
}
