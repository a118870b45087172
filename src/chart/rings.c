/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "chart/pen.h"

/* From the outermost in, each over the one before. */
static void put_circles(struct kith_pen *p)
{
	for (size_t r = p->chart->rings_n + 1; r-- > 0;)
		if (p->layout->edge[r] > 0)
			kith_pen_put(p,
				"<circle class=\"ring%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
				r % 2 ? " odd" : "", kith_pen_tenths(p->x), kith_pen_tenths(p->y),
				kith_pen_tenths(p->layout->edge[r]));
}

static void put_between(struct kith_pen *p)
{
	double from = KITH_CHART_CENTRE * 0.8, to = 0;

	for (size_t r = 0; r <= p->chart->rings_n; r++)
		to = fmax(to, p->layout->edge[r]);
	for (size_t s = 0; p->layout->sectors_n > 1 && s < p->layout->sectors_n; s++) {
		double c = cos(p->layout->sectors[s].begin), d = sin(p->layout->sectors[s].begin);
		kith_pen_put(p, "<path class=\"between\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
			kith_pen_tenths(p->x + from * c), kith_pen_tenths(p->y + from * d),
			kith_pen_tenths(p->x + to * c), kith_pen_tenths(p->y + to * d));
	}
}

void kith_pen_rings(struct kith_pen *p)
{
	put_circles(p);
	put_between(p);
	for (size_t r = 0; r < p->chart->rings_n; r++) {
		if (p->layout->edge[r] <= 0)
			continue;
		kith_pen_put(p, "<text class=\"name-of-ring\" x=\"%.1f\" y=\"%.1f\">",
			kith_pen_tenths(p->x), kith_pen_tenths(p->y - p->layout->edge[r] + 4));
		kith_pen_label(
			p, p->chart->rings[r], KITH_CHART_LETTERS, KITH_CHART_RING_ROOM - 10);
		kith_pen_put(p, "</text>\n");
	}
}
