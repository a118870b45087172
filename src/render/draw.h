/* SPDX-License-Identifier: MIT
 *
 * draw - an SVG as pixels, by librsvg and cairo.
 */
#ifndef KITH_RENDER_DRAW_H
#define KITH_RENDER_DRAW_H

#include <kith/bytes.h>

#include "render/order.h"

/* Appends a PNG of that size.  Statuses OTHER, MEMORY. */
enum kith_render_status kith_render_draw(
	struct kith_span svg, const struct kith_render_order *order, struct kith_buf *out);

#endif
