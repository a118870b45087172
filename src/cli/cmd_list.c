/* SPDX-License-Identifier: MIT
 *
 * list - everybody.
 */
#include "base/auto.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/people.h"
#include "cli/person.h"

struct listed {
	struct kith_store *store;
	struct kith_people people;
	struct kith_json_array array;
	bool all;     /* who was let go, too */
	bool bad;     /* a person could not be read, */
	bool stopped; /* or written */
	size_t faded;
};

static void listed_free(struct listed *l)
{
	kith_people_free(&l->people);
}

static bool add(void *ctx, const struct kith_contact *c)
{
	struct listed *l = ctx;

	l->faded += c->faded;
	return (c->faded && !l->all) || kith_people_add(&l->people, c);
}

/* One person at a time: there may be very many. */
static bool add_json(void *ctx, const struct kith_contact *c)
{
	struct listed *l = ctx;

	if (c->faded && !l->all)
		return true;
	json_t *o = kith_person_json(l->store, c->row);
	l->bad = !o;
	l->stopped = !o || !kith_json_add(&l->array, o);
	return !l->stopped;
}

static int list_json(struct listed *l)
{
	l->array.out = stdout;
	enum kith_err err = kith_store_each(l->store, add_json, l);
	if (err || l->bad)
		return kith_cli_fail_store(err ? err : KITH_ERR_STORE, l->store);
	if (!l->stopped)
		kith_json_end(&l->array);
	return 0;
}

int kith_cmd_list(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(listed_free) struct listed l = {0};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	const struct kith_option options[] = {{.name = "all", .flag = &l.all}};
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(
			argv[0], "list takes no arguments but --all; to search: kith find WORDS");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	l.store = store;
	if (cli->json)
		return list_json(&l);
	enum kith_err err = kith_store_each(store, add, &l);
	if (err)
		return kith_cli_fail_store(err, store);
	if (l.people.n == 0 && l.faded == 0 && cli->tty)
		kith_cli_say(cli, "Nobody yet.  With somebody next to you: kith swap");
	return kith_people_report(cli, store, &l.people);
}
