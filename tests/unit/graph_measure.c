/* SPDX-License-Identifier: MIT
 *
 * Measures of graphs, against published examples.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph/graph.h"

#define assert_ok(e)        assert_string_equal(kith_err_name(e), "ok")
#define assert_err(e, name) assert_string_equal(kith_err_name(e), #name)

#define NODES 64

extern const struct kith_graph_library kith_graph_library;

struct figures {
	uint32_t part[NODES], community[NODES], hangs[NODES];
	uint8_t cut[NODES];
	double between[NODES];
};

static struct figures measure(const struct kith_graph *graph, uint32_t small, uint32_t pivots)
{
	struct figures f;
	struct kith_graph_figures want = {.part = f.part,
		.community = f.community,
		.small = small,
		.cut = f.cut,
		.hangs = f.hangs,
		.between = f.between,
		.pivots = pivots};
	struct kith_diag diag = {0};

	memset(&f, 0xee, sizeof f);
	assert_ok(kith_graph_library.measure(graph, &want, &diag));
	return f;
}

/* Edges by numbers from 1, as they are printed. */
static struct kith_graph from_one(
	const uint8_t (*pairs)[2], size_t n, struct kith_graph_edge *edges, uint32_t nodes)
{
	for (size_t i = 0; i < n; i++)
		edges[i] = (struct kith_graph_edge){pairs[i][0] - 1u, pairs[i][1] - 1u};
	return (struct kith_graph){.n = nodes, .counted = nodes, .edges = edges, .edges_n = n};
}

/* --- Krackhardt's kite ------------------------------------------------------------------------ */

/* D. Krackhardt, "Assessing the political landscape: structure, cognition, and power in organizations", Administrative
 * Science Quarterly 35 (2), 1990, p. 351.  Andre, Beverly, Carol, Diane, Ed, Fernando, Garth, Heather, Ike, Jane. */
static const uint8_t kite[18][2] = {{1, 2}, {1, 3}, {1, 4}, {1, 6}, {2, 4}, {2, 5}, {2, 7}, {3, 4},
	{3, 6}, {4, 5}, {4, 6}, {4, 7}, {5, 7}, {6, 7}, {6, 8}, {7, 8}, {8, 9}, {9, 10}};

static void krackhardts_kite(void **state)
{
	/* normalised, as printed of old: Hanneman and Riddle, "Introduction to social network methods", 2005, and
	 * the examples of UCINET; times the 36 pairs of others */
	static const double printed[10] = {
		0.023, 0.023, 0, 0.102, 0, 0.231, 0.231, 0.389, 0.222, 0};
	/* the same in full: 5/6, 11/3, 25/3, 14, 8 */
	static const double exact[10] = {5. / 6, 5. / 6, 0, 11. / 3, 0, 25. / 3, 25. / 3, 14, 8, 0};
	struct kith_graph_edge edges[18];
	struct kith_graph g = from_one(kite, 18, edges, 10);
	struct figures f = measure(&g, 100, 0);

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_true(fabs(f.between[i] - exact[i]) < 1e-9);
		assert_true(fabs(f.between[i] / 36 - printed[i]) < 0.0005);
		/* Heather and Ike alone hold it together */
		assert_int_equal(f.cut[i], i == 7 || i == 8);
		/* without Heather two are cut off, Ike and Jane; without Ike Jane */
		assert_int_equal(f.hangs[i], i == 7 ? 2 : i == 8 ? 1 : 0);
		assert_int_equal(f.part[i], 0);
		assert_int_equal(f.community[i], 0);
	}
}

