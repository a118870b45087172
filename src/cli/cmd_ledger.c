/* SPDX-License-Identifier: MIT
 *
 * ledger - who holds what of me, since when, and how that is known.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/mine.h"
#include "card/shown.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/holding.h"
#include "cli/person.h"
#include "cli/receipt.h"

#define PERSON_WIDTH 20 /* columns */

/* What is asked, and what was found. */
struct ledger {
	struct kith_cli *cli;
	struct kith_store *store;
	const char *field;      /* "email.work"; NULL: everything */
	struct kith_fields now; /* of field, as I have it */
	json_t *array;          /* NULL: lines */
	size_t n;
	enum kith_err err;
};

/* --- one field ---------------------------------------------------------------------------------- */

/* The fields that the word means, and not the name unless it means that. */
static void select_fields(
	const char *word, const struct kith_fields *all, struct kith_fields *ret_fields)
{
	struct kith_fields shown;
	bool name = strncasecmp(word, "name", 4) == 0 && (word[4] == 0 || word[4] == '.');

	kith_fields_shown(kith_span_str(word), all, &shown);
	ret_fields->n = 0;
	for (size_t i = 0; i < shown.n; i++)
		if (name || shown.at[i].kind != KITH_FIELD_NAME)
			ret_fields->at[ret_fields->n++] = shown.at[i];
}

static bool same_fields(const struct kith_fields *a, const struct kith_fields *b)
{
	KITH_AUTO_BUF struct kith_buf one = {0};
	KITH_AUTO_BUF struct kith_buf other = {0};

	return !kith_fields_pack(a, &one) && !kith_fields_pack(b, &other) &&
	       kith_span_eq(kith_buf_span(&one), kith_buf_span(&other));
}

static enum kith_err value_of(const struct kith_field *f, struct kith_buf *out)
{
	return f->kind == KITH_FIELD_PHOTO
		       ? kith_buf_printf(out, "a picture of %zu bytes", f->part[0].n)
		       : kith_field_value(f, out);
}

/* "; what they have: ada@old.example", where that is not what I have now. */
static enum kith_err add_older(
	const struct ledger *l, struct kith_buf *line, const struct kith_fields *theirs)
{
	enum kith_err err = KITH_OK;

	if (same_fields(theirs, &l->now))
		return KITH_OK;
	for (size_t i = 0; !err && i < theirs->n; i++) {
		KITH_AUTO_BUF struct kith_buf value = {0};
		char shown[4 * KITH_SHOWN_LINE];
		if ((err = value_of(&theirs->at[i], &value)))
			break;
		kith_show_in(shown, sizeof shown, kith_buf_span(&value), 60);
		err = kith_buf_printf(line, "%s%s", i ? ", " : "; they have another one: ", shown);
	}
	return err;
}

static int set_values(const struct ledger *l, json_t *o, const struct kith_fields *theirs)
{
	json_t *values = json_array();
	int bad = 0;

	for (size_t i = 0; i < theirs->n; i++) {
		KITH_AUTO_BUF struct kith_buf value = {0};
		bad |= value_of(&theirs->at[i], &value) ||
		       json_array_append_new(values, kith_json_text(kith_buf_span(&value)));
	}
	bad |= json_object_set_new(o, "values", values);
	return bad | json_object_set_new(o, "current", json_boolean(same_fields(theirs, &l->now)));
}

/* --- one person --------------------------------------------------------------------------------- */

static void print_line(const struct kith_holding *h, const struct kith_buf *line)
{
	char person[4 * KITH_SHOWN_NAME + 16];

	kith_show_in(person, sizeof person, h->person, KITH_SHOWN_NAME);
	int pad = PERSON_WIDTH - (int)kith_text_columns(kith_span_str(person));
	(void)printf("%s%*s  %.*s\n", person, pad > 0 ? pad : 0, "", (int)line->n,
		line->n ? (const char *)line->p : "");
}

static enum kith_err tell(
	struct ledger *l, const struct kith_holding *h, const struct kith_fields *theirs)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	enum kith_err err;

	l->n++;
	if (!l->array) {
		if (!(err = kith_holding_words(&line, h)) && theirs)
			err = add_older(l, &line, theirs);
		if (!err)
			print_line(h, &line);
		return err;
	}
	json_t *o = kith_holding_json(l->store, h);
	if (o && theirs && set_values(l, o, theirs)) {
		json_decref(o);
		o = NULL;
	}
	return json_array_append_new(l->array, o) ? KITH_ERR_NOMEM : KITH_OK;
}

