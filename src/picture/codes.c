/* SPDX-License-Identifier: MIT */
#include "picture/codes.h"

#include <zbar.h>

#include "base/auto.h"

/* A camera's picture is looked at scaled down first: that is quick, and no dot of a screen is seen as a line. */
#define FIRST_SIDE   1600
#define WHOLE_PIXELS (16u << 20) /* as it is only up to so many */
#define LAST_SIDE    800

/* What stands behind a clear pixel is white. */
static uint8_t grey(int colour)
{
	int clear = gdTrueColorGetAlpha(colour);
	int light = (299 * gdTrueColorGetRed(colour) + 587 * gdTrueColorGetGreen(colour) +
			    114 * gdTrueColorGetBlue(colour)) /
		    1000;

	return (uint8_t)((light * (gdAlphaMax - clear) + 255 * clear) / gdAlphaMax);
}

static enum kith_err add_grey(gdImagePtr pixels, struct kith_buf *out)
{
	int width = gdImageSX(pixels), height = gdImageSY(pixels);
	uint8_t *p;
	enum kith_err err = kith_buf_more(out, (size_t)width * (size_t)height, &p);

	for (int y = 0; !err && y < height; y++)
		for (int x = 0; x < width; x++)
			*p++ = grey(gdImageTrueColorPixel(pixels, x, y));
	return err;
}

static enum kith_err add_code(const zbar_symbol_t *symbol, struct kith_buf *out)
{
	uint32_t n = zbar_symbol_get_data_length(symbol);
	const uint8_t head[] = {
		(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
	enum kith_err err = kith_buf_add(out, head, sizeof head);

	return err ? err : kith_buf_add(out, zbar_symbol_get_data(symbol), n);
}

static bool scan(
	zbar_image_scanner_t *scanner, zbar_image_t *image, gdImagePtr pixels, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf light = {0};

	/* Its bytes as they are: what else it would do with them needs files of the C library. */
	if (zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0) ||
		zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1) ||
		zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1) ||
		zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_TEST_INVERTED, 1) ||
		add_grey(pixels, &light))
		return false;
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)gdImageSX(pixels), (unsigned)gdImageSY(pixels));
	zbar_image_set_data(image, light.p, light.n, NULL);
	if (zbar_scan_image(scanner, image) < 0)
		return false;
	bool good = true;
	for (const zbar_symbol_t *s = zbar_image_first_symbol(image); good && s;
		s = zbar_symbol_next(s))
		if (zbar_symbol_get_type(s) == ZBAR_QRCODE)
			good = !add_code(s, out);
	return good;
}

static enum kith_picture_status find(gdImagePtr pixels, struct kith_buf *out)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	bool good = scanner && image && scan(scanner, image, pixels, out);

	if (image)
		zbar_image_destroy(image);
	if (scanner)
		zbar_image_scanner_destroy(scanner);
	return good ? KITH_PICTURE_DONE : KITH_PICTURE_MEMORY;
}

/* The same in the picture scaled down, if it is larger. */
static enum kith_picture_status find_within(
	const struct kith_picture_image *image, uint32_t side, struct kith_buf *out)
{
	if (image->header.width <= side && image->header.height <= side)
		return KITH_PICTURE_DONE;
	KITH_AUTO(kith_picture_pixels_end)
	gdImagePtr smaller = kith_picture_image_fit(image, side);
	return smaller ? find(smaller, out) : KITH_PICTURE_MEMORY;
}

enum kith_picture_status kith_picture_codes_find(
	const struct kith_picture_image *image, struct kith_buf *out)
{
	uint64_t pixels = (uint64_t)image->header.width * image->header.height;
	enum kith_picture_status status = find_within(image, FIRST_SIDE, out);

	if (!status && out->n == 0 && pixels <= WHOLE_PIXELS)
		status = find(image->pixels, out);
	if (!status && out->n == 0)
		status = find_within(image, LAST_SIDE, out);
	return status;
}
