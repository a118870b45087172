/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/known.h>
#include <kith/people.h>

#include "base/day.h"
#include "base/limits.h"

#define NOON INT64_C(1777809600) /* of 3 May 2026 */
#define DAY  86400

/* A machine that runs, and people in its store. */
struct machine {
	struct kith_store *store;
	struct kith_use use;
	int64_t wall;
	bool silent;    /* who goes soon is told to nobody */
	char gone[256]; /* names of those who were forgotten, by their beginning */
};

static bool take_name(void *ctx, const struct kith_contact *c)
{
	struct machine *m = ctx;

	(void)snprintf(m->gone + strlen(m->gone), sizeof m->gone - strlen(m->gone), "%.*s ",
		(int)c->name.n, (const char *)c->name.p);
	return true;
}

/* Time passes by the wall clock, and really; then kith is used. */
static void pass(struct machine *m, int64_t by_clock, int64_t really)
{
	m->wall += by_clock;
	m->use.today = kith_day_at(m->wall);
	m->use.up += really;
	m->gone[0] = 0;
	assert_ok(kith_store_used(m->store, &m->use, take_name, m));
	if (!m->silent)
		assert_ok(kith_store_fading_told(m->store, m->use.today));
}

static void start(struct machine *m)
{
	m->use.boot[0]++;
	m->use.up = 10;
}

static void machine(struct machine *m, void **state)
{
	(void)setenv("TZ", "UTC", 1);
	*m = (struct machine){.store = world_open(*state, KITH_STORE_WRITE),
		.use = {.boot = {1}, .up = 3600},
		.wall = NOON};
	pass(m, 0, 0);
}

static int64_t person(struct machine *m, uint8_t seed, const char *text)
{
	uint8_t ik[32], xk[32];
	struct kith_contact c = {0};
	enum kith_import what;

	assert_ok(world_import(m->store, seed, 1, 1, text, &what));
	world_keys(seed, ik, xk);
	assert_ok(kith_store_contact_of(m->store, ik, &c));
	int64_t row = c.row;
	kith_contact_free(&c);
	return row;
}

static int64_t let_go(struct machine *m, uint8_t seed, const char *text)
{
	int64_t row = person(m, seed, text);

	assert_ok(kith_store_reviewed(m->store, row, KITH_REVIEW_LETGO, m->wall));
	return row;
}

static bool is_here(struct machine *m, int64_t row)
{
	struct kith_contact c = {0};
	enum kith_err err = kith_store_contact(m->store, row, &c);

	kith_contact_free(&c);
	return !err;
}

/* LETGO_DAYS days later, and not one before; the day of the decision is none of them, however often kith is used on it. */
static void thirty_days(void **state)
{
	struct machine m;
	machine(&m, state);
	int64_t ada = let_go(&m, 1, "name=Ada"), bob = person(&m, 2, "name=Bob");

	pass(&m, 3600, 3600);
	for (int i = 1; i < KITH_LETGO_DAYS; i++) {
		pass(&m, DAY, DAY);
		pass(&m, 3600, 3600); /* once a day */
		pass(&m, -3600, 0);
	}
	assert_true(is_here(&m, ada));
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	assert_false(is_here(&m, ada));
	assert_true(is_here(&m, bob));
	kith_store_close(m.store);
}

/* On a day that was not counted when it was decided, and is later: it is none of them either. */
static void not_the_day_itself(void **state)
{
	struct machine m;
	machine(&m, state);
	m.wall += 15 * 3600; /* 03:00 the next day; 15 hours are too few */
	m.use.up += 15 * 3600;
	int64_t ada = let_go(&m, 1, "name=Ada");

	pass(&m, 8 * 3600, 8 * 3600); /* of the same day: it counts now */
	for (int i = 1; i < KITH_LETGO_DAYS; i++)
		pass(&m, DAY, DAY);
	assert_true(is_here(&m, ada));
	pass(&m, DAY, DAY);
	assert_false(is_here(&m, ada));
	kith_store_close(m.store);
}

/* Wrong clocks: one that jumps to another day at every look, ahead and back, and one that stands. */
static void clocks_that_jump(void **state)
{
	struct machine m;
	machine(&m, state);
	int64_t ada = let_go(&m, 1, "name=Ada");

	for (int i = 0; i < 200; i++) /* within the hour */
		pass(&m, (i % 2 ? -7 : 11) * DAY, 18);
	for (int i = 0; i < 200; i++) /* for years that really pass */
		pass(&m, 0, 5 * DAY);
	/* all that was ever counted is the first day, and one of these */
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 2);
	assert_true(is_here(&m, ada));
	kith_store_close(m.store);
}

/* At USED_APART a new day counts, one second less is too little; a jump of every day is a day a day. */
static void apart(void **state)
{
	struct machine m;
	machine(&m, state);

	pass(&m, DAY, KITH_USED_APART - 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 1);
	pass(&m, 0, 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 2);
	for (int i = 0; i < 9; i++)
		pass(&m, (i % 2 ? -100 : 170) * DAY, DAY);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 11);
	kith_store_close(m.store);
}

