/* SPDX-License-Identifier: MIT
 *
 * progress - how far a long command is: one line on standard error that is rewritten in place.
 */
#ifndef KITH_CLI_PROGRESS_H
#define KITH_CLI_PROGRESS_H

#include "cli/cli.h"

struct kith_progress {
	bool on;        /* standard error is a terminal, and nobody wants quiet */
	size_t shown;   /* columns that stand there now */
	uint64_t begun; /* ms */
	uint64_t last;  /* ms, when it was written last */
};

/* Says nothing with --quiet, --json, or where standard error is no terminal. */
void kith_progress_begin(struct kith_progress *p, const struct kith_cli *cli);

/* Whether to tell: from the first second on, five times a second at most. */
bool kith_progress_due(struct kith_progress *p);

/* Rewrites the line.  What comes from outside must have passed kith_show. */
void kith_progress_tell(struct kith_progress *p, const char *fmt, ...) KITH_PRINTF(2, 3);

/* Clears the line, before something else is printed or at the end. */
void kith_progress_clear(struct kith_progress *p);

#endif
