/* SPDX-License-Identifier: MIT
 *
 * note - what somebody said, dated and kept here.
 */
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/about.h"
#include "cli/args.h"
#include "cli/edit.h"
#include "cli/person.h"
#include "cli/leftover.h"
#include "cli/remembered.h"
#include "cli/when.h"

#define COMMAND "note"

/* What is asked for. */
struct wish {
	const char *on;
	const char *change;
	const char *gone;
	bool edit;
};

/* One remark as it stands in the store. */
struct copy {
	struct kith_remark remark;
	struct kith_buf text;
	bool failed;
};

static bool take_copy(void *ctx, const struct kith_remark *r)
{
	struct copy *c = ctx;

	c->remark = *r;
	c->failed = kith_buf_add(&c->text, r->text.p, r->text.n) != KITH_OK;
	c->remark.text = kith_buf_span(&c->text);
	return false;
}

static int no_such(int64_t row)
{
	return kith_cli_error(KITH_ERR_MISSING,
		"there is no note %lld; kith note WHO lists theirs with their numbers",
		(long long)row);
}

/* The note, or touch, of that number, and whom it is about.  False with the status set, and told. */
static bool find(struct kith_store *store, const char *number, struct copy *ret,
	struct kith_about *ret_about, int *ret_status)
{
	int64_t row;

	if (!kith_about_number(COMMAND, number, &row, ret_status))
		return false;
	enum kith_err err = kith_store_remark(store, row, take_copy, ret);
	if (err == KITH_ERR_MISSING)
		*ret_status = no_such(row);
	else if (err || ret->failed)
		*ret_status = kith_cli_fail_store(err ? err : KITH_ERR_NOMEM, store);
	return !err && !ret->failed &&
	       kith_about_row(store, ret->remark.contact, ret_about, ret_status);
}

/* Writes it, and tells what became of it. */
static int put(struct kith_cli *cli, struct kith_store *store, const struct kith_about *about,
	struct kith_remark *r)
{
	bool is_new = r->row == 0;
	enum kith_err err = kith_store_remark_put(store, r, kith_when_now(), &r->row);

	if (err == KITH_ERR_MISSING)
		return no_such(r->row);
	if (err)
		return kith_about_fail(err, store, "a note", KITH_NOTE_MAX);
	if (!is_new)
		r->edited = kith_when_now();
	kith_about_back(cli, about);
	kith_cli_say(cli, "Note %lld about %s is %s.", (long long)r->row, about->name,
		is_new ? "kept" : "changed");
	if (cli->json)
		kith_json_tell(cli, kith_remark_json(r));
	return 0;
}

/* --- the list --------------------------------------------------------------------------------- */

struct list {
	json_t *array; /* NULL: as lines */
	enum kith_err err;
	size_t n;
};

static bool list_one(void *ctx, const struct kith_remark *r)
{
	struct list *l = ctx;

	l->n++;
	if (!l->array)
		l->err = kith_remark_print(r, stdout);
	else if (json_array_append_new(l->array, kith_remark_json(r)))
		l->err = KITH_ERR_NOMEM;
	return !l->err;
}

