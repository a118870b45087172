/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/introduction.h>
#include <kith/known.h>

#include "base/limits.h"

/* What the store itself looks after; the course of an introduction is keep_introduce.c. */

#define MAY INT64_C(1777832411)
#define DAY 86400

static struct kith_store *store;
static const char *home;
static enum kith_came came;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	home = *state;
	store = world_open(home, KITH_STORE_WRITE);
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	return world_remove(state);
}

/* Somebody who was met, with a card; the row. */
static int64_t met(uint8_t seed, const char *name)
{
	struct kith_meeting m = world_meeting(seed, seed, name, 1);
	struct kith_contact c = {0};
	enum kith_import what;
	char text[64];

	m.i_give = false;
	(void)snprintf(text, sizeof text, "name=%s", name);
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(world_import(store, seed, 1, 1, text, &what));
	assert_ok(kith_store_contact_of(store, m.ik, &c));
	int64_t row = c.row;
	kith_contact_free(&c);
	return row;
}

static enum kith_err introduce(int64_t a, int64_t b, uint8_t id, bool again, int64_t *ret_row)
{
	struct kith_introduction_new n = {.id = {id},
		.ik = {9},
		.who = {a, b},
		.salt = {{1}, {2}},
		.words = kith_span_str("words"),
		.at = MAY,
		.again = again};

	return kith_store_introduce(store, &n, ret_row);
}

static void one_that_is_made(void **state)
{
	struct kith_introduction i = {0};
	int64_t row, a = met(1, "Ada"), b = met(2, "Bob");

	(void)state;
	assert_ok(introduce(a, b, 7, false, &row));
	assert_ok(kith_store_introduction_of_pair(store, b, a, &i));
	assert_int_equal(i.row, row);
	assert_int_equal(i.id[0], 7);
	assert_int_equal(i.ik[0], 9);
	assert_int_equal(i.at, MAY);
	assert_int_equal(i.side[0].contact, b);
	assert_int_equal(i.side[1].contact, a);
	assert_int_equal(i.side[0].salt[0], 2);
	assert_memory_equal(i.side[1].name.p, "Ada", 3);
	assert_true(i.side[0].able && i.side[1].able);
	assert_int_equal(i.side[0].how, 0); /* compared */
	kith_introduction_free(&i);
	assert_ok(kith_store_introduction_of_id(store, (const uint8_t[16]){7}, &i));
	assert_int_equal(i.side[0].contact, a);
	kith_introduction_free(&i);
	assert_err(kith_store_introduction_of_id(store, (const uint8_t[16]){8}, &i), MISSING);
	assert_err(kith_store_introduction_of_side(store, 99, &i), MISSING);
	kith_introduction_free(NULL);
}

static void who_can_be_introduced(void **state)
{
	enum kith_import what;
	struct kith_contact c = {0};
	uint8_t ik[32], xk[32];
	int64_t row, a = met(1, "Ada"), b = met(2, "Bob");

	(void)state;
	assert_ok(kith_store_can_introduce(store, a));
	assert_err(kith_store_can_introduce(store, 99), NOPERSON);
	assert_err(
		kith_store_can_introduce(store, world_entry(store, 0, "u", "name=Typed")), MISSING);
	assert_ok(world_import(store, 3, 1, 1, "name=File", &what));
	world_keys(3, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &c));
	assert_err(kith_store_can_introduce(store, c.row), MISSING);
	assert_err(kith_store_may_propose(store, c.row), STATE);
	kith_contact_free(&c);
	assert_ok(kith_store_may_propose(store, a));
	assert_err(kith_store_may_propose(store, 99), NOPERSON);
	assert_ok(kith_store_block(store, b, true, 9));
	assert_err(kith_store_can_introduce(store, b), STATE);
	assert_err(kith_store_may_propose(store, b), STATE);
	assert_err(introduce(a, b, 1, false, &row), STATE);
	assert_ok(kith_store_block(store, b, false, 9));
	assert_ok(kith_store_can_introduce(store, b));
	world_sql(home, "UPDATE contact SET frozen = 1");
	assert_err(kith_store_can_introduce(store, a), STATE);
	assert_err(kith_store_may_propose(store, a), STATE);
}

