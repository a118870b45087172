/* SPDX-License-Identifier: MIT
 *
 * boot - which start of the machine this is, for what must not believe a wall clock.
 */
#ifndef KITH_BASE_BOOT_H
#define KITH_BASE_BOOT_H

#include <stdint.h>

#define KITH_BOOT_BYTES 16

/* The number of this start of the machine, another one each time; all zero where it cannot be read. */
void kith_boot_id(uint8_t out[static KITH_BOOT_BYTES]);

#endif
