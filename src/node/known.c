/* SPDX-License-Identifier: MIT
 *
 * Recognising people: the circle, made of the store in small steps so that everything else goes on; when
 * it is used; and what becomes due when the store changes.  proto/known.md, proto/control.md "Where".
 */
#include <kith/people.h>

#include "node/inside.h"

#include "base/auto.h"
#include "base/day.h"

#define STEP_TIES 64 /* a turn of the loop: each costs an X25519 */

/* --- what a session with them does, which changes the store ----------------------------------- */

static enum kith_err on_standing(
	void *ctx, const struct kith_tie *tie, struct kith_standing *ret_standing)
{
	struct kith_node *node = ctx;

	return node->kept.standing(node->kept.ctx, tie, ret_standing);
}

static enum kith_err on_rotations(void *ctx, const struct kith_tie *tie, struct kith_buf *out)
{
	struct kith_node *node = ctx;

	return node->kept.rotations(node->kept.ctx, tie, out);
}

static enum kith_err on_rotated(void *ctx, const struct kith_tie *tie, struct kith_span statements,
	uint8_t ret_ik[static KITH_KEY_BYTES])
{
	struct kith_node *node = ctx;

	node->stirred = node->retie = true;
	return node->kept.rotated(node->kept.ctx, tie, statements, ret_ik);
}

static enum kith_err on_met(void *ctx, const struct kith_friend *who)
{
	struct kith_node *node = ctx;

	node->stirred = true;
	return node->kept.met(node->kept.ctx, who);
}

static enum kith_err on_next(
	void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct kith_node *node = ctx;

	return node->kept.next(node->kept.ctx, who, room, ret);
}

static enum kith_outcome on_take(void *ctx, const struct kith_friend *who, uint64_t kind,
	struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	struct kith_node *node = ctx;

	node->stirred = true;
	if (kind == KITH_PARCEL_STATEMENT || kind == KITH_PARCEL_INTRO)
		node->retie = true;
	return node->kept.take(node->kept.ctx, who, kind, bytes, room, ret_answer);
}

static bool take_name(void *ctx, const struct kith_event *event)
{
	return kith_buf_add(ctx, event->name.p, event->name.n) != KITH_OK;
}

/* Where we are while no swap says so: at the event that runs. */
static struct kith_friend at_event(
	struct kith_node *node, const struct kith_friend *who, struct kith_buf *name)
{
	int64_t now = node->env->wall(node->env->ctx);
	struct kith_friend there = *who;

	if (!node->swap.client &&
		!kith_store_event_running(node->store, now, kith_day_at(now), take_name, name))
		there.event = kith_buf_span(name);
	return there;
}

static enum kith_err on_answered(void *ctx, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	struct kith_node *node = ctx;
	KITH_AUTO_BUF struct kith_buf event = {0};
	struct kith_friend there = at_event(node, who, &event);

	node->stirred = true;
	if (parcel->kind == KITH_PARCEL_STATEMENT)
		node->retie = true;
	if (parcel->kind == KITH_PARCEL_RECALL)
		node->mine_stale = true; /* what came back may have had everything signed anew */
	return node->kept.answered(node->kept.ctx, &there, parcel, outcome, answer);
}

static void on_parted(void *ctx, const struct kith_friend *who, enum kith_err err)
{
	struct kith_node *node = ctx;

	if (node->kept.parted)
		node->kept.parted(node->kept.ctx, who, err);
}

/* --- the circle ------------------------------------------------------------------------------- */

enum kith_err node_known_open(struct kith_node *node)
{
	enum kith_err err = kith_circle_new(node->env, &node->circle);

	/* Without the keys that I left only those do not recognise me who have not heard of the last. */
	if (kith_retired_load(node->options.home, node->id, &node->retired, NULL))
		node->retired = (struct kith_retired_keys){0};
	if (!err)
		err = kith_keep_new(node->env, node->store, node->id, node->retired.at,
			node->retired.n, &node->keep);
	if (err)
		return err;
	node->kept = kith_keep_host(node->keep);
	node->known = (struct kith_known_host){.ctx = node,
		.standing = on_standing,
		.rotations = on_rotations,
		.rotated = on_rotated,
		.met = on_met,
		.next = on_next,
		.take = on_take,
		.answered = on_answered,
		.parted = on_parted};
	node->self =
		(struct kith_self){.id = node->id, .circle = node->circle, .known = &node->known};
	node->building = true;
	return KITH_OK;
}

