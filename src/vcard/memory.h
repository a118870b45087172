/* SPDX-License-Identifier: MIT
 *
 * memory - memory that is given out piece by piece and taken back all at once.
 */
#ifndef KITH_VCARD_MEMORY_H
#define KITH_VCARD_MEMORY_H

#include <kith/bytes.h>

struct kith_block;

/* Starts with {0}. */
struct kith_memory {
	struct kith_block *full; /* blocks given out, the latest first */
	size_t left;             /* bytes of the latest that are free */
};

/* n bytes for anything, valid until the next reset; NULL when memory ran out. */
void *kith_memory_take(struct kith_memory *m, size_t n);

/* A copy that lives as long.  KITH_ERR_NOMEM. */
enum kith_err kith_memory_copy(
	struct kith_memory *m, struct kith_span s, struct kith_span *ret) KITH_MUST_CHECK;

/* Takes everything back; one block of the usual size stays for the next use. */
void kith_memory_reset(struct kith_memory *m);

/* NULL allowed. */
void kith_memory_free(struct kith_memory *m);

#endif
