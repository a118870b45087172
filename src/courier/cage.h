/* SPDX-License-Identifier: MIT
 *
 * cage - what is around the courier from before its first thread on (proto/courier.md "Cage").
 */
#ifndef KITH_COURIER_CAGE_H
#define KITH_COURIER_CAGE_H

/* What a cage is made of, as STARTED says it. */
enum kith_cage { KITH_CAGE_LANDLOCK = 1, KITH_CAGE_SECCOMP = 2 };

/*
 * Closes the cage around this process, for good: no file is opened any more, no program or process
 * started, none but network sockets made, and no capability is left.  What is open stays open.
 * Returns what it is made of, enum kith_cage or-ed: less than both where the kernel lacks one.
 *
 * Call it while there is one thread: Landlock holds that one and those it starts.
 */
unsigned kith_cage_close(void);

#endif
