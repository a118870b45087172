/* SPDX-License-Identifier: MIT
 *
 * roster - who was at an event: how they were met there, and what is remembered of them that belongs to it.
 */
#ifndef KITH_CLI_ROSTER_H
#define KITH_CLI_ROSTER_H

#include "cli/gathering.h"

/*
 * What belongs to a person and that event: {"met": [{"at", "how"}], "added": whether they came by hand or by their card
 * alone, "tags": [...], "ring": null or its name, "notes": [{"number", "kind", "at", "text"}] of its days or about it,
 * "promises": [{"number", "text", "theirs", "thing", "made", "by"}] that are open}.
 * Store errors, KITH_ERR_NOMEM.  The caller owns the reference.
 */
enum kith_err kith_roster_person(struct kith_store *store, const struct kith_gathering *g,
	int64_t row, json_t **ret) KITH_MUST_CHECK;

/* Prints the event with everybody who was there; with --json as one object, that of the event with "roster": each
 * {"contact": as in person.h} and the members above.  Returns the exit status. */
int kith_roster_show(
	struct kith_cli *cli, struct kith_store *store, const struct kith_gathering *g);

#endif
