/* SPDX-License-Identifier: MIT */
#include <kith/cards.h>

#include "node/inside.h"

#include <kith/known.h>

#include "base/diag.h"

/* --- the room's outside ----------------------------------------------------------------------- */

static void on_dial(void *ctx, uint32_t conn, const uint8_t key[static 32])
{
	struct kith_node *node = ctx;
	struct sighting *s = sighting_find(node, key);
	struct kith_courier_dial m = {.conn = conn, .key = kith_span(key, 32)};
	char invited[KITH_INVITE_ADDRESSES_MAX][81];
	size_t n = node_invite_endpoints(node, key, invited);

	for (size_t i = 0; s && i < s->n; i++) /* what is announced now is newer */
		m.endpoints.at[m.endpoints.n++] = kith_span_str(s->endpoints[i]);
	for (size_t i = 0; i < n && m.endpoints.n < KITH_INVITE_ADDRESSES_MAX; i++)
		m.endpoints.at[m.endpoints.n++] = kith_span_str(invited[i]);
	node_courier_send(node, &kith_courier_dial_schema, &m);
}

static void on_send(void *ctx, uint32_t conn, struct kith_span message)
{
	node_courier_send(ctx, &kith_courier_send_schema,
		&(struct kith_courier_send){.conn = conn, .bytes = message});
}

static void on_close(void *ctx, uint32_t conn)
{
	node_courier_send(
		ctx, &kith_courier_close_schema, &(struct kith_courier_close){.conn = conn});
}

static void on_keep(void *ctx, uint32_t conn)
{
	node_courier_send(
		ctx, &kith_courier_keep_schema, &(struct kith_courier_keep){.conn = conn});
}

static void on_failed(void *ctx, uint64_t at)
{
	node_failures_keep(ctx, at);
}

static void on_tell(void *ctx, const struct kith_news *news)
{
	node_control_news(ctx, news);
}

/* A failing store is said once, in its own words; the session then ends with STORE. */
static enum kith_err stored(struct kith_node *node, enum kith_err err)
{
	if (err && kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE))
		node_control_notice(node, kith_store_why(node->store));
	if (err == KITH_ERR_STALEKEY)
		node_control_notice(node,
			"nothing was kept of this: the key was left by its owner, or "
			"nothing by it is taken until you compare (kith show)");
	return err;
}

static enum kith_err on_confirm(void *ctx, const struct kith_meeting *m)
{
	struct kith_node *node = ctx;

	node->stirred = node->retie = true;
	if (m->network.n)
		(void)node_where_mark(
			node, NULL); /* a failure shows as a network that is not known */
	return stored(node, kith_store_confirm(node->store, m));
}

static enum kith_err on_confirmed(void *ctx, const uint8_t session[static 32], enum kith_how theirs)
{
	struct kith_node *node = ctx;

	node->stirred = true;
	return stored(node, kith_store_confirmed(node->store, session, theirs));
}

static enum kith_err on_card(void *ctx, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	struct kith_node *node = ctx;

	node->stirred = node->retie = true;
	return stored(node, kith_store_card(node->store, session, card, envelope,
				    node->env->wall(node->env->ctx)));
}

static enum kith_err on_receipt(void *ctx, const struct kith_receipt *r)
{
	struct kith_node *node = ctx;

	node->stirred = true;
	return stored(node, kith_store_receipt(node->store, r));
}

static enum kith_err on_mismatch(void *ctx, const uint8_t session[static 32])
{
	struct kith_node *node = ctx;

	return stored(node, kith_store_mismatch(node->store, session));
}

/* Who cannot be looked up is heard: my person decides, as about anybody. */
static bool on_blocked(void *ctx, const uint8_t ik[static KITH_KEY_BYTES])
{
	struct kith_node *node = ctx;
	bool blocked = false;

	return !stored(node, kith_store_is_blocked(node->store, ik, &blocked)) && blocked;
}

enum kith_err node_room_open(struct kith_node *node)
{
	struct kith_room_host host = {.ctx = node,
		.failures = &node->failures,
		.failed = on_failed,
		.dial = on_dial,
		.send = on_send,
		.close = on_close,
		.keep = on_keep,
		.tell = on_tell,
		.confirm = on_confirm,
		.confirmed = on_confirmed,
		.card = on_card,
		.receipt = on_receipt,
		.mismatch = on_mismatch,
		.blocked = on_blocked};

