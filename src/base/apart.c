/* SPDX-License-Identifier: MIT */
#include "base/apart.h"

#include <signal.h>

int kith_spawn_apart(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int bad;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	if ((bad = posix_spawnattr_setsigmask(attr, &none)) ||
		(bad = posix_spawnattr_setsigdefault(attr, &all)))
		return bad;
	return posix_spawnattr_setflags(
		attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
}