/* By all but one it is nearly that; by two of them, Andre and Fernando, what was counted by hand. */
static void by_pivots(void **state)
{
	struct kith_graph_edge edges[18];
	struct kith_graph g = from_one(kite, 18, edges, 10);
	struct figures f = measure(&g, 100, 2);
	/* The shortest ways from Andre: to Ed by Beverly or Diane; to Garth by Beverly, Diane or Fernando; to Heather by
	 * Fernando; on to Ike by Heather, to Jane by Ike.  From Fernando: to Beverly by Andre, Diane or Garth; to Ed by Diane or
	 * Garth; to Ike by Heather, to Jane by Ike.  Times ten nodes of two, and each way half. */
	static const double ways[10] = {1. / 3, 1. / 2 + 1. / 3, 0,
		1. / 2 + 1. / 3 + 1. / 3 + 1. / 2, 0, 1. / 3 + 3, 1. / 3 + 1. / 2, 2 + 2, 1 + 1, 0};

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(fabs(f.between[i] - ways[i] * 10 / 2 / 2) < 1e-9);
	f = measure(&g, 100, 10);
	assert_true(fabs(f.between[7] - 14) < 1e-9);
}

/* --- Zachary's club --------------------------------------------------------------------------- */

/* W. W. Zachary, "An information flow model for conflict and fission in small groups", Journal of Anthropological
 * Research 33 (4), 1977, figure 1. */
static const uint8_t club[78][2] = {{1, 2}, {1, 3}, {1, 4}, {1, 5}, {1, 6}, {1, 7}, {1, 8}, {1, 9},
	{1, 11}, {1, 12}, {1, 13}, {1, 14}, {1, 18}, {1, 20}, {1, 22}, {1, 32}, {2, 3}, {2, 4},
	{2, 8}, {2, 14}, {2, 18}, {2, 20}, {2, 22}, {2, 31}, {3, 4}, {3, 8}, {3, 9}, {3, 10},
	{3, 14}, {3, 28}, {3, 29}, {3, 33}, {4, 8}, {4, 13}, {4, 14}, {5, 7}, {5, 11}, {6, 7},
	{6, 11}, {6, 17}, {7, 17}, {9, 31}, {9, 33}, {9, 34}, {10, 34}, {14, 34}, {15, 33},
	{15, 34}, {16, 33}, {16, 34}, {19, 33}, {19, 34}, {20, 34}, {21, 33}, {21, 34}, {23, 33},
	{23, 34}, {24, 26}, {24, 28}, {24, 30}, {24, 33}, {24, 34}, {25, 26}, {25, 28}, {25, 32},
	{26, 32}, {27, 30}, {27, 34}, {28, 34}, {29, 32}, {29, 34}, {30, 33}, {30, 34}, {31, 33},
	{31, 34}, {32, 33}, {32, 34}, {33, 34}};

/* Who went with the officers in Zachary's model (table 3): who stayed with Mr Hi is 0. */
static const uint8_t officers[34] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1,
	0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

static void zacharys_betweenness(void **state)
{
	/* normalised by 528, as printed in M. Girvan and M. E. J. Newman, "Community structure in social and biological
	 * networks", PNAS 99 (12), 2002, for the club's leaders, and by the examples of NetworkX for everybody */
	static const double printed[34] = {0.4376, 0.0539, 0.1437, 0.0119, 0.0006, 0.0300, 0.0300,
		0, 0.0559, 0.0008, 0.0006, 0, 0, 0.0459, 0, 0, 0, 0, 0, 0.0325, 0, 0, 0, 0.0176,
		0.0022, 0.0038, 0, 0.0223, 0.0018, 0.0029, 0.0144, 0.1383, 0.1452, 0.3041};
	struct kith_graph_edge edges[78];
	struct kith_graph g = from_one(club, 78, edges, 34);
	struct figures f = measure(&g, 4, 0);

	(void)state;
	for (int i = 0; i < 34; i++) {
		assert_true(fabs(f.between[i] / 528 - printed[i]) < 0.00006);
		/* Mr Hi alone: 12, and 5, 6, 7, 11 and 17, know nobody else */
		assert_int_equal(f.cut[i], i == 0);
		assert_int_equal(f.hangs[i], i == 0 ? 6 : 0);
	}
}

