/* SPDX-License-Identifier: MIT
 *
 * replace - somebody has lost a key: the person met anew is the one I knew.
 */
#include <kith/keys.h>
#include <strings.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"
#include "cli/sure.h"
#include "cli/words.h"

/* Both rows. */
struct pair {
	struct kith_contact old; /* who has lost the key, and goes */
	struct kith_contact new; /* who stays, with everything */
};

static void pair_end(struct pair *p)
{
	kith_contact_free(&p->old);
	kith_contact_free(&p->new);
}

/* The person for WHO; with yes it has to be said exactly. */
static bool find(struct kith_cli *cli, struct kith_store *store, const char *who, bool yes,
	struct kith_contact *ret_contact, int *ret_status)
{
	int64_t row;

	if (!kith_cli_who(cli, store, who, &row, ret_status) ||
		(yes && !kith_sure_exact(store, row, who, "replace", ret_status)))
		return false;
	enum kith_err err = kith_store_contact(store, row, ret_contact);
	if (err)
		*ret_status = kith_cli_fail_store(err, store);
	return !err;
}

/* A word that may be the beginning of an earlier id. */
struct sought {
	const char *word;
	bool found;
};

static bool is_replaced(void *ctx, const struct kith_former_key *key)
{
	struct sought *s = ctx;
	char id[KITH_ID_CHARS + 1];

	kith_id_text(key->ik, id);
	s->found = key->replaced && strncasecmp(id, s->word, strlen(s->word)) == 0;
	return !s->found;
}

/* Both are one person: said by a key that was replaced by this very command, or by mistake. */
static int same(struct kith_store *store, const struct pair *p, const char *old)
{
	struct sought s = {.word = old};
	char name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_keys_former(store, p->new.row, is_replaced, &s);

	if (err)
		return kith_cli_fail_store(err, store);
	kith_held_quoted(p->new.name, name);
	return s.found ? kith_cli_error(KITH_ERR_EXISTS,
				 "%s is replaced already, and goes on under the new key", name)
		       : kith_cli_usage("replace",
				 "both are the same person, %s; say them by their ids (kith list "
				 "--json)",
				 name);
}

/* Whether one can take the place of the other; says why not. */
static bool fit(const struct pair *p, int *ret_status)
{
	char old[KITH_QUOTED_BYTES], new[KITH_QUOTED_BYTES];

	kith_held_quoted(p->old.name, old);
	kith_held_quoted(p->new.name, new);
	if (!p->old.has_key || !p->new.has_key)
		*ret_status = kith_cli_error(KITH_ERR_VALUE,
			"%s has no key; for what was typed in or imported: kith join",
			p->old.has_key ? new : old);
	else if (!p->new.met_at || p->new.met_how < KITH_HOW_COMPARED)
		*ret_status = kith_cli_error(KITH_ERR_VALUE,
			"the new key of %s was not compared, so it may be anybody's; meet, compare "
			"(kith swap or kith compare), and say it then",
			new);
	else
		return true;
	return false;
}

static enum kith_err print_side(const char *title, const struct kith_contact *c)
{
	KITH_AUTO_BUF struct kith_buf known = {0};
	char name[KITH_QUOTED_BYTES], fingerprint[KITH_FINGERPRINT_CHARS + 1];
	enum kith_err err = kith_words_known(&known, c);

	if (err)
		return err;
	kith_fingerprint_text(c->ik, fingerprint);
	(void)printf("%s  %s, %.*s\n     %s\n", title, kith_held_quoted(c->name, name),
		(int)known.n, (const char *)known.p, fingerprint);
	return KITH_OK;
}

/* Shows both fingerprints and asks. */
static bool may_replace(const struct kith_cli *cli, const struct pair *p, int *ret_status)
{
	enum kith_err err;

	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_usage(
			"replace", "without a terminal to ask at, replace needs --yes");
		return false;
	}
	if ((err = print_side("old", &p->old)) || (err = print_side("new", &p->new))) {
		*ret_status = kith_cli_fail(err, NULL);
		return false;
	}
	(void)printf(
		"\nThis may be a new machine, or somebody else.  Everything you know of the old "
		"one moves to the new one;\nthere is no way back.\n");
	if (kith_sure("Have you met, and is it the same person? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was changed");
	return false;
}

static int replace(struct kith_cli *cli, struct kith_store *store, const struct pair *p)
{
	const struct kith_env *env = kith_env_default();
	char name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_keys_replace(store, p->old.row, p->new.row, env->wall(env->ctx));

	if (err == KITH_ERR_VALUE)
		return kith_cli_error(err,
			"the new key of %s cannot take the place of the old one: it was not compared, "
			"or is frozen (kith show)",
			kith_held_quoted(p->new.name, name));
	if (err)
		return kith_cli_fail_store(err, store);
	if (cli->json)
		return kith_person_tell(store, p->new.row);
	kith_cli_say(cli, "%s goes on under the new key; the old one is remembered as lost.",
		kith_held_quoted(p->new.name, name));
	return 0;
}

int kith_cmd_replace(struct kith_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct kith_option options[] = {{.name = "yes", .letter = 'y', .flag = &yes}};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(pair_end) struct pair p = {0};
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc != 3)
		return kith_cli_usage(argv[0],
			"say two people, first who has lost a key, then the same one with the new key: "
			"kith replace 4F7KQ2 AB3XNN");
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!find(cli, store, argv[1], yes, &p.old, &status) ||
		!find(cli, store, argv[2], yes, &p.new, &status))
		return status;
	if (p.old.row == p.new.row)
		return same(store, &p, argv[1]);
	if (!fit(&p, &status) || (!yes && !may_replace(cli, &p, &status)))
		return status;
	return replace(cli, store, &p);
}