/* After a start of the machine the first new day counts, and the second only when time has passed.  The clock of the machine
 * that went back without a start (a snapshot of it was put back) makes no day. */
static void after_a_start(void **state)
{
	struct machine m;
	machine(&m, state);

	start(&m);
	pass(&m, DAY, 0);
	pass(&m, DAY, 0);
	pass(&m, DAY, -5);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 2);
	memset(m.use.boot, 0, sizeof m.use.boot); /* which cannot be told */
	pass(&m, DAY, 0);
	pass(&m, DAY, 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), 3);
	kith_store_close(m.store);
}

static void promise(struct machine *m, int64_t contact, int64_t *ret_row)
{
	const struct kith_promise p = {.contact = contact,
		.text = kith_span_str("the book"),
		.made = m->wall,
		.by = KITH_DAY_NONE};

	assert_ok(kith_store_promise_put(m->store, &p, ret_row));
}

static void pass_days(struct machine *m, int days)
{
	for (int i = 0; i < days; i++) {
		pass(m, DAY, DAY);
		assert_string_equal(m->gone, "");
	}
}

/* An open promise keeps, and so does being blocked; when that ends the days begin anew. */
static void who_stays(void **state)
{
	struct machine m;
	machine(&m, state);
	int64_t ada = person(&m, 1, "name=Ada"), row;
	promise(&m, ada, &row);
	assert_ok(kith_store_reviewed(m.store, ada, KITH_REVIEW_LETGO, m.wall));
	int64_t eve = let_go(&m, 3, "name=Eve");
	assert_ok(kith_store_block(m.store, eve, true, m.wall));

	pass_days(&m, KITH_LETGO_DAYS + 5);
	assert_ok(kith_store_promise_end(m.store, row, KITH_PROMISE_DONE, m.wall));
	pass_days(&m, 2);
	assert_ok(kith_store_block(m.store, eve, false, m.wall));
	pass_days(&m, KITH_LETGO_DAYS - 3);
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	pass_days(&m, 1);
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Eve ");
	kith_store_close(m.store);
}

static void end_promise(struct machine *m, int64_t row, enum kith_promise_state state)
{
	assert_ok(kith_store_promise_end(m->store, row, state, m->wall));
}

/* Long past their day, tied on the day on which that was told: the command that unties them, the first of a day, begins the days
 * anew and forgets nobody.  The day that it ends is none of them. */
static void untied(void **state)
{
	struct machine m;
	int64_t row;
	machine(&m, state);
	int64_t ada = person(&m, 1, "name=Ada");
	promise(&m, ada, &row);
	end_promise(&m, row, KITH_PROMISE_DONE);
	assert_ok(kith_store_reviewed(m.store, ada, KITH_REVIEW_LETGO, m.wall));
	int64_t eve = let_go(&m, 3, "name=Eve");

	pass_days(&m, KITH_LETGO_DAYS - 1);
	end_promise(&m, row, KITH_PROMISE_OPEN);
	assert_ok(kith_store_block(m.store, eve, true, m.wall));
	m.wall += 70 * DAY;
	m.use.up += 70 * DAY;
	end_promise(&m, row, KITH_PROMISE_DONE);
	assert_ok(kith_store_block(m.store, eve, false, m.wall));
	pass(&m, 0, 0);
	assert_string_equal(m.gone, "");
	pass_days(&m, KITH_LETGO_DAYS - 1);
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada Eve ");
	kith_store_close(m.store);
}

/* Tied and untied on one day, which is counted already: none of the days before it is one. */
static void tied_for_an_hour(void **state)
{
	struct machine m;
	int64_t row;
	machine(&m, state);
	int64_t ada = person(&m, 1, "name=Ada");
	promise(&m, ada, &row);
	end_promise(&m, row, KITH_PROMISE_DONE);
	assert_ok(kith_store_reviewed(m.store, ada, KITH_REVIEW_LETGO, m.wall));

	pass_days(&m, KITH_LETGO_DAYS - 1);
	end_promise(&m, row, KITH_PROMISE_OPEN);
	end_promise(&m, row, KITH_PROMISE_LETGO);
	pass_days(&m, 7);
	end_promise(&m, row, KITH_PROMISE_DONE); /* ended before: ties and unties nobody */
	pass_days(&m, KITH_LETGO_DAYS - 8);
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	kith_store_close(m.store);
}

