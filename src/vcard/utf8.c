/* SPDX-License-Identifier: MIT */
#include "vcard/utf8.h"

#include "base/text.h"

size_t kith_utf8_ascii(struct kith_span s)
{
	size_t i = 0;

	for (uint64_t a, b; s.n - i >= 16; i += 16) {
		memcpy(&a, s.p + i, 8);
		memcpy(&b, s.p + i + 8, 8);
		if ((a | b) & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < s.n && s.p[i] < 0x80)
		i++;
	return i;
}

/* The high bit of each byte that is not simple; carries can only add some where there is one. */
static uint64_t odd_bytes(uint64_t w)
{
	const uint64_t each = UINT64_C(0x0101010101010101), high = each << 7;
	uint64_t control = w - each * ' ', not_backslash = (w ^ each * '\\') - each;

	return (w | (w + each) | control | not_backslash) & high;
}

bool kith_utf8_simple(struct kith_span s)
{
	uint64_t w;

	if (s.n < sizeof w) {
		for (size_t i = 0; i < s.n; i++)
			if (s.p[i] < ' ' || s.p[i] >= 0x7f || s.p[i] == '\\')
				return false;
		return true;
	}
	for (size_t i = 0; i < s.n - sizeof w; i += sizeof w) {
		memcpy(&w, s.p + i, sizeof w);
		if (odd_bytes(w))
			return false;
	}
	memcpy(&w, s.p + s.n - sizeof w, sizeof w); /* the last ones, some of them again */
	return odd_bytes(w) == 0;
}

bool kith_utf8_valid(struct kith_span s)
{
	while (s.n > 0) {
		size_t n = kith_utf8_ascii(s);
		if (n > 0 && memchr(s.p, 0, n))
			return false;
		s = kith_span(s.p + n, s.n - n);
		for (n = 0; n < s.n && s.p[n] >= 0x80;)
			n++;
		if (n > 0 && !kith_text_valid(kith_span(s.p, n)))
			return false;
		s = kith_span(s.p + n, s.n - n);
	}
	return true;
}

size_t kith_utf8_character(struct kith_span s)
{
	for (size_t n = 2; n <= 4 && n <= s.n && s.p[0] >= 0xc0 && (s.p[n - 1] & 0xc0) == 0x80; n++)
		if (kith_text_valid(kith_span(s.p, n)))
			return n;
	return 0;
}

size_t kith_utf8_put(uint32_t c, uint8_t *out)
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}