static void never_twice(void **state)
{
	int64_t row, a = met(1, "Ada"), b = met(2, "Bob"), c = met(3, "Carol");

	(void)state;
	assert_ok(introduce(a, b, 1, false, &row));
	assert_err(introduce(a, b, 2, false, &row), EXISTS);
	assert_err(introduce(b, a, 2, false, &row), EXISTS);
	assert_ok(introduce(b, c, 3, false, &row));
	assert_ok(introduce(b, a, 4, true, &row));
	assert_int_equal(world_number(home, "SELECT sum(closed) FROM introduction"), 1);
	assert_err(introduce(a, a, 5, false, &row), VALUE);
}

static void a_stage_only_goes_on(void **state)
{
	struct kith_introduction i = {0};
	int64_t row, a = met(1, "Ada"), b = met(2, "Bob");

	(void)state;
	assert_ok(introduce(a, b, 1, false, &row));
	assert_ok(kith_store_introduction_of_pair(store, a, b, &i));
	int64_t side = i.side[0].row;
	assert_true(kith_introduction_proposes(&i, 0, MAY));
	assert_false(kith_introduction_hands(&i, 0));
	kith_introduction_free(&i);
	assert_ok(kith_store_side_later(store, side));
	assert_ok(kith_store_side_stage(store, side, KITH_SIDE_TOLD, MAY + 5));
	assert_ok(kith_store_side_stage(store, side, KITH_SIDE_ASKED, MAY + 9));
	assert_ok(kith_store_introduction_of_side(store, side, &i));
	assert_int_equal(i.side[0].stage, KITH_SIDE_TOLD);
	assert_int_equal(i.side[0].at, MAY + 5);
	assert_false(i.side[0].later);
	kith_introduction_free(&i);
	assert_err(kith_store_side_stage(store, 99, KITH_SIDE_TOLD, MAY), MISSING);
	assert_err(kith_store_side_later(store, 99), MISSING);
}

static bool read_news(void *ctx, const struct kith_notice *n)
{
	char *text = ctx;
	size_t at = strlen(text);

	(void)snprintf(text + at, 64 - at, "%s: %.*s, %.*s|", kith_notice_name(n->kind),
		(int)n->name.n, (const char *)n->name.p, (int)n->other_name.n,
		(const char *)n->other_name.p);
	assert_true(n->other_has_key == (n->other != 0));
	return true;
}