static double modularity(const struct kith_graph *g, const uint32_t *community)
{
	double inside = 0, ends[NODES] = {0}, sum = 0;

	for (size_t i = 0; i < g->edges_n; i++) {
		inside += community[g->edges[i].a] == community[g->edges[i].b];
		ends[community[g->edges[i].a]]++;
		ends[community[g->edges[i].b]]++;
	}
	for (int i = 0; i < NODES; i++)
		sum += ends[i] * ends[i];
	return inside / (double)g->edges_n - sum / (4. * (double)g->edges_n * (double)g->edges_n);
}

/* The best division there is: U. Brandes et al., "On modularity clustering", IEEE Transactions on Knowledge and Data
 * Engineering 20 (2), 2008, with a modularity of 0.4198 and four communities.  Two and two of them are the sides of the
 * club as it broke up. */
static void zacharys_split(void **state)
{
	static const uint8_t best[34] = {0, 0, 0, 0, 1, 1, 1, 0, 2, 2, 1, 0, 0, 0, 2, 2, 1, 0, 2, 0,
		2, 0, 2, 3, 3, 3, 2, 3, 3, 2, 2, 3, 2, 2};
	struct kith_graph_edge edges[78];
	struct kith_graph g = from_one(club, 78, edges, 34);
	struct figures f = measure(&g, 33, 0);

	(void)state;
	assert_true(fabs(modularity(&g, f.community) - 0.4198) < 0.00005);
	for (int i = 0; i < 34; i++) {
		assert_int_equal(f.community[i], best[i]);
		assert_int_equal(f.community[i] >= 2, officers[i]);
	}
	/* a part of that many people is one */
	f = measure(&g, 34, 0);
	for (int i = 0; i < 34; i++)
		assert_int_equal(f.community[i], 0);
}

/* In whatever order, and however often, the edges come. */
static void answers_repeat(void **state)
{
	struct kith_graph_edge edges[2 * 78];
	struct kith_graph g = from_one(club, 78, edges, 34);
	struct figures first = measure(&g, 8, 0);
	uint32_t dice = 1;

	(void)state;
	for (int round = 0; round < 20; round++) {
		for (size_t i = 78 - 1; i > 0; i--) {
			dice = dice * 1664525 + 1013904223;
			size_t j = (dice >> 8) % (i + 1);
			struct kith_graph_edge e = edges[i];
			edges[i] = edges[j];
			edges[j] = (struct kith_graph_edge){e.b, e.a};
		}
		memcpy(edges + 78, edges, 78 * sizeof *edges);
		g.edges_n = round % 2 ? 78 : 2 * 78;
		struct figures again = measure(&g, 8, 0);
		assert_memory_equal(again.community, first.community, 34 * sizeof *first.community);
		assert_memory_equal(again.between, first.between, 34 * sizeof *first.between);
		assert_memory_equal(again.hangs, first.hangs, 34 * sizeof *first.hangs);
	}
}

/* --- our own ---------------------------------------------------------------------------------- */

/* 0 1 2 through 6; 3 and 4 by an edge; 5 alone.  What only connects does not count. */
static void who_is_counted(void **state)
{
	static const struct kith_graph_edge edges[] = {
		{0, 6}, {1, 6}, {1, 1}, {2, 6}, {3, 4}, {4, 7}};
	struct kith_graph g = {.n = 8, .counted = 6, .edges = edges, .edges_n = 6};
	struct figures f = measure(&g, 2, 0);
	static const uint32_t part[] = {0, 0, 0, 1, 1, 2, 0, 1};
	static const uint32_t hangs[] = {0, 0, 0, 0, 0, 0, 2, 0};
	static const uint8_t cut[] = {0, 0, 0, 0, 1, 0, 1, 0};

	(void)state;
	assert_memory_equal(f.part, part, sizeof part);
	assert_memory_equal(f.hangs, hangs, sizeof hangs);
	assert_memory_equal(f.cut, cut, sizeof cut);
}

