/* SPDX-License-Identifier: MIT */
#include "render/render.h"

#include <stdio.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/filter.h"
#include "base/limits.h"
#include "render/order.h"

#define PROGRAM      "kith-render"
#define NUMBER_CHARS 12
#define AROUND       65536 /* bytes of a PNG that are no pixels, and more */

static enum kith_err fail_status(struct kith_diag *diag, int status)
{
	switch (status) {
	case KITH_RENDER_CAGE:
		return kith_fail(diag, KITH_ERR_HELPER,
			"a PNG is drawn in a cage alone, and this system makes none; an SVG needs "
			"none");
	case KITH_RENDER_ORDER:
		return kith_fail(
			diag, KITH_ERR_HELPER, PROGRAM " is of another version than this kith");
	default:
		return kith_fail(diag, KITH_ERR_PICTURE,
			"the PNG was given up: drawing it took too long, too much memory, or "
			"ended " PROGRAM);
	}
}

static uint32_t number_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Signature, and a header with that size. */
static bool is_png(struct kith_span s, uint32_t width, uint32_t height)
{
	return s.n > 24 && memcmp(s.p, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) == 0 &&
	       number_at(s.p + 16) == width && number_at(s.p + 20) == height;
}

static enum kith_err draw(struct kith_span svg, uint32_t width, uint32_t height,
	struct kith_buf *out, struct kith_diag *diag)
{
	char sides[2][NUMBER_CHARS];
	const char *words[] = {PROGRAM, sides[0], sides[1], NULL};
	struct kith_filter filter = {.words = words,
		.in = svg,
		.out_max = (size_t)width * height * 4 + AROUND,
		.ms = KITH_RENDER_MS};
	size_t before = out->n;
	int status;

	(void)snprintf(sides[0], NUMBER_CHARS, "%u", width);
	(void)snprintf(sides[1], NUMBER_CHARS, "%u", height);
	enum kith_err err = kith_filter_run(&filter, out, &status, diag);
	if (err || status != KITH_RENDER_DONE)
		return err ? err : fail_status(diag, status);
	if (is_png(kith_span(out->p + before, out->n - before), width, height))
		return KITH_OK;
	out->n = before;
	return fail_status(diag, -1);
}

enum kith_err kith_render_png(struct kith_span svg, uint32_t width, uint32_t height,
	struct kith_buf *out, struct kith_diag *diag)
{
	if (width < 1 || height < 1 || width > KITH_RENDER_SIDE_MAX ||
		height > KITH_RENDER_SIDE_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT,
			"a PNG has at most %d pixels each way; an SVG has no such limit",
			KITH_RENDER_SIDE_MAX);
	if (svg.n > KITH_RENDER_FILE_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "an SVG of at most %d MiB is drawn",
			KITH_RENDER_FILE_MAX >> 20);
	return draw(svg, width, height, out, diag);
}
