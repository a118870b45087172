/* SPDX-License-Identifier: MIT
 *
 * table - every command, with what help says about it.
 */
#include "cli/cli.h"

#define EXITS                                                                                      \
	"\nExit status: 0 done, 1 failed, 2 wrong usage, 3 no such person or more than one,\n"     \
	"4 a person said no, 5 nobody came in time, 6 bad input, 7 the store cannot be used,\n"    \
	"8 the other side broke the protocol.\n"

#define WHO                                                                                        \
	"WHO is a name (the beginning will do; case and accents do not matter), an e-mail\n"       \
	"address, or the beginning of an id.  When several people match, all are listed.\n"

static const char help_init[] =
	"Makes your identity (a key), your store, and your first signed card.  Asks for your\n"
	"name when none is given.  Does nothing when there is an identity already.\n"
	"\n"
	"Without --passphrase the key has none: the mode of identity.key is what keeps it from\n"
	"others.  With it you are asked for one, twice, and then whenever the key is needed:\n"
	"card set, unset and edit, swap, nearby, node.  --passphrase-fd N takes it from a descriptor\n"
	"instead, here too.  Nobody can open the key without, and it cannot be changed yet.\n"
	"Copy that file to a safe place; with it you stay the person that others know.\n"
	"\n"
	"Examples:\n"
	"  kith init name=\"Ada Lovelace\" email.work=ada@example.org\n"
	"  kith init name=Ada org=\"Analytical Engines\" url=https://example.org\n"
	"  kith init --passphrase name=Ada\n";

static const char help_card[] =
	"Shows your card, or changes it.  Every change signs the next revision; people who have\n"
	"your card get it when you swap again.\n"
	"\n"
	"  kith card                       show it\n"
	"  kith card set FIELD=VALUE ...   replace what has that field and label, else add it\n"
	"  kith card unset FIELD ...       remove it, whatever the label (FIELD.LABEL: only that)\n"
	"  kith card edit [FILE]           all of it in your editor ($VISUAL, $EDITOR), or go on\n"
	"                                  with a text of yours, or one that an edit has kept\n"
	"\n"
	"A label stands behind a dot: email.work, tel.mobile, url.resume.  An address is written\n"
	"street;place;region;code;country.\n"
	"\n"
	"Examples:\n"
	"  kith card set email.work=ada@example.org tel.mobile=\"+44 7700 900123\"\n"
	"  kith card set adr.home=\"1 High St;London;;N1;UK\"\n"
	"  kith card unset tel.fax\n";

static const char help_swap[] =
	"Be seen, see who is here, pick somebody, compare six digits, and swap cards.  WHO picks\n"
	"the row with that name or handle as soon as it is seen.\n"
	"\n"
	"  --card NAME        which of your cards to give; there is one for now, me\n"
	"  --event NAME       where you are; kept with everybody you meet\n"
	"  --hidden           see, and ask, without being seen\n"
	"  --receive-only     give no card\n"
	"  --long             compare a longer code\n"
	"  --timeout SECONDS  give up then (none at a terminal, else 60)\n"
	"  --unattended       take the first person, or WHO, without comparing; both sides keep\n"
	"                     for ever that nobody compared\n"
	"  --keep             with --unattended: go on taking\n"
	"  --interface NAME   stay on that network interface\n"
	"\n"
	"A name that is, or looks like, that of somebody you know is marked; only the code tells.\n"
	"After five failed comparisons in ten minutes, over restarts too, requests are held back:\n"
	"r (requests, with --json) shows them.  A key with a passphrase is opened before anything\n"
	"is seen.\n"
	"\n"
	"With --json, what happens comes out one JSON object a line, and decisions go in one a\n"
	"line: swap PEER, accept PEER, decline PEER, same, different, requests, quit.\n"
	"\n"
	"Examples:\n"
	"  kith swap --event FOSDEM\n"
	"  kith swap grace\n" EXITS;

static const char help_nearby[] =
	"Shows who is here, without swapping: for 3 seconds in a pipe, until you leave at a\n"
	"terminal, or as long as --timeout says.  Names seen here are claims, nothing more.\n"
	"\n"
	"Examples:\n"
	"  kith nearby\n"
	"  kith nearby --json --timeout 10\n";

static const char help_list[] =
	"Everybody whose card you have or have agreed to swap with: name, organisation, how you\n"
	"know them, and what is still missing.  With --json, an array with everything.\n"
	"\n"
	"Examples:\n"
	"  kith list\n"
	"  kith list --json | jq -r '.[].name'\n";

static const char help_show[] =
	"Shows one person: how you know them, all fields, revision, id and fingerprint.\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith show ada\n"
	"  kith show grace@example.org\n";

