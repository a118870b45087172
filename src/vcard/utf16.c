/* SPDX-License-Identifier: MIT */
#include "vcard/utf16.h"

#include "vcard/utf8.h"

static uint32_t unit(const struct kith_utf16 *t, const uint8_t *p)
{
	return t->big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static void put_lone(struct kith_utf16 *t, uint8_t *out)
{
	if (!t->lone)
		t->lone_at = t->n;
	t->lone = true;
	t->n += kith_utf8_put(0xfffd, out + t->n);
}

static void leave_out(struct kith_utf16 *t)
{
	if (!t->nul)
		t->nul_at = t->n;
	t->nul = true;
}

/* The character at the front into out; its bytes in s, 0 when its end is not there. */
static size_t put_next(struct kith_utf16 *t, struct kith_span s, uint8_t *out)
{
	uint32_t c = unit(t, s.p);

	if (c >= 0xd800 && c <= 0xdbff) {
		if (s.n < 4 && !t->last)
			return 0;
		uint32_t d = s.n < 4 ? 0 : unit(t, s.p + 2);
		if (d >= 0xdc00 && d <= 0xdfff) {
			c = 0x10000 + ((c - 0xd800) << 10 | (d - 0xdc00));
			t->n += kith_utf8_put(c, out + t->n);
			return 4;
		}
	}
	if (c == 0)
		leave_out(t);
	else if (c >= 0xd800 && c <= 0xdfff)
		put_lone(t, out);
	else
		t->n += kith_utf8_put(c, out + t->n);
	return 2;
}

size_t kith_utf16_read(struct kith_utf16 *t, struct kith_span s, uint8_t *out)
{
	size_t i = 0;

	while (s.n - i >= 2) {
		size_t n = put_next(t, kith_span(s.p + i, s.n - i), out);
		if (n == 0)
			return i;
		i += n;
	}
	if (i < s.n && t->last) {
		put_lone(t, out);
		i = s.n;
	}
	return i;
}
