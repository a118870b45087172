/* SPDX-License-Identifier: MIT
 *
 * remark - sentences about lines of a file that are not as they should be.
 */
#ifndef KITH_VCARD_REMARK_H
#define KITH_VCARD_REMARK_H

#include "vcard/reader.h"

struct kith_remarks {
	kith_vcard_remark_fn tell; /* NULL: they are only counted */
	void *ctx;
	uint64_t n;
	struct kith_diag over; /* the last sentence about a limit */
};

/* Text from the file must have passed kith_show. */
void kith_remark(struct kith_remarks *r, uint64_t line, const char *fmt, ...) KITH_PRINTF(3, 4);

/* That the vCard which begins on that line was left out: it is over that limit. */
void kith_remark_limit(
	struct kith_remarks *r, uint64_t line, const char *name, unsigned limit, const char *unit);

#endif