/* What of the field they hold: by the bytes they have, or may have while nothing is confirmed. */
static enum kith_err read_theirs(struct ledger *l, const struct kith_holding *h,
	struct kith_buf *bytes, struct kith_fields *ret_fields)
{
	struct kith_card card;
	uint8_t id[8];
	uint64_t rev;
	enum kith_err err = KITH_OK;

	ret_fields->n = 0;
	if (h->envelope.n > 0)
		err = kith_buf_add(bytes, h->envelope.p, h->envelope.n);
	else if (h->proof == KITH_PROOF_NONE)
		err = kith_store_given(l->store, h->contact, id, &rev, bytes);
	if (err || bytes->n == 0)
		return err == KITH_ERR_MISSING ? KITH_OK : err;
	if ((err = kith_card_verify(kith_buf_span(bytes), &card)))
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	select_fields(l->field, &card.fields, ret_fields);
	return KITH_OK;
}

static bool take(void *ctx, const struct kith_holding *h)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct ledger *l = ctx;
	struct kith_fields theirs;

	if (!l->field) {
		l->err = tell(l, h, NULL);
		return !l->err;
	}
	l->err = read_theirs(l, h, &bytes, &theirs);
	if (!l->err && theirs.n > 0)
		l->err = tell(l, h, &theirs);
	return !l->err;
}

/* --- the command -------------------------------------------------------------------------------- */

/* Whether the word is a field as a person writes it. */
static bool is_field(const char *word)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_field f;

	return !strchr(word, '=') && !kith_buf_printf(&text, "%s=", word) &&
	       !kith_field_parse(kith_buf_span(&text), &f, NULL);
}

static int show(struct ledger *l, int64_t contact)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	enum kith_err err = l->field ? kith_my_read(l->store, &my, &diag) : KITH_OK;

	if (err)
		return kith_cli_fail(err, &diag);
	if (l->field)
		select_fields(l->field, &my.profile, &l->now);
	if (l->cli->json && !(l->array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	err = kith_store_ledger(l->store, contact, take, l);
	int status = err      ? kith_cli_fail_store(err, l->store)
		     : l->err ? kith_cli_fail(l->err, NULL)
			      : 0;
	if (!status && l->array)
		kith_json_line(stdout, l->array);
	else if (!status && l->n == 0)
		kith_cli_say(l->cli, contact    ? "They hold nothing of yours."
				     : l->field ? "Nobody holds that."
						: "Nobody holds a card of yours.");
	json_decref(l->array);
	return status;
}

static bool any_one(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	*(bool *)ctx = true;
	return false;
}

/* The person, whom the word means when it is no field. */
static bool find(struct kith_cli *cli, struct kith_store *store, const char *who, bool receipts,
	int64_t *ret_row, int *ret_status)
{
	char shown[256];
	bool found = false;

	if (receipts ||
		kith_store_who(store, kith_span_str(who), any_one, &found) != KITH_ERR_NOPERSON)
		return kith_cli_who(cli, store, who, ret_row, ret_status);
	*ret_status = kith_cli_error(KITH_ERR_NOPERSON,
		"there is no such person or field: \"%s\"; kith list shows everybody, kith card your fields",
		kith_show_in(shown, sizeof shown, kith_span_str(who), 40));
	return false;
}

static int ledger(
	struct kith_cli *cli, const char *who, bool receipts, struct kith_receipt_wish *wish)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct ledger l = {.cli = cli};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	l.store = store;
	if (who && !receipts && is_field(who))
		l.field = who;
	else if (who && !find(cli, store, who, receipts, &wish->contact, &status))
		return status;
	return receipts ? kith_receipts(cli, store, wish) : show(&l, wish->contact);
}

int kith_cmd_ledger(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO_BUF struct kith_buf who = {0};
	struct kith_receipt_wish wish = {0};
	bool receipts = false;
	const char *rev = NULL;
	const struct kith_option options[] = {{.name = "receipts", .flag = &receipts},
		{.name = "export", .value = &wish.path}, {.name = "revision", .value = &rev}};
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (wish.path)
		receipts = true;
	if (receipts && argc < 2)
		return kith_cli_usage(argv[0], "say whose: kith ledger grace --receipts");
	if (rev && !wish.path)
		return kith_cli_usage(argv[0], "--revision says which receipt --export writes");
	if (rev && !kith_arg_revision(rev, &wish.rev))
		return kith_cli_usage(argv[0], "--revision takes a number");
	if (argc > 1 && !kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	return ledger(cli, argc > 1 ? kith_buf_cstr(&who) : NULL, receipts, &wish);
}
