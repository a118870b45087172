/* SPDX-License-Identifier: MIT
 *
 * edit - what I know of somebody: of a person typed in everything, of one with a signed card what
 * stands beside it.  What others signed cannot be changed.
 */
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/edit.h"
#include "cli/given.h"
#include "book/own.h"
#include "cli/person.h"

/* One edit. */
struct edit {
	struct kith_cli *cli;
	struct kith_store *store;
	struct kith_given given;
	struct kith_buf who;
	struct kith_buf gone[KITH_CARD_FIELDS]; /* "FIELD=" from --unset */
	size_t n_gone;
	struct kith_contact c;
	struct kith_own own;
	struct kith_fields *fields; /* what each entry becomes; behind the last one, a new one */
	struct kith_buf path;       /* of the text for the editor */
	struct kith_buf before;     /* the vCard it was made from; empty for none */
	struct kith_buf asked;      /* the text that we wrote */
	struct kith_buf text;       /* and what it became */
	char quoted[KITH_QUOTED_BYTES];
};

static void edit_end(struct edit *e)
{
	kith_own_free(&e->own);
	kith_contact_free(&e->c);
	kith_given_free(&e->given);
	kith_buf_free(&e->who);
	for (size_t i = 0; i < e->n_gone; i++)
		kith_buf_free(&e->gone[i]);
	kith_buf_free(&e->path);
	kith_buf_free(&e->before);
	kith_buf_free(&e->asked);
	kith_buf_free(&e->text);
	free(e->fields);
	kith_store_close(e->store);
}

/* Reads the person and the entries anew. */
static enum kith_err read_person(struct edit *e, int64_t row)
{
	kith_own_free(&e->own);
	kith_contact_free(&e->c);
	enum kith_err err = kith_store_contact(e->store, row, &e->c);

	if (err || (err = kith_own_read(e->store, &e->c, &e->own)))
		return err;
	kith_held_quoted(e->c.name, e->quoted);
	free(e->fields);
	e->fields = calloc(e->own.n + 1, sizeof *e->fields);
	if (!e->fields)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < e->own.n; i++)
		e->fields[i] = e->own.at[i].fields;
	return KITH_OK;
}

/* --- what changes ---------------------------------------------------------------------------- */

/* The entry that a field without a place goes to: of somebody without a key the first, else what I
 * wrote beside the signed card myself; own.n for a new one. */
static size_t home_of(const struct edit *e)
{
	for (size_t i = 0; i < e->own.n; i++)
		if (!e->c.has_key || (!e->own.at[i].joined && !e->own.at[i].imported))
			return i;
	return e->own.n;
}

/* The entry that has such an item, else the one where it would go. */
static size_t place_of(const struct edit *e, const struct kith_field *f)
{
	for (size_t i = 0; i < e->own.n; i++)
		for (size_t j = 0; j < e->fields[i].n; j++)
			if (kith_given_same(&e->fields[i].at[j], f))
				return i;
	return home_of(e);
}

/* Each entry gets those of the given fields whose place it is. */
static enum kith_err apply_set(struct edit *e, struct kith_diag *diag)
{
	const struct kith_fields *set = &e->given.set;
	size_t place[KITH_CARD_FIELDS];
	enum kith_err err = KITH_OK;

	for (size_t i = 0; i < set->n; i++)
		place[i] = place_of(e, &set->at[i]);
	for (size_t k = 0; !err && k <= e->own.n; k++) {
		struct kith_fields part = {.n = 0};
		for (size_t i = 0; i < set->n; i++)
			if (place[i] == k)
				part.at[part.n++] = set->at[i];
		if (part.n > 0)
			err = kith_given_set(&part, &e->fields[k], diag);
	}
	return err;
}

/* Whether the signed card has such an item. */
static enum kith_err is_signed(
	const struct edit *e, const struct kith_field *f, bool any_label, bool *ret_is)
{
	struct kith_card card;
	enum kith_err err;

	*ret_is = false;
	if (e->c.envelope.n == 0)
		return KITH_OK;
	if ((err = kith_held_card(&e->c, &card)))
		return err;
	for (size_t i = 0; i < card.fields.n; i++)
		*ret_is |= card.fields.at[i].kind == f->kind &&
			   (any_label || kith_span_eq(card.fields.at[i].label, f->label));
	return KITH_OK;
}

