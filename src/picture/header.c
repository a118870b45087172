/* SPDX-License-Identifier: MIT */
#include "picture/header.h"

#include "base/limits.h"

static uint32_t be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
	return be16(p) << 16 | be16(p + 2);
}

static uint32_t le16(const uint8_t *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

static uint32_t le24(const uint8_t *p)
{
	return (uint32_t)p[2] << 16 | le16(p);
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p + 2) << 16 | le16(p);
}

static bool begins(struct kith_span s, const void *with, size_t n)
{
	return s.n >= n && memcmp(s.p, with, n) == 0;
}

static struct kith_span from(struct kith_span s, size_t at)
{
	return kith_span(s.p + at, s.n - at);
}

/* EXIF as all three kinds hold it, some with a word in front. */
static void keep_exif(struct kith_picture_header *h, struct kith_span data)
{
	if (begins(data, "Exif\0\0", 6))
		data = from(data, 6);
	if (h->exif.n == 0 && data.n >= 8 && (begins(data, "II", 2) || begins(data, "MM", 2)))
		h->exif = data;
}

/* --- JPEG ------------------------------------------------------------------------------------- */

enum { SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP1 = 0xe1, TEM = 0x01, RST0 = 0xd0, RST7 = 0xd7 };

/* Of a frame: all of 0xc0 to 0xcf but tables and what is reserved. */
static bool is_frame(uint8_t marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

/* The end of the picture stands behind its scan; a thumbnail's stands before. */
static bool has_end(struct kith_span scan)
{
	static const uint8_t end[] = {0xff, EOI};

	return memmem(scan.p, scan.n, end, sizeof end) != NULL;
}

static bool take_segment(struct kith_picture_header *h, uint8_t marker, struct kith_span data)
{
	if (marker == APP1 && begins(data, "Exif\0\0", 6))
		keep_exif(h, data);
	if (!is_frame(marker))
		return true;
	if (data.n < 6 || h->width)
		return false;
	h->height = be16(data.p + 1);
	h->width = be16(data.p + 3);
	return h->width && h->height;
}

static bool walk_jpeg(struct kith_span s, struct kith_picture_header *h)
{
	size_t at = 2;

	while (at + 4 <= s.n) {
		if (s.p[at] != 0xff)
			return false;
		uint8_t marker = s.p[at + 1];
		if (marker == 0xff) { /* filling */
			at++;
			continue;
		}
		if (marker == TEM || (marker >= RST0 && marker <= RST7)) {
			at += 2;
			continue;
		}
		size_t n = be16(s.p + at + 2);
		if (marker < 0xc0 || marker == SOI || marker == EOI || n < 2 || n > s.n - at - 2)
			return false;
		if (!take_segment(h, marker, kith_span(s.p + at + 4, n - 2)))
			return false;
		at += 2 + n;
		if (marker == SOS)
			return h->width && has_end(from(s, at));
	}
	return false;
}

/* --- PNG -------------------------------------------------------------------------------------- */

static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

static bool walk_png(struct kith_span s, struct kith_picture_header *h)
{
	size_t at = sizeof png;

	while (s.n - at >= 12) { /* length, name, check sum */
		size_t n = be32(s.p + at);
		const uint8_t *name = s.p + at + 4;
		if (n > s.n - at - 12)
			return false;
		struct kith_span data = kith_span(s.p + at + 8, n);
		bool first = at == sizeof png;
		if (first != (memcmp(name, "IHDR", 4) == 0) || (first && n != 13))
			return false;
		if (first) {
			h->width = be32(data.p);
			h->height = be32(data.p + 4);
		}
		if (memcmp(name, "eXIf", 4) == 0)
			keep_exif(h, data);
		if (memcmp(name, "IEND", 4) == 0)
			return h->width && h->height;
		at += n + 12;
	}
	return false;
}

/* --- WebP ------------------------------------------------------------------------------------- */

/* The next chunk of s, taken off its front; false: there is none, or it is not whole. */
static bool next_chunk(struct kith_span *s, const uint8_t **ret_name, struct kith_span *ret_data)
{
	if (s->n < 8)
		return false;
	size_t n = le32(s->p + 4);
	if (n > s->n - 8)
		return false;
	*ret_name = s->p;
	*ret_data = kith_span(s->p + 8, n);
	size_t whole = 8 + n + (n & 1);
	*s = from(*s, whole < s->n ? whole : s->n);
	return true;
}

/* The size that the coded picture tells; false when the chunk is none. */
static bool coded_size(const uint8_t *name, struct kith_span d, uint32_t *ret_w, uint32_t *ret_h)
{
	if (memcmp(name, "VP8 ", 4) == 0 && d.n >= 10 && memcmp(d.p + 3, "\x9d\x01\x2a", 3) == 0) {
		*ret_w = le16(d.p + 6) & 0x3fff;
		*ret_h = le16(d.p + 8) & 0x3fff;
		return *ret_w && *ret_h;
	}
	if (memcmp(name, "VP8L", 4) == 0 && d.n >= 5 && d.p[0] == 0x2f) {
		uint32_t bits = le32(d.p + 1);
		*ret_w = (bits & 0x3fff) + 1;
		*ret_h = (bits >> 14 & 0x3fff) + 1;
		return true;
	}
	return false;
}

#define FRAME_HEAD 16 /* of an ANMF chunk: where, how large, how long */

/* Its picture, and before that perhaps what is transparent; what stands behind is not looked at. */
static bool take_frame(struct kith_picture_header *h, struct kith_span d)
{
	struct kith_span chunks, data;
	const uint8_t *name;

	if (d.n < FRAME_HEAD)
		return false;
	chunks = from(d, FRAME_HEAD);
	h->frame = chunks;
	if (begins(chunks, "ALPH", 4))
		h->alpha = next_chunk(&chunks, &name, &data);
	if (!next_chunk(&chunks, &name, &data) || !coded_size(name, data, &h->width, &h->height))
		return false;
	h->frame.n -= chunks.n;
	return h->width == le24(d.p + 6) + 1 && h->height == le24(d.p + 9) + 1;
}

static bool walk_webp(struct kith_span s, struct kith_picture_header *h)
{
	const uint8_t *name;
	struct kith_span data;
	size_t n = le32(s.p + 4);

	if (n < 4 || n > s.n - 8)
		return false;
	s = kith_span(s.p + 12, n - 4);
	while (next_chunk(&s, &name, &data)) {
		if (memcmp(name, "EXIF", 4) == 0)
			keep_exif(h, data);
		if (h->width)
			continue;
		if (memcmp(name, "ANMF", 4) == 0 && !take_frame(h, data))
			return false;
		if (!h->width)
			(void)coded_size(name, data, &h->width, &h->height);
	}
	return h->width && h->height;
}

enum kith_err kith_picture_header_still(const struct kith_picture_header *h, struct kith_buf *out)
{
	bool odd = h->frame.n & 1;
	uint32_t n = (uint32_t)(4 + (h->alpha ? 18 : 0) + h->frame.n + odd);
	uint32_t w = h->width - 1, v = h->height - 1;
	const uint8_t head[] = {'R', 'I', 'F', 'F', (uint8_t)n, (uint8_t)(n >> 8),
		(uint8_t)(n >> 16), (uint8_t)(n >> 24), 'W', 'E', 'B', 'P'};
	const uint8_t more[] = {'V', 'P', '8', 'X', 10, 0, 0, 0, 0x10, 0, 0, 0, (uint8_t)w,
		(uint8_t)(w >> 8), (uint8_t)(w >> 16), (uint8_t)v, (uint8_t)(v >> 8),
		(uint8_t)(v >> 16)};
	enum kith_err err = kith_buf_add(out, head, sizeof head);

	if (!err && h->alpha)
		err = kith_buf_add(out, more, sizeof more);
	if (!err)
		err = kith_buf_add(out, h->frame.p, h->frame.n);
	return err ? err : kith_buf_add(out, "", odd);
}

/* --- all three -------------------------------------------------------------------------------- */

enum kith_err kith_picture_header_read(struct kith_span file, struct kith_picture_header *ret)
{
	struct kith_picture_header h = {.kind = 0};
	bool good;

	if (begins(file, "\xff\xd8\xff", 3)) {
		h.kind = KITH_PICTURE_JPEG;
		good = walk_jpeg(file, &h);
	} else if (begins(file, png, sizeof png)) {
		h.kind = KITH_PICTURE_PNGFILE;
		good = walk_png(file, &h);
	} else if (begins(file, "RIFF", 4) && file.n >= 12 && memcmp(file.p + 8, "WEBP", 4) == 0) {
		h.kind = KITH_PICTURE_WEBP;
		good = walk_webp(file, &h);
	} else {
		return KITH_ERR_PICTURE;
	}
	if (h.width && h.height && (uint64_t)h.width * h.height > (uint64_t)KITH_PICTURE_PIXELS_MAX)
		return KITH_ERR_LIMIT;
	if (!good)
		return KITH_ERR_SHAPE;
	*ret = h;
	return KITH_OK;
}
