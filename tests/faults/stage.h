/* SPDX-License-Identifier: MIT
 *
 * stage - what the stage of tests/scenario calls in place of calloc and kith_message_type, when it
 * is compiled for these tests: the virtual network itself must not run out of memory.
 */
#ifndef KITH_FAULTS_STAGE_H
#define KITH_FAULTS_STAGE_H

#include <kith/bytes.h>

void *stage_calloc(size_t n, size_t each);
enum kith_err stage_message_type(struct kith_span bytes, uint64_t *ret_type);

#endif
