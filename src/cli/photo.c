/* SPDX-License-Identifier: MIT */
#include "cli/photo.h"

#include <strings.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/own.h"
#include "cli/person.h"
#include "picture/picture.h"
#include "cli/putfile.h"
#include "cli/terminal.h"

void kith_photo_free(struct kith_photo *photo)
{
	if (!photo)
		return;
	kith_buf_free(&photo->file);
	kith_buf_free(&photo->small);
}

/* --- onto a card ------------------------------------------------------------------------------ */

enum kith_err kith_photo_read(const char *path, struct kith_photo *photo, struct kith_diag *diag)
{
	enum kith_err err = kith_file_read(path, KITH_PICTURE_FILE_MAX, &photo->file, diag);

	struct kith_diag why = {0};
	char shown[256];

	kith_show_in(shown, sizeof shown, kith_span_str(path), 120);
	if (err == KITH_ERR_LIMIT)
		return kith_fail(diag, err, "%s: a picture may have %d MiB, not more", shown,
			KITH_PICTURE_FILE_MAX >> 20);
	if (err)
		return err;
	err = kith_picture_take(
		kith_buf_span(&photo->file), KITH_FIELD_PHOTO_MAX, &photo->small, &why);
	return err ? kith_fail(diag, err, "%s: %s", shown, kith_diag_text(&why, err)) : KITH_OK;
}

#define AROUND    256  /* bytes of a body that are no fields: keys, numbers, times */
#define PHOTO_MIN 1024 /* below that nobody is recognised */

static struct kith_field *photo_of(struct kith_fields *fields)
{
	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].kind == KITH_FIELD_PHOTO)
			return &fields->at[i];
	return NULL;
}

/* How many bytes a card with these fields has too many. */
static enum kith_err excess(const struct kith_fields *fields, size_t *ret_n)
{
	KITH_AUTO_BUF struct kith_buf packed = {0};
	enum kith_err err = kith_fields_pack(fields, &packed);

	if (!err)
		*ret_n = packed.n + AROUND > KITH_CARD_BODY_MAX
				 ? packed.n + AROUND - KITH_CARD_BODY_MAX
				 : 0;
	return err;
}

enum kith_err kith_photo_fit(
	struct kith_photo *photo, struct kith_fields *fields, struct kith_diag *diag)
{
	struct kith_field *f = photo_of(fields);
	size_t over = 0, n = photo->small.n;
	enum kith_err err;

	if (!f || photo->file.n == 0)
		return KITH_OK;
	f->part[0] = kith_buf_span(&photo->small);
	if ((err = excess(fields, &over)) || over == 0)
		return err;
	if (n < over || n - over < PHOTO_MIN)
		return kith_fail(diag, KITH_ERR_LIMIT,
			"there is no room on the card for a picture; shorten or remove something");
	kith_buf_clear(&photo->small);
	err = kith_picture_take(kith_buf_span(&photo->file), n - over, &photo->small, diag);
	f->part[0] = kith_buf_span(&photo->small);
	return err;
}

/* --- of a person ------------------------------------------------------------------------------ */

static enum kith_err add_photo(const struct kith_fields *fields, struct kith_buf *out)
{
	const struct kith_field *f = kith_fields_first(fields, KITH_FIELD_PHOTO);

	return f && f->part[0].n > 0 ? kith_buf_add(out, f->part[0].p, f->part[0].n)
				     : KITH_ERR_MISSING;
}

enum kith_err kith_photo_find(struct kith_store *store, int64_t row, struct kith_buf *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct kith_card card;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err)
		return err;
	if (c.envelope.n > 0) {
		if ((err = kith_held_card(&c, &card)))
			return err;
		if ((err = add_photo(&card.fields, out)) != KITH_ERR_MISSING)
			return err;
	}
	if ((err = kith_own_read(store, &c, &own)))
		return err;
	err = KITH_ERR_MISSING;
	for (size_t i = 0; err == KITH_ERR_MISSING && i < own.n; i++)
		err = add_photo(&own.at[i].fields, out);
	return err;
}

void kith_photo_left_out(
	const struct kith_cli *cli, const char *name, const struct kith_outgoing_photo *photo)
{
	kith_cli_note(cli, "%s: the picture on the card is left out: %s", name, photo->diag.text);
}

/* --- saved ------------------------------------------------------------------------------------ */

/* Whether the name ends as pictures of that kind do. */
static bool name_fits(const char *path, const char *format)
{
	static const struct {
		const char *ending, *format;
	} endings[] = {{".jpg", "jpeg"}, {".jpeg", "jpeg"}, {".jpe", "jpeg"}, {".png", "png"},
		{".webp", "webp"}};
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		size_t m = strlen(endings[i].ending);
		if (n > m && strcasecmp(path + n - m, endings[i].ending) == 0)
			return strcmp(endings[i].format, format) == 0;
	}
	return false;
}

static const char *shown_format(const char *format)
{
	return strcmp(format, "jpeg") == 0 ? "JPEG" : strcmp(format, "png") == 0 ? "PNG" : "WebP";
}

static int save(struct kith_cli *cli, const char *path, struct kith_span bytes,
	const struct kith_picture_info *info)
{
	struct kith_diag diag = {0};
	char shown[256];
	bool is_out = strcmp(path, "-") == 0;

	if (is_out && isatty(STDOUT_FILENO))
		return kith_cli_usage(
			NULL, "a picture is no text for a terminal; --photo draws it");
	enum kith_err err = kith_putfile(path, bytes, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (is_out)
		return 0;
	kith_show_in(shown, sizeof shown, kith_span_str(path), 120);
	kith_cli_note(cli, "%s written: %s, %u x %u pixels.", shown, shown_format(info->format),
		info->width, info->height);
	if (!name_fits(path, info->format))
		kith_cli_note(cli,
			"Mind that its name does not end in .%s, as a %s picture's does.",
			strcmp(info->format, "jpeg") == 0 ? "jpg" : info->format,
			shown_format(info->format));
	return 0;
}

/* --- drawn ------------------------------------------------------------------------------------ */

#define SIDE 320 /* pixels, which is what a card holds */

static int draw(struct kith_span bytes)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_diag diag = {0};
	struct kith_terminal t = kith_terminal_ask(SIDE);
	enum kith_err err = KITH_OK;

	if (t.graphics == KITH_TERMINAL_KITTY)
		err = kith_picture_png(bytes, t.side, &out, &diag);
	else if (t.graphics == KITH_TERMINAL_SIXEL)
		err = kith_picture_sixel(bytes, t.side, &out, &diag);
	else
		return kith_cli_error(KITH_ERR_IO,
			"pictures show at a terminal with kitty or sixel graphics alone; "
			"--save-photo FILE has it in a file");
	if (!err)
		err = kith_terminal_draw(&t, kith_buf_span(&out));
	return err ? kith_cli_fail(err, &diag) : 0;
}

int kith_photo_show(
	struct kith_cli *cli, const struct kith_photo_wish *wish, struct kith_span bytes)
{
	struct kith_picture_info info;
	struct kith_diag diag = {0};
	enum kith_err err = kith_picture_check(bytes, &info, &diag);
	int status = 0;

	if (err)
		return kith_cli_fail(err, &diag);
	if (wish->path)
		status = save(cli, wish->path, bytes, &info);
	if (!status && wish->draw)
		status = draw(bytes);
	return status;
}
