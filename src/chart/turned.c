/* SPDX-License-Identifier: MIT
 *
 * turned - names along the radius, each as wide as a line is high: so a circle of 250 pixels around holds a hundred, and
 * what does not fit stands on the next circle of the same ring.
 */
#include <math.h>

#include "chart/inside.h"

#define ROOM_FEW  150.0 /* for a name */
#define ROOM_MANY 130.0 /* with more than MANY people */
#define MANY      150

/* One circle of a ring. */
struct circle {
	double radius, room;
	size_t number;                   /* from the innermost of all */
	size_t left[KITH_CHART_SECTORS]; /* who is still to be put, by sector */
};

static void put(struct kith_chart_spot *s, const struct circle *c, double angle)
{
	bool left = cos(angle) < -1e-9;

	s->angle = angle;
	s->radius = c->radius;
	s->x = c->radius * cos(angle);
	s->y = c->radius * sin(angle);
	s->label_x = (c->radius + KITH_CHART_GAP) * cos(angle);
	s->label_y = (c->radius + KITH_CHART_GAP) * sin(angle);
	s->turn = angle * 180 / M_PI + (left ? 180 : 0);
	s->anchor = left ? KITH_ANCHOR_END : KITH_ANCHOR_START;
	s->room = c->room;
}

static size_t holds(const struct kith_chart_sector *s, double radius)
{
	return (size_t)(s->width * radius / KITH_CHART_LINE);
}

static double next(const struct circle *c)
{
	return c->radius + KITH_CHART_GAP + c->room + 2 * KITH_CHART_DOT + 4;
}

/* How many of n go on this circle: all of them, or their share of the circles that it takes, so that none is crowded and
 * the next empty. */
static size_t share(size_t n, const struct kith_chart_sector *sector, struct circle c)
{
	size_t here = holds(sector, c.radius), all = here;

	while (all < n) {
		c.radius = next(&c);
		all += holds(sector, c.radius);
	}
	return all == here ? n : (n * here + all - 1) / all;
}

/* Those of one sector that go on the circle, spread over the sector.  Returns how many. */
static size_t put_sector(const struct kith_chart_seat *seats, size_t n,
	const struct kith_chart_sector *sector, const struct circle *c,
	struct kith_chart_layout *layout)
{
	n = share(n, sector, *c);
	for (size_t i = 0; i < n; i++)
		put(&layout->spots[seats[i].person], c, kith_chart_angle(sector, i, n, c->number));
	return n;
}

/* All of one ring, n people, beginning on that circle, which becomes the last one that it took. */
static void put_ring(const struct kith_chart_seat *seats, size_t n, struct circle *c,
	struct kith_chart_layout *layout)
{
	size_t begin[KITH_CHART_SECTORS + 1] = {0}, left = n;

	for (size_t i = 0; i < n; i++)
		c->left[seats[i].sector]++;
	for (size_t s = 0; s < KITH_CHART_SECTORS; s++)
		begin[s + 1] = begin[s] + c->left[s];
	for (;;) {
		for (size_t s = 0; s < layout->sectors_n; s++) {
			size_t done = put_sector(seats + begin[s + 1] - c->left[s], c->left[s],
				&layout->sectors[s], c, layout);
			c->left[s] -= done;
			left -= done;
		}
		if (left == 0)
			return;
		c->radius = next(c);
		c->number++;
	}
}

/* How many of the first seats are on one ring, and the room that the longest of their names wants. */
static enum kith_err look_at_ring(const struct kith_chart *chart,
	const struct kith_chart_seat *seats, size_t n, size_t *ret_n, double *ret_room)
{
	double most = chart->people_n > MANY ? ROOM_MANY : ROOM_FEW, own = 0;
	enum kith_err err = KITH_OK;

	*ret_room = 0;
	for (*ret_n = 0; !err && *ret_n < n && seats[*ret_n].ring == seats[0].ring; ++*ret_n)
		if (!(err = kith_chart_room(chart->people[seats[*ret_n].person].name, most, &own)))
			*ret_room = fmax(*ret_room, own);
	return err;
}

enum kith_err kith_chart_turned(const struct kith_chart *chart, const struct kith_chart_seat *seats,
	struct kith_chart_layout *layout)
{
	struct circle c = {.radius = KITH_CHART_CENTRE};
	enum kith_err err = KITH_OK;

	for (size_t i = 0, n; !err && i < chart->people_n; i += n) {
		if ((err = look_at_ring(chart, seats + i, chart->people_n - i, &n, &c.room)))
			break;
		put_ring(seats + i, n, &c, layout);
		c.radius += KITH_CHART_GAP + c.room + KITH_CHART_APART / 2;
		layout->edge[seats[i].ring] = layout->right = layout->down = c.radius;
		c.radius += KITH_CHART_APART / 2;
		c.number++;
	}
	return err;
}
