/* SPDX-License-Identifier: MIT
 *
 * due - what is ripe: one list, and a calendar of it.
 */
#include <stdlib.h>

#include <kith/due.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/args.h"
#include "cli/due.h"
#include "cli/lines.h"
#include "cli/paste.h"
#include "cli/person.h"
#include "cli/putfile.h"
#include "cli/when.h"
#include "cli/words.h"

enum { COL_WHEN, COL_WHO, COL_WHAT, COL_SETTLE, COLUMNS };

static const char *const heads[COLUMNS] = {"WHEN", "WHO", "WHAT", "TO SETTLE IT"};

#define GAP  2  /* blanks between columns, and before a command that stands below */
#define WHEN 20 /* columns of the longest day, "on 30 September 2026" */
#define CELL 9  /* that a cell keeps where it has more, */
#define ROOM 12 /* or where a command stands beside it */

/* On a screen of so many columns nothing is lacking: each line has something of every cell, and the longest command is whole,
 * "kith snooze 'NAME' 2026-05-03" with a name of 30.  On a narrower one lines end at the edge, cut; they never go on below. */
#define NARROWEST 55

_Static_assert(WHEN + GAP + CELL + GAP + CELL <= NARROWEST, "is what the cells need");

/* --- the list --------------------------------------------------------------------------------- */

struct cells {
	struct kith_buf at[COLUMNS];
};

struct table {
	struct cells *row;
	size_t n;
	size_t width[COLUMNS];
	size_t screen; /* columns of the terminal; 0: it is none */
	bool below;    /* commands stand in lines of their own, */
	size_t indent; /* so far from the left */
};

static void table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		for (int c = 0; c < COLUMNS; c++)
			kith_buf_free(&t->row[i].at[c]);
	free(t->row);
}

static enum kith_err add_who(struct kith_buf *out, const struct kith_due_line *line)
{
	enum kith_err err = kith_show(out, line->name, KITH_SHOWN_NAME);

	if (!err && out->n == 0 && line->kind != KITH_DUE_REVIEW)
		err = kith_buf_add_str(out, KITH_UNSEEN);
	return err;
}

static enum kith_err fill(
	struct cells *cells, const struct kith_due_lines *lines, const struct kith_due_line *line)
{
	char buf[24];
	const char *words[KITH_DUE_ARGS];
	size_t n = kith_due_settle(line, lines->today, buf, words);
	enum kith_err err = kith_due_when(&cells->at[COL_WHEN], lines, line);

	if (!err)
		err = add_who(&cells->at[COL_WHO], line);
	if (!err)
		err = kith_due_what(&cells->at[COL_WHAT], line);
	if (!err)
		err = kith_paste(&cells->at[COL_SETTLE], words, n);
	if (!err)
		cells->at[COL_SETTLE].n = strlen((const char *)cells->at[COL_SETTLE].p);
	return err;
}

/* What and who give way, and when where commands stand below.  True: so everything fits. */
static bool give_way(size_t width[static COLUMNS], int columns, size_t screen)
{
	static const int giving[] = {COL_WHAT, COL_WHO, COL_WHEN};
	bool below = columns == COL_SETTLE;
	size_t givers = below ? 3 : 2, least = below ? CELL : ROOM;
	size_t total = 0;

	for (int c = 0; c < columns; c++)
		total += width[c] ? width[c] + GAP : 0;
	total -= total ? GAP : 0;
	for (size_t i = 0; i < givers && total > screen; i++) {
		size_t *w = &width[giving[i]];
		size_t give = *w > least ? *w - least : 0;
		give = give < total - screen ? give : total - screen;
		*w -= give;
		total -= give;
	}
	return total <= screen;
}

/* A command is whole, or it is none: on a narrow screen it stands below. */
static void make_room(struct table *t)
{
	size_t width[COLUMNS];

	memcpy(width, t->width, sizeof width);
	t->below = !give_way(width, COLUMNS, t->screen);
	if (t->below) {
		memcpy(width, t->width, sizeof width);
		(void)give_way(width, COL_SETTLE, t->screen);
		t->indent = width[COL_SETTLE] + GAP <= t->screen ? GAP : 0;
	}
	memcpy(t->width, width, sizeof width);
}

