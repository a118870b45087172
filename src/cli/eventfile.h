/* SPDX-License-Identifier: MIT
 *
 * eventfile - who was at an event, as a file: vCards, a table, JSON.
 */
#ifndef KITH_CLI_EVENTFILE_H
#define KITH_CLI_EVENTFILE_H

#include "cli/gathering.h"

struct kith_eventfile_wish {
	const char *format; /* "vcard3", "vcard4", "csv", "json"; NULL: as with kith export */
	const char *path;   /* NULL or "-": standard output */
	bool private;       /* with what I remember of them: tags, notes; the ring, but in vCards */
};

/* Whether there is such a format, and what is asked goes with it; else it is told, with the status set.  Fills in the
 * format that is not said. */
bool kith_eventfile_may(const struct kith_cli *cli, const char *command,
	struct kith_eventfile_wish *wish, int *ret_status);

/* Writes it, whole or not at all.  Returns the exit status. */
int kith_eventfile_write(struct kith_cli *cli, struct kith_store *store,
	const struct kith_gathering *g, const struct kith_eventfile_wish *wish);

#endif
