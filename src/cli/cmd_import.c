/* SPDX-License-Identifier: MIT
 *
 * import - cards of other people into the store: from files, folders, pictures, links, and a pipe.
 */
#include <dirent.h>
#include <kith/people.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "book/cardfile.h"
#include "cli/cli.h"
#include "cli/folder.h"
#include "cli/gathering.h"
#include "cli/introfile.h"
#include "book/incoming.h"
#include "book/intake.h"
#include "book/keyin.h"
#include "book/mecard.h"
#include "cli/signals.h"
#include "cli/tally.h"
#include "vcard/map.h"
#include "vcard/reader.h"

#define PERCENT_BYTES 1000000 /* of a file whose end is some way off */

/* One import of several files. */
struct import {
	struct kith_cli *cli;
	struct kith_store *store; /* where it goes: with --dry-run a copy */
	struct kith_store *real;  /* with --dry-run: the one that was copied */
	struct kith_intake intake;
	struct kith_gathering event; /* where they are met */
	bool everybody;              /* whoever comes was there, not a signed card alone */
	size_t there;                /* how many were */
	struct kith_tally tally;
	struct kith_progress progress;
	int signals; /* descriptor of kith_signals_watch */
	sigset_t before;
	char file[256];    /* that is being read, or was last, inert */
	const char *path;  /* the same as it was given */
	uint64_t run_line; /* of the file, where the run of vCards began */
	bool stopped;      /* by Ctrl-C, in the midst */
	bool over;         /* by Ctrl-C, while waiting for more */
	enum kith_err err; /* that ends it */
	struct kith_diag diag;
};

static void import_end(struct import *im)
{
	kith_intake_end(&im->intake);
	kith_tally_free(&im->tally);
	kith_store_close(im->store);
	kith_store_close(im->real);
	if (im->signals >= 0) {
		(void)kith_signals_take(im->signals);
		(void)close(im->signals);
		(void)sigprocmask(SIG_SETMASK, &im->before, NULL);
	}
}

/* --- results ---------------------------------------------------------------------------------- */

/* What was taken is durable, and told.  False: the import ends. */
static bool commit(struct import *im)
{
	if (!im->err)
		im->err = kith_intake_commit(&im->intake);
	if (!im->err)
		im->err = kith_tally_keep(&im->tally, im->store);
	return !im->err;
}

/* A kith_input's idle: before waiting for what comes next. */
static void idle(void *ctx)
{
	(void)commit(ctx);
}

static bool goes_on(const struct import *im)
{
	return !im->err && !im->stopped && !im->over;
}

/* After each card: the batch, Ctrl-C. */
static void between(struct import *im)
{
	if (goes_on(im) && !im->intake.in_batch)
		(void)commit(im);
	if (goes_on(im) && kith_intake_due(&im->intake))
		(void)commit(im);
	if (goes_on(im) && kith_signals_take(im->signals))
		im->stopped = true;
}

static void add(struct import *im, enum kith_err err, const struct kith_intake_result *r)
{
	if (!err)
		err = kith_tally_add(&im->tally, im->path, r);
	im->err = err;
	between(im);
}

/* Whose card that is was there. */
static void add_there(struct import *im, enum kith_err err, const struct kith_intake_result *r)
{
	if (!err && r->contact && *im->event.name) {
		err = kith_store_event_there(
			im->store, kith_span_str(im->event.name), r->contact, im->intake.now);
		im->there += !err;
	}
	add(im, err, r);
}

/* Of what is not signed only who was said to be there. */
static void add_unsigned(struct import *im, enum kith_err err, const struct kith_intake_result *r)
{
	if (im->everybody)
		add_there(im, err, r);
	else
		add(im, err, r);
}

/* Something that is no card at all, or none that can be taken. */
static void skip(struct import *im, enum kith_err err, const struct kith_diag *why)
{
	struct kith_intake_result r = {.what = KITH_INTAKE_SKIPPED, .err = err};

	r.why = *why;
	if (!r.why.text[0])
		(void)kith_fail(&r.why, err, "%s: %s", im->file, kith_err_text(err));
	add(im, err == KITH_ERR_NOMEM ? err : KITH_OK, &r);
}

