/* SPDX-License-Identifier: MIT
 *
 * join - what was typed in or imported about somebody goes to the person met, and back.
 */
#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"
#include "cli/sure.h"

/* Both sides of a join. */
struct pair {
	struct kith_contact person; /* who stays */
	struct kith_contact other;  /* who becomes a part */
};

static void pair_end(struct pair *p)
{
	kith_contact_free(&p->person);
	kith_contact_free(&p->other);
}

/* The person for WHO; with yes it has to be said exactly. */
static bool find(struct kith_cli *cli, struct kith_store *store, const char *who, bool yes,
	struct kith_contact *ret_contact, int *ret_status)
{
	int64_t row;

	if (!kith_cli_who(cli, store, who, &row, ret_status) ||
		(yes && !kith_sure_exact(store, row, who, "join", ret_status)))
		return false;
	enum kith_err err = kith_store_contact(store, row, ret_contact);
	if (err)
		*ret_status = kith_cli_fail_store(err, store);
	return !err;
}

/* Whether these two can be joined that way round; says why not. */
static bool fit(const struct pair *p, int *ret_status)
{
	char person[KITH_QUOTED_BYTES], other[KITH_QUOTED_BYTES];

	kith_held_quoted(p->person.name, person);
	kith_held_quoted(p->other.name, other);
	if (p->person.row == p->other.row)
		*ret_status =
			kith_cli_error(KITH_ERR_VALUE, "both are the same person, %s", person);
	else if (p->other.has_key && p->person.has_key)
		*ret_status = kith_cli_error(KITH_ERR_VALUE,
			"%s and %s both have a key, so kith takes them for two people; joined is what "
			"was typed in or imported",
			person, other);
	else if (p->other.has_key)
		*ret_status = kith_cli_error(KITH_ERR_VALUE,
			"%s has a key; say the two the other way round: first who has the key, then "
			"what was typed in or imported",
			other);
	else
		return true;
	return false;
}

/* Shows what will happen and asks. */
static bool may_join(
	struct kith_cli *cli, struct kith_store *store, const struct pair *p, int *ret_status)
{
	char person[KITH_QUOTED_BYTES];
	enum kith_err err;

	if (!cli->tty || cli->json) {
		*ret_status =
			kith_cli_usage("join", "without a terminal to ask at, join needs --yes");
		return false;
	}
	kith_held_quoted(p->person.name, person);
	if (!(err = kith_person_print(store, p->person.row, stdout))) {
		(void)printf("\n");
		err = kith_person_print(store, p->other.row, stdout);
	}
	if (err) {
		*ret_status = kith_cli_fail_store(err, store);
		return false;
	}
	(void)printf("\nThe second will be no row of its own any more: it stands beside %s, not "
		     "signed.\nNothing is lost, and kith join --undo takes it back.\n",
		person);
	if (kith_sure("Are both the same person? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was joined");
	return false;
}

static int report(struct kith_cli *cli, struct kith_store *store, const struct pair *p)
{
	char person[KITH_QUOTED_BYTES], other[KITH_QUOTED_BYTES];

	if (cli->json)
		return kith_person_tell(store, p->person.row);
	if (p->other.row)
		kith_cli_say(cli, "%s is joined to %s.", kith_held_quoted(p->other.name, other),
			kith_held_quoted(p->person.name, person));
	else
		kith_cli_say(cli, "What was joined to %s stands on its own again.",
			kith_held_quoted(p->person.name, person));
	return 0;
}

static int join(struct kith_cli *cli, const char *who, const char *typed, bool yes)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(pair_end) struct pair p = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!find(cli, store, who, yes, &p.person, &status) ||
		!find(cli, store, typed, yes, &p.other, &status) || !fit(&p, &status) ||
		(!yes && !may_join(cli, store, &p, &status)))
		return status;
	enum kith_err err = kith_store_join(store, p.person.row, p.other.row);
	return err ? kith_cli_fail_store(err, store) : report(cli, store, &p);
}

static int undo(struct kith_cli *cli, const char *who)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(pair_end) struct pair p = {0};
	char person[KITH_QUOTED_BYTES];
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!find(cli, store, who, false, &p.person, &status))
		return status;
	enum kith_err err = kith_store_unjoin(store, p.person.row);
	if (err == KITH_ERR_VALUE)
		return kith_cli_error(KITH_ERR_MISSING, "nothing is joined to %s",
			kith_held_quoted(p.person.name, person));
	return err ? kith_cli_fail_store(err, store) : report(cli, store, &p);
}

int kith_cmd_join(struct kith_cli *cli, int argc, char **argv)
{
	bool yes = false, back = false;
	const struct kith_option options[] = {
		{.name = "yes", .letter = 'y', .flag = &yes}, {.name = "undo", .flag = &back}};
	KITH_AUTO_BUF struct kith_buf who = {0};
	int status;

	if (!kith_args(options, 2, &argc, argv, &status))
		return status;
	if (back && argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith join --undo ada");
	if (!back && argc != 3)
		return kith_cli_usage(argv[0],
			"say two people, names with blanks in quotes: kith join \"Ada Lovelace\" "
			"\"Ada L\"");
	if (!back)
		return join(cli, argv[1], argv[2], yes);
	if (!kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	return undo(cli, kith_buf_cstr(&who));
}
