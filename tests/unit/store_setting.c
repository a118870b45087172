/* SPDX-License-Identifier: MIT */
#include "store_former.h"

#include "store/setting.h"

/* Set, changed, and never set; over the end of the process. */
static void settings(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t value = 7;

	assert_int_equal(kith_store_setting(store, "where", &value), KITH_ERR_MISSING);
	assert_int_equal(value, 7);
	assert_ok(kith_store_setting_put(store, "where", 1));
	assert_ok(kith_store_setting_put(store, "where", 2));
	assert_ok(kith_store_setting_put(store, "other", 5));
	kith_store_close(store);
	store = world_open(*state, KITH_STORE_WRITE);
	assert_ok(kith_store_setting(store, "where", &value));
	assert_int_equal(value, 2);
	kith_store_close(store);
}

static bool known(struct kith_store *store, struct kith_span id)
{
	bool is_known = false;

	assert_ok(kith_store_network(store, id, &is_known));
	return is_known;
}

/* An id of KITH_NETWORK_ID_MAX bytes is kept, one past it is not; a second time changes nothing. */
static void networks(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char id[KITH_NETWORK_ID_MAX + 1];

	memset(id, 'x', sizeof id);
	assert_false(known(store, kith_span(id, KITH_NETWORK_ID_MAX)));
	for (int i = 0; i < 2; i++)
		assert_ok(kith_store_network_put(store, kith_span(id, KITH_NETWORK_ID_MAX), 1 + i));
	assert_true(known(store, kith_span(id, KITH_NETWORK_ID_MAX)));
	assert_false(known(store, kith_span(id, KITH_NETWORK_ID_MAX - 1)));
	assert_int_equal(
		kith_store_network_put(store, kith_span(id, sizeof id), 1), KITH_ERR_LIMIT);
	assert_false(known(store, kith_span(id, sizeof id)));
	kith_store_close(store);
}

/* Of the meetings of an older store the networks are known that had no gateway, as far as it can be told. */
static void an_older_store(void **state)
{
	former_make(*state, 3);
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	assert_true(known(store, kith_span_str("subnet eth0")));
	assert_false(known(store, kith_span_str("eth0")));
	assert_false(known(store, kith_span_str("subnet ")));
	kith_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(settings, world_make, world_remove),
		cmocka_unit_test_setup_teardown(networks, world_make, world_remove),
		cmocka_unit_test_setup_teardown(an_older_store, world_make, world_remove),
	};

	return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
