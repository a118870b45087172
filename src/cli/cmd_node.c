/* SPDX-License-Identifier: MIT
 *
 * node - the core, in the background for whoever connects, or started by a client for itself.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/passphrase.h"
#include "node/node.h"

/* Whatever the person's shell had open has no business in a process that goes on. */
static void close_others(int keep)
{
	unsigned first = STDERR_FILENO + 1;

	if (keep > (int)first)
		(void)close_range(first, (unsigned)keep - 1, 0);
	(void)close_range(keep >= (int)first ? (unsigned)keep + 1 : first, ~0u, 0);
}

/* The passphrase of a key that has one.  A client that starts a node hands it over, or has none;
 * that, and whatever else is wrong with the key, the node tells him. */
static enum kith_err get_passphrase(
	struct kith_cli *cli, struct kith_node_options *o, struct kith_diag *diag)
{
	const struct kith_passphrase *p;
	bool protected, ask = o->client_fd < 0;
	enum kith_err err = KITH_OK;

	if (kith_identity_is_protected(cli->home, &protected, NULL) || !protected)
		return KITH_OK;
	if (ask || cli->passphrase_fd >= 0)
		err = kith_cli_passphrase(cli, &p, diag);
	o->passphrase = kith_cli_passphrase_take(cli);
	return ask ? err : KITH_OK;
}

int kith_cmd_node(struct kith_cli *cli, int argc, char **argv)
{
	struct kith_node_options o = {.home = cli->home, .client_fd = -1};
	struct kith_diag diag = {0};
	const char *fd = NULL;
	int status;
	const struct kith_option options[] = {
		{"client-fd", 0, &fd, NULL},
		{"interface", 0, &o.interface, NULL},
		{"courier", 0, &o.courier, NULL},
	};

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "node takes no arguments");
	if (fd) {
		char *end;
		long v = strtol(fd, &end, 10);
		if (end == fd || *end || v < 3 || v > 1023)
			return kith_cli_usage(argv[0], "--client-fd takes a descriptor");
		o.client_fd = (int)v;
	}
	enum kith_err err = get_passphrase(cli, &o, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	close_others(o.client_fd);
	err = kith_node_run(&o, &diag);
	if (err && fd)
		return kith_err_exit(err); /* the client has been told, and tells the person */
	return err ? kith_cli_fail(err, &diag) : 0;
}
