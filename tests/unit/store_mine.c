/* SPDX-License-Identifier: MIT */
#include "store_world.h"

static enum kith_err put(
	struct kith_store *store, uint64_t had, uint64_t rev, uint64_t card_rev, const char *text)
{
	struct world_card card;
	struct kith_mine mine = {.rev = rev};

	world_card(&card, 1, 1, card_rev, text);
	assert_ok(kith_fields_pack(&card.card.fields, &mine.profile));
	assert_ok(kith_buf_add(&mine.envelope, card.envelope.p, card.envelope.n));
	memcpy(mine.card, card.card.card, sizeof mine.card);
	enum kith_err err = kith_store_mine_put(store, had, &mine, &card.card);
	kith_mine_free(&mine);
	world_card_free(&card);
	return err;
}

static void expect(struct kith_store *store, uint64_t rev, uint64_t card_rev, const char *text)
{
	struct kith_mine mine = {0};
	struct world_card card;

	world_card(&card, 1, 1, card_rev, text);
	assert_ok(kith_store_mine(store, &mine));
	assert_int_equal(mine.rev, rev);
	assert_int_equal(mine.held, card_rev);
	assert_memory_equal(mine.card, card.card.card, sizeof mine.card);
	assert_true(kith_span_eq(kith_buf_span(&mine.envelope), kith_buf_span(&card.envelope)));
	struct kith_fields fields;
	assert_ok(kith_fields_unpack(kith_buf_span(&mine.profile), &fields));
	assert_int_equal(fields.n, card.card.fields.n);
	kith_mine_free(&mine);
	world_card_free(&card);
}

static void nothing_at_first(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_mine mine = {0};

	assert_err(kith_store_mine(store, &mine), MISSING);
	assert_null(mine.profile.p);
	kith_mine_free(&mine);
	kith_mine_free(NULL);
	kith_store_close(store);
}

static void put_and_read(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(put(store, 0, 1, 1, "name=Ada"));
	expect(store, 1, 1, "name=Ada");
	assert_ok(put(store, 1, 2, 2, "name=Ada\nemail=ada@example.org"));
	expect(store, 2, 2, "name=Ada\nemail=ada@example.org");
	kith_store_close(store);
	store = world_open(*state, KITH_STORE_READ);
	expect(store, 2, 2, "name=Ada\nemail=ada@example.org");
	kith_store_close(store);
	/* what was signed once stays */
	assert_int_equal(world_number(*state, "SELECT count(*) FROM mine_card"), 2);
}

static void counter_guards(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_err(put(store, 1, 2, 2, "name=Ada"), BUSY); /* nothing there yet */
	assert_ok(put(store, 0, 5, 5, "name=Ada"));
	assert_err(put(store, 0, 6, 6, "name=Eve"), BUSY);
	assert_err(put(store, 4, 6, 6, "name=Eve"), BUSY);
	assert_err(put(store, 5, 5, 5, "name=Eve"), ROLLBACK);
	assert_err(put(store, 5, 4, 4, "name=Eve"), ROLLBACK);
	assert_err(put(store, 5, 6, 7, "name=Eve"), ROLLBACK); /* a number that was not counted */
	expect(store, 5, 5, "name=Ada");
	kith_store_close(store);
}

/* A pocket card takes a number too: the counter goes on while the card stays. */
static void counter_ahead_of_the_card(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(put(store, 0, 1, 1, "name=Ada"));
	assert_ok(put(store, 1, 2, 1, "name=Ada"));
	expect(store, 2, 1, "name=Ada");
	assert_err(
		put(store, 2, 3, 1, "name=Eve"), CONFLICT); /* number 1 is taken by other bytes */
	expect(store, 2, 1, "name=Ada");
	kith_store_close(store);
}

static void not_by_a_reader(void **state)
{
	kith_store_close(world_open(*state, KITH_STORE_WRITE));
	struct kith_store *store = world_open(*state, KITH_STORE_READ);

	assert_err(put(store, 0, 1, 1, "name=Ada"), STORE_READONLY);
	assert_non_null(strstr(kith_store_why(store), "kith.db"));
	kith_store_close(store);
}

static enum kith_err put_pocket(
	struct kith_store *store, uint64_t had, uint64_t rev, const char *text)
{
	struct world_card card;

	world_pocket(&card, 1, 1, rev, text);
	enum kith_err err =
		kith_store_pocket_put(store, had, &card.card, kith_buf_span(&card.envelope));
	world_card_free(&card);
	return err;
}

static void expect_pocket(struct kith_store *store, uint64_t rev, const char *text)
{
	struct kith_buf have = {0};
	struct world_card card;

	world_pocket(&card, 1, 1, rev, text);
	assert_ok(kith_store_pocket(store, card.card.card, &have));
	assert_true(kith_span_eq(kith_buf_span(&have), kith_buf_span(&card.envelope)));
	kith_buf_free(&have);
	world_card_free(&card);
}

/* A pocket card spends a number, and takes the place of nothing. */
static void pocket_cards(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_buf none = {0};
	const uint8_t other[8] = {9};
	struct world_card mine;

	world_card(&mine, 1, 1, 1, "name=Ada");
	assert_err(put_pocket(store, 0, 1, "name=A"), BUSY); /* no card of mine yet */
	assert_ok(put(store, 0, 1, 1, "name=Ada"));
	assert_err(kith_store_pocket(store, mine.card.card, &none), MISSING);
	world_card_free(&mine);
	assert_ok(put_pocket(store, 1, 2, "name=A"));
	expect_pocket(store, 2, "name=A");
	assert_err(kith_store_pocket(store, other, &none), MISSING); /* of another card */
	expect(store, 2, 1, "name=Ada"); /* the card is as it was, the counter is not */
	assert_err(put_pocket(store, 1, 3, "name=B"), BUSY);
	assert_err(put_pocket(store, 2, 2, "name=B"), ROLLBACK);
	assert_err(put(store, 1, 2, 2, "name=Ada L"), BUSY);
	assert_ok(put(store, 2, 3, 3, "name=Ada L"));
	assert_ok(put_pocket(store, 3, 4, "name=B"));
	expect_pocket(store, 4, "name=B");
	expect(store, 4, 3, "name=Ada L");
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM mine_card"), 4);
	world_sound(*state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_at_first),
		TEST(put_and_read),
		TEST(counter_guards),
		TEST(counter_ahead_of_the_card),
		TEST(not_by_a_reader),
		TEST(pocket_cards),
	};
	return cmocka_run_group_tests_name("store_mine", tests, NULL, NULL);
}
