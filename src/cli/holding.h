/* SPDX-License-Identifier: MIT
 *
 * holding - what somebody holds of me, in words and as JSON.
 */
#ifndef KITH_CLI_HOLDING_H
#define KITH_CLI_HOLDING_H

#include <jansson.h>

#include <kith/cards.h>

#include "cli/cli.h"

/* Appends "work, revision 7: receipt signed by their key, 3 May 2026, FOSDEM", and what is to come: inert. */
enum kith_err kith_holding_words(
	struct kith_buf *out, const struct kith_holding *holding) KITH_MUST_CHECK;

/*
 * {"id", "name", "given", "given_revision", "card", "revision", "signed_here", "proof": none | told | receipt, "at", "event", "owed",
 * "refused", "asked_back": null | open | gone | kept | none}.  NULL: without memory, or the store failed.
 */
json_t *kith_holding_json(struct kith_store *store, const struct kith_holding *holding);

#endif
