/* SPDX-License-Identifier: MIT
 *
 * pen - what is being written, and its parts.
 */
#ifndef KITH_CHART_PEN_H
#define KITH_CHART_PEN_H

#include "chart/inside.h"

#define KITH_CHART_COLOURS 7 /* of sectors, one after the other */

struct kith_pen {
	const struct kith_chart *chart;
	const struct kith_chart_layout *layout;
	struct kith_buf *out;
	enum kith_err err; /* the first one; nothing is written from then on */
	double x, y;       /* the centre, on the page */
};

#define kith_pen_put(p, ...)                                                                       \
	((p)->err = (p)->err ? (p)->err : kith_buf_printf((p)->out, __VA_ARGS__))

/* For "%.1f": tenths of a pixel, and no minus before a zero. */
double kith_pen_tenths(double v);

/* Text of others, inert and escaped, at most so many columns; "?" when nothing of it shows. */
void kith_pen_text(struct kith_pen *p, struct kith_span text, size_t columns);

/* The same, cut to a room in pixels. */
void kith_pen_label(struct kith_pen *p, struct kith_span text, double size, double room);

/* <title> and <desc> of the whole. */
void kith_pen_words(struct kith_pen *p);

/* <style>. */
void kith_pen_style(struct kith_pen *p);

/* The circles of the rings with their names, and the lines between sectors. */
void kith_pen_rings(struct kith_pen *p);

/* Curves between people, then people, then me. */
void kith_pen_ties(struct kith_pen *p);
void kith_pen_people(struct kith_pen *p);
void kith_pen_me(struct kith_pen *p);

/* What the shapes mean, where there are any to explain; its middle is at y. */
bool kith_pen_has_legend(const struct kith_chart *chart);
void kith_pen_legend(struct kith_pen *p, double y);

#endif