/* There is nothing of mine that could go: why. */
static enum kith_err fail_gone(const struct edit *e, size_t i, struct kith_diag *diag)
{
	const struct kith_field *f = &e->given.gone[i];
	const char *kind = kith_field_info(f->kind)->name;
	bool theirs;
	enum kith_err err = is_signed(e, f, e->given.any_label[i], &theirs);

	if (err)
		return kith_fail(diag, err, "%s", kith_err_text(err));
	if (theirs)
		return kith_fail(diag, KITH_ERR_MISSING,
			"the %s of %s is on the card they signed, which nobody else can change; a value of "
			"your own can stand beside it",
			kind, e->quoted);
	return kith_fail(diag, KITH_ERR_MISSING, "there is no such %s of %s", kind, e->quoted);
}

static enum kith_err apply_gone(struct edit *e, struct kith_diag *diag)
{
	for (size_t i = 0; i < e->given.n_gone; i++) {
		bool name = e->given.gone[i].kind == KITH_FIELD_NAME;
		size_t n = 0;
		for (size_t k = 0; k < e->own.n; k++)
			if (!name || (e->c.has_key && !e->own.at[k].joined))
				n += kith_given_remove(&e->given, i, &e->fields[k]);
		if (n == 0 && name && !e->c.has_key)
			return kith_fail(diag, KITH_ERR_USAGE,
				"a person needs a name; to change it: kith edit WHO name=NAME");
		if (n == 0)
			return fail_gone(e, i, diag);
	}
	return KITH_OK;
}

static enum kith_err apply(struct edit *e, struct kith_diag *diag)
{
	enum kith_err err = apply_gone(e, diag);

	return err ? err : apply_set(e, diag);
}

static bool same_fields(const struct kith_fields *a, const struct kith_fields *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++) {
		const struct kith_field *x = &a->at[i], *y = &b->at[i];
		same = x->kind == y->kind && x->flags == y->flags && x->parts == y->parts &&
		       kith_span_eq(x->label, y->label);
		for (size_t j = 0; same && j < x->parts; j++)
			same = kith_span_eq(x->part[j], y->part[j]);
	}
	return same;
}

/* Whether nothing is left of what I wrote beside a signed card. */
static enum kith_err is_empty(const struct edit *e, size_t i, bool *ret_is)
{
	size_t more = 0;
	enum kith_err err = KITH_OK;

	if (e->c.has_key && !e->own.at[i].joined && e->fields[i].n == 0)
		err = kith_own_more(&e->own.at[i], &more);
	else
		more = 1;
	*ret_is = more == 0;
	return err;
}

/* Writes the entries that became others; *ret_changed says whether there were any. */
static enum kith_err write_changed(struct edit *e, bool *ret_changed)
{
	static const struct kith_fields none;
	enum kith_err err = KITH_OK;

	*ret_changed = false;
	for (size_t i = 0; !err && i <= e->own.n; i++) {
		bool empty = false, new = i == e->own.n;
		int64_t contact = e->c.row;
		if (same_fields(&e->fields[i], new ? &none : &e->own.at[i].fields))
			continue;
		*ret_changed = true;
		if (!new)
			err = is_empty(e, i, &empty);
		if (!err && empty)
			err = kith_store_entry_remove(e->store, e->own.at[i].row);
		else if (!err)
			err = kith_own_put(e->store, new ? NULL : &e->own.at[i], &e->fields[i],
				e->c.has_key, &contact);
	}
	return err;
}

/* --- from the command line, and from the editor ------------------------------------------------ */

typedef enum kith_err (*change_fn)(struct edit *e, struct kith_diag *diag);

/* Reads, changes and writes as one step, so that two edits at once both count. */
static enum kith_err change(
	struct edit *e, int64_t row, change_fn fn, bool *ret_changed, struct kith_diag *diag)
{
	enum kith_err err = kith_store_batch(e->store);

	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(e->store));
	if ((err = read_person(e, row)))
		(void)kith_fail(diag, err, "%s", kith_err_text(err));
	else if (!(err = fn(e, diag)) && (err = write_changed(e, ret_changed)))
		(void)kith_fail(diag, err, "%s", kith_store_why(e->store));
	enum kith_err ended = kith_store_batch_end(e->store, !err);
	if (!err && ended)
		(void)kith_fail(diag, ended, "%s", kith_store_why(e->store));
	return err ? err : ended;
}