void node_known_close(struct kith_node *node)
{
	kith_keep_free(node->keep);
	kith_circle_free(node->circle);
	kith_retired_free(&node->retired);
	node->retired = (struct kith_retired_keys){0};
	node->keep = NULL;
	node->circle = NULL;
	node->self = (struct kith_self){0};
	node->building = node->complete = false;
}

/* A node that a client started waits for its word: a swap is announced under its name, and once. */
static bool is_wanted(const struct kith_node *node)
{
	bool wanted = node->options.client_fd < 0;

	for (size_t i = 0; i < KITH_CLIENTS_MAX; i++)
		wanted = wanted || node->clients[i].watching || node->clients[i].follows;
	return wanted;
}

/* Only whom the store knows can be recognised, and only who is found can be dialled. */
bool node_may_recognise(const struct kith_node *node)
{
	if (!is_wanted(node) || !node->complete || kith_circle_size(node->circle) == 0)
		return false;
	return node->where == KITH_NODE_EVERYWHERE ||
	       (node->where == KITH_NODE_KNOWN && node->familiar);
}

void node_known_decide(struct kith_node *node)
{
	bool on = node_may_recognise(node), was_public = node_is_public(node);

	if (on == node->recognises)
		return;
	node->recognises = on;
	if (node->room && (!on || was_public))
		kith_room_recognise(node->room, on);
	if (node->helper.link.fd < 0 || !node->room)
		return;
	if (was_public != node_is_public(node)) /* in a swap the name stays: it is picked by it */
		node_announce(node);
	node_look(node);
}

static void tell_due(struct kith_node *node)
{
	bool due;

	for (size_t i = 0; node->room && node->keep && i < KITH_ROWS_MAX; i++) {
		int64_t contact = node->present.people[i].contact;
		if (contact && !kith_keep_due(node->keep, contact, &due) && due)
			kith_room_due(node->room, contact);
	}
}

/* One word for whom it holds, in whatever order. */
static uint64_t mark_of(const struct kith_circle *circle)
{
	uint64_t mark = kith_circle_size(circle), k;

	for (size_t i = 0; i < kith_circle_size(circle); i++) {
		memcpy(&k, kith_circle_at(circle, i)->k, sizeof k);
		mark ^= k;
	}
	return mark;
}

/* It holds everybody that the store does.  Strangers are called on again only when there is somebody else
 * whom they could be. */
static void completed(struct kith_node *node)
{
	uint64_t mark = mark_of(node->circle);

	node->building = false;
	node->complete = true;
	node_known_decide(node);
	if (node->room && mark != node->circle_mark)
		kith_room_ties_changed(node->room);
	node->circle_mark = mark;
	tell_due(node);
}

void node_known_step(struct kith_node *node)
{
	bool more = false;

	if (!node->building || !node->keep)
		return;
	enum kith_err err = kith_keep_circle(node->keep, node->circle, STEP_TIES, &more);
	if (!err && more)
		return;
	if (err && kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE))
		node_control_notice(node, kith_store_why(node->store));
	completed(node); /* with whom there was memory for; the next change tries again */
}

/* --- changes of the store --------------------------------------------------------------------- */

/* What others wrote counts from here on. */
void node_store_look(struct kith_node *node)
{
	node->look = false;
	if (!kith_store_changed(node->store))
		return;
	node->mine_stale = true;
	node->stirred = node->retie = true;
	node_alike_forget(node);
	node_where_read(node);
	node_key_look(node);
}

void node_store_stirred(struct kith_node *node)
{
	if (!node->stirred)
		return;
	node->stirred = false;
	if (node->retie && node->keep)
		node->building = true; /* at whose end comes what is due */
	else
		tell_due(node);
	node->retie = false;
	node_present_review(node);
	node_watch_changed(node);
}
