/* SPDX-License-Identifier: MIT */
#include "cli/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

int kith_signals_watch(sigset_t *ret_before)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, ret_before);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool kith_signals_take(int fd)
{
	struct signalfd_siginfo info;
	bool any = false;

	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
		any = true;
	return any;
}
