/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/limits.h"
#include "card/introduction.h"

/* What is written; reading is proto/vectors/introduction.txt. */

#define assert_ok(e)        assert_string_equal(kith_err_name(e), "ok")
#define assert_err(e, name) assert_string_equal(kith_err_name(e), #name)

static struct kith_identity *ada;

static int make(void **state)
{
	static const uint8_t seed[KITH_KEY_BYTES] = {1};

	(void)state;
	return kith_crypto_start() || kith_identity_from_seed(seed, &ada) ? -1 : 0;
}

static int drop(void **state)
{
	(void)state;
	kith_identity_free(ada);
	return 0;
}

/* n bytes of words, and their end. */
static enum kith_err words_of(const char *character, size_t n)
{
	struct kith_buf text = {0};

	for (size_t i = 0; i < n; i++)
		assert_ok(kith_buf_add_str(&text, character));
	enum kith_err err = kith_introduction_words(kith_buf_span(&text));
	kith_buf_free(&text);
	return err;
}

static void words(void **state)
{
	(void)state;
	assert_err(kith_introduction_words(kith_span("", 0)), VALUE);
	assert_ok(words_of("x", 1));
	assert_ok(words_of("x", KITH_INTRODUCTION_WORDS));
	assert_err(words_of("x", KITH_INTRODUCTION_WORDS + 1), LIMIT);
	assert_ok(words_of("\xf0\x9f\x98\x80", KITH_INTRODUCTION_WORDS));
	assert_int_equal(KITH_INTRODUCTION_WORDS * 4, KITH_INTRODUCTION_WORDS_MAX);
	assert_err(words_of("\xf0\x9f\x98\x80", KITH_INTRODUCTION_WORDS + 1), LIMIT);
	assert_err(kith_introduction_words(kith_span("\xff", 1)), UTF8);
	assert_err(kith_introduction_words(kith_span("\0", 1)), UTF8);
}

/* Whoever's key stands there: who signs is whose word it is. */
static void the_signer_is_the_subject(void **state)
{
	struct kith_buf out = {0};
	struct kith_grant grant = {.id = {1}, .subject = {2}, .issued = -5}, g;
	struct kith_intro intro = {.id = {1}, .introducer = {2}, .issued = INT64_MAX}, i;

	(void)state;
	assert_ok(kith_grant_sign(ada, &grant, &out));
	assert_ok(kith_grant_verify(kith_buf_span(&out), &g));
	assert_memory_equal(g.subject, kith_identity_ik(ada), 32);
	assert_int_equal(g.issued, 0);
	kith_buf_clear(&out);
	assert_ok(kith_intro_sign(ada, &intro, &out));
	assert_ok(kith_intro_verify(kith_buf_span(&out), &i));
	assert_memory_equal(i.introducer, kith_identity_ik(ada), 32);
	assert_int_equal(i.issued, (INT64_C(1) << 53) - 1);
	kith_buf_clear(&out);
	intro.how = (enum kith_intro_how)4;
	assert_err(kith_intro_sign(ada, &intro, &out), VALUE);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

static void files(void **state)
{
	static uint8_t bytes[KITH_INTRODUCTION_FILE_MAX];
	struct kith_buf out = {0};
	struct kith_introfile f = {.kind = KITH_INTROFILE_FIRST - 1}, back;

	(void)state;
	assert_err(kith_introfile_sign(ada, &f, &out), VALUE);
	f.kind = KITH_INTROFILE_LAST + 1;
	assert_err(kith_introfile_sign(ada, &f, &out), VALUE);
	f.kind = KITH_INTROFILE_LAST;
	f.bytes = kith_span(bytes, KITH_PARCEL_MAX); /* every parcel fits */
	assert_ok(kith_introfile_sign(ada, &f, &out));
	assert_ok(kith_introfile_verify(kith_buf_span(&out), &back));
	assert_int_equal(back.bytes.n, KITH_PARCEL_MAX);
	assert_memory_equal(back.from, kith_identity_ik(ada), 32);
	/* the largest, and one byte more */
	size_t around = out.n - KITH_PARCEL_MAX;
	kith_buf_clear(&out);
	f.bytes.n = KITH_INTRODUCTION_FILE_MAX - around;
	assert_ok(kith_introfile_sign(ada, &f, &out));
	assert_int_equal(out.n, KITH_INTRODUCTION_FILE_MAX);
	kith_buf_clear(&out);
	f.bytes.n++;
	assert_err(kith_introfile_sign(ada, &f, &out), LIMIT);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

/* The salt hides who it is, and every part of it counts. */
static void aud(void **state)
{
	uint8_t id[16] = {1}, ik[32] = {2}, salt[32] = {3}, a[32], b[32];

	(void)state;
	kith_introduction_aud(id, ik, salt, a);
	kith_introduction_aud(id, ik, salt, b);
	assert_memory_equal(a, b, 32);
	for (int part = 0; part < 3; part++) {
		uint8_t *at = part == 0 ? id : part == 1 ? ik : salt;
		at[0] ^= 0x80;
		kith_introduction_aud(id, ik, salt, b);
		at[0] ^= 0x80;
		assert_memory_not_equal(a, b, 32);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(the_signer_is_the_subject),
		cmocka_unit_test(files),
		cmocka_unit_test(aud),
	};
	return cmocka_run_group_tests(tests, make, drop);
}
