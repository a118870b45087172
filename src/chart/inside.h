/* SPDX-License-Identifier: MIT
 *
 * inside - what the files of chart share.
 */
#ifndef KITH_CHART_INSIDE_H
#define KITH_CHART_INSIDE_H

#include "chart/layout.h"

#define KITH_CHART_LEVEL_MAX 60    /* people; with more of them level names never have room */
#define KITH_CHART_CENTRE    96.0  /* radius of the first circle: my name stands inside */
#define KITH_CHART_GAP       9.0   /* from the middle of a dot to its name */
#define KITH_CHART_APART     30.0  /* between two rings; the name of the inner one stands there */
#define KITH_CHART_RING_ROOM 100.0 /* for the name of a ring */

/* The order in which people are put: by ring, sector, group, and as they came. */
struct kith_chart_seat {
	size_t person, ring, sector, group;
};

/* Which group gets which sector, largest first; those of one person and those beyond the last share one.  Sets the
 * sectors of layout and the seats.  KITH_ERR_NOMEM. */
enum kith_err kith_chart_sectors(const struct kith_chart *chart, struct kith_chart_layout *layout,
	struct kith_chart_seat *seats) KITH_MUST_CHECK;

/* The angle of one of n people of a sector on a circle: spread over it, and on each circle shifted against the one before,
 * so that a line from one outwards does not run along a name. */
double kith_chart_angle(const struct kith_chart_sector *sector, size_t i, size_t n, size_t circle);

/* The room that a name wants, at most `most`: whole tens. */
enum kith_err kith_chart_room(struct kith_span name, double most, double *ret) KITH_MUST_CHECK;

/* Few people, names level.  *ret_fits false: they would overlap. */
enum kith_err kith_chart_level(const struct kith_chart *chart, const struct kith_chart_seat *seats,
	struct kith_chart_layout *layout, bool *ret_fits) KITH_MUST_CHECK;

/* Any number, names along the radius, as many circles a ring as it takes. */
enum kith_err kith_chart_turned(const struct kith_chart *chart, const struct kith_chart_seat *seats,
	struct kith_chart_layout *layout) KITH_MUST_CHECK;

#endif
