/* SPDX-License-Identifier: MIT
 *
 * header - what a picture file says of itself, before anything is decoded.
 */
#ifndef KITH_PICTURE_HEADER_H
#define KITH_PICTURE_HEADER_H

#include <kith/bytes.h>

enum kith_picture_kind { KITH_PICTURE_JPEG = 1, KITH_PICTURE_PNGFILE = 2, KITH_PICTURE_WEBP = 3 };

/* Spans borrow from the file. */
struct kith_picture_header {
	enum kith_picture_kind kind;
	uint32_t width, height; /* pixels, both at least 1; of the first frame where it moves */
	struct kith_span exif;  /* from its "II" or "MM" on; n == 0 for none */
	struct kith_span
		frame; /* WebP that moves: the chunks of the first frame; n == 0 for none */
	bool alpha;    /* that frame has a chunk of its own for what is transparent */
};

/*
 * Walks through the parts of the file, of which each must lie inside it; a JPEG and a PNG must have an end.
 * KITH_ERR_PICTURE: none of the three kinds; KITH_ERR_SHAPE: one, but its parts are not as they must be;
 * KITH_ERR_LIMIT: more than PICTURE_PIXELS_MAX.
 */
enum kith_err kith_picture_header_read(
	struct kith_span file, struct kith_picture_header *ret) KITH_MUST_CHECK;

/* Appends a WebP that is just the first frame.  KITH_ERR_NOMEM. */
enum kith_err kith_picture_header_still(
	const struct kith_picture_header *h, struct kith_buf *out) KITH_MUST_CHECK;

#endif
