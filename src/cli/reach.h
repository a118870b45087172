/* SPDX-License-Identifier: MIT
 *
 * reach - whom a change of my cards reaches: said before it is made, with the way back.
 */
#ifndef KITH_CLI_REACH_H
#define KITH_CLI_REACH_H

#include <kith/cards.h>

#include "cli/cli.h"

/* Start with {0}; end with kith_reach_free. */
struct kith_reach {
	struct kith_buf text; /* sentences, a line each */
	struct kith_buf
		undo; /* the commands that lead back; empty when no line, or no shell, takes them */
	size_t fields; /* that differ for somebody */
	bool more;     /* one of them goes to people who did not have it */
};

void kith_reach_free(struct kith_reach *reach);

/* What a change of my fields does to those who are given a card: nothing when my key is revoked.
 * KITH_ERR_NOMEM; store errors. */
enum kith_err kith_reach_profile(struct kith_reach *reach, struct kith_store *store,
	const struct kith_fields *before, const struct kith_fields *after) KITH_MUST_CHECK;

/* The same of one card, when it shows something else; no way back.  There may be no such card. */
enum kith_err kith_reach_card(struct kith_reach *reach, struct kith_store *store, const char *name,
	const struct kith_fields *profile, const char *shows) KITH_MUST_CHECK;

/* Says it.  At a terminal, unless yes, asks where something goes to people who did not have it; false: it is not to
 * be. */
bool kith_reach_say(const struct kith_cli *cli, const struct kith_reach *reach, bool yes);

/* Says how to undo what was done; nothing where nobody is reached. */
void kith_reach_undo(const struct kith_cli *cli, const struct kith_reach *reach);

#endif
