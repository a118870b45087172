/* SPDX-License-Identifier: MIT
 *
 * draw - pixels for terminals, and a QR code as a picture.
 */
#ifndef KITH_PICTURE_DRAW_H
#define KITH_PICTURE_DRAW_H

#include "picture/image.h"

/* Appends it as sixels (libsixel).  Statuses MEMORY. */
enum kith_picture_status kith_picture_draw_sixel(gdImagePtr pixels, struct kith_buf *out);

/* Appends a PNG of side * side modules, one byte each (0 light, else dark), `scale` pixels a module and `quiet` light
 * modules around.  Statuses DAMAGED (another number of bytes), MEMORY. */
enum kith_picture_status kith_picture_draw_plot(struct kith_span modules, uint32_t side,
	uint32_t quiet, uint32_t scale, struct kith_buf *out);

#endif
