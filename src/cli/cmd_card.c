/* SPDX-License-Identifier: MIT
 *
 * card - my own card: shown, set, unset, edited.
 */
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/edit.h"
#include "book/mine.h"
#include "cli/person.h"
#include "cli/photo.h"

#define EDIT_NAME "card-edit.txt" /* in the home folder, while a card is edited */

static void identity_end(struct kith_identity **id)
{
	kith_identity_free(*id);
}

static int print_mine(struct kith_cli *cli, struct kith_store *store)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_my_read(store, &my, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if (!cli->json) {
		err = kith_card_print(&my.card, stdout);
		return err ? kith_cli_fail(err, NULL) : 0;
	}
	json_t *o = kith_card_json(&my.card);
	if (!o)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

/* My picture, as wished. */
static int show_photo(
	struct kith_cli *cli, struct kith_store *store, const struct kith_photo_wish *wish)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_my_read(store, &my, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	const struct kith_field *f = kith_fields_first(&my.card.fields, KITH_FIELD_PHOTO);
	if (!f)
		return kith_cli_error(KITH_ERR_MISSING,
			"there is no picture on your card; to have one: kith card set photo=FILE");
	return kith_photo_show(cli, wish, f->part[0]);
}

static int show(struct kith_cli *cli, const struct kith_photo_wish *wish)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int status = 0;

	if (cli->json && wish->draw)
		return kith_cli_usage("card", "--photo is for a screen, --json is not");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	if (wish->draw || !wish->path)
		status = print_mine(cli, store);
	if (!status && (wish->draw || wish->path))
		status = show_photo(cli, store, wish);
	return status;
}

