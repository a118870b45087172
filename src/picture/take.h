/* SPDX-License-Identifier: MIT
 *
 * take - a picture made small enough for a card.
 */
#ifndef KITH_PICTURE_TAKE_H
#define KITH_PICTURE_TAKE_H

#include "picture/image.h"

/*
 * Appends the middle square, upright, as a JPEG of at most max bytes: as many pixels as go with a quality that still
 * shows a face, 320 each way at most, 32 (or what there is) at least.  Statuses TIGHT, MEMORY.
 */
enum kith_picture_status kith_picture_take_small(
	const struct kith_picture_image *image, size_t max, struct kith_buf *out);

#endif
