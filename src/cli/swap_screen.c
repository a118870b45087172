/* SPDX-License-Identifier: MIT
 *
 * swap_screen - the live list at a terminal.  The only file that includes ncurses.
 *
 * The bottom line always says in words what is going on and which keys work, so that a screen
 * reader finds everything there; colour is never the only sign.
 */
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/swap.h"

#define MIN_COLS   20
#define MIN_LINES  6
#define DIGIT_ROWS 5
#define MESSAGE_ROWS 8 /* of one sentence on a narrow screen */

struct screen_view {
	SCREEN *screen;
	size_t cursor;                /* of the rows as shown */
	char chosen[KITH_PEER_CHARS]; /* the cursor sticks to a person, not to a place */
	char message[KITH_TEXT_BYTES];
};

/* Rows of a digit, three columns each. */
static const char *const digits[10][DIGIT_ROWS] = {
	{"###", "# #", "# #", "# #", "###"},
	{"  #", "  #", "  #", "  #", "  #"},
	{"###", "  #", "###", "#  ", "###"},
	{"###", "  #", "###", "  #", "###"},
	{"# #", "# #", "###", "  #", "  #"},
	{"###", "#  ", "###", "  #", "###"},
	{"###", "#  ", "###", "# #", "###"},
	{"###", "  #", "  #", "  #", "  #"},
	{"###", "# #", "###", "# #", "###"},
	{"###", "# #", "###", "  #", "###"},
};

/* --- the list --------------------------------------------------------------------------------- */

/* Who is to be shown, those still to be met first: indexes into rows. */
static size_t visible_rows(const struct kith_swap *s, size_t out[static KITH_ROWS_MAX])
{
	size_t n = 0;

	for (int swapped = 0; swapped <= 1; swapped++)
		for (size_t i = 0; i < s->n; i++)
			if (s->rows[i].swapped == (swapped == 1) &&
				(s->rows[i].here || s->rows[i].swapped))
				out[n++] = i;
	return n;
}

/* Puts the cursor where the chosen person is now. */
static void follow(struct kith_swap *s, const size_t *order, size_t n)
{
	struct screen_view *v = s->view_state;

	for (size_t i = 0; i < n; i++)
		if (strcmp(s->rows[order[i]].peer, v->chosen) == 0) {
			v->cursor = i;
			return;
		}
	if (v->cursor >= n)
		v->cursor = n ? n - 1 : 0;
	if (n)
		memcpy(v->chosen, s->rows[order[v->cursor]].peer, sizeof v->chosen);
}

static const char *remark(const struct kith_swap *s, const struct kith_swap_row *row)
{
	if (row->swapped)
		return row->here ? "swapped" : "swapped, has left";
	if (strcmp(s->request.peer, row->peer) == 0)
		return "asks to swap";
	if (row->unreachable)
		return "seen but not reached; ask them to pick you";
	if (strcmp(s->picked, row->peer) == 0)
		return s->asked ? "being asked" : "calling";
	return "";
}

static void draw_rows(struct kith_swap *s, int top, int room)
{
	struct screen_view *v = s->view_state;
	size_t order[KITH_ROWS_MAX];
	size_t n = visible_rows(s, order);
	char name[4 * KITH_SHOWN_NAME + 16];

	follow(s, order, n);
	size_t first = v->cursor >= (size_t)room ? v->cursor - (size_t)room + 1 : 0;
	for (size_t i = first; i < n && i - first < (size_t)room; i++) {
		const struct kith_swap_row *row = &s->rows[order[i]];
		bool here = i == v->cursor && !s->looking;
		if (here)
			attron(A_REVERSE);
		mvprintw(top + (int)(i - first), 0, "%s%2zu  ", here ? "> " : "  ", i + 1);
		addstr(kith_swap_name(row->name, name));
		printw("  %s  %s", row->peer, remark(s, row));
		if (here)
			attroff(A_REVERSE);
	}
	if (n == 0 && s->ready)
		mvaddstr(top, 2,
			"Nobody yet. The other person runs kith swap, too, on the same network.");
}

/* --- the code --------------------------------------------------------------------------------- */

static void draw_big(const char *code, int top, int left)
{
	size_t each = strlen(code) > 6 ? 4 : 3;

	for (size_t i = 0; code[i]; i++) {
		int x = left + (int)(i * 5 + i / each * 4);
		for (int y = 0; y < DIGIT_ROWS; y++)
			for (int k = 0; k < 3; k++) {
				bool on = digits[code[i] - '0'][y][k] == '#';
				if (on)
					attron(A_REVERSE);
				if (on)
					mvaddch(top + y, x + k, ' ');
				if (on)
					attroff(A_REVERSE);
			}
	}
}

