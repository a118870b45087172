/* SPDX-License-Identifier: MIT
 *
 * people - a dot and a name each.  A bridge is a diamond, who is drifting is hollow; colours only repeat what the shape
 * says, or the group, which the place says.
 */
#include <math.h>

#include "base/auto.h"
#include "chart/pen.h"

#define BASELINE 4.2   /* from the middle of a line of letters down to where they stand */
#define ROOM_MAX 250   /* more than any name has */
#define ME_ROOM  150.0 /* for mine, in letters of 14, bold: a tenth wider than what is measured */

static const char anchors[] = "sme"; /* by enum kith_chart_anchor */

/* The boxes in which names stay whatever their letters do: one for each room and anchor that there is. */
static void put_clips(struct kith_pen *p)
{
	bool seen[3][ROOM_MAX / 10 + 1] = {{false}};

	kith_pen_put(p, "<defs>");
	for (size_t i = 0; i < p->chart->people_n; i++) {
		const struct kith_chart_spot *s = &p->layout->spots[i];
		size_t tens = (size_t)(s->room / 10);
		if (tens > ROOM_MAX / 10 || seen[s->anchor][tens])
			continue;
		seen[s->anchor][tens] = true;
		double left = s->anchor == KITH_ANCHOR_START ? 0
			      : s->anchor == KITH_ANCHOR_END ? -s->room
							     : -s->room / 2;
		kith_pen_put(p,
			"<clipPath id=\"kith-%c%zu\"><rect x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" "
			"height=\"%.0f\"/></clipPath>",
			anchors[s->anchor], tens, kith_pen_tenths(left),
			-KITH_CHART_LINE / 2 - BASELINE, s->room, KITH_CHART_LINE);
	}
	kith_pen_put(p, "</defs>\n");
}

static void put_shape(struct kith_pen *p, const struct kith_chart_person *person, double x,
	double y, const char *colour)
{
	double r = 1.4 * KITH_CHART_DOT;

	x = kith_pen_tenths(x);
	y = kith_pen_tenths(y);
	if (person->bridge)
		kith_pen_put(p,
			"<path class=\"dot d%s\" d=\"M%.1f %.1fl%.1f %.1fl%.1f %.1fl%.1f %.1fz\"/>",
			colour, x - r, y, r, -r, r, r, -r, r);
	else
		kith_pen_put(p, "<circle class=\"dot d%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
			colour, x, y, KITH_CHART_DOT - 0.8);
}

/* "Ada Lovelace, inner, bridge, drifting" */
static void put_title(struct kith_pen *p, const struct kith_chart_person *person)
{
	kith_pen_put(p, "<title>");
	kith_pen_text(p, person->name, 60);
	if (person->ring < p->chart->rings_n) {
		kith_pen_put(p, ", ");
		kith_pen_text(p, p->chart->rings[person->ring], 60);
	}
	kith_pen_put(p, "%s%s</title>", person->bridge ? ", bridge" : "",
		person->drifting ? ", drifting" : "");
}

static void put_name(
	struct kith_pen *p, const struct kith_chart_person *person, const struct kith_chart_spot *s)
{
	kith_pen_put(p,
		"<text class=\"%c\" clip-path=\"url(#kith-%c%zu)\" transform=\"translate(%.1f %.1f)",
		anchors[s->anchor], anchors[s->anchor], (size_t)(s->room / 10),
		kith_pen_tenths(p->x + s->label_x), kith_pen_tenths(p->y + s->label_y));
	if (s->turn != 0)
		kith_pen_put(p, " rotate(%.2f)", s->turn);
	kith_pen_put(p, " translate(0 %.1f)\">", BASELINE);
	kith_pen_label(p, person->name, KITH_CHART_LETTERS, s->room);
	kith_pen_put(p, "</text>");
}

void kith_pen_people(struct kith_pen *p)
{
	char colour[2] = {0};

	put_clips(p);
	for (size_t i = 0; i < p->chart->people_n; i++) {
		const struct kith_chart_person *person = &p->chart->people[i];
		const struct kith_chart_spot *s = &p->layout->spots[i];
		colour[0] = (char)('0' + s->sector % KITH_CHART_COLOURS);
		kith_pen_put(p, "<g class=\"person%s\">", person->drifting ? " far" : "");
		put_title(p, person);
		put_shape(p, person, p->x + s->x, p->y + s->y, colour);
		put_name(p, person, s);
		kith_pen_put(p, "</g>\n");
	}
}

void kith_pen_me(struct kith_pen *p)
{
	double x = kith_pen_tenths(p->x), y = kith_pen_tenths(p->y);

	kith_pen_put(p,
		"<circle class=\"core\" cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/>"
		"<text class=\"me\" x=\"%.1f\" y=\"%.1f\">",
		x, y, x, y + 24);
	kith_pen_label(p, p->chart->me, 14, ME_ROOM);
	kith_pen_put(p, "</text>\n");
}

/* --- what the shapes mean --------------------------------------------------------------------- */

static const struct kith_chart_person bridge = {.bridge = true}, drifting = {.drifting = true};

static bool has(const struct kith_chart *chart, bool is_bridge)
{
	for (size_t i = 0; i < chart->people_n; i++)
		if (is_bridge ? chart->people[i].bridge : chart->people[i].drifting)
			return true;
	return false;
}

bool kith_pen_has_legend(const struct kith_chart *chart)
{
	return has(chart, true) || has(chart, false);
}

static void explain(struct kith_pen *p, const struct kith_chart_person *as, double x, double y,
	const char *word)
{
	kith_pen_put(p, "<g%s>", as->drifting ? " class=\"far\"" : "");
	put_shape(p, as, x, y, "x");
	kith_pen_put(p, "<text class=\"s\" x=\"%.1f\" y=\"%.1f\">%s</text></g>\n",
		kith_pen_tenths(x + 12), kith_pen_tenths(y + BASELINE), word);
}

void kith_pen_legend(struct kith_pen *p, double y)
{
	bool both = has(p->chart, true) && has(p->chart, false);

	if (has(p->chart, true))
		explain(p, &bridge, p->x - (both ? 90 : 30), y, "bridge");
	if (has(p->chart, false))
		explain(p, &drifting, p->x + (both ? 20 : -30), y, "drifting");
}
