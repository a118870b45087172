/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <kith/identity.h>

#include "crypto/hash.h"
#include "session/transcript.h"

static const uint8_t s_key[32] = {0x51};
static const uint8_t c_key[32] = {0xc1};

static struct kith_transcript t;

static void say(struct kith_buf *to, const char *text)
{
	assert_int_equal(kith_buf_add_str(to, text), KITH_OK);
}

static int fill(void **state)
{
	(void)state;
	kith_transcript_init(&t, NULL, s_key, c_key);
	say(&t.hi, "hello from I");
	say(&t.hr, "hello from R");
	say(&t.s1, "request");
	say(&t.s2, "accept");
	say(&t.s3, "reveal");
	return 0;
}

static int empty(void **state)
{
	(void)state;
	kith_transcript_free(&t);
	return 0;
}

/* In the order of the page. */
static void commit_and_hash_are_those_of_the_page(void **state)
{
	const struct kith_span commit_of[] = {kith_span(s_key, 32), kith_span(c_key, 32),
		LITERAL("hello from I"), LITERAL("hello from R"), LITERAL("Ada"),
		LITERAL("reveal")};
	const struct kith_span th_of[] = {LITERAL("stranger"), kith_span(s_key, 32),
		kith_span(c_key, 32), LITERAL("hello from I"), LITERAL("hello from R"),
		LITERAL("request"), LITERAL("accept"), LITERAL("reveal")};
	uint8_t want[32], got[32];

	(void)state;
	kith_hash(want, "kith/1 commit", commit_of, COUNT(commit_of));
	kith_transcript_commit(&t, LITERAL("Ada"), LITERAL("reveal"), got);
	assert_memory_equal(want, got, 32);
	kith_hash(want, "kith/1 th", th_of, COUNT(th_of));
	kith_transcript_hash(&t, got);
	assert_memory_equal(want, got, 32);
}

/* A man in the middle who changes any byte has another hash, and so another code. */
static void every_byte_counts(void **state)
{
	struct kith_buf *const parts[] = {&t.hi, &t.hr, &t.s1, &t.s2, &t.s3};
	uint8_t before[32], after[32];

	(void)state;
	kith_transcript_hash(&t, before);
	for (size_t i = 0; i < COUNT(parts); i++)
		for (size_t at = 0; at < parts[i]->n; at++) {
			parts[i]->p[at] ^= 1;
			kith_transcript_hash(&t, after);
			assert_memory_not_equal(before, after, 32);
			parts[i]->p[at] ^= 1;
		}
	for (size_t at = 0; at < 32; at++) {
		t.listener[at] ^= 1;
		kith_transcript_hash(&t, after);
		assert_memory_not_equal(before, after, 32);
		t.listener[at] ^= 1;
		t.dialler[at] ^= 1;
		kith_transcript_hash(&t, after);
		assert_memory_not_equal(before, after, 32);
		t.dialler[at] ^= 1;
	}
	kith_transcript_hash(&t, after);
	assert_memory_equal(before, after, 32);
}

static void a_byte_moved_to_the_next_message_counts(void **state)
{
	uint8_t before[32], after[32];

	(void)state;
	kith_transcript_hash(&t, before);
	kith_buf_clear(&t.s1);
	kith_buf_clear(&t.s2);
	say(&t.s1, "requesta");
	say(&t.s2, "ccept");
	kith_transcript_hash(&t, after);
	assert_memory_not_equal(before, after, 32);
}

static void a_commitment_binds_what_was_said_before(void **state)
{
	uint8_t before[32], after[32];

	(void)state;
	kith_transcript_commit(&t, LITERAL("Ada"), LITERAL("reveal"), before);
	kith_transcript_commit(&t, LITERAL("Adb"), LITERAL("reveal"), after);
	assert_memory_not_equal(before, after, 32);
	kith_transcript_commit(&t, LITERAL("Ada"), LITERAL("reveaL"), after);
	assert_memory_not_equal(before, after, 32);
	kith_transcript_commit(&t, LITERAL("Adar"), LITERAL("eveal"), after);
	assert_memory_not_equal(before, after, 32);
	t.hr.p[0] ^= 1;
	kith_transcript_commit(&t, LITERAL("Ada"), LITERAL("reveal"), after);
	assert_memory_not_equal(before, after, 32);
	t.hr.p[0] ^= 1;
	t.dialler[31] ^= 1;
	kith_transcript_commit(&t, LITERAL("Ada"), LITERAL("reveal"), after);
	assert_memory_not_equal(before, after, 32);
}

static void a_code_is_twelve_digits_of_the_hash(void **state)
{
	char code[KITH_CODE_DIGITS + 1], first[KITH_CODE_DIGITS + 1];
	bool leading_zero = false;

	(void)state;
	for (int i = 0; i < 200; i++) {
		uint8_t th[32] = {(uint8_t)i};
		const struct kith_span part = kith_span(th, 32);
		uint8_t h[32];
		uint64_t v = 0;
		char want[32];
		kith_hash(h, "kith/1 sas", &part, 1);
		for (size_t j = 0; j < 8; j++)
			v = v * 256 + h[j];
		(void)snprintf(
			want, sizeof want, "%012llu", (unsigned long long)(v % 1000000000000ull));
		kith_transcript_code(th, code);
		assert_string_equal(code, want);
		leading_zero = leading_zero || code[0] == '0';
		if (i == 0)
			strcpy(first, code);
		else
			assert_string_not_equal(code, first);
	}
	assert_true(leading_zero);
}

#define SAID(test) cmocka_unit_test_setup_teardown(test, fill, empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(commit_and_hash_are_those_of_the_page),
		SAID(every_byte_counts),
		SAID(a_byte_moved_to_the_next_message_counts),
		SAID(a_commitment_binds_what_was_said_before),
		cmocka_unit_test(a_code_is_twelve_digits_of_the_hash),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
