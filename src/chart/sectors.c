/* SPDX-License-Identifier: MIT
 *
 * sectors - each group has its part of the circle.
 */
#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "chart/inside.h"

#define RING 150.0 /* how much farther out the next ring is, about */

struct group {
	size_t number; /* as the chart calls it */
	size_t first;  /* the first of its people */
	size_t people;
};

static int by_size(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static int by_seat(const void *a, const void *b)
{
	const struct kith_chart_seat *x = a, *y = b;

	if (x->ring != y->ring)
		return x->ring < y->ring ? -1 : 1;
	if (x->sector != y->sector)
		return x->sector < y->sector ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->person < y->person ? -1 : x->person > y->person;
}

/* Returns how many there are, the largest first. */
static size_t count_groups(const struct kith_chart *chart, struct group *groups)
{
	size_t n = 0;

	for (size_t i = 0; i < chart->people_n; i++) {
		size_t g = 0;
		while (g < n && groups[g].number != chart->people[i].group)
			g++;
		if (g == n)
			groups[n++] = (struct group){chart->people[i].group, i, 0};
		groups[g].people++;
	}
	qsort(groups, n, sizeof *groups, by_size);
	return n;
}

/* The groups before this one have a sector each. */
static size_t first_shared(const struct group *groups, size_t n)
{
	size_t alone = 0;

	while (alone < n && groups[alone].people > 1)
		alone++;
	if (alone == n && n <= KITH_CHART_SECTORS)
		return n;
	return alone < KITH_CHART_SECTORS - 1 ? alone : KITH_CHART_SECTORS - 1;
}

/* The part of the innermost circle of a ring that one name takes. */
static double part_of(size_t ring)
{
	return KITH_CHART_LINE / (KITH_CHART_CENTRE + RING * (double)ring);
}

/* By what its people take, where a name near the centre takes more of the circle, and none narrower than the widest of
 * its names; from the top, clockwise. */
static void set_widths(const struct kith_chart *chart, const struct kith_chart_seat *seats,
	struct kith_chart_layout *layout)
{
	double least[KITH_CHART_SECTORS] = {0}, wants[KITH_CHART_SECTORS] = {0};
	double all = 0, spare = 2 * M_PI, begin = -M_PI / 2;
	size_t place = 0; /* of a ring, among those that somebody is on */

	for (size_t i = 0; i < chart->people_n; i++) {
		size_t s = seats[i].sector;
		place += i > 0 && seats[i].ring != seats[i - 1].ring;
		wants[s] += part_of(place);
		least[s] = fmax(least[s], 1.05 * part_of(place));
		all += part_of(place);
	}
	for (size_t s = 0; s < layout->sectors_n; s++)
		spare -= least[s];
	for (size_t s = 0; s < layout->sectors_n; s++) {
		layout->sectors[s].begin = begin;
		layout->sectors[s].width = least[s] + spare * wants[s] / all;
		begin += layout->sectors[s].width;
	}
}

static void take_seats(const struct kith_chart *chart, const struct group *groups, size_t n,
	struct kith_chart_layout *layout, struct kith_chart_seat *seats)
{
	size_t shared = first_shared(groups, n);

	layout->sectors_n = shared < n ? shared + 1 : n;
	for (size_t i = 0; i < chart->people_n; i++) {
		size_t g = 0;
		while (groups[g].number != chart->people[i].group)
			g++;
		size_t sector = g < shared ? g : shared;
		seats[i] = (struct kith_chart_seat){i, chart->people[i].ring, sector, g};
		layout->spots[i].sector = sector;
	}
	qsort(seats, chart->people_n, sizeof *seats, by_seat);
}

enum kith_err kith_chart_sectors(const struct kith_chart *chart, struct kith_chart_layout *layout,
	struct kith_chart_seat *seats)
{
	KITH_AUTO_FREE struct group *groups = calloc(chart->people_n + 1, sizeof *groups);

	if (!groups)
		return KITH_ERR_NOMEM;
	take_seats(chart, groups, count_groups(chart, groups), layout, seats);
	set_widths(chart, seats, layout);
	return KITH_OK;
}
