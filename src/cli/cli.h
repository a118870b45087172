/* SPDX-License-Identifier: MIT
 *
 * cli - what every command gets, and how it reports.  One file a command, one table (table.c).
 * main ignores SIGPIPE: a write to a closed pipe fails, and main ends quietly.  A command that
 * starts another program gives SIGPIPE back its default there.
 */
#ifndef KITH_CLI_CLI_H
#define KITH_CLI_CLI_H

#include <stdio.h>

#include <kith/card.h>
#include <kith/identity.h>
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
	bool new_day;             /* a day of use that is not counted yet, see use.h */
	bool changed;             /* the store that was opened to write has changes now */
	int passphrase_fd;        /* --passphrase-fd N; -1 when not given, or read already */
	int passphrase_more;      /* lines that this command reads from it behind the next one */
	struct kith_passphrase *passphrase; /* the one that was read or typed, see passphrase.h */
};

/* One command: argv[0] is its name; global options have been taken out.  Returns the status. */
typedef int (*kith_command_fn)(struct kith_cli *cli, int argc, char **argv);

/* One row of the table. */
struct kith_command {
	const char *name;
	const char *usage;   /* arguments, as shown in help */
	const char *summary; /* one line */
	const char *help;    /* paragraphs for `kith help COMMAND`, with examples */
	kith_command_fn run;
};

const struct kith_command *kith_command_find(const char *name);
const struct kith_command *kith_commands(size_t *ret_n);

/* Prints "kith: SENTENCE" to standard error (inert, one line); returns the exit status of err. */
int kith_cli_fail(enum kith_err err, const struct kith_diag *diag);

/* The same for a failing store: its own sentence. */
int kith_cli_fail_store(enum kith_err err, const struct kith_store *store);

/* The same with a sentence of the command's own.  Text from outside must pass kith_show first. */
int kith_cli_error(enum kith_err err, const char *fmt, ...) KITH_PRINTF(2, 3);

/* One line to standard error that is no error; nothing with --quiet. */
void kith_cli_note(const struct kith_cli *cli, const char *fmt, ...) KITH_PRINTF(2, 3);

/* One line to standard output that a person reads; nothing with --quiet or --json. */
void kith_cli_say(const struct kith_cli *cli, const char *fmt, ...) KITH_PRINTF(2, 3);

/* Wrong usage: prints the sentence and "usage: kith NAME ..." and returns 2. */
int kith_cli_usage(const char *name, const char *fmt, ...) KITH_PRINTF(2, 3);

/*
 * Asks at the terminal and reads one line into the empty buffer (no line end, a C string).  False
 * at the end of input or without memory.
 */
bool kith_cli_ask(const char *question, struct kith_buf *ret_line);

/* One line from standard input, without asking; the same result. */
bool kith_cli_line(struct kith_buf *ret_line);

/*
 * Opens the store of the home; on failure prints why and returns false with *ret_status set.
 * A home without an identity (for KITH_STORE_READ: without a store either) is such a failure, "run
 * kith init", except that at a terminal the first run is gone through there and then.
 */
bool kith_cli_store(
	struct kith_cli *cli, enum kith_store_mode mode, struct kith_store **ret, int *ret_status);

/* For KITH_AUTO: closes the store of a scope. */
static inline void kith_cli_store_end(struct kith_store **store)
{
	kith_store_close(*store);
}

/* argv[1] and on, with blanks between, as a C string; false when there are none. */
bool kith_cli_join(int argc, char **argv, struct kith_buf *ret_text);

/* The identity of the home, to be freed; without one the first run at a terminal, else as above.
 * Takes the passphrase of a protected key from where passphrase.h says.  Says so when the home turns out to be
 * a copy (store/settle.h). */
bool kith_cli_identity(struct kith_cli *cli, struct kith_identity **ret, int *ret_status);

/* What a home needs once its key is open (kith_home_started); says so when the home turns out to be a copy. */
enum kith_err kith_cli_started(struct kith_cli *cli, struct kith_store *store,
	const struct kith_identity *id, struct kith_diag *diag) KITH_MUST_CHECK;

/* Says so when this key of mine is revoked, by whoever goes on to sign with it. */
void kith_cli_revoked_note(const struct kith_cli *cli, struct kith_store *store,
	const uint8_t ik[static KITH_KEY_BYTES]);

/* Whether the home has a key file, of whatever kind. */
bool kith_cli_has_key(const struct kith_cli *cli);

/* The first run at a terminal: asks for a name, makes identity and card.  Returns the status. */
int kith_cli_first_run(struct kith_cli *cli);

/*
 * The one person whom WHO means.  Otherwise says that there is nobody (exit 3), or lists who could
 * be meant (exit 3; with --json also as an array on standard output), and returns false.
 */
bool kith_cli_who(struct kith_cli *cli, struct kith_store *store, const char *who, int64_t *ret_row,
	int *ret_status);

int kith_cmd_init(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_card(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_swap(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_nearby(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_event(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_list(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_show(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_ledger(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_review(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_give(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_news(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_block(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_unblock(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_find(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_who(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_forget(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_add(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_edit(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_note(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_tag(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_ring(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_touch(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_snooze(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_promise(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_relate(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_join(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_replace(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_compare(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_verify(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_import(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_export(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_picture(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_qr(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_node(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_status(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_due(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_watch(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_unlock(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_lock(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_key(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_backup(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_restore(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_demo(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_introduce(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_inbox(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_match(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_bridges(struct kith_cli *cli, int argc, char **argv);
int kith_cmd_help(struct kith_cli *cli, int argc, char **argv);

#endif
