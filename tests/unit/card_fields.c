/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <kith/card.h>

#include "base/limits.h"
#include "card/fields.h"

static struct kith_fields f;
static uint8_t letters[KITH_FIELD_PHOTO_MAX + 1];

static int begin(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	memset(letters, 'v', sizeof letters);
	return 0;
}

static struct kith_field *add(uint32_t kind, struct kith_span value)
{
	struct kith_field *at = &f.at[f.n++];

	*at = (struct kith_field){.kind = kind, .parts = 1, .part = {value}};
	return at;
}

static void same_span(struct kith_span a, struct kith_span b)
{
	assert_true(kith_span_eq(a, b));
}

static void what_is_packed_comes_back(void **state)
{
	struct kith_buf out = {0};
	static struct kith_fields got;

	(void)state;
	add(KITH_FIELD_NAME, LITERAL("Ada"));
	struct kith_field *email = add(KITH_FIELD_EMAIL, LITERAL("ada@example.org"));
	email->label = LITERAL("work");
	email->flags = KITH_FIELD_PREFERRED;
	struct kith_field *adr = add(KITH_FIELD_ADR, LITERAL(""));
	adr->parts = 7;
	adr->part[3] = LITERAL("London");
	add(KITH_FIELD_PHOTO, LITERAL("\xff\xd8\x00"));
	assert_int_equal(kith_fields_pack(&f, &out), KITH_OK);
	assert_int_equal(kith_fields_unpack(kith_buf_span(&out), &got), KITH_OK);
	assert_int_equal(got.n, f.n);
	for (size_t i = 0; i < f.n; i++) {
		assert_int_equal(got.at[i].kind, f.at[i].kind);
		assert_int_equal(got.at[i].flags, f.at[i].flags);
		assert_int_equal(got.at[i].parts, f.at[i].parts);
		same_span(got.at[i].label, f.at[i].label);
		for (size_t j = 0; j < f.at[i].parts; j++)
			same_span(got.at[i].part[j], f.at[i].part[j]);
	}
	assert_true(got.at[1].part[0].p > out.p && got.at[1].part[0].p < out.p + out.n);
	kith_buf_free(&out);
}

/* A profile may have no name yet; a card may not. */
static void a_name_may_be_missing_here(void **state)
{
	struct kith_buf out = {0};
	static struct kith_fields got;

	(void)state;
	assert_int_equal(kith_fields_pack(&f, &out), KITH_OK);
	assert_int_equal(kith_fields_unpack(kith_buf_span(&out), &got), KITH_OK);
	assert_int_equal(got.n, 0);
	kith_buf_free(&out);
	assert_int_equal(kith_fields_check(&f), KITH_ERR_VALUE);
	add(KITH_FIELD_NAME, LITERAL(""));
	assert_int_equal(kith_fields_check(&f), KITH_ERR_VALUE);
	f.at[0].part[0] = LITERAL("A");
	assert_int_equal(kith_fields_check(&f), KITH_OK);
}

static enum kith_err read_back(void)
{
	struct kith_buf out = {0};
	static struct kith_fields got;
	struct kith_fields *untouched = calloc(1, sizeof *untouched);

	assert_non_null(untouched);
	memset(&got, 0, sizeof got);
	assert_int_equal(kith_fields_pack(&f, &out), KITH_OK);
	enum kith_err err = kith_fields_unpack(kith_buf_span(&out), &got);
	if (err)
		assert_memory_equal(&got, untouched, sizeof got);
	free(untouched);
	kith_buf_free(&out);
	return err;
}

static void kinds_and_labels_are_at_their_limit_or_past_it(void **state)
{
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t part = 0; part < all[i].parts; part++) {
			f.n = 0;
			add(KITH_FIELD_NAME, LITERAL("A"));
			if (all[i].kind == KITH_FIELD_NAME)
				f.n = 0;
			struct kith_field *at = add(all[i].kind, LITERAL("x"));
			at->parts = all[i].parts;
			at->part[part] = kith_span(letters, all[i].max);
			at->label = kith_span(letters, KITH_FIELD_LABEL_MAX);
			assert_int_equal(kith_fields_check(&f), KITH_OK);
			assert_int_equal(read_back(), KITH_OK);
			at->part[part].n++;
			assert_int_equal(kith_fields_check(&f), KITH_ERR_LIMIT);
			assert_int_equal(read_back(), KITH_ERR_LIMIT);
			at->part[part].n--;
			at->label.n++;
			assert_int_equal(kith_fields_check(&f), KITH_ERR_LIMIT);
			assert_int_equal(read_back(), KITH_ERR_LIMIT);
		}
	}
}

