/* SPDX-License-Identifier: MIT
 *
 * tally - what an import tells: a line or object a card, or of many cards what is worth a line, and
 * the sum.
 */
#ifndef KITH_CLI_TALLY_H
#define KITH_CLI_TALLY_H

#include "book/intake.h"
#include "cli/progress.h"

#define KITH_TALLY_FEW 20 /* cards that get a line each */

struct kith_tally_line;

/* Start with {.cli, .progress}; end with kith_tally_free. */
struct kith_tally {
	const struct kith_cli *cli;
	struct kith_progress *progress; /* is cleared before something is printed */
	bool live; /* each line at once, unless many come at once: somebody is waiting */
	struct kith_tally_line *at; /* not printed yet: of a batch, or because there may be many */
	size_t n;
	size_t cap;
	size_t kept;      /* of them: those that were stored */
	size_t counts[5]; /* by enum kith_intake_what; printed or kept */
	size_t objects;   /* printed with --json */
	size_t hints;
	size_t remarks;
	int worst; /* exit status so far */
};

void kith_tally_free(struct kith_tally *t);

/* Adds what came of a card of that file.  KITH_ERR_NOMEM. */
enum kith_err kith_tally_add(
	struct kith_tally *t, const char *file, const struct kith_intake_result *r) KITH_MUST_CHECK;

/* What was added is stored now: prints what is to be printed.  Store errors, KITH_ERR_NOMEM. */
enum kith_err kith_tally_keep(struct kith_tally *t, struct kith_store *store) KITH_MUST_CHECK;

/* What was added since the last kith_tally_keep was not stored after all; how many cards. */
size_t kith_tally_drop(struct kith_tally *t);

/* A remark about a line of a file; printed at once. */
void kith_tally_remark(struct kith_tally *t, const char *file, uint64_t line, const char *sentence);

/* The end: the lines that were held back, or the sum; returns the worst status. */
int kith_tally_end(struct kith_tally *t, struct kith_store *store);

/* All cards that were told or are kept. */
size_t kith_tally_cards(const struct kith_tally *t);

#endif