/* --- vCards ----------------------------------------------------------------------------------- */

static void remark(void *ctx, uint64_t line, const char *sentence)
{
	struct import *im = ctx;

	kith_tally_remark(&im->tally, im->file, im->run_line - 1 + line, sentence);
}

static void show_progress(struct import *im, const struct kith_input *input)
{
	size_t cards = kith_tally_cards(&im->tally) + im->tally.n - im->tally.kept;

	if (!kith_progress_due(&im->progress))
		return;
	if (input->size >= PERCENT_BYTES)
		kith_progress_tell(&im->progress, "%llu %%, %zu cards: %s",
			(unsigned long long)(input->taken * 100 / input->size), cards, im->file);
	else
		kith_progress_tell(&im->progress, "%zu cards: %s", cards, im->file);
}

static void take_vcard(
	struct import *im, struct kith_vcard *v, struct kith_span text, uint64_t line)
{
	char file[300];
	struct kith_intake_result r;

	(void)snprintf(file, sizeof file, "%s:%llu", im->file,
		(unsigned long long)(im->run_line - 1 + line));
	add_unsigned(im, kith_intake_vcard(&im->intake, file, v, text, &r), &r);
}

static void skip_empty(struct import *im)
{
	struct kith_diag why = {0};
	enum kith_err err =
		kith_fail(&why, KITH_ERR_NOTCARD, "%s has no vCard that can be read", im->file);

	skip(im, err, &why);
}

/* The vCards of a source, one after the other. */
static void take_vcards(struct import *im, struct kith_incoming *in)
{
	struct kith_vcard_reader *reader = NULL;
	struct kith_vcard *v;
	uint64_t line;
	size_t cards = 0;
	enum kith_err err = kith_vcard_reader_open(kith_incoming_source, in, remark, im, &reader);

	im->run_line = in->run_line;
	while (!err && goes_on(im)) {
		struct kith_diag why = {0};
		err = kith_vcard_next(reader, &v, &line);
		if (in->input.stopped) /* half a vCard is none */
			break;
		cards += err != KITH_ERR_MISSING;
		if (!err) {
			take_vcard(im, v, kith_vcard_reader_text(reader), line);
		} else if (err == KITH_ERR_LIMIT) {
			(void)kith_fail(
				&why, err, "%s: %s", im->file, kith_vcard_reader_why(reader));
			skip(im, err, &why);
			err = KITH_OK;
		}
		show_progress(im, &in->input);
	}
	if (reader && kith_vcard_reader_remarks(reader) > KITH_VCARD_REMARKS_MAX)
		kith_tally_remark(&im->tally, im->file, 0, "more remarks like these were left out");
	if (err == KITH_ERR_MISSING && cards == 0 && !in->input.stopped)
		skip_empty(im);
	/* an error of reading is told by kith_incoming_next */
	if (err && err != KITH_ERR_MISSING && err != KITH_ERR_IO)
		im->err = err;
	kith_vcard_reader_free(reader);
}

/* --- texts and pictures ------------------------------------------------------------------------ */

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

/* A MECARD becomes a vCard without UID. */
static void take_mecard(struct import *im, struct kith_span text)
{
	KITH_AUTO_BUF struct kith_buf memory = {0};
	KITH_AUTO_BUF struct kith_buf made = {0};
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	struct kith_intake_result r;
	struct kith_diag why = {0};
	struct kith_fields fields = {0};
	enum kith_err err = kith_mecard_read(text, &memory, &fields);

	if (err == KITH_ERR_VALUE)
		(void)kith_fail(&why, err, "%s: a MECARD without a name", im->file);
	if (!err)
		err = kith_vcard_make(&fields, kith_span("", 0), &made);
	if (!err)
		err = kith_vcard_parse(kith_buf_span(&made), &v, &why);
	if (err)
		skip(im, err, &why);
	else
		add_unsigned(im,
			kith_intake_vcard(&im->intake, im->file, v, kith_buf_span(&made), &r), &r);
}