static void measure(struct table *t)
{
	t->screen = kith_lines_columns(stdout);
	for (int c = 0; c < COLUMNS; c++) {
		for (size_t i = 0; i < t->n; i++) {
			size_t w = kith_text_columns(kith_buf_span(&t->row[i].at[c]));
			t->width[c] = w > t->width[c] ? w : t->width[c];
		}
		if (t->screen && t->width[c] && t->width[c] < strlen(heads[c]))
			t->width[c] = strlen(heads[c]);
	}
	if (t->screen)
		make_room(t);
}

static void print_blanks(size_t n)
{
	for (; n > 0; n--)
		(void)putc_unlocked(' ', stdout);
}

/* As wide as `room` at most; returns how wide that is. */
static size_t print_text(struct kith_span s, size_t room)
{
	char cut[4 * KITH_SHOWN_LINE * 2];
	size_t width = kith_text_columns(s);

	if (width > room) {
		s = kith_span_str(kith_show_in(cut, sizeof cut, s, room));
		width = kith_text_columns(s);
	}
	if (s.n)
		(void)fwrite(s.p, 1, s.n, stdout);
	return width;
}

/* Cells from the left, with blanks behind each where another one follows; nothing of a column in which nothing is, nor beyond the
 * edge of the screen. */
static void print_cells(const struct table *t, const struct kith_span cells[static COLUMNS])
{
	size_t edge = t->screen ? t->screen : SIZE_MAX, at = 0, to = 0;

	for (int c = 0; c < COLUMNS; c++) {
		if (t->below && c == COL_SETTLE) {
			(void)putc_unlocked('\n', stdout);
			at = 0;
			to = t->indent;
		}
		if (t->width[c] == 0 || to >= edge)
			continue;
		print_blanks(to - at);
		size_t room = t->width[c] < edge - to ? t->width[c] : edge - to;
		at = to + print_text(cells[c], room);
		to += t->width[c] + GAP;
	}
	(void)putc_unlocked('\n', stdout);
}

static void print_row(const struct table *t, const struct cells *row)
{
	struct kith_span cells[COLUMNS];

	for (int c = 0; c < COLUMNS; c++)
		cells[c] = kith_buf_span(&row->at[c]);
	print_cells(t, cells);
}

static void print_heading(const struct table *t, bool color)
{
	struct kith_span cells[COLUMNS];

	for (int c = 0; c < COLUMNS; c++)
		cells[c] = kith_span_str(heads[c]);
	if (color)
		(void)fputs("\033[1m", stdout);
	print_cells(t, cells);
	if (color)
		(void)fputs("\033[0m", stdout);
}

static enum kith_err print(const struct kith_cli *cli, const struct kith_due_lines *lines)
{
	KITH_AUTO(table_free) struct table t = {.row = calloc(lines->n + 1, sizeof *t.row)};
	enum kith_err err = t.row ? KITH_OK : KITH_ERR_NOMEM;

