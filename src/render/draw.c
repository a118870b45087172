/* SPDX-License-Identifier: MIT */
#include "render/draw.h"

#include <cairo.h>
#include <librsvg/rsvg.h>

static cairo_status_t take(void *ctx, const unsigned char *bytes, unsigned n)
{
	return kith_buf_add(ctx, bytes, n) ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static enum kith_render_status put(RsvgHandle *svg, cairo_surface_t *surface, struct kith_buf *out)
{
	RsvgRectangle all = {0, 0, cairo_image_surface_get_width(surface),
		cairo_image_surface_get_height(surface)};
	cairo_t *cairo = cairo_create(surface);
	bool drawn = rsvg_handle_render_document(svg, cairo, &all, NULL);

	cairo_destroy(cairo);
	if (!drawn)
		return KITH_RENDER_OTHER;
	return cairo_surface_write_to_png_stream(surface, take, out) ? KITH_RENDER_MEMORY
								     : KITH_RENDER_DONE;
}

/* Without a base address: nothing that an SVG might name is fetched. */
enum kith_render_status kith_render_draw(
	struct kith_span bytes, const struct kith_render_order *order, struct kith_buf *out)
{
	RsvgHandle *svg = rsvg_handle_new_from_data(bytes.p, bytes.n, NULL);
	enum kith_render_status status = KITH_RENDER_MEMORY;

	if (!svg)
		return KITH_RENDER_OTHER;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)order->width, (int)order->height);
	if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
		status = put(svg, surface, out);
	cairo_surface_destroy(surface);
	g_object_unref(svg);
	return status;
}
