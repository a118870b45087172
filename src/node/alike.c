/* SPDX-License-Identifier: MIT
 *
 * Whose name a stranger's name looks like.  The list of contacts is read when the first name is looked
 * up, and again after the store has changed.  Only who has a key counts: somebody out of an address
 * book whom I meet for the first time looks like himself.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alike.h"
#include "node/inside.h"

struct acquaintance {
	char name[KITH_LABEL_MAX + 1];
	struct kith_looks looks;
};

struct acquaintances {
	struct acquaintance *at;
	size_t n, room;
};

void node_alike_forget(struct kith_node *node)
{
	struct acquaintances *a = node->acquaintances;

	for (size_t i = 0; a && i < a->n; i++)
		kith_looks_free(&a->at[i].looks);
	if (a)
		free(a->at);
	free(a);
	node->acquaintances = NULL;
}

static bool grow(struct acquaintances *a)
{
	size_t room = a->room ? 2 * a->room : 64;
	struct acquaintance *at = a->n < a->room ? a->at : realloc(a->at, room * sizeof *at);

	if (!at)
		return false;
	if (a->n == a->room)
		a->room = room;
	a->at = at;
	return true;
}

static bool add(void *ctx, const struct kith_contact *contact)
{
	struct acquaintances *a = ctx;
	struct kith_span name = kith_text_cut(contact->name, KITH_LABEL_MAX);

	if (name.n == 0)
		return true;
	if (!grow(a))
		return false;
	struct acquaintance *new = &a->at[a->n];
	*new = (struct acquaintance){0};
	if (kith_looks_of(contact->name, &new->looks))
		return false;
	memcpy(new->name, name.p, name.n);
	a->n++;
	return true;
}

/* What cannot be read or kept is left out: the mark is a help, and never what a decision rests on. */
static void recall(struct kith_node *node)
{
	if (node->acquaintances)
		return;
	node->acquaintances = calloc(1, sizeof *node->acquaintances);
	if (node->acquaintances &&
		kith_store_each_keyed(node->store, add, node->acquaintances) == KITH_ERR_INTERNAL)
		node_alike_forget(node);
}

struct kith_span node_alike(struct kith_node *node, struct kith_span name)
{
	struct kith_span found = kith_span("", 0);
	struct kith_looks looks;

	recall(node);
	if (!node->acquaintances || node->acquaintances->n == 0 || name.n == 0 ||
		kith_looks_of(name, &looks))
		return found;
	for (size_t i = 0; i < node->acquaintances->n && found.n == 0; i++)
		if (kith_looks_alike(&looks, &node->acquaintances->at[i].looks))
			found = kith_span_str(node->acquaintances->at[i].name);
	kith_looks_free(&looks);
	return found;
}