static void take_card(struct import *im, struct kith_span envelope)
{
	struct kith_intake_result r;

	add_there(im, kith_intake_card(&im->intake, im->file, envelope, &r), &r);
}

static void take_statement(struct import *im, struct kith_span statement)
{
	struct kith_intake_result r;

	add(im, kith_intake_statement(&im->intake, im->file, statement, &r), &r);
}

static void take_introduction(struct import *im, struct kith_span file)
{
	KITH_AUTO_BUF struct kith_buf about = {0};
	struct kith_intake_result r = {.is_introduction = true, .what = KITH_INTAKE_UPDATED};
	struct kith_diag why = {0};
	enum kith_came came;

	if ((im->err = kith_intake_join(&im->intake)))
		return;
	enum kith_err err = kith_introfile_take(
		im->store, file, im->intake.now, &about, &r.contact, &came, &why);
	if (err || !kith_buf_cstr(&about)) {
		skip(im, err ? err : KITH_ERR_NOMEM, &why);
		return;
	}
	r.what = came == KITH_CAME_NEW    ? KITH_INTAKE_NEW
		 : came == KITH_CAME_HERE ? KITH_INTAKE_UPDATED
					  : KITH_INTAKE_SAME;
	(void)snprintf(r.name, sizeof r.name, "%s", (const char *)about.p);
	add(im, KITH_OK, &r);
}

static void take_link(struct import *im, struct kith_span text)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct kith_diag why = {0};
	enum kith_uri_kind kind;
	enum kith_err err = kith_cardfile_link(text, im->file, &kind, &bytes, &why);

	if (err)
		skip(im, err, &why);
	else if (kind == KITH_URI_STATEMENT)
		take_statement(im, kith_buf_span(&bytes));
	else
		take_card(im, kith_buf_span(&bytes));
}

static void take_items(struct import *im, struct kith_incoming *in);

/* The text of a code in a picture, as if it had come by itself. */
static bool take_code(void *ctx, struct kith_span text)
{
	struct import *im = ctx;
	KITH_AUTO(kith_incoming_free) struct kith_incoming in = {.input.fd = -1};

	if (!(im->err = kith_incoming_text(&in, im->file, text)))
		take_items(im, &in);
	return goes_on(im);
}

static void take_picture(struct import *im, struct kith_span picture)
{
	struct kith_diag why = {0};
	enum kith_err err = kith_cardfile_codes(picture, im->file, take_code, im, &why);

	if (err)
		skip(im, err, &why);
}

/* --- what there is ---------------------------------------------------------------------------- */

static void take_item(struct import *im, struct kith_incoming *in, enum kith_incoming_kind kind)
{
	struct kith_span bytes = kith_incoming_bytes(in);

	switch (kind) {
	case KITH_INCOMING_ENVELOPE:
	case KITH_INCOMING_ARMOR:
		take_card(im, bytes);
		return;
	case KITH_INCOMING_STATEMENT:
	case KITH_INCOMING_STATEMENT_ARMOR:
		take_statement(im, bytes);
		return;
	case KITH_INCOMING_INTRODUCTION:
	case KITH_INCOMING_INTRODUCTION_ARMOR:
		take_introduction(im, bytes);
		return;
	case KITH_INCOMING_URI:
		take_link(im, bytes);
		return;
	case KITH_INCOMING_MECARD:
		take_mecard(im, bytes);
		return;
	case KITH_INCOMING_VCARDS:
		take_vcards(im, in);
		return;
	case KITH_INCOMING_PICTURE:
		take_picture(im, bytes);
		return;
	}
}

static void take_items(struct import *im, struct kith_incoming *in)
{
	while (goes_on(im)) {
		struct kith_diag why = {0};
		enum kith_incoming_kind kind;
		uint64_t line;
		enum kith_err err = kith_incoming_next(in, &kind, &line, &why);
		if (err == KITH_ERR_MISSING || in->input.stopped)
			return;
		if (err)
			skip(im, err, &why);
		else
			take_item(im, in, kind);
	}
}

