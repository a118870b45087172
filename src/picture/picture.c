/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include <stdio.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/filter.h"
#include "base/limits.h"
#include "picture/answer.h"
#include "picture/header.h"
#include "picture/order.h"

#define PROGRAM   "kith-picture"
#define WORDS_MAX 6
#define PIECE     65536

/* What is asked of it. */
struct ask {
	const char *words[WORDS_MAX]; /* argv, NULL at the end */
	struct kith_span in;
	struct kith_buf *out; /* what came is appended */
	size_t out_max;
};

/* --- what came of it -------------------------------------------------------------------------- */

static enum kith_err fail_status(struct kith_diag *diag, int status)
{
	switch (status) {
	case KITH_PICTURE_OTHER:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"that is no picture that kith reads; it reads JPEG, PNG and WebP");
	case KITH_PICTURE_DAMAGED:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the picture is damaged, or not all of it is there");
	case KITH_PICTURE_HUGE:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the picture has more than %d million pixels; make it smaller first",
			KITH_PICTURE_PIXELS_MAX / 1000000);
	case KITH_PICTURE_TIGHT:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"there is too little room for a picture that still shows something");
	case KITH_PICTURE_CAGE:
		return kith_fail(diag, KITH_ERR_HELPER,
			"pictures are read in a cage alone, and this system makes none");
	case KITH_PICTURE_ORDER:
		return kith_fail(
			diag, KITH_ERR_HELPER, PROGRAM " is of another version than this kith");
	default:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the picture was given up: reading it took too long, too much memory, or "
			"ended " PROGRAM);
	}
}

/* Asks, and appends at most out_max bytes to out; what is there already stays on failure. */
static enum kith_err ask(const struct ask *a, struct kith_diag *diag)
{
	struct kith_filter filter = {
		.words = a->words, .in = a->in, .out_max = a->out_max, .ms = KITH_PICTURE_MS};
	int status;

	if (a->in.n > KITH_PICTURE_FILE_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "a picture may have %d MiB, not more",
			KITH_PICTURE_FILE_MAX >> 20);
	enum kith_err err = kith_filter_run(&filter, a->out, &status, diag);
	if (err || status == KITH_PICTURE_DONE)
		return err;
	return fail_status(diag, status);
}

static enum kith_err fail_answer(struct kith_buf *out, size_t before, struct kith_diag *diag)
{
	out->n = before;
	return fail_status(diag, -1);
}

/* --- the questions ---------------------------------------------------------------------------- */

#define NUMBER_CHARS 12

static const char *number(char text[static NUMBER_CHARS], size_t n)
{
	(void)snprintf(text, NUMBER_CHARS, "%u", n < UINT32_MAX ? (unsigned)n : UINT32_MAX);
	return text;
}

static const char *const kinds[] = {NULL, "jpeg", "png", "webp"};

static bool begins(struct kith_span s, const char *with, size_t n)
{
	return s.n >= n && memcmp(s.p, with, n) == 0;
}

const char *kith_picture_kind(struct kith_span s)
{
	if (begins(s, "\xff\xd8\xff", 3))
		return kinds[KITH_PICTURE_JPEG];
	if (begins(s, "\x89PNG\r\n\x1a\n", 8))
		return kinds[KITH_PICTURE_PNGFILE];
	if (begins(s, "RIFF", 4) && s.n >= 12 && memcmp(s.p + 8, "WEBP", 4) == 0)
		return kinds[KITH_PICTURE_WEBP];
	return NULL;
}

static uint32_t number_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

