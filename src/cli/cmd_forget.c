/* SPDX-License-Identifier: MIT
 *
 * forget - removes a person, after showing what goes.
 */
#include <strings.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"

/* "y" or "yes", in any case; anything else, and the end of input, is no. */
static bool agrees(const char *question)
{
	KITH_AUTO_BUF struct kith_buf line = {0};

	if (!kith_cli_ask(question, &line))
		return false;
	const char *answer = (const char *)line.p;
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

/* Shows what goes and asks; false with the status set when it stays. */
static bool may_forget(
	const struct kith_cli *cli, struct kith_store *store, int64_t row, int *ret_status)
{
	enum kith_err err;

	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_usage("forget", "without a terminal to ask at, forget needs "
						       "--yes");
		return false;
	}
	if ((err = kith_person_print(store, row, stdout))) {
		*ret_status = kith_cli_fail_store(err, store);
		return false;
	}
	(void)printf("\nAll of this goes: the card, the meetings, the receipts.\n");
	if (agrees("Forget this person? [y/N] "))
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

/* Whether the word is the whole name, an address, or the beginning of the id: nobody looks before
 * --yes, and a beginning of a name may be somebody else's the next time. */
static enum kith_err is_exact(
	struct kith_store *store, int64_t row, struct kith_span who, bool *ret_exact)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf a = {0};
	KITH_AUTO_BUF struct kith_buf b = {0};
	char id[KITH_ID_CHARS + 1];

	enum kith_err err = kith_store_contact(store, row, &c);
	if (err || (err = kith_fold(&a, c.name)) || (err = kith_fold(&b, who)))
		return err;
	kith_id_text(c.ik, id);
	*ret_exact = memchr(who.p, '@', who.n) || kith_span_eq(kith_buf_span(&a), kith_buf_span(&b)) ||
	       (who.n >= 4 && who.n <= KITH_ID_CHARS && strncasecmp(id, (const char *)who.p, who.n) == 0);
	return KITH_OK;
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
	bool exact = false;
	enum kith_err err = yes ? is_exact(store, row, kith_buf_span(&who), &exact) : KITH_OK;
	if (err)
		return kith_cli_fail_store(err, store);
	if (yes && !exact)
		return kith_cli_usage(argv[0], "with --yes say the whole name, an e-mail address or an id");
	if (!yes && !may_forget(cli, store, row, &status))
		return status;
	return forget(cli, store, row);
}
