/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/keyfile.h"
#include "crypto/seed.h"

/* Places in the file, proto/card.md "Key file". */
enum { KDF = 8, OPS = 9, MEM = 13, SALT = 17, NONCE = 33, BOX = 57 };

static const uint8_t seed[32] = {42, 1, 2, 3};
static uint8_t bytes[KITH_KEYFILE_BYTES];

static int seal(void **state)
{
	(void)state;
	kith_keyfile_seal(NULL, seed, bytes);
	return 0;
}

static enum kith_err open_it(void)
{
	uint8_t out[32], untouched[32];

	memset(untouched, 0x5a, sizeof untouched);
	memcpy(out, untouched, sizeof out);
	enum kith_err err = kith_keyfile_open(kith_span(bytes, sizeof bytes), out);
	assert_memory_equal(out, err ? untouched : seed, sizeof out);
	return err;
}

static void put32(size_t at, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		bytes[at + i] = (uint8_t)(v >> (24 - 8 * i));
}

/* --- the bytes -------------------------------------------------------------------------------- */

static void a_seed_comes_back(void **state)
{
	uint8_t again[KITH_KEYFILE_BYTES];

	(void)state;
	assert_memory_equal(bytes, "KITHKEY1", 8);
	assert_int_equal(open_it(), KITH_OK);
	kith_keyfile_seal(NULL, seed, again);
	assert_memory_not_equal(bytes + NONCE, again + NONCE, BOX - NONCE);
	assert_true(sodium_is_zero(bytes + KDF, NONCE - KDF));
}

static void every_other_size_is_damaged(void **state)
{
	uint8_t longer[KITH_KEYFILE_BYTES + 1] = {0};
	uint8_t out[32];

	(void)state;
	memcpy(longer, bytes, sizeof bytes);
	for (size_t n = 0; n <= sizeof longer; n++)
		if (n != sizeof bytes)
			assert_int_equal(
				kith_keyfile_open(kith_span(longer, n), out), KITH_ERR_KEYFILE);
}

static void every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		enum kith_err err = open_it();
		/* an unknown kdf may be one of a newer kith */
		assert_int_equal(err,
			bit / 8 == KDF && bytes[KDF] > 1 ? KITH_ERR_VERSION : KITH_ERR_KEYFILE);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(open_it(), KITH_OK);
}

static void a_passphrase_is_asked_for(void **state)
{
	(void)state;
	bytes[KDF] = 1;
	put32(OPS, 1);
	put32(MEM, 8);
	assert_int_equal(open_it(), KITH_ERR_PASSPHRASE);
}

static void hostile_parameters_are_at_their_limit_or_past_it(void **state)
{
	(void)state;
	bytes[KDF] = 1;
	put32(OPS, KITH_KEYFILE_OPS_MAX);
	put32(MEM, KITH_KEYFILE_MEM_KIB_MAX);
	assert_int_equal(open_it(), KITH_ERR_PASSPHRASE);
	put32(OPS, KITH_KEYFILE_OPS_MAX + 1);
	assert_int_equal(open_it(), KITH_ERR_KEYFILE);
	put32(OPS, UINT32_MAX);
	assert_int_equal(open_it(), KITH_ERR_KEYFILE);
	put32(OPS, 0);
	assert_int_equal(open_it(), KITH_ERR_KEYFILE);
	put32(OPS, 1);
	put32(MEM, KITH_KEYFILE_MEM_KIB_MAX + 1);
	assert_int_equal(open_it(), KITH_ERR_KEYFILE);
	put32(MEM, UINT32_MAX);
	assert_int_equal(open_it(), KITH_ERR_KEYFILE);
	put32(MEM, 7); /* less than Argon2id works with */
	assert_int_equal(open_it(), KITH_ERR_KEYFILE);
}

/* Seals with other flags and header, as a newer kith might. */
static void seal_as(uint32_t flags, const uint8_t *header)
{
	const struct kith_span parts[] = {{NULL, 0}, {header, NONCE}};
	uint8_t inside[36] = {0}, key[32];

	memcpy(bytes, header, NONCE);
	memcpy(inside, seed, 32);
	for (size_t i = 0; i < 4; i++)
		inside[32 + i] = (uint8_t)(flags >> (24 - 8 * i));
	kith_hash(key, "kith/1 keyfile", parts, 2);
	(void)crypto_secretbox_easy(bytes + BOX, inside, sizeof inside, bytes + NONCE, key);
}

static void unknown_flags_need_a_newer_kith(void **state)
{
	uint8_t header[NONCE];

	(void)state;
	memcpy(header, bytes, sizeof header);
	seal_as(0, header);
	assert_int_equal(open_it(), KITH_OK);
	for (int bit = 0; bit < 32; bit++) {
		seal_as(UINT32_C(1) << bit, header);
		assert_int_equal(open_it(), KITH_ERR_VERSION);
	}
}

/* The box opens, but the page wants zeros there. */
static void parameters_of_nothing_are_zero(void **state)
{
	uint8_t header[NONCE];

	(void)state;
	for (size_t at = OPS; at < NONCE; at++) {
		memset(header, 0, sizeof header);
		memcpy(header, "KITHKEY1", 8);
		header[at] = 1;
		seal_as(0, header);
		assert_int_equal(open_it(), KITH_ERR_KEYFILE);
	}
}

/* --- the file --------------------------------------------------------------------------------- */

static enum kith_err load(const char *home)
{
	struct kith_identity *id = NULL;
	struct kith_diag diag = {0};
	enum kith_err err = kith_identity_load(home, &id, &diag);

