/* SPDX-License-Identifier: MIT */
#include "store_former.h"

#include "base/limits.h"

struct heard {
	uint64_t first, last;
	size_t n;
};

static void hear(void *ctx, uint64_t at)
{
	struct heard *h = ctx;

	if (h->n++ == 0)
		h->first = at;
	assert_true(at >= h->last);
	h->last = at;
}

static enum kith_err note(struct kith_store *store, uint8_t boot, uint64_t at)
{
	uint8_t id[16] = {boot};

	return kith_store_failed(store, id, at);
}

static struct heard all_of(struct kith_store *store, uint8_t boot)
{
	struct heard h = {0};
	uint8_t id[16] = {boot};

	assert_ok(kith_store_each_failed(store, id, hear, &h));
	return h;
}

/* Case 67: kept over the end of the process, and told apart by the start of the machine. */
static void kept_and_told_apart(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_int_equal(all_of(store, 1).n, 0);
	assert_ok(note(store, 1, 10));
	assert_ok(note(store, 2, 5));
	assert_ok(note(store, 1, 20));
	kith_store_close(store);
	store = world_open(*state, KITH_STORE_WRITE);
	assert_int_equal(all_of(store, 1).n, 2);
	assert_int_equal(all_of(store, 1).first, 10);
	assert_int_equal(all_of(store, 1).last, 20);
	assert_int_equal(all_of(store, 2).n, 1);
	kith_store_close(store);
}

/* FAILURES_MAX stay, one more pushes out the oldest. */
static void so_many_are_kept(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	for (uint64_t at = 0; at <= KITH_FAILURES_MAX; at++) {
		assert_ok(note(store, 1, at));
		struct heard h = all_of(store, 1);
		assert_int_equal(h.n, at < KITH_FAILURES_MAX ? at + 1 : KITH_FAILURES_MAX);
		assert_int_equal(h.first, at < KITH_FAILURES_MAX ? 0 : 1);
	}
	kith_store_close(store);
}

/* A store of schema 1 gets the table, and keeps what it had. */
static void an_older_store_is_brought_up_to_date(void **state)
{
	former_make(*state, 1);
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	assert_ok(note(store, 1, 1));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 3);
	kith_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kept_and_told_apart, world_make, world_remove),
		cmocka_unit_test_setup_teardown(so_many_are_kept, world_make, world_remove),
		cmocka_unit_test_setup_teardown(
			an_older_store_is_brought_up_to_date, world_make, world_remove),
	};

	return cmocka_run_group_tests_name("failed", tests, NULL, NULL);
}
