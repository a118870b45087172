/* SPDX-License-Identifier: MIT
 *
 * render - an SVG of kith's own as a PNG, by kith-render: a process of its own, in a cage, that gets the bytes and may
 * read fonts, and nothing else.  Source: proto/render.md.
 */
#ifndef KITH_RENDER_RENDER_H
#define KITH_RENDER_RENDER_H

#include <kith/bytes.h>

/*
 * Appends a PNG of exactly that size in pixels, each 1 to RENDER_SIDE_MAX.  The caller ignores SIGPIPE.
 * KITH_ERR_PICTURE (it was given up: RENDER_MS, RENDER_MEMORY_MAX; or what came is no such PNG), KITH_ERR_LIMIT (a side,
 * or the SVG over RENDER_FILE_MAX), KITH_ERR_HELPER; all with a sentence.
 */
enum kith_err kith_render_png(struct kith_span svg, uint32_t width, uint32_t height,
	struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
