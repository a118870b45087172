/* SPDX-License-Identifier: MIT
 *
 * review_screen - the same questions on a screen of their own.
 *
 * The card above, the question and the line below, and at the bottom always in words which keys work; colour is no sign.
 */
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/review.h"

#define MIN_COLS     20
#define MIN_LINES    8
#define ROW_BYTES    (4 * KITH_SHOWN_LINE + 64)
#define LETTER_BYTES 16 /* and more, that a column takes: marks on a letter */

#define CTRL(c) ((c)&0x1f)
#define ESC     0x1b

struct review_view {
	struct kith_walk *w;
	struct kith_buf line; /* what is being typed, UTF-8 */
	size_t at;            /* where in it the next letter goes */
	struct kith_buf name;
	struct kith_buf card;     /* lines */
	struct kith_buf question; /* lines */
	size_t top;               /* the first row of the card that is shown */
	size_t rows;              /* of the card, as it is broken now */
	bool sure;                /* a line is to be given up by leaving */
	uint8_t part[4];          /* of a letter whose other bytes are still to come */
	size_t part_n;
};

/* --- rows ------------------------------------------------------------------------------------- */

static size_t columns(void)
{
	return COLS > 1 ? (size_t)(COLS - 1) : 1;
}

static size_t after_letter(struct kith_span text, size_t n)
{
	n++;
	while (n < text.n && (text.p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool fits(struct kith_span text, size_t n)
{
	return kith_text_columns(kith_span(text.p, n)) <= columns();
}

/* As many letters as there is room for, and one at least. */
static size_t letters_of(struct kith_span text)
{
	size_t n = 0, next;

	for (; n < text.n && text.p[n] != '\n'; n = next) {
		next = after_letter(text, n);
		if (n && !fits(text, next))
			break;
	}
	return n;
}

/* Where the row ends that this text begins: at a line end, or the last blank that fits; what has no blank is broken where
 * the room ends. */
static size_t row_of(struct kith_span text)
{
	size_t n = 0;

	while (n < text.n && text.p[n] != '\n') {
		size_t word = n;
		while (word < text.n && text.p[word] == ' ')
			word++;
		while (word < text.n && text.p[word] != ' ' && text.p[word] != '\n')
			word++;
		if (!fits(text, word))
			return n ? n : letters_of(text);
		n = word;
	}
	return n;
}

/* Takes the next row off the text. */
static struct kith_span next_row(struct kith_span *text)
{
	struct kith_span row = kith_span(text->p, row_of(*text));
	size_t n = row.n;

	while (n < text->n && text->p[n] == ' ')
		n++;
	if (n < text->n && text->p[n] == '\n')
		n++;
	*text = kith_span(text->p + n, text->n - n);
	return row;
}

static size_t rows_of(struct kith_span text)
{
	size_t n = 0;

	for (; text.n; n++)
		(void)next_row(&text);
	return n;
}

/* Whoever draws goes from the top down: nothing that a terminal takes for wider than we do can reach below its own row. */
static void put_row(int y, struct kith_span text, int attribute)
{
	char row[ROW_BYTES];

	if (move(y, 0) == ERR)
		return;
	(void)clrtobot();
	attron(attribute);
	addstr(kith_show_in(row, sizeof row, text, columns()));
	attroff(attribute);
}

/* So many rows of the text from `skip` on; returns where the next one begins. */
static int put_text(int y, struct kith_span text, size_t skip, size_t most, int attribute)
{
	for (size_t i = 0; text.n && i < skip + most; i++) {
		struct kith_span row = next_row(&text);
		if (i >= skip)
			put_row(y++, row, attribute);
	}
	return y;
}

/* --- the whole -------------------------------------------------------------------------------- */

static const char *keys(const struct review_view *v)
{
	const struct kith_walk *w = v->w;

	if (v->sure)
		return "Esc again gives up the line that you typed; Enter keeps it.";
	if (w->ask == KITH_ASK_END)
		return "Up takes the last decision back; Enter or Esc ends.";
	if (w->ask == KITH_ASK_DECIDE)
		return "k keep, s soon, l let go. Up goes back, Right leaves this one for another day, "
		       "Esc ends.";
	if (w->full)
		return "Enter takes the number or name, Up goes back, PgDn shows more, Esc ends.";
	return "Enter goes on, Up goes back, Right leaves this one for another day, Esc ends.";
}

/* Appends a part of the line; blanks at its beginning and end are not dropped. */
static enum kith_err show_part(
	struct kith_buf *out, const struct review_view *v, size_t from, size_t to)
{
	const uint8_t *p = v->line.p;
	enum kith_err err = KITH_OK;
	size_t end = to;

	for (; !err && from < to && p[from] == ' '; from++)
		err = kith_buf_add_str(out, " ");
	while (end > from && p[end - 1] == ' ')
		end--;
	if (!err && from < end)
		err = kith_show(out, kith_span(p + from, end - from), LETTER_BYTES * columns());
	for (; !err && end < to; end++)
		err = kith_buf_add_str(out, " ");
	return err;
}

/* What stands before the cursor and behind it, as much as there is room for around it: of what is behind a third at least. */
static size_t put_around(struct kith_span before, struct kith_span behind, size_t room)
{
	size_t wide = kith_text_columns(behind), ahead = wide < room / 3 ? wide : room / 3;

	while (before.n && kith_text_columns(before) + ahead > room) {
		size_t n = after_letter(before, 0);
		before = kith_span(before.p + n, before.n - n);
	}
	addnstr(before.n ? (const char *)before.p : "", (int)before.n);
	size_t x = kith_text_columns(before), n = 0, next;
	for (; n < behind.n; n = next) {
		next = after_letter(behind, n);
		if (x + kith_text_columns(kith_span(behind.p, next)) > room)
			break;
	}
	addnstr(behind.n ? (const char *)behind.p : "", (int)n);
	return x;
}

/* The line around the cursor.  Where that stands. */
static int put_line(int y, const struct review_view *v)
{
	KITH_AUTO_BUF struct kith_buf before = {0};
	KITH_AUTO_BUF struct kith_buf behind = {0};
	size_t room = columns() > 3 ? columns() - 3 : 1, most = LETTER_BYTES * room;
	size_t from = 0, to = v->at;

	while (v->at - from > most)
		from = after_letter(kith_buf_span(&v->line), from);
	while (to < v->line.n && to - v->at < most)
		to = after_letter(kith_buf_span(&v->line), to);
	if (move(y, 0) == ERR || v->w->ask == KITH_ASK_DECIDE || v->w->ask == KITH_ASK_END ||
		show_part(&before, v, from, v->at) || show_part(&behind, v, v->at, to))
		return 0;
	(void)clrtobot();
	addstr("> ");
	return 2 + (int)put_around(kith_buf_span(&before), kith_buf_span(&behind), room);
}

static struct kith_span title(const struct review_view *v, char out[static ROW_BYTES])
{
	if (v->w->ask == KITH_ASK_END)
		(void)snprintf(out, ROW_BYTES, "kith review");
	else
		(void)snprintf(out, ROW_BYTES, "%zu left: %.*s", kith_walk_left(v->w),
			(int)v->name.n, v->name.n ? (const char *)v->name.p : "");
	return kith_span_str(out);
}

/* What has to be seen is measured first; the card gets what is left. */
static void draw(struct review_view *v)
{
	char top[ROW_BYTES];
	struct kith_span said = kith_span_str(v->w->said), hint = kith_span_str(keys(v));
	struct kith_span question = kith_buf_span(&v->question), card = kith_buf_span(&v->card);
	size_t all = LINES > 0 ? (size_t)LINES : 1;
	size_t words = rows_of(hint) + rows_of(said) + 2; /* with the title and the line */
	size_t asked = rows_of(question);
	asked = asked + words > all ? all > words ? all - words : 1 : asked;
	size_t room = all > words + asked + 1 ? all - words - asked - 1 : 0; /* and a blank one */

	v->rows = rows_of(card);
	if (v->top + room > v->rows)
		v->top = v->rows > room ? v->rows - room : 0;
	erase();
	put_row(0, title(v, top), A_BOLD);
	int y = put_text(1, card, v->top, room, A_NORMAL);
	if (v->top + room < v->rows && y < (int)all)
		put_row(y, kith_span_str("(PgDn shows more)"), A_NORMAL);
	y = put_text(room ? y + 1 : y, question, 0, asked, A_BOLD);
	int line = y++, x = put_line(line, v), bottom = (int)(all - rows_of(hint));
	y = put_text(y, said, 0, all, A_NORMAL);
	(void)put_text(bottom > y ? bottom : y, hint, 0, all, A_NORMAL);
	move(line, x);
	(void)refresh();
}

/* --- what is typed ---------------------------------------------------------------------------- */

static void drop_line(struct review_view *v)
{
	v->line.n = v->at = 0;
}

/* Whether a mark stands there, which belongs to the letter before it. */
static bool is_mark(const struct review_view *v, size_t at)
{
	size_t next = after_letter(kith_buf_span(&v->line), at);

	return kith_text_columns(kith_span(v->line.p + at, next - at)) == 0;
}

/* The beginning of the letter before the cursor, with or without its marks; of the next one, with its marks. */
static size_t letter_before(const struct review_view *v, bool marks)
{
	size_t at = v->at;

	do {
		at -= at > 0;
		while (at && (v->line.p[at] & 0xc0) == 0x80)
			at--;
	} while (marks && at && is_mark(v, at));
	return at;
}

static size_t letter_behind(const struct review_view *v)
{
	size_t at = v->at;

	if (at < v->line.n)
		at = after_letter(kith_buf_span(&v->line), at);
	while (at < v->line.n && is_mark(v, at))
		at = after_letter(kith_buf_span(&v->line), at);
	return at;
}

/* Takes that part out; the cursor stands where it was. */
static void cut(struct review_view *v, size_t from, size_t to)
{
	if (from < to)
		memmove(v->line.p + from, v->line.p + to, v->line.n - to);
	v->line.n -= to - from;
	v->at = from;
}

static void drop_letter(struct review_view *v)
{
	cut(v, letter_before(v, false), v->at);
}

static void type_letter(struct review_view *v, struct kith_span letter)
{
	if (letter.p[0] < 0x20 || !kith_text_valid(letter))
		return;
	if (v->line.n + 4 > KITH_NOTE_MAX) {
		(void)beep();
		return;
	}
	if ((v->w->err = kith_buf_add(&v->line, letter.p, letter.n)))
		return;
	uint8_t *here = v->line.p + v->at;
	memmove(here + letter.n, here, v->line.n - letter.n - v->at);
	memcpy(here, letter.p, letter.n);
	v->at += letter.n;
}

/* A line that was begun is not lost by a key beside. */
static bool has_line(struct review_view *v)
{
	if (v->line.n)
		(void)snprintf(v->w->said, sizeof v->w->said,
			"Enter keeps the line that you typed, Ctrl-U drops it.");
	return v->line.n > 0;
}

static void leave(struct review_view *v)
{
	v->w->left = v->sure || v->line.n == 0;
	v->sure = !v->w->left;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static void look(struct review_view *v)
{
	struct kith_walk *w = v->w;

	v->name.n = v->card.n = v->question.n = v->top = 0;
	if (!w->err && kith_walk_person(w))
		w->err = kith_walk_name(w, &v->name);
	if (!w->err)
		w->err = kith_walk_card(w, &v->card);
	if (!w->err)
		w->err = kith_walk_question(w, &v->question);
}

/* What was typed before the three were on the screen decides nothing: it may be the rest of what was pasted. */
static void moved(struct review_view *v)
{
	look(v);
	if (v->w->ask == KITH_ASK_DECIDE)
		(void)flushinp();
}

static void enter(struct review_view *v)
{
	struct kith_walk *w = v->w;
	enum kith_ask ask = w->ask;
	size_t at = w->at;
	int64_t full = w->full;

	kith_walk_answer(w, kith_buf_span(&v->line));
	bool taken = w->ask != ask || w->at != at || w->full != full;
	if (taken)
		drop_line(v); /* else it is put right */
	if (taken && !w->err && !w->left)
		moved(v);
}

static void decide(struct review_view *v, uint8_t c)
{
	const char letter = c < 0x80 ? (char)(c | 0x20) : 0;

	if (letter == 'q') {
		v->w->left = true;
	} else if (letter == 'k' || letter == 's' || letter == 'l') {
		kith_walk_answer(v->w, kith_span(&letter, 1));
		if (!v->w->err)
			moved(v);
	}
}

/* --- keys ------------------------------------------------------------------------------------- */

static void take_key(struct review_view *v, int key)
{
	switch (key) {
	case KEY_UP:
	case KEY_BTAB:
		if (has_line(v))
			break;
		kith_walk_back(v->w);
		look(v);
		break;
	case KEY_RIGHT:
		if (v->at < v->line.n)
			v->at = letter_behind(v);
		else if (!has_line(v)) {
			kith_walk_skip(v->w);
			look(v);
		}
		break;
	case KEY_LEFT:
		v->at = letter_before(v, true);
		break;
	case KEY_HOME:
		v->at = 0;
		break;
	case KEY_END:
		v->at = v->line.n;
		break;
	case KEY_DC:
		cut(v, v->at, letter_behind(v));
		break;
	case KEY_NPAGE:
		v->top += (size_t)LINES / 2;
		break;
	case KEY_PPAGE:
		v->top -= v->top < (size_t)LINES / 2 ? v->top : (size_t)LINES / 2;
		break;
	case KEY_BACKSPACE:
		drop_letter(v);
		break;
	case KEY_ENTER:
		enter(v);
		break;
	default:
		break;
	}
}

static void take_letter(struct review_view *v, struct kith_span letter)
{
	const uint8_t c = letter.p[0];
	bool was_sure = v->sure;

	v->sure = was_sure && (c == ESC || c == CTRL('c') || c == CTRL('d'));
	switch (c) {
	case '\r':
	case '\n':
		if (v->w->ask != KITH_ASK_DECIDE)
			enter(v);
		break;
	case ESC:
	case CTRL('c'):
	case CTRL('d'):
		leave(v);
		break;
	case CTRL('h'):
	case 0x7f:
		drop_letter(v);
		break;
	case CTRL('u'):
		drop_line(v);
		break;
	case CTRL('a'):
		v->at = 0;
		break;
	case CTRL('e'):
		v->at = v->line.n;
		break;
	case CTRL('l'):
		(void)clearok(stdscr, TRUE);
		break;
	case CTRL('z'):
		(void)raise(SIGTSTP);
		break;
	default:
		if (v->w->ask == KITH_ASK_DECIDE || (v->w->ask == KITH_ASK_END && c == 'q'))
			decide(v, c);
		else if (v->w->ask != KITH_ASK_END)
			type_letter(v, letter);
	}
}

static size_t letter_bytes(uint8_t first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* A letter comes byte by byte, and the terminal may have more of it only later: get_wch would lose what it had. */
static void take_byte(struct review_view *v, uint8_t byte)
{
	if ((byte & 0xc0) != 0x80)
		v->part_n = 0; /* the one before was never ended */
	else if (v->part_n == 0)
		return;
	v->part[v->part_n++] = byte;
	if (v->part_n < letter_bytes(v->part[0]))
		return;
	take_letter(v, kith_span(v->part, v->part_n));
	v->part_n = 0;
}

static void take(struct review_view *v, int key)
{
	v->w->said[0] = key == KEY_RESIZE ? v->w->said[0] : 0;
	if (key > UINT8_MAX)
		take_key(v, key);
	else
		take_byte(v, (uint8_t)key);
}

/* Waits for keys, or another size, and takes what has come.  before: the signals that were let in before set_up. */
static void listen_to(struct review_view *v, const sigset_t *before)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int key;

	if (ppoll(&p, 1, NULL, before) < 0 && errno != EINTR)
		v->w->left = true;
	while (!v->w->left && !v->w->err && (key = getch()) != ERR)
		take(v, key);
	v->w->left |= (p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0; /* the terminal has gone */
}

/* --- the screen ------------------------------------------------------------------------------- */

/* A new size is learnt of while waiting alone: else it might come just before, and wait for a key. */
static void set_up(sigset_t *ret_before)
{
	sigset_t size;

	(void)sigemptyset(&size);
	(void)sigaddset(&size, SIGWINCH);
	(void)sigprocmask(SIG_BLOCK, &size, ret_before);
	(void)raw(); /* Ctrl-C leaves in order */
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(25);
}

static void view_free(struct review_view *v)
{
	kith_buf_free(&v->line);
	kith_buf_free(&v->name);
	kith_buf_free(&v->card);
	kith_buf_free(&v->question);
}

int kith_review_screen(struct kith_walk *w)
{
	KITH_AUTO(view_free) struct review_view v = {.w = w};
	sigset_t before;

	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8"); /* names are UTF-8, whatever the locale */
	SCREEN *screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return -1;
	bool large = COLS >= MIN_COLS && LINES >= MIN_LINES;
	if (large) {
		set_up(&before);
		moved(&v);
	}
	while (large && !w->left && !w->err) {
		draw(&v);
		listen_to(&v, &before);
	}
	(void)endwin();
	if (large)
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
	delscreen(screen);
	return large ? 0 : -1;
}