static void an_unknown_kind_is_kept_within_its_limit(void **state)
{
	(void)state;
	struct kith_field *at = add(99, kith_span(letters, KITH_FIELD_VALUE_MAX));
	assert_int_equal(read_back(), KITH_OK);
	at->part[0].n++;
	assert_int_equal(read_back(), KITH_ERR_LIMIT);
	at->part[0].n = 1;
	at->parts = KITH_FIELD_PARTS_MAX;
	assert_int_equal(read_back(), KITH_OK);
	/* but this kith sets none itself */
	add(KITH_FIELD_NAME, LITERAL("A"));
	assert_int_equal(kith_fields_check(&f), KITH_ERR_VALUE);
}

static void the_number_of_fields_is_at_its_limit_or_past_it(void **state)
{
	struct kith_buf out = {0};
	struct kith_packer p = {.out = &out};
	static struct kith_fields got;

	(void)state;
	add(KITH_FIELD_NAME, LITERAL("A"));
	while (f.n < KITH_CARD_FIELDS_MAX)
		add(KITH_FIELD_NOTE, LITERAL("x"));
	assert_int_equal(kith_fields_check(&f), KITH_OK);
	assert_int_equal(read_back(), KITH_OK);
	f.n++;
	assert_int_equal(kith_fields_check(&f), KITH_ERR_LIMIT);
	kith_pack_array(&p, KITH_CARD_FIELDS_MAX + 1);
	for (size_t i = 0; i < KITH_CARD_FIELDS_MAX + 1; i++) {
		kith_pack_array(&p, 4);
		kith_pack_uint(&p, KITH_FIELD_NOTE);
		kith_pack_uint(&p, 0);
		kith_pack_str(&p, LITERAL(""));
		kith_pack_str(&p, LITERAL("x"));
	}
	assert_int_equal(kith_fields_unpack(kith_buf_span(&out), &got), KITH_ERR_LIMIT);
	kith_buf_free(&out);
}

static void a_single_field_is_there_once(void **state)
{
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		f.n = 0;
		add(KITH_FIELD_NAME, LITERAL("A"));
		for (int twice = 0; twice < 2; twice++)
			add(all[i].kind, LITERAL("x"))->parts = all[i].parts;
		assert_int_equal(kith_fields_check(&f), all[i].single ? KITH_ERR_VALUE : KITH_OK);
		assert_int_equal(read_back(), all[i].single ? KITH_ERR_DUP : KITH_OK);
	}
}

static void another_count_of_parts_is_refused(void **state)
{
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t parts = 1; parts <= KITH_FIELD_PARTS_MAX; parts++) {
			f.n = 0;
			struct kith_field *at = add(all[i].kind, LITERAL("x"));
			at->parts = parts;
			assert_int_equal(
				read_back(), parts == all[i].parts ? KITH_OK : KITH_ERR_SHAPE);
			add(KITH_FIELD_NICKNAME, LITERAL("x"));
			if (all[i].kind != KITH_FIELD_NAME)
				add(KITH_FIELD_NAME, LITERAL("x"));
			assert_int_equal(kith_fields_check(&f),
				parts == all[i].parts ? KITH_OK : KITH_ERR_VALUE);
		}
}

static void texts_are_utf8(void **state)
{
	(void)state;
	add(KITH_FIELD_NAME, LITERAL("A"));
	struct kith_field *note = add(KITH_FIELD_NOTE, LITERAL("\xff"));
	assert_int_equal(kith_fields_check(&f), KITH_ERR_UTF8);
	assert_int_equal(read_back(), KITH_ERR_UTF8);
	note->part[0] = LITERAL("a\0b");
	assert_int_equal(kith_fields_check(&f), KITH_ERR_UTF8);
	note->part[0] = LITERAL("fine");
	note->label = LITERAL("\xff");
	assert_int_equal(kith_fields_check(&f), KITH_ERR_UTF8);
	note->label = LITERAL("fine");
	assert_int_equal(kith_fields_check(&f), KITH_OK);
}

