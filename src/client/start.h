/* SPDX-License-Identifier: MIT
 *
 * start - a node of one's own, as a child process.
 */
#ifndef KITH_CLIENT_START_H
#define KITH_CLIENT_START_H

#include <sys/types.h>

#include <kith/client.h>

/*
 * Starts `kith --home HOME node --client-fd 3`; the other end of its descriptor 3 is put into
 * *ret_fd.  passphrase (NULL: none) goes through a pipe, so that it stands in no argument, no
 * environment and no file.  KITH_ERR_NODE, KITH_ERR_NOMEM, KITH_ERR_IO.
 */
enum kith_err kith_client_start(const struct kith_client_options *options,
	const struct kith_passphrase *passphrase, int *ret_fd, pid_t *ret_pid,
	struct kith_diag *diag) KITH_MUST_CHECK;

#endif
