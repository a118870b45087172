/* SPDX-License-Identifier: MIT
 *
 * level - names as one reads them, beside their dots or above and below: for so few people that none is in the way of
 * another.  Whether they are is tried, with circles that grow.
 */
#include <math.h>

#include "chart/inside.h"

#define ROOM   220.0 /* for a name */
#define STEP   100.0 /* between two rings, at first */
#define TRIES  10
#define GROWTH 1.15
#define MARGIN 2.0  /* between two boxes */
#define STEEP  0.45 /* cosine, below which a name stands above or below its dot */

struct box {
	double left, top, right, bottom;
};

static bool overlap(const struct box *a, const struct box *b)
{
	return a->left < b->right + MARGIN && b->left < a->right + MARGIN &&
	       a->top < b->bottom + MARGIN && b->top < a->bottom + MARGIN;
}

static struct box box_of(double x, double y, double width, double height)
{
	return (struct box){x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

static struct box name_box(const struct kith_chart_spot *s)
{
	double middle = s->anchor == KITH_ANCHOR_START ? s->label_x + s->room / 2
			: s->anchor == KITH_ANCHOR_END ? s->label_x - s->room / 2
						       : s->label_x;

	return box_of(middle, s->label_y, s->room, KITH_CHART_LINE);
}

static struct box dot_box(const struct kith_chart_spot *s)
{
	return box_of(s->x, s->y, 3 * KITH_CHART_DOT, 3 * KITH_CHART_DOT);
}

static void put(struct kith_chart_spot *s, double radius, double angle)
{
	double c = cos(angle), up = KITH_CHART_GAP + KITH_CHART_LINE / 2;

	s->angle = angle;
	s->radius = radius;
	s->x = radius * c;
	s->y = radius * sin(angle);
	s->turn = 0;
	s->anchor = fabs(c) < STEEP ? KITH_ANCHOR_MIDDLE
		    : c > 0         ? KITH_ANCHOR_START
				    : KITH_ANCHOR_END;
	s->label_x = s->x;
	s->label_y = s->y;
	if (s->anchor == KITH_ANCHOR_MIDDLE)
		s->label_y += s->y < 0 ? -up : up;
	else
		s->label_x += c > 0 ? KITH_CHART_GAP + 2 : -KITH_CHART_GAP - 2;
}

/* Everybody on one circle a ring. */
static void put_all(const struct kith_chart *chart, const struct kith_chart_seat *seats,
	struct kith_chart_layout *layout, double grown)
{
	double radius = KITH_CHART_CENTRE * sqrt(grown);
	size_t circle = 0;

	for (size_t i = 0, n; i < chart->people_n; i += n) {
		size_t ring = seats[i].ring, sector = seats[i].sector;
		const struct kith_chart_sector *s = &layout->sectors[sector];
		for (n = 0; i + n < chart->people_n && seats[i + n].ring == ring &&
			    seats[i + n].sector == sector;)
			n++;
		for (size_t k = 0; k < n; k++)
			put(&layout->spots[seats[i + k].person], radius,
				kith_chart_angle(s, k, n, circle));
		if (i + n < chart->people_n && seats[i + n].ring == ring)
			continue;
		layout->edge[ring] = radius + STEP * grown / 2;
		radius += STEP * grown;
		circle++;
	}
}

/* Whether this name is in nobody's way: another name, a dot, the name of a ring. */
static bool is_free(
	const struct kith_chart *chart, const struct kith_chart_layout *layout, size_t i)
{
	struct box name = name_box(&layout->spots[i]);

	for (size_t j = 0; j < chart->people_n; j++) {
		struct box other = name_box(&layout->spots[j]), dot = dot_box(&layout->spots[j]);
		if (j != i && (overlap(&name, &other) || overlap(&name, &dot)))
			return false;
	}
	for (size_t r = 0; r <= chart->rings_n; r++) {
		struct box ring =
			box_of(0, -layout->edge[r], KITH_CHART_RING_ROOM, KITH_CHART_LINE);
		if (layout->edge[r] > 0 && overlap(&name, &ring))
			return false;
	}
	return true;
}

static void measure(const struct kith_chart *chart, struct kith_chart_layout *layout)
{
	layout->right = layout->down = 0;
	for (size_t r = 0; r <= chart->rings_n; r++)
		layout->right = fmax(layout->right, layout->edge[r]);
	layout->down = layout->right;
	for (size_t i = 0; i < chart->people_n; i++) {
		struct box b = name_box(&layout->spots[i]);
		layout->right = fmax(layout->right, fmax(b.right, -b.left));
		layout->down = fmax(layout->down, fmax(b.bottom, -b.top));
	}
}

enum kith_err kith_chart_level(const struct kith_chart *chart, const struct kith_chart_seat *seats,
	struct kith_chart_layout *layout, bool *ret_fits)
{
	double grown = 1;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < chart->people_n; i++)
		err = kith_chart_room(chart->people[i].name, ROOM, &layout->spots[i].room);
	*ret_fits = false;
	for (int t = 0; !err && !*ret_fits && t < TRIES; t++, grown *= GROWTH) {
		put_all(chart, seats, layout, grown);
		*ret_fits = true;
		for (size_t i = 0; *ret_fits && i < chart->people_n; i++)
			*ret_fits = is_free(chart, layout, i);
	}
	if (!err)
		measure(chart, layout);
	return err;
}