static int list(struct kith_cli *cli, const char *who)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_about about;
	struct list l = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status) ||
		!kith_about_who(cli, store, who, &about, &status))
		return status;
	if (cli->json && !(l.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = kith_store_remarks(store, about.row, list_one, &l);
	if (!err)
		err = l.err;
	if (err)
		json_decref(l.array);
	else
		kith_json_tell(cli, l.array);
	if (err)
		return kith_cli_fail_store(err, store);
	if (l.n == 0)
		kith_cli_say(cli, "There is no note about %s.", about.name);
	return 0;
}

/* --- new, changed, removed -------------------------------------------------------------------- */

static int add(struct kith_cli *cli, const struct wish *w, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_remark r = {.kind = KITH_REMARK_NOTE};
	struct kith_about about;
	int status;

	if (!kith_about_when(COMMAND, w->on, &r.at, &status) ||
		!kith_about_text(argc, argv, 2, KITH_NOTE_MAX, &text, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, argv[1], &about, &status))
		return status;
	r.contact = about.row;
	r.text = kith_buf_span(&text);
	return put(cli, store, &about, &r);
}

static int change(struct kith_cli *cli, const struct wish *w, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct copy old = {0};
	struct kith_about about;
	int64_t at;
	int status;

	if (!kith_about_when(COMMAND, w->on, &at, &status) ||
		!kith_about_text(argc, argv, 1, KITH_NOTE_MAX, &text, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (find(store, w->change, &old, &about, &status)) {
		if (w->on)
			old.remark.at = at;
		if (argc > 1)
			old.remark.text = kith_buf_span(&text);
		status = put(cli, store, &about, &old.remark);
	}
	kith_buf_free(&old.text);
	return status;
}

static int remove_one(struct kith_cli *cli, const char *number)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct copy old = {0};
	struct kith_about about;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (find(store, number, &old, &about, &status)) {
		enum kith_err err = kith_store_remark_remove(store, old.remark.row);
		status = err ? kith_cli_fail_store(err, store) : 0;
		if (!err)
			kith_leftover_sweep(cli, store);
		if (!err)
			kith_cli_say(cli, "Note %lld about %s is removed.",
				(long long)old.remark.row, about.name);
		if (!err && cli->json)
			kith_json_tell(cli, kith_remark_json(&old.remark));
	}
	kith_buf_free(&old.text);
	return status;
}

/* --- in an editor ----------------------------------------------------------------------------- */

/* A text that is being edited, in a private file of the home folder. */
struct editing {
	struct kith_cli *cli;
	struct kith_about about;
	struct copy note;
	struct kith_buf path;
};

static void editing_end(struct editing *e)
{
	kith_buf_free(&e->note.text);
	kith_buf_free(&e->path);
}

/* Who is meant, and which note; the store is not held open while somebody writes. */
static bool begin(struct editing *e, const char *who, const char *number, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_about its;

	if (!kith_cli_store(e->cli, KITH_STORE_USE, &store, ret_status) ||
		!kith_about_who(e->cli, store, who, &e->about, ret_status))
		return false;
	e->note.remark.contact = e->about.row;
	if (!number)
		return true;
	if (!find(store, number, &e->note, &its, ret_status))
		return false;
	if (its.row == e->about.row)
		return true;
	*ret_status = kith_cli_usage(COMMAND, "note %s is about %s", number, its.name);
	return false;
}

/* Writes the file; a text that an earlier edit has kept is gone on with. */
static enum kith_err make_file(struct editing *e, struct kith_diag *diag)
{
	if (!kith_leftover_path(&e->path, e->cli->home, e->about.id, e->note.remark.row))
		return KITH_ERR_NOMEM;
	enum kith_err err = kith_file_write(
		(const char *)e->path.p, kith_buf_span(&e->note.text), 0600, KITH_FILE_NEW, diag);
	if (err != KITH_ERR_EXISTS)
		return err;
	kith_cli_note(e->cli,
		"An earlier edit has kept its text in %s; this one goes on with it.\n"
		"To begin again, remove that file first.",
		(const char *)e->path.p);
	return KITH_OK;
}

/* Line ends at the end are the editor's. */
static void trim(struct kith_buf *text)
{
	while (text->n > 0 && (text->p[text->n - 1] == '\n' || text->p[text->n - 1] == '\r'))
		text->n--;
}

/* Whether the note is still what the editor got. */
static bool is_still(struct editing *e, struct kith_store *store)
{
	struct copy now = {0};
	bool still = !kith_store_remark(store, e->note.remark.row, take_copy, &now) &&
		     !now.failed && now.remark.at == e->note.remark.at &&
		     kith_span_eq(now.remark.text, e->note.remark.text);

	kith_buf_free(&now.text);
	return still;
}

static int take_file(struct editing *e, int64_t at, bool when)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_diag diag = {0};
	struct kith_remark r = e->note.remark;
	int status;

	/* one line end more than a note may have */
	enum kith_err err =
		kith_file_read((const char *)e->path.p, KITH_NOTE_MAX + 2, &text, &diag);
	if (err == KITH_ERR_LIMIT)
		return kith_about_fail(err, NULL, "a note", KITH_NOTE_MAX);
	if (err)
		return kith_cli_fail(err, &diag);
	trim(&text);
	if (!kith_text_valid(kith_buf_span(&text)))
		return kith_cli_error(KITH_ERR_UTF8, "that is no text (UTF-8)");
	if (text.n == 0 && !r.row) {
		kith_cli_note(e->cli, "Nothing was written, so nothing is kept.");
		return 0;
	}
	if (!kith_cli_store(e->cli, KITH_STORE_USE, &store, &status))
		return status;
	if (r.row && !is_still(e, store))
		return kith_cli_error(KITH_ERR_CONFLICT,
			"another kith has changed note %lld while you were editing it",
			(long long)r.row);
	if (!r.row || when)
		r.at = at;
	r.text = kith_buf_span(&text);
	return put(e->cli, store, &e->about, &r);
}

static int edit(struct kith_cli *cli, const struct wish *w, int argc, char **argv)
{
	KITH_AUTO(editing_end) struct editing e = {.cli = cli};
	struct kith_diag diag = {0};
	int64_t at;
	int status;

	if (!kith_about_when(COMMAND, w->on, &at, &status) ||
		!begin(&e, argv[1], argc == 3 ? argv[2] : NULL, &status))
		return status;
	enum kith_err err = make_file(&e, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (kith_edit_run((const char *)e.path.p, &status))
		status = take_file(&e, at, w->on);
	if (status == 0)
		kith_leftover_remove((const char *)e.path.p);
	else
		(void)fprintf(stderr, "Your text is kept; the same command goes on with it.\n");
	return status;
}

/* --- the command ------------------------------------------------------------------------------ */

/* What goes with what; NULL: nothing is wrong. */
static const char *fault(const struct wish *w, int argc)
{
	if (!!w->change + !!w->gone + w->edit > 1)
		return "say one of --edit, --change, --remove";
	if (w->gone && (argc > 1 || w->on))
		return "--remove takes the number of a note, and nothing else";
	if (w->gone)
		return NULL;
	if (w->change)
		return argc > 1 || w->on ? NULL : "say the new text: kith note --change 3 TEXT";
	if (argc < 2)
		return "say about whom: kith note ada \"knows LLVM\"";
	if (w->edit)
		return argc > 3 ? "--edit takes a person, and perhaps the number of a note" : NULL;
	return w->on && argc == 2 ? "say what to note" : NULL;
}

int kith_cmd_note(struct kith_cli *cli, int argc, char **argv)
{
	struct wish w = {0};
	const struct kith_option options[] = {{.name = "on", .value = &w.on},
		{.name = "change", .value = &w.change}, {.name = "remove", .value = &w.gone},
		{.name = "edit", .flag = &w.edit}};
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	const char *wrong = fault(&w, argc);
	if (wrong)
		return kith_cli_usage(argv[0], "%s", wrong);
	if (w.edit && ((!cli->tty && !kith_edit_named()) || cli->json))
		return kith_cli_usage(argv[0],
			"without a terminal for an editor, say what: kith note WHO TEXT; or name an "
			"editor in VISUAL or EDITOR");
	if (w.edit)
		return edit(cli, &w, argc, argv);
	if (w.gone)
		return remove_one(cli, w.gone);
	if (w.change)
		return change(cli, &w, argc, argv);
	return argc == 2 ? list(cli, argv[1]) : add(cli, &w, argc, argv);
}
