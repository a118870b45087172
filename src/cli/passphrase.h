/* SPDX-License-Identifier: MIT
 *
 * passphrase - the passphrase of the home's key: from --passphrase-fd, else from the person at the
 * terminal, without an echo.  It is kept in the struct kith_cli, so that a command which needs it
 * twice takes it once, until it is forgotten.
 */
#ifndef KITH_CLI_PASSPHRASE_H
#define KITH_CLI_PASSPHRASE_H

#include "cli/cli.h"

/*
 * The one that opens the key: a kith_passphrase_fn (client.h) whose ctx is the struct kith_cli.
 * *ret belongs to cli.  KITH_ERR_PASSPHRASE: none was given, or there is neither a descriptor nor a
 * terminal, with what to do about it; the errors of kith_passphrase_read.
 */
enum kith_err kith_cli_passphrase(
	void *cli, const struct kith_passphrase **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* One for a new key; a person types it twice.  Errors as above, and KITH_ERR_PASSPHRASE when the
 * two differ. */
enum kith_err kith_cli_passphrase_new(struct kith_cli *cli, const struct kith_passphrase **ret,
	struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * One for something else than the home's key: the next line of --passphrase-fd (cli->passphrase_more says how many
 * lines are to come behind the one that is read next), else asked with that question, twice when it is a
 * new one.  The caller frees it.  Errors as above.
 */
enum kith_err kith_cli_passphrase_for(struct kith_cli *cli, const char *question, bool twice,
	struct kith_passphrase **ret, struct kith_diag *diag) KITH_MUST_CHECK;

/* The one that cli keeps, which is the caller's then; NULL when there is none. */
struct kith_passphrase *kith_cli_passphrase_take(struct kith_cli *cli);

/* Wipes it. */
void kith_cli_passphrase_forget(struct kith_cli *cli);

/* Opens the key of the home, asking for the passphrase if it has one; a person who mistypes may try
 * again twice.  It is forgotten then, or kept in cli.  A change of keys that was cut short is ended before.
 * Errors of kith_home_settle, kith_identity_load_protected and as above. */
enum kith_err kith_cli_unlock_kept(
	struct kith_cli *cli, struct kith_identity **ret, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_cli_unlock(
	struct kith_cli *cli, struct kith_identity **ret, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