static void draw_code(struct kith_swap *s, int top, int room)
{
	char name[4 * KITH_SHOWN_NAME + 16], grouped[20];
	int width = (int)strlen(s->code.code) * 5 + 8;

	kith_swap_name(s->code.name, name);
	kith_swap_group(s->code.code, grouped);
	mvprintw(top, 0, "Code with %s:", name);
	attron(A_BOLD);
	mvaddstr(top + 1, 4, grouped);
	attroff(A_BOLD);
	if (room >= DIGIT_ROWS + 4 && width + 4 < COLS)
		draw_big(s->code.code, top + 3, 4);
	int y = room >= DIGIT_ROWS + 5 ? top + DIGIT_ROWS + 4 : top + 2;
	if (y < top + room && strlen(s->code.code) > 6)
		mvprintw(y++, 0, "If theirs has six digits, compare the last six: %.3s %.3s",
			s->code.code + 6, s->code.code + 9);
	if (y < top + room && !s->code.gives)
		mvaddstr(y++, 0, "They give no card in return.");
	if (y < top + room && !s->code.attended)
		mvaddstr(y, 0, "Nobody compares codes there.");
}

/* --- the whole -------------------------------------------------------------------------------- */

static void status_line(const struct kith_swap *s, char *out, size_t cap)
{
	char name[4 * KITH_SHOWN_NAME + 16];

	if (s->code.peer[0] && s->answered)
		(void)snprintf(out, cap, "Waiting for them to say the same; c cancels.");
	else if (s->code.peer[0])
		(void)snprintf(out, cap,
			"Do both screens show this code? s for the same, d for different, c cancels.");
	else if (s->request.peer[0])
		(void)snprintf(out, cap, "%s (%s) asks to swap cards.%s%s y for yes, n for no.",
			kith_swap_name(s->request.name, name), s->request.peer,
			s->request.gives ? "" : " They give none in return.",
			s->request.attended ? "" : " Nobody compares there.");
	else if (s->picked[0])
		(void)snprintf(
			out, cap, "%s; c cancels.", s->asked ? "They are being asked" : "Calling");
	else if (s->looking)
		(void)snprintf(out, cap, "q leaves.");
	else
		(void)snprintf(out, cap, "Arrows or a number choose, Enter swaps, q leaves.");
}

static void title_line(const struct kith_swap *s, char *out, size_t cap)
{
	char me[4 * KITH_SHOWN_NAME + 16], event[160];

	kith_show_in(event, sizeof event, kith_span_str(s->options.event ? s->options.event : ""),
		KITH_SHOWN_NAME);
	if (s->looking)
		(void)snprintf(out, cap, "Who is here");
	else if (!s->ready)
		(void)snprintf(out, cap, "kith swap: starting");
	else if (s->visible)
		(void)snprintf(out, cap, "kith swap: you are visible as %s%s%s",
			kith_swap_name(s->me, me), event[0] ? ", at " : "", event);
	else
		(void)snprintf(out, cap, "kith swap: your name is hidden%s%s",
			event[0] ? ", at " : "", event);
}

static void draw_line(int y, const char *text, int attribute)
{
	char cut[4 * KITH_TEXT_BYTES];

	kith_show_in(cut, sizeof cut, kith_span_str(text), (size_t)COLS - 1);
	attron(attribute);
	mvaddstr(y, 0, cut);
	attroff(attribute);
}

/* Where the next row of a text ends: at the last blank that leaves it no wider than the screen. */
static size_t row_of(const char *text)
{
	size_t end = 0, n = 0;

	while (text[n]) {
		size_t word = n + strspn(text + n, " ");
		word += strcspn(text + word, " ");
		if (kith_text_columns(kith_span(text, word)) > (size_t)COLS - 1)
			break;
		n = end = word;
	}
	return end ? end : strlen(text); /* a word wider than the screen is cut */
}

/* Draws a text in as many rows as it needs, the last one at y; with draw false only counts them. */
static int draw_up(int y, const char *text, int attribute, bool draw)
{
	const char *row[MESSAGE_ROWS];
	size_t length[MESSAGE_ROWS];
	char line[KITH_TEXT_BYTES];
	int n = 0;

	for (; *text && n < MESSAGE_ROWS; n++) {
		row[n] = text;
		length[n] = row_of(text);
		text += length[n];
		text += strspn(text, " ");
	}
	for (int i = 0; draw && i < n; i++) {
		(void)snprintf(line, sizeof line, "%.*s", (int)length[i], row[i]);
		draw_line(y - n + 1 + i, line, attribute);
	}
	return n;
}

static void draw(struct kith_swap *s)
{
	struct screen_view *v = s->view_state;
	char line[KITH_TEXT_BYTES], status[KITH_TEXT_BYTES];

	status_line(s, status, sizeof status);
	int asked = draw_up(0, status, A_BOLD, false);
	int told = draw_up(0, v->message, A_NORMAL, false);
	int room = LINES - 3 - asked - told;

	erase();
	title_line(s, line, sizeof line);
	draw_line(0, line, A_BOLD);
	if (s->code.peer[0])
		draw_code(s, 2, room);
	else
		draw_rows(s, 2, room);
	(void)draw_up(LINES - 1 - asked, v->message, A_NORMAL, true);
	(void)draw_up(LINES - 1, status, A_BOLD, true);
	move(LINES - 1, 0);
	refresh();
}

