/* SPDX-License-Identifier: MIT
 *
 * cli - what every command gets, and how it reports.  One file a command, one table (table.c).
 */
#ifndef KITH_CLI_CLI_H
#define KITH_CLI_CLI_H

#include <stdio.h>

#include <kith/card.h>
#include <kith/store.h>

#include "base/diag.h"

/* The global options, as given before or after the command. */
struct kith_cli {
	struct kith_buf home_buf; /* owns home */
	const char *home;         /* absolute path of the home folder; may not exist yet */
	bool json;                /* --json */
	bool quiet;               /* --quiet: results and errors only */
	bool color;               /* a colour may be used on standard output */
	bool tty;                 /* standard input and output are a terminal a person sits at */
};

/* One command: argv[0] is its name; global options have been taken out.  Returns the exit status. */
typedef int (*kith_command_fn)(struct kith_cli *cli, int argc, char **argv);

/* One row of the table. */
struct kith_command {
	const char *name;
	const char *usage;      /* arguments, as shown in help */
	const char *summary;    /* one line */
	const char *help;       /* paragraphs for `kith help COMMAND`, with examples */
	kith_command_fn run;
};

const struct kith_command *kith_command_find(const char *name);
const struct kith_command *kith_commands(size_t *ret_n);

/* Prints "kith: SENTENCE" to standard error (inert, one line) and returns the exit status of err. */
int kith_cli_fail(enum kith_err err, const struct kith_diag *diag);

/* The same for a failing store: its own sentence. */
int kith_cli_fail_store(enum kith_err err, const struct kith_store *store);

/* Wrong usage: prints the sentence and "usage: kith NAME ..." and returns 2. */
int kith_cli_usage(const char *name, const char *fmt, ...) KITH_PRINTF(2, 3);

/* Opens the store of the home; on failure prints why and returns false with *ret_status set. */
bool kith_cli_store(struct kith_cli *cli, enum kith_store_mode mode, struct kith_store **ret,
	int *ret_status);

int kith_cmd_init(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_card(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_swap(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_nearby(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_list(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_show(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_find(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_forget(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_verify(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_import(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_export(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_node(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_demo(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_help(struct kith_cli *cli, int argc, char **argv);

#endif
