/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdarg.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/home.h"
#include "base/text.h"
#include "book/keys.h"
#include "cli/passphrase.h"
#include "cli/use.h"
#include "store/settle.h"

#define SENTENCE_COLUMNS 600 /* of one message; a diagnosis has at most KITH_DIAG_BYTES */

static void complain(const char *text)
{
	char shown[4 * SENTENCE_COLUMNS];

	kith_show_in(shown, sizeof shown, kith_span_str(text), SENTENCE_COLUMNS);
	(void)fflush(stdout);
	(void)fprintf(stderr, "kith: %s\n", shown);
}

int kith_cli_fail(enum kith_err err, const struct kith_diag *diag)
{
	complain(kith_diag_text(diag, err));
	return kith_err_exit(err);
}

int kith_cli_fail_store(enum kith_err err, const struct kith_store *store)
{
	const char *why = store ? kith_store_why(store) : NULL;

	/* the store knows no more than its own name for the error, or failed at nothing */
	if (!why || strcmp(why, kith_err_text(KITH_ERR_STORE)) == 0)
		why = kith_err_text(err);
	complain(why);
	return kith_err_exit(err);
}

int kith_cli_error(enum kith_err err, const char *fmt, ...)
{
	char text[4 * SENTENCE_COLUMNS];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	complain(text);
	return kith_err_exit(err);
}

int kith_cli_usage(const char *name, const char *fmt, ...)
{
	const struct kith_command *command = name ? kith_command_find(name) : NULL;
	char text[4 * SENTENCE_COLUMNS];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	complain(text);
	if (command)
		(void)fprintf(stderr, "usage: kith %s%s%s\n", command->name,
			*command->usage ? " " : "", command->usage);
	return kith_err_exit(KITH_ERR_USAGE);
}

void kith_cli_note(const struct kith_cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->quiet)
		return;
	(void)fflush(stdout);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
}

void kith_cli_say(const struct kith_cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->quiet || cli->json)
		return;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
}

bool kith_cli_line(struct kith_buf *ret_line)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, stdin);

	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	bool got = n >= 0 && !kith_buf_add(ret_line, line, (size_t)n) && kith_buf_cstr(ret_line);
	free(line);
	return got;
}

bool kith_cli_ask(const char *question, struct kith_buf *ret_line)
{
	(void)printf("%s", question);
	(void)fflush(stdout);
	return kith_cli_line(ret_line);
}

bool kith_cli_join(int argc, char **argv, struct kith_buf *ret_text)
{
	for (int i = 1; i < argc; i++)
		if (kith_buf_printf(ret_text, "%s%s", i > 1 ? " " : "", argv[i]))
			return false;
	return argc > 1 && kith_buf_cstr(ret_text);
}

bool kith_cli_has_key(const struct kith_cli *cli)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct stat st;

	return kith_path_join(&path, cli->home, KITH_HOME_KEY) &&
	       lstat((const char *)path.p, &st) == 0;
}

/* Makes sure that there is an identity: asks at a terminal, else says what to run. */
static bool need_key(struct kith_cli *cli, int *ret_status)
{
	if (kith_cli_has_key(cli))
		return true;
	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_fail(KITH_ERR_NOIDENTITY, NULL);
		return false;
	}
	kith_cli_note(cli, "There is no identity here yet, so that comes first.");
	*ret_status = kith_cli_first_run(cli);
	return *ret_status == 0;
}

bool kith_cli_store(
	struct kith_cli *cli, enum kith_store_mode mode, struct kith_store **ret, int *ret_status)
{
	struct kith_diag diag = {0};

	if (mode != KITH_STORE_READ && !need_key(cli, ret_status))
		return false;
	enum kith_err err = kith_store_open(cli->home, mode, ret, &diag);
	if (err == KITH_ERR_MISSING) {
		if (!need_key(cli, ret_status))
			return false;
		diag.text[0] = 0;
		err = kith_store_open(cli->home, mode, ret, &diag);
	}
	if (err == KITH_ERR_MISSING)
		*ret_status = kith_cli_error(err,
			"there is a key in %s, but no card yet; kith init completes it (if kith.db was "
			"lost, put back a copy from a backup first)",
			cli->home);
	else if (err)
		*ret_status = kith_cli_fail(err, &diag);
	else if (mode != KITH_STORE_READ)
		kith_use_begins(cli, *ret);
	return !err;
}

void kith_cli_revoked_note(const struct kith_cli *cli, struct kith_store *store,
	const uint8_t ik[static KITH_KEY_BYTES])
{
	bool revoked;

	if (!kith_key_is_revoked(store, ik, &revoked) && revoked)
		kith_cli_note(cli, "This key is revoked: nobody takes what it signs.");
}

enum kith_err kith_cli_started(struct kith_cli *cli, struct kith_store *store,
	const struct kith_identity *id, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();
	bool copied = false;
	enum kith_err err =
		kith_home_started(cli->home, store, id, env->wall(env->ctx), &copied, diag);

	if (copied)
		kith_cli_note(cli, "%s", kith_home_copied_words);
	if (!err)
		kith_cli_revoked_note(cli, store, kith_identity_ik(id));
	return err;
}

/* Without a store nothing can be signed, and who wants one says why. */
static enum kith_err start_home(
	struct kith_cli *cli, const struct kith_identity *id, struct kith_diag *diag)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;

	if (kith_store_open(cli->home, KITH_STORE_USE, &store, NULL))
		return KITH_OK;
	return kith_cli_started(cli, store, id, diag);
}

bool kith_cli_identity(struct kith_cli *cli, struct kith_identity **ret, int *ret_status)
{
	struct kith_identity *id = NULL;
	struct kith_diag diag = {0};

	if (!need_key(cli, ret_status))
		return false;
	enum kith_err err = kith_cli_unlock(cli, &id, &diag);
	if (!err)
		err = start_home(cli, id, &diag);
	if (err) {
		kith_identity_free(id);
		*ret_status = kith_cli_fail(err, &diag);
		return false;
	}
	*ret = id;
	return true;
}
