/* SPDX-License-Identifier: MIT
 *
 * bridges - which person alone connects whom.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/args.h"
#include "cli/introfile.h"
#include "cli/lines.h"
#include "cli/person.h"
#include "people/bridges.h"

#define HANG 2  /* columns before what does not fit on a line */
#define TOLD 10 /* of each kind of sentence behind the bridges, for reading */

struct telling {
	struct kith_cli *cli;
	struct kith_store *store;
	bool figures;
	struct kith_ties ties;
	struct kith_groups groups;
	struct kith_bridges bridges;
	struct kith_buf text; /* the sentence that is being made */
	enum kith_err err;
};

static void telling_end(struct telling *t)
{
	kith_bridges_free(&t->bridges);
	kith_groups_free(&t->groups);
	kith_ties_free(&t->ties);
	kith_buf_free(&t->text);
	kith_store_close(t->store);
}

/* --- sentences -------------------------------------------------------------------------------- */

KITH_PRINTF(2, 3) static void add(struct telling *t, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (!t->err)
		t->err = kith_buf_add_str(&t->text, text);
}

static void end_line(struct telling *t)
{
	const char *line = t->err ? NULL : kith_buf_cstr(&t->text);

	if (line)
		kith_lines_print(HANG, "%s\n", line);
	else if (!t->err)
		t->err = KITH_ERR_NOMEM;
	kith_buf_clear(&t->text);
}

static const char *name_of(
	const struct telling *t, uint32_t person, char out[static KITH_QUOTED_BYTES])
{
	return kith_held_quoted(t->ties.people[person].name, out);
}

/* "Ada", "Bob" and 4 others */
static void add_some(struct telling *t, const struct kith_some *some)
{
	char name[KITH_QUOTED_BYTES];
	uint32_t others = some->all - some->n;

	for (uint32_t i = 0; i < some->n; i++)
		add(t, "%s%s",
			i == 0                        ? ""
			: i + 1 == some->n && !others ? " and "
						      : ", ",
			name_of(t, some->at[i], name));
	if (others)
		add(t, " and %u other%s", others, others == 1 ? "" : "s");
}

/* How people belong to what they are called by. */
static const char *belongs(enum kith_group_by by)
{
	static const char *const words[] = {"of", "of", "tagged", "in", "around"};

	return words[by];
}

/* 9 people of "FOSDEM"; 9 people (7 of them of "FOSDEM"); 9 people around "Grace" */
static void add_several(
	struct telling *t, uint32_t n, enum kith_group_by by, uint32_t sharing, const char *quoted)
{
	if (by == KITH_GROUP_PERSON || sharing == n)
		add(t, "%u people %s %s", n, belongs(by), quoted);
	else
		add(t, "%u people (%u of them %s %s)", n, sharing, belongs(by), quoted);
}

static void add_group(struct telling *t, const struct kith_group *g)
{
	char name[KITH_QUOTED_BYTES];

	add_several(t, g->people, g->by, g->sharing, kith_held_quoted(g->name, name));
}

static const char *called(
	struct telling *t, const struct kith_called *called, char out[static KITH_QUOTED_BYTES])
{
	KITH_AUTO_BUF struct kith_buf name = {0};

	if (!t->err)
		t->err = kith_marks_name(&t->groups.marks, t->store, called, &name);
	return kith_held_quoted(kith_buf_span(&name), out);
}

static bool is_place(enum kith_group_by by)
{
	return by == KITH_GROUP_EVENT || by == KITH_GROUP_ORG;
}

static void add_side(struct telling *t, const struct kith_bridge_side *side)
{
	const struct kith_called *c = &side->called;
	char name[KITH_QUOTED_BYTES];

	if (side->people.all > KITH_BRIDGE_NAMES) {
		add_several(t, side->people.all, c->by, c->sharing, called(t, c, name));
		return;
	}
	add_some(t, &side->people);
	if (is_place(c->by) && c->sharing == side->people.all)
		add(t, " of %s", called(t, c, name));
}

/* the people of "FOSDEM", the people around "Grace" */
static void add_rest(struct telling *t, const struct kith_bridge_side *rest)
{
	char name[KITH_QUOTED_BYTES];

	if (rest->named)
		add(t, "the people %s %s", belongs(rest->called.by),
			called(t, &rest->called, name));
	else
		add_some(t, &rest->people);
}

static void tell_bridge(struct telling *t, const struct kith_bridge *b)
{
	char name[KITH_QUOTED_BYTES];
	uint32_t things = b->sides + (b->others.all > 0);

	add(t, "%s alone connects ", name_of(t, b->person, name));
	for (uint32_t i = 0; i < b->sides; i++) {
		add(t, "%s", i == 0 ? "" : i + 1 == things ? ", and " : ", ");
		add_side(t, &b->side[i]);
	}
	if (b->others.all) {
		add(t, "%s", b->sides ? ", and " : "");
		add_some(t, &b->others);
	}
	add(t, " with ");
	add_rest(t, &b->rest);
	add(t, ".");
	end_line(t);
}