/* Where a value of mine now stands beside a signed one of its kind. */
static void note_signed(struct edit *e, const struct kith_fields *set)
{
	for (size_t i = 0; i < set->n; i++) {
		bool theirs;
		if (is_signed(e, &set->at[i], true, &theirs) || !theirs)
			continue;
		kith_cli_note(e->cli,
			"What %s signed stays as it is; your own %s stands beside it, not signed.",
			e->quoted, kith_field_info(set->at[i].kind)->name);
		return;
	}
}

static int report(struct edit *e, bool changed, const struct kith_fields *set)
{
	if (!changed)
		kith_cli_note(e->cli, "Nothing was different; everything stays as it is.");
	else if (e->c.has_key)
		note_signed(e, set);
	if (e->cli->json)
		return kith_person_tell(e->store, e->c.row);
	enum kith_err err = e->cli->quiet ? KITH_OK : kith_person_print(e->store, e->c.row, stdout);
	return err ? kith_cli_fail_store(err, e->store) : 0;
}

static int edit_given(struct edit *e, int64_t row)
{
	struct kith_diag diag = {0};
	bool changed = false;
	enum kith_err err = change(e, row, apply, &changed, &diag);

	if (err == KITH_ERR_USAGE)
		return kith_cli_usage("edit", "%s", diag.text);
	return err ? kith_cli_fail(err, &diag) : report(e, changed, &e->given.set);
}

/* The entry that an editor gets, as it was read; NULL: there is none yet. */
static const struct kith_own_entry *edited(const struct edit *e)
{
	size_t i = home_of(e);

	return i < e->own.n ? &e->own.at[i] : NULL;
}

/* Takes what came back from the editor, if nobody else has changed the entry meanwhile. */
static enum kith_err apply_text(struct edit *e, struct kith_diag *diag)
{
	static const struct kith_fields none;
	const struct kith_own_entry *entry = edited(e);
	struct kith_span now = entry ? kith_buf_span(&entry->text) : kith_span("", 0);

	if (!kith_span_eq(now, kith_buf_span(&e->before)))
		return kith_fail(diag, KITH_ERR_CONFLICT,
			"another kith has changed %s while you were editing", e->quoted);
	enum kith_err err = kith_edit_read_about(&e->text, entry ? &entry->fields : &none,
		!e->c.has_key, stderr, &e->fields[home_of(e)]);
	return err ? kith_fail(diag, err, "the text cannot be taken; nothing was changed") : err;
}

/* Writes the text for the editor, a private file in the home folder, one a person: a text that an
 * earlier edit has kept is gone on with. */
static enum kith_err make_file(struct edit *e, struct kith_diag *diag)
{
	static const struct kith_fields none;
	const struct kith_own_entry *entry = edited(e);
	char id[KITH_ID_CHARS + 1], name[64], about[KITH_QUOTED_BYTES + 64];
	enum kith_err err;

	(void)snprintf(name, sizeof name, "edit-%.16s.txt", kith_person_id(&e->c, id));
	(void)snprintf(about, sizeof about,
		e->c.has_key ? "Your own about %s, beside the signed card" : "What you know of %s",
		e->quoted);
	if (!kith_path_join(&e->path, e->cli->home, name) ||
		(entry && kith_buf_add(&e->before, entry->text.p, entry->text.n)) ||
		kith_edit_write_about(about, entry ? &entry->fields : &none, &e->asked))
		return KITH_ERR_NOMEM;
	err = kith_file_write(
		(const char *)e->path.p, kith_buf_span(&e->asked), 0600, KITH_FILE_NEW, diag);
	if (err != KITH_ERR_EXISTS)
		return err;
	kith_cli_note(e->cli,
		"An earlier edit has kept its text in %s; this one goes on with it.\n"
		"To begin again, remove that file first.",
		(const char *)e->path.p);
	return KITH_OK;
}

static bool wants_again(void)
{
	KITH_AUTO_BUF struct kith_buf line = {0};

	if (!kith_cli_ask("Edit again? [Y/n] ", &line))
		return false;
	return line.n == 0 || line.p[0] == 'y' || line.p[0] == 'Y';
}

/* The text from the file, into the store; *ret_again when another edit could help. */
static int take_file(struct edit *e, int64_t row, bool *ret_again)
{
	static const struct kith_fields none;
	struct kith_diag diag = {0};
	bool changed = false;
	enum kith_err err;

	*ret_again = true;
	kith_buf_clear(&e->text);
	err = kith_file_read((const char *)e->path.p, KITH_ENTRY_MAX, &e->text, &diag);
	if (!err)
		err = change(e, row, apply_text, &changed, &diag);
	return err ? kith_cli_fail(err, &diag) : report(e, changed, &none);
}