/* Makes the change with identity and store of the home, and tells what came of it. */
static int change(struct kith_cli *cli, kith_my_change_fn fn, void *ctx, enum kith_err *ret_err)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	struct kith_diag diag = {0};
	bool changed;
	int status;

	*ret_err = KITH_ERR_IO;
	if (!kith_cli_identity(cli, &id, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = *ret_err = kith_my_change(store, id, fn, ctx, &changed, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (!changed)
		kith_cli_note(cli, "Nothing was different; the card stays as it is.");
	return cli->quiet && !cli->json ? 0 : print_mine(cli, store);
}

/* --- set and unset --------------------------------------------------------------------------- */

/* Fields as given on the command line; they borrow from argv, or from memory. */
struct given {
	struct kith_field at[KITH_CARD_FIELDS];
	size_t n;
	bool any_label[KITH_CARD_FIELDS]; /* unset: whatever the label */
	struct kith_buf memory[KITH_CARD_FIELDS];
	struct kith_photo photo; /* set: the picture, if there is one among them */
};

static void given_free(struct given *g)
{
	for (size_t i = 0; i < KITH_CARD_FIELDS; i++)
		kith_buf_free(&g->memory[i]);
	kith_photo_free(&g->photo);
}

/* Whether two fields are the same item of a card: kind and label, or the kind alone if single. */
static bool same_item(const struct kith_field *a, const struct kith_field *b)
{
	const struct kith_field_info *info = kith_field_info(a->kind);

	return a->kind == b->kind && ((info && info->single) || kith_span_eq(a->label, b->label));
}

static void remove_at(struct kith_fields *fields, size_t i)
{
	memmove(&fields->at[i], &fields->at[i + 1], (fields->n - i - 1) * sizeof fields->at[0]);
	fields->n--;
}

/* Afterwards the items of every kind and label that was given are those that were given; the first
 * stands where the old one stood. */
static enum kith_err apply_set(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	struct given *g = ctx;
	bool mine[KITH_CARD_FIELDS] = {false}; /* put there just now */

	(void)my;
	for (size_t i = 0; i < g->n; i++) {
		size_t j = 0;
		while (j < fields->n && (mine[j] || !same_item(&fields->at[j], &g->at[i])))
			j++;
		if (j == KITH_CARD_FIELDS)
			return kith_fail(diag, KITH_ERR_LIMIT, "a card has at most %d fields",
				KITH_CARD_FIELDS);
		uint32_t flags = j < fields->n ? fields->at[j].flags : 0;
		if (j == fields->n)
			fields->n++;
		fields->at[j] = g->at[i];
		fields->at[j].flags = flags;
		mine[j] = true;
	}
	for (size_t i = 0; i < g->n; i++) {
		for (size_t j = fields->n; j-- > 0;) {
			if (mine[j] || !same_item(&fields->at[j], &g->at[i]))
				continue;
			remove_at(fields, j);
			memmove(&mine[j], &mine[j + 1], KITH_CARD_FIELDS - j - 1);
		}
	}
	return kith_photo_fit(&g->photo, fields, diag);
}

/* The picture of that file, on the card; argument "photo=FILE" or "photo.LABEL=FILE". */
static enum kith_err parse_photo(
	const char *arg, struct given *g, struct kith_field *ret_field, struct kith_diag *diag)
{
	enum kith_err err = kith_field_parse(kith_span_str(arg), ret_field, diag);

	if (!err && ret_field->part[0].n == 0)
		err = kith_fail(diag, KITH_ERR_USAGE,
			"photo= takes a file; to have none: kith card unset photo");
	if (!err && g->photo.file.n > 0)
		err = kith_fail(diag, KITH_ERR_USAGE, "photo can be given once");
	if (!err)
		err = kith_photo_read(strchr(arg, '=') + 1, &g->photo, diag);
	if (!err)
		ret_field->part[0] = kith_buf_span(&g->photo.small);
	return err;
}

/* Whether the field that an argument names is a picture. */
static bool is_photo(const char *arg)
{
	const struct kith_field_info *info = kith_field_named(kith_span(arg, strcspn(arg, ".=")));

	return info && info->kind == KITH_FIELD_PHOTO && strchr(arg, '=');
}

static bool parse_set(int argc, char **argv, struct given *g, int *ret_status)
{
	for (int i = 1; i < argc; i++) {
		struct kith_diag diag = {0};
		struct kith_field *f = &g->at[g->n];
		enum kith_err err;
		if (g->n == KITH_CARD_FIELDS)
			err = kith_fail(&diag, KITH_ERR_LIMIT, "a card has at most %d fields",
				KITH_CARD_FIELDS);
		else if (is_photo(argv[i]))
			err = parse_photo(argv[i], g, f, &diag);
		else
			err = kith_my_parse(argv[i], f, &diag);
		for (size_t j = 0; !err && j < g->n; j++)
			if (g->at[j].kind == f->kind && kith_field_info(f->kind)->single)
				err = kith_fail(&diag, KITH_ERR_USAGE, "%s can be given once",
					kith_field_info(f->kind)->name);
		if (err) {
			*ret_status = err == KITH_ERR_USAGE
					      ? kith_cli_usage("card", "%s", diag.text)
					      : kith_cli_fail(err, &diag);
			return false;
		}
		g->n++;
	}
	return true;
}

static int set(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(given_free) struct given g = {0};
	enum kith_err err;
	int status;

	if (argc < 2)
		return kith_cli_usage("card", "say what: kith card set email.work=ada@example.org");
	if (!parse_set(argc, argv, &g, &status))
		return status;
	return change(cli, apply_set, &g, &err);
}

static enum kith_err apply_unset(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	const struct given *g = ctx;

	(void)my;
	for (size_t i = 0; i < g->n; i++) {
		const struct kith_field *f = &g->at[i];
		bool found = false;
		char label[64];
		for (size_t j = fields->n; j-- > 0;) {
			if (fields->at[j].kind != f->kind ||
				(!g->any_label[i] && !kith_span_eq(fields->at[j].label, f->label)))
				continue;
			remove_at(fields, j);
			found = true;
		}
		if (!found)
			return kith_fail(diag, KITH_ERR_MISSING, "there is no %s%s%s on your card",
				kith_field_info(f->kind)->name, g->any_label[i] ? "" : ".",
				kith_show_in(label, sizeof label, f->label, 40));
	}
	return KITH_OK;
}

/* "email" or "email.work", read with the parser of "email.work=". */
static enum kith_err parse_item(const char *arg, struct given *g, struct kith_diag *diag)
{
	struct kith_buf *text = &g->memory[g->n];
	enum kith_err err;

	if (strchr(arg, '='))
		return kith_fail(
			diag, KITH_ERR_USAGE, "unset takes FIELD or FIELD.LABEL, no value");
	if ((err = kith_buf_printf(text, "%s=", arg)) ||
		(err = kith_field_parse(kith_buf_span(text), &g->at[g->n], diag)))
		return err;
	if (g->at[g->n].kind == KITH_FIELD_NAME)
		return kith_fail(diag, KITH_ERR_USAGE,
			"a card needs a name; to change it: kith card set name=NAME");
	g->any_label[g->n] = !strchr(arg, '.');
	g->n++;
	return KITH_OK;
}

static int unset(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(given_free) struct given g = {0};
	enum kith_err err = KITH_OK;

	if (argc < 2 || argc > KITH_CARD_FIELDS)
		return kith_cli_usage("card", "say what: kith card unset email.work");
	for (int i = 1; i < argc; i++) {
		struct kith_diag diag = {0};
		err = parse_item(argv[i], &g, &diag);
		if (err == KITH_ERR_USAGE)
			return kith_cli_usage("card", "%s", diag.text);
		if (err)
			return kith_cli_fail(err, &diag);
	}
	return change(cli, apply_unset, &g, &err);
}

/* --- edit ------------------------------------------------------------------------------------ */

/* What came back from the editor, and what it was made from. */
struct edited {
	struct kith_fields fields;
	struct kith_span before; /* profile bytes when the editor started */
};

static enum kith_err apply_edit(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	const struct edited *e = ctx;

	if (!kith_span_eq(kith_buf_span(&my->mine.profile), e->before))
		return kith_fail(diag, KITH_ERR_CONFLICT,
			"your card was changed by another kith while you were editing it");
	*fields = e->fields;
	return KITH_OK;
}

static enum kith_err read_mine(struct kith_cli *cli, struct kith_my *ret_my, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, ret_status))
		return KITH_ERR_STORE;
	enum kith_err err = kith_my_read(store, ret_my, &diag);
	if (err)
		*ret_status = kith_cli_fail(err, &diag);
	return err;
}

