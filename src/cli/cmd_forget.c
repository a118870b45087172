/* SPDX-License-Identifier: MIT
 *
 * forget - removes a person, after showing what goes.
 */
#include <kith/introduction.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/person.h"
#include "cli/leftover.h"
#include "cli/remembered.h"
#include "cli/sure.h"
#include "cli/words.h"

static const char *what_goes(const struct kith_contact *c)
{
	if (!c->has_key)
		return c->entries > 1 ? "what you typed in or imported, and what is joined to it"
				      : "what you typed in or imported";
	return c->entries > 0 ? "the card, the meetings, the receipts, and what you typed in, "
				"imported or joined yourself"
			      : "the card, the meetings, the receipts";
}

/* --- introductions of mine, which go with either side ----------------------------------------- */

struct between {
	int64_t contact;
	FILE *out; /* where each is shown; NULL: nowhere */
	struct kith_buf
		ends; /* who the other one is of those that were not over, inert, ", " between */
	enum kith_err err;
};

static bool is_over(const struct kith_introduction *i)
{
	return i->closed ||
	       (i->side[0].stage >= KITH_SIDE_TOLD && i->side[1].stage >= KITH_SIDE_TOLD);
}

static bool take_between(void *ctx, const struct kith_introduction *i)
{
	struct between *b = ctx;
	KITH_AUTO_BUF struct kith_buf line = {0};
	const struct kith_side *other = &i->side[i->side[0].contact == b->contact];
	char name[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];

	kith_held_quoted(other->name, name);
	if (!is_over(i))
		b->err = kith_buf_printf(&b->ends, "%s%s", b->ends.n ? ", " : "", name);
	if (!b->err && b->out)
		b->err = kith_buf_printf(&line, "to %s, %s: %s", name, kith_words_date(i->at, date),
			is_over(i) ? "it is over" : "it ends with this");
	if (!b->err && b->out)
		b->err = kith_person_line("your introduction", kith_buf_span(&line), b->out);
	return !b->err;
}

/* Prints them where out is not NULL; *ends names whom those were with that were not over. */
static enum kith_err introductions(
	struct kith_store *store, int64_t row, FILE *out, struct kith_buf *ends)
{
	struct between b = {.contact = row, .out = out};
	enum kith_err err = kith_store_introductions_with(store, row, take_between, &b);

	*ends = b.ends;
	return err ? err : b.err;
}

/* --- shown and asked -------------------------------------------------------------------------- */

/* Shows what goes and asks; false with the status set when it stays. */
static bool may_forget(
	const struct kith_cli *cli, struct kith_store *store, int64_t row, int *ret_status)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf ends = {0};
	enum kith_err err;

	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_usage("forget", "without a terminal to ask at, forget needs "
						       "--yes");
		return false;
	}
	if (!(err = kith_store_contact(store, row, &c)) &&
		!(err = kith_person_print(store, row, stdout)))
		err = kith_remembered_print(store, row, true, stdout);
	if (!err)
		err = introductions(store, row, stdout, &ends);
	if (err) {
		*ret_status = kith_cli_fail_store(err, store);
		return false;
	}
	(void)printf("\nAll of this goes: %s; and what you remember of them.\n", what_goes(&c));
	if (kith_sure("Forget this person? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was forgotten");
	return false;
}

/* Removes the row; says who it was. */
static int forget(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf ends = {0};
	char shown[256];
	json_t *o = NULL;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (!err)
		err = introductions(store, row, NULL, &ends);
	if (!err && cli->json && !(o = kith_person_json(store, row)))
		err = KITH_ERR_NOMEM;
	if (!err)
		err = kith_store_forget(store, row);
	if (err) {
		json_decref(o);
		return kith_cli_fail_store(err, store);
	}
	kith_leftover_sweep(cli, store);
	if (o)
		kith_json_line(stdout, o);
	json_decref(o);
	kith_cli_say(cli, "%s is forgotten.", kith_show_in(shown, sizeof shown, c.name, 40));
	if (ends.n)
		kith_cli_say(cli, "Your introduction to %.*s has ended with that.", (int)ends.n,
			(const char *)ends.p);
	return 0;
}

int kith_cmd_forget(struct kith_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct kith_option options[] = {{.name = "yes", .letter = 'y', .flag = &yes}};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf who = {0};
	int64_t row;
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith forget ada");
	if (!kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	if (yes && !kith_sure_exact(store, row, kith_buf_cstr(&who), argv[0], &status))
		return status;
	if (!yes && !may_forget(cli, store, row, &status))
		return status;
	return forget(cli, store, row);
}
