/* SPDX-License-Identifier: MIT */
#include "chart/layout.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "chart/inside.h"
#include "chart/label.h"

#define LARGER 1.15 /* so much wider may a picture be for the sake of level names */

void kith_chart_layout_free(struct kith_chart_layout *layout)
{
	free(layout->spots);
	layout->spots = NULL;
}

enum kith_err kith_chart_room(struct kith_span name, double most, double *ret)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};
	enum kith_err err = kith_label_cut(&shown, name, KITH_CHART_LETTERS, most);

	if (!err)
		*ret = ceil(kith_label_width(kith_buf_span(&shown), KITH_CHART_LETTERS) / 10) * 10;
	return err;
}

double kith_chart_angle(const struct kith_chart_sector *sector, size_t i, size_t n, size_t circle)
{
	static const double shift[] = {0, 0.24, -0.24};

	return sector->begin + sector->width * ((double)i + 0.5 + shift[circle % 3]) / (double)n;
}

static enum kith_err place(const struct kith_chart *chart, struct kith_chart_layout *layout)
{
	KITH_AUTO_FREE struct kith_chart_seat *seats = calloc(chart->people_n, sizeof *seats);
	bool fits = false;
	enum kith_err err;

	if (!seats)
		return KITH_ERR_NOMEM;
	if ((err = kith_chart_sectors(chart, layout, seats)) ||
		(err = kith_chart_turned(chart, seats, layout)) ||
		chart->people_n > KITH_CHART_LEVEL_MAX)
		return err;
	double most = LARGER * layout->right;
	err = kith_chart_level(chart, seats, layout, &fits);
	return err || (fits && layout->right <= most) ? err
						      : kith_chart_turned(chart, seats, layout);
}

enum kith_err kith_chart_layout(const struct kith_chart *chart, struct kith_chart_layout *ret)
{
	KITH_AUTO(kith_chart_layout_free)
	struct kith_chart_layout layout = {.right = KITH_CHART_CENTRE, .down = KITH_CHART_CENTRE};

	if (chart->people_n == 0) {
		*ret = layout;
		return KITH_OK;
	}
	layout.spots = calloc(chart->people_n, sizeof *layout.spots);
	enum kith_err err = layout.spots ? place(chart, &layout) : KITH_ERR_NOMEM;
	if (err)
		return err;
	*ret = layout;
	layout.spots = NULL;
	return KITH_OK;
}
