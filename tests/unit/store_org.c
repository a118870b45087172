/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include "base/auto.h"
#include "store/org.h"

static void is(const char *org, const char *key)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	assert_ok(kith_org_key(&out, kith_span_str(org)));
	if (!kith_span_eq(kith_buf_span(&out), kith_span_str(key)))
		fail_msg("%s: %.*s", org, (int)out.n, (const char *)out.p);
}

static void the_form_is_left_out(void **state)
{
	(void)state;
	is("Acme", "acme");
	is("ACME Ltd.", "acme");
	is("Acme, Inc.", "acme");
	is("  acme   GmbH & Co. KG ", "acme");
	is("Acme S.A.", "acme");
	is("Acm\xc3\xa9 S.\xc3\xa0 r.l.", "acme sa rl");
	is("Stra\xc3\x9f"
	   "enbau AG",
		"strassenbau");
	is("Bell & Howell", "bell howell");
	is("Johnson, Johnson", "johnson johnson");
	is("U.S. Navy", "us navy");
}

/* A name that is a legal form, or begins with one, stays a name. */
static void something_is_left(void **state)
{
	(void)state;
	is("SE", "se");
	is("Limited", "limited");
	is("AG Insurance", "ag insurance");
	is("Ltd Inc", "ltd");
	is("SAS Institute Inc.", "sas institute");
	is("The Company", "the");
}

static void nothing_is_nothing(void **state)
{
	(void)state;
	is("", "");
	is("  ", "");
	is(" . , & ", "");
}

static void two_of_one(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)world_entry(store, 0, "a", "name=Ada\norg=Acme Ltd.");
	assert_ok(world_import(store, 2, 1, 1, "name=Grace\norg=ACME", NULL));
	(void)world_entry(store, 0, "b", "name=Bob\norg= , ");
	(void)world_entry(store, 0, "c", "name=Carol");
	kith_store_close(store);
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM contact WHERE org_key = 'acme'"), 2);
	assert_int_equal(
		world_number(*state, "SELECT count(*) FROM contact WHERE org_key IS NULL"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_is_left_out),
		cmocka_unit_test(something_is_left),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test_setup_teardown(two_of_one, world_make, world_remove),
	};
	return cmocka_run_group_tests_name("store_org", tests, NULL, NULL);
}
