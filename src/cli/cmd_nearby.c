/* SPDX-License-Identifier: MIT
 *
 * nearby - who is here, without swapping.
 */
#include <stdlib.h>

#include "base/auto.h"
#include "cli/args.h"
#include "cli/swap.h"

#define TIMEOUT_PIPED 3 /* seconds */

int kith_cmd_nearby(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO_FREE struct kith_swap *s = calloc(1, sizeof *s);
	const char *timeout = NULL, *interface = NULL;
	long limit = cli->tty && !cli->json ? -1 : TIMEOUT_PIPED;
	int status;
	const struct kith_option options[] = {
		{"timeout", 0, &timeout, NULL},
		{"interface", 0, &interface, NULL},
	};

	if (!s)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "nearby takes no names");
	if (timeout && !kith_args_seconds(timeout, &limit))
		return kith_cli_usage(argv[0], "--timeout takes whole seconds");
	s->cli = cli;
	s->looking = true;
	s->view = kith_swap_view_for(s);
	s->input_ended = s->view != &kith_swap_screen;
	s->keep = true;
	s->robot = false;
	return kith_swap_run(s, interface, limit);
}