/* Whether nobody has written anything into the file. */
static bool is_untouched(const struct edit *e)
{
	KITH_AUTO_BUF struct kith_buf now = {0};

	return !kith_file_read((const char *)e->path.p, KITH_ENTRY_MAX, &now, NULL) &&
	       kith_span_eq(kith_buf_span(&now), kith_buf_span(&e->asked));
}

static int edit_in_editor(struct edit *e, int64_t row)
{
	struct kith_diag diag = {0};
	enum kith_err err = read_person(e, row);
	bool again;
	int status;

	if (err)
		return kith_cli_fail_store(err, e->store);
	if ((err = make_file(e, &diag)))
		return kith_cli_fail(err, &diag);
	do {
		again = false;
		if (kith_edit_run((const char *)e->path.p, &status))
			status = take_file(e, row, &again);
	} while (status && again && wants_again());
	if (status == 0 || is_untouched(e))
		(void)unlink((const char *)e->path.p);
	else
		(void)fprintf(stderr, "Your text is kept; the same command goes on with it.\n");
	return status;
}

/* --- the command ------------------------------------------------------------------------------ */

/* "--unset FIELD[.LABEL]" and "--unset=...", as often as it is given, become "FIELD[.LABEL]=". */
static enum kith_err take_unset(struct edit *e, int *argc, char **argv, struct kith_diag *diag)
{
	int kept = 1;
	bool ended = false;

	for (int i = 1; i < *argc; i++) {
		const char *what = NULL;
		ended |= strcmp(argv[i], "--") == 0;
		if (!ended && strncmp(argv[i], "--unset=", 8) == 0)
			what = argv[i] + 8;
		else if (!ended && strcmp(argv[i], "--unset") == 0)
			what = i + 1 < *argc ? argv[++i] : "";
		else
			argv[kept++] = argv[i];
		if (!what)
			continue;
		if (!*what || strchr(what, '='))
			return kith_fail(
				diag, KITH_ERR_USAGE, "--unset takes FIELD or FIELD.LABEL");
		if (e->n_gone == KITH_CARD_FIELDS)
			return kith_fail(diag, KITH_ERR_LIMIT, "there can be at most %d fields",
				KITH_CARD_FIELDS);
		struct kith_buf *text = &e->gone[e->n_gone++];
		if (kith_buf_printf(text, "%s=", what) || !kith_buf_cstr(text))
			return KITH_ERR_NOMEM;
		enum kith_err err = kith_given_take(&e->given, (const char *)text->p, diag);
		if (err)
			return err;
	}
	argv[kept] = NULL;
	*argc = kept;
	return KITH_OK;
}

/* What has a "=" is a field, all else is WHO. */
static enum kith_err take_arguments(struct edit *e, int argc, char **argv, struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	for (int i = 1; !err && i < argc; i++) {
		if (strchr(argv[i], '='))
			err = kith_given_take(&e->given, argv[i], diag);
		else
			err = kith_buf_printf(&e->who, "%s%s", e->who.n ? " " : "", argv[i]);
	}
	if (!err && e->who.n == 0)
		return kith_fail(
			diag, KITH_ERR_USAGE, "say whom: kith edit ada tel=\"+44 20 7946 0\"");
	return !err && !kith_buf_cstr(&e->who) ? KITH_ERR_NOMEM : err;
}

int kith_cmd_edit(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(edit_end) struct edit e = {.cli = cli};
	struct kith_diag diag = {0};
	int64_t row;
	int status;

	enum kith_err err = take_unset(&e, &argc, argv, &diag);
	if (!err && !kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (!err)
		err = take_arguments(&e, argc, argv, &diag);
	if (err)
		return err == KITH_ERR_USAGE ? kith_cli_usage("edit", "%s", diag.text)
					     : kith_cli_fail(err, &diag);
	bool by_editor = e.given.set.n + e.given.n_gone == 0;
	if (by_editor && (!cli->tty || cli->json))
		return kith_cli_usage(argv[0],
			"without a terminal for an editor, say what: kith edit WHO FIELD=VALUE");
	if (!kith_cli_store(cli, KITH_STORE_USE, &e.store, &status) ||
		!kith_cli_who(cli, e.store, (const char *)e.who.p, &row, &status))
		return status;
	return by_editor ? edit_in_editor(&e, row) : edit_given(&e, row);
}
