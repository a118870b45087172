/* SPDX-License-Identifier: MIT
 *
 * layout - where everybody stands.  Pixels from the centre, x to the right, y down; angles in radians, clockwise
 * from the right.
 */
#ifndef KITH_CHART_LAYOUT_H
#define KITH_CHART_LAYOUT_H

#include "base/limits.h"
#include "chart/chart.h"

#define KITH_CHART_LETTERS 12.0 /* size of the letters */
#define KITH_CHART_LINE    16.0 /* from one name to the next */
#define KITH_CHART_DOT     5.0  /* from the middle of a dot to its edge; a bridge's is larger */
#define KITH_CHART_SECTORS 12   /* groups with a sector of their own, and one for all others */

enum kith_chart_anchor { KITH_ANCHOR_START, KITH_ANCHOR_MIDDLE, KITH_ANCHOR_END };

/* One person. */
struct kith_chart_spot {
	size_t sector;                 /* from 0, the largest */
	double angle, radius;          /* of the dot */
	double x, y;                   /* the same */
	double label_x, label_y, turn; /* where the name's box is anchored, half way up; degrees */
	enum kith_chart_anchor anchor;
	double room; /* width of that box; whole tens */
};

struct kith_chart_sector {
	double begin, width; /* angles */
};

struct kith_chart_layout {
	struct kith_chart_spot *spots; /* one a person, in their order */
	struct kith_chart_sector sectors[KITH_CHART_SECTORS];
	size_t sectors_n;
	double edge[KITH_RINGS_MAX + 1]; /* where each ring ends; 0: nobody is on it */
	double right, down;              /* half of the width and height that all takes */
};

void kith_chart_layout_free(struct kith_chart_layout *layout);

/* Puts everybody somewhere.  chart has been looked at (kith_chart_svg).  KITH_ERR_NOMEM. */
enum kith_err kith_chart_layout(
	const struct kith_chart *chart, struct kith_chart_layout *ret) KITH_MUST_CHECK;

#endif
