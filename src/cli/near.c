/* SPDX-License-Identifier: MIT */
#include "cli/near.h"

#include <kith/cards.h>
#include <kith/known.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "book/held.h"
#include "cli/nodetalk.h"

void kith_near_free(struct kith_near *near)
{
	free(near->ik);
	*near = (struct kith_near){0};
}

void kith_near_take(struct kith_near *near, const struct kith_client_event *ev)
{
	void *more;

	if (ev->kind != KITH_EVENT_HERE ||
		!(more = reallocarray(near->ik, near->n + 1, sizeof *near->ik)))
		return;
	near->ik = more;
	memcpy(near->ik[near->n++], ev->ik, sizeof *near->ik);
}

static void take(void *ctx, const struct kith_client_event *ev)
{
	kith_near_take(ctx, ev);
}

void kith_near_ask(struct kith_cli *cli, struct kith_near *ret_near)
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;
	struct kith_near near = {0};

	if (kith_node_running(cli, &client, NULL) || kith_client_watch(client) ||
		kith_node_answer(client, take, &near, NULL) ||
		kith_client_state(client)->where == KITH_WHERE_NEVER)
		kith_near_free(&near);
	*ret_near = near;
}

bool kith_near_has(const struct kith_near *near, const struct kith_contact *contact)
{
	for (size_t i = 0; contact->has_key && i < near->n; i++)
		if (memcmp(near->ik[i], contact->ik, sizeof contact->ik) == 0)
			return true;
	return false;
}

bool kith_near_owed(struct kith_store *store, int64_t contact)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_stance stance;
	uint8_t card[8];
	uint64_t rev;

	if (kith_store_given(store, contact, card, &rev, &envelope) ||
		kith_store_stance(store, contact, &stance) || stance.blocked || stance.frozen)
		return false;
	if (rev <= stance.refused)
		return false;
	return !stance.told || stance.told_rev < rev ||
	       memcmp(card, stance.told_card, sizeof card) != 0;
}

struct saying {
	struct kith_cli *cli;
	struct kith_store *store;
	const struct kith_near *near;
	bool beside;
};

static bool say(void *ctx, const struct kith_contact *contact)
{
	struct saying *s = ctx;
	char name[KITH_QUOTED_BYTES];

	if (!kith_near_has(s->near, contact) || contact->met_at == 0 ||
		!kith_near_owed(s->store, contact->row))
		return true;
	kith_held_quoted(contact->name, name);
	if (s->beside)
		kith_cli_note(s->cli, "%s is here: within a minute.", name);
	else
		kith_cli_say(s->cli, "%s is here: within a minute.", name);
	return true;
}

enum kith_err kith_near_say(
	struct kith_cli *cli, struct kith_store *store, const struct kith_near *near, bool beside)
{
	struct saying s = {.cli = cli, .store = store, .near = near, .beside = beside};

	return near->n ? kith_store_each_keyed(store, say, &s) : KITH_OK;
}
