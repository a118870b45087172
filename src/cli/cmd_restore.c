/* SPDX-License-Identifier: MIT
 *
 * restore - a home from a backup.
 */
#include "base/auto.h"
#include "base/home.h"
#include "base/text.h"
#include "book/backup.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/passphrase.h"
#include "cli/person.h"

/* The words of a restore: of the backup, and of the key that is in it. */
struct words {
	struct kith_passphrase *backup;
	struct kith_passphrase *key;
};

static void words_end(struct words *w)
{
	kith_passphrase_free(w->backup);
	kith_passphrase_free(w->key);
}

/* The key in it may have a passphrase of its own; often it is the same. */
static enum kith_err unlock(
	struct kith_cli *cli, struct kith_restore *r, struct words *w, struct kith_diag *diag)
{
	enum kith_err err = kith_restore_unlock(r, w->backup, diag);

	if (err != KITH_ERR_PASSPHRASE)
		return err;
	diag->text[0] = 0;
	bool handed = cli->passphrase_fd >= 0;
	err = kith_cli_passphrase_for(cli, "Passphrase of the key in it: ", false, &w->key, diag);
	if (err == KITH_ERR_PASSPHRASE && handed)
		return kith_fail(diag, err,
			"the key in the backup has a passphrase of its own, which is missing: it is the "
			"second line of --passphrase-fd; nothing was restored");
	if (err)
		return err;
	err = kith_restore_unlock(r, w->key, diag);
	return err == KITH_ERR_PASSPHRASE
		       ? kith_fail(diag, err,
				 "that passphrase does not open the key in the backup; nothing was "
				 "restored")
		       : err;
}

static enum kith_err restore(struct kith_cli *cli, const char *path, struct kith_diag *diag)
{
	KITH_AUTO(words_end) struct words w = {0};
	KITH_AUTO(kith_restore_free) struct kith_restore r = {.lock = -1};
	const struct kith_env *env = kith_env_default();
	enum kith_err err = kith_restore_possible(cli->home, diag);

	cli->passphrase_more = 1;
	if (!err)
		err = kith_cli_passphrase_for(
			cli, "Passphrase of the backup: ", false, &w.backup, diag);
	if (!err)
		err = kith_restore_begin(&r, path, cli->home, w.backup, diag);
	if (!err)
		err = unlock(cli, &r, &w, diag);
	return err ? err : kith_restore_end(&r, env->wall(env->ctx), diag);
}

int kith_cmd_restore(struct kith_cli *cli, int argc, char **argv)
{
	struct kith_diag diag = {0};
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc != 2)
		return kith_cli_usage(argv[0], "say from where: kith restore FILE");
	enum kith_err err = restore(cli, argv[1], &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	kith_json_tell(cli, json_pack("{s:o}", "home", kith_json_text(kith_span_str(cli->home))));
	kith_cli_say(cli,
		"Everything is back in %s.  Your cards were signed anew with higher numbers, since what you "
		"signed after the backup\nis not in it.  People you meet get them; who holds a card that "
		"you signed after the backup gives it back, kith tells\nyou, and kith card returned shows "
		"it.  If the machine that the backup was made on is still in use, stop kith there:\ntwo homes "
		"with one key contradict each other.  If you changed your key after this backup was made (kith "
		"key rotate), nobody\ntakes this one any more: kith init in another home, meet, and they "
		"say kith replace.",
		cli->home);
	return 0;
}