enum kith_err kith_picture_check(
	struct kith_span bytes, struct kith_picture_info *ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct ask a = {.words = {PROGRAM, "check"}, .in = bytes, .out = &out, .out_max = 9};
	struct kith_picture_info info = {.format = kith_picture_kind(bytes)};

	if (!info.format)
		return fail_status(diag, KITH_PICTURE_OTHER);
	enum kith_err err = ask(&a, diag);
	if (err)
		return err;
	if (out.n != 9 || out.p[0] >= sizeof kinds / sizeof kinds[0] ||
		kinds[out.p[0]] != info.format)
		return fail_answer(&out, 0, diag);
	info.width = number_at(out.p + 1);
	info.height = number_at(out.p + 5);
	uint64_t pixels = (uint64_t)info.width * info.height;
	if (pixels == 0 || pixels > KITH_PICTURE_PIXELS_MAX)
		return fail_answer(&out, 0, diag);
	*ret = info;
	return KITH_OK;
}

/* Whether what was appended is what a word asked for. */
static bool came(const struct kith_buf *out, size_t before, const char *with, size_t n)
{
	return begins(kith_span(out->p + before, out->n - before), with, n);
}

enum kith_err kith_picture_take(
	struct kith_span bytes, size_t max, struct kith_buf *out, struct kith_diag *diag)
{
	char text[NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "take", number(text, max)},
		.in = bytes,
		.out = out,
		.out_max = max};
	enum kith_err err = ask(&a, diag);

	if (!err && !kith_picture_is_taken(kith_span(out->p + before, out->n - before)))
		return fail_answer(out, before, diag);
	return err;
}

/* Room for as many pixels with nothing saved, and for what stands around them. */
static size_t drawn_max(uint32_t side)
{
	return (size_t)side * side * 6 + PIECE;
}

enum kith_err kith_picture_png(
	struct kith_span bytes, uint32_t side, struct kith_buf *out, struct kith_diag *diag)
{
	char text[NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "png", number(text, side)},
		.in = bytes,
		.out = out,
		.out_max = drawn_max(side)};
	enum kith_err err = ask(&a, diag);

	if (!err && !came(out, before, "\x89PNG\r\n\x1a\n", 8))
		return fail_answer(out, before, diag);
	return err;
}

enum kith_err kith_picture_sixel(
	struct kith_span bytes, uint32_t side, struct kith_buf *out, struct kith_diag *diag)
{
	char text[NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "sixel", number(text, side)},
		.in = bytes,
		.out = out,
		.out_max = drawn_max(side)};
	enum kith_err err = ask(&a, diag);

	if (!err && !kith_picture_is_sixel(kith_span(out->p + before, out->n - before), side))
		return fail_answer(out, before, diag);
	return err;
}

#define CODES_MAX 65536 /* bytes of all texts; one code holds 2953 */

/* Lengths and texts, to the end. */
static bool are_codes(struct kith_span s)
{
	while (s.n >= 4) {
		size_t n = number_at(s.p);
		if (n > s.n - 4)
			return false;
		s = kith_span(s.p + 4 + n, s.n - 4 - n);
	}
	return s.n == 0;
}

enum kith_err kith_picture_codes(
	struct kith_span bytes, struct kith_buf *out, struct kith_diag *diag)
{
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "codes"}, .in = bytes, .out = out, .out_max = CODES_MAX};
	enum kith_err err = ask(&a, diag);

	if (!err && !are_codes(kith_span(out->p + before, out->n - before)))
		return fail_answer(out, before, diag);
	return err;
}

enum kith_err kith_picture_plot(const uint8_t *dark, size_t side, size_t quiet, size_t scale,
	struct kith_buf *out, struct kith_diag *diag)
{
	char texts[3][NUMBER_CHARS];
	size_t before = out->n;
	struct ask a = {.words = {PROGRAM, "plot", number(texts[0], side), number(texts[1], quiet),
				number(texts[2], scale)},
		.in = kith_span(dark, side * side),
		.out = out,
		.out_max = drawn_max(KITH_PICTURE_SIDE_MAX)};
	enum kith_err err = ask(&a, diag);

	if (!err && !came(out, before, "\x89PNG\r\n\x1a\n", 8))
		return fail_answer(out, before, diag);
	return err;
}
