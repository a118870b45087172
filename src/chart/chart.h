/* SPDX-License-Identifier: MIT
 *
 * chart - a picture of me and my people as SVG: I at the centre, around me rings, on them people by group, and lines
 * between those who know each other.  proto/people.md, "The picture".  It knows nothing of a store; the same input
 * gives the same bytes.
 */
#ifndef KITH_CHART_CHART_H
#define KITH_CHART_CHART_H

#include <kith/bytes.h>

/* Colours: both, of which whoever shows it takes one (prefers-color-scheme), or one for good. */
enum kith_chart_scheme { KITH_CHART_BOTH, KITH_CHART_LIGHT, KITH_CHART_DARK };

struct kith_chart_person {
	struct kith_span name; /* any bytes; made inert here */
	size_t ring;           /* index into rings; rings_n: in none */
	size_t group;          /* those with one number stand together */
	bool drifting;
	bool bridge;
};

struct kith_chart_tie {
	size_t a, b; /* indices into people, not one */
};

/* What is drawn.  Everything borrows.  People of a group on a ring stand in the order given. */
struct kith_chart {
	struct kith_span me;
	const struct kith_span
		*rings; /* their names, from the nearest outwards; at most RINGS_MAX */
	size_t rings_n;
	const struct kith_chart_person *people; /* at most CHART_PEOPLE_MAX */
	size_t people_n;
	const struct kith_chart_tie *ties; /* at most CHART_TIES_MAX, each pair once */
	size_t ties_n;
	size_t unlined; /* events and organisations inside of which no lines are drawn, for their size */
	enum kith_chart_scheme scheme;
	uint32_t width; /* pixels; 0: as wide as it comes */
};

struct kith_chart_size {
	uint32_t width, height; /* pixels, as the SVG says */
	uint32_t readable;      /* from this width on every letter is 11 pixels high */
};

/* Appends the SVG.  KITH_ERR_LIMIT: more than the above; KITH_ERR_VALUE: a ring or a person that is not there;
 * KITH_ERR_NOMEM: what was appended is of no use. */
enum kith_err kith_chart_svg(const struct kith_chart *chart, struct kith_buf *out,
	struct kith_chart_size *ret_size) KITH_MUST_CHECK;

#endif
