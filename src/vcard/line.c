/* SPDX-License-Identifier: MIT */
#include "vcard/line.h"

#include <stdio.h>

#include "vcard/point.h"

/* Bytes that stay together: a character, or an escape. */
static void put(struct kith_line *l, const void *p, size_t n)
{
	if (l->err)
		return;
	if (l->octets + n > KITH_VCARD_LINE_OCTETS) {
		l->err = kith_buf_add_str(l->out, "\r\n ");
		l->octets = 1;
	}
	if (!l->err)
		l->err = kith_buf_add(l->out, p, n);
	l->octets += n;
}

void kith_line_raw(struct kith_line *l, const char *s)
{
	for (; *s; s++)
		put(l, s, 1);
}

void kith_line_text(struct kith_line *l, struct kith_span s)
{
	while (s.n > 0) {
		size_t n;
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
		bool plain = c != ' ' && c != '\\' && c != ',' && !kith_point_breaks(c) &&
			     !kith_point_controls(c);
		if (!plain) {
			for (size_t i = 0; i < n; i++) {
				char hex[4];
				(void)snprintf(hex, sizeof hex, "%%%02X", s.p[i]);
				put(l, hex, 3);
			}
		} else {
			put(l, s.p, n);
		}
		s = kith_span(s.p + n, s.n - n);
	}
}

void kith_line_end(struct kith_line *l)
{
	if (!l->err)
		l->err = kith_buf_add_str(l->out, "\r\n");
	l->octets = 0;
}
