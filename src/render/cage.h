/* SPDX-License-Identifier: MIT
 *
 * cage - what is around kith-render before it looks at the first byte (proto/render.md "Cage").
 */
#ifndef KITH_RENDER_CAGE_H
#define KITH_RENDER_CAGE_H

#include "base/cage.h"

/* Sets the limits of memory, time and files, and closes the cage: fonts are read, what is open is read and written, and
 * memory is had that is not executable.  False when a limit cannot be set, or the kernel lacks a part of the cage. */
bool kith_render_cage_close(void);

#endif
