/* SPDX-License-Identifier: MIT
 *
 * ties - curves that bend towards the centre, so that they leave the names, which stand outside; those from one group to
 * another run together on the way (after Holten 2006, "Hierarchical edge bundles").  Among few people each is bent so far to
 * a side that it does not run through somebody else.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "chart/pen.h"

#define BUNDLE 0.55 /* how far a tie between groups is drawn to their middles */
#define DETOUR 8    /* pixels to a side that count as much as a point in a name */
#define STEPS  40   /* points at which a curve is looked at */
#define CLEAR  4.0  /* from a line to the edge of a dot it passes */
#define CORE   8.0  /* my dot, to its edge */
#define MINE   40.0 /* half the width that is kept free for my name */
#define DOTS   100  /* what a dot that is run through counts, and a name's point one */

struct point {
	double x, y;
};

static struct point polar(const struct kith_pen *p, double angle, double radius)
{
	return (struct point){kith_pen_tenths(p->x + radius * cos(angle)),
		kith_pen_tenths(p->y + radius * sin(angle))};
}

/* From one angle to another, the shorter way: -pi to pi. */
static double way(double from, double to)
{
	return remainder(to - from, 2 * M_PI);
}

static double middle_of(const struct kith_pen *p, size_t sector)
{
	return p->layout->sectors[sector].begin + p->layout->sectors[sector].width / 2;
}

static void put_curve(struct kith_pen *p, const struct point at[static 4], const char *colour)
{
	kith_pen_put(p, "<path class=\"t%s\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>\n",
		colour, at[0].x, at[0].y, at[1].x, at[1].y, at[2].x, at[2].y, at[3].x, at[3].y);
}

/* --- past others ------------------------------------------------------------------------------ */

static struct point along(const struct point at[static 4], double t)
{
	double u = 1 - t, w[4] = {u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t};
	struct point q = {0, 0};

	for (int i = 0; i < 4; i++) {
		q.x += w[i] * at[i].x;
		q.y += w[i] * at[i].y;
	}
	return q;
}

/* Level names alone, which few people have. */
static bool is_in_name(const struct kith_chart_spot *s, double x, double y)
{
	double left = s->anchor == KITH_ANCHOR_START ? 0
		      : s->anchor == KITH_ANCHOR_END ? -s->room
						     : -s->room / 2;

	x -= s->label_x + left;
	return s->turn == 0 && x > 0 && x < s->room && fabs(y - s->label_y) < KITH_CHART_LINE / 2;
}

static bool is_near(double x, double y, double most)
{
	return x * x + y * y < most * most;
}

/* How much a curve runs through others, and me, by the points that do. */
static int cost(const struct kith_pen *p, const struct kith_chart_tie *t, const struct point at[4])
{
	int sum = 0;

	for (int k = 1; k < STEPS; k++) {
		struct point q = along(at, (double)k / STEPS);
		double x = q.x - p->x, y = q.y - p->y;
		sum += is_near(x, y, CORE + CLEAR) ? DOTS : fabs(x) < MINE && fabs(y - 20) < 9;
		for (size_t i = 0; i < p->chart->people_n; i++) {
			const struct kith_chart_spot *s = &p->layout->spots[i];
			if (i != t->a && i != t->b &&
				is_near(x - s->x, y - s->y, 1.4 * KITH_CHART_DOT + CLEAR))
				sum += DOTS;
			sum += is_in_name(s, x, y);
		}
	}
	return sum;
}

/* Moves what bends it to a side. */
static void bend(struct point at[static 4], double by)
{
	double x = at[3].x - at[0].x, y = at[3].y - at[0].y, n = fmax(hypot(x, y), 1);

	for (int i = 1; i < 3; i++) {
		at[i].x = kith_pen_tenths(at[i].x - by * y / n);
		at[i].y = kith_pen_tenths(at[i].y + by * x / n);
	}
}

/* As it is where it runs through nobody, else the least bent of the best. */
static void pass_others(
	const struct kith_pen *p, const struct kith_chart_tie *t, struct point at[static 4])
{
	static const double bends[] = {0, 20, -20, 40, -40, 60, -60, 90, -90, 120, -120};
	const struct point straight[4] = {at[0], at[1], at[2], at[3]};
	int least = INT_MAX;

	if (p->chart->people_n > KITH_CHART_LEVEL_MAX)
		return;
	for (size_t i = 0; least > 0 && i < sizeof bends / sizeof bends[0]; i++) {
		struct point bent[4];
		memcpy(bent, straight, sizeof bent);
		bend(bent, bends[i]);
		int so = cost(p, t, bent) + (int)(fabs(bends[i]) / DETOUR);
		if (so >= least)
			continue;
		least = so;
		memcpy(at, bent, sizeof bent);
	}
}

/* --- all of them ------------------------------------------------------------------------------ */

/* Both ends are drawn inwards, the farther they are from each other the more. */
static void put_tie(struct kith_pen *p, const struct kith_chart_tie *t, const char *colour)
{
	const struct kith_chart_spot *a = &p->layout->spots[t->a], *b = &p->layout->spots[t->b];
	double apart = way(a->angle, b->angle), inwards = 1 - 0.8 * fabs(apart) / M_PI;
	double low = fmin(a->radius, b->radius), from = a->angle + apart / 6,
	       to = b->angle - apart / 6;

	if (a->sector != b->sector) {
		from = a->angle + BUNDLE * way(a->angle, middle_of(p, a->sector));
		to = b->angle + BUNDLE * way(b->angle, middle_of(p, b->sector));
		low *= fmin(inwards, 0.75);
	} else {
		low *= fmax(inwards, 0.6) - 0.04;
	}
	struct point at[] = {polar(p, a->angle, a->radius), polar(p, from, low), polar(p, to, low),
		polar(p, b->angle, b->radius)};
	pass_others(p, t, at);
	put_curve(p, at, colour);
}

/* Many lines are thin and pale, so that what lies under them can be read. */
static void begin(struct kith_pen *p)
{
	size_t n = p->chart->ties_n;

	kith_pen_put(p, "<g class=\"ties\" stroke-width=\"%s\" stroke-opacity=\"%s\">\n",
		n <= 60    ? "1.4"
		: n <= 300 ? "1"
			   : "0.7",
		n <= 60    ? "0.7"
		: n <= 300 ? "0.45"
			   : "0.3");
}

void kith_pen_ties(struct kith_pen *p)
{
	char colour[2] = {0};

	begin(p);
	for (size_t i = 0; i < p->chart->ties_n; i++) {
		const struct kith_chart_tie *t = &p->chart->ties[i];
		bool one = p->chart->people[t->a].group == p->chart->people[t->b].group;
		colour[0] = one ? (char)('0' + p->layout->spots[t->a].sector % KITH_CHART_COLOURS)
				: 'b';
		put_tie(p, t, colour);
	}
	kith_pen_put(p, "</g>\n");
}
