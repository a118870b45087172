/* SPDX-License-Identifier: MIT
 *
 * init - the first run: home folder, key, store, and the first signed card.
 *
 * The key is written before the card, so a crash in between leaves a key without a card, which the
 * next init completes; the other order could leave a card whose key is gone for ever.  init.lock is
 * locked meanwhile, and not empty from before the first step until after the last, which tells a
 * crash from a home that is complete without opening its store.  A key that is there already may have
 * signed cards before: numbers are left out then.
 */
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "book/mine.h"
#include "cli/myfile.h"
#include "cli/passphrase.h"
#include "cli/person.h"
#include "store/settle.h"

#define ASKED_MAX 3 /* times a name is asked for */

/* What one first run holds. */
struct first_run {
	struct kith_cli *cli;
	int lock; /* descriptor of init.lock, -1 while not held */
	struct kith_store *store;
	struct kith_identity *id;
	const struct kith_passphrase *passphrase; /* for the new key, cli's; NULL: none */
	bool begun;                               /* init.lock says so */
	bool again;                               /* the key is older than that run */
	bool new_store;                           /* this run has made it */
	bool new_key;                             /* this run has made it */
	bool new_revocation;                      /* this run has made it */
};

static void first_run_end(struct first_run *run)
{
	kith_store_close(run->store);
	kith_identity_free(run->id);
	if (run->lock >= 0)
		(void)close(run->lock);
}

static bool exists(const char *home, const char *name)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct stat st;

	return kith_path_join(&path, home, name) && lstat((const char *)path.p, &st) == 0;
}

static void remove_file(const char *home, const char *name)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (kith_path_join(&path, home, name))
		(void)unlink((const char *)path.p);
}

/* What init.lock says meanwhile. */
static const char begun_anew[] = "kith init has not ended\n";
static const char begun_again[] = "kith init has not ended; its key was there before\n";

/* Marks the run as begun or as ended, durably. */
static enum kith_err mark(const struct first_run *run, bool begun, struct kith_diag *diag)
{
	const char *text = run->again ? begun_again : begun_anew;
	KITH_AUTO_BUF struct kith_buf path = {0};
	ssize_t n = (ssize_t)strlen(text);

	if (!kith_path_join(&path, run->cli->home, KITH_HOME_INIT_LOCK))
		return KITH_ERR_NOMEM;
	if (ftruncate(run->lock, 0) < 0 || (begun && pwrite(run->lock, text, (size_t)n, 0) != n) ||
		fsync(run->lock) < 0)
		return kith_file_fail(diag, "write", (const char *)path.p);
	return KITH_OK;
}

/* Takes back what this run has made and nobody has seen yet. */
static void undo(struct first_run *run)
{
	kith_store_close(run->store);
	run->store = NULL;
	if (run->new_key)
		remove_file(run->cli->home, KITH_HOME_KEY);
	if (run->new_revocation)
		remove_file(run->cli->home, KITH_HOME_REVOCATION);
	if (run->new_store) {
		remove_file(run->cli->home, KITH_HOME_STORE);
		remove_file(run->cli->home, KITH_HOME_STORE "-wal");
		remove_file(run->cli->home, KITH_HOME_STORE "-shm");
	}
	if (run->begun)
		(void)mark(run, false, NULL);
}

/* Whether a first run has ended here; looks, and touches nothing. */
static bool is_done(const char *home)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct stat st;

	if (!exists(home, KITH_HOME_KEY) || !exists(home, KITH_HOME_STORE))
		return false;
	return kith_path_join(&path, home, KITH_HOME_INIT_LOCK) &&
	       (lstat((const char *)path.p, &st) < 0 || st.st_size == 0);
}

static enum kith_err fail_done(struct kith_diag *diag, const char *home)
{
	return kith_fail(diag, KITH_ERR_EXISTS,
		"%s has an identity already; nothing was changed "
		"(to change your details: kith card set FIELD=VALUE)",
		home);
}

/* A key that is there, and that no run has made which was cut short, may have signed cards. */
static void read_mark(struct first_run *run)
{
	char text[sizeof begun_again + 1] = "";

	ssize_t n = pread(run->lock, text, sizeof text - 1, 0);
	run->again =
		exists(run->cli->home, KITH_HOME_KEY) && (n < 0 || strcmp(text, begun_anew) != 0);
}

/* Home folder, lock and store. */
static enum kith_err prepare(struct first_run *run, struct kith_diag *diag)
{
	const char *home = run->cli->home;
	enum kith_err err = kith_folder_private(home, diag);

