/* SPDX-License-Identifier: MIT */
#include "cli/passphrase.h"

#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/signals.h"
#include "store/settle.h"

#define TRIES_MAX    3   /* of a person who mistypes */
#define HOME_COLUMNS 200 /* of the home's path in a question */

/* Somebody who can be asked: the question goes to standard error, whatever becomes of the output. */
static bool at_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* "~/.local/share/kith" */
static const char *shown_home(const struct kith_cli *cli, char out[static 4 * HOME_COLUMNS])
{
	const char *user = getenv("HOME");
	size_t n = user ? strlen(user) : 0;
	bool below = n > 1 && strncmp(cli->home, user, n) == 0 && cli->home[n] == '/';

	*out = '~';
	kith_show_in(out + below, 4 * HOME_COLUMNS - 1, kith_span_str(cli->home + (below ? n : 0)),
		HOME_COLUMNS);
	return out;
}

/* The terminal as it was is back before anything else happens, whatever the person presses: Ctrl-C
 * ends the reading, and Ctrl-Z, after which the shell would be left without an echo, does nothing. */
static enum kith_err read_quietly(
	const char *question, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct termios before, quiet;
	sigset_t mask;

	if (tcgetpgrp(STDIN_FILENO) != getpgrp())
		return kith_fail(diag, KITH_ERR_PASSPHRASE,
			"the key has a passphrase, and nobody can be asked in the background; use "
			"--passphrase-fd N, or start this in the foreground");
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return kith_fail(diag, KITH_ERR_IO, "the terminal cannot be asked");
	KITH_AUTO_FD int signals = kith_signals_watch(&mask);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	quiet.c_lflag |= ICANON | ISIG | NOFLSH; /* what was typed before Ctrl-Z stays */
	quiet.c_iflag |= ICRNL;
	(void)signal(SIGTSTP, SIG_IGN);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	(void)fputs(question, stderr);
	enum kith_err err = kith_passphrase_read(STDIN_FILENO, signals, ret, diag);
	(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	(void)signal(SIGTSTP, SIG_DFL);
	(void)fputc('\n', stderr); /* in place of the one that was not shown */
	(void)kith_signals_take(signals);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return err;
}

static enum kith_err refuse_empty(
	struct kith_passphrase *p, struct kith_passphrase **ret, struct kith_diag *diag)
{
	if (!kith_passphrase_empty(p)) {
		*ret = p;
		return KITH_OK;
	}
	kith_passphrase_free(p);
	return kith_fail(diag, KITH_ERR_PASSPHRASE, "no passphrase was given");
}

static enum kith_err ask(const char *question, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct kith_passphrase *p = NULL;

	(void)fflush(stdout);
	enum kith_err err = read_quietly(question, &p, diag);
	return err ? err : refuse_empty(p, ret, diag);
}

/* The next line of --passphrase-fd; nobody else gets at the descriptor after the last one. */
static enum kith_err read_descriptor(
	struct kith_cli *cli, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct kith_passphrase *p = NULL;
	int fd = cli->passphrase_fd;
	enum kith_err err = kith_passphrase_read(fd, -1, &p, diag);

	if (!err && cli->passphrase_more > 0) {
		cli->passphrase_more--;
		return refuse_empty(p, ret, diag);
	}
	cli->passphrase_fd = -1;
	if (fd > STDERR_FILENO)
		(void)close(fd);
	return err ? err : refuse_empty(p, ret, diag);
}

enum kith_err kith_cli_passphrase(
	void *ctx, const struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct kith_cli *cli = ctx;
	char home[4 * HOME_COLUMNS], question[4 * HOME_COLUMNS + 32];
	enum kith_err err = KITH_OK;

	if (!cli->passphrase && cli->passphrase_fd >= 0) {
		err = read_descriptor(cli, &cli->passphrase, diag);
	} else if (!cli->passphrase && at_terminal()) {
		(void)snprintf(
			question, sizeof question, "Passphrase for %s: ", shown_home(cli, home));
		err = ask(question, &cli->passphrase, diag);
		if (!err)
			kith_cli_note(cli, "Opening the key; this takes a moment.");
	} else if (!cli->passphrase) {
		err = kith_fail(diag, KITH_ERR_PASSPHRASE,
			"the key in %s has a passphrase: run this at a terminal, or hand the "
			"passphrase over with --passphrase-fd N",
			shown_home(cli, home));
	}
	if (!err)
		*ret = cli->passphrase;
	return err;
}

static enum kith_err ask_twice(
	const char *question, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct kith_passphrase *first = NULL, *again = NULL;
	enum kith_err err = ask(question, &first, diag);

	if (!err)
		err = ask("The same once more: ", &again, diag);
	if (!err && !kith_passphrase_same(first, again))
		err = kith_fail(diag, KITH_ERR_PASSPHRASE, "the two differ; nothing was made");
	kith_passphrase_free(again);
	if (err)
		kith_passphrase_free(first);
	else
		*ret = first;
	return err;
}

enum kith_err kith_cli_passphrase_new(
	struct kith_cli *cli, const struct kith_passphrase **ret, struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	if (!cli->passphrase && cli->passphrase_fd >= 0)
		err = read_descriptor(cli, &cli->passphrase, diag);
	else if (!cli->passphrase && at_terminal())
		err = ask_twice("Passphrase for the new key: ", &cli->passphrase, diag);
	else if (!cli->passphrase)
		err = kith_fail(diag, KITH_ERR_PASSPHRASE,
			"nobody can be asked for a passphrase here: run this at a terminal, or "
			"hand it over with --passphrase-fd N");
	if (!err)
		*ret = cli->passphrase;
	return err;
}

enum kith_err kith_cli_passphrase_for(struct kith_cli *cli, const char *question, bool twice,
	struct kith_passphrase **ret, struct kith_diag *diag)
{
	if (cli->passphrase_fd >= 0)
		return read_descriptor(cli, ret, diag);
	if (at_terminal())
		return twice ? ask_twice(question, ret, diag) : ask(question, ret, diag);
	return kith_fail(diag, KITH_ERR_PASSPHRASE,
		"nobody can be asked for a passphrase here: run this at a terminal, or hand it "
		"over with --passphrase-fd N");
}

struct kith_passphrase *kith_cli_passphrase_take(struct kith_cli *cli)
{
	struct kith_passphrase *p = cli->passphrase;

	cli->passphrase = NULL;
	return p;
}

void kith_cli_passphrase_forget(struct kith_cli *cli)
{
	kith_passphrase_free(kith_cli_passphrase_take(cli));
}

enum kith_err kith_cli_unlock_kept(
	struct kith_cli *cli, struct kith_identity **ret, struct kith_diag *diag)
{
	const struct kith_passphrase *p = NULL;
	bool protected = false, typed = cli->passphrase_fd < 0 && !cli->passphrase;
	enum kith_err err = kith_home_settle(cli->home, diag);

	if (!err)
		err = kith_identity_is_protected(cli->home, &protected, diag);
	for (int i = 0; !err && i < TRIES_MAX; i++) {
		if (protected && (err = kith_cli_passphrase(cli, &p, diag)))
			return err;
		err = kith_identity_load_protected(cli->home, p, ret, diag);
		if (!err)
			return KITH_OK;
		kith_cli_passphrase_forget(cli);
		if (err != KITH_ERR_PASSPHRASE || !typed)
			return err;
		if (i + 1 < TRIES_MAX) {
			kith_cli_note(cli, "That passphrase does not open the key.");
			err = KITH_OK;
		}
	}
	return err;
}

enum kith_err kith_cli_unlock(
	struct kith_cli *cli, struct kith_identity **ret, struct kith_diag *diag)
{
	enum kith_err err = kith_cli_unlock_kept(cli, ret, diag);

	kith_cli_passphrase_forget(cli);
	return err;
}
