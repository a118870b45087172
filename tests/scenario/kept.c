/* SPDX-License-Identifier: MIT
 *
 * kept - a REQUEST comes from the one whom my person picked, step by step: proto/session.md "Both
 * dial at once".
 */
#include "stranger.h"

/* Ada picked Mallory, her REQUEST is with him; then his comes on a line of its own. */
struct crossing {
	struct world *w;
	struct person *ada;
	struct stranger mine; /* Mallory, at Ada's dial */
	struct stranger his;  /* and at his own */
	struct wire *dial, *asker;
};

static struct crossing cross(bool ada_is_smaller)
{
	struct crossing c = {.w = world_starts(1, KEEPING_LEDGER)};

	c.ada = comes(c.w, "Ada");
	c.mine = stranger_meets(c.w, "Mallory", c.ada, false);
	loses(c.ada, c.mine.me);
	memset(c.mine.me->key, ada_is_smaller ? 0xff : 0, 16);
	sees(c.ada, c.mine.me);
	stranger_goes(&c.mine, STAGE_GREETED);
	c.dial = c.mine.me->wire;
	c.his = (struct stranger){.me = c.mine.me, .victim = c.ada, .dials = true, .gives = true};
	stranger_goes(&c.his, STAGE_ASKING);
	c.asker = c.mine.me->wire;
	return c;
}

static void cross_ends(struct crossing *c)
{
	stranger_free(&c->mine);
	stranger_free(&c->his);
	world_ends(c->w);
}

/* What Mallory writes next goes out on that line. */
static void on(struct crossing *c, struct wire *wire)
{
	c->mine.me->wire = wire;
	c->mine.me->side = wire == c->asker ? 0 : 1;
}

static void the_larger_gives_way(void **state)
{
	struct crossing c = cross(false);

	(void)state;
	expect(!c.dial->end[0].open && c.asker->end[1].open);
	expect(told(c.ada, KITH_NEWS_REQUEST, NULL) == 0);
	stranger_gets_accept(&c.his);
	stranger_reveal(&c.his);
	stranger_auth(&c.his, stranger_role(&c.his), c.his.me->id);
	expect(told(c.ada, KITH_NEWS_CODE, c.his.me) == 1);
	cross_ends(&c);
}

static void the_smaller_keeps_the_request(void **state)
{
	struct crossing c = cross(true);

	(void)state;
	expect(c.dial->end[0].open && c.asker->end[1].open);
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	expect(told(c.ada, KITH_NEWS_REQUEST, NULL) == 0);
	cross_ends(&c);
}

static void accept_closes_the_kept_request(void **state)
{
	struct crossing c = cross(true);

	(void)state;
	on(&c, c.dial);
	stranger_accept(&c.mine);
	expect(c.dial->end[0].open && !c.asker->end[1].open);
	expect(c.ada->sent[KITH_TYPE_REVEAL] == 1 && c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	cross_ends(&c);
}

/* Also when that ACCEPT is worth nothing: the one yes is spent. */
static void a_bad_accept_closes_it_too(void **state)
{
	struct crossing c = cross(true);

	(void)state;
	on(&c, c.dial);
	becomes(c.mine.me, c.ada);
	stranger_accept(&c.mine);
	expect(failed_with(c.ada, c.mine.me, KITH_ERR_OWNKEY));
	expect(!c.dial->end[0].open && !c.asker->end[1].open);
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	cross_ends(&c);
}

static void the_kept_one_is_answered_when_mine_breaks(void **state)
{
	struct crossing c = cross(true);

	(void)state;
	on(&c, c.dial);
	stranger_hangs_up(c.mine.me);
	settles(c.w);
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 1 && c.asker->end[1].got[KITH_TYPE_REQUEST] == 1);
	expect(told(c.ada, KITH_NEWS_REQUEST, NULL) + told(c.ada, KITH_NEWS_UNREACHABLE, NULL) ==
		0);
	on(&c, c.asker);
	stranger_gets_accept(&c.his);
	stranger_reveal(&c.his);
	stranger_auth(&c.his, stranger_role(&c.his), c.his.me->id);
	expect(told(c.ada, KITH_NEWS_CODE, c.his.me) == 1);
	cross_ends(&c);
}

/* He said no to hers and asks himself: that is a question, not her yes. */
static void a_decline_makes_it_a_question(void **state)
{
	struct crossing c = cross(true);
	struct kith_session_decline m = {0};

	(void)state;
	on(&c, c.dial);
	stranger_plain(&c.mine, &kith_session_decline_schema, &m);
	expect(failed_with(c.ada, c.mine.me, KITH_ERR_DECLINED));
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	expect(told(c.ada, KITH_NEWS_REQUEST, c.mine.me) == 1);
	cross_ends(&c);
}

static void the_kept_one_goes_with_its_line(void **state)
{
	struct crossing c = cross(true);

	(void)state;
	on(&c, c.asker);
	stranger_hangs_up(c.mine.me);
	settles(c.w);
	on(&c, c.dial);
	stranger_hangs_up(c.mine.me);
	settles(c.w);
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	expect(told(c.ada, KITH_NEWS_UNREACHABLE, c.mine.me) == 1); /* and still wanted */
	cross_ends(&c);
}

/* Ada thinks better of it: then his is a question like any other, and is asked now. */
static void another_pick_makes_it_a_question(void **state)
{
	struct crossing c = cross(true);
	struct person *edith = comes(c.w, "Edith");

	(void)state;
	sees(c.ada, edith);
	picks(c.ada, edith);
	settles(c.w);
	expect(!c.dial->end[0].open && c.asker->end[1].open);
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	expect(told(c.ada, KITH_NEWS_REQUEST, c.mine.me) == 1);
	cross_ends(&c);
}

static void cancel_makes_it_a_question(void **state)
{
	struct crossing c = cross(true);

	(void)state;
	expect(cancel(c.ada, c.mine.me) == KITH_OK);
	settles(c.w);
	expect(!c.dial->end[0].open);
	expect(c.ada->sent[KITH_TYPE_ACCEPT] == 0);
	expect(told(c.ada, KITH_NEWS_REQUEST, c.mine.me) == 1);
	cross_ends(&c);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(the_larger_gives_way),
		cmocka_unit_test(the_smaller_keeps_the_request),
		cmocka_unit_test(accept_closes_the_kept_request),
		cmocka_unit_test(a_bad_accept_closes_it_too),
		cmocka_unit_test(the_kept_one_is_answered_when_mine_breaks),
		cmocka_unit_test(a_decline_makes_it_a_question),
		cmocka_unit_test(the_kept_one_goes_with_its_line),
		cmocka_unit_test(another_pick_makes_it_a_question),
		cmocka_unit_test(cancel_makes_it_a_question),
	};

	return stories_run("kept", stories);
}
