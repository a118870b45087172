/* SPDX-License-Identifier: MIT
 *
 * draw - a code as lines of half blocks, and as SVG.
 */
#include "qr/qr.h"

/*
 * Black and white of the sixteen, which a colour scheme may have made brown and cream; then those
 * of the 256, which none does.  A terminal that has no 256 colours keeps the first.
 */
static const char colours[] = "\x1b[30;47m\x1b[38;5;16m\x1b[48;5;231m";
static const char plain[] = "\x1b[0m";

/* [upper][lower], 1 for what is printed in the colour of letters. */
static const char *const block[2][2] = {{" ", "▄"}, {"▀", "█"}};

size_t kith_qr_columns(const struct kith_qr *qr)
{
	return qr->side + 2 * KITH_QR_QUIET;
}

size_t kith_qr_rows(const struct kith_qr *qr)
{
	return (kith_qr_columns(qr) + 1) / 2;
}

/* Two rows of modules; letters are what is dark, or with light what is light. */
static enum kith_err add_row(const struct kith_qr *qr, long y, bool light, struct kith_buf *out)
{
	long end = (long)qr->side + KITH_QR_QUIET;
	enum kith_err err = KITH_OK;

	for (long x = -KITH_QR_QUIET; !err && x < end; x++) {
		bool upper = kith_qr_dark(qr, x, y) != light;
		bool lower = kith_qr_dark(qr, x, y + 1) != light;
		err = kith_buf_add_str(out, block[upper][lower]);
	}
	return err;
}

static enum kith_err add_rows(const struct kith_qr *qr, const char *before, const char *behind,
	bool light, struct kith_buf *out)
{
	long y = -KITH_QR_QUIET;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < kith_qr_rows(qr); i++, y += 2)
		if (!(err = kith_buf_add_str(out, before)) && !(err = add_row(qr, y, light, out)) &&
			!(err = kith_buf_add_str(out, behind)))
			err = kith_buf_add(out, "\n", 1);
	return err;
}

enum kith_err kith_qr_text(const struct kith_qr *qr, struct kith_buf *out)
{
	return add_rows(qr, colours, plain, false, out);
}

enum kith_err kith_qr_text_plain(const struct kith_qr *qr, struct kith_buf *out)
{
	return add_rows(qr, "", "", true, out);
}

/* The dark modules of a row as one path, a rectangle a run. */
static enum kith_err add_runs(const struct kith_qr *qr, long y, struct kith_buf *out)
{
	long side = (long)qr->side;
	enum kith_err err = KITH_OK;

	for (long x = 0; !err && x < side; x++) {
		long from = x;
		while (kith_qr_dark(qr, x, y))
			x++;
		if (x > from)
			err = kith_buf_printf(out, "M%ld %ldh%ldv1h-%ldz", from + KITH_QR_QUIET,
				y + KITH_QR_QUIET, x - from, x - from);
	}
	return err;
}

enum kith_err kith_qr_svg(const struct kith_qr *qr, struct kith_buf *out)
{
	size_t side = kith_qr_columns(qr);
	enum kith_err err = kith_buf_printf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
		"viewBox=\"0 0 %zu %zu\" shape-rendering=\"crispEdges\">\n"
		"<rect width=\"%zu\" height=\"%zu\" fill=\"#fff\"/>\n"
		"<path fill=\"#000\" d=\"",
		side * 4, side * 4, side, side, side, side);

	for (long y = 0; !err && y < (long)qr->side; y++)
		if (!(err = add_runs(qr, y, out)))
			err = kith_buf_add(out, "\n", 1);
	return err ? err : kith_buf_add_str(out, "\"/>\n</svg>\n");
}
