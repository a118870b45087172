/* SPDX-License-Identifier: MIT
 *
 * image - a picture file as pixels, and pixels as a picture file; by libgd.
 */
#ifndef KITH_PICTURE_IMAGE_H
#define KITH_PICTURE_IMAGE_H

#include <gd.h>

#include "picture/header.h"
#include "picture/order.h"

/* A decoded picture.  kith_picture_image_free. */
struct kith_picture_image {
	struct kith_picture_header header;
	gdImagePtr pixels; /* true colour, as in the file: not yet upright */
	int orientation;   /* 1 to 8, as EXIF counts */
};

/* {0} allowed. */
void kith_picture_image_free(struct kith_picture_image *image);

/* Decodes the whole file, whose header was read before.  The header borrows from the file.
 * Statuses OTHER, HUGE, DAMAGED (also when there was too little memory), MEMORY. */
enum kith_picture_status kith_picture_image_read(
	struct kith_span file, struct kith_picture_image *ret);

/* The picture upright on white, scaled down to at most side pixels each way, keeping its form.  NULL: no memory. */
gdImagePtr kith_picture_image_fit(const struct kith_picture_image *image, uint32_t side);

/* Its middle as a square of side pixels, upright on white; side is at most the smaller of width and height. */
gdImagePtr kith_picture_image_square(const struct kith_picture_image *image, uint32_t side);

/* Appends the pixels as a JPEG without a comment (quality up to 95), or as a PNG.  KITH_ERR_NOMEM. */
enum kith_err kith_picture_image_jpeg(
	gdImagePtr pixels, int quality, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_picture_image_png(gdImagePtr pixels, struct kith_buf *out) KITH_MUST_CHECK;

/* For KITH_AUTO on a gdImagePtr. */
static inline void kith_picture_pixels_end(gdImagePtr *pixels)
{
	if (*pixels)
		gdImageDestroy(*pixels);
}

#endif
