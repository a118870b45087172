/* SPDX-License-Identifier: MIT
 *
 * apart - a new process gets nothing of ours along that it was not given.
 */
#ifndef KITH_BASE_APART_H
#define KITH_BASE_APART_H

#include <spawn.h>

/* For posix_spawn: no signal that we block or ignore, and a session of its own, so that no terminal
 * and no Ctrl-C is meant for it; who started it hangs up in order.  attr is initialised by the
 * caller.  Returns 0 or an error number. */
int kith_spawn_apart(posix_spawnattr_t *attr);

#endif
