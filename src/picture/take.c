/* SPDX-License-Identifier: MIT */
#include "picture/take.h"

#include "base/auto.h"
#include "picture/order.h"

/* Tried in this order: below the last quality a smaller picture shows more. */
static const uint32_t sides[] = {
	KITH_PICTURE_TAKE_SIDE, 288, 256, 224, 192, 160, 128, 96, 64, 48, 32};
static const int qualities[] = {88, 80, 72, 64, 56};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* With those pixels; TIGHT when no quality makes it small enough. */
static enum kith_picture_status take_pixels(gdImagePtr pixels, size_t max, struct kith_buf *out)
{
	for (size_t i = 0; i < COUNT(qualities); i++) {
		KITH_AUTO_BUF struct kith_buf jpeg = {0};
		if (kith_picture_image_jpeg(pixels, qualities[i], &jpeg))
			return KITH_PICTURE_MEMORY;
		if (jpeg.n <= max)
			return kith_buf_add(out, jpeg.p, jpeg.n) ? KITH_PICTURE_MEMORY
								 : KITH_PICTURE_DONE;
	}
	return KITH_PICTURE_TIGHT;
}

enum kith_picture_status kith_picture_take_small(
	const struct kith_picture_image *image, size_t max, struct kith_buf *out)
{
	enum kith_picture_status status = KITH_PICTURE_TIGHT;
	uint32_t w = image->header.width, h = image->header.height, most = w < h ? w : h;
	uint32_t last = 0;

	for (size_t i = 0; status == KITH_PICTURE_TIGHT && i < COUNT(sides); i++) {
		uint32_t side = sides[i] < most ? sides[i] : most;
		if (side == last)
			continue;
		last = side;
		KITH_AUTO(kith_picture_pixels_end)
		gdImagePtr pixels = kith_picture_image_square(image, side);
		status = pixels ? take_pixels(pixels, max, out) : KITH_PICTURE_MEMORY;
	}
	return status;
}
