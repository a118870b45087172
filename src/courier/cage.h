/* SPDX-License-Identifier: MIT
 *
 * cage - what is around the courier from before its first thread on (proto/courier.md "Cage").
 */
#ifndef KITH_COURIER_CAGE_H
#define KITH_COURIER_CAGE_H

#include "base/cage.h"

/*
 * Closes the cage around this process, for good: no file is opened any more, no program or process
 * started, none but network sockets made, and no capability is left.  What is open stays open.
 * Returns what it is made of, enum kith_cage or-ed, as STARTED says it.  While there is one thread.
 */
unsigned kith_courier_cage_close(void);

#endif
