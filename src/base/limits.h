/* SPDX-License-Identifier: MIT
 *
 * limits - every amount that a peer, a file or the network can influence, by name.
 * The list, with units and reasons, is proto/limits.def.
 */
#ifndef KITH_BASE_LIMITS_H
#define KITH_BASE_LIMITS_H

#include <stdint.h>

enum kith_limit {
#define KITH_LIMIT(name, value, unit, reason) KITH_##name = (value),
#include "proto/limits.def"
#undef KITH_LIMIT
};

/* So far ahead of another may the number of a card be. */
#define KITH_JUMP_MAX (UINT64_C(1) << KITH_JUMP_BITS)

#endif
