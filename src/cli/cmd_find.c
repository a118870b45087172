/* SPDX-License-Identifier: MIT
 *
 * find - who has all the words.
 */
#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/people.h"

int kith_cmd_find(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_people_free) struct kith_people people = {0};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf words = {0};
	char shown[256];
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1 && !kith_cli_join(argc, argv, &words))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	const char *text = kith_buf_cstr(&words);
	if (!text)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!text[strspn(text, " \t\n")])
		return kith_cli_usage(argv[0], "say what to look for: kith find navy compilers");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_store_find(store, kith_buf_span(&words), kith_people_add, &people);
	if (err)
		return kith_cli_fail_store(err, store);
	if (!people.err && !cli->json)
		err = kith_people_hits(&people, store, kith_buf_span(&words));
	if (err)
		return kith_cli_fail_store(err, store);
	status = kith_people_report(cli, store, &people);
	if (status || people.n > 0)
		return status;
	kith_show_in(shown, sizeof shown, kith_buf_span(&words), 60);
	return kith_cli_error(KITH_ERR_NOPERSON, "nobody here has \"%s\"", shown);
}