	if (err)
		return err;
	err = kith_file_lock(home, KITH_HOME_INIT_LOCK, false, &run->lock, diag);
	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err, "another kith init is running in %s", home);
	if (err)
		return err;
	if (is_done(home)) /* since we looked first */
		return fail_done(diag, home);
	read_mark(run);
	run->new_store = !exists(home, KITH_HOME_STORE);
	if ((err = mark(run, true, diag)))
		return err;
	run->begun = true;
	return kith_store_open(home, KITH_STORE_WRITE, &run->store, diag);
}

static enum kith_err save(const struct first_run *run, struct kith_diag *diag)
{
	if (run->passphrase)
		return kith_identity_save_protected(
			run->id, run->cli->home, run->passphrase, NULL, diag);
	return kith_identity_save(run->id, run->cli->home, diag);
}

/* The key: the one that is there, of an interrupted run or put back, else a new one. */
static enum kith_err get_key(struct first_run *run, struct kith_diag *diag)
{
	const char *home = run->cli->home;
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	enum kith_err err = kith_store_mine(run->store, &mine);

	if (!err && exists(home, KITH_HOME_KEY)) /* the crash came after the last step */
		return fail_done(diag, home);
	if (!err)
		return kith_fail(diag, KITH_ERR_EXISTS,
			"%s holds a card and people, but not the key that belongs to them; put "
			"back %s from your backup, or choose another folder with --home",
			home, KITH_HOME_KEY);
	if (err != KITH_ERR_MISSING)
		return kith_fail(diag, err, "%s", kith_store_why(run->store));
	if (exists(home, KITH_HOME_KEY))
		return kith_cli_unlock(run->cli, &run->id, diag);
	if ((err = kith_identity_new(NULL, &run->id)) || (err = save(run, diag)))
		return err;
	run->new_key = true;
	return KITH_OK;
}

/* The word that revokes the key, made while the key is there. */
static enum kith_err make_revocation(struct first_run *run, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();
	const char *home = run->cli->home;

	run->new_revocation = !exists(home, KITH_HOME_REVOCATION);
	return kith_revocation_make(home, run->id, env->wall(env->ctx), diag);
}

static int report(struct first_run *run)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	struct kith_cli *cli = run->cli;
	bool protected = false;
	enum kith_err err = kith_my_read(run->store, &my, &diag);

	if (!err)
		err = kith_identity_is_protected(cli->home, &protected, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (cli->json) {
		json_t *o = kith_card_json(&my.card);
		if (!o)
			return kith_cli_fail(KITH_ERR_NOMEM, NULL);
		kith_json_line(stdout, o);
		json_decref(o);
	} else if ((err = kith_card_print(&my.card, stdout))) {
		return kith_cli_fail(err, NULL);
	}
	if (!run->new_key)
		kith_cli_note(cli, "%s",
			!run->again
				? "An earlier init was interrupted after it had made the key; "
				  "with that key it is now complete."
				: "The key was here already, and signs this card.  Its number is "
				  "high, since the key may have signed others\nbefore; who has "
				  "one of those takes this one once you have swapped again.");
	kith_cli_note(cli, "Your key is %s/%s.  %s\n%s", cli->home, KITH_HOME_KEY,
		protected ? "A passphrase protects it."
			  : "It has no passphrase: only the mode of the file keeps it from others.",
		"Keep a copy in a safe place; without it nobody can recognise you again.");
	kith_cli_note(cli,
		"%s/%s revokes it, should it be lost or stolen: keep a copy of that too, apart from "
		"the key (kith key revoke shows it).",
		cli->home, KITH_HOME_REVOCATION);
	return 0;
}

static int make(struct kith_cli *cli, const struct kith_fields *fields, bool protect)
{
	KITH_AUTO(first_run_end) struct first_run run = {.cli = cli, .lock = -1};
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;

	if (is_done(cli->home))
		return kith_cli_fail(fail_done(&diag, cli->home), &diag);
	if (protect && !exists(cli->home, KITH_HOME_KEY))
		err = kith_cli_passphrase_new(cli, &run.passphrase, &diag);
	if (!err)
		err = prepare(&run, &diag);
	if (!err)
		err = get_key(&run, &diag);
	if (!err)
		err = make_revocation(&run, &diag);
	if (!err)
		err = kith_my_first(run.store, run.id, fields, run.again, &diag);
	if (!err)
		err = mark(&run, false, &diag);
	else
		undo(&run);
	/* without the mark a copy is not noticed, and all else works */
	if (!err)
		(void)!kith_device_put(cli->home, NULL);
	return err ? kith_cli_fail(err, &diag) : report(&run);
}

