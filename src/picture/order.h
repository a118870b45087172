/* SPDX-License-Identifier: MIT
 *
 * order - what kith-picture is told on its command line, and what it answers by its exit status
 * (proto/picture.md).
 */
#ifndef KITH_PICTURE_ORDER_H
#define KITH_PICTURE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Exit statuses.  kith makes its sentences of them: words of a process that a picture has taken over are no words. */
enum kith_picture_status {
	KITH_PICTURE_DONE = 0,
	KITH_PICTURE_ORDER = 10,   /* wrong arguments: of another version */
	KITH_PICTURE_CAGE = 11,    /* the kernel has no cage, or a limit cannot be set */
	KITH_PICTURE_OTHER = 12,   /* no JPEG, PNG or WebP */
	KITH_PICTURE_DAMAGED = 13, /* one, but not whole */
	KITH_PICTURE_HUGE = 14,    /* over PICTURE_PIXELS_MAX, or PICTURE_FILE_MAX */
	KITH_PICTURE_TIGHT = 15,   /* it does not get as small as was asked for */
	KITH_PICTURE_MEMORY = 16,  /* ran out */
	KITH_PICTURE_IO = 17,      /* reading or writing the pipes failed */
};

enum kith_picture_what {
	KITH_PICTURE_CHECK, /* check: 1 byte kind, u32be width, u32be height */
	KITH_PICTURE_TAKE,  /* take MAX: a JPEG */
	KITH_PICTURE_PNG,   /* png SIDE */
	KITH_PICTURE_SIXEL, /* sixel SIDE */
	KITH_PICTURE_CODES, /* codes: each u32be length and bytes */
	KITH_PICTURE_PLOT,  /* plot SIDE QUIET SCALE: a PNG of side * side bytes */
};

#define KITH_PICTURE_SIDE_MAX  4096u    /* pixels that are drawn, each way */
#define KITH_PICTURE_TAKE_MAX  1048576u /* bytes of a taken picture */
#define KITH_PICTURE_TAKE_SIDE 320u     /* pixels of it, each way */
#define KITH_PICTURE_QUIET_MAX 64u      /* modules */
#define KITH_PICTURE_ARGS      3

struct kith_picture_order {
	enum kith_picture_what what;
	uint32_t arg[KITH_PICTURE_ARGS]; /* as above; 0 where there is none */
};

/* Reads argv[1] and on: a word and its numbers, decimal, in range, all of them and no more.  False for anything else. */
bool kith_picture_order_read(int argc, char **argv, struct kith_picture_order *ret);

#endif
