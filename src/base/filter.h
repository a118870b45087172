/* SPDX-License-Identifier: MIT
 *
 * filter - bytes through another program of kith, in a process of its own: in by its standard input, out by its
 * standard output.
 */
#ifndef KITH_BASE_FILTER_H
#define KITH_BASE_FILTER_H

#include <kith/bytes.h>

struct kith_filter {
	const char *const *words; /* argv: the program (base/beside.h), its arguments, NULL */
	struct kith_span in;      /* what it is given; it may end without having read it */
	size_t out_max;           /* bytes; when it says more it is given up */
	int64_t ms;               /* after which it is given up */
};

/*
 * Starts it and waits for its end: standard error is /dev/null, the environment empty, no other descriptor, no signal
 * and no terminal of ours goes along (base/apart.h).  *ret_status is its exit status; -1: it was given up (and killed),
 * or a signal ended it.  Appends its output when that is 0; else out is unchanged.  The caller ignores SIGPIPE.
 * KITH_ERR_HELPER with a sentence in diag: it is missing, or cannot be started.
 */
enum kith_err kith_filter_run(const struct kith_filter *filter, struct kith_buf *out,
	int *ret_status, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