	kith_room_free(node->room);
	node->room = NULL;
	node_present_clear(node);
	listing_clear(&node->listing); /* handles are the room's */
	if (!node->id)
		return KITH_OK;
	enum kith_err err = kith_room_new(
		node->env, node->swap.client ? &node->swap.self : &node->self, &host, &node->room);
	if (err)
		return err;
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (node->sightings[i].used)
			kith_room_seen(node->room, node->sightings[i].key,
				kith_span_str(node->sightings[i].label));
	return KITH_OK;
}

/* --- one swap --------------------------------------------------------------------------------- */

static enum kith_err read_mine(struct kith_node *node)
{
	struct swap *s = &node->swap;
	struct kith_mine mine = {0};
	struct kith_fields fields;
	enum kith_err err =
		*s->card ? kith_store_card_named(node->store, kith_span_str(s->card), &mine)
			 : kith_store_mine(node->store, &mine);

	if (!err)
		err = kith_fields_unpack(kith_buf_span(&mine.profile), &fields);
	if (err) { /* the card at hand still is a card */
		kith_mine_free(&mine);
		return err;
	}
	kith_mine_free(&s->mine);
	s->mine = mine;
	const struct kith_field *name = kith_fields_first(&fields, KITH_FIELD_NAME);
	size_t n = name ? name->part[0].n : 0;
	if (n > KITH_FIELD_NAME_MAX)
		n = KITH_FIELD_NAME_MAX;
	if (n)
		memcpy(s->name, name->part[0].p, n);
	s->name[n] = 0;
	s->self.label = kith_span_str(s->name);
	s->self.envelope = kith_buf_span(&s->mine.envelope);
	memcpy(s->self.card, s->mine.card, sizeof s->self.card);
	s->self.rev = s->mine.held;
	return KITH_OK;
}

enum kith_err node_swap_begin(struct kith_node *node, struct client *client,
	const struct kith_control_swap *m, struct kith_diag *diag)
{
	struct swap *s = &node->swap;
	size_t n = m->event.n;

	*s = (struct swap){.client = client, .hidden = m->hidden};
	if (m->invite.n > 0 && kith_invite_read(m->invite, &s->to)) {
		s->client = NULL;
		return kith_fail(diag, KITH_ERR_SHAPE, "this is no invitation");
	}
	node_alike_forget(node);
	memcpy(s->event, m->event.p, n);
	s->event[n] = 0;
	if (m->card.n > 0)
		memcpy(s->card, m->card.p, m->card.n);
	s->self = (struct kith_self){.id = node->id,
		.event = kith_span_str(s->event),
		.swaps = true,
		.circle = node->circle,
		.known = &node->known,
		.gives = m->gives,
		.attended = m->attended,
		.long_code = m->long_code};
	enum kith_err err = read_mine(node);
	if (err == KITH_ERR_MISSING && *s->card)
		err = kith_fail(diag, err, "there is no card of that name");
	else if (err == KITH_ERR_MISSING)
		err = kith_fail(
			diag, KITH_ERR_NOIDENTITY, "there is no card here yet; run kith init");
	if (!err)
		err = node_room_open(node);
	if (err) {
		kith_mine_free(&s->mine);
		s->client = NULL;
		return err;
	}
	if (node->helper.link.fd >= 0)
		node_announce(node);
	return KITH_OK;
}

void node_swap_end(struct kith_node *node)
{
	struct swap *s = &node->swap;

	kith_room_free(node->room);
	node->room = NULL;
	kith_mine_free(&s->mine);
	*s = (struct swap){0};
	node_invite_over(node);
	node->rekey = false;
	if (node->stop || node->closing)
		return;
	if (node_room_open(node)) /* no memory for a list of people: nothing to look at, then */
		return;
	if (node->helper.link.fd >= 0)
		node_announce(node); /* visibility changed: new key, new names, not published */
}

enum kith_err node_swap_refresh(struct kith_node *node)
{
	node_store_look(node);
	if (!node->swap.client || kith_room_swaps(node->room) || !node->mine_stale)
		return KITH_OK;
	node->mine_stale = false;
	return stored(node, read_mine(node));
}
