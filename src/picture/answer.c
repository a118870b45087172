/* SPDX-License-Identifier: MIT */
#include "picture/answer.h"

#include <string.h>

#include "picture/order.h"

/* --- sixels ----------------------------------------------------------------------------------- */

#define COLOURS    256
#define NUMBER_MAX 99999
#define NUMBERS    5

/* A sequence that is being read. */
struct sixels {
	const uint8_t *p, *end;
	uint32_t number[NUMBERS];
	size_t numbers; /* of the last read_numbers */
	uint32_t side, column, bands;
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Up to max numbers with semicolons between them; what is left out is 0. */
static bool read_numbers(struct sixels *s, size_t max)
{
	memset(s->number, 0, sizeof s->number);
	s->numbers = 1;
	for (; s->p < s->end && (is_digit(*s->p) || *s->p == ';'); s->p++) {
		uint32_t *n = &s->number[s->numbers - 1];
		if (*s->p == ';' && ++s->numbers > max)
			return false;
		if (*s->p != ';' && (*n = *n * 10 + (*s->p - '0')) > NUMBER_MAX)
			return false;
	}
	return true;
}

/* The pixels are squares: a stretched one would be larger than it says. */
static bool read_raster(struct sixels *s)
{
	return read_numbers(s, 4) && s->number[0] == s->number[1] && s->number[2] <= s->side &&
	       s->number[3] <= s->side;
}

static bool read_colour(struct sixels *s)
{
	return read_numbers(s, 5) && s->number[0] < COLOURS;
}

static bool draw(struct sixels *s, uint32_t times)
{
	if (s->p == s->end || *s->p < '?' || *s->p > '~')
		return false;
	s->p++;
	s->column += times;
	return s->column <= s->side;
}

static bool read_repeat(struct sixels *s)
{
	return read_numbers(s, 1) && draw(s, s->number[0]);
}

static bool read_one(struct sixels *s)
{
	uint8_t c = *s->p;

	if (c >= '?' && c <= '~')
		return draw(s, 1);
	s->p++;
	switch (c) {
	case '\n':
	case '\r':
		return true;
	case '"':
		return read_raster(s);
	case '#':
		return read_colour(s);
	case '!':
		return read_repeat(s);
	case '$':
		s->column = 0;
		return true;
	case '-':
		s->column = 0;
		return ++s->bands <= s->side / 6 + 1;
	default:
		return false;
	}
}

bool kith_picture_is_sixel(struct kith_span bytes, uint32_t side)
{
	struct sixels s = {.side = side};

	if (bytes.n < 5 || memcmp(bytes.p, "\x1bP", 2) != 0 ||
		memcmp(bytes.p + bytes.n - 2, "\x1b\\", 2) != 0)
		return false;
	s.p = bytes.p + 2;
	s.end = bytes.p + bytes.n - 2;
	if (!read_numbers(&s, 3) || s.p == s.end || *s.p++ != 'q')
		return false;
	while (s.p < s.end)
		if (!read_one(&s))
			return false;
	return true;
}

/* --- JPEG ------------------------------------------------------------------------------------- */

enum marker {
	SOF0 = 0xc0,
	SOF2 = 0xc2,
	DHT = 0xc4,
	RST0 = 0xd0,
	RST7 = 0xd7,
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	DQT = 0xdb,
	DRI = 0xdd,
	APP0 = 0xe0
};

#define JFIF_BYTES 14 /* behind the length, without a thumbnail */

static bool is_frame(struct kith_span body)
{
	if (body.n < 6 || body.p[0] != 8)
		return false;
	unsigned height = body.p[1] * 256u + body.p[2], width = body.p[3] * 256u + body.p[4];
	return height > 0 && height <= KITH_PICTURE_TAKE_SIDE && width > 0 &&
	       width <= KITH_PICTURE_TAKE_SIDE;
}

/* Whether such a segment may be there; counts the frames. */
static bool is_segment(uint8_t marker, struct kith_span body, unsigned *frames)
{
	switch (marker) {
	case SOF0:
	case SOF2:
		return ++*frames == 1 && is_frame(body);
	case APP0:
		return body.n == JFIF_BYTES && memcmp(body.p, "JFIF", 5) == 0;
	case SOS:
		return *frames == 1;
	case DHT:
	case DQT:
	case DRI:
		return true;
	default:
		return false;
	}
}

/* Over the bytes of a scan, to the next marker that is none of its own. */
static size_t end_of_scan(struct kith_span s, size_t at)
{
	while (at + 1 < s.n && (s.p[at] != 0xff || s.p[at + 1] == 0 ||
				       (s.p[at + 1] >= RST0 && s.p[at + 1] <= RST7)))
		at += s.p[at] == 0xff ? 2 : 1;
	return at;
}

bool kith_picture_is_taken(struct kith_span s)
{
	unsigned frames = 0, scans = 0;
	size_t at = 2;

	if (s.n < 4 || s.p[0] != 0xff || s.p[1] != SOI)
		return false;
	while (at + 4 <= s.n && s.p[at] == 0xff && s.p[at + 1] != EOI) {
		uint8_t marker = s.p[at + 1];
		size_t n = s.p[at + 2] * 256u + s.p[at + 3];
		if (n < 2 || n > s.n - at - 2 ||
			!is_segment(marker, kith_span(s.p + at + 4, n - 2), &frames))
			return false;
		at += 2 + n;
		if (marker == SOS) {
			scans++;
			at = end_of_scan(s, at);
		}
	}
	return scans > 0 && at + 2 == s.n && s.p[at] == 0xff && s.p[at + 1] == EOI;
}
