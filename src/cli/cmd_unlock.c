/* SPDX-License-Identifier: MIT
 *
 * unlock, lock - the passphrase for the node in the background, and having it forget the key.
 */
#include "base/auto.h"
#include "cli/args.h"
#include "cli/nodetalk.h"
#include "cli/passphrase.h"
#include "cli/person.h"

#define TRIES_MAX 3

static int no_node(enum kith_err err, const struct kith_diag *diag)
{
	return err == KITH_ERR_MISSING
		       ? kith_cli_error(err, "no node runs in the background for this home; kith "
					     "node --detach starts one")
		       : kith_cli_fail(err, diag);
}

static enum kith_err ask_state(struct kith_client *client, struct kith_diag *diag)
{
	enum kith_err err = kith_client_status(client);

	return err ? err : kith_node_answer(client, NULL, NULL, diag);
}

static enum kith_err hand_over(
	struct kith_cli *cli, struct kith_client *client, struct kith_diag *diag)
{
	const struct kith_passphrase *p = NULL;
	enum kith_err err = kith_cli_passphrase(cli, &p, diag);

	if (!err)
		err = kith_client_unlock(client, p);
	kith_cli_passphrase_forget(cli);
	return err ? err : kith_node_answer(client, NULL, NULL, diag);
}

/* How the node is now. */
static int say(const struct kith_cli *cli, bool locked, const char *sentence)
{
	kith_json_tell(cli, json_pack("{s:b}", "locked", locked));
	kith_cli_say(cli, "%s", sentence);
	return 0;
}

static int unlock(struct kith_cli *cli, struct kith_client *client)
{
	struct kith_diag diag = {0};
	bool typed = cli->passphrase_fd < 0;
	enum kith_err err = ask_state(client, &diag);

	if (!err && !kith_client_state(client)->locked)
		return say(cli, false, "The node is not locked.");
	for (int i = 0; !err && i < TRIES_MAX; i++) {
		err = hand_over(cli, client, &diag);
		if (err != KITH_ERR_PASSPHRASE || !typed || !cli->tty || i + 1 == TRIES_MAX)
			break;
		kith_cli_note(cli, "That passphrase does not open the key.");
		err = KITH_OK;
	}
	if (err)
		return kith_cli_fail(err, &diag);
	return say(cli, false, "The node has the key, until it ends or kith lock is run.");
}

static int lock(struct kith_cli *cli, struct kith_client *client)
{
	struct kith_diag diag = {0};
	enum kith_err err = ask_state(client, &diag);

	if (!err && kith_client_state(client)->locked)
		return say(cli, true, "The node is locked already.");
	if (!err)
		err = kith_client_lock(client);
	if (!err)
		err = kith_node_answer(client, NULL, NULL, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	return say(cli, true, "The node has forgotten the key; kith unlock gives it back.");
}

static int talk(struct kith_cli *cli, int argc, char **argv,
	int (*f)(struct kith_cli *cli, struct kith_client *client))
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;
	struct kith_diag diag = {0};
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "%s takes no arguments", argv[0]);
	enum kith_err err = kith_node_running(cli, &client, &diag);
	return err ? no_node(err, &diag) : f(cli, client);
}

int kith_cmd_unlock(struct kith_cli *cli, int argc, char **argv)
{
	return talk(cli, argc, argv, unlock);
}

int kith_cmd_lock(struct kith_cli *cli, int argc, char **argv)
{
	return talk(cli, argc, argv, lock);
}