/* Of both, once, and only of both. */
static void both_were_told(void **state)
{
	struct kith_introduction i = {0};
	char text[64] = "";
	int64_t row, upto, a = met(1, "Ada"), b = met(2, "Bob"), seen;

	(void)state;
	assert_ok(introduce(a, b, 1, false, &row));
	assert_ok(kith_store_introduction_of_pair(store, a, b, &i));
	assert_ok(kith_store_news_upto(store, &upto, &seen));
	assert_ok(kith_store_side_stage(store, i.side[0].row, KITH_SIDE_GRANTED, MAY));
	assert_ok(kith_store_side_stage(store, i.side[1].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_side_stage(store, i.side[1].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_news_each(store, upto, read_news, text));
	assert_string_equal(text, "");
	assert_ok(kith_store_side_stage(store, i.side[0].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_side_stage(store, i.side[0].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_side_stage(store, i.side[1].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_news_each(store, upto, read_news, text));
	assert_string_equal(text, "acquainted: Ada, Bob|");
	/* with Bob goes his name, and with Ada the line */
	assert_ok(kith_store_forget(store, b));
	text[0] = 0;
	assert_ok(kith_store_news_each(store, upto, read_news, text));
	assert_string_equal(text, "acquainted: Ada, |");
	assert_ok(kith_store_forget(store, a));
	text[0] = 0;
	assert_ok(kith_store_news_each(store, upto, read_news, text));
	assert_string_equal(text, "");
	kith_introduction_free(&i);
}

/* One that they refused and one that they took: nobody has both cards. */
static void one_was_told(void **state)
{
	struct kith_introduction i = {0};
	char text[64] = "";
	int64_t row, upto, a = met(1, "Ada"), b = met(2, "Bob"), seen;

	(void)state;
	assert_ok(introduce(a, b, 1, false, &row));
	assert_ok(kith_store_introduction_of_pair(store, a, b, &i));
	assert_ok(kith_store_news_upto(store, &upto, &seen));
	assert_ok(kith_store_side_stage(store, i.side[0].row, KITH_SIDE_ENDED, MAY));
	assert_ok(kith_store_side_stage(store, i.side[1].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_side_stage(store, i.side[0].row, KITH_SIDE_TOLD, MAY));
	assert_ok(kith_store_news_each(store, upto, read_news, text));
	assert_string_equal(text, "");
	kith_introduction_free(&i);
}

/* Days: the last second counts, the next one does not; a clock that went back makes nothing older. */
static void days(void **state)
{
	(void)state;
	assert_false(kith_introduction_over(MAY, MAY + KITH_INTRODUCTION_DAYS * DAY));
	assert_true(kith_introduction_over(MAY, MAY + KITH_INTRODUCTION_DAYS * DAY + 1));
	assert_false(kith_introduction_over(MAY, MAY - 3650 * DAY));
}

static struct kith_proposal proposal(int64_t contact, uint8_t id)
{
	return (struct kith_proposal){.contact = contact,
		.id = {id},
		.aud = {1},
		.words = kith_span_str("words"),
		.at = MAY};
}

static void a_proposal(void **state)
{
	int64_t a = met(1, "Ada"), b = met(2, "Bob");
	struct kith_proposal p = proposal(a, 1), got = {0};

	(void)state;
	assert_ok(kith_store_proposed(store, &p, &came));
	assert_int_equal(came, KITH_CAME_NEW);
	assert_ok(kith_store_proposed(store, &p, &came));
	assert_int_equal(came, KITH_CAME_AGAIN);
	p.aud[0] = 2;
	assert_err(kith_store_proposed(store, &p, &came), CONFLICT);
	/* the same id of somebody else is another one */
	p.contact = b;
	assert_ok(kith_store_proposed(store, &p, &came));
	p.contact = 99;
	assert_err(kith_store_proposed(store, &p, &came), NOPERSON);
	assert_ok(kith_store_proposal(store, 1, &got));
	assert_int_equal(got.contact, a);
	assert_int_equal(got.stage, KITH_PROPOSAL_OPEN);
	assert_int_equal(got.words.n, 5);
	assert_memory_equal(got.name.p, "Ada", 3);
	kith_proposal_free(&got);
	assert_err(kith_store_proposal(store, 99, &got), MISSING);
	assert_int_equal(world_number(home, "SELECT count(*) FROM news WHERE kind = 10"), 2);
	kith_proposal_free(NULL);
}

static void answers(void **state)
{
	const uint8_t card[8] = {1}, other[8] = {2};
	struct kith_proposal p = proposal(met(1, "Ada"), 1), got = {0};

	(void)state;
	world_sql(home,
		"INSERT INTO mine_card (rev, card, envelope) VALUES (1, x'0100000000000000', "
		"x''), (2, x'0200000000000000', x''); INSERT INTO my_card (card, name, fold, "
		"shows, held) VALUES (x'0100000000000000', 'me', 'me', '', 1), "
		"(x'0200000000000000', 'work', 'work', '', 2)");
	assert_ok(kith_store_proposed(store, &p, &came));
	assert_err(kith_store_proposal_answer(store, 9, card, MAY), MISSING);
	assert_err(kith_store_proposal_answer(store, 1, (const uint8_t[8]){3}, MAY), MISSING);
	assert_err(
		kith_store_proposal_answer(store, 1, card, MAY + KITH_INTRODUCTION_DAYS * DAY + 1),
		TIMEOUT);
	assert_ok(kith_store_proposal_answer(store, 1, card, MAY + KITH_INTRODUCTION_DAYS * DAY));
	assert_ok(kith_store_proposal_later(store, 1));
	assert_ok(kith_store_proposal_told(store, 1));
	/* the same card again is nothing new, another one is due anew */
	assert_ok(kith_store_proposal_answer(store, 1, card, MAY + 90 * DAY));
	assert_ok(kith_store_proposal(store, 1, &got));
	assert_int_equal(got.stage, KITH_PROPOSAL_GRANTED);
	assert_false(got.later);
	kith_proposal_free(&got);
	assert_ok(kith_store_proposal_answer(store, 1, other, MAY + 90 * DAY));
	assert_ok(kith_store_proposal(store, 1, &got));
	assert_int_equal(got.stage, KITH_PROPOSAL_YES);
	assert_int_equal(got.card[0], 2);
	kith_proposal_free(&got);
	assert_ok(kith_store_proposal_answer(store, 1, NULL, MAY));
	assert_err(kith_store_proposal_answer(store, 1, card, MAY), STATE);
	assert_ok(kith_store_proposal_told(store, 1)); /* of a no nothing was heard */
	assert_int_equal(world_number(home, "SELECT stage FROM proposal"), KITH_PROPOSAL_NO);
}

/* A yes is said to a key: once they have another one, nothing comes of what they asked under the first. */
static void a_key_that_was_left(void **state)
{
	const uint8_t card[8] = {1};
	int64_t a = met(1, "Ada");
	struct kith_proposal p = proposal(a, 1), got = {0};

	(void)state;
	world_sql(home,
		"INSERT INTO mine_card (rev, card, envelope) VALUES (1, x'0100000000000000', x''); "
		"INSERT INTO my_card (card, name, fold, shows, held) VALUES (x'0100000000000000', "
		"'me', 'me', '', 1)");
	for (uint8_t i = 1; i <= KITH_INTRODUCTIONS_EACH; i++) {
		p.id[0] = i;
		assert_ok(kith_store_proposed(store, &p, &came));
	}
	p.id[0] = 200;
	assert_err(kith_store_proposed(store, &p, &came), LIMIT);
	assert_ok(kith_store_proposal_answer(store, 2, card, MAY));
	assert_ok(kith_store_proposal(store, 1, &got));
	assert_false(got.left);
	kith_proposal_free(&got);
	world_sql(home, "UPDATE contact SET ik = zeroblob(32)");
	assert_ok(kith_store_proposal(store, 1, &got));
	assert_true(got.left);
	kith_proposal_free(&got);
	assert_err(kith_store_proposal_answer(store, 1, card, MAY), STALEKEY);
	assert_ok(kith_store_proposal_answer(store, 1, NULL, MAY));
	assert_ok(
		kith_store_proposed(store, &p, &came)); /* those of the old key wait for nothing */
	assert_ok(kith_store_proposal(store, KITH_INTRODUCTIONS_EACH + 1, &got));
	assert_false(got.left);
	kith_proposal_free(&got);
}

static void what_was_refused(void **state)
{
	uint64_t n;
	int64_t at, a = met(1, "Ada");

	(void)state;
	assert_ok(kith_store_intros_refused(store, a, &n, &at));
	assert_int_equal(n, 0);
	assert_ok(kith_store_intro_refused(store, a, MAY));
	assert_ok(kith_store_intro_refused(store, a, MAY + 1));
	assert_ok(kith_store_intros_refused(store, a, &n, &at));
	assert_int_equal(n, 2);
	assert_int_equal(at, MAY + 1);
	assert_err(kith_store_intro_refused(store, 99, MAY), NOPERSON);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(kith_side_stage_name(KITH_SIDE_TOLD), "told");
	assert_string_equal(kith_proposal_stage_name(KITH_PROPOSAL_NO), "no");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_that_is_made),
		TEST(who_can_be_introduced),
		TEST(never_twice),
		TEST(a_stage_only_goes_on),
		TEST(both_were_told),
		TEST(one_was_told),
		TEST(days),
		TEST(a_proposal),
		TEST(answers),
		TEST(a_key_that_was_left),
		TEST(what_was_refused),
		TEST(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
