/* SPDX-License-Identifier: MIT
 *
 * qr - a card, a key or an invitation as a QR code: on the screen, in a file, as text.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/code.h"
#include "cli/gathering.h"
#include "cli/person.h"
#include "picture/picture.h"
#include "cli/putfile.h"
#include "qr/qr.h"

#define LARGEST        20   /* version; a phone in a hand does not read larger ones from a screen */
#define SCALE          8    /* pixels a module, unless told */
#define SCALE_MAX      64   /* a picture of 7,000 pixels */
#define TEXT_COLUMNS   72   /* of a text without blanks, on lines that can be copied */
#define LINE_MAX       4096 /* columns of a line of a vCard */
#define SCREEN_UNKNOWN 80   /* columns of a terminal that does not tell */

/* What was asked for. */
struct wish {
	bool pocket;
	bool identity;
	bool invite;
	bool eci;
	const char *png;
	const char *svg;
	const char *level_name;
	const char *scale_text;
	struct kith_code_wish code;
	enum kith_qr_level level;
	size_t scale;
};

static bool read_numbers(struct wish *w, int *ret_status)
{
	const char *levels = "LMQ";
	const char *level = w->level_name ? w->level_name : w->png || w->svg ? "M" : "L";
	const char *at = level[0] && !level[1] ? strchr(levels, level[0] & ~0x20) : NULL;
	long scale = SCALE;

	if (!at || !*at) {
		*ret_status = kith_cli_usage("qr", "--level is L, M or Q");
		return false;
	}
	w->level = (enum kith_qr_level)(at - levels);
	if (w->scale_text &&
		(!kith_args_seconds(w->scale_text, &scale) || scale < 1 || scale > SCALE_MAX)) {
		*ret_status = kith_cli_usage("qr", "--scale is a number from 1 to %d", SCALE_MAX);
		return false;
	}
	w->scale = (size_t)scale;
	return true;
}

/* What is wrong with the options together; NULL: nothing. */
static const char *fault(const struct wish *w, int argc)
{
	int forms = w->pocket + w->identity + w->invite;

	if (forms > 1)
		return "one of --pocket, --identity and --invite";
	if (w->invite && argc > 1)
		return "--invite is for the swap that runs here, and nobody else's";
	if (w->code.show && (w->identity || w->invite))
		return "--show is for what has fields";
	if (w->code.show && w->pocket && argc > 1)
		return "--show cannot take anything from a card that somebody else has signed";
	if (w->code.card && (argc > 1 || w->identity || w->invite))
		return "--card is for a card of mine";
	if (w->code.ascii && forms > 0)
		return "--ascii is for a phone; the other codes are ASCII";
	return NULL;
}

static bool read_wish(int *argc, char **argv, struct wish *w, int *ret_status)
{
	const struct kith_option options[] = {{.name = "pocket", .flag = &w->pocket},
		{.name = "identity", .flag = &w->identity}, {.name = "invite", .flag = &w->invite},
		{.name = "eci", .flag = &w->eci}, {.name = "ascii", .flag = &w->code.ascii},
		{.name = "png", .value = &w->png}, {.name = "svg", .value = &w->svg},
		{.name = "level", .value = &w->level_name},
		{.name = "scale", .value = &w->scale_text},
		{.name = "show", .value = &w->code.show}, {.name = "card", .value = &w->code.card}};

	if (!kith_args(options, sizeof options / sizeof options[0], argc, argv, ret_status))
		return false;
	const char *wrong = fault(w, *argc);
	if (wrong) {
		*ret_status = kith_cli_usage("qr", "%s", wrong);
		return false;
	}
	w->code.form = w->pocket     ? KITH_CODE_POCKET
		       : w->identity ? KITH_CODE_IDENTITY
		       : w->invite   ? KITH_CODE_INVITE
				     : KITH_CODE_PHONE;
	return read_numbers(w, ret_status);
}

/* --- on the screen --------------------------------------------------------------------------- */

/* One line, inert, whole. */
static void say_line(struct kith_span line)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};

	if (!kith_show(&shown, line, LINE_MAX))
		(void)printf("%.*s\n", (int)shown.n, shown.n ? (const char *)shown.p : "");
}