static const char help_find[] =
	"Lists who has all the words somewhere in their name, their fields, or in the events\n"
	"where you met.  Case and accents do not matter.  Nobody: exit status 3.\n"
	"\n"
	"Examples:\n"
	"  kith find navy\n"
	"  kith find compiler fosdem\n";

static const char help_forget[] =
	"Removes a person with card, meetings and receipts, after showing what goes and asking.\n"
	"There is no way back, other than another swap or a backup.\n"
	"\n"
	"  --yes, -y  do not ask; needed where there is no terminal\n"
	"\n" WHO "\n"
	"Example:\n"
	"  kith forget bob\n";

static const char help_verify[] =
	"Says what a file is, whose card is in it, whether the signature holds, and whether and\n"
	"how you know that key.  Changes nothing.  \"-\" reads standard input.\n"
	"\n"
	"Example:\n"
	"  kith verify ada.kith\n";

static const char help_import[] =
	"Takes signed cards (.kith files, or the armor that export --armor writes) into your\n"
	"store, and says for each what came of it.  A card that comes this way is kept as \"from\n"
	"a file, not compared\".  \"-\" reads standard input.  The worst exit status counts.\n"
	"\n"
	"Examples:\n"
	"  kith import ada.kith grace.kith\n"
	"  kith export bob --format kith --armor | ssh laptop kith import -\n";

static const char help_export[] =
	"Writes cards for other programs, to standard output or to a file.\n"
	"\n"
	"  --me               your own card\n"
	"  --all              everybody whose card you have\n"
	"  --format vcard3    for phones and address books (this is what you get)\n"
	"  --format kith      the signed card itself; of several people, armor one after another\n"
	"  --format json      everything, as kith list --json\n"
	"  --armor            the signed card as text that survives mail\n"
	"  -o FILE            write a file, whole or not at all, readable by you alone\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith export ada grace -o friends.vcf\n"
	"  kith export --me --format kith -o me.kith\n"
	"  kith export --me --armor\n";

static const char help_node[] =
	"Serves this home until it is ended: swap and nearby then use it instead of starting their\n"
	"own.  You are seen by others only while a swap runs.\n"
	"\n"
	"  --courier PROGRAM  another network helper than the kith-courier that came with kith\n"
	"\n"
	"A key with a passphrase is opened once, at the start; swap and nearby then need none, card\n"
	"set still does.  In the background nobody can be asked: hand it over with --passphrase-fd.\n"
	"\n"
	"Examples:\n"
	"  kith node &\n"
	"  kith node --passphrase-fd 3 3< passphrase &\n";

static const char help_demo[] =
	"Two people on this machine swap cards for real, in temporary homes that are removed.\n"
	"\n"
	"Example:\n"
	"  kith demo\n";

static const char help_help[] = "Shows the overview, or a page about one command.\n"
				"\n"
				"Example:\n"
				"  kith help swap\n";

static const struct kith_command commands[] = {
	{"init", "[--passphrase] [FIELD=VALUE ...]", "make your identity and your card", help_init,
		kith_cmd_init},
	{"card", "[set FIELD=VALUE ... | unset FIELD ... | edit [FILE]]", "your card: show, change",
		help_card, kith_cmd_card},
	{"swap",
		"[WHO] [--card NAME] [--event NAME] [--hidden] [--receive-only] [--long]\n"
		"                 [--timeout SECONDS] [--unattended [--keep]] [--interface NAME]",
		"meet somebody and swap cards", help_swap, kith_cmd_swap},
	{"nearby", "[--timeout SECONDS] [--interface NAME]", "who is here, without swapping",
		help_nearby, kith_cmd_nearby},
	{"list", "", "everybody you know", help_list, kith_cmd_list},
	{"show", "WHO", "one person", help_show, kith_cmd_show},
	{"find", "WORDS", "search people", help_find, kith_cmd_find},
	{"forget", "WHO [--yes]", "remove a person", help_forget, kith_cmd_forget},
	{"import", "FILE...|-", "take signed cards from files", help_import, kith_cmd_import},
	{"export", "[WHO...|--all|--me] [--format vcard3|kith|json] [--armor] [-o FILE]",
		"write cards for phones, other programs, other people", help_export,
		kith_cmd_export},
	{"verify", "FILE|-", "what a file is, and whose", help_verify, kith_cmd_verify},
	{"node", "[--interface NAME] [--courier PROGRAM]", "run in the background", help_node, kith_cmd_node},
	{"demo", "", "two people on this machine, for real", help_demo, kith_cmd_demo},
	{"help", "[COMMAND]", "about kith, or one command", help_help, kith_cmd_help},
};

const struct kith_command *kith_commands(size_t *ret_n)
{
	*ret_n = sizeof commands / sizeof commands[0];
	return commands;
}

const struct kith_command *kith_command_find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
