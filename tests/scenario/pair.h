/* SPDX-License-Identifier: MIT
 *
 * pair - Ada and Grace, whom most stories are about.
 */
#ifndef KITH_SCENARIO_PAIR_H
#define KITH_SCENARIO_PAIR_H

#include "world.h"

struct pair {
	struct person *ada, *grace;
};

/* Both come and see each other. */
static inline struct pair two_people(struct world *w, struct manner ada, struct manner grace)
{
	struct pair p = {comes_as(w, "Ada", ada), comes_as(w, "Grace", grace)};

	all_see_each_other(w);
	return p;
}

static inline struct pair two(struct world *w)
{
	return two_people(w, (struct manner){0}, (struct manner){0});
}

static inline void have_habit(struct pair p, enum habit habit)
{
	p.ada->habit = habit;
	p.grace->habit = habit;
}

/* Ada asks, Grace says yes: up to the code on both screens. */
static inline void up_to_the_code(struct pair p)
{
	picks(p.ada, p.grace);
	settles(p.ada->w);
	says_yes(p.grace, p.ada);
	settles(p.ada->w);
	expect(same_code(p.ada, p.grace));
}

static inline void whole_swap(struct pair p)
{
	up_to_the_code(p);
	both_say_same(p.ada, p.grace);
	settles(p.ada->w);
}

static inline bool both_have_swapped(struct pair p)
{
	return has_swapped(p.ada, p.grace) && has_swapped(p.grace, p.ada);
}

/* So often either was told that about the other. */
static inline size_t both_told(struct pair p, enum kith_news_kind kind)
{
	return told(p.ada, kind, p.grace) + told(p.grace, kind, p.ada);
}

#endif
