/* SPDX-License-Identifier: MIT
 *
 * swap - be seen, see, agree, compare, swap.
 */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/swap.h"

#define TIMEOUT_PIPED 60 /* seconds */

int kith_cmd_swap(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO_FREE struct kith_swap *s = calloc(1, sizeof *s);
	const char *card = NULL, *event = NULL, *timeout = NULL, *invite = NULL, *interface = NULL;
	long limit = cli->tty && !cli->json ? -1 : TIMEOUT_PIPED;
	int status;

	if (!s)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	const struct kith_option options[] = {
		{"card", 0, &card, NULL},
		{"event", 0, &event, NULL},
		{"hidden", 0, NULL, &s->options.hidden},
		{"receive-only", 0, NULL, &s->options.receive_only},
		{"long", 0, NULL, &s->options.long_code},
		{"timeout", 0, &timeout, NULL},
		{"unattended", 0, NULL, &s->options.unattended},
		{"keep", 0, NULL, &s->keep},
		{"to", 0, &invite, NULL},
		{"interface", 0, &interface, NULL},
	};
	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 2)
		return kith_cli_usage(argv[0], "one person at a time, please");
	if (invite)
		return kith_cli_usage(argv[0], "invitations (--to) come with a later version");
	if (card && strcmp(card, "me") != 0)
		return kith_cli_usage(argv[0], "there is one card only, \"me\"; more come later");
	if (timeout && !kith_args_seconds(timeout, &limit))
		return kith_cli_usage(argv[0], "--timeout takes whole seconds");
	if (s->keep && !s->options.unattended)
		return kith_cli_usage(argv[0], "--keep goes with --unattended");
	if (event && (strlen(event) > KITH_EVENT_NAME_MAX))
		return kith_cli_usage(
			argv[0], "the event's name is longer than %d bytes", KITH_EVENT_NAME_MAX);
	/* Only the first run needs more than the node does, and the node starts while we look. */
	if (!kith_cli_has_key(cli)) {
		KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
		if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
			return status;
	}
	s->cli = cli;
	s->robot = s->options.unattended;
	s->options.event = event;
	s->who = argc == 2 ? argv[1] : NULL;
	s->view = kith_swap_view_for(s);
	s->input_ended = s->robot;
	return kith_swap_run(s, interface, limit);
}
