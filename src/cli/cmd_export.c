/* SPDX-License-Identifier: MIT
 *
 * export - cards for other programs and other people.
 */
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/folder.h"
#include "book/mine.h"
#include "cli/people.h"
#include "cli/person.h"
#include "cli/photo.h"
#include "cli/putfile.h"
#include "cli/remembered.h"
#include "book/outgoing.h"
#include "book/private.h"
#include "vcard/write.h"

enum format { VCARD3, VCARD4, KITH, JSON };

/* What was asked for. */
struct wish {
	bool all;
	bool me;
	bool armor;
	bool own;         /* what I wrote beside a signed card, too */
	bool private;     /* what I remember of them, too */
	const char *card; /* which card of mine; NULL: "me" */
	const char *format_name;
	const char *path; /* NULL: standard output */
	const char *vdir; /* NULL: no folder */
	bool again;       /* into the folder, also what somebody removed there */
	enum format format;
};

/* What is being written. */
struct export
{
	struct kith_cli *cli;
	struct wish wish;
	struct kith_store *store;
	struct kith_people people;
	struct kith_buf out;
	json_t *json;
	size_t written; /* cards in out or json */
	size_t without; /* people who have no card */
};

static void export_end(struct export *e)
{
	json_decref(e->json);
	kith_buf_free(&e->out);
	kith_people_free(&e->people);
	kith_store_close(e->store);
}

static bool read_format(const struct kith_cli *cli, struct wish *w, int *ret_status)
{
	const char *name = w->format_name ? w->format_name
			   : w->armor     ? "kith"
			   : cli->json    ? "json"
					  : "vcard3";
	char shown[64];

	if (strcmp(name, "vcard3") == 0)
		w->format = VCARD3;
	else if (strcmp(name, "kith") == 0)
		w->format = KITH;
	else if (strcmp(name, "json") == 0)
		w->format = JSON;
	else if (strcmp(name, "vcard4") == 0)
		w->format = VCARD4;
	else
		*ret_status = kith_cli_usage("export",
			"there is no format %s; the four are vcard3, vcard4, kith and json",
			kith_show_in(shown, sizeof shown, kith_span_str(name), 40));
	if (*ret_status == 0 && w->armor && w->format != KITH)
		*ret_status = kith_cli_usage("export", "--armor is for --format kith");
	if (*ret_status == 0 && w->private && (w->me || w->format == KITH))
		*ret_status = kith_cli_usage("export",
			"--private is for people, as vCards or JSON; a signed card goes to others");
	if (*ret_status == 0 && w->own && w->format != VCARD3 && w->format != VCARD4)
		*ret_status = kith_cli_usage(
			"export", "--own is for vCards; what is signed stays what it is");
	return *ret_status == 0;
}

static bool read_wish(struct kith_cli *cli, int *argc, char **argv, struct wish *w, int *ret_status)
{
	const struct kith_option options[] = {{.name = "all", .flag = &w->all},
		{.name = "me", .flag = &w->me}, {.name = "armor", .flag = &w->armor},
		{.name = "own", .flag = &w->own}, {.name = "private", .flag = &w->private},
		{.name = "card", .value = &w->card}, {.name = "format", .value = &w->format_name},
		{.name = "output", .letter = 'o', .value = &w->path},
		{.name = "vdir", .value = &w->vdir}, {.name = "again", .flag = &w->again}};

	*ret_status = 0;
	if (!kith_args(options, sizeof options / sizeof options[0], argc, argv, ret_status))
		return false;
	if (w->vdir && (w->me || w->path || w->format_name || w->armor || w->own || w->private))
		*ret_status = kith_cli_usage(argv[0],
			"--vdir keeps a folder of vCards 3.0 of everybody, or of the people named");
	else if (w->again && !w->vdir)
		*ret_status = kith_cli_usage(argv[0], "--again is for --vdir");
	else if (!w->vdir && (*argc > 1) + w->all + w->me != 1)
		*ret_status = kith_cli_usage(argv[0], "say one of: names, --all, --me");
	if (*ret_status == 0 && w->card && !w->me)
		*ret_status = kith_cli_usage(argv[0], "--card is one of yours and goes with --me");
	if (w->path && strcmp(w->path, "-") == 0)
		w->path = NULL;
	return *ret_status == 0 && read_format(cli, w, ret_status);
}

