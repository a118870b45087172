/* SPDX-License-Identifier: MIT
 *
 * pick - some of the properties of one vCard, for another one.
 */
#ifndef KITH_VCARD_PICK_H
#define KITH_VCARD_PICK_H

#include "vcard/put.h"

/*
 * Writes what of these items is chosen (chosen[i] for items.at[i], rest[i] for property i): a
 * property as it stands when all its fields are, else new ones of those that are; with its X-ABLabel.
 * renamed: groups get numbers that w has not given yet.  *ret_n: how many properties.
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_pick(struct kith_put *w, const struct kith_items *items, const bool *chosen,
	const bool *rest, bool renamed, size_t *ret_n) KITH_MUST_CHECK;

/* A vCard in that version: v itself, or one that the caller frees (*ret_owned, else NULL).
 * KITH_ERR_NOMEM, KITH_ERR_LIMIT. */
enum kith_err kith_vcard_as(struct kith_vcard *v, enum kith_vcard_version as,
	struct kith_vcard **ret, struct kith_vcard **ret_owned) KITH_MUST_CHECK;

/* 3.0 or 4.0: the one that a changed vCard is written in, since 2.1 is only read. */
enum kith_vcard_version kith_vcard_kept(const struct kith_vcard *v);

#endif