static enum kith_err add_field(
	struct kith_fields *fields, const struct kith_field *f, struct kith_diag *diag)
{
	const struct kith_field_info *info = kith_field_info(f->kind);

	if (info->single && kith_fields_first(fields, f->kind))
		return kith_fail(diag, KITH_ERR_USAGE, "%s can be given once", info->name);
	if (fields->n == KITH_CARD_FIELDS)
		return kith_fail(
			diag, KITH_ERR_LIMIT, "a card has at most %d fields", KITH_CARD_FIELDS);
	fields->at[fields->n++] = *f;
	return KITH_OK;
}

/* Asks until the answer will do as a name; it lives in line.  False: the person gave up. */
static bool ask_name(struct kith_buf *line, struct kith_field *ret_name)
{
	for (int i = 0; i < ASKED_MAX; i++) {
		struct kith_diag diag = {0};
		struct kith_field f = {.kind = KITH_FIELD_NAME, .parts = 1};
		kith_buf_clear(line);
		if (!kith_cli_ask("Your name, as others should see it: ", line))
			return false;
		f.part[0] = kith_buf_span(line);
		if (line->n > 0 && !kith_my_check(&f, &diag)) {
			*ret_name = f;
			return true;
		}
		(void)printf("%s\n", line->n ? diag.text : "A card needs a name.");
	}
	return false;
}

/* Makes it with these fields, asking for a name when there is none. */
static int first_run(struct kith_cli *cli, struct kith_fields *fields, bool protect)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	struct kith_diag diag = {0};
	struct kith_field name;
	enum kith_err err;

	if (kith_fields_first(fields, KITH_FIELD_NAME))
		return make(cli, fields, protect);
	if (is_done(cli->home))
		return kith_cli_fail(fail_done(&diag, cli->home), &diag);
	if (!cli->tty || cli->json)
		return kith_cli_usage(
			"init", "a card needs a name: kith init name=\"Ada Lovelace\"");
	if (!ask_name(&line, &name))
		return kith_cli_error(KITH_ERR_USAGE, "no name was given; nothing was made");
	if ((err = add_field(fields, &name, &diag)))
		return kith_cli_fail(err, &diag);
	return make(cli, fields, protect);
}

int kith_cli_first_run(struct kith_cli *cli)
{
	struct kith_fields fields = {0};

	return first_run(cli, &fields, cli->passphrase_fd >= 0);
}

/* The fields of the command line: each takes the place of what the file says of the same. */
static enum kith_err add_given(
	struct kith_fields *fields, int argc, char **argv, struct kith_diag *diag)
{
	struct kith_fields given = {0};
	enum kith_err err = KITH_OK;

	for (int i = 1; !err && i < argc; i++) {
		struct kith_field f;
		if (!(err = kith_my_parse(argv[i], &f, diag)))
			err = add_field(&given, &f, diag);
	}
	for (size_t i = 0; !err && i < given.n; i++) {
		const struct kith_field *g = &given.at[i];
		bool single = kith_field_info(g->kind)->single;
		size_t kept = 0;
		for (size_t j = 0; j < fields->n; j++) {
			const struct kith_field *f = &fields->at[j];
			if (f->kind != g->kind || !(single || kith_span_eq(f->label, g->label)))
				fields->at[kept++] = *f;
		}
		fields->n = kept;
	}
	for (size_t i = 0; !err && i < given.n; i++)
		err = add_field(fields, &given.at[i], diag);
	return err;
}

int kith_cmd_init(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_myfile_free) struct kith_myfile file = {0};
	const char *from = NULL;
	bool protect = cli->passphrase_fd >= 0;
	const struct kith_option options[] = {
		{.name = "from", .value = &from}, {.name = "passphrase", .flag = &protect}};
	struct kith_diag diag = {0};
	int status;

	if (!kith_args(options, 2, &argc, argv, &status))
		return status;
	if (from && is_done(cli->home))
		return kith_cli_fail(fail_done(&diag, cli->home), &diag);
	enum kith_err err = from ? kith_myfile_read(&file, cli, from, &diag) : KITH_OK;
	if (!err)
		err = add_given(&file.fields, argc, argv, &diag);
	if (err == KITH_ERR_USAGE)
		return kith_cli_usage(argv[0], "%s", diag.text);
	return err ? kith_cli_fail(err, &diag) : first_run(cli, &file.fields, protect);
}
