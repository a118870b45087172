/* SPDX-License-Identifier: MIT */
#include "cli/myfile.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/incoming.h"
#include "book/mine.h"
#include "picture/picture.h"
#include "vcard/map.h"
#include "vcard/reader.h"
#include "vcard/value.h"

#define CARD_ROOM 512 /* bytes of a card's body beside its fields */

void kith_myfile_free(struct kith_myfile *file)
{
	kith_vcard_free(file->vcard);
	kith_buf_free(&file->photo);
	*file = (struct kith_myfile){0};
}

/* --- the vCard -------------------------------------------------------------------------------- */

struct remarks {
	const struct kith_cli *cli;
	const char *name;
	uint64_t before; /* lines of the file before the first vCard */
};

static void remark(void *ctx, uint64_t line, const char *sentence)
{
	const struct remarks *r = ctx;

	kith_cli_note(
		r->cli, "%s:%llu: %s", r->name, (unsigned long long)(r->before + line), sentence);
}

/* Which of several would be mine nobody can know. */
static enum kith_err only_one(
	struct kith_vcard_reader *reader, const char *name, struct kith_diag *diag)
{
	struct kith_vcard *lent;
	uint64_t line;
	size_t n = 1;
	enum kith_err err;

	while (!(err = kith_vcard_next(reader, &lent, &line)) || err == KITH_ERR_LIMIT)
		n++;
	if (err != KITH_ERR_MISSING)
		return err;
	return n == 1 ? KITH_OK
		      : kith_fail(diag, KITH_ERR_VALUE,
				"%s has %zu vCards; put yours alone into a file", name, n);
}

/* The first vCard, kept. */
static enum kith_err read_first(struct kith_myfile *file, const struct kith_cli *cli,
	struct kith_incoming *in, struct kith_diag *diag)
{
	struct remarks r = {cli, in->input.name, in->run_line ? in->run_line - 1 : 0};
	struct kith_vcard_reader *reader = NULL;
	struct kith_vcard *lent;
	uint64_t line;
	enum kith_err err = kith_vcard_reader_open(kith_incoming_source, in, remark, &r, &reader);

	if (!err && (err = kith_vcard_next(reader, &lent, &line)) == KITH_ERR_LIMIT)
		(void)kith_fail(diag, err, "%s: %s", in->input.name, kith_vcard_reader_why(reader));
	if (!err)
		err = kith_vcard_parse(kith_vcard_reader_text(reader), &file->vcard, diag);
	if (!err)
		err = only_one(reader, in->input.name, diag);
	kith_vcard_reader_free(reader);
	if (err == KITH_ERR_MISSING)
		return kith_fail(
			diag, KITH_ERR_NOTCARD, "%s has no vCard that can be read", in->input.name);
	return err;
}

static enum kith_err open_first(struct kith_myfile *file, const struct kith_cli *cli,
	const char *path, struct kith_diag *diag)
{
	KITH_AUTO(kith_incoming_free) struct kith_incoming in = {.input.fd = -1};
	enum kith_incoming_kind kind;
	uint64_t line;
	enum kith_err err = kith_incoming_open(&in, path, diag);

	if (err || (err = kith_incoming_next(&in, &kind, &line, diag)))
		return err;
	if (kind == KITH_INCOMING_PICTURE)
		return kith_fail(diag, KITH_ERR_NOTCARD,
			"%s is a picture, from which no card is made; kith import reads QR codes",
			in.input.name);
	if (kind != KITH_INCOMING_VCARDS)
		return kith_fail(diag, KITH_ERR_NOTCARD,
			"%s is no vCard, from which a card could be made", in.input.name);
	return read_first(file, cli, &in, diag);
}

/* --- what fits -------------------------------------------------------------------------------- */

static void left_out(const struct kith_cli *cli, const struct kith_field *f, const char *why)
{
	const struct kith_field_info *info = kith_field_info(f->kind);
	char shown[128] = "";

	if (f->kind != KITH_FIELD_PHOTO && f->parts == 1)
		kith_quote_in(shown, sizeof shown, f->part[0], 24);
	kith_cli_note(cli, "left out: %s%s%s: %s", info->name, *shown ? " " : "", shown, why);
}

/* The picture for a card; false: there is none, which was told. */
static bool take_photo(struct kith_myfile *file, const struct kith_cli *cli, struct kith_field *f)
{
	struct kith_diag diag = {0};
	enum kith_err err =
		kith_picture_take(f->part[0], KITH_FIELD_PHOTO_MAX, &file->photo, &diag);

	if (err) {
		left_out(cli, f, kith_diag_text(&diag, err));
		return false;
	}
	f->part[0] = kith_buf_span(&file->photo);
	return true;
}

/* What the field would take of a card. */
static size_t bytes_of(const struct kith_field *f)
{
	size_t n = 16 + f->label.n;

	for (size_t i = 0; i < f->parts; i++)
		n += 3 + f->part[i].n;
	return n;
}

/* A label that is too long goes; a value that is too long takes the field with it. */
static bool fits(const struct kith_cli *cli, struct kith_field *f, size_t *used)
{
	struct kith_diag diag = {0};
	enum kith_err err;

	if (f->label.n > KITH_FIELD_LABEL_MAX)
		f->label = kith_span("", 0);
	if ((err = kith_field_check(f, &diag))) {
		left_out(cli, f, kith_diag_text(&diag, err));
		return false;
	}
	if (*used + bytes_of(f) > KITH_CARD_BODY_MAX - CARD_ROOM) {
		left_out(cli, f, "the card would be too large");
		return false;
	}
	*used += bytes_of(f);
	return true;
}

static void take_fields(
	struct kith_myfile *file, const struct kith_cli *cli, const struct kith_fields *all)
{
	size_t used = 0;

	/* the picture last: it takes what room there is left */
	for (int photo = 0; photo < 2; photo++) {
		for (size_t i = 0; i < all->n; i++) {
			struct kith_field f = all->at[i];
			if (photo != (f.kind == KITH_FIELD_PHOTO) || !kith_field_info(f.kind))
				continue;
			if (photo && !take_photo(file, cli, &f))
				continue;
			if (fits(cli, &f, &used))
				file->fields.at[file->fields.n++] = f;
		}
	}
}

enum kith_err kith_myfile_read(struct kith_myfile *file, const struct kith_cli *cli,
	const char *path, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf more = {0};
	struct kith_fields all;
	enum kith_err err = open_first(file, cli, path, diag);

	if (!err)
		err = kith_vcard_fields(file->vcard, &all);
	if (err)
		return err;
	take_fields(file, cli, &all);
	if (!kith_vcard_words(file->vcard, &more) && more.n > 0)
		kith_cli_note(cli, "The vCard says more, for which a card has no field; "
				   "it was left out.");
	return KITH_OK;
}
