/* SPDX-License-Identifier: MIT
 *
 * picture - me and my people, drawn: into an SVG, or a PNG.
 */
#include <strings.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/person.h"
#include "cli/putfile.h"
#include "cli/when.h"
#include "people/portrait.h"
#include "render/render.h"

#define SIZE_MIN 200

/* What was asked for. */
struct wish {
	const char *file;
	const char *size_text;
	const char *ring_text;
	bool light, dark, png;
	uint32_t size;                              /* 0: as large as it comes */
	struct kith_span rings[KITH_RINGS_MAX + 1]; /* all there can be, and "none" */
	size_t rings_n;
};

/* --- arguments -------------------------------------------------------------------------------- */

/* Names with commas between.  False: more than there can be rings. */
static bool add_rings(struct wish *w, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, ",");
		if (n > 0 && w->rings_n == sizeof w->rings / sizeof w->rings[0])
			return false;
		if (n > 0)
			w->rings[w->rings_n++] = kith_span(text, n);
		text += n + (text[n] == ',');
	}
	return true;
}

static bool ends(const char *file, const char *with)
{
	size_t n = strlen(file), k = strlen(with);

	return n >= k && strcasecmp(file + n - k, with) == 0;
}

/* What is wrong with it; NULL: nothing. */
static const char *fault(struct wish *w, int argc, char **argv)
{
	long size = 0;

	if (!w->file)
		return "say where to: -o FILE.svg, or -o FILE.png";
	w->png = ends(w->file, ".png");
	if (!w->png && !ends(w->file, ".svg") && strcmp(w->file, "-") != 0)
		return "the name of the file says what is written: FILE.svg or FILE.png";
	if (w->light && w->dark)
		return "one of --light and --dark";
	if (argc > 1 && !w->ring_text)
		return "a ring stands behind --ring";
	if (w->size_text && (!kith_args_seconds(w->size_text, &size) || size < SIZE_MIN ||
				    size > KITH_RENDER_SIDE_MAX))
		return "--size is a number of pixels, from 200 to 6000";
	w->size = (uint32_t)size;
	for (int i = 0; i < argc; i++)
		if (!add_rings(w, i > 0 ? argv[i] : w->ring_text ? w->ring_text : ""))
			return "there are no more than 16 rings";
	return w->ring_text && w->rings_n == 0 ? "--ring takes the name of a ring" : NULL;
}

_Static_assert(KITH_RENDER_SIDE_MAX == 6000 && KITH_RINGS_MAX == 16, "stand in the sentences");

static bool read_wish(int *argc, char **argv, struct wish *w, int *ret_status)
{
	const struct kith_option options[] = {
		{.name = "output", .letter = 'o', .value = &w->file},
		{.name = "light", .flag = &w->light},
		{.name = "dark", .flag = &w->dark},
		{.name = "size", .value = &w->size_text},
		{.name = "ring", .value = &w->ring_text},
	};

	if (!kith_args(options, sizeof options / sizeof options[0], argc, argv, ret_status))
		return false;
	const char *wrong = fault(w, *argc, argv);
	if (wrong)
		*ret_status = kith_cli_usage("picture", "%s", wrong);
	return !wrong;
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* The SVG; for a PNG no larger than one may be. */
static enum kith_err draw(struct kith_chart *chart, const struct wish *w, struct kith_buf *svg,
	struct kith_chart_size *ret)
{
	uint32_t most = KITH_RENDER_SIDE_MAX;
	enum kith_err err;

	chart->scheme = w->dark              ? KITH_CHART_DARK
			: w->light || w->png ? KITH_CHART_LIGHT
					     : KITH_CHART_BOTH;
	chart->width = w->size;
	err = kith_chart_svg(chart, svg, ret);
	if (err || !w->png || (ret->width <= most && ret->height <= most))
		return err;
	chart->width = ret->width > ret->height
			       ? most
			       : (uint32_t)((uint64_t)most * ret->width / ret->height);
	kith_buf_clear(svg);
	return kith_chart_svg(chart, svg, ret);
}

static enum kith_err put(const struct wish *w, struct kith_span svg,
	const struct kith_chart_size *size, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf png = {0};

	if (!w->png)
		return kith_putfile(w->file, svg, diag);
	enum kith_err err = kith_render_png(svg, size->width, size->height, &png, diag);
	return err ? err : kith_putfile(w->file, kith_buf_span(&png), diag);
}

static void tell(const struct kith_cli *cli, const struct wish *w, const struct kith_portrait *p,
	const struct kith_chart_size *size)
{
	kith_cli_note(cli, "%zu %s drawn.", p->chart.people_n,
		p->chart.people_n == 1 ? "person" : "people");
	if (p->left_out > 0)
		kith_cli_note(cli,
			"%zu more have no room on one sheet: the nearest rings came first. --ring "
			"NAME draws a part.",
			p->left_out);
	if (p->ties_left_out > 0)
		kith_cli_note(cli, "%zu more lines are left out; they would be a cloud.",
			p->ties_left_out);
	if (p->chart.unlined > 0)
		kith_cli_note(cli,
			"No lines are drawn inside of %zu %s of more than %d people; groups stand together.",
			p->chart.unlined,
			p->chart.unlined == 1 ? "event or organisation"
					      : "events and organisations",
			KITH_CHART_TOGETHER_MAX);
	if (size->width < size->readable)
		kith_cli_note(cli, "The letters are small: from --size %u on they are 11 pixels.",
			size->readable);
	if (cli->json && strcmp(w->file, "-") != 0)
		kith_json_tell(
			cli, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "file", w->file,
				     "people", (json_int_t)p->chart.people_n, "left_out",
				     (json_int_t)p->left_out, "ties", (json_int_t)p->chart.ties_n,
				     "ties_left_out", (json_int_t)p->ties_left_out, "unlined",
				     (json_int_t)p->chart.unlined, "width", (json_int_t)size->width,
				     "height", (json_int_t)size->height));
}

/* --- all of it -------------------------------------------------------------------------------- */

static int refuse(enum kith_err err, const struct kith_store *store, const struct kith_portrait *p,
	const struct kith_diag *diag)
{
	char shown[128];

	if (err == KITH_ERR_MISSING && p->unknown)
		return kith_cli_error(err,
			"there is no ring %s; \"kith ring\" shows them, and \"none\" means those "
			"in none",
			kith_quote_in(shown, sizeof shown, *p->unknown, 40));
	return diag->text[0] ? kith_cli_fail(err, diag) : kith_cli_fail_store(err, store);
}

static int make(struct kith_cli *cli, const struct wish *w, struct kith_portrait *ret)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	const struct kith_graph_library *graph;
	struct kith_portrait_wish wish = {
		.rings = w->rings, .rings_n = w->rings_n, .today = kith_when_today()};
	struct kith_diag diag = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_graph_open(&graph, &diag);
	if (!err)
		err = kith_portrait_make(store, graph, &wish, ret, &diag);
	return err ? refuse(err, store, ret, &diag) : 0;
}

int kith_cmd_picture(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_portrait_free) struct kith_portrait portrait = {.left_out = 0};
	KITH_AUTO_BUF struct kith_buf svg = {0};
	struct kith_chart_size size;
	struct kith_diag diag = {0};
	struct wish w = {0};
	int status;

	if (!read_wish(&argc, argv, &w, &status) || (status = make(cli, &w, &portrait)))
		return status;
	enum kith_err err = draw(&portrait.chart, &w, &svg, &size);
	if (!err)
		err = put(&w, kith_buf_span(&svg), &size, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	tell(cli, &w, &portrait, &size);
	return 0;
}
