/* SPDX-License-Identifier: MIT */
#include "cli/use.h"

#include <kith/env.h>
#include <kith/people.h>

#include "base/auto.h"
#include "base/boot.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/leftover.h"
#include "cli/when.h"

_Static_assert(sizeof((struct kith_use *)0)->boot == KITH_BOOT_BYTES, "is copied");

static struct kith_use now(void)
{
	const struct kith_env *env = kith_env_default();
	struct kith_use use = {
		.today = kith_when_today(), .up = (int64_t)(env->ticks(env->ctx) / 1000)};

	kith_boot_id(use.boot);
	return use;
}

void kith_use_begins(struct kith_cli *cli, struct kith_store *store)
{
	struct kith_use use = now();
	bool new;

	cli->new_day = !kith_store_use_is_new(store, &use, &new) && new;
	kith_store_tell_changes(store, &cli->changed);
}

/* What I do about people myself; a sync, a look at the news and what is about my own card is not. */
static bool is_mine(const char *command)
{
	static const char *const mine[] = {"add", "block", "compare", "edit", "event", "forget",
		"give", "import", "inbox", "introduce", "join", "match", "note", "promise",
		"relate", "replace", "review", "ring", "snooze", "swap", "tag", "touch", "unblock"};

	for (size_t i = 0; i < sizeof mine / sizeof mine[0]; i++)
		if (strcmp(command, mine[i]) == 0)
			return true;
	return false;
}

bool kith_use_counts(const struct kith_cli *cli, const char *command)
{
	return cli->new_day && cli->changed && !cli->quiet && is_mine(command);
}

/* Names with commas between. */
struct names {
	struct kith_buf text;
	enum kith_err err;
};

static bool add_name(void *ctx, const struct kith_contact *c)
{
	struct names *names = ctx;
	char name[4 * KITH_SHOWN_NAME + 16];

	names->err = kith_buf_printf(&names->text, "%s%s", names->text.n ? ", " : "",
		kith_quote_in(name, sizeof name, c->name, KITH_SHOWN_NAME));
	return !names->err;
}

/* One sentence a person: when, and what keeps them. */
static bool add_fading(void *ctx, const struct kith_contact *c, uint32_t left)
{
	struct names *names = ctx;
	char name[4 * KITH_SHOWN_NAME + 16], days[96];

	(void)snprintf(days, sizeof days, "once you wrote something with kith on %u more days",
		(unsigned)left);
	names->err = kith_buf_printf(&names->text,
		"%sYou let go of %s: forgotten %s; kith review --back keeps them.",
		names->text.n ? "\n" : "",
		kith_quote_in(name, sizeof name, c->name, KITH_SHOWN_NAME),
		left == 1 ? "on the next day on which you write something with kith" : days);
	return !names->err;
}

enum kith_err kith_use_tell_fading(struct kith_cli *cli, struct kith_store *store)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct names names = {0};
	enum kith_err err = kith_store_fading(store, KITH_LETGO_SOON, add_fading, &names);

	text = names.text;
	if (err || (err = names.err) || text.n == 0 || cli->quiet)
		return err;
	kith_cli_note(cli, "%.*s", (int)text.n, (const char *)text.p);
	return ferror(stderr) ? KITH_OK : kith_store_fading_told(store, kith_when_today());
}

void kith_use_ends(struct kith_cli *cli, const char *command)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_use use = now();
	struct names names = {0};

	if (!kith_use_counts(cli, command) ||
		kith_store_open(cli->home, KITH_STORE_USE, &store, NULL))
		return;
	enum kith_err err = kith_store_used(store, &use, add_name, &names);
	text = names.text;
	if (text.n > 0)
		kith_leftover_sweep(cli, store);
	if (!err && text.n > 0)
		kith_cli_note(cli,
			"Forgotten, as you let go of them and wrote something with kith on %d days "
			"since: %.*s.",
			KITH_LETGO_DAYS, (int)text.n, (const char *)text.p);
	if (!err)
		err = kith_use_tell_fading(cli, store);
	(void)err; /* the next command does it */
}
