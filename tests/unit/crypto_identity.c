/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <sodium.h>

#include "base/base32.h"
#include "crypto/seed.h"
#include "crypto/sign.h"

static const uint8_t seed[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static struct kith_identity *id;

static int make(void **state)
{
	(void)state;
	return kith_identity_from_seed(seed, &id) ? -1 : 0;
}

static int drop(void **state)
{
	(void)state;
	kith_identity_free(id);
	id = NULL;
	return 0;
}

static void starting_is_repeatable(void **state)
{
	(void)state;
	assert_int_equal(kith_crypto_start(), KITH_OK);
	assert_int_equal(kith_crypto_start(), KITH_OK);
}

/* Derived step by step from the page. */
static void keys_are_those_of_the_page(void **state)
{
	uint8_t sub[32], ik[32], secret[64], xk[32];

	(void)state;
	assert_int_equal(crypto_kdf_derive_from_key(sub, 32, 1, "kith-id1", seed), 0);
	assert_int_equal(crypto_sign_seed_keypair(ik, secret, sub), 0);
	assert_memory_equal(kith_identity_ik(id), ik, 32);
	assert_int_equal(crypto_kdf_derive_from_key(sub, 32, 2, "kith-id1", seed), 0);
	assert_int_equal(crypto_scalarmult_base(xk, sub), 0);
	assert_memory_equal(kith_identity_xk(id), xk, 32);
	assert_memory_equal(kith_identity_seed(id), seed, 32);
}

static void give_seed(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	assert_int_equal(n, sizeof seed);
	memcpy(p, seed, n);
}

static void a_new_one_takes_its_seed_from_outside(void **state)
{
	const struct kith_env env = {.random = give_seed};
	struct kith_identity *a = NULL, *b = NULL, *c = NULL;

	(void)state;
	assert_int_equal(kith_identity_new(&env, &a), KITH_OK);
	assert_memory_equal(kith_identity_ik(a), kith_identity_ik(id), 32);
	assert_int_equal(kith_identity_new(NULL, &b), KITH_OK);
	assert_int_equal(kith_identity_new(NULL, &c), KITH_OK);
	assert_memory_not_equal(kith_identity_ik(b), kith_identity_ik(c), 32);
	kith_identity_free(a);
	kith_identity_free(b);
	kith_identity_free(c);
	kith_identity_free(NULL);
}

static void a_signature_is_over_label_and_bytes(void **state)
{
	static const uint8_t signed_bytes[] = "kith/1 test\0hello";
	uint8_t sig[KITH_SIG_BYTES];

	(void)state;
	assert_int_equal(kith_sign(id, "kith/1 test", LITERAL("hello"), sig), KITH_OK);
	assert_int_equal(crypto_sign_verify_detached(
				 sig, signed_bytes, sizeof signed_bytes - 1, kith_identity_ik(id)),
		0);
	assert_int_equal(
		kith_sign_verify(kith_identity_ik(id), "kith/1 test", LITERAL("hello"), sig),
		KITH_OK);
	assert_int_equal(kith_sign(id, "kith/1 test", kith_span(NULL, 0), sig), KITH_OK);
	assert_int_equal(
		kith_sign_verify(kith_identity_ik(id), "kith/1 test", kith_span(NULL, 0), sig),
		KITH_OK);
}

static enum kith_err verify(
	const uint8_t *ik, const char *label, struct kith_span bytes, const uint8_t *sig)
{
	return kith_sign_verify(ik, label, bytes, sig);
}

static void anything_else_does_not_verify(void **state)
{
	uint8_t sig[KITH_SIG_BYTES], changed[KITH_SIG_BYTES], ik[32];
	const uint8_t *mine = kith_identity_ik(id);

	(void)state;
	assert_int_equal(kith_sign(id, "kith/1 test", LITERAL("hello"), sig), KITH_OK);
	assert_int_equal(verify(mine, "kith/1 tesT", LITERAL("hello"), sig), KITH_ERR_SIG);
	assert_int_equal(verify(mine, "kith/1 test", LITERAL("hellO"), sig), KITH_ERR_SIG);
	assert_int_equal(verify(mine, "kith/1 test", LITERAL("hell"), sig), KITH_ERR_SIG);
	/* the NUL keeps label and bytes apart */
	assert_int_equal(verify(mine, "kith/1 testh", LITERAL("ello"), sig), KITH_ERR_SIG);
	for (size_t bit = 0; bit < 8 * sizeof sig; bit++) {
		memcpy(changed, sig, sizeof sig);
		changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(
			verify(mine, "kith/1 test", LITERAL("hello"), changed), KITH_ERR_SIG);
	}
	for (size_t bit = 0; bit < 8 * sizeof ik; bit++) {
		memcpy(ik, mine, sizeof ik);
		ik[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(verify(ik, "kith/1 test", LITERAL("hello"), sig), KITH_ERR_SIG);
	}
}

/* With the neutral element as key and R, S = 0 would hold for every message. */
static void a_key_of_small_order_signs_nothing(void **state)
{
	uint8_t neutral[32] = {1};
	uint8_t sig[KITH_SIG_BYTES] = {1};

	(void)state;
	assert_int_equal(verify(neutral, "kith/1 test", LITERAL("hello"), sig), KITH_ERR_SIG);
	memset(neutral, 0, sizeof neutral);
	assert_int_equal(verify(neutral, "kith/1 test", LITERAL("hello"), sig), KITH_ERR_SIG);
}

/* S + L is the same number to a careless verifier. */
static void a_signature_has_one_form(void **state)
{
	static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
		0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0x10};
	uint8_t sig[KITH_SIG_BYTES];
	unsigned carry = 0;

	(void)state;
	assert_int_equal(kith_sign(id, "kith/1 test", LITERAL("hello"), sig), KITH_OK);
	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)sig[32 + i] + order[i];
		sig[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_int_equal(
		verify(kith_identity_ik(id), "kith/1 test", LITERAL("hello"), sig), KITH_ERR_SIG);
}

static void texts_of_a_key(void **state)
{
	char text[KITH_ID_CHARS + 1], uid[KITH_UID_CHARS + 1], print[KITH_FINGERPRINT_CHARS + 1];
	uint8_t back[32];

	(void)state;
	kith_id_text(kith_identity_ik(id), text);
	assert_int_equal(strlen(text), KITH_ID_CHARS);
	assert_true(kith_base32_read(back, 32, kith_span_str(text)));
	assert_memory_equal(back, kith_identity_ik(id), 32);

	kith_uid_text(kith_identity_ik(id), uid);
	assert_int_equal(strlen(uid), KITH_UID_CHARS);
	for (size_t i = 0; i < KITH_UID_CHARS; i++)
		assert_int_equal(uid[i] == '-', i == 8 || i == 13 || i == 18 || i == 23);
	assert_int_equal(uid[14], '8');
	assert_non_null(strchr("89ab", uid[19]));

	kith_fingerprint_text(kith_identity_ik(id), print);
	assert_int_equal(strlen(print), KITH_FINGERPRINT_CHARS);
	for (size_t i = 0; i < KITH_FINGERPRINT_CHARS; i++)
		assert_true(i % 6 == 5 ? print[i] == ' ' : print[i] >= '0' && print[i] <= '9');
	assert_memory_not_equal(print, print + 6, 5);
}

static void texts_of_another_key_differ(void **state)
{
	char a[64], b[64];
	uint8_t other[32];

	(void)state;
	memcpy(other, kith_identity_ik(id), 32);
	other[31] ^= 1;
	kith_id_text(kith_identity_ik(id), a);
	kith_id_text(other, b);
	assert_string_not_equal(a, b);
	kith_uid_text(kith_identity_ik(id), a);
	kith_uid_text(other, b);
	assert_string_not_equal(a, b);
	kith_fingerprint_text(kith_identity_ik(id), a);
	kith_fingerprint_text(other, b);
	assert_string_not_equal(a, b);
}

#define WITH_ID(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starting_is_repeatable),
		WITH_ID(keys_are_those_of_the_page),
		WITH_ID(a_new_one_takes_its_seed_from_outside),
		WITH_ID(a_signature_is_over_label_and_bytes),
		WITH_ID(anything_else_does_not_verify),
		WITH_ID(a_key_of_small_order_signs_nothing),
		WITH_ID(a_signature_has_one_form),
		WITH_ID(texts_of_a_key),
		WITH_ID(texts_of_another_key_differ),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
