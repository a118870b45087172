/* SPDX-License-Identifier: MIT
 *
 * use - the days on which kith is used, after so many of which people who were let go are forgotten.
 * proto/people.md, "Review".
 */
#ifndef KITH_CLI_USE_H
#define KITH_CLI_USE_H

#include "cli/cli.h"

/* A store was opened to write: notes in cli whether the day is a new one, and from now on whether anything changes. */
void kith_use_begins(struct kith_cli *cli, struct kith_store *store);

/* Whether the command so far makes this a day of use: with it I changed something about people, and it can say what follows
 * from that. */
bool kith_use_counts(const struct kith_cli *cli, const char *command);

/*
 * The command is done.  On a new day, counts it; who goes by that is forgotten now, and told with who goes soon (on
 * standard error).  After the command, so that it can still call somebody back.  What cannot be written is not told:
 * the next command does it.
 */
void kith_use_ends(struct kith_cli *cli, const char *command);

/* Who is forgotten on the next day of use, and who in 3, each with how to keep them, and keeps that it was told; nothing
 * when there is nobody.  Store errors. */
enum kith_err kith_use_tell_fading(struct kith_cli *cli, struct kith_store *store) KITH_MUST_CHECK;

#endif