/* The text for the editor, a private file in the home folder; its path is put into the empty buffer.
 * There is one: a text that an earlier edit has kept is gone on with. */
static enum kith_err make_file(const struct kith_cli *cli, struct kith_span text,
	struct kith_buf *ret_path, struct kith_diag *diag)
{
	const char *path = kith_path_join(ret_path, cli->home, EDIT_NAME);

	if (!path)
		return KITH_ERR_NOMEM;
	enum kith_err err = kith_file_write(path, text, 0600, KITH_FILE_NEW, diag);
	if (err != KITH_ERR_EXISTS)
		return err;
	kith_cli_note(cli,
		"An earlier edit has kept its text in %s; this one goes on with it.\n"
		"To begin again from your card, remove that file first.",
		path);
	return KITH_OK;
}

/* Whether the file holds just that. */
static bool holds(const char *path, struct kith_span text)
{
	KITH_AUTO_BUF struct kith_buf now = {0};

	return !kith_file_read(path, KITH_FILE_READ_MAX, &now, NULL) &&
	       kith_span_eq(kith_buf_span(&now), text);
}

/* The card from the file at path, into the store; *ret_again when another edit could help. */
static int take_file(
	struct kith_cli *cli, const char *path, const struct kith_my *my, bool *ret_again)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct edited e = {.before = kith_buf_span(&my->mine.profile)};
	struct kith_diag diag = {0};
	enum kith_err err = kith_file_read(path, KITH_FILE_READ_MAX, &text, &diag);

	*ret_again = true;
	if (err)
		return kith_cli_fail(err, &diag);
	if ((err = kith_edit_read(&text, &my->profile, stderr, &e.fields)))
		return kith_cli_error(err, "the text cannot become a card; nothing was changed");
	return change(cli, apply_edit, &e, &err);
}

