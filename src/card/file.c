/* SPDX-License-Identifier: MIT */
#include <kith/card.h>

#include "crypto/base64.h"

#define ARMOR_COLUMNS 64

static const char begin[] = "-----BEGIN KITH CARD-----";
static const char end[] = "-----END KITH CARD-----";
static const uint8_t magic[] = {0x94, 0xa8, 'K', 'I', 'T', 'H', 'C', 'A', 'R', 'D'};

/* The first place where a line of exactly `mark` (and blanks behind it) starts; NULL for none. */
static const uint8_t *find_line(struct kith_span s, const char *mark, const uint8_t **ret_behind)
{
	size_t n = strlen(mark);
	const uint8_t *stop = s.p + s.n;

	for (const uint8_t *p = s.p; p && (size_t)(stop - p) >= n;) {
		p = memmem(p, (size_t)(stop - p), mark, n);
		if (!p)
			return NULL;
		const uint8_t *q = p + n;
		while (q < stop && (*q == ' ' || *q == '\t'))
			q++;
		bool starts = p == s.p || p[-1] == '\n' || p[-1] == '\r';
		if (starts && (q == stop || *q == '\n' || *q == '\r')) {
			*ret_behind = q;
			return p;
		}
		p++;
	}
	return NULL;
}

enum kith_err kith_card_from_file(struct kith_span bytes, struct kith_buf *out)
{
	const uint8_t *from, *to, *behind;

	if (bytes.n >= sizeof magic && memcmp(bytes.p, magic, sizeof magic) == 0)
		return kith_buf_add(out, bytes.p, bytes.n);
	if (!find_line(bytes, begin, &from))
		return KITH_ERR_NOTCARD;
	to = find_line(kith_span(from, (size_t)(bytes.p + bytes.n - from)), end, &behind);
	if (!to)
		return KITH_ERR_SHAPE;
	return kith_base64_read(out, kith_span(from, (size_t)(to - from)));
}

enum kith_err kith_card_armor(struct kith_span envelope, struct kith_buf *out)
{
	enum kith_err err;

	if ((err = kith_buf_add_str(out, begin)) || (err = kith_buf_add(out, "\n", 1)) ||
		(err = kith_base64(out, envelope, ARMOR_COLUMNS)) ||
		(err = kith_buf_add_str(out, end)))
		return err;
	return kith_buf_add(out, "\n", 1);
}
