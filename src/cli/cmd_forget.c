/* SPDX-License-Identifier: MIT
 *
 * forget - removes a person, after showing what goes.
 */
#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"
#include "cli/sure.h"

static const char *what_goes(const struct kith_contact *c)
{
	if (!c->has_key)
		return c->entries > 1 ? "what you typed in or imported, and what is joined to it"
				      : "what you typed in or imported";
	return c->entries > 0 ? "the card, the meetings, the receipts, and what you typed in, "
				"imported or joined yourself"
			      : "the card, the meetings, the receipts";
}

/* Shows what goes and asks; false with the status set when it stays. */
static bool may_forget(
	const struct kith_cli *cli, struct kith_store *store, int64_t row, int *ret_status)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err;

	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_usage("forget", "without a terminal to ask at, forget needs "
						       "--yes");
		return false;
	}
	if (!(err = kith_store_contact(store, row, &c)))
		err = kith_person_print(store, row, stdout);
	if (err) {
		*ret_status = kith_cli_fail_store(err, store);
		return false;
	}
	(void)printf("\nAll of this goes: %s.\n", what_goes(&c));
	if (kith_sure("Forget this person? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was forgotten");
	return false;
}

/* Removes the row; says who it was. */
static int forget(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char shown[256];
	json_t *o = NULL;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (!err && cli->json && !(o = kith_person_json(store, row)))
		err = KITH_ERR_NOMEM;
	if (!err)
		err = kith_store_forget(store, row);
	if (err) {
		json_decref(o);
		return kith_cli_fail_store(err, store);
	}
	if (o)
		kith_json_line(stdout, o);
	json_decref(o);
	kith_cli_say(cli, "%s is forgotten.", kith_show_in(shown, sizeof shown, c.name, 40));
	return 0;
}

int kith_cmd_forget(struct kith_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct kith_option options[] = {{.name = "yes", .letter = 'y', .flag = &yes}};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf who = {0};
	int64_t row;
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith forget ada");
	if (!kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	if (yes && !kith_sure_exact(store, row, kith_buf_cstr(&who), argv[0], &status))
		return status;
	if (!yes && !may_forget(cli, store, row, &status))
		return status;
	return forget(cli, store, row);
}
