/* SPDX-License-Identifier: MIT
 *
 * import - signed cards from files into the store.
 */
#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cardfile.h"
#include "cli/cli.h"
#include "cli/mine.h"
#include "cli/person.h"

/* One import of several files. */
struct import {
	struct kith_cli *cli;
	struct kith_store *store;
	struct kith_my my; /* to know my own card when I see it */
	json_t *results;   /* with --json: an object a card */
	int worst;         /* exit status so far */
};

static void import_end(struct import *in)
{
	json_decref(in->results);
	kith_my_free(&in->my);
	kith_store_close(in->store);
}

static const char *result_name(enum kith_import what)
{
	switch (what) {
	case KITH_IMPORT_NEW:
		return "new";
	case KITH_IMPORT_UPDATED:
		return "updated";
	case KITH_IMPORT_SAME:
		return "same";
	case KITH_IMPORT_BESIDE:
		return "beside";
	}
	return "kept";
}

static const char *result_words(enum kith_import what)
{
	return what == KITH_IMPORT_NEW ? ", from a file, not compared"
	       : what == KITH_IMPORT_BESIDE
		       ? ", another card of theirs, kept beside the one you have"
		       : "";
}

static void add_result(struct import *in, const char *path, const char *result, const char *reason,
	json_t *contact)
{
	json_t *o = in->results ? json_object() : NULL;
	int bad = !in->results;

	if (o) {
		bad |= json_object_set_new(o, "file", kith_json_text(kith_span_str(path)));
		bad |= json_object_set_new(o, "result", json_string(result));
		if (reason)
			bad |= json_object_set_new(
				o, "reason", kith_json_text(kith_span_str(reason)));
		if (contact)
			bad |= json_object_set(o, "contact", contact);
	}
	json_decref(contact);
	if (in->results && (!o || json_array_append_new(in->results, o) || bad))
		in->worst = kith_cli_fail(KITH_ERR_NOMEM, NULL);
}

static void skip(struct import *in, const char *path, enum kith_err err, struct kith_diag *diag)
{
	int status = kith_cli_error(err, "skipped: %s", kith_diag_text(diag, err));

	add_result(in, path, "skipped", kith_diag_text(diag, err), NULL);
	if (status > in->worst)
		in->worst = status;
}

/* A card that was not taken: from which file, with which revision, where which one is held. */
struct refused {
	const char *path;
	const char *name;
	unsigned long long rev;
	unsigned long long had;
};

/* Why the store did not take it. */
static enum kith_err explain(
	const struct import *in, enum kith_err err, const struct refused *r, struct kith_diag *diag)
{
	switch (err) {
	case KITH_ERR_ROLLBACK:
		return kith_fail(diag, err,
			"%s: the card of %s is revision %llu, older than "
			"revision %llu, which you have",
			r->path, r->name, r->rev, r->had);
	case KITH_ERR_CONFLICT:
		return kith_fail(diag, err,
			"%s: you have another card of %s with the same "
			"revision %llu, and it stays; the key may have been copied, so ask them",
			r->path, r->name, r->rev);
	case KITH_ERR_LIMIT:
		return kith_fail(diag, err,
			"%s: the card of %s jumps from revision %llu to %llu, "
			"which nobody does",
			r->path, r->name, r->had, r->rev);
	default:
		return kith_fail(diag, err, "%s", kith_store_why(in->store));
	}
}

/* Tells what came of a card that the store took. */
static void tell(struct import *in, const char *path, const struct kith_card *card,
	enum kith_import what, uint64_t had, const char *name)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};

	if (in->results) {
		json_t *o = kith_store_contact_of(in->store, card->ik, &c)
				    ? NULL
				    : kith_person_json(in->store, c.row);
		add_result(in, path, result_name(what), NULL, o);
		return;
	}
	(void)printf("%-8s %s, revision ", result_name(what), name);
	if (what == KITH_IMPORT_UPDATED)
		(void)printf("%llu to ", (unsigned long long)had);
	(void)printf("%llu%s\n", (unsigned long long)card->rev, result_words(what));
}

static void import_card(struct import *in, const char *path, struct kith_span envelope,
	const struct kith_card *card)
{
	KITH_AUTO(kith_contact_free) struct kith_contact before = {0};
	const struct kith_env *env = kith_env_default();
	const struct kith_field *field = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	struct kith_diag diag = {0};
	enum kith_import what;
	char name[KITH_QUOTED_BYTES], shown[256];

	kith_person_quoted(field->part[0], name);
	kith_show_in(shown, sizeof shown, kith_span_str(path), 120);
	if (kith_my_is(&in->my, card->ik)) {
		skip(in, path,
			kith_fail(&diag, KITH_ERR_EXISTS,
				"%s is your own card, which has its place already", shown),
			&diag);
		return;
	}
	int64_t now = env->wall(env->ctx);
	enum kith_err err = kith_store_contact_of(in->store, card->ik, &before);
	uint64_t had = before.rev;
	if (!err || err == KITH_ERR_NOPERSON)
		err = kith_store_import(in->store, card, envelope, now, &what);
	struct refused r = {shown, name, card->rev, had};
	if (err)
		skip(in, path, explain(in, err, &r, &diag), &diag);
	else
		tell(in, path, card, what, had, name);
}

/* Every card in the file. */
static void import_file(struct import *in, const char *path)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_file_read(path, KITH_FILE_READ_MAX, &bytes, &diag);
	struct kith_span rest = kith_buf_span(&bytes);

	if (err) {
		skip(in, path, err, &diag);
		return;
	}
	for (bool first = true;; first = false) {
		KITH_AUTO_BUF struct kith_buf envelope = {0};
		enum kith_cardfile_form form;
		struct kith_card card;
		err = kith_cardfile_next(&rest, first, &envelope, &form);
		if (err == KITH_ERR_MISSING)
			return;
		if (!err)
			err = kith_card_verify(kith_buf_span(&envelope), &card);
		if (err)
			skip(in, path, kith_cardfile_fail(&diag, err, path, kith_buf_span(&bytes)),
				&diag);
		else
			import_card(in, path, kith_buf_span(&envelope), &card);
	}
}

int kith_cmd_import(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(import_end) struct import in = {.cli = cli};
	struct kith_diag diag = {0};
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say which files: kith import ada.kith");
	if (!kith_cli_store(cli, KITH_STORE_USE, &in.store, &status))
		return status;
	enum kith_err err = kith_my_read(in.store, &in.my, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (cli->json && !(in.results = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	for (int i = 1; i < argc; i++)
		import_file(&in, argv[i]);
	if (in.results)
		kith_json_line(stdout, in.results);
	return in.worst;
}
