/* SPDX-License-Identifier: MIT
 *
 * invitation - the text that invites to the swap which runs in this home, in another window perhaps.
 */
#ifndef KITH_CLI_INVITATION_H
#define KITH_CLI_INVITATION_H

#include "cli/cli.h"

/*
 * Appends KITH:1/J/...
 * KITH_ERR_MISSING: no swap runs; KITH_ERR_TIMEOUT: it runs, and nobody could come to it, for there is
 * no network; errors of kith_client_open; all with a sentence.
 */
enum kith_err kith_invitation(
	const struct kith_cli *cli, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