/* Two stars whose centres know a third: each centre's leaves hang on it, and the smaller star on who stands between. */
static void what_hangs(void **state)
{
	static const struct kith_graph_edge edges[] = {
		{0, 1}, {0, 2}, {1, 3}, {1, 4}, {1, 5}, {2, 6}, {2, 7}, {6, 7}, {6, 8}};
	struct kith_graph g = {.n = 9, .counted = 9, .edges = edges, .edges_n = 9};
	struct figures f = measure(&g, 100, 0);
	static const uint32_t hangs[] = {4, 3, 3, 0, 0, 0, 1, 0, 0};

	(void)state;
	/* without 1: 3, 4, 5 alone, and a rest of five */
	assert_memory_equal(f.hangs, hangs, sizeof hangs);
}

/* 0 to 7 are people, 8 and 9 events: 0 1 2 3 were at 8, 0 4 5 6 at 9; 7 knows 4. */
static void cut_where_one_joins(void **state)
{
	static const struct kith_graph_edge edges[] = {
		{0, 8}, {1, 8}, {2, 8}, {3, 8}, {0, 9}, {4, 9}, {5, 9}, {6, 9}, {4, 7}, {1, 4}};
	struct kith_graph g = {.n = 10, .counted = 8, .edges = edges, .edges_n = 9};
	uint32_t community[10];
	struct kith_graph_figures want = {.community = community, .core = 4, .small = 100};
	static const uint32_t two[] = {0, 0, 0, 0, 1, 1, 1, 1, 0, 1}, one[10] = {0};

	(void)state;
	assert_ok(kith_graph_library.measure(&g, &want, NULL));
	assert_memory_equal(community, two, sizeof two);
	/* of five there is no core, and by 0 nothing is cut */
	for (want.core = 0; want.core <= 5; want.core += 5) {
		assert_ok(kith_graph_library.measure(&g, &want, NULL));
		assert_memory_equal(community, one, sizeof one);
	}
	/* 1 and 4 know each other: two ways */
	want.core = 4;
	g.edges_n = 10;
	assert_ok(kith_graph_library.measure(&g, &want, NULL));
	assert_memory_equal(community, one, sizeof one);
	/* people alone are no core, whoever joins them */
	g = (struct kith_graph){.n = 10, .counted = 10, .edges = edges, .edges_n = 9};
	assert_ok(kith_graph_library.measure(&g, &want, NULL));
	assert_memory_equal(community, one, sizeof one);
}

static void nothing_at_all(void **state)
{
	struct kith_graph g = {0};
	static const struct kith_graph_edge nowhere = {0, 3};

	(void)state;
	(void)measure(&g, 8, 0);
	g = (struct kith_graph){.n = 3, .counted = 3};
	struct figures f = measure(&g, 0, 2);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(f.part[i], i);
		assert_int_equal(f.community[i], i);
		assert_int_equal(f.hangs[i], 0);
		assert_true(f.between[i] == 0);
	}
	g.edges = &nowhere;
	g.edges_n = 1;
	struct kith_graph_figures want = {.part = f.part};
	assert_err(kith_graph_library.measure(&g, &want, NULL), VALUE);
}

#ifndef KITH_SANITIZED /* which needs more address space than there is here */

/* igraph's own way with a want of memory is to end the process. */
static void without_memory(void **state)
{
	static const struct rlimit little = {.rlim_cur = 256u << 20, .rlim_max = 256u << 20};
	struct kith_graph g = {.n = 1u << 30, .counted = 1};
	uint8_t cut;
	struct kith_graph_figures want = {.cut = &cut};
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(setrlimit(RLIMIT_AS, &little) ||
			kith_graph_library.measure(&g, &want, NULL) != KITH_ERR_NOMEM);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(krackhardts_kite),
		cmocka_unit_test(by_pivots),
		cmocka_unit_test(zacharys_betweenness),
		cmocka_unit_test(zacharys_split),
		cmocka_unit_test(answers_repeat),
		cmocka_unit_test(who_is_counted),
		cmocka_unit_test(what_hangs),
		cmocka_unit_test(cut_where_one_joins),
		cmocka_unit_test(nothing_at_all),
#ifndef KITH_SANITIZED
		cmocka_unit_test(without_memory),
#endif
	};
	return cmocka_run_group_tests_name("graph_measure", tests, NULL, NULL);
}
