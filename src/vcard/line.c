/* SPDX-License-Identifier: MIT */
#include "vcard/line.h"

#include <stdio.h>

#include "vcard/point.h"

static void add(struct kith_line *l, const void *p, size_t n)
{
	if (!l->err)
		l->err = kith_buf_add(l->out, p, n);
	l->octets += n;
}

/* Bytes at the end of the line that go along to the next: a backslash belongs to what comes, and a "="
 * at the end says in quoted-printable that the line goes on. */
static size_t tail_of(const struct kith_line *l)
{
	const uint8_t *end = l->out->p + l->out->n;
	size_t n = 0, backslashes = 0;

	while (backslashes < l->octets && end[-1 - (ptrdiff_t)backslashes] == '\\')
		backslashes++;
	n = backslashes % 2;
	while (n + 1 < l->octets && end[-1 - (ptrdiff_t)n] == '=')
		n++;
	return n + 1 < l->octets ? n : 0; /* something must stay */
}

/* Where a line is folded depends on what stands in it, not on how it came there. */
static void fold(struct kith_line *l)
{
	uint8_t tail[KITH_VCARD_LINE_OCTETS];

	if (l->err)
		return;
	size_t n = tail_of(l);
	memcpy(tail, l->out->p + l->out->n - n, n);
	l->out->n -= n;
	l->err = kith_buf_add(l->out, "\r\n ", 3);
	l->octets = 1;
	add(l, tail, n);
}

/* Bytes that stay together: a character, or an escape. */
static void put(struct kith_line *l, const void *p, size_t n)
{
	while (!l->err && !l->whole && l->octets + n > KITH_VCARD_LINE_OCTETS)
		fold(l);
	add(l, p, n);
}

/* Many characters at once; a fold comes between two of them. */
static void put_run(struct kith_line *l, const uint8_t *p, size_t n)
{
	while (n > 0 && !l->err) {
		size_t room =
			l->octets < KITH_VCARD_LINE_OCTETS ? KITH_VCARD_LINE_OCTETS - l->octets : 0;
		size_t m = l->whole || n < room ? n : room;
		while (m < n && m > 0 && (p[m] & 0xc0) == 0x80)
			m--;
		if (m == 0 && l->octets <= 1)
			m = n < room ? n : room; /* no UTF-8 at all: cut it anywhere */
		if (m > 0)
			add(l, p, m);
		p += m;
		n -= m;
		if (n > 0)
			fold(l);
	}
}

void kith_line_raw(struct kith_line *l, const char *s)
{
	put_run(l, (const uint8_t *)s, strlen(s));
}

void kith_line_bytes(struct kith_line *l, struct kith_span s)
{
	put_run(l, s.p, s.n);
}

/* How many bytes need a look at none of them: ASCII that is no control and no separator. */
static size_t plain(struct kith_span s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= ' ' && s.p[n] < 0x7f && s.p[n] != '\\' && s.p[n] != ';' &&
		s.p[n] != ',')
		n++;
	return n;
}

void kith_line_text(struct kith_line *l, struct kith_span s)
{
	while (s.n > 0) {
		size_t n = plain(s);
		if (n > 0) {
			put_run(l, s.p, n);
			s = kith_span(s.p + n, s.n - n);
			continue;
		}
		uint32_t c = kith_point(s, &n);
		if (c == '\r' && s.n > 1 && s.p[1] == '\n')
			n = 2;
		if (kith_point_breaks(c))
			put(l, "\\n", 2);
		else if (c == '\\' || c == ';' || c == ',')
			put(l, (const char[]){'\\', (char)c}, 2);
		else if (c == '\t' || !kith_point_controls(c))
			put(l, s.p, n);
		s = kith_span(s.p + n, s.n - n);
	}
}

void kith_line_uri(struct kith_line *l, struct kith_span s)
{
	while (s.n > 0) {
		size_t n;
		uint32_t c = kith_point(s, &n);
		if (kith_point_uri(c)) {
			put(l, s.p, n);
		} else {
			for (size_t i = 0; i < n; i++) {
				char hex[4];
				(void)snprintf(hex, sizeof hex, "%%%02X", s.p[i]);
				put(l, hex, 3);
			}
		}
		s = kith_span(s.p + n, s.n - n);
	}
}

void kith_line_end(struct kith_line *l)
{
	if (!l->err)
		l->err = kith_buf_add(l->out, "\r\n", 2);
	l->octets = 0;
}
