/* SPDX-License-Identifier: MIT
 *
 * add - a person typed in, who has no key and no signed card.
 */
#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/given.h"
#include "book/mine.h"
#include "book/own.h"
#include "cli/people.h"
#include "cli/person.h"
#include "cli/words.h"

#define ASKED_MAX  3 /* times a name is asked for */
#define DIGITS_MIN 6 /* of a telephone number that tells somebody apart */

/* What may serve as a name in a list. */
static bool has_name(const struct kith_fields *fields)
{
	static const uint32_t kinds[] = {KITH_FIELD_NAME, KITH_FIELD_GIVEN, KITH_FIELD_FAMILY,
		KITH_FIELD_NICKNAME, KITH_FIELD_ORG};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kith_fields_first(fields, kinds[i]))
			return true;
	return false;
}

/* Asks until the answer will do as a name; it lives in line.  False: the person gave up. */
static bool ask_name(struct kith_buf *line, struct kith_field *ret_name)
{
	for (int i = 0; i < ASKED_MAX; i++) {
		struct kith_diag diag = {0};
		struct kith_field f = {.kind = KITH_FIELD_NAME, .parts = 1};
		kith_buf_clear(line);
		if (!kith_cli_ask("Their name: ", line))
			return false;
		f.part[0] = kith_buf_span(line);
		if (line->n > 0 && !kith_my_check(&f, &diag)) {
			*ret_name = f;
			return true;
		}
		(void)printf("%s\n", line->n ? diag.text : "A person needs a name.");
	}
	return false;
}

static bool complete(
	struct kith_cli *cli, struct kith_given *g, struct kith_buf *line, int *ret_status)
{
	if (has_name(&g->set))
		return true;
	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_usage(
			"add", "a person needs a name: kith add name=\"Grace Hopper\"");
		return false;
	}
	if (g->set.n == KITH_CARD_FIELDS)
		*ret_status = kith_cli_error(
			KITH_ERR_LIMIT, "there can be at most %d fields", KITH_CARD_FIELDS);
	else if (!ask_name(line, &g->set.at[g->set.n]))
		*ret_status =
			kith_cli_error(KITH_ERR_USAGE, "no name was given; nothing was added");
	else
		return ++g->set.n;
	return false;
}

/* --- is that person there already? ----------------------------------------------------------- */

static enum kith_err digits_of(struct kith_span s, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			err = kith_buf_add(out, s.p + i, 1);
	return err;
}

/* Whether both are the same e-mail address, or the same number. */
static enum kith_err same_address(
	const struct kith_field *a, const struct kith_field *b, bool *ret_same)
{
	KITH_AUTO_BUF struct kith_buf x = {0};
	KITH_AUTO_BUF struct kith_buf y = {0};
	bool tel = a->kind == KITH_FIELD_TEL;
	enum kith_err err;

	*ret_same = false;
	if (a->kind != b->kind || (!tel && a->kind != KITH_FIELD_EMAIL))
		return KITH_OK;
	if ((err = tel ? digits_of(a->part[0], &x) : kith_fold(&x, a->part[0])) ||
		(err = tel ? digits_of(b->part[0], &y) : kith_fold(&y, b->part[0])))
		return err;
	*ret_same =
		x.n >= (tel ? DIGITS_MIN : 1) && kith_span_eq(kith_buf_span(&x), kith_buf_span(&y));
	return KITH_OK;
}

/* Whether the signed card of that person has the name and an address of those fields. */
static enum kith_err is_signed(struct kith_store *store, int64_t row, struct kith_span name,
	const struct kith_fields *fields, bool *ret_is)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf a = {0};
	KITH_AUTO_BUF struct kith_buf b = {0};
	struct kith_card card;
	enum kith_err err = kith_store_contact(store, row, &c);

	*ret_is = false;
	if (err || c.envelope.n == 0)
		return err;
	if ((err = kith_fold(&a, name)) || (err = kith_fold(&b, c.name)) ||
		!kith_span_eq(kith_buf_span(&a), kith_buf_span(&b)) ||
		(err = kith_held_card(&c, &card)))
		return err;
	for (size_t i = 0; i < fields->n; i++)
		for (size_t j = 0; !err && !*ret_is && j < card.fields.n; j++)
			err = same_address(&fields->at[i], &card.fields.at[j], ret_is);
	return err;
}