static void bits_of_flags_that_are_not_known_are_dropped(void **state)
{
	struct kith_buf out = {0};
	static struct kith_fields got;

	(void)state;
	add(KITH_FIELD_NAME, LITERAL("A"))->flags = 0xffffffff;
	assert_int_equal(kith_fields_pack(&f, &out), KITH_OK);
	assert_int_equal(kith_fields_unpack(kith_buf_span(&out), &got), KITH_OK);
	assert_int_equal(got.at[0].flags, KITH_FIELD_PREFERRED);
	kith_buf_free(&out);
}

/* A kind that no number here can hold is one of a newer kith like any other. */
static void the_largest_kind_is_kept(void **state)
{
	static struct kith_fields got;

	(void)state;
	assert_int_equal(
		kith_fields_unpack(
			LITERAL("\x91\x94\xcf\xff\xff\xff\xff\xff\xff\xff\xff\x00\xa0\xa1x"), &got),
		KITH_OK);
	assert_null(kith_field_info(got.at[0].kind));
	/* and does not turn into a known one: 2^32 + 1 */
	assert_int_equal(
		kith_fields_unpack(
			LITERAL("\x91\x94\xcf\x00\x00\x00\x01\x00\x00\x00\x01\x00\xa0\xa1x"), &got),
		KITH_OK);
	assert_null(kith_field_info(got.at[0].kind));
}

static void what_is_no_list_of_fields_is_refused(void **state)
{
	static const struct {
		enum kith_err want;
		struct kith_span bytes;
	} rows[] = {
		{KITH_ERR_TYPE, {(const uint8_t *)"\x80", 1}},
		{KITH_ERR_TYPE, {(const uint8_t *)"\x01", 1}},
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x91\x01", 2}},
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x91\x90", 2}},
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x91\x93\x01\x00\xa0", 5}},
		{KITH_ERR_TYPE, {(const uint8_t *)"\x91\x94\xa0\x00\xa0\xa1x", 7}},
		{KITH_ERR_TYPE, {(const uint8_t *)"\x91\x94\x01\xc3\xa0\xa1x", 7}},
		{KITH_ERR_TYPE, {(const uint8_t *)"\x91\x94\x01\x00\xc4\x00\xa1x", 8}},
		{KITH_ERR_TYPE, {(const uint8_t *)"\x91\x94\x01\x00\xa0\xc4\x01x", 8}},
		{KITH_ERR_TYPE,
			{(const uint8_t *)"\x91\x94\x28\x00\xa0\xa1x", 7}}, /* photo as str */
		{KITH_ERR_TYPE, {(const uint8_t *)"\x91\x94\x01\x00\xa0\x05", 6}},
		{KITH_OK, {(const uint8_t *)"\x91\x94\x01\x00\xa0\xa1x", 7}},
		{KITH_ERR_TRUNCATED, {(const uint8_t *)"\x91\x94\x01\x00\xa0\xa1x", 6}},
	};
	static struct kith_fields got;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(kith_fields_unpack(rows[i].bytes, &got), rows[i].want);
}

#define FIELDS(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIELDS(what_is_packed_comes_back),
		FIELDS(a_name_may_be_missing_here),
		FIELDS(kinds_and_labels_are_at_their_limit_or_past_it),
		FIELDS(an_unknown_kind_is_kept_within_its_limit),
		FIELDS(the_number_of_fields_is_at_its_limit_or_past_it),
		FIELDS(a_single_field_is_there_once),
		FIELDS(another_count_of_parts_is_refused),
		FIELDS(texts_are_utf8),
		FIELDS(bits_of_flags_that_are_not_known_are_dropped),
		FIELDS(the_largest_kind_is_kept),
		FIELDS(what_is_no_list_of_fields_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
