/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/people.h>

#include "base/limits.h"

enum { ADA = 2, BOB, NOW = 1777809600 };

static struct kith_store *store;
static int64_t ada, bob;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	store = world_open(*state, KITH_STORE_WRITE);
	ada = world_person(store, ADA, "Ada");
	bob = world_person(store, BOB, "Bob");
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

static enum kith_err tag(int64_t who, const char *name, bool on)
{
	return kith_store_tag(store, who, kith_span_str(name), on, 1);
}

static bool add_tag(void *text, struct kith_span name, size_t people)
{
	size_t n = strlen(text);

	(void)snprintf((char *)text + n, 512 - n, "%s%.*s %zu", n ? "|" : "", (int)name.n,
		(const char *)name.p, people);
	return true;
}

static bool add_one(void *text, struct kith_span name, size_t people)
{
	(void)add_tag(text, name, people);
	return false;
}

static void expect(int64_t who, const char *tags)
{
	char text[512] = "";

	assert_ok(kith_store_tags(store, who, add_tag, text));
	assert_string_equal(text, tags);
}

/* In whatever order. */
static void expect_find(const char *words, const char *names)
{
	char text[512] = "", name[64];

	assert_ok(kith_store_find(store, kith_span_str(words), world_names, text));
	assert_int_equal(strlen(text), strlen(names));
	for (const char *at = names; *at; at += strcspn(at, "|"), at += *at == '|') {
		(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "|"), at);
		assert_non_null(strstr(text, name));
	}
}

static void put_on_and_taken_off(void **state)
{
	char text[512] = "";

	assert_ok(tag(ada, "Lisp", true));
	assert_ok(tag(ada, "lisp", true)); /* it is on already, as it was written first */
	assert_ok(tag(ada, "k\xc3\xa4se", true));
	assert_ok(tag(bob, "LISP", true));
	expect(ada, "k\xc3\xa4se 1|Lisp 1");
	expect(0, "k\xc3\xa4se 1|LISP 2");
	assert_ok(kith_store_tags(store, 0, add_one, text));
	assert_string_equal(text, "k\xc3\xa4se 1");
	expect_find("lisp", "Ada|Bob");
	expect_find("kase", "Ada");
	assert_ok(tag(ada, "LiSP", false));
	assert_ok(tag(ada, "LiSP", false));
	expect(ada, "k\xc3\xa4se 1");
	expect_find("lisp", "Bob");
	assert_ok(kith_store_forget(store, bob));
	expect(0, "k\xc3\xa4se 1");
	world_sound(*state);
}

static void refused(void **state)
{
	static const char *const none[] = {
		"", " ", "two words", "a,b", "#tag", "a/b", "a\nb", "+a", "\xff"};
	char text[KITH_TAG_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		if (!tag(ada, none[i], true))
			fail_msg("\"%s\" is taken", none[i]);
		assert_err(tag(ada, none[i], true), VALUE);
		assert_err(tag(ada, none[i], false), VALUE);
	}
	memset(text, 'a', sizeof text);
	text[KITH_TAG_MAX + 1] = 0;
	assert_err(tag(ada, text, true), VALUE);
	text[KITH_TAG_MAX] = 0;
	assert_err(tag(99, "lisp", true), NOPERSON);
	assert_err(tag(99, "lisp", false), NOPERSON);
	expect(0, "");
	assert_ok(tag(ada, text, true));
}

static void as_many_as_there_is_room_for(void **state)
{
	char name[16];

	(void)state;
	for (int i = 0; i < KITH_TAGS_OF_MAX; i++) {
		(void)snprintf(name, sizeof name, "t%d", i);
		assert_ok(tag(ada, name, true));
	}
	assert_err(tag(ada, "more", true), LIMIT);
	expect_find("more", "");
	assert_ok(tag(ada, "T7", true)); /* one that is there */
	assert_ok(tag(bob, "more", true));
	assert_ok(tag(ada, "t0", false));
	assert_ok(tag(ada, "more", true));
}

static void calls_back(void **state)
{
	struct kith_memory memory;

	(void)state;
	assert_ok(tag(ada, "lisp", true));
	expect(0, "lisp 1");
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, NOW));
	expect(0, ""); /* nor does who was let go count behind one */
	expect(ada, "lisp 1");
	assert_ok(tag(ada, "lisp", false));
	assert_ok(kith_store_memory(store, ada, NOW, &memory));
	assert_int_equal(memory.review, KITH_REVIEW_LETGO);
	assert_ok(tag(ada, "lisp", true));
	assert_ok(kith_store_memory(store, ada, NOW, &memory));
	assert_int_equal(memory.review, KITH_REVIEW_KEEP);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(put_on_and_taken_off),
		TEST(refused),
		TEST(as_many_as_there_is_room_for),
		TEST(calls_back),
	};
	return cmocka_run_group_tests_name("store_tag", tests, NULL, NULL);
}
