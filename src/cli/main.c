/* SPDX-License-Identifier: MIT
 *
 * main - the global options, and the command.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/home.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/person.h"
#include "cli/passphrase.h"
#include "cli/use.h"

/* What stood on the command line beside the command and its arguments. */
struct globals {
	const char *home;
	const char *passphrase_fd;
	bool json;
	bool quiet;
	bool no_color;
	bool help;
	bool version;
};

/* A flag without a value: takes it and returns true. */
static bool take_flag(struct globals *g, const char *arg)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"--json", &g->json}, {"--quiet", &g->quiet}, {"-q", &g->quiet},
		{"--no-color", &g->no_color}, {"--no-colour", &g->no_color}, {"--help", &g->help},
		{"-h", &g->help}, {"--version", &g->version}};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (strcmp(arg, flags[i].name) != 0)
			continue;
		*flags[i].flag = true;
		return true;
	}
	return false;
}

/* "--name VALUE" or "--name=VALUE": *i moves on over a value.  -1 when the value is missing. */
static int take_value(const char *name, const char **value, int argc, char **argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(argv[*i], name, n) != 0 || (argv[*i][n] && argv[*i][n] != '='))
		return 0;
	if (argv[*i][n] == '=') {
		*value = argv[*i] + n + 1;
		return 1;
	}
	if (*i + 1 == argc)
		return -1;
	*value = argv[++*i];
	return 1;
}

/* Takes the global options out of argv, before and behind the command, up to "--". */
static bool take_globals(struct globals *g, int *argc, char **argv)
{
	int kept = 1;
	bool ended = false;

	for (int i = 1; i < *argc; i++) {
		ended |= strcmp(argv[i], "--") == 0;
		if (!ended && take_flag(g, argv[i]))
			continue;
		int took = ended ? 0 : take_value("--home", &g->home, *argc, argv, &i);
		if (!took && !ended)
			took = take_value("--passphrase-fd", &g->passphrase_fd, *argc, argv, &i);
		if (took < 0) {
			(void)kith_cli_usage(NULL, "%s needs a value", argv[i]);
			return false;
		}
		if (!took)
			argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

/* Colour is for a person at a screen who did not say no (https://no-color.org). */
static bool may_color(const struct globals *g)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !g->no_color && !g->json && isatty(STDOUT_FILENO) && !(no && *no) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

static bool read_number(const char *text, int *ret)
{
	char *end;

	errno = 0;
	long n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < 0 || n > 65535)
		return false;
	*ret = (int)n;
	return true;
}

/* No core file and no debugger: a passphrase or a key may come to be in here. */
static void harden(void)
{
	struct rlimit core;

	if (getrlimit(RLIMIT_CORE, &core) == 0) {
		core.rlim_cur = 0;
		(void)setrlimit(RLIMIT_CORE, &core);
	}
#ifndef KITH_SANITIZED /* the leak checker attaches to us */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int fill(struct kith_cli *cli, const struct globals *g)
{
	struct kith_diag diag = {0};
	enum kith_err err;

	cli->json = g->json;
	cli->quiet = g->quiet;
	cli->color = may_color(g);
	cli->tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	cli->passphrase_fd = -1;
	if (g->passphrase_fd && !read_number(g->passphrase_fd, &cli->passphrase_fd))
		return kith_cli_usage(NULL, "--passphrase-fd takes the number of a descriptor");
	if (cli->passphrase_fd > STDERR_FILENO) /* an editor need not see it */
		(void)fcntl(cli->passphrase_fd, F_SETFD, FD_CLOEXEC);
	if (g->home && !*g->home)
		return kith_cli_usage(NULL, "--home needs a folder");
	if ((err = kith_crypto_start()) || (err = kith_home_path(g->home, &cli->home_buf, &diag)))
		return kith_cli_fail(err, &diag);
	cli->home = (const char *)cli->home_buf.p;
	return 0;
}

#define COMMAND_MAX 16 /* letters of the longest name, and more */

/* Letters to add, leave out or change until one word is the other. */
static size_t distance(const char *a, const char *b)
{
	size_t row[COMMAND_MAX + 1], n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0]++;
		for (size_t j = 1; j <= n; j++) {
			size_t change = corner + (a[i] != b[j - 1]);
			size_t shift = 1 + (row[j] < row[j - 1] ? row[j] : row[j - 1]);
			corner = row[j];
			row[j] = change < shift ? change : shift;
		}
	}
	return row[n];
}

/* The command that is most like what was typed: at most two letters are wrong, and two are right. */
static const char *alike(const char *typed)
{
	size_t n, best = 3;
	const struct kith_command *all = kith_commands(&n);
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (strlen(typed) > COMMAND_MAX || strlen(all[i].name) > COMMAND_MAX)
			continue;
		size_t wrong = distance(typed, all[i].name);
		if (strncmp(all[i].name, typed, strlen(typed)) == 0 && strlen(typed) > 1)
			wrong = 0;
		if (wrong < best && wrong + 1 < strlen(all[i].name)) {
			best = wrong;
			found = all[i].name;
		}
	}
	return found;
}

static int run(const struct globals *g, int argc, char **argv)
{
	struct kith_cli cli = {0};
	char shown[128];
	char help_name[] = "help";
	char *help[] = {help_name, argc > 1 ? argv[1] : NULL, NULL};
	const struct kith_command *command = argc > 1 ? kith_command_find(argv[1]) : NULL;

	if (g->version) {
		(void)puts("kith " KITH_VERSION);
		return 0;
	}
	if (g->help || argc == 1)
		return kith_cmd_help(&cli, help[1] ? 2 : 1, help);
	if (!command && argv[1][0] == '-')
		return kith_cli_usage(NULL, "there is no option %s; kith help tells more",
			kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 40));
	const char *meant = command ? NULL : alike(argv[1]);
	if (meant)
		return kith_cli_usage(NULL, "there is no command \"%s\"; did you mean %s?",
			kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 40), meant);
	if (!command)
		return kith_cli_usage(NULL, "there is no command \"%s\"; kith help lists them",
			kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 40));
	int status = fill(&cli, g);
	if (!status && !(status = command->run(&cli, argc - 1, argv + 1)))
		kith_use_ends(&cli, command->name);
	kith_cli_passphrase_forget(&cli);
	kith_buf_free(&cli.home_buf);
	return status;
}

/* Whether the reader of standard output has gone: `kith list | head -1` is no failure. */
static bool reader_gone(void)
{
	struct pollfd p = {.fd = STDOUT_FILENO};

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR);
}

int main(int argc, char **argv)
{
	struct globals g = {0};

	harden();
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "");
	if (!take_globals(&g, &argc, argv))
		return kith_err_exit(KITH_ERR_USAGE);
	int status = run(&g, argc, argv);
	if (!status && kith_json_failed())
		status = kith_err_exit(KITH_ERR_NOMEM);
	errno = 0;
	bool failed = fflush(stdout) != 0;
	if ((failed || ferror(stdout)) && errno != EPIPE && !reader_gone())
		return kith_cli_error(KITH_ERR_IO, "the output could not be written%s%s",
			errno ? ": " : "", errno ? strerror(errno) : "");
	return status;
}