static void tell_bridge_figures(const struct telling *t, const struct kith_bridge *b)
{
	kith_lines_print(2 * HANG, "  %u of %u people behind them; betweenness %s%.4f\n", b->hangs,
		b->hangs + b->rest.people.all, t->bridges.pivots ? "about " : "",
		t->bridges.between[b->person] / t->bridges.pairs);
}

static void tell_more(size_t n, size_t told, const char *what)
{
	if (n > told)
		kith_lines_print(HANG, "And %zu more %s.\n", n - told, what);
}

static void tell_bridges(struct telling *t)
{
	for (size_t i = 0; i < t->bridges.n; i++) {
		tell_bridge(t, &t->bridges.at[i]);
		if (t->figures)
			tell_bridge_figures(t, &t->bridges.at[i]);
	}
	tell_more(t->bridges.all, t->bridges.n, "people, with fewer behind them");
	if (t->bridges.all == 0 && t->bridges.parts)
		kith_lines_print(HANG, "Nobody alone connects two of your groups.\n");
}

static void tell_reach(struct telling *t)
{
	size_t n = t->bridges.reach_n < TOLD ? t->bridges.reach_n : TOLD;

	for (size_t i = 0; i < n; i++) {
		const struct kith_reach *r = &t->bridges.reach[i];
		char name[KITH_QUOTED_BYTES];
		add(t, "If your tie to %s lapsed, ", name_of(t, r->via, name));
		add_some(t, &r->people);
		add(t, " would be out of reach.");
		end_line(t);
	}
	tell_more(t->bridges.reach_n, n, "people by whom alone you know of somebody");
}

/* Of an event or organisation that is nearly all here it is true of everybody. */
static void tell_one_lonely(struct telling *t, const struct kith_group *g)
{
	char name[KITH_QUOTED_BYTES];

	add(t, "You have no close tie among ");
	if (g->all || g->by == KITH_GROUP_PERSON)
		add(t, "the people %s %s (%u people)", belongs(g->by),
			kith_held_quoted(g->name, name), g->all ? g->all : g->people);
	else
		add_group(t, g);
	add(t, ".");
	end_line(t);
}

static void tell_lonely(struct telling *t)
{
	size_t n = t->bridges.lonely_n < TOLD ? t->bridges.lonely_n : TOLD;

	for (size_t i = 0; i < n; i++)
		tell_one_lonely(t, &t->groups.at[t->bridges.lonely[i] - 1]);
	tell_more(t->bridges.lonely_n, n, "groups without one");
}

static void tell_figures(struct telling *t)
{
	const struct kith_bridges *b = &t->bridges;

	size_t places = (size_t)b->nodes - t->ties.n;

	kith_lines_print(HANG, "\n%zu %s, %zu %s, %zu tie%s; %u connected part%s, %u group%s.\n",
		t->ties.n, t->ties.n == 1 ? "person" : "people", places,
		places == 1 ? "event or organisation" : "events and organisations", b->edges,
		b->edges == 1 ? "" : "s", b->parts, b->parts == 1 ? "" : "s", t->groups.n,
		t->groups.n == 1 ? "" : "s");
	for (uint32_t i = 0; i < t->groups.n && i < TOLD; i++) {
		add(t, "  ");
		add_group(t, &t->groups.at[i]);
		add(t, "; close: %u", t->groups.at[i].close);
		end_line(t);
	}
	kith_lines_print(0,
		"Who alone connects is an articulation point (Hopcroft and Tarjan 1973).  Groups are connected\n"
		"parts, cut where one person alone joins events or organisations, and in those of more than\n"
		"%d people communities of the greatest modularity (Blondel et al. 2008, Traag et al. 2019).\n"
		"Betweenness (Freeman 1977) is the share of shortest ways between two others that lead\n"
		"through somebody, over all %.0f pair%s of people, events and organisations: between 0 and 1.\n",
		KITH_GROUP_SMALL, b->pairs, b->pairs == 1 ? "" : "s");
	if (b->pivots)
		kith_lines_print(0,
			"It is estimated by the ways from %u of those %u (Brandes and Pich 2007).\n",
			b->pivots, b->nodes);
}

static int tell(struct telling *t)
{
	if (t->bridges.parts == 0)
		kith_cli_say(t->cli,
			"Nobody here is tied to anybody yet: events, organisations, introductions and "
			"kith relate do that.");
	tell_bridges(t);
	tell_reach(t);
	tell_lonely(t);
	if (t->figures)
		tell_figures(t);
	return t->err ? kith_cli_fail_store(t->err, t->store) : 0;
}

/* --- the same as JSON ------------------------------------------------------------------------- */

static const char *by_name(enum kith_group_by by)
{
	static const char *const names[] = {"event", "org", "tag", "place", "person"};

	return names[by];
}

static json_t *person_json(const struct telling *t, uint32_t person)
{
	return kith_person_brief(t->store, t->ties.people[person].row);
}