/* A kith_incoming's other: a code that holds something else. */
static void other(void *ctx, uint64_t line, const char *what)
{
	struct import *im = ctx;
	char sentence[128];

	(void)snprintf(sentence, sizeof sentence, "that is %s, and no card", what);
	kith_tally_remark(&im->tally, im->file, line, sentence);
}

static void begin_file(struct import *im, const char *path)
{
	im->path = path;
	(void)kith_show_in(im->file, sizeof im->file, kith_span_str(path), 120);
}

static void take_path(struct import *im, const char *path)
{
	KITH_AUTO(kith_incoming_free) struct kith_incoming in = {.input.fd = -1};
	struct kith_diag why = {0};
	enum kith_err err = kith_incoming_open(&in, path, &why);

	im->intake.first = 0;
	begin_file(im, path);
	if (!err)
		(void)snprintf(im->file, sizeof im->file, "%s", in.input.name);
	if (err) {
		skip(im, err, &why);
		return;
	}
	in.input.stop = im->signals;
	in.input.idle = idle;
	in.input.idle_ctx = im;
	in.other = other;
	in.other_ctx = im;
	im->tally.live = !in.input.regular;
	take_items(im, &in);
	im->over = in.input.stopped;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A vCard of a folder, and no file that another program is writing or hides. */
static int is_contact(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 4 && strcasecmp(d->d_name + n - 4, ".vcf") == 0;
}

static void take_folder(struct import *im, const char *path)
{
	struct dirent **names = NULL;
	struct kith_diag why = {0};
	int n = scandir(path, &names, is_contact, alphasort);

	begin_file(im, path);
	if (n < 0)
		skip(im, kith_file_fail(&why, "read the folder", im->file), &why);
	if (n == 0)
		skip(im,
			kith_fail(&why, KITH_ERR_NOTCARD, "there is no vCard (*.vcf) in %s",
				im->file),
			&why);
	for (int i = 0; i < n; i++) {
		KITH_AUTO_BUF struct kith_buf file = {0};
		if (goes_on(im)) {
			if (kith_path_join(&file, path, names[i]->d_name))
				take_path(im, (const char *)file.p);
			else
				im->err = KITH_ERR_NOMEM;
		}
		free(names[i]);
	}
	free(names);
}

/* So that each vCard of a folder has a UID. */
static enum kith_err name_file(struct import *im, struct kith_vdir *dir,
	struct kith_vdir_file *file, struct kith_diag *why)
{
	char shown[256];
	bool left;
	enum kith_err err = kith_folder_name(dir, file, &left, why);

	if (!err && left)
		kith_tally_remark(&im->tally,
			kith_show_in(shown, sizeof shown, kith_span_str(file->name), 80), 0,
			"the vCard has no UID and is given none, since more than it alone stands in "
			"the file");
	return err;
}

/* What has changed in a folder that is kept in step. */
static void take_vdir(struct import *im, const char *path)
{
	KITH_AUTO(kith_vdir_free) struct kith_vdir dir = {0};
	struct kith_diag why = {0};
	enum kith_err err = kith_vdir_open(path, false, &dir, &why);

	begin_file(im, path);
	for (size_t i = 0; !err && i < dir.n && goes_on(im); i++) {
		KITH_AUTO_BUF struct kith_buf file = {0};
		if (!kith_vdir_changed(&dir.at[i]))
			continue;
		if (!im->real && (err = name_file(im, &dir, &dir.at[i], &why)))
			break;
		if ((err = kith_folder_way(im->store, &dir.at[i], &im->intake.way, &why)))
			break;
		if (kith_vdir_path(&dir, &dir.at[i], &file))
			take_path(im, (const char *)file.p);
		else
			im->err = KITH_ERR_NOMEM;
	}
	if (!err && goes_on(im) && commit(im) && !im->real)
		err = kith_folder_settle(im->cli, im->store, &dir, &why);
	if (err)
		skip(im, err, &why);
}

/* --- the command ------------------------------------------------------------------------------ */

/* The store to write to: with --dry-run a copy, which nobody keeps. */
static bool open_store(struct import *im, bool dry, int *ret_status)
{
	enum kith_err err;

	if (!kith_cli_store(
		    im->cli, dry ? KITH_STORE_READ : KITH_STORE_USE, &im->store, ret_status))
		return false;
	if (!dry)
		return true;
	im->real = im->store;
	im->store = NULL;
	if ((err = kith_store_rehearse(im->real, &im->store)))
		*ret_status = kith_cli_fail_store(err, im->real);
	else
		kith_cli_say(im->cli, "This is what would happen; nothing is written.");
	return !err;
}

/* Why it cannot go on.  The store's own sentence knows of the last batch alone. */
static int fail_store(const struct import *im, size_t lost)
{
	if (im->real || kith_tally_cards(&im->tally) == 0)
		return kith_cli_fail_store(im->err, im->store);
	return kith_cli_error(im->err,
		"stopped in %s: %s; what was told above is kept, the last %zu that were read are not; "
		"the same import goes on",
		im->file, kith_err_text(im->err), lost);
}

/* It ended before the end. */
static int fail(struct import *im)
{
	size_t lost;
	int status;

	kith_intake_drop(&im->intake);
	lost = kith_tally_drop(&im->tally);
	status = kith_tally_end(&im->tally, im->store);
	if (im->err)
		status = fail_store(im, lost);
	else
		status = kith_cli_error(KITH_ERR_BUSY,
			"stopped in %s: of %zu cards that were read the last %zu are not kept",
			im->file, kith_tally_cards(&im->tally) + lost, lost);
	return status;
}

/* The end of one that went well. */
static int finish(struct import *im)
{
	char name[KITH_GATHERING_SHOWN];
	int status = kith_tally_end(&im->tally, im->store);

	if (im->there)
		kith_cli_note(im->cli, "%zu %s on the roster of %s%s.", im->there,
			im->there == 1 ? "person is" : "people are",
			kith_gathering_quoted(&im->event, name), im->real ? ", or would be" : "");
	return status;
}

int kith_cmd_import(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(import_end)
	struct import im = {.cli = cli, .signals = -1, .file = "", .path = ""};
	bool dry = false;
	const char *vdir = NULL, *event = NULL;
	const struct kith_option options[] = {{.name = "dry-run", .letter = 'n', .flag = &dry},
		{.name = "vdir", .value = &vdir}, {.name = "event", .value = &event}};
	int status;

	if (!kith_args(options, 3, &argc, argv, &status))
		return status;
	if (argc < 2 && !vdir)
		return kith_cli_usage(argv[0], "say what: kith import contacts.vcf");
	if (argc > 1 && vdir)
		return kith_cli_usage(argv[0], "--vdir takes one folder, and nothing beside it");
	if (vdir && event)
		return kith_cli_usage(argv[0], "a folder that is kept in step was at no event");
	if (!open_store(&im, dry, &status) ||
		!kith_gathering_carried(im.store, argv[0], event, &im.event, &status))
		return status;
	im.everybody = event != NULL;
	im.tally.cli = cli;
	im.tally.progress = &im.progress;
	kith_progress_begin(&im.progress, cli);
	enum kith_err err = kith_intake_begin(&im.intake, im.store, &im.diag);
	if (err)
		return kith_cli_fail(err, &im.diag);
	if ((im.signals = kith_signals_watch(&im.before)) < 0)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (vdir) {
		cli->new_day = false; /* a sync runs for weeks without a person */
		take_vdir(&im, vdir);
	}
	for (int i = 1; i < argc && goes_on(&im); i++) {
		if (is_folder(argv[i]))
			take_folder(&im, argv[i]);
		else
			take_path(&im, argv[i]);
	}
	if (im.err || im.stopped || !commit(&im))
		return fail(&im);
	return finish(&im);
}
