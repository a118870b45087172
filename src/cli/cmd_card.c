/* SPDX-License-Identifier: MIT
 *
 * card - my own card: shown, set, unset, edited; those by name: mycards.h.
 */
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/mine.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/edit.h"
#include "cli/given.h"
#include "cli/mycards.h"
#include "cli/near.h"
#include "cli/person.h"
#include "cli/photo.h"
#include "cli/reach.h"
#include "cli/returned.h"

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

/* A change, and whom it reaches, which is said before it is made. */
struct told {
	struct kith_cli *cli;
	struct kith_store *store;
	kith_my_change_fn fn;
	void *ctx;
	bool yes;
	bool said; /* another try says nothing more */
	struct kith_reach reach;
};

static enum kith_err tell_first(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	struct told *t = ctx;
	enum kith_err err = t->fn(t->ctx, my, fields, diag);

	if (err || t->said)
		return err;
	t->said = true;
	if ((err = kith_reach_profile(&t->reach, t->store, &my->profile, fields)))
		return err == KITH_ERR_NOMEM ? err
					     : kith_fail(diag, err, "%s", kith_store_why(t->store));
	return kith_reach_say(t->cli, &t->reach, t->yes)
		       ? KITH_OK
		       : kith_fail(diag, KITH_ERR_DECLINED, "nothing was changed");
}

/* Who is here gets it now. */
static enum kith_err say_near(struct kith_cli *cli, struct kith_store *store)
{
	struct kith_near near;

	kith_near_ask(cli, &near);
	enum kith_err err = kith_near_say(cli, store, &near, true);
	kith_near_free(&near);
	return err;
}

/* Makes the change with identity and store of the home, and tells what came of it. */
static int change(
	struct kith_cli *cli, bool yes, kith_my_change_fn fn, void *ctx, enum kith_err *ret_err)
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
	struct told told = {.cli = cli, .store = store, .fn = fn, .ctx = ctx, .yes = yes};
	enum kith_err err = *ret_err =
		kith_my_change(store, id, tell_first, &told, &changed, &diag);
	if (!err && changed)
		kith_reach_undo(cli, &told.reach);
	kith_reach_free(&told.reach);
	if (err)
		return kith_cli_fail(err, &diag);
	if (changed && told.reach.fields > 0 && (err = say_near(cli, store)))
		return kith_cli_fail_store(err, store);
	if (!changed)
		kith_cli_note(cli, "Nothing was different; the card stays as it is.");
	return cli->quiet && !cli->json ? 0 : print_mine(cli, store);
}

/* --- set and unset --------------------------------------------------------------------------- */

/* What was wrong with an argument, as an exit status. */
static int refuse(enum kith_err err, const struct kith_diag *diag)
{
	return err == KITH_ERR_USAGE ? kith_cli_usage("card", "%s", diag->text)
				     : kith_cli_fail(err, diag);
}

static enum kith_err apply_set(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	struct kith_given *g = ctx;
	enum kith_err err = kith_given_set(&g->set, fields, diag);

	(void)my;
	return err ? err : kith_photo_fit(&g->photo, fields, diag);
}

static enum kith_err take_value(const char *arg, struct kith_given *g, struct kith_diag *diag)
{
	enum kith_err err = kith_given_take(g, arg, diag);

	if (err || g->n_gone == 0)
		return err;
	const char *name = kith_field_info(g->gone[0].kind)->name;
	bool photo = g->gone[0].kind == KITH_FIELD_PHOTO;
	return kith_fail(diag, photo ? KITH_ERR_USAGE : KITH_ERR_VALUE,
		"%s= takes a %s; to have none: kith card unset %s", name, photo ? "file" : "value",
		name);
}

static int set(struct kith_cli *cli, bool yes, int argc, char **argv)
{
	KITH_AUTO(kith_given_free) struct kith_given g = {0};
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;

	if (argc < 2)
		return kith_cli_usage("card", "say what: kith card set email.work=ada@example.org");
	for (int i = 1; !err && i < argc; i++)
		err = take_value(argv[i], &g, &diag);
	return err ? refuse(err, &diag) : change(cli, yes, apply_set, &g, &err);
}

/* What is to go, and the texts that it borrows from. */
struct unset {
	struct kith_given given;
	struct kith_buf texts[KITH_CARD_FIELDS];
};

