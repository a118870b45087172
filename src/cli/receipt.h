/* SPDX-License-Identifier: MIT
 *
 * receipt - the proofs that somebody has my card: shown, verified, written so that others can verify
 * them.
 */
#ifndef KITH_CLI_RECEIPT_H
#define KITH_CLI_RECEIPT_H

#include "cli/cli.h"

/* What is to become of the receipts of one person. */
struct kith_receipt_wish {
	int64_t contact;
	const char *path; /* write it there; NULL: show all */
	uint64_t rev;     /* of which card, to be written; 0: the latest */
};

/* Shows and verifies them, or writes one.  Returns the exit status: 6 when one does not hold. */
int kith_receipts(
	struct kith_cli *cli, struct kith_store *store, const struct kith_receipt_wish *wish);

/* Whether that, of the file of that name (inert), is such a receipt; then it is verified and told, and *ret_status is
 * set. */
bool kith_receipt_text(
	struct kith_cli *cli, const char *name, struct kith_span text, int *ret_status);

#endif
