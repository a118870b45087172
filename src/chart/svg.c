/* SPDX-License-Identifier: MIT
 *
 * svg - the picture, from its first byte to its last.
 */
#include <math.h>

#include "base/auto.h"
#include "chart/pen.h"

#define MARGIN   16.0
#define LEGEND   34.0 /* height of the line that explains the shapes */
#define READABLE 11.0 /* pixels */

static bool is_sound(const struct kith_chart *c)
{
	for (size_t i = 0; i < c->people_n; i++)
		if (c->people[i].ring > c->rings_n)
			return false;
	for (size_t i = 0; i < c->ties_n; i++)
		if (c->ties[i].a >= c->people_n || c->ties[i].b >= c->people_n ||
			c->ties[i].a == c->ties[i].b)
			return false;
	return true;
}

/* Whole pixels, so that nothing is cut at an edge. */
static uint32_t whole(double v)
{
	return (uint32_t)ceil(v);
}

static void write_all(struct kith_pen *p, const struct kith_chart_size *size, double width,
	double height, double legend)
{
	kith_pen_put(p,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"kith-title kith-desc\" "
		"direction=\"ltr\" font-family=\"'DejaVu Sans', Verdana, sans-serif\" "
		"font-size=\"%.0f\">\n",
		size->width, size->height, width, height, KITH_CHART_LETTERS);
	kith_pen_words(p);
	kith_pen_style(p);
	kith_pen_put(p, "<rect class=\"paper\" width=\"%.0f\" height=\"%.0f\"/>\n", width, height);
	kith_pen_rings(p);
	kith_pen_ties(p);
	kith_pen_people(p);
	kith_pen_me(p);
	if (legend > 0)
		kith_pen_legend(p, height - MARGIN / 2 - legend / 2);
	kith_pen_put(p, "</svg>\n");
}

enum kith_err kith_chart_svg(
	const struct kith_chart *chart, struct kith_buf *out, struct kith_chart_size *ret_size)
{
	KITH_AUTO(kith_chart_layout_free) struct kith_chart_layout layout = {.spots = NULL};
	enum kith_err err;

	if (chart->rings_n > KITH_RINGS_MAX || chart->people_n > KITH_CHART_PEOPLE_MAX ||
		chart->ties_n > KITH_CHART_TIES_MAX)
		return KITH_ERR_LIMIT;
	if (!is_sound(chart))
		return KITH_ERR_VALUE;
	if ((err = kith_chart_layout(chart, &layout)))
		return err;
	double legend = kith_pen_has_legend(chart) ? LEGEND : 0;
	uint32_t width = whole(2 * (layout.right + MARGIN));
	uint32_t height = whole(2 * (layout.down + MARGIN) + legend);
	struct kith_chart_size size = {.width = chart->width ? chart->width : width,
		.readable = whole(width * READABLE / KITH_CHART_LETTERS)};
	size.height = whole((double)height * size.width / width);
	struct kith_pen pen = {.chart = chart,
		.layout = &layout,
		.out = out,
		.x = width / 2.0,
		.y = layout.down + MARGIN};
	write_all(&pen, &size, width, height, legend);
	if (!pen.err)
		*ret_size = size;
	return pen.err;
}