/* The text for those who cannot scan: line by line, and what has no lines on lines to copy. */
static void say_text(struct kith_span s)
{
	while (s.n > 0) {
		const uint8_t *end = memchr(s.p, '\n', s.n);
		size_t n = end ? (size_t)(end - s.p) : s.n;
		if (!end && n > TEXT_COLUMNS)
			n = TEXT_COLUMNS;
		say_line(kith_span(s.p, n > 0 && s.p[n - 1] == '\r' ? n - 1 : n));
		n += end != NULL;
		s = kith_span(s.p + n, s.n - n);
	}
}

struct screen {
	size_t columns, rows; /* rows 0: unknown */
};

static struct screen screen_of(int fd)
{
	struct winsize size = {0};

	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return (struct screen){SCREEN_UNKNOWN, 0};
	return (struct screen){size.ws_col, size.ws_row};
}

/* Draws it, if it can be drawn here.  Returns the status. */
static int draw(const struct kith_cli *cli, const struct kith_qr *qr)
{
	KITH_AUTO_BUF struct kith_buf drawn = {0};
	struct screen screen = screen_of(STDOUT_FILENO);
	size_t columns = kith_qr_columns(qr), rows = kith_qr_rows(qr);

	if (columns > screen.columns)
		return kith_cli_error(KITH_ERR_IO,
			"the code is %zu columns wide and this screen has %zu: make the letters "
			"smaller or the window wider, choose fewer fields with --show, or write a "
			"picture with --svg FILE",
			columns, screen.columns);
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return kith_cli_error(KITH_ERR_IO,
			"this terminal has no UTF-8, which the code is drawn with; write a picture "
			"with --svg FILE");
	if (screen.rows > 0 && rows >= screen.rows)
		kith_cli_note(cli,
			"The code is %zu lines high and this screen has %zu: make the letters "
			"smaller, or the window higher, until all of it shows.",
			rows, screen.rows);
	if (!cli->color)
		kith_cli_note(cli, "Colours are off: this is a code only where letters are lighter "
				   "than what is behind them.");
	enum kith_err err = cli->color ? kith_qr_text(qr, &drawn) : kith_qr_text_plain(qr, &drawn);
	if (err)
		return kith_cli_fail(err, NULL);
	(void)fflush(stderr);
	(void)fwrite(drawn.p, 1, drawn.n, stdout);
	return 0;
}

/* --- in files, and for programs -------------------------------------------------------------- */

static int put_files(const struct kith_cli *cli, const struct wish *w, const struct kith_qr *qr)
{
	KITH_AUTO_BUF struct kith_buf svg = {0};
	KITH_AUTO_BUF struct kith_buf png = {0};
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;

	if (w->png)
		err = kith_picture_plot(qr->dark, qr->side, KITH_QR_QUIET, w->scale, &png, &diag);
	if (!err && w->svg)
		err = kith_qr_svg(qr, &svg);
	if (!err && w->png)
		err = kith_putfile(w->png, kith_buf_span(&png), &diag);
	if (!err && w->svg)
		err = kith_putfile(w->svg, kith_buf_span(&svg), &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	kith_cli_note(cli, "%s written.", w->png && w->svg ? "2 pictures" : "1 picture");
	return 0;
}

static json_t *list_of(struct kith_span names)
{
	json_t *list = json_array();

	while (list && names.n > 0) {
		const uint8_t *end = memmem(names.p, names.n, ", ", 2);
		size_t n = end ? (size_t)(end - names.p) : names.n;
		if (json_array_append_new(list, kith_json_text(kith_span(names.p, n)))) {
			json_decref(list);
			return NULL;
		}
		n += end ? 2 : 0;
		names = kith_span(names.p + n, names.n - n);
	}
	return list;
}

static int put_json(const struct kith_code *code)
{
	json_t *o = json_object();
	int bad = json_object_set_new(o, "form", json_string(code->form));

	bad |= json_object_set_new(o, "text", kith_json_text(kith_buf_span(&code->text)));
	bad |= json_object_set_new(o, "left_out", list_of(kith_buf_span(&code->left_out)));
	if (!bad)
		kith_json_line(stdout, o);
	json_decref(o);
	return bad ? kith_cli_fail(KITH_ERR_NOMEM, NULL) : 0;
}

/* The text as it is in the code, for a pipe. */
static void put_text(struct kith_span text)
{
	(void)fwrite(text.p, 1, text.n, stdout);
	if (text.n > 0 && text.p[text.n - 1] != '\n')
		(void)putchar('\n');
}

static void tell_left_out(const struct kith_cli *cli, struct kith_span names)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};

	if (names.n > 0 && !kith_show(&shown, names, LINE_MAX))
		kith_cli_note(cli, "Left out: %.*s.", (int)shown.n, (const char *)shown.p);
}

