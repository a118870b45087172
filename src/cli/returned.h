/* SPDX-License-Identifier: MIT
 *
 * returned - cards of mine that were not made here, brought back by those who hold them: kith card returned.
 * Source: proto/known.md "What I did not sign here".
 */
#ifndef KITH_CLI_RETURNED_H
#define KITH_CLI_RETURNED_H

#include "book/mine.h"
#include "cli/cli.h"

/* Prints them, the greatest number first: who brought it, and what it says otherwise than my card does now.  With --json
 * an array of card objects with "nth", "of", "at", "by" and "changes".  Returns the exit status. */
int kith_returned_list(struct kith_cli *cli);

/* One of them, to be taken over.  Start with {0}. */
struct kith_returned_one {
	uint8_t hash[32]; /* of the envelope */
	struct kith_buf envelope;
	struct kith_buf shows; /* what the card of that id shows here, */
	bool known;            /* if there is one */
};

void kith_returned_free(struct kith_returned_one *one);

/* The nth with that number; 0: the only one.  KITH_ERR_MISSING; KITH_ERR_USAGE: there are several; store errors, all with a
 * sentence. */
enum kith_err kith_returned_find(struct kith_store *store, uint64_t rev, uint64_t nth,
	struct kith_returned_one *ret_one, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * A kith_my_change_fn over a kith_returned_one: what that card shows here becomes what it said there; of a card that is
 * not known here, what I have nothing of is added.  KITH_ERR_LIMIT: too many fields.
 */
enum kith_err kith_returned_apply(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag);

#endif
