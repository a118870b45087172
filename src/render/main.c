/* SPDX-License-Identifier: MIT
 *
 * kith-render - reads an SVG that kith has made from standard input, in a cage, and writes a PNG to standard output
 * (proto/render.md).  Not to be started by hand.
 */
#include <errno.h>
#include <malloc.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/limits.h"
#include "render/cage.h"
#include "render/draw.h"

#define PIECE 65536

static enum kith_render_status read_all(struct kith_buf *in)
{
	for (;;) {
		uint8_t *p;
		if (kith_buf_more(in, PIECE, &p))
			return KITH_RENDER_MEMORY;
		ssize_t n = read(STDIN_FILENO, p, PIECE);
		in->n -= PIECE - (n > 0 ? (size_t)n : 0);
		if (n == 0)
			return KITH_RENDER_DONE;
		if (n < 0 && errno != EINTR)
			return KITH_RENDER_IO;
		if (in->n > KITH_RENDER_FILE_MAX)
			return KITH_RENDER_HUGE;
	}
}

static enum kith_render_status write_all(struct kith_span out)
{
	while (out.n > 0) {
		ssize_t n = write(STDOUT_FILENO, out.p, out.n);
		if (n < 0 && errno != EINTR)
			return KITH_RENDER_IO;
		if (n > 0)
			out = kith_span(out.p + n, out.n - (size_t)n);
	}
	return KITH_RENDER_DONE;
}

static enum kith_render_status run(const struct kith_render_order *order)
{
	KITH_AUTO_BUF struct kith_buf in = {0};
	KITH_AUTO_BUF struct kith_buf out = {0};
	enum kith_render_status status = read_all(&in);

	if (!status)
		status = kith_render_draw(kith_buf_span(&in), order, &out);
	return status ? status : write_all(kith_buf_span(&out));
}

int main(int argc, char **argv)
{
	struct kith_render_order order;

	(void)mallopt(M_ARENA_MAX, 1); /* else each thread takes 64 MiB of RENDER_MEMORY_MAX */
	if (!kith_render_order_read(argc, argv, &order))
		return KITH_RENDER_ORDER;
	if (!kith_render_cage_close())
		return KITH_RENDER_CAGE;
	_exit(run(&order)); /* what the libraries know of fonts is not given back piece by piece */
}
