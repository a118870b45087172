/* SPDX-License-Identifier: MIT
 *
 * about - what the commands share that write down something about one person: note, tag, ring, touch, snooze, promise, relate.
 */
#ifndef KITH_CLI_ABOUT_H
#define KITH_CLI_ABOUT_H

#include <kith/people.h>

#include "book/held.h"
#include "cli/cli.h"

#define KITH_EVERY_CHARS 32 /* room for a rhythm in words, NUL included */

/* Whom it is about.  A plain value. */
struct kith_about {
	int64_t row;
	char name[KITH_QUOTED_BYTES]; /* inert, between quotation marks */
	char id[KITH_ID_CHARS + 1];   /* kith_person_id */
	bool let_go;                  /* when the command began */
};

/* The person whom WHO means, or who has that row.  False with the status set, and told. */
bool kith_about_who(struct kith_cli *cli, struct kith_store *store, const char *who,
	struct kith_about *ret, int *ret_status);
bool kith_about_row(struct kith_store *store, int64_t row, struct kith_about *ret, int *ret_status);

/* Says that somebody who was let go is called back, where that is so. */
void kith_about_back(const struct kith_cli *cli, const struct kith_about *about);

/* The number of a note, touch or promise, from 1 on.  False with the status set, and told. */
bool kith_about_number(const char *command, const char *text, int64_t *ret, int *ret_status);

/* The moment for `--on DATE`, NULL: now.  An earlier day is its noon; one that has not come, or before 1970, is
 * refused.  False with the status set, and told. */
bool kith_about_when(const char *command, const char *date, int64_t *ret_at, int *ret_status);

/* What is said: the arguments from argv[from] on with blanks between, or with "-" alone standard input, without the line
 * end behind it, at most max bytes.  Refused: what is no UTF-8, what is longer; an empty one is not.  False with the status
 * set, and told. */
bool kith_about_text(
	int argc, char **argv, int from, size_t max, struct kith_buf *ret, int *ret_status);

/* Why the store did not take a text about somebody: the status of a sentence that says so.  what is "a note". */
int kith_about_fail(
	enum kith_err err, const struct kith_store *store, const char *what, size_t max);

/* "every 4 weeks", "every year", "every 10 days", "no rhythm"; returns out. */
const char *kith_about_every(uint32_t days, char out[static KITH_EVERY_CHARS]);

#endif
