/* SPDX-License-Identifier: MIT
 *
 * kith-picture - reads a picture from standard input, in a cage, and writes what was asked for to
 * standard output (proto/picture.md).  Not to be started by hand.
 */
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/limits.h"
#include "picture/cage.h"
#include "picture/codes.h"
#include "picture/draw.h"
#include "picture/image.h"
#include "picture/order.h"
#include "picture/take.h"

#define PIECE 65536

static enum kith_picture_status read_all(struct kith_buf *in)
{
	for (;;) {
		uint8_t *p;
		if (kith_buf_more(in, PIECE, &p))
			return KITH_PICTURE_MEMORY;
		ssize_t n = read(STDIN_FILENO, p, PIECE);
		in->n -= PIECE - (n > 0 ? (size_t)n : 0);
		if (n == 0)
			return KITH_PICTURE_DONE;
		if (n < 0 && errno != EINTR)
			return KITH_PICTURE_IO;
		if (in->n > KITH_PICTURE_FILE_MAX)
			return KITH_PICTURE_HUGE;
	}
}

static enum kith_picture_status write_all(struct kith_span out)
{
	while (out.n > 0) {
		ssize_t n = write(STDOUT_FILENO, out.p, out.n);
		if (n < 0 && errno != EINTR)
			return KITH_PICTURE_IO;
		if (n > 0)
			out = kith_span(out.p + n, out.n - (size_t)n);
	}
	return KITH_PICTURE_DONE;
}

static void add32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static enum kith_picture_status tell(const struct kith_picture_header *h, struct kith_buf *out)
{
	uint8_t told[9] = {(uint8_t)h->kind};

	add32(told + 1, h->width);
	add32(told + 5, h->height);
	return kith_buf_add(out, told, sizeof told) ? KITH_PICTURE_MEMORY : KITH_PICTURE_DONE;
}

static enum kith_picture_status draw(const struct kith_picture_image *image,
	const struct kith_picture_order *o, struct kith_buf *out)
{
	KITH_AUTO(kith_picture_pixels_end)
	gdImagePtr pixels = kith_picture_image_fit(image, o->arg[0]);

	if (!pixels)
		return KITH_PICTURE_MEMORY;
	if (o->what == KITH_PICTURE_SIXEL)
		return kith_picture_draw_sixel(pixels, out);
	return kith_picture_image_png(pixels, out) ? KITH_PICTURE_MEMORY : KITH_PICTURE_DONE;
}

static enum kith_picture_status with_image(const struct kith_picture_image *image,
	const struct kith_picture_order *o, struct kith_buf *out)
{
	switch (o->what) {
	case KITH_PICTURE_CHECK:
		return tell(&image->header, out);
	case KITH_PICTURE_TAKE:
		return kith_picture_take_small(image, o->arg[0], out);
	case KITH_PICTURE_CODES:
		return kith_picture_codes_find(image, out);
	default:
		return draw(image, o, out);
	}
}

static enum kith_picture_status carry_out(
	const struct kith_picture_order *o, struct kith_span in, struct kith_buf *out)
{
	KITH_AUTO(kith_picture_image_free) struct kith_picture_image image = {.pixels = NULL};

	if (o->what == KITH_PICTURE_PLOT)
		return kith_picture_draw_plot(in, o->arg[0], o->arg[1], o->arg[2], out);
	enum kith_picture_status status = kith_picture_image_read(in, &image);
	return status ? status : with_image(&image, o, out);
}

/* The library's own words would go to standard error. */
static void hear_nothing(int level, const char *format, va_list ap)
{
	(void)level;
	(void)format;
	(void)ap;
}

int main(int argc, char **argv)
{
	KITH_AUTO_BUF struct kith_buf in = {0};
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_picture_order order;
	enum kith_picture_status status;

	if (!kith_picture_order_read(argc, argv, &order))
		return KITH_PICTURE_ORDER;
	if (!kith_picture_cage_close())
		return KITH_PICTURE_CAGE;
	gdSetErrorMethod(hear_nothing);
	if ((status = read_all(&in)) || (status = carry_out(&order, kith_buf_span(&in), &out)))
		return status;
	return write_all(kith_buf_span(&out));
}
