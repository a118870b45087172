/* SPDX-License-Identifier: MIT
 *
 * block, unblock - somebody who is not to be heard.
 */
#include <kith/known.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"
#include "cli/sure.h"
#include "cli/when.h"

static const char what_follows[] =
	"Your kith will not recognise them, and what they ask ends like a time-out.  Nothing is\n"
	"said to them, and what they hold of you they keep.";

/* Says what follows and asks; false with the status set when it stays as it is. */
static bool may_block(const struct kith_cli *cli, const struct kith_contact *c, int *ret_status)
{
	char name[KITH_QUOTED_BYTES];

	if (!cli->tty || cli->json) {
		*ret_status =
			kith_cli_usage("block", "without a terminal to ask at, block needs --yes");
		return false;
	}
	(void)printf("%s\n%s\n", kith_held_quoted(c->name, name), what_follows);
	if (kith_sure("Block this person? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nobody was blocked");
	return false;
}

static int put(
	struct kith_cli *cli, struct kith_store *store, const struct kith_contact *c, bool blocked)
{
	char name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_store_block(store, c->row, blocked, kith_when_now());

	if (err)
		return kith_cli_fail_store(err, store);
	if (cli->json)
		return kith_person_tell(store, c->row);
	kith_cli_say(cli, "%s %s.", kith_held_quoted(c->name, name),
		blocked      ? "is blocked; kith unblock takes it back"
		: c->blocked ? "is not blocked any more"
			     : "was not blocked");
	return 0;
}

/* Everything but the arguments; who is the word for c. */
static int change(struct kith_cli *cli, struct kith_store *store, const struct kith_contact *c,
	const char *who, bool blocked, bool yes)
{
	char name[KITH_QUOTED_BYTES];
	int status;

	if (!c->has_key)
		return kith_cli_error(KITH_ERR_NOPERSON,
			"%s has no key, so there is nothing of theirs to block",
			kith_held_quoted(c->name, name));
	if (yes && blocked && !kith_sure_exact(store, c->row, who, "block", &status))
		return status;
	if (!yes && blocked && !c->blocked && !may_block(cli, c, &status))
		return status;
	return put(cli, store, c, blocked);
}

static int run(struct kith_cli *cli, int argc, char **argv, bool blocked)
{
	bool yes = false;
	const struct kith_option options[] = {{.name = "yes", .letter = 'y', .flag = &yes}};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf who = {0};
	int64_t row;
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith %s ada", argv[0]);
	if (!kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	enum kith_err err = kith_store_contact(store, row, &c);
	if (err)
		return kith_cli_fail_store(err, store);
	return change(cli, store, &c, kith_buf_cstr(&who), blocked, yes);
}

int kith_cmd_block(struct kith_cli *cli, int argc, char **argv)
{
	return run(cli, argc, argv, true);
}

int kith_cmd_unblock(struct kith_cli *cli, int argc, char **argv)
{
	return run(cli, argc, argv, false);
}
