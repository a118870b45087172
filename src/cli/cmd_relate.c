/* SPDX-License-Identifier: MIT
 *
 * relate - how two people stand to each other: what I say, and what is known by itself.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "cli/about.h"
#include "cli/args.h"
#include "cli/person.h"
#include "cli/remembered.h"
#include "cli/when.h"

#define COMMAND "relate"

static void say_none(
	struct kith_cli *cli, const struct kith_about *about, const struct kith_about *other)
{
	if (other->row)
		kith_cli_say(cli, "%s and %s are not known to have to do with each other.",
			about->name, other->name);
	else
		kith_cli_say(cli, "Nobody is known to have to do with %s.", about->name);
}

/* All that is known of one, or (with NULL: not) between both. */
static int list(struct kith_cli *cli, const char *who, const char *with)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_about about, other = {.row = 0};
	size_t n = 0;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status) ||
		!kith_about_who(cli, store, who, &about, &status) ||
		(with && !kith_about_who(cli, store, with, &other, &status)))
		return status;
	if (about.row == other.row)
		return kith_cli_usage(COMMAND, "both are %s", about.name);
	if (cli->json) {
		json_t *array = kith_relations_json(store, about.row, other.row);
		if (!array)
			return kith_cli_fail_store(KITH_ERR_STORE, store);
		kith_json_tell(cli, array);
		return 0;
	}
	enum kith_err err =
		kith_relations_print(store, about.row, other.row, "relation", &n, stdout);
	if (err)
		return kith_cli_fail_store(err, store);
	if (n == 0)
		say_none(cli, &about, &other);
	return 0;
}

/* Who was let go is shown by none of it. */
static void note_let_go(struct kith_cli *cli, const struct kith_about *about)
{
	if (about->let_go)
		kith_cli_note(
			cli, "You let go of %s; it shows once they are called back.", about->name);
}

static void tell(struct kith_cli *cli, const struct kith_about *a, const struct kith_about *b,
	struct kith_span words)
{
	if (words.n == 0)
		kith_cli_say(cli, "You say nothing about %s and %s any more.", a->name, b->name);
	else
		kith_cli_say(cli, "%s and %s are related.", a->name, b->name);
	if (cli->json)
		kith_json_tell(cli, json_pack("{s:s,s:s,s:o}", "a", a->id, "b", b->id, "words",
					    words.n ? kith_json_text(words) : json_null()));
}

static int relate(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_about a, b;
	int status;

	if (!kith_about_text(argc, argv, 3, KITH_RELATION_MAX, &text, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, argv[1], &a, &status) ||
		!kith_about_who(cli, store, argv[2], &b, &status))
		return status;
	if (a.row == b.row)
		return kith_cli_usage(COMMAND, "both are %s", a.name);
	if (argc > 3 && text.n == 0)
		return kith_about_fail(KITH_ERR_VALUE, store, "a relation", KITH_RELATION_MAX);
	enum kith_err err =
		kith_store_relate(store, a.row, b.row, kith_buf_span(&text), kith_when_now());
	if (err)
		return kith_about_fail(err, store, "a relation", KITH_RELATION_MAX);
	if (text.n) {
		note_let_go(cli, &a);
		note_let_go(cli, &b);
	}
	tell(cli, &a, &b, kith_buf_span(&text));
	return 0;
}

int kith_cmd_relate(struct kith_cli *cli, int argc, char **argv)
{
	bool gone = false;
	const struct kith_option options[] = {{.name = "remove", .flag = &gone}};
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (gone && argc != 3)
		return kith_cli_usage(argv[0], "--remove takes the two people, and nothing else");
	if (argc < 2)
		return kith_cli_usage(
			argv[0], "say who and how: kith relate ada grace \"sisters\"");
	if (argc == 2 || (argc == 3 && !gone))
		return list(cli, argv[1], argc == 3 ? argv[2] : NULL);
	return relate(cli, argc, argv);
}
