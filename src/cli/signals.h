/* SPDX-License-Identifier: MIT
 *
 * signals - Ctrl-C, a kill and a closed terminal as events of a poll loop, so that a command ends in
 * order: terminal, store and other processes clean.
 */
#ifndef KITH_CLI_SIGNALS_H
#define KITH_CLI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Blocks SIGINT, SIGTERM and SIGHUP and returns a descriptor to poll for them (-1: none left);
 * *ret_before is the mask to restore with sigprocmask at the end. */
int kith_signals_watch(sigset_t *ret_before);

/* Takes what has come, so that it does not strike once the mask is restored; false: nothing had. */
bool kith_signals_take(int fd);

#endif
