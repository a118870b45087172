/* SPDX-License-Identifier: MIT */
#include "picture/image.h"

#include "base/auto.h"
#include "picture/exif.h"

void kith_picture_image_free(struct kith_picture_image *image)
{
	kith_picture_pixels_end(&image->pixels);
	image->pixels = NULL;
}

/* --- decoding --------------------------------------------------------------------------------- */

static gdImagePtr decode_webp(const struct kith_picture_header *h, struct kith_span file)
{
	KITH_AUTO_BUF struct kith_buf still = {0};

	if (h->frame.n == 0)
		return gdImageCreateFromWebpPtr((int)file.n, (void *)file.p);
	if (kith_picture_header_still(h, &still))
		return NULL;
	return gdImageCreateFromWebpPtr((int)still.n, still.p);
}

/* What a camera wrote a little wrong is read, as everywhere; that a JPEG has an end was seen in its header. */
static gdImagePtr decode(const struct kith_picture_header *h, struct kith_span file)
{
	switch (h->kind) {
	case KITH_PICTURE_JPEG:
		return gdImageCreateFromJpegPtrEx((int)file.n, (void *)file.p, 1);
	case KITH_PICTURE_PNGFILE:
		return gdImageCreateFromPngPtr((int)file.n, (void *)file.p);
	case KITH_PICTURE_WEBP:
		return decode_webp(h, file);
	}
	return NULL;
}

static enum kith_picture_status status_of(enum kith_err err)
{
	return err == KITH_ERR_PICTURE ? KITH_PICTURE_OTHER
	       : err == KITH_ERR_LIMIT ? KITH_PICTURE_HUGE
				       : KITH_PICTURE_DAMAGED;
}

enum kith_picture_status kith_picture_image_read(
	struct kith_span file, struct kith_picture_image *ret)
{
	struct kith_picture_image image = {.pixels = NULL};
	enum kith_err err = kith_picture_header_read(file, &image.header);

	if (err)
		return status_of(err);
	image.pixels = decode(&image.header, file);
	if (!image.pixels)
		return KITH_PICTURE_DAMAGED;
	if ((uint32_t)gdImageSX(image.pixels) != image.header.width ||
		(uint32_t)gdImageSY(image.pixels) != image.header.height ||
		!gdImagePaletteToTrueColor(image.pixels)) {
		kith_picture_image_free(&image);
		return KITH_PICTURE_DAMAGED;
	}
	image.orientation = kith_picture_exif_orientation(image.header.exif);
	*ret = image;
	return KITH_PICTURE_DONE;
}

/* --- upright ---------------------------------------------------------------------------------- */

/* The pixel of `from` that stands at x, y of the upright picture. */
static int pixel_at(gdImagePtr from, int orientation, int x, int y)
{
	int right = gdImageSX(from) - 1, bottom = gdImageSY(from) - 1;

	switch (orientation) {
	case 2:
		return gdImageTrueColorPixel(from, right - x, y);
	case 3:
		return gdImageTrueColorPixel(from, right - x, bottom - y);
	case 4:
		return gdImageTrueColorPixel(from, x, bottom - y);
	case 5:
		return gdImageTrueColorPixel(from, y, x);
	case 6:
		return gdImageTrueColorPixel(from, y, bottom - x);
	case 7:
		return gdImageTrueColorPixel(from, right - y, bottom - x);
	case 8:
		return gdImageTrueColorPixel(from, right - y, x);
	default:
		return gdImageTrueColorPixel(from, x, y);
	}
}

/* A new picture that is upright. */
static gdImagePtr upright(gdImagePtr from, int orientation)
{
	bool lies = orientation >= 5;
	int width = lies ? gdImageSY(from) : gdImageSX(from);
	int height = lies ? gdImageSX(from) : gdImageSY(from);
	gdImagePtr to = gdImageCreateTrueColor(width, height);

	for (int y = 0; to && y < height; y++)
		for (int x = 0; x < width; x++)
			gdImageTrueColorPixel(to, x, y) = pixel_at(from, orientation, x, y);
	return to;
}

/* --- scaled ----------------------------------------------------------------------------------- */

/* That part of the picture, on white, with that size, upright. */
static gdImagePtr scaled(const struct kith_picture_image *image, int x, int y, int width,
	int height, int to_width, int to_height)
{
	KITH_AUTO(kith_picture_pixels_end)
	gdImagePtr flat = gdImageCreateTrueColor(to_width, to_height);

	if (!flat)
		return NULL;
	gdImageFilledRectangle(flat, 0, 0, to_width - 1, to_height - 1, 0xffffff);
	gdImageAlphaBlending(flat, gdEffectAlphaBlend);
	gdImageCopyResampled(flat, image->pixels, 0, 0, x, y, to_width, to_height, width, height);
	return upright(flat, image->orientation);
}

gdImagePtr kith_picture_image_square(const struct kith_picture_image *image, uint32_t side)
{
	int width = gdImageSX(image->pixels), height = gdImageSY(image->pixels);
	int smaller = width < height ? width : height;

	return scaled(image, (width - smaller) / 2, (height - smaller) / 2, smaller, smaller,
		(int)side, (int)side);
}

static int share(int of, int part, int whole)
{
	int64_t n = ((int64_t)of * part + whole / 2) / whole;

	return n > 0 ? (int)n : 1;
}

gdImagePtr kith_picture_image_fit(const struct kith_picture_image *image, uint32_t side)
{
	int width = gdImageSX(image->pixels), height = gdImageSY(image->pixels);
	int greater = width > height ? width : height;
	int to = greater < (int)side ? greater : (int)side;

	return scaled(
		image, 0, 0, width, height, share(to, width, greater), share(to, height, greater));
}

/* --- encoding --------------------------------------------------------------------------------- */

/* The library writes who it is into a comment, which is left out. */
static enum kith_err add_without_comment(struct kith_span jpeg, struct kith_buf *out)
{
	size_t at = 2;
	enum kith_err err = kith_buf_add(out, jpeg.p, at);

	while (!err && at + 4 <= jpeg.n && jpeg.p[at + 1] != 0xda) {
		size_t n = 2 + ((size_t)jpeg.p[at + 2] << 8 | jpeg.p[at + 3]);
		if (jpeg.p[at + 1] != 0xfe)
			err = kith_buf_add(out, jpeg.p + at, n);
		at += n;
	}
	return err ? err : kith_buf_add(out, jpeg.p + at, jpeg.n - at);
}

enum kith_err kith_picture_image_jpeg(gdImagePtr pixels, int quality, struct kith_buf *out)
{
	int n = 0;
	void *jpeg = gdImageJpegPtr(pixels, &n, quality);
	enum kith_err err =
		jpeg ? add_without_comment(kith_span(jpeg, (size_t)n), out) : KITH_ERR_NOMEM;

	gdFree(jpeg);
	return err;
}

enum kith_err kith_picture_image_png(gdImagePtr pixels, struct kith_buf *out)
{
	int n = 0;
	void *png = gdImagePngPtr(pixels, &n);
	enum kith_err err = png ? kith_buf_add(out, png, (size_t)n) : KITH_ERR_NOMEM;

	gdFree(png);
	return err;
}