static void unset_end(struct unset *u)
{
	for (size_t i = 0; i < KITH_CARD_FIELDS; i++)
		kith_buf_free(&u->texts[i]);
	kith_given_free(&u->given);
}

static enum kith_err apply_unset(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	const struct kith_given *g = &((struct unset *)ctx)->given;
	char label[64];

	(void)my;
	for (size_t i = 0; i < g->n_gone; i++)
		if (kith_given_remove(g, i, fields) == 0)
			return kith_fail(diag, KITH_ERR_MISSING, "there is no %s%s%s on your card",
				kith_field_info(g->gone[i].kind)->name, g->any_label[i] ? "" : ".",
				kith_show_in(label, sizeof label, g->gone[i].label, 40));
	return KITH_OK;
}

/* "email" or "email.work", read as "email.work=". */
static enum kith_err take_item(const char *arg, struct unset *u, struct kith_diag *diag)
{
	struct kith_given *g = &u->given;
	struct kith_buf *text = &u->texts[g->n_gone];
	enum kith_err err;

	if (strchr(arg, '='))
		return kith_fail(
			diag, KITH_ERR_USAGE, "unset takes FIELD or FIELD.LABEL, no value");
	if ((err = kith_buf_printf(text, "%s=", arg)))
		return err;
	if (!kith_buf_cstr(text))
		return KITH_ERR_NOMEM;
	if ((err = kith_given_take(g, (const char *)text->p, diag)))
		return err;
	if (g->gone[g->n_gone - 1].kind == KITH_FIELD_NAME)
		return kith_fail(diag, KITH_ERR_USAGE,
			"a card needs a name; to change it: kith card set name=NAME");
	return KITH_OK;
}

static int unset(struct kith_cli *cli, bool yes, int argc, char **argv)
{
	KITH_AUTO(unset_end) struct unset u = {0};
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;

	if (argc < 2 || argc > KITH_CARD_FIELDS)
		return kith_cli_usage("card", "say what: kith card unset email.work");
	for (int i = 1; !err && i < argc; i++)
		err = take_item(argv[i], &u, &diag);
	return err ? refuse(err, &diag) : change(cli, yes, apply_unset, &u, &err);
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
	struct kith_cli *cli, bool yes, const char *path, const struct kith_my *my, bool *ret_again)
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
	return change(cli, yes, apply_edit, &e, &err);
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
static int edit_file(struct kith_cli *cli, bool yes, const char *path, struct kith_span our_text,
	const struct kith_my *my)
{
	bool again;
	char shown[4 * KITH_SHOWN_LINE];
	int status;

	kith_show_in(shown, sizeof shown, kith_span_str(path), KITH_SHOWN_LINE);
	do {
		again = false;
		if (kith_edit_run(path, &status))
			status = take_file(cli, yes, path, my, &again);
	} while (status && again && wants_again(cli));
	if (is_ours(cli, path) && (status == 0 || holds(path, our_text)))
		(void)unlink(path);
	else if (status)
		(void)fprintf(stderr,
			"Your text is kept in %s\nTo go on with it: kith card edit%s%s\n", shown,
			is_ours(cli, path) ? "" : " ", is_ours(cli, path) ? "" : shown);
	return status;
}

static int edit(struct kith_cli *cli, bool yes, int argc, char **argv)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO_BUF struct kith_buf text = {0};
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct kith_diag diag = {0};
	char shown[256];
	int status;

	if (argc > 2)
		return kith_cli_usage("card", "edit takes at most one file");
	if (read_mine(cli, &my, &status))
		return status;
	if (!cli->tty && !kith_edit_named())
		return kith_cli_usage("card",
			"without a terminal for an editor, say what: kith card set FIELD=VALUE; or "
			"name an editor in VISUAL or EDITOR");
	if (argc == 2)
		return access(argv[1], R_OK) == 0
			       ? edit_file(cli, yes, argv[1], kith_span("", 0), &my)
			       : kith_cli_fail(kith_file_fail(&diag, "read",
						       kith_show_in(shown, sizeof shown,
							       kith_span_str(argv[1]), 120)),
					 &diag);
	enum kith_err err = kith_edit_write(&my.profile, &text);
	if (!err)
		err = make_file(cli, kith_buf_span(&text), &path, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	return edit_file(cli, yes, (const char *)path.p, kith_buf_span(&text), &my);
}

