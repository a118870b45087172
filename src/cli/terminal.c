/* SPDX-License-Identifier: MIT */
#include "cli/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "crypto/base64.h"

#define WAIT_MS  1000
#define SAID_MAX 512 /* of an answer; what is longer is none */
#define CTRL_C   3

/* A picture of one pixel that is not to be shown, and what every terminal answers: the first answer, if there is one, comes before
 * the second. */
static const char questions[] = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c";

#define KITTY_SAYS "\x1b_Gi=31;"

/* --- what it says ----------------------------------------------------------------------------- */

static bool has(struct kith_span s, const char *text)
{
	return s.n > 0 && memmem(s.p, s.n, text, strlen(text)) != NULL;
}

/* "ESC [ ? 6 2 ; 4 c": the numbers are what it can. */
static bool attributes(struct kith_span s, bool *ret_sixel)
{
	const uint8_t *p = s.n ? memmem(s.p, s.n, "\x1b[?", 3) : NULL;
	size_t n = p ? s.n - (size_t)(p + 3 - s.p) : 0;
	unsigned number = 0;

	*ret_sixel = false;
	for (p = p ? p + 3 : NULL; n > 0; p++, n--) {
		if (*p >= '0' && *p <= '9') {
			number = number < 1000 ? number * 10 + (*p - '0') : number;
			continue;
		}
		if (*p != ';' && *p != 'c')
			return false;
		*ret_sixel |= number == 4;
		number = 0;
		if (*p == 'c')
			return true;
	}
	return false;
}

enum kith_terminal_graphics kith_terminal_answer(struct kith_span said, bool *ret_over)
{
	bool sixel;

	*ret_over = attributes(said, &sixel);
	if (has(said, KITTY_SAYS "OK\x1b\\"))
		return KITH_TERMINAL_KITTY;
	return *ret_over && sixel ? KITH_TERMINAL_SIXEL : KITH_TERMINAL_NONE;
}

/* --- asking ----------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads until all is said, or the time is over.  A Ctrl-C of the person ends it, too. */
static enum kith_terminal_graphics listen_to(bool *ret_over)
{
	uint8_t said[SAID_MAX];
	size_t n = 0;
	int64_t until = now_ms() + WAIT_MS, left;
	enum kith_terminal_graphics g = KITH_TERMINAL_NONE;

	*ret_over = false;
	while (!*ret_over && n < sizeof said && (left = until - now_ms()) > 0) {
		struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
		int ready = poll(&p, 1, (int)left);
		ssize_t got = ready > 0 ? read(STDIN_FILENO, said + n, sizeof said - n) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (got <= 0 || memchr(said + n, CTRL_C, (size_t)got))
			break;
		n += (size_t)got;
		g = kith_terminal_answer(kith_span(said, n), ret_over);
	}
	return g;
}

static bool say(const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t wrote = write(STDOUT_FILENO, text, n);
		if (wrote < 0 && errno != EINTR)
			return false;
		text += wrote > 0 ? wrote : 0;
		n -= wrote > 0 ? (size_t)wrote : 0;
	}
	return true;
}

/* With the terminal in such a mode that answers come as they are, and are not shown. */
static enum kith_terminal_graphics ask(const struct termios *before)
{
	struct termios raw = *before;
	enum kith_terminal_graphics g = KITH_TERMINAL_NONE;
	bool over = false;

	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 && say(questions))
		g = listen_to(&over);
	/* An answer that comes late, or a part of one, must not become something that was typed. */
	(void)tcsetattr(STDIN_FILENO, over ? TCSADRAIN : TCSAFLUSH, before);
	return g;
}

/* Pixels for a picture each way, where the terminal tells. */
static uint32_t room(uint32_t most)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0) {
		if (w.ws_xpixel && w.ws_xpixel < most)
			most = w.ws_xpixel;
		if (w.ws_ypixel && w.ws_ypixel < most)
			most = w.ws_ypixel;
	}
	return most;
}

/* A terminal that shows the bytes of a question instead of answering it. */
static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

struct kith_terminal kith_terminal_ask(uint32_t most)
{
	struct kith_terminal t = {KITH_TERMINAL_NONE, room(most)};
	struct termios before;
	sigset_t stops, old;

	(void)fflush(stdout);
	if (is_dumb() || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0 ||
		tcgetpgrp(STDIN_FILENO) != getpgrp())
		return t;
	/* Nothing ends or stops us before the terminal is as it was. */
	(void)sigfillset(&stops);
	(void)sigprocmask(SIG_BLOCK, &stops, &old);
	t.graphics = ask(&before);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return t;
}

/* --- drawing ---------------------------------------------------------------------------------- */

#define PIECE 4096 /* of base64, in one sequence */

/* PNG, shown at once; the terminal says nothing about it (q=2). */
static enum kith_err draw_kitty(struct kith_span png)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_base64(&text, png, 0);

	for (size_t at = 0; !err && at < text.n; at += PIECE) {
		size_t n = text.n - at < PIECE ? text.n - at : PIECE;
		(void)printf("\x1b_G%sm=%d;%.*s\x1b\\", at ? "" : "a=T,f=100,q=2,", at + n < text.n,
			(int)n, (const char *)text.p + at);
	}
	return err;
}

enum kith_err kith_terminal_draw(const struct kith_terminal *t, struct kith_span picture)
{
	enum kith_err err = KITH_OK;

	if (t->graphics == KITH_TERMINAL_KITTY)
		err = draw_kitty(picture);
	else
		(void)fwrite(picture.p, 1, picture.n, stdout);
	(void)putchar('\n');
	return err;
}
