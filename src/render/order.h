/* SPDX-License-Identifier: MIT
 *
 * order - what kith-render is told on its command line, and what it answers by its exit status (proto/render.md).
 */
#ifndef KITH_RENDER_ORDER_H
#define KITH_RENDER_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Exit statuses. */
enum kith_render_status {
	KITH_RENDER_DONE = 0,
	KITH_RENDER_ORDER = 10,  /* wrong arguments: of another version */
	KITH_RENDER_CAGE = 11,   /* the kernel has no cage, or a limit cannot be set */
	KITH_RENDER_OTHER = 12,  /* no SVG that the library draws */
	KITH_RENDER_HUGE = 14,   /* over RENDER_FILE_MAX */
	KITH_RENDER_MEMORY = 16, /* ran out */
	KITH_RENDER_IO = 17,     /* reading or writing the pipes failed */
};

struct kith_render_order {
	uint32_t width, height; /* pixels, 1 to RENDER_SIDE_MAX */
};

/* Reads argv[1] and on: two decimal numbers in range, and no more.  False for anything else. */
bool kith_render_order_read(int argc, char **argv, struct kith_render_order *ret);

#endif