	for (size_t i = 0; !err && i < lines->n; i++)
		err = fill(&t.row[t.n++], lines, &lines->at[i]);
	if (err)
		return err;
	measure(&t);
	if (t.screen)
		print_heading(&t, cli->color);
	for (size_t i = 0; i < t.n; i++)
		print_row(&t, &t.row[i]);
	return KITH_OK;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *settle_json(const struct kith_due_line *line, int32_t today)
{
	char buf[24];
	const char *words[KITH_DUE_ARGS];
	size_t n = kith_due_settle(line, today, buf, words);
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(array, kith_json_text(kith_span_str(words[i])));
	return array;
}

static json_t *line_json(const struct kith_due_line *line, int32_t today)
{
	char day[KITH_DAY_CHARS + 1], since[KITH_DATE_CHARS], id[KITH_ID_CHARS + 1];
	bool nobody = line->kind == KITH_DUE_REVIEW;

	kith_day_write(line->day, day);
	if (line->has_key)
		kith_id_text(line->ik, id);
	else
		kith_uid_write(line->uuid, id);
	json_t *o = json_pack("{s:s,s:o,s:o,s:s,s:o,s:o,s:o}", "kind",
		kith_due_name((enum kith_due_kind)line->kind), "name",
		nobody ? json_null() : kith_json_text(line->name), "id",
		nobody ? json_null() : json_string(id), "when", day, "since",
		line->since ? json_string(kith_words_iso(line->since, since)) : json_null(), "text",
		kith_json_text(line->text), "settle", settle_json(line, today));
	int bad = o ? 0 : -1;
	if (!bad && line->number)
		bad = json_object_set_new(o, "number", json_integer((json_int_t)line->number));
	if (!bad && line->rhythm)
		bad = json_object_set_new(o, "rhythm", json_integer((json_int_t)line->rhythm));
	if (!bad && line->people)
		bad = json_object_set_new(o, "people", json_integer((json_int_t)line->people));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static enum kith_err print_json(const struct kith_due_lines *lines)
{
	json_t *array = json_array();
	int bad = array ? 0 : -1;

	for (size_t i = 0; !bad && i < lines->n; i++)
		bad = json_array_append_new(array, line_json(&lines->at[i], lines->today));
	if (!bad)
		kith_json_line(stdout, array);
	json_decref(array);
	return bad ? KITH_ERR_NOMEM : KITH_OK;
}

/* --- the command ------------------------------------------------------------------------------ */

static int list(struct kith_cli *cli, const struct kith_due_lines *lines, uint32_t ahead)
{
	enum kith_err err;

	if (cli->json)
		err = print_json(lines);
	else
		err = print(cli, lines);
	if (!err && lines->n == 0 && ahead)
		kith_cli_say(cli, "Nothing is due within %u days.", (unsigned)ahead);
	else if (!err && lines->n == 0)
		kith_cli_say(cli, "Nothing is due.");
	return err ? kith_cli_fail(err, NULL) : 0;
}

static int write_calendar(
	struct kith_cli *cli, const struct kith_due_lines *lines, const char *file)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_diag diag = {0};
	char shown[256];
	size_t n = 0;
	enum kith_err err = kith_due_calendar(&text, lines, &n, &diag);

	if (!err)
		err = kith_putfile(file, kith_buf_span(&text), &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (strcmp(file, "-") == 0)
		return 0;
	kith_json_tell(cli, json_pack("{s:o,s:I}", "file", kith_json_text(kith_span_str(file)),
				    "entries", (json_int_t)n));
	kith_cli_note(cli, "%s has %zu %s; it names people, and what was said among you",
		kith_show_in(shown, sizeof shown, kith_span_str(file), 60), n,
		n == 1 ? "entry" : "entries");
	return 0;
}

static bool read_days(const char *text, uint32_t *ret)
{
	char *end;
	long n = strtol(text, &end, 10);

	*ret = (uint32_t)n;
	return *text >= '0' && *text <= '9' && !*end && n >= 0 && n <= KITH_DUE_DAYS_MAX;
}

int kith_cmd_due(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_due_lines_free) struct kith_due_lines lines = {0};
	const char *days = NULL, *ics = NULL;
	bool all = false;
	const struct kith_option options[] = {{.name = "all", .flag = &all},
		{.name = "days", .value = &days}, {.name = "ics", .value = &ics}};
	uint32_t ahead;
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(
			argv[0], "due takes no arguments; of one person: kith show WHO");
	if (all && days)
		return kith_cli_usage(argv[0], "--all is a year; say one of them");
	ahead = all || ics ? KITH_DUE_DAYS_MAX : 0;
	if (days && !read_days(days, &ahead))
		return kith_cli_usage(
			argv[0], "--days is a number from 0 to %d", KITH_DUE_DAYS_MAX);
	if (ics && cli->json && strcmp(ics, "-") == 0)
		return kith_cli_usage(argv[0], "a calendar is no JSON; give --ics a file");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_due_read(&lines, store, ahead, ics != NULL);
	if (err)
		return kith_cli_fail_store(err, store);
	return ics ? write_calendar(cli, &lines, ics) : list(cli, &lines, ahead);
}
