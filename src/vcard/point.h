/* SPDX-License-Identifier: MIT
 *
 * point - code points of text that is known to be valid UTF-8.
 */
#ifndef KITH_VCARD_POINT_H
#define KITH_VCARD_POINT_H

#include <kith/bytes.h>

/* The first code point of a text that is not empty, and its length in bytes. */
static inline uint32_t kith_point(struct kith_span s, size_t *ret_n)
{
	size_t n = s.p[0] < 0xc0 ? 1 : s.p[0] < 0xe0 ? 2 : s.p[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? s.p[0] : s.p[0] & (0x7fu >> n);

	if (n > s.n)
		n = s.n; /* not valid UTF-8 after all: stay inside */
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (s.p[i] & 0x3fu);
	*ret_n = n;
	return c;
}

/* Whether some reader of text takes it for the end of a line. */
static inline bool kith_point_breaks(uint32_t c)
{
	return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 ||
	       c == 0x2029;
}

/* C0, DEL and C1. */
static inline bool kith_point_controls(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

/* Whether it can stand in a URI of a vCard; readers cut one at a comma. */
static inline bool kith_point_uri(uint32_t c)
{
	return c != ' ' && c != '\\' && c != ',' && !kith_point_breaks(c) &&
	       !kith_point_controls(c);
}

/* Chinese, Japanese or Korean, where the family name comes first and often without a blank. */
static inline bool kith_point_east(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x11ff) || (c >= 0x2e80 && c <= 0xa4cf) ||
	       (c >= 0xa960 && c <= 0xa97f) || (c >= 0xac00 && c <= 0xd7ff) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff65 && c <= 0xffdc) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

#endif