static bool wants_again(const struct kith_cli *cli)
{
	KITH_AUTO_BUF struct kith_buf line = {0};

	if (!cli->tty || cli->json || !kith_cli_ask("Edit again? [Y/n] ", &line))
		return false;
	return line.n == 0 || line.p[0] == 'y' || line.p[0] == 'Y';
}

/* The text of an edit, which lies in the home folder; any other file is the person's own. */
static bool is_ours(const struct kith_cli *cli, const char *path)
{
	size_t n = strlen(cli->home);

	return strncmp(path, cli->home, n) == 0 && strcmp(path + n, "/" EDIT_NAME) == 0;
}

/* Editor and reading until it is taken, given up, or failed.  Our file goes when it was taken, or
 * when nobody has written anything: it holds what we wrote, our_text. */
static int edit_file(
	struct kith_cli *cli, const char *path, struct kith_span our_text, const struct kith_my *my)
{
	bool again;
	char shown[4 * KITH_SHOWN_LINE];
	int status;

	kith_show_in(shown, sizeof shown, kith_span_str(path), KITH_SHOWN_LINE);
	do {
		again = false;
		if (kith_edit_run(path, &status))
			status = take_file(cli, path, my, &again);
	} while (status && again && wants_again(cli));
	if (is_ours(cli, path) && (status == 0 || holds(path, our_text)))
		(void)unlink(path);
	else if (status)
		(void)fprintf(stderr,
			"Your text is kept in %s\nTo go on with it: kith card edit%s%s\n", shown,
			is_ours(cli, path) ? "" : " ", is_ours(cli, path) ? "" : shown);
	return status;
}

static int edit(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO_BUF struct kith_buf text = {0};
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct kith_diag diag = {0};
	int status;

	if (argc > 2)
		return kith_cli_usage("card", "edit takes at most one file");
	if (read_mine(cli, &my, &status))
		return status;
	if (argc == 2)
		return edit_file(cli, argv[1], kith_span("", 0), &my);
	enum kith_err err = kith_edit_write(&my.profile, &text);
	if (!err)
		err = make_file(cli, kith_buf_span(&text), &path, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	return edit_file(cli, (const char *)path.p, kith_buf_span(&text), &my);
}

int kith_cmd_card(struct kith_cli *cli, int argc, char **argv)
{
	char shown[128];
	int status;

	struct kith_photo_wish wish = {0};
	const struct kith_option options[] = {
		{.name = "photo", .flag = &wish.draw}, {.name = "save-photo", .value = &wish.path}};

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc == 1)
		return show(cli, &wish);
	if (wish.draw || wish.path)
		return kith_cli_usage(argv[0], "--photo and --save-photo go with kith card alone");
	const char *what = argv[1];
	if (strcmp(what, "set") == 0)
		return set(cli, argc - 1, argv + 1);
	if (strcmp(what, "unset") == 0)
		return unset(cli, argc - 1, argv + 1);
	if (strcmp(what, "edit") == 0)
		return edit(cli, argc - 1, argv + 1);
	if (strcmp(what, "new") == 0 || strcmp(what, "preview") == 0)
		return kith_cli_usage(argv[0],
			"this kith has one card a person; kith card %s "
			"comes later",
			what);
	return kith_cli_usage(argv[0], "there is no kith card %s",
		kith_show_in(shown, sizeof shown, kith_span_str(what), 40));
}
