/* SPDX-License-Identifier: MIT
 *
 * codes - the QR codes in a picture; by libzbar.
 */
#ifndef KITH_PICTURE_CODES_H
#define KITH_PICTURE_CODES_H

#include "picture/image.h"

/* Appends the bytes of each, u32be length in front; nothing when there is none.  A large picture is looked at scaled
 * down, and as it is only up to 16 million pixels.  Statuses MEMORY. */
enum kith_picture_status kith_picture_codes_find(
	const struct kith_picture_image *image, struct kith_buf *out);

#endif