/* Appends a signed card as it is, or its content; several is whether others come with it. */
static enum kith_err add_card(
	struct export *e, struct kith_span envelope, const struct kith_card *card, bool several)
{
	e->written++;
	switch (e->wish.format) {
	case VCARD3:
	case VCARD4:
		return kith_vcard_write_card(card, envelope, NULL,
			e->wish.format == VCARD4 ? KITH_VCARD_40 : KITH_VCARD_30, &e->out);
	case KITH:
		return several || e->wish.armor ? kith_card_armor(envelope, &e->out)
						: kith_buf_add(&e->out, envelope.p, envelope.n);
	default:
		return json_array_append_new(e->json, kith_card_json(card)) ? KITH_ERR_NOMEM
									    : KITH_OK;
	}
}

static int add_me(struct export *e)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_my_read_card(e->store, e->wish.card, &my, &diag);

	if (!err)
		err = add_card(e, kith_buf_span(&my.mine.envelope), &my.card, false);
	return err ? kith_cli_fail(err, &diag) : 0;
}

/* Appends the vCard of a person, of the kind that was typed in, too. */
static enum kith_err add_vcard(struct export *e, const struct kith_people_row *row)
{
	struct kith_outgoing_photo photo;
	enum kith_err err = kith_outgoing_checked(e->store, row->row, e->wish.own,
		e->wish.format == VCARD4 ? KITH_VCARD_40 : KITH_VCARD_30, &photo, &e->out);

	if (!err && e->wish.private)
		err = kith_private_add(e->store, row->row, NULL, NULL, &e->out);
	if (!err && photo.err)
		kith_photo_left_out(e->cli, row->name, &photo);
	e->written += !err;
	e->without += err == KITH_ERR_MISSING;
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}

static enum kith_err add_signed(struct export *e, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_card card;
	enum kith_err err = kith_store_contact(e->store, row, &c);

	if (err)
		return err;
	if (c.envelope.n == 0) {
		e->without++;
		return KITH_OK;
	}
	if ((err = kith_held_card(&c, &card)))
		return err;
	return add_card(e, c.envelope, &card, e->wish.all || e->people.n > 1);
}

/* The contact object; what I remember is a part of it only when it is asked for. */
static enum kith_err add_json(struct export *e, int64_t row)
{
	json_t *o = kith_person_json(e->store, row);

	e->written++;
	if (o && e->wish.private && !kith_remembered_set(e->store, row, o)) {
		json_decref(o);
		o = NULL;
	}
	return json_array_append_new(e->json, o) ? KITH_ERR_STORE : KITH_OK;
}

static enum kith_err add_person(struct export *e, const struct kith_people_row *row)
{
	if (e->wish.format == VCARD3 || e->wish.format == VCARD4)
		return add_vcard(e, row);
	if (e->wish.format == KITH)
		return add_signed(e, row->row);
	return add_json(e, row->row);
}

/* The person whom WHO means, once even if named twice. */
static int choose(struct export *e, const char *who)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	int64_t row;
	int status;

	if (!kith_cli_who(e->cli, e->store, who, &row, &status))
		return status;
	for (size_t i = 0; i < e->people.n; i++)
		if (e->people.at[i].row == row)
			return 0;
	enum kith_err err = kith_store_contact(e->store, row, &c);
	if (err)
		return kith_cli_fail_store(err, e->store);
	return kith_people_add(&e->people, &c) ? 0 : kith_cli_fail(KITH_ERR_NOMEM, NULL);
}

