/* SPDX-License-Identifier: MIT */
#include "picture/draw.h"

#include <sixel/sixel.h>

#include "base/auto.h"

#define COLOURS 256

static int add(char *data, int n, void *out)
{
	return n < 0 || kith_buf_add(out, data, (size_t)n) ? -1 : n;
}

/* Three bytes a pixel. */
static enum kith_err add_rgb(gdImagePtr pixels, struct kith_buf *out)
{
	int width = gdImageSX(pixels), height = gdImageSY(pixels);
	uint8_t *p;
	enum kith_err err = kith_buf_more(out, (size_t)width * (size_t)height * 3, &p);

	for (int y = 0; !err && y < height; y++) {
		for (int x = 0; x < width; x++) {
			int c = gdImageTrueColorPixel(pixels, x, y);
			*p++ = (uint8_t)gdTrueColorGetRed(c);
			*p++ = (uint8_t)gdTrueColorGetGreen(c);
			*p++ = (uint8_t)gdTrueColorGetBlue(c);
		}
	}
	return err;
}

static bool encode(uint8_t *rgb, int width, int height, struct kith_buf *out)
{
	sixel_output_t *output = NULL;
	sixel_dither_t *dither = NULL;
	bool good = SIXEL_SUCCEEDED(sixel_output_new(&output, add, out, NULL)) &&
		    SIXEL_SUCCEEDED(sixel_dither_new(&dither, COLOURS, NULL)) &&
		    SIXEL_SUCCEEDED(sixel_dither_initialize(dither, rgb, width, height,
			    SIXEL_PIXELFORMAT_RGB888, SIXEL_LARGE_AUTO, SIXEL_REP_AUTO,
			    SIXEL_QUALITY_AUTO)) &&
		    SIXEL_SUCCEEDED(sixel_encode(rgb, width, height, 3, dither, output));

	if (dither)
		sixel_dither_unref(dither);
	if (output)
		sixel_output_unref(output);
	return good;
}

enum kith_picture_status kith_picture_draw_sixel(gdImagePtr pixels, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf rgb = {0};

	if (add_rgb(pixels, &rgb) || !encode(rgb.p, gdImageSX(pixels), gdImageSY(pixels), out))
		return KITH_PICTURE_MEMORY;
	return KITH_PICTURE_DONE;
}

enum kith_picture_status kith_picture_draw_plot(struct kith_span modules, uint32_t side,
	uint32_t quiet, uint32_t scale, struct kith_buf *out)
{
	int n = (int)((side + 2 * quiet) * scale), s = (int)scale;

	if (modules.n != (size_t)side * side)
		return KITH_PICTURE_DAMAGED;
	KITH_AUTO(kith_picture_pixels_end) gdImagePtr plot = gdImageCreate(n, n);
	if (!plot)
		return KITH_PICTURE_MEMORY;
	(void)gdImageColorAllocate(plot, 255, 255, 255); /* the first is what is everywhere */
	int dark = gdImageColorAllocate(plot, 0, 0, 0);
	for (size_t i = 0; i < modules.n; i++) {
		int x = (int)(quiet + i % side) * s, y = (int)(quiet + i / side) * s;
		if (modules.p[i])
			gdImageFilledRectangle(plot, x, y, x + s - 1, y + s - 1, dark);
	}
	return kith_picture_image_png(plot, out) ? KITH_PICTURE_MEMORY : KITH_PICTURE_DONE;
}
