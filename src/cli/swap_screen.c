/* SPDX-License-Identifier: MIT
 *
 * swap_screen - the live list at a terminal.
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
#include "qr/qr.h"

#define MIN_COLS       20
#define MIN_LINES      6
#define DIGIT_ROWS     5
#define NAME_COLUMN    6
#define REMARK_COLUMNS 60
#define ALIKE_BYTES    256 /* of "has the name of your ..." */
#define READ_MS        700 /* longer than a key that is held down waits before it repeats */

struct screen_view {
	SCREEN *screen;
	size_t cursor;                /* of the rows as shown */
	char chosen[KITH_PEER_CHARS]; /* the cursor sticks to a person, not to a place */
	char message[KITH_TEXT_BYTES];
	char asker[KITH_PEER_CHARS]; /* whose request is on the screen; empty for nobody's */
	uint64_t asker_left;         /* when the last one's ended, ticks; 0: none has */
	bool unread;         /* it came so soon after another that y may be meant for that */
	bool undrawn;        /* and is not on the screen yet */
	uint64_t quiet_from; /* no key has come since, ticks */
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

#define DARK_ON_LIGHT 1 /* the pair of colours a QR code is drawn in */

/* --- text in rows of the screen ---------------------------------------------------------------- */

static size_t columns_from(int left)
{
	return COLS - 1 > left ? (size_t)(COLS - 1 - left) : 0;
}

/* Whoever draws goes from the top down: nothing that a terminal takes for wider than we do can reach
 * below its own row. */
static void draw_line(int y, int left, const char *text, int attribute)
{
	char cut[4 * KITH_TEXT_BYTES];

	kith_show_in(cut, sizeof cut, kith_span_str(text), columns_from(left));
	if (move(y, 0) == ERR)
		return;
	(void)clrtobot();
	attron(attribute);
	mvaddstr(y, left, cut);
	attroff(attribute);
}

/* Where the next row of a text ends: at the last blank that leaves it no wider than that. */
static size_t row_of(const char *text, size_t width)
{
	size_t end = 0, n = 0;

	while (text[n]) {
		size_t word = n + strspn(text + n, " ");
		word += strcspn(text + word, " ");
		if (end && kith_text_columns(kith_span(text, word)) > width)
			break;
		n = end = word; /* a word that is wider by itself is cut */
	}
	return end;
}

/* Draws a text in as many rows as it needs, from y down, but never over the first row; with draw
 * false only counts them. */
static int draw_text(int y, int left, const char *text, int attribute, bool draw)
{
	char line[4 * KITH_TEXT_BYTES];
	int n = 0;

	for (; *text; n++) {
		size_t length = row_of(text, columns_from(left));
		(void)snprintf(line, sizeof line, "%.*s", (int)length, text);
		if (draw && y + n > 0) /* the first row is the title's, or the code's */
			draw_line(y + n, left, line, attribute);
		text += length;
		text += strspn(text, " ");
	}
	return n;
}

/* The same with the last row at y. */
static void draw_up(int y, const char *text, int attribute)
{
	(void)draw_text(y - draw_text(0, 0, text, attribute, false) + 1, 0, text, attribute, true);
}

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

/* Puts the cursor where the chosen person is now.  When they have left, nobody is chosen until the
 * person here chooses again: Enter must not fall to whoever has moved up.  Only an empty list begins
 * anew. */
static void follow(struct kith_swap *s, const size_t *order, size_t n)
{
	struct screen_view *v = s->view_state;

	if (n == 0)
		v->chosen[0] = 0;
	else if (!v->chosen[0])
		memcpy(v->chosen, s->rows[order[0]].peer, sizeof v->chosen);
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->rows[order[i]].peer, v->chosen) == 0)
			v->cursor = i;
	if (v->cursor >= n)
		v->cursor = n ? n - 1 : 0;
}

