/* SPDX-License-Identifier: MIT
 *
 * list - everybody.
 */
#include "base/auto.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/people.h"

int kith_cmd_list(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_people_free) struct kith_people people = {0};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(
			argv[0], "list takes no arguments; to search: kith find WORDS");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_store_each(store, kith_people_add, &people);
	if (err)
		return kith_cli_fail_store(err, store);
	if (people.n == 0 && cli->tty)
		kith_cli_say(cli, "Nobody yet.  With somebody next to you: kith swap");
	return kith_people_report(cli, store, &people);
}
