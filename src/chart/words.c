/* SPDX-License-Identifier: MIT
 *
 * words - what is written on the page: names of others, inert, and what a screen reader says.
 */
#include <math.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "chart/label.h"
#include "chart/pen.h"

#define NAME_COLUMNS 60
#define NAMED_MAX    20 /* people that the description names, of a kind */

double kith_pen_tenths(double v)
{
	v = round(v * 10) / 10;
	return v == 0 ? 0 : v;
}

/* What came out of kith_show holds no control character and nothing that XML knows no place for. */
static void escape(struct kith_pen *p, struct kith_span shown)
{
	for (size_t i = 0; i < shown.n && !p->err; i++) {
		const char *as = shown.p[i] == '&'   ? "&amp;"
				 : shown.p[i] == '<' ? "&lt;"
				 : shown.p[i] == '>' ? "&gt;"
				 : shown.p[i] == '"' ? "&quot;"
						     : NULL;
		p->err = as ? kith_buf_add_str(p->out, as) : kith_buf_add(p->out, shown.p + i, 1);
	}
}

void kith_pen_text(struct kith_pen *p, struct kith_span text, size_t columns)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};

	if (!p->err && !(p->err = kith_show(&shown, text, columns)) && shown.n == 0)
		p->err = kith_buf_add_str(&shown, "?");
	escape(p, kith_buf_span(&shown));
}

void kith_pen_label(struct kith_pen *p, struct kith_span text, double size, double room)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};

	if (!p->err)
		p->err = kith_label_cut(&shown, text, size, room);
	escape(p, kith_buf_span(&shown));
}

static size_t in_ring(const struct kith_chart *c, size_t ring)
{
	size_t n = 0;

	for (size_t i = 0; i < c->people_n; i++)
		n += c->people[i].ring == ring;
	return n;
}

static bool is_bridge(const struct kith_chart_person *person)
{
	return person->bridge;
}

static bool is_drifting(const struct kith_chart_person *person)
{
	return person->drifting;
}

/* " Bridges: Ada, Bob and 3 more." */
static void put_those(
	struct kith_pen *p, const char *word, bool (*is)(const struct kith_chart_person *))
{
	size_t n = 0;

	for (size_t i = 0; i < p->chart->people_n; i++) {
		if (!is(&p->chart->people[i]) || n++ >= NAMED_MAX)
			continue;
		if (n == 1)
			kith_pen_put(p, " %s: ", word);
		else
			kith_pen_put(p, ", ");
		kith_pen_text(p, p->chart->people[i].name, NAME_COLUMNS);
	}
	if (n > NAMED_MAX)
		kith_pen_put(p, " and %zu more", n - NAMED_MAX);
	if (n > 0)
		kith_pen_put(p, ".");
}

static void put_rings(struct kith_pen *p)
{
	for (size_t r = 0; r <= p->chart->rings_n; r++) {
		size_t here = in_ring(p->chart, r);
		if (here == 0)
			continue;
		kith_pen_put(p, " ");
		if (r < p->chart->rings_n)
			kith_pen_text(p, p->chart->rings[r], NAME_COLUMNS);
		else
			kith_pen_put(p, "In no ring");
		kith_pen_put(p, ": %zu.", here);
	}
}

void kith_pen_words(struct kith_pen *p)
{
	size_t n = p->chart->people_n;

	kith_pen_put(p, "<title id=\"kith-title\">The people of ");
	kith_pen_text(p, p->chart->me, NAME_COLUMNS);
	kith_pen_put(p,
		"</title>\n<desc id=\"kith-desc\">%zu %s around the centre, the nearest inside.", n,
		n == 1 ? "person" : "people");
	put_rings(p);
	kith_pen_put(p, " Ties between them: %zu.", p->chart->ties_n);
	if (p->chart->unlined > 0)
		kith_pen_put(p, " Without lines inside, as more than %d people: %zu %s.",
			KITH_CHART_TOGETHER_MAX, p->chart->unlined,
			p->chart->unlined == 1 ? "event or organisation"
					       : "events and organisations");
	put_those(p, "Bridges", is_bridge);
	put_those(p, "Drifting", is_drifting);
	kith_pen_put(p, "</desc>\n");
}
