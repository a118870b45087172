/* SPDX-License-Identifier: MIT
 *
 * show - one person, whole.
 */
#include "base/auto.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"

int kith_cmd_show(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf who = {0};
	int64_t row;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith show ada");
	if (!kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	if (!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	if (cli->json) {
		json_t *o = kith_person_json(store, row);
		if (!o)
			return kith_cli_fail_store(KITH_ERR_STORE, store);
		kith_json_line(stdout, o);
		json_decref(o);
		return 0;
	}
	enum kith_err err = kith_person_print(store, row, stdout);
	return err ? kith_cli_fail_store(err, store) : 0;
}