/* --- all of it ------------------------------------------------------------------------------- */

static int refuse(const struct wish *w, size_t bytes)
{
	return kith_cli_error(KITH_ERR_LIMIT,
		"%zu characters make a QR code that a phone does not read; %s", bytes,
		w->code.form == KITH_CODE_PHONE && w->level != KITH_QR_L
			? "choose fewer fields with --show, or --level L"
		: w->code.form == KITH_CODE_PHONE
			? "choose fewer fields with --show"
			: "kith export --format kith -o FILE writes a file");
}

/* The code of the text, unless it is too large to be of use. */
static int make(const struct wish *w, struct kith_span text, struct kith_qr *ret_qr)
{
	KITH_AUTO(kith_qr_free) struct kith_qr qr = {0};
	enum kith_err err =
		w->eci ? kith_qr_make_utf8(text, w->level, &qr) : kith_qr_make(text, w->level, &qr);

	if (err && err != KITH_ERR_LIMIT)
		return kith_cli_fail(err, NULL);
	if (err || qr.side > 17 + 4 * LARGEST)
		return refuse(w, text.n);
	*ret_qr = qr;
	qr = (struct kith_qr){0};
	return 0;
}

/* Text first: a screen reader comes to it, and the code stays where it can be seen. */
static int show(const struct kith_cli *cli, const struct kith_code *code, const struct kith_qr *qr)
{
	(void)printf("%s\n\n", (const char *)code->about.p);
	say_text(kith_buf_span(&code->text));
	(void)printf("\n");
	return draw(cli, qr);
}

/* Without a word of mine it is the card that is given at the event that runs.  Where the store cannot be read nobody
 * can make the code, who says why. */
static bool take_event(
	const struct kith_cli *cli, struct wish *w, struct kith_gathering *event, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	char name[KITH_GATHERING_SHOWN];

	if (w->code.who || w->code.card || w->code.show || w->identity || w->invite ||
		kith_store_open(cli->home, KITH_STORE_READ, &store, NULL))
		return true;
	if (!kith_gathering_running(store, event, ret_status) ||
		!kith_gathering_card(event, NULL, &w->code.card, ret_status))
		return false;
	if (w->code.card)
		kith_cli_note(cli, "This is your card %s, which is given at %s.", w->code.card,
			kith_gathering_quoted(event, name));
	return true;
}

int kith_cmd_qr(struct kith_cli *cli, int argc, char **argv)
{
	struct kith_gathering event;
	KITH_AUTO(kith_code_free) struct kith_code code = {0};
	KITH_AUTO(kith_qr_free) struct kith_qr qr = {0};
	KITH_AUTO_BUF struct kith_buf who = {0};
	struct wish w = {0};
	int status = 0;

	if (!read_wish(&argc, argv, &w, &status))
		return status;
	if (argc > 1 && !kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	w.code.who = argc > 1 ? kith_buf_cstr(&who) : NULL;
	if (!take_event(cli, &w, &event, &status) || !kith_code_make(cli, &w.code, &code, &status))
		return status;
	bool files = w.png || w.svg;
	bool screen = !files && !cli->json && isatty(STDOUT_FILENO);
	if ((files || screen) && (status = make(&w, kith_buf_span(&code.text), &qr)))
		return status;
	tell_left_out(cli, kith_buf_span(&code.left_out));
	if (files && (status = put_files(cli, &w, &qr)))
		return status;
	if (cli->json)
		return put_json(&code);
	if (screen)
		return show(cli, &code, &qr);
	if (!files)
		put_text(kith_buf_span(&code.text));
	return 0;
}