/* The person of that name and an address, in an entry or a signed card; row 0 for nobody. */
static enum kith_err look_for(
	struct kith_store *store, const struct kith_fields *fields, int64_t *ret_row)
{
	KITH_AUTO(kith_people_free) struct kith_people people = {0};
	const struct kith_field *name = kith_fields_first(fields, KITH_FIELD_NAME);
	enum kith_match match;
	int64_t entry;
	enum kith_err err =
		kith_store_match(store, kith_span("", 0), fields, &match, ret_row, &entry);

	if (err || match != KITH_MATCH_NONE)
		return err;
	*ret_row = 0;
	if (!name)
		return KITH_OK;
	err = kith_store_who(store, name->part[0], kith_people_add, &people);
	if (err == KITH_ERR_NOPERSON)
		return KITH_OK;
	if (err == KITH_ERR_AMBIGUOUS || !err)
		err = people.err;
	for (size_t i = 0; !err && !*ret_row && i < people.n; i++) {
		bool is;
		err = is_signed(store, people.at[i].row, name->part[0], fields, &is);
		if (is)
			*ret_row = people.at[i].row;
	}
	return err;
}

/* Says who is there already, and returns false with the status set. */
static bool is_new(struct kith_store *store, const struct kith_fields *fields, int *ret_status)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf known = {0};
	char name[KITH_QUOTED_BYTES];
	int64_t row = 0;
	enum kith_err err = look_for(store, fields, &row);

	if (!err && !row)
		return true;
	if (!err && !(err = kith_store_contact(store, row, &c)) &&
		!(err = kith_words_known(&known, &c)) && !kith_buf_cstr(&known))
		err = KITH_ERR_NOMEM;
	*ret_status = err ? kith_cli_fail_store(err, store)
			  : kith_cli_error(KITH_ERR_EXISTS,
				    "you have %s already (%s); to change what you know: kith edit; "
				    "if this is somebody else: kith add --anyway",
				    kith_held_quoted(c.name, name), (const char *)known.p);
	return false;
}

/* --- adding ---------------------------------------------------------------------------------- */

static int report(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char name[KITH_QUOTED_BYTES];

	if (cli->json)
		return kith_person_tell(store, row);
	enum kith_err err = kith_store_contact(store, row, &c);
	if (err)
		return kith_cli_fail_store(err, store);
	kith_cli_say(cli, "%s is added, typed in.", kith_held_quoted(c.name, name));
	return 0;
}

static int put(struct kith_cli *cli, const struct kith_given *g, bool anyway)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int64_t row = 0;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	/* looked for and put as one step, so that two at once do not add the same person */
	enum kith_err err = kith_store_batch(store);
	if (err)
		return kith_cli_fail_store(err, store);
	bool add = anyway || is_new(store, &g->set, &status);
	if (add && (err = kith_own_put(store, NULL, &g->set, false, &row)))
		status = kith_cli_fail_store(err, store);
	enum kith_err ended = kith_store_batch_end(store, add && !err);
	if (!add || err)
		return status;
	return ended ? kith_cli_fail_store(ended, store) : report(cli, store, row);
}

int kith_cmd_add(struct kith_cli *cli, int argc, char **argv)
{
	bool anyway = false;
	const struct kith_option options[] = {{.name = "anyway", .flag = &anyway}};
	KITH_AUTO(kith_given_free) struct kith_given g = {0};
	KITH_AUTO_BUF struct kith_buf line = {0};
	struct kith_diag diag = {0};
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	for (int i = 1; i < argc; i++) {
		enum kith_err err = kith_given_take(&g, argv[i], &diag);
		if (!err && g.n_gone > 0)
			err = kith_fail(&diag, KITH_ERR_USAGE, "add takes values: FIELD=VALUE");
		if (err == KITH_ERR_USAGE)
			return kith_cli_usage(argv[0], "%s", diag.text);
		if (err)
			return kith_cli_fail(err, &diag);
	}
	if (!complete(cli, &g, &line, &status))
		return status;
	return put(cli, &g, anyway);
}