/* Everybody, or those who are named. */
static int choose_people(struct export *e, int argc, char **argv)
{
	int status = 0;

	if (e->wish.all) {
		enum kith_err err = kith_store_each(e->store, kith_people_add, &e->people);
		if (err || e->people.err)
			return err ? kith_cli_fail_store(err, e->store)
				   : kith_cli_fail(e->people.err, NULL);
	}
	for (int i = 1; !status && i < argc; i++)
		status = choose(e, argv[i]);
	return status;
}

static int export_folder(struct export *e, int argc, char **argv)
{
	e->wish.all = argc == 1;
	const struct kith_folder_wish wish = {e->wish.vdir, e->wish.all, e->wish.again};
	int status = choose_people(e, argc, argv);

	return status ? status : kith_folder_export(e->cli, e->store, &e->people, &wish);
}

static int add_people(struct export *e, int argc, char **argv)
{
	int status = choose_people(e, argc, argv);

	for (size_t i = 0; !status && i < e->people.n; i++) {
		enum kith_err err = add_person(e, &e->people.at[i]);
		if (err == KITH_ERR_LIMIT)
			status = kith_cli_error(err,
				"there are more than %d notes about \"%s\", too many for a vCard; "
				"--format json has all of them",
				KITH_PRIVATE_NOTES_MAX, e->people.at[i].name);
		else if (err)
			status = kith_cli_fail_store(err, e->store);
	}
	if (status || e->without == 0)
		return status;
	const char *card = e->wish.format == KITH ? "signed card" : "card";
	if (!e->wish.all)
		return kith_cli_error(KITH_ERR_MISSING,
			"%s has no %s to export%s; nothing was written",
			e->without == 1 && e->people.n == 1 ? e->people.at[0].name : "one of them",
			card, e->wish.format == KITH ? "" : " yet");
	kith_cli_note(e->cli, "%zu %s no %s%s and %s left out.", e->without,
		e->without == 1 ? "person has" : "people have", card,
		e->wish.format == KITH ? "" : " yet", e->without == 1 ? "was" : "were");
	return 0;
}

static int put(struct export *e)
{
	enum kith_err err = e->wish.format == JSON ? kith_json_buf(e->json, &e->out) : KITH_OK;

	if (err)
		return kith_cli_fail(err, NULL);
	if (!e->wish.path && e->wish.format == KITH && e->out.n > 0 && e->out.p[0] != '-' &&
		isatty(STDOUT_FILENO))
		return kith_cli_usage("export", "a signed card is no text for a terminal; add "
						"--armor, or -o FILE");
	struct kith_diag diag = {0};
	err = kith_putout(e->cli, e->wish.path, kith_buf_span(&e->out), e->wish.format == JSON, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (e->wish.path)
		kith_cli_note(
			e->cli, "%zu %s written.", e->written, e->written == 1 ? "card" : "cards");
	return 0;
}

int kith_cmd_export(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(export_end) struct export e = {.cli = cli};
	int status;

	if (!read_wish(cli, &argc, argv, &e.wish, &status))
		return status;
	if (e.wish.format == JSON && !(e.json = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_READ, &e.store, &status))
		return status;
	if (e.wish.vdir)
		return export_folder(&e, argc, argv);
	status = e.wish.me ? add_me(&e) : add_people(&e, argc, argv);
	if (!status && e.wish.private)
		kith_cli_note(cli,
			e.wish.format == JSON
				? "With --private this has what you remember of them, tags, ring, contacts, "
				  "notes, promises, relations and review: keep it to yourself."
				: "With --private this has your tags and notes about them: keep it to "
				  "yourself.");
	if (!status && e.wish.format == KITH && e.written == 0)
		status = kith_cli_error(KITH_ERR_MISSING,
			"nobody has a signed card to export; nothing was written");
	return status ? status : put(&e);
}
