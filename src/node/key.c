/* SPDX-License-Identifier: MIT
 *
 * The key of the home in this process: open, locked, or another one than before, when it was rotated or
 * restored while the node ran.
 */
#include "base/diag.h"
#include "node/inside.h"
#include "store/settle.h"

/* What needs a key: recognising, and a room to be in. */
static enum kith_err begin(struct kith_node *node)
{
	enum kith_err err = node_known_open(node);

	return err ? err : node_room_open(node);
}

/* A home that may be a copy signs anew before anything leaves (proto/backup.md). */
static enum kith_err started(struct kith_node *node, struct kith_diag *diag)
{
	bool copied = false;
	enum kith_err err = kith_home_started(node->options.home, node->store, node->id,
		node->env->wall(node->env->ctx), &copied, diag);

	if (copied)
		node->copied = true;
	return err;
}

enum kith_err node_key_open(
	struct kith_node *node, const struct kith_passphrase *passphrase, struct kith_diag *diag)
{
	enum kith_err err =
		kith_identity_load_protected(node->options.home, passphrase, &node->id, diag);

	if (!err)
		err = started(node, diag);
	if (!err)
		err = begin(node);
	if (err && node->id)
		node_key_close(node);
	return err;
}

void node_key_close(struct kith_node *node)
{
	if (node->swap.client)
		node_control_refuse(node->swap.client, KITH_ERR_NODE,
			"the key of this home was changed or locked meanwhile; run it once more");
	node->closing = true;
	node_swap_end(node);
	node->closing = false;
	node->recognises = false;
	node_present_clear(node);
	kith_room_free(node->room);
	node->room = NULL;
	listing_clear(&node->listing);
	node_known_close(node);
	kith_identity_free(node->id);
	node->id = NULL;
	kith_wipe(&node->pair, sizeof node->pair);
	if (node->announced && node->helper.link.fd >= 0) { /* nobody answers there any more */
		sightings_forget(node);
		kith_helper_renew(&node->helper, node->env->ticks(node->env->ctx));
	}
	node->announced = false;
}

/* The key that my card is signed with; false: none, or it cannot be told. */
static bool signer(struct kith_node *node, uint8_t out[static KITH_KEY_BYTES])
{
	struct kith_mine mine = {0};
	struct kith_card card;
	bool read = !kith_store_mine(node->store, &mine) &&
		    !kith_card_verify(kith_buf_span(&mine.envelope), &card);

	if (read)
		memcpy(out, card.ik, KITH_KEY_BYTES);
	kith_mine_free(&mine);
	return read;
}

/* A key that was locked and has no passphrase any more is open to whoever has the file: so it opens. */
static void look_locked(struct kith_node *node)
{
	bool protected = true;

	if (kith_home_settle(node->options.home, NULL) ||
		kith_identity_is_protected(node->options.home, &protected, NULL) || protected)
		return;
	(void)!node_key_open(node, NULL, NULL); /* what is wrong with it, the state tells */
}

void node_key_look(struct kith_node *node)
{
	uint8_t ik[KITH_KEY_BYTES];
	struct kith_identity *now = NULL;

	if (!node->id) {
		look_locked(node);
		return;
	}
	if (!signer(node, ik) || memcmp(ik, kith_identity_ik(node->id), 32) == 0)
		return;
	/* Rotated, or restored: the one in memory is nobody's any more. */
	if (kith_home_settle(node->options.home, NULL))
		return;
	enum kith_err err = kith_identity_load(node->options.home, &now, NULL);
	bool other = !err && memcmp(kith_identity_ik(now), kith_identity_ik(node->id), 32) != 0;
	if (!other && err != KITH_ERR_PASSPHRASE) {
		kith_identity_free(now); /* the file is not there yet: its own event comes */
		return;
	}
	node_key_close(node);
	node->id = now;
	if (now && begin(node))
		node_key_close(node);
}
