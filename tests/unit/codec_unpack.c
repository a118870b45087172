/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "codec/unpack.h"

static struct kith_doc doc;

static struct kith_node open_bytes(struct kith_span s)
{
	assert_int_equal(kith_doc_open(&doc, s, 1000), KITH_OK);
	return kith_doc_root(&doc);
}

static int close_doc(void **state)
{
	(void)state;
	kith_doc_close(&doc);
	return 0;
}

static void scalars_come_back(void **state)
{
	(void)state;
	struct kith_node n = open_bytes(LITERAL("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"));
	assert_int_equal(kith_node_kind(n), KITH_UINT);
	assert_true(kith_node_uint(n) == UINT64_MAX);
	kith_doc_close(&doc);
	n = open_bytes(LITERAL("\xc3"));
	assert_int_equal(kith_node_kind(n), KITH_BOOL);
	assert_true(kith_node_bool(n));
	kith_doc_close(&doc);
	n = open_bytes(LITERAL("\xc2"));
	assert_int_equal(kith_node_kind(n), KITH_BOOL);
	assert_false(kith_node_bool(n));
}

static void bytes_point_into_the_input(void **state)
{
	static const char in[] = "\x92\xa3"
				 "Ada\xc4\x02\x00\xff";

	(void)state;
	struct kith_node root = open_bytes(LITERAL(in));
	assert_int_equal(kith_node_kind(kith_node_at(root, 0)), KITH_STR);
	assert_ptr_equal(kith_node_bytes(kith_node_at(root, 0)).p, in + 2);
	assert_int_equal(kith_node_bytes(kith_node_at(root, 0)).n, 3);
	assert_int_equal(kith_node_kind(kith_node_at(root, 1)), KITH_BIN);
	assert_ptr_equal(kith_node_bytes(kith_node_at(root, 1)).p, in + 7);
	assert_int_equal(kith_node_bytes(kith_node_at(root, 1)).n, 2);
}

/* Empty is not absent. */
static void empty_bytes_have_a_place(void **state)
{
	(void)state;
	struct kith_node root = open_bytes(LITERAL("\x92\xa0\xc4\x00"));
	for (size_t i = 0; i < 2; i++) {
		assert_non_null(kith_node_bytes(kith_node_at(root, i)).p);
		assert_int_equal(kith_node_bytes(kith_node_at(root, i)).n, 0);
	}
}

static void arrays_are_read_by_place(void **state)
{
	(void)state;
	struct kith_node root = open_bytes(LITERAL("\x93\x05\x90\x92\x01\x02"));
	assert_int_equal(kith_node_kind(root), KITH_ARRAY);
	assert_int_equal(kith_node_count(root), 3);
	assert_int_equal(kith_node_uint(kith_node_at(root, 0)), 5);
	assert_int_equal(kith_node_kind(kith_node_at(root, 1)), KITH_ARRAY);
	assert_int_equal(kith_node_count(kith_node_at(root, 1)), 0);
	assert_int_equal(kith_node_uint(kith_node_at(kith_node_at(root, 2), 1)), 2);
	assert_int_equal(kith_node_kind(kith_node_at(root, 3)), KITH_ABSENT);
	assert_int_equal(kith_node_kind(kith_node_at(root, SIZE_MAX)), KITH_ABSENT);
}

static void maps_are_read_by_key(void **state)
{
	(void)state;
	struct kith_node root = open_bytes(LITERAL("\x83\x00\xa1"
						   "a\x05\xc3\xcd\x01\x00\x80"));
	assert_int_equal(kith_node_kind(root), KITH_MAP);
	assert_int_equal(kith_node_count(root), 3);
	assert_int_equal(kith_node_key(root, 0), 0);
	assert_int_equal(kith_node_key(root, 1), 5);
	assert_int_equal(kith_node_key(root, 2), 256);
	assert_int_equal(kith_node_kind(kith_node_get(root, 0)), KITH_STR);
	assert_true(kith_node_bool(kith_node_get(root, 5)));
	assert_int_equal(kith_node_kind(kith_node_get(root, 256)), KITH_MAP);
	assert_int_equal(kith_node_kind(kith_node_get(root, 1)), KITH_ABSENT);
}

/* A getter of another kind, and of what is not there, answers with nothing. */
static void getters_take_every_kind(void **state)
{
	(void)state;
	struct kith_node root = open_bytes(LITERAL("\x96\x05\xc3\xa1"
						   "a\xc4\x01x\x91\x01\x81\x01\x01"));
	for (size_t i = 0; i <= 6; i++) {
		struct kith_node n = kith_node_at(root, i); /* the last is absent */
		enum kith_kind kind = kith_node_kind(n);
		assert_true(kind == KITH_UINT || kith_node_uint(n) == 0);
		assert_true(kind == KITH_BOOL || !kith_node_bool(n));
		assert_true(kind == KITH_STR || kind == KITH_BIN || kith_node_bytes(n).p == NULL);
		assert_true(kind == KITH_ARRAY || kind == KITH_MAP || kith_node_count(n) == 0);
		assert_true(kind == KITH_ARRAY || kith_node_at(n, 0).o == NULL);
		assert_true(kind == KITH_MAP || kith_node_get(n, 1).o == NULL);
	}
}

static void what_does_not_scan_is_not_opened(void **state)
{
	(void)state;
	assert_int_equal(
		kith_doc_open(&doc, LITERAL("\xdd\xff\xff\xff\xff"), 1000), KITH_ERR_LIMIT);
	assert_null(doc.zone);
	assert_int_equal(kith_node_kind(kith_doc_root(&doc)), KITH_ABSENT);
	assert_int_equal(kith_doc_open(&doc, LITERAL("\x00\x00"), 1000), KITH_ERR_SHAPE);
	assert_int_equal(kith_doc_open(&doc, LITERAL("\x00"), 0), KITH_ERR_LIMIT);
	assert_int_equal(kith_doc_open(&doc, kith_span(NULL, 0), 1000), KITH_ERR_TRUNCATED);
	kith_doc_close(&doc);
	kith_doc_close(NULL);
}

#define OPENING(test) cmocka_unit_test_teardown(test, close_doc)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPENING(scalars_come_back),
		OPENING(bytes_point_into_the_input),
		OPENING(empty_bytes_have_a_place),
		OPENING(arrays_are_read_by_place),
		OPENING(maps_are_read_by_key),
		OPENING(getters_take_every_kind),
		OPENING(what_does_not_scan_is_not_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
