/* SPDX-License-Identifier: MIT
 *
 * backup - everything of the home in one encrypted file.
 */
#include <sys/stat.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/backup.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/passphrase.h"
#include "cli/person.h"
#include "store/settle.h"

static void passphrase_end(struct kith_passphrase **p)
{
	kith_passphrase_free(*p);
}

static int make(struct kith_cli *cli, const char *path)
{
	KITH_AUTO(passphrase_end) struct kith_passphrase *word = NULL;
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	struct stat st;
	char shown[256];
	int status;
	enum kith_err err = kith_home_settle(cli->home, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	err = kith_cli_passphrase_for(cli, "Passphrase for the backup: ", true, &word, &diag);
	if (!err)
		err = kith_backup_make(cli->home, store, path, word, NULL, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	int64_t bytes = stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
	if (cli->json) {
		kith_json_tell(
			cli, json_pack("{s:o,s:I}", "file", kith_json_text(kith_span_str(path)),
				     "bytes", (json_int_t)bytes));
		return 0;
	}
	kith_cli_note(cli,
		"%s holds your key, your cards, your people and your receipts, %lld KiB.  It opens with "
		"that passphrase alone: keep both,\nand not on this machine.  kith restore brings it "
		"back.",
		kith_show_in(shown, sizeof shown, kith_span_str(path), 60),
		(long long)(bytes + 1023) / 1024);
	return 0;
}

int kith_cmd_backup(struct kith_cli *cli, int argc, char **argv)
{
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc != 2)
		return kith_cli_usage(argv[0], "say where: kith backup FILE");
	if (!kith_cli_has_key(cli))
		return kith_cli_fail(KITH_ERR_NOIDENTITY, NULL);
	return make(cli, argv[1]);
}
