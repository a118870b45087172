/* SPDX-License-Identifier: MIT
 *
 * help - the overview, and a page for every command.
 */
#include <stdio.h>

#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"

static const char globals[] =
	"Options for every command, before or after it:\n"
	"  --home DIR           where your kith lives (else $KITH_HOME, $XDG_DATA_HOME/kith,\n"
	"                       ~/.local/share/kith)\n"
	"  --json               answer in JSON, for scripts\n"
	"  --quiet              results and errors only\n"
	"  --no-color           no colour (as with NO_COLOR, TERM=dumb, and in a pipe)\n"
	"  --passphrase-fd N    read the key's passphrase, one line, from that descriptor instead\n"
	"                       of asking at the terminal\n"
	"  --help, --version    what you expect\n";

static int overview(void)
{
	size_t n;
	const struct kith_command *all = kith_commands(&n);

	(void)printf("kith - swap signed contact cards with somebody on the same network\n\n"
		     "usage: kith [OPTIONS] COMMAND [ARGUMENTS]\n\n");
	for (size_t i = 0; i < n; i++)
		(void)printf("  %-8s  %s\n", all[i].name, all[i].summary);
	(void)printf("\n%s\nStart with: kith init name=\"Ada Lovelace\" email=ada@example.org\n"
		     "Then, with somebody next to you: kith swap\n"
		     "More about a command: kith help COMMAND\n",
		globals);
	return 0;
}

/* The fields, from the one list that there is. */
static void print_fields(void)
{
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)printf("\nFields; with a * there can be several, told apart by their labels:\n");
	for (size_t i = 0; i < n; i++)
		(void)printf(
			"  %-11s %c %s\n", all[i].name, all[i].single ? ' ' : '*', all[i].what);
}

static int page(const struct kith_command *c)
{
	(void)printf("kith %s - %s\n\nusage: kith %s%s%s\n\n%s", c->name, c->summary, c->name,
		*c->usage ? " " : "", c->usage, c->help);
	if (c->run == kith_cmd_card || c->run == kith_cmd_init || c->run == kith_cmd_add ||
		c->run == kith_cmd_edit)
		print_fields();
	if (c->run == kith_cmd_help)
		(void)printf("\n%s", globals);
	return 0;
}

int kith_cmd_help(struct kith_cli *cli, int argc, char **argv)
{
	const struct kith_command *command;
	char shown[128];
	int status;

	(void)cli;
	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc == 1)
		return overview();
	command = argc == 2 ? kith_command_find(argv[1]) : NULL;
	if (command)
		return page(command);
	return kith_cli_usage("help", "there is no command \"%s\"",
		kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 40));
}
