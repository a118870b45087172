/* SPDX-License-Identifier: MIT
 *
 * cage - what is around kith-picture before it looks at the first byte (proto/picture.md "Cage").
 */
#ifndef KITH_PICTURE_CAGE_H
#define KITH_PICTURE_CAGE_H

#include "base/cage.h"

/* Sets the limits of memory, time and files, and closes the cage: only what is open is read and written, and memory is
 * had that is not executable.  False when a limit cannot be set, or the kernel has neither part of a cage. */
bool kith_picture_cage_close(void);

#endif