static json_t *some_json(const struct telling *t, const struct kith_some *some)
{
	json_t *names = json_array();

	for (uint32_t i = 0; i < some->n; i++)
		(void)json_array_append_new(
			names, kith_json_text(t->ties.people[some->at[i]].name));
	return names;
}

static json_t *group_json(const struct telling *t, uint32_t number)
{
	const struct kith_group *g = &t->groups.at[number - 1];
	return json_pack("{s:o,s:s,s:i,s:i,s:i}", "name", kith_json_text(g->name), "by",
		by_name(g->by), "people", (int)g->people, "sharing", (int)g->sharing, "close",
		(int)g->close);
}

static json_t *called_json(struct telling *t, const struct kith_called *called)
{
	KITH_AUTO_BUF struct kith_buf name = {0};

	if (!t->err)
		t->err = kith_marks_name(&t->groups.marks, t->store, called, &name);
	return json_pack("{s:o,s:s,s:i}", "name", kith_json_text(kith_buf_span(&name)), "by",
		by_name(called->by), "sharing", (int)called->sharing);
}

static json_t *side_json(
	struct telling *t, const struct kith_some *people, const struct kith_called *called)
{
	return json_pack("{s:i,s:o,s:o}", "people", (int)people->all, "names", some_json(t, people),
		"called", called ? called_json(t, called) : json_null());
}

static json_t *bridge_json(struct telling *t, const struct kith_bridge *b)
{
	json_t *sides = json_array();

	for (uint32_t i = 0; i < b->sides; i++)
		(void)json_array_append_new(
			sides, side_json(t, &b->side[i].people, &b->side[i].called));
	if (b->others.all)
		(void)json_array_append_new(sides, side_json(t, &b->others, NULL));
	json_t *o = json_pack("{s:o,s:i,s:o,s:o}", "person", person_json(t, b->person), "hangs",
		(int)b->hangs, "connects", sides, "with",
		side_json(t, &b->rest.people, b->rest.named ? &b->rest.called : NULL));
	if (t->figures)
		(void)json_object_set_new(o, "betweenness",
			json_real(t->bridges.between[b->person] / t->bridges.pairs));
	return o;
}

static json_t *figures_json(const struct telling *t)
{
	const struct kith_bridges *b = &t->bridges;
	json_t *groups = json_array();

	for (uint32_t i = 1; i <= t->groups.n; i++)
		(void)json_array_append_new(groups, group_json(t, i));
	return json_pack("{s:i,s:i,s:I,s:i,s:f,s:i,s:o}", "people", (int)t->ties.n, "places",
		(int)(b->nodes - t->ties.n), "ties", (json_int_t)b->edges, "parts", (int)b->parts,
		"pairs", b->pairs, "pivots", (int)b->pivots, "groups", groups);
}

static int tell_json(struct telling *t)
{
	const struct kith_bridges *b = &t->bridges;
	json_t *bridges = json_array(), *reach = json_array(), *lonely = json_array();

	for (size_t i = 0; i < b->n; i++)
		(void)json_array_append_new(bridges, bridge_json(t, &b->at[i]));
	for (size_t i = 0; i < b->reach_n; i++)
		(void)json_array_append_new(
			reach, json_pack("{s:o,s:i,s:o}", "via", person_json(t, b->reach[i].via),
				       "people", (int)b->reach[i].people.all, "names",
				       some_json(t, &b->reach[i].people)));
	for (size_t i = 0; i < b->lonely_n; i++)
		(void)json_array_append_new(lonely, group_json(t, b->lonely[i]));
	json_t *o = json_pack("{s:o,s:I,s:o,s:o}", "bridges", bridges, "all", (json_int_t)b->all,
		"out_of_reach", reach, "no_close_tie", lonely);
	if (o && t->figures)
		(void)json_object_set_new(o, "figures", figures_json(t));
	if (!o || t->err) {
		json_decref(o);
		return kith_cli_fail_store(t->err ? t->err : KITH_ERR_NOMEM, t->store);
	}
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

/* --- all -------------------------------------------------------------------------------------- */

static int measure(struct telling *t)
{
	const struct kith_graph_library *graph;
	struct kith_diag diag = {0};
	enum kith_err err = kith_graph_open(&graph, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if ((err = kith_ties_read(t->store, &t->ties)))
		return kith_cli_fail_store(err, t->store);
	err = kith_groups_make(graph, &t->ties, t->store, &t->groups, &diag);
	if (!err)
		err = kith_bridges_make(
			graph, &t->ties, &t->groups, t->figures, &t->bridges, &diag);
	if (err)
		return *diag.text ? kith_cli_fail(err, &diag) : kith_cli_fail_store(err, t->store);
	return 0;
}

int kith_cmd_bridges(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(telling_end) struct telling t = {.cli = cli};
	const struct kith_option options[] = {{.name = "figures", .flag = &t.figures}};
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "it takes no names");
	if (!kith_cli_store(cli, KITH_STORE_READ, &t.store, &status))
		return status;
	if ((status = measure(&t)))
		return status;
	return cli->json ? tell_json(&t) : tell(&t);
}