/* A promise that goes with who was joined, and blocking anew who is blocked, or nobody. */
static void untied_by_parting(void **state)
{
	struct machine m;
	int64_t row;
	machine(&m, state);
	int64_t ada = let_go(&m, 1, "name=Ada");
	int64_t eve = let_go(&m, 2, "name=Eve");
	int64_t typed = world_entry(m.store, 0, "typed", "name=Typed");
	promise(&m, typed, &row);
	assert_ok(kith_store_join(m.store, ada, typed));
	assert_ok(kith_store_reviewed(m.store, ada, KITH_REVIEW_LETGO, m.wall));

	pass_days(&m, KITH_LETGO_DAYS - 1);
	assert_ok(kith_store_block(m.store, eve, false, m.wall));
	m.wall += DAY;
	m.use.up += DAY;
	assert_ok(kith_store_unjoin(m.store, ada));
	pass(&m, 0, 0);
	assert_string_equal(m.gone, "Eve ");
	pass_days(&m, KITH_LETGO_DAYS - 1);
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	kith_store_close(m.store);
}

/* Nobody goes whose going was not told, however long ago they were let go; nor on the day on which it was. */
static void told_before(void **state)
{
	struct machine m;
	machine(&m, state);
	(void)let_go(&m, 1, "name=Ada");

	m.silent = true;
	pass_days(&m, KITH_LETGO_DAYS + 5);
	m.wall += DAY;
	m.use.up += DAY;
	assert_ok(kith_store_fading_told(m.store, kith_day_at(m.wall)));
	pass(&m, 3600, 3600); /* the same day, which counts only now */
	assert_string_equal(m.gone, "");
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	kith_store_close(m.store);
}

/* Told too early, as of two that have become one, or before they were called back, is not told. */
static void told_of_that(void **state)
{
	struct machine m;
	machine(&m, state);
	int64_t ada = let_go(&m, 1, "name=Ada");

	pass_days(&m, KITH_LETGO_DAYS - 1);
	assert_ok(kith_store_reviewed(m.store, ada, KITH_REVIEW_LETGO, m.wall));
	m.silent = true;
	pass_days(&m, KITH_LETGO_DAYS + 5);
	m.silent = false;
	pass_days(&m, 1);
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	kith_store_close(m.store);
}

/* How many days are left to each, in words "NAME LEFT ". */
static bool take_left(void *ctx, const struct kith_contact *c, uint32_t left)
{
	char *out = ctx;

	(void)snprintf(out + strlen(out), 64, "%.*s %u ", (int)c->name.n, (const char *)c->name.p,
		(unsigned)left);
	return true;
}

static const char *left(struct machine *m, uint32_t within, char out[static 128])
{
	out[0] = 0;
	assert_ok(kith_store_fading(m->store, within, take_left, out));
	return out;
}

static void who_goes_soon(void **state)
{
	struct machine m;
	char out[128];
	machine(&m, state);
	(void)let_go(&m, 1, "name=Ada");
	pass(&m, DAY, DAY);
	(void)let_go(&m, 2, "name=Bob");

	assert_string_equal(left(&m, 28, out), "");
	assert_string_equal(left(&m, 29, out), "Ada 29 ");
	assert_string_equal(left(&m, 30, out), "Ada 29 Bob 30 ");
	for (int i = 0; i < 28; i++)
		pass(&m, DAY, DAY);
	assert_string_equal(left(&m, KITH_LETGO_SOON, out), "Ada 1 Bob 2 ");
	pass(&m, DAY, DAY);
	assert_string_equal(m.gone, "Ada ");
	assert_string_equal(left(&m, KITH_LETGO_SOON, out), "Bob 1 ");
	kith_store_close(m.store);
}

/* Of so many days no more than USED_MAX are kept, and who was let go before them is still counted right. */
static void many_days(void **state)
{
	struct machine m;
	machine(&m, state);

	for (int i = 0; i < KITH_USED_MAX; i++)
		pass(&m, DAY, DAY);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), KITH_USED_MAX);
	int64_t ada = let_go(&m, 1, "name=Ada");
	for (int i = 1; i < KITH_LETGO_DAYS; i++)
		pass(&m, DAY, DAY);
	assert_true(is_here(&m, ada));
	pass(&m, DAY, DAY);
	assert_false(is_here(&m, ada));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM used"), KITH_USED_MAX);
	kith_store_close(m.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(thirty_days, world_make, world_remove),
		cmocka_unit_test_setup_teardown(not_the_day_itself, world_make, world_remove),
		cmocka_unit_test_setup_teardown(clocks_that_jump, world_make, world_remove),
		cmocka_unit_test_setup_teardown(apart, world_make, world_remove),
		cmocka_unit_test_setup_teardown(after_a_start, world_make, world_remove),
		cmocka_unit_test_setup_teardown(who_stays, world_make, world_remove),
		cmocka_unit_test_setup_teardown(untied, world_make, world_remove),
		cmocka_unit_test_setup_teardown(tied_for_an_hour, world_make, world_remove),
		cmocka_unit_test_setup_teardown(untied_by_parting, world_make, world_remove),
		cmocka_unit_test_setup_teardown(told_before, world_make, world_remove),
		cmocka_unit_test_setup_teardown(told_of_that, world_make, world_remove),
		cmocka_unit_test_setup_teardown(who_goes_soon, world_make, world_remove),
		cmocka_unit_test_setup_teardown(many_days, world_make, world_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
