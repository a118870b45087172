/* SPDX-License-Identifier: MIT */
#include "cli/lines.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"

#define SCREEN_UNKNOWN 80 /* columns of a terminal that does not tell */
#define HANG_LEAST     4

size_t kith_lines_columns(FILE *out)
{
	struct winsize size;

	if (!isatty(fileno(out)))
		return 0;
	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col
									 : SCREEN_UNKNOWN;
}

/* A line that is being printed. */
struct line {
	FILE *out;
	size_t room, hang; /* columns */
	size_t used;
};

static void print(struct line *l, struct kith_span s, size_t columns)
{
	if (s.n)
		(void)fwrite(s.p, 1, s.n, l->out);
	l->used += columns;
}

static void next_line(struct line *l)
{
	(void)fprintf(l->out, "\n%*s", (int)l->hang, "");
	l->used = l->hang;
}

/* The bytes at the front that fit into so many columns, one letter at least; marks stay with theirs. */
static struct kith_span fitting(struct kith_span word, size_t columns)
{
	size_t n = 0;

	while (n < word.n) {
		size_t next = n + 1;
		while (next < word.n && (word.p[next] & 0xc0) == 0x80)
			next++;
		if (n && kith_text_columns(kith_span(word.p, next)) > columns)
			break;
		n = next;
	}
	return kith_span(word.p, n);
}

static void print_word(struct line *l, struct kith_span word)
{
	size_t wide = kith_text_columns(word);

	while (word.n && l->used + wide > l->room) {
		size_t left = l->used < l->room ? l->room - l->used : 0;
		struct kith_span part = fitting(word, left);
		size_t columns = kith_text_columns(part);
		if (columns > left && l->used > l->hang) {
			next_line(l);
			continue;
		}
		print(l, part, columns);
		word = kith_span(word.p + part.n, word.n - part.n);
		wide -= columns;
		if (word.n)
			next_line(l);
	}
	print(l, word, wide);
}

/* How many bytes from there on are blanks, or are neither that nor a line's end. */
static size_t run_of(struct kith_span s, size_t from, bool blanks)
{
	size_t n = from;

	while (n < s.n && s.p[n] != '\n' && (s.p[n] == ' ') == blanks)
		n++;
	return n - from;
}

/* Blanks and the word behind them; returns how many bytes that was. */
static size_t put_word(struct line *l, struct kith_span text)
{
	size_t blanks = run_of(text, 0, true), n = run_of(text, blanks, false);
	struct kith_span word = kith_span(text.p + blanks, n);

	if (n == 0)
		return blanks; /* at the end of a line */
	if (l->used > 0 && l->used + blanks + kith_text_columns(word) > l->room)
		next_line(l);
	else
		print(l, kith_span(text.p, blanks), blanks);
	print_word(l, word);
	return blanks + n;
}

void kith_lines_put(FILE *out, size_t hang, struct kith_span text)
{
	struct line l = {.out = out, .room = kith_lines_columns(out), .hang = hang};

	if (!l.room) {
		print(&l, text, 0);
		return;
	}
	if (hang > l.room / 2)
		l.hang = HANG_LEAST < l.room / 2 ? HANG_LEAST : l.room / 2;
	while (text.n) {
		size_t n = 1;
		if (text.p[0] == '\n') {
			(void)putc('\n', out);
			l.used = 0;
		} else {
			n = put_word(&l, text);
		}
		text = kith_span(text.p + n, text.n - n);
	}
}

void kith_lines_print(size_t hang, const char *fmt, ...)
{
	KITH_AUTO_FREE char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n >= 0) {
		kith_lines_put(stdout, hang, kith_span_str(text));
		return;
	}
	text = NULL;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
}