static bool start(struct kith_swap *s)
{
	struct screen_view *v = calloc(1, sizeof *v);

	if (!v)
		return false;
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8"); /* names are UTF-8, whatever the locale */
	v->screen = newterm(NULL, stdout, stdin);
	if (!v->screen) {
		free(v);
		return false;
	}
	s->view_state = v;
	if (COLS < MIN_COLS || LINES < MIN_LINES) {
		s->view->stop(s);
		return false;
	}
	(void)cbreak();
	(void)noecho();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(25);
	(void)curs_set(0);
	draw(s);
	return true;
}

static void message(struct kith_swap *s, const struct kith_event *ev)
{
	struct screen_view *v = s->view_state;
	struct kith_swap_row *row = kith_swap_row(s, ev->peer);
	char name[4 * KITH_SHOWN_NAME + 16];

	kith_swap_name(row ? row->name : "", name);
	switch (ev->kind) {
	case KITH_EVENT_SWAPPED:
		(void)snprintf(v->message, sizeof v->message, "You have swapped with %s.%s", name,
			ev->delivered ? "" : " Whether your card arrived is not known yet.");
		break;
	case KITH_EVENT_FAILED:
		kith_swap_sentence(name, ev->error, ev->pending, v->message, sizeof v->message);
		if (ev->error == KITH_ERR_MISMATCH || ev->error == KITH_ERR_COMMIT)
			(void)beep();
		break;
	case KITH_EVENT_UNREACHABLE:
		kith_swap_sentence(
			name, KITH_ERR_UNREACHABLE, false, v->message, sizeof v->message);
		break;
	case KITH_EVENT_WITHDRAWN:
		(void)snprintf(v->message, sizeof v->message, "%s does not ask any more.", name);
		break;
	case KITH_EVENT_NOTICE:
		(void)snprintf(v->message, sizeof v->message, "%s", ev->text);
		break;
	case KITH_EVENT_REQUEST:
		(void)beep();
		v->message[0] = 0;
		break;
	default:
		break;
	}
}

/* ncurses learns of a new size when a key is asked for. */
static void take_resize(void)
{
	int key = getch();

	if (key != ERR && key != KEY_RESIZE)
		(void)ungetch(key);
}

static void event(struct kith_swap *s, const struct kith_event *ev)
{
	if (ev)
		message(s, ev);
	else
		take_resize();
	draw(s);
}

/* A key while something waits for an answer.  Enter alone is never a yes, and the keys for the code
 * are others than those for a request: a "y" that is held down must not compare unseen. */
static bool decide(struct kith_swap *s, int key)
{
	struct screen_view *v = s->view_state;
	bool code = s->code.peer[0] && !s->answered;

	if (!code && !s->request.peer[0])
		return false;
	if (code ? key == 's' || key == 'd' : key == 'y' || key == 'n') {
		if (code)
			kith_swap_compared(s, key == 's');
		else
			kith_swap_answer(s, key == 'y');
		v->message[0] = 0;
		return true;
	}
	if (key == '\n' || key == KEY_ENTER || (code && key == 'y'))
		(void)snprintf(v->message, sizeof v->message, "%s",
			code ? "Compare first; then press s for the same or d for different."
			     : "Press y for yes or n for no.");
	if (code && key == 'c')
		kith_swap_cancel(s);
	return code || key == '\n' || key == KEY_ENTER;
}

static void choose(struct kith_swap *s, int key)
{
	struct screen_view *v = s->view_state;
	size_t order[KITH_ROWS_MAX];
	size_t n = visible_rows(s, order);

	if (key == KEY_UP && v->cursor > 0)
		v->cursor--;
	else if (key == KEY_DOWN && v->cursor + 1 < n)
		v->cursor++;
	else if (key >= '1' && key <= '9' && (size_t)(key - '1') < n)
		v->cursor = (size_t)(key - '1');
	if (v->cursor < n)
		memcpy(v->chosen, s->rows[order[v->cursor]].peer, sizeof v->chosen);
	if ((key == '\n' || key == KEY_ENTER) && v->cursor < n) {
		v->message[0] = 0;
		kith_swap_pick(s, v->chosen);
	}
}

static void input(struct kith_swap *s)
{
	int key;
	bool any = false;

	while ((key = getch()) != ERR && !s->end) {
		any = true;
		if (decide(s, key))
			continue;
		if (key == 'q')
			s->end = true;
		else if (key == 'c')
			kith_swap_cancel(s);
		else if (!s->code.peer[0])
			choose(s, key);
	}
	if (!any) { /* ready, and nothing to read: the terminal has gone */
		char c;
		s->input_ended = read(STDIN_FILENO, &c, 1) == 0;
		s->end = s->end || s->input_ended;
	}
	draw(s);
}

static void stop(struct kith_swap *s)
{
	struct screen_view *v = s->view_state;
	char name[4 * KITH_SHOWN_NAME + 16];

	if (!v)
		return;
	(void)endwin();
	delscreen(v->screen);
	free(v);
	s->view_state = NULL;
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].swapped)
			(void)printf("Met: %s\n", kith_swap_name(s->rows[i].name, name));
}

const struct kith_swap_view kith_swap_screen = {start, event, input, stop};