/* --- returned ---------------------------------------------------------------------------------- */

/* It is no open question any more. */
static int settle(struct kith_cli *cli, const struct kith_returned_one *one)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = kith_store_returned_settle(store, one->hash);
	return err ? kith_cli_fail_store(err, store) : 0;
}

static int take_returned(struct kith_cli *cli, bool yes, uint64_t rev, uint64_t nth)
{
	KITH_AUTO(kith_returned_free) struct kith_returned_one one = {0};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_returned_find(store, rev, nth, &one, &diag);
	kith_cli_store_end(&store);
	store = NULL;
	if (err)
		return refuse(err, &diag);
	status = change(cli, yes, kith_returned_apply, &one, &err);
	return status || err ? status : settle(cli, &one);
}

static int returned(struct kith_cli *cli, bool yes, bool wanted, int argc, char **argv)
{
	uint64_t rev, nth = 0;

	if (argc == 1 && !wanted)
		return kith_returned_list(cli);
	if (argc < 2 || argc > 3 || !wanted)
		return kith_cli_usage("card",
			"to take over what a card says: kith card returned REVISION --take");
	if (!kith_arg_revision(argv[1], &rev) || (argc == 3 && !kith_arg_revision(argv[2], &nth)))
		return kith_cli_usage("card", "a revision is a number, as kith card returned has it");
	return take_returned(cli, yes, rev, nth);
}

/* What goes with what; NULL: nothing is wrong. */
static const char *fault(const char *what, const struct kith_photo_wish *wish, bool yes,
	bool wanted, const struct kith_mycard_wish *mine)
{
	bool put = what && strcmp(what, "new") == 0;

	if (wanted && (!what || strcmp(what, "returned") != 0))
		return "--take goes with kith card returned REVISION";

	if (what && (wish->draw || wish->path))
		return "--photo and --save-photo go with kith card alone";
	if (!put && (mine->shows || mine->replace))
		return "--show and --replace go with kith card new NAME";
	if (yes && (!what || strcmp(what, "preview") == 0 || strcmp(what, "list") == 0))
		return "--yes goes with what changes something";
	return NULL;
}

int kith_cmd_card(struct kith_cli *cli, int argc, char **argv)
{
	char shown[128];
	int status;

	bool yes = false, wanted = false;
	struct kith_photo_wish wish = {0};
	struct kith_mycard_wish mine = {0};
	const struct kith_option options[] = {{.name = "photo", .flag = &wish.draw},
		{.name = "save-photo", .value = &wish.path},
		{.name = "yes", .letter = 'y', .flag = &yes}, {.name = "take", .flag = &wanted},
		{.name = "show", .value = &mine.shows}, {.name = "replace", .flag = &mine.replace}};

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	const char *what = argc > 1 ? argv[1] : NULL;
	const char *wrong = fault(what, &wish, yes, wanted, &mine);
	if (wrong)
		return kith_cli_usage(argv[0], "%s", wrong);
	if (!what)
		return show(cli, &wish);
	mine.yes = yes;
	if (strcmp(what, "set") == 0)
		return set(cli, yes, argc - 1, argv + 1);
	if (strcmp(what, "unset") == 0)
		return unset(cli, yes, argc - 1, argv + 1);
	if (strcmp(what, "edit") == 0)
		return edit(cli, yes, argc - 1, argv + 1);
	if (strcmp(what, "new") == 0)
		return kith_mycard_new(cli, argc - 1, argv + 1, &mine);
	if (strcmp(what, "preview") == 0)
		return kith_mycard_preview(cli, argc - 1, argv + 1);
	if (strcmp(what, "list") == 0)
		return kith_mycard_list(cli, argc - 1);
	if (strcmp(what, "returned") == 0)
		return returned(cli, yes, wanted, argc - 1, argv + 1);
	if (strcmp(what, "remove") == 0)
		return kith_mycard_remove(cli, argc - 1, argv + 1, &mine);
	return kith_cli_usage(argv[0], "there is no kith card %s",
		kith_show_in(shown, sizeof shown, kith_span_str(what), 40));
}
