/* SPDX-License-Identifier: MIT
 *
 * limits - every amount that a peer, a file or the network can influence, by name.
 * The list, with units and reasons, is proto/limits.def.
 */
#ifndef KITH_BASE_LIMITS_H
#define KITH_BASE_LIMITS_H

enum kith_limit {
#define KITH_LIMIT(name, value, unit, reason) KITH_##name = (value),
#include "proto/limits.def"
#undef KITH_LIMIT
};

#endif
