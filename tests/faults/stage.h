/* SPDX-License-Identifier: MIT
 *
 * stage - what the stage of tests/scenario calls in place of calloc, kith_message_type and
 * kith_store_open, when it is compiled for these tests: the virtual network itself must not run out of
 * memory, and a new store is a copy, since to make one takes longer than a swap.
 */
#ifndef KITH_FAULTS_STAGE_H
#define KITH_FAULTS_STAGE_H

#include <kith/store.h>

void *stage_calloc(size_t n, size_t each);
enum kith_err stage_message_type(struct kith_span bytes, uint64_t *ret_type);
enum kith_err stage_store_open(const char *home, enum kith_store_mode mode, struct kith_store **ret,
	struct kith_diag *diag);

#endif