static bool is_chosen(const struct kith_swap *s, const struct kith_swap_row *row)
{
	const struct screen_view *v = s->view_state;

	return strcmp(row->peer, v->chosen) == 0;
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

/* How wide the name and the handle are, the same in every row: no name reaches where our words are. */
struct columns {
	int name, handle;
};

static struct columns columns_of(const struct kith_swap *s, const size_t *order, size_t n)
{
	struct columns c = {1, KITH_HANDLE_MIN};
	char name[4 * KITH_SHOWN_NAME + 16];

	for (size_t i = 0; i < n; i++) {
		const struct kith_swap_row *row = &s->rows[order[i]];
		int width = (int)kith_text_columns(
			kith_span_str(kith_swap_name(kith_swap_called(row), name)));
		int handle = (int)strlen(row->peer);
		c.name = width > c.name ? width : c.name;
		c.handle = handle > c.handle ? handle : c.handle;
	}
	int left = COLS - 1 - NAME_COLUMN - 2 - c.handle;
	if (c.name > left)
		c.name = left > 1 ? left : 1;
	return c;
}

/* What is to be known of a name, for the rows below it; "" for nothing. */
static const char *warning(const struct kith_swap_row *row, char out[static ALIKE_BYTES])
{
	*out = 0;
	if (row->known && !row->swapped)
		(void)snprintf(out, ALIKE_BYTES, "somebody you know");
	return row->swapped || row->known
		       ? out
		       : kith_swap_alike(row->name, row->alike, out, ALIKE_BYTES);
}

/* The first of the list that is shown, so that the cursor's is. */
static size_t first_shown(const struct kith_swap *s, const size_t *order, int room)
{
	const struct screen_view *v = s->view_state;
	char line[ALIKE_BYTES];
	size_t first = v->cursor;

	for (size_t i = v->cursor + 1; i-- > 0; first = i) {
		const char *text = warning(&s->rows[order[i]], line);
		room -= 1 + draw_text(0, NAME_COLUMN, text, A_NORMAL, false);
		if (room < 0)
			break;
	}
	return first;
}

/* A blank of two and a text, in columns of their own: what was there from the ones before is gone,
 * wherever the terminal thinks that they have ended.  Returns where the next begin. */
static int put(int y, int x, int width, const char *text)
{
	char cut[4 * KITH_TEXT_BYTES];

	if (width > COLS - 3 - x)
		width = COLS - 3 - x;
	if (width < 1)
		return COLS;
	mvhline(y, x, ' ', width + 2);
	mvaddstr(y, x + 2, kith_show_in(cut, sizeof cut, kith_span_str(text), (size_t)width));
	return x + width + 2;
}

/* One row and its warning; returns where the next one begins. */
static int draw_row(const struct kith_swap *s, const struct columns *c, size_t i,
	const struct kith_swap_row *row, int y)
{
	bool chosen = is_chosen(s, row) && !s->looking;
	char name[4 * KITH_SHOWN_NAME + 16], line[ALIKE_BYTES];

	draw_line(y, 0, "", A_NORMAL);
	if (chosen)
		attron(A_REVERSE);
	mvprintw(y, 0, "%c%3zu", chosen ? '>' : ' ', i + 1);
	int x = put(y, NAME_COLUMN - 2, c->name, kith_swap_name(kith_swap_called(row), name));
	x = put(y, x, c->handle, row->peer);
	(void)put(y, x, REMARK_COLUMNS, remark(s, row));
	attroff(A_REVERSE);
	return y + 1 + draw_text(y + 1, NAME_COLUMN, warning(row, line), A_NORMAL, true);
}

static void draw_rows(struct kith_swap *s, int top, int room)
{
	size_t order[KITH_ROWS_MAX];
	size_t n = visible_rows(s, order);
	struct columns c = columns_of(s, order, n);

	follow(s, order, n);
	if (n == 0) {
		if (s->ready)
			(void)draw_text(top, 2,
				"Nobody yet. The other person runs kith swap, too, on the same network.",
				A_NORMAL, true);
		return;
	}
	int y = top;
	for (size_t i = first_shown(s, order, room); i < n && y < top + room; i++)
		y = draw_row(s, &c, i, &s->rows[order[i]], y);
	if (move(y, 0) != ERR)
		(void)clrtobot();
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

/* On the smallest of screens the digits come before everything else. */
static void draw_code(struct kith_swap *s, int top, int room)
{
	char name[4 * KITH_SHOWN_NAME + 16], alike[ALIKE_BYTES], line[2 * KITH_TEXT_BYTES];
	char grouped[20];
	int width = (int)strlen(s->code.code) * 5 + 8;

	kith_swap_quoted(s->code.name, name);
	kith_swap_alike(s->code.name, s->code.alike, alike, sizeof alike);
	kith_swap_group(s->code.code, grouped);
	(void)snprintf(
		line, sizeof line, "Code with %s%s%s:", name, alike[0] ? ", who " : "", alike);
	int end = top + room, y = top + draw_text(top, 0, line, A_NORMAL, true);
	if (y >= end)
		y = room > 0 ? end - 1 : 0;
	draw_line(y++, room > 0 ? 4 : 0, grouped, A_BOLD);
	if (end - y >= DIGIT_ROWS + 2 && width + 4 < COLS) {
		draw_big(s->code.code, y + 1, 4);
		y += DIGIT_ROWS + 2;
	}
	line[0] = 0;
	if (strlen(s->code.code) > 6)
		(void)snprintf(line, sizeof line,
			"If theirs has six digits, compare the last six: %.3s %.3s. ",
			s->code.code + 6, s->code.code + 9);
	(void)snprintf(line + strlen(line), sizeof line - strlen(line), "%s%s",
		s->code.gives ? "" : "They give no card in return. ",
		s->code.attended ? "" : "Nobody compares codes there.");
	(void)draw_text(y, 0, line, A_NORMAL, true);
}

/* --- my invitation ------------------------------------------------------------------------------ */

/* Two rows of modules in one of the screen. */
static const char *half_blocks(bool upper, bool lower)
{
	return upper ? lower ? "\u2588" : "\u2580" : lower ? "\u2584" : " ";
}

/* Without colours light is what the terminal writes with. */
static void draw_qr(const struct kith_qr *qr, int top)
{
	long side = (long)qr->side + KITH_QR_QUIET;
	bool colours = has_colors();

	for (long y = -KITH_QR_QUIET; y < side; y += 2) {
		if (move(top++, 0) == ERR)
			return;
		if (colours)
			attron(COLOR_PAIR(DARK_ON_LIGHT));
		for (long x = -KITH_QR_QUIET; x < side; x++) {
			bool upper = kith_qr_dark(qr, x, y), lower = kith_qr_dark(qr, x, y + 1);
			addstr(colours ? half_blocks(upper, lower) : half_blocks(!upper, !lower));
		}
		if (colours)
			attroff(COLOR_PAIR(DARK_ON_LIGHT));
	}
}

/* A text without blanks, in as many rows as it takes. */
static int draw_folded(int y, const char *text)
{
	char line[KITH_TEXT_BYTES];
	int n = 0, width = (int)columns_from(0);

	for (; *text && width > 0; n++) {
		(void)snprintf(line, sizeof line, "%.*s", width, text);
		draw_line(y + n, 0, line, A_NORMAL);
		text += strlen(line);
	}
	return n;
}

/* The code of the invitation; false: this window is too small, or there is none (then its side is 0). */
static bool invite_code(const struct kith_swap *s, struct kith_qr *ret_qr)
{
	return s->invite[0] && !kith_qr_make(kith_span_str(s->invite), KITH_QR_L, ret_qr) &&
	       (int)kith_qr_columns(ret_qr) < COLS && (int)kith_qr_rows(ret_qr) <= LINES - 2;
}

static bool invite_fits(const struct kith_swap *s)
{
	struct kith_qr qr = {0};
	bool fits = invite_code(s, &qr);

	kith_qr_free(&qr);
	return fits;
}

/* The text comes first: it is what can be read aloud to nobody, but copied, and heard to be there. */
static void draw_invite(struct kith_swap *s, int top, int room)
{
	struct kith_qr qr = {0};

	if (!s->invite[0]) {
		(void)draw_text(top, 0,
			s->ready
				? "There is no network that anybody could come by: no invitation yet."
				: "A moment.",
			A_NORMAL, true);
		return;
	}
	bool fits = invite_code(s, &qr);
	int rows = qr.side ? (int)kith_qr_rows(&qr) : 0;
	int width = qr.side ? (int)kith_qr_columns(&qr) : 0;
	int folded = (int)(strlen(s->invite) / columns_from(0)) + 1;

	if (fits && rows + folded > room) { /* the code alone, from the very top */
		draw_qr(&qr, 0);
	} else {
		int y = top + draw_folded(top, s->invite);
		char line[192];
		(void)snprintf(line, sizeof line,
			"(A QR code of it takes a window of %d columns and %d lines; or, in another "
			"terminal: kith qr --invite --png FILE)",
			width + 1, rows + 2);
		if (fits)
			draw_qr(&qr, y);
		else if (qr.side)
			(void)draw_text(y, 0, line, A_NORMAL, true);
	}
	kith_qr_free(&qr);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void status_line(const struct kith_swap *s, char *out, size_t cap)
{
	char name[4 * KITH_SHOWN_NAME + 16], alike[ALIKE_BYTES];

	kith_swap_alike(s->request.name, s->request.alike, alike, sizeof alike);
	if (s->code.peer[0] && s->code.scanned)
		(void)snprintf(out, cap,
			"You have scanned their invitation, so nothing is left to do here: their screen "
			"asks for this code. c cancels.");
	else if (s->code.peer[0] && s->answered)
		(void)snprintf(out, cap, "Waiting for them to say the same; c cancels.");
	else if (s->code.peer[0])
		(void)snprintf(out, cap,
			"Do both screens show this code? s for the same, d for different, c cancels.");
	else if (s->request.peer[0])
		(void)snprintf(out, cap,
			"%s (%s)%s%s%s asks to swap cards.%s%s y for yes, n for no.",
			kith_swap_quoted(s->request.name, name), s->request.peer,
			alike[0] ? ", who " : "", alike, alike[0] ? "," : "",
			s->request.gives ? "" : " They give none in return.",
			s->request.attended ? "" : " Nobody compares there.");
	else if (s->inviting)
		(void)snprintf(out, cap,
			"Your invitation: the other person %sgives the text to kith swap --to. "
			"Any key goes back.",
			s->invite[0] && invite_fits(s) ? "scans it, or " : "");
	else if (s->picked[0])
		(void)snprintf(
			out, cap, "%s; c cancels.", s->asked ? "They are being asked" : "Calling");
	else if (s->looking)
		(void)snprintf(out, cap, "q leaves.");
	else if (s->held)
		(void)snprintf(out, cap,
			"Somebody asks to swap and is held back; r shows requests. Enter swaps, i invites, q leaves.");
	else
		(void)snprintf(
			out, cap, "Arrows or a number choose, Enter swaps, i invites, q leaves.");
}

static void title_line(const struct kith_swap *s, char *out, size_t cap)
{
	char me[4 * KITH_SHOWN_NAME + 16], event[160], card[160];

	kith_show_in(card, sizeof card, kith_span_str(s->options.card ? s->options.card : ""),
		KITH_SHOWN_NAME);
	kith_show_in(event, sizeof event, kith_span_str(s->options.event ? s->options.event : ""),
		KITH_SHOWN_NAME);
	if (s->looking)
		(void)snprintf(out, cap, "Who is here");
	else if (!s->ready)
		(void)snprintf(out, cap, "kith swap: starting");
	else if (s->visible)
		(void)snprintf(out, cap, "kith swap: you are visible as %s%s%s%s%s",
			kith_swap_name(s->me, me), event[0] ? ", at " : "", event,
			card[0] ? ", and give your card " : "", card);
	else
		(void)snprintf(out, cap, "kith swap: your name is hidden%s%s%s%s",
			event[0] ? ", at " : "", event, card[0] ? ", you give your card " : "",
			card);
}

static void draw(struct kith_swap *s)
{
	struct screen_view *v = s->view_state;
	char line[KITH_TEXT_BYTES], status[2 * KITH_TEXT_BYTES];

	status_line(s, status, sizeof status);
	int asked = draw_text(0, 0, status, A_BOLD, false);
	int told = draw_text(0, 0, v->message, A_NORMAL, false);
	int room = LINES - 3 - asked - told;

	erase();
	title_line(s, line, sizeof line);
	draw_line(0, 0, line, A_BOLD);
	if (s->code.peer[0])
		draw_code(s, 2, room);
	else if (s->inviting)
		draw_invite(s, 2, room);
	else
		draw_rows(s, 2, room);
	draw_up(LINES - 1 - asked, v->message, A_NORMAL);
	draw_up(LINES - 1, status, A_BOLD);
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
	if (has_colors()) {
		(void)start_color();
		(void)init_pair(DARK_ON_LIGHT, COLOR_BLACK, COLORS > 15 ? 15 : COLOR_WHITE);
	}
	draw(s);
	return true;
}

static void message(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct screen_view *v = s->view_state;
	struct kith_swap_row *row = kith_swap_row(s, ev->peer);
	char name[4 * KITH_SHOWN_NAME + 16];

	kith_swap_quoted(row ? kith_swap_called(row) : "", name);
	switch (ev->kind) {
	case KITH_EVENT_SWAPPED:
		(void)snprintf(v->message, sizeof v->message, "You have swapped with %s.%s", name,
			ev->delivered ? "" : " Whether your card arrived is not known yet.");
		break;
	case KITH_EVENT_FAILED:
		kith_swap_ending(s, ev, name, v->message, sizeof v->message);
		if (ev->error == KITH_ERR_MISMATCH || ev->error == KITH_ERR_COMMIT)
			(void)beep();
		break;
	case KITH_EVENT_UNREACHABLE:
		kith_swap_ending(s, ev, name, v->message, sizeof v->message);
		break;
	case KITH_EVENT_CODE:
		if (s->inviting)
			kith_swap_invite(s, false); /* the screen is the code's */
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

/* Requests come and go: one that takes another's place is not answered before it can have been
 * read. */
static void watch_asker(struct kith_swap *s, bool new)
{
	struct screen_view *v = s->view_state;
	uint64_t now = kith_env_default()->ticks(NULL);

	if (v->asker[0] && (new || !s->request.peer[0]))
		v->asker_left = now;
	if (new)
		v->unread = v->undrawn = v->asker_left && now - v->asker_left < READ_MS;
	memcpy(v->asker, s->request.peer, sizeof v->asker);
}

static void event(struct kith_swap *s, const struct kith_client_event *ev)
{
	if (!ev) {
		take_resize();
		return;
	}
	message(s, ev);
	watch_asker(s, ev->kind == KITH_EVENT_REQUEST);
}

static void batch(struct kith_swap *s)
{
	struct screen_view *v = s->view_state;

	if (v->undrawn) /* before it is drawn: a key that answers to what is seen is not lost */
		(void)flushinp();
	draw(s);
	if (!v->undrawn)
		return;
	v->undrawn = false;
	v->quiet_from = kith_env_default()->ticks(NULL);
}

/* Whether this key comes too soon to be an answer to what is on the screen. */
static bool too_soon(struct kith_swap *s, int key)
{
	struct screen_view *v = s->view_state;
	uint64_t now = kith_env_default()->ticks(NULL);
	bool quiet = now - v->quiet_from >= READ_MS;

	v->quiet_from = now;
	if (!v->unread || !s->request.peer[0] || (key != 'y' && key != 'n'))
		return false;
	v->unread = !quiet;
	if (v->unread)
		(void)snprintf(v->message, sizeof v->message, "Another request: read it first.");
	return v->unread;
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

static bool moved(struct screen_view *v, int key, size_t n)
{
	if (key == KEY_UP && v->cursor > 0)
		v->cursor--;
	else if (key == KEY_DOWN && v->cursor + 1 < n)
		v->cursor++;
	else if (key >= '1' && key <= '9' && (size_t)(key - '1') < n)
		v->cursor = (size_t)(key - '1');
	else
		return key == KEY_UP || key == KEY_DOWN;
	return true;
}

static void choose(struct kith_swap *s, int key)
{
	struct screen_view *v = s->view_state;
	size_t order[KITH_ROWS_MAX];
	size_t n = visible_rows(s, order);

	if (n == 0)
		return;
	if (moved(v, key, n))
		memcpy(v->chosen, s->rows[order[v->cursor]].peer, sizeof v->chosen);
	if (key != '\n' && key != KEY_ENTER)
		return;
	v->message[0] = 0;
	if (is_chosen(s, &s->rows[order[v->cursor]]))
		kith_swap_pick(s, v->chosen);
	else
		(void)snprintf(v->message, sizeof v->message,
			"Whom you had chosen has left; choose once more.");
}

static void input(struct kith_swap *s)
{
	int key;
	bool any = false;

	while ((key = getch()) != ERR && !s->end) {
		any = true;
		if (too_soon(s, key) || decide(s, key))
			continue;
		if (s->inviting) {
			kith_swap_invite(s, false);
			continue;
		}
		if (key == 'q')
			s->end = true;
		else if (key == 'c')
			kith_swap_cancel(s);
		else if (key == 'r')
			kith_swap_requests(s);
		else if (key == 'i' && !s->looking)
			kith_swap_invite(s, true);
		else if (!s->code.peer[0])
			choose(s, key);
	}
	if (!any) { /* ready, and nothing to read: the terminal has gone */
		char c;
		s->input_ended = read(STDIN_FILENO, &c, 1) == 0;
		s->end = s->end || s->input_ended;
	}
	watch_asker(s, false);
	draw(s);
}

static void print_met(struct kith_swap *s, const struct kith_swap_row *row)
{
	struct kith_contact c;
	char name[4 * KITH_SHOWN_NAME + 16], sentence[KITH_TEXT_BYTES];

	(void)printf("Met: %s\n", kith_swap_name(kith_swap_called(row), name));
	if (kith_swap_contact(s, row->ik, &c) &&
		kith_swap_namesake(s, &c, sentence, sizeof sentence))
		(void)printf("%s\n", sentence);
	kith_contact_free(&c);
}

static void stop(struct kith_swap *s)
{
	struct screen_view *v = s->view_state;

	if (!v)
		return;
	(void)endwin();
	delscreen(v->screen);
	free(v);
	s->view_state = NULL;
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].swapped)
			print_met(s, &s->rows[i]);
}

const struct kith_swap_view kith_swap_screen = {start, event, input, stop, batch};
