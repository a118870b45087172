/* SPDX-License-Identifier: MIT */
#include "vcard/clean.h"

#include "vcard/point.h"
#include "vcard/utf8.h"
#include "vcard/value.h"

/* Whether no character of it is a control or a break but "\n" and the tab. */
static bool is_clean(struct kith_span s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		if (c >= ' ' && c < 0x7f)
			continue;
		if (c < ' ' ? c != '\n' && c != '\t' : c == 0x7f || c == 0xc2)
			return false;
		if (c == 0xe2 && i + 2 < s.n && s.p[i + 1] == 0x80 && (s.p[i + 2] & 0xfe) == 0xa8)
			return false;
	}
	return true;
}

enum kith_err kith_clean(struct kith_vcard *v, struct kith_span s, struct kith_span *ret)
{
	s = kith_clean_trim(s);
	if (kith_utf8_simple(s) || is_clean(s)) {
		*ret = s;
		return KITH_OK;
	}
	uint8_t *text = kith_vcard_alloc(v, s.n);
	size_t to = 0;
	if (!text)
		return KITH_ERR_NOMEM;
	while (s.n > 0) {
		size_t n;
		uint32_t c = kith_point(s, &n);
		if (c == '\r' && s.n > 1 && s.p[1] == '\n')
			n = 2;
		if (kith_point_breaks(c)) {
			text[to++] = '\n';
		} else if (c == '\t' || !kith_point_controls(c)) {
			memmove(text + to, s.p, n);
			to += n;
		}
		s = kith_span(s.p + n, s.n - n);
	}
	*ret = kith_clean_trim(kith_span(text, to));
	return KITH_OK;
}

static bool is_comma(struct kith_span s)
{
	return s.n > 2 && s.p[0] == '%' && s.p[1] == '2' && (s.p[2] | 0x20) == 'c';
}

/* Whether it may need another spelling. */
static bool is_odd(uint8_t c)
{
	return c <= ' ' || c == '\\' || c == '%' || c == 0x7f || c == 0xc2 || c == 0xe2;
}

enum kith_err kith_clean_uri(struct kith_vcard *v, struct kith_span s, struct kith_span *ret)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t odd = 0, to = 0;

	s = kith_clean_trim(s);
	for (size_t i = 0; i < s.n; i++)
		odd += is_odd(s.p[i]);
	if (odd == 0) {
		*ret = s;
		return KITH_OK;
	}
	uint8_t *text = kith_vcard_alloc(v, s.n + 8 * odd);
	if (!text)
		return KITH_ERR_NOMEM;
	while (s.n > 0) {
		size_t n;
		uint32_t c = kith_point(s, &n);
		bool plain = c == ',' || kith_point_uri(c);
		if (is_comma(s)) {
			text[to++] = ',';
			n = 3;
		}
		for (size_t i = 0; i < n && !is_comma(s); i++) {
			if (plain) {
				text[to++] = s.p[i];
				continue;
			}
			text[to++] = '%';
			text[to++] = (uint8_t)hex[s.p[i] >> 4];
			text[to++] = (uint8_t)hex[s.p[i] & 15];
		}
		s = kith_span(s.p + n, s.n - n);
	}
	*ret = kith_span(text, to);
	return KITH_OK;
}