	if (err) {
		assert_true(diag.text[0]);
		assert_null(id);
	} else {
		assert_memory_equal(kith_identity_seed(id), seed, 32);
		kith_identity_free(id);
	}
	return err;
}

static void save(void)
{
	struct kith_identity *id = NULL;
	struct kith_diag diag = {0};

	assert_int_equal(kith_identity_from_seed(seed, &id), KITH_OK);
	assert_int_equal(kith_identity_save(id, scratch, &diag), KITH_OK);
	kith_identity_free(id);
}

static void what_was_saved_is_loaded(void **state)
{
	struct stat st;
	mode_t had = umask(0);

	(void)state;
	save();
	(void)umask(had);
	assert_int_equal(stat(scratch_path("identity.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, KITH_KEYFILE_BYTES);
	assert_int_equal(load(scratch), KITH_OK);
	assert_int_equal(scratch_entries(), 1);
}

static void an_identity_is_never_overwritten(void **state)
{
	struct kith_identity *other = NULL;
	struct kith_diag diag = {0};

	(void)state;
	save();
	assert_int_equal(kith_identity_new(NULL, &other), KITH_OK);
	assert_int_equal(kith_identity_save(other, scratch, &diag), KITH_ERR_EXISTS);
	kith_identity_free(other);
	assert_int_equal(load(scratch), KITH_OK);
	assert_int_equal(scratch_entries(), 1);
}

static void nothing_there_is_no_identity(void **state)
{
	(void)state;
	assert_int_equal(load(scratch), KITH_ERR_NOIDENTITY);
	assert_int_equal(load(scratch_path("none")), KITH_ERR_NOIDENTITY);
}

static void a_file_open_to_others_is_refused(void **state)
{
	(void)state;
	save();
	for (mode_t bit = 1; bit <= 040; bit <<= 1) {
		assert_int_equal(chmod(scratch_path("identity.key"), 0600 | bit), 0);
		assert_int_equal(load(scratch), KITH_ERR_PERMISSION);
	}
	assert_int_equal(chmod(scratch_path("identity.key"), 0400), 0);
	assert_int_equal(load(scratch), KITH_OK);
}

static void a_home_open_to_others_is_refused(void **state)
{
	(void)state;
	save();
	assert_int_equal(chmod(scratch, 0750), 0);
	assert_int_equal(load(scratch), KITH_ERR_PERMISSION);
	assert_int_equal(chmod(scratch, 0700), 0);
	assert_int_equal(load(scratch), KITH_OK);
}

static void a_link_is_refused(void **state)
{
	(void)state;
	save();
	assert_int_equal(rename(scratch_path("identity.key"), scratch_path("real")), 0);
	assert_int_equal(symlink("real", scratch_path("identity.key")), 0);
	assert_int_equal(load(scratch), KITH_ERR_PERMISSION);
}

static void a_file_of_another_user_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root can give a file to another user\n");
		skip();
	}
	save();
	assert_int_equal(chown(scratch_path("identity.key"), 12345, 12345), 0);
	assert_int_equal(load(scratch), KITH_ERR_PERMISSION);
}

static void a_damaged_file_is_told(void **state)
{
	uint8_t longer[KITH_KEYFILE_BYTES + 1] = {0};

	(void)state;
	memcpy(longer, bytes, sizeof bytes);
	(void)scratch_file("identity.key", bytes, 0, 0600);
	assert_int_equal(load(scratch), KITH_ERR_KEYFILE);
	(void)scratch_file("identity.key", bytes, sizeof bytes - 1, 0600);
	assert_int_equal(load(scratch), KITH_ERR_KEYFILE);
	(void)scratch_file("identity.key", longer, sizeof longer, 0600);
	assert_int_equal(load(scratch), KITH_ERR_KEYFILE);
	(void)scratch_file("identity.key", bytes, sizeof bytes, 0600);
	assert_int_equal(load(scratch), KITH_OK);
	bytes[BOX] ^= 1;
	(void)scratch_file("identity.key", bytes, sizeof bytes, 0600);
	assert_int_equal(load(scratch), KITH_ERR_KEYFILE);
	bytes[KDF] = 1;
	put32(OPS, 3);
	put32(MEM, 65536);
	(void)scratch_file("identity.key", bytes, sizeof bytes, 0600);
	assert_int_equal(load(scratch), KITH_ERR_PASSPHRASE);
	bytes[KDF] = 2;
	(void)scratch_file("identity.key", bytes, sizeof bytes, 0600);
	assert_int_equal(load(scratch), KITH_ERR_VERSION);
}

static int seal_and_make(void **state)
{
	return seal(state) || scratch_make(state);
}

#define SEALED(test)  cmocka_unit_test_setup(test, seal)
#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, seal_and_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEALED(a_seed_comes_back),
		SEALED(every_other_size_is_damaged),
		SEALED(every_flipped_bit_is_noticed),
		SEALED(a_passphrase_is_asked_for),
		SEALED(hostile_parameters_are_at_their_limit_or_past_it),
		SEALED(unknown_flags_need_a_newer_kith),
		SEALED(parameters_of_nothing_are_zero),
		IN_HOME(what_was_saved_is_loaded),
		IN_HOME(an_identity_is_never_overwritten),
		IN_HOME(nothing_there_is_no_identity),
		IN_HOME(a_file_open_to_others_is_refused),
		IN_HOME(a_home_open_to_others_is_refused),
		IN_HOME(a_link_is_refused),
		IN_HOME(a_file_of_another_user_is_refused),
		IN_HOME(a_damaged_file_is_told),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
