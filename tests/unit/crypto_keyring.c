/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <sodium.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "crypto/exchange.h"
#include "crypto/keyfile.h"
#include "crypto/keyring.h"
#include "crypto/paper.h"
#include "crypto/seed.h"

static struct kith_identity *identity(uint8_t first)
{
	uint8_t seed[32] = {first, 9, 8, 7};
	struct kith_identity *id = NULL;

	assert_int_equal(kith_identity_from_seed(seed, &id), KITH_OK);
	return id;
}

static bool is_there(const char *name)
{
	struct stat st;

	return lstat(scratch_path(name), &st) == 0;
}

/* --- retired keys ----------------------------------------------------------------------------- */

/* n of them, made of their numbers. */
static void some(struct kith_retired *keys, uint8_t secrets[][32], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memset(secrets[i], (int)(i + 100), 32);
		memset(keys[i].ik, (int)(i + 1), 32);
		keys[i].xk_secret = secrets[i];
		keys[i].seq = i + 1;
	}
}

static void retired_keys_come_back(void **state)
{
	struct kith_retired keys[KITH_STATEMENTS_MAX + 1];
	uint8_t secrets[KITH_STATEMENTS_MAX + 1][32];
	struct kith_identity *id = identity(1), *other = identity(2);
	struct kith_retired_keys back = {0};
	struct kith_diag diag = {0};

	(void)state;
	some(keys, secrets, COUNT(keys));
	assert_int_equal(kith_retired_load(scratch, id, &back, &diag), KITH_OK);
	assert_int_equal(back.n, 0);
	assert_string_equal(diag.text, "");
	assert_int_equal(kith_retired_save(scratch, id, keys, KITH_STATEMENTS_MAX, &diag), KITH_OK);
	assert_int_equal(kith_retired_load(scratch, id, &back, &diag), KITH_OK);
	assert_int_equal(back.n, KITH_STATEMENTS_MAX);
	for (size_t i = 0; i < back.n; i++) {
		assert_int_equal(back.at[i].seq, i + 1);
		assert_memory_equal(back.at[i].ik, keys[i].ik, 32);
		assert_memory_equal(back.at[i].xk_secret, secrets[i], 32);
	}
	kith_retired_free(&back);
	/* they are of the identity that came after them, and of no other */
	assert_int_equal(kith_retired_load(scratch, other, &back, &diag), KITH_ERR_KEYFILE);
	assert_non_null(strstr(diag.text, "retired.key"));
	/* one past the limit, and none */
	assert_int_equal(kith_retired_save(scratch, id, keys, KITH_STATEMENTS_MAX + 1, NULL),
		KITH_ERR_LIMIT);
	assert_int_equal(kith_retired_save(scratch, id, NULL, 0, NULL), KITH_OK);
	assert_false(is_there("retired.key"));
	assert_int_equal(kith_retired_save(scratch, id, NULL, 0, NULL), KITH_OK);
	kith_identity_free(id);
	kith_identity_free(other);
}

static void a_damaged_retired_key_is_noticed(void **state)
{
	struct kith_retired key;
	uint8_t secret[1][32];
	struct kith_identity *id = identity(1);
	KITH_AUTO_BUF struct kith_buf bytes = {0};

	(void)state;
	some(&key, secret, 1);
	assert_int_equal(kith_retired_seal(NULL, id, &key, 1, &bytes), KITH_OK);
	for (size_t i = 0; i < bytes.n; i++) {
		struct kith_retired_keys back = {0};
		bytes.p[i] ^= 1;
		assert_int_equal(
			kith_retired_open(id, kith_buf_span(&bytes), &back), KITH_ERR_KEYFILE);
		bytes.p[i] ^= 1;
		assert_int_equal(
			kith_retired_open(id, kith_span(bytes.p, i), &back), KITH_ERR_KEYFILE);
	}
	scratch_file("retired.key", bytes.p, bytes.n, 0644);
	struct kith_retired_keys open = {0};
	assert_int_equal(kith_retired_load(scratch, id, &open, NULL), KITH_ERR_PERMISSION);
	kith_identity_free(id);
}

/* --- another passphrase, and the bytes that were there ------------------------------------------ */

static void a_replaced_key_file_is_overwritten(void **state)
{
	static const uint8_t zeros[KITH_KEYFILE_BYTES];
	struct kith_identity *id = identity(1), *back = NULL;
	uint8_t had[KITH_KEYFILE_BYTES];

	(void)state;
	assert_int_equal(kith_identity_save(id, scratch, NULL), KITH_OK);
	int fd = open(scratch_path("identity.key"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(kith_identity_replace(id, scratch, NULL, NULL, NULL), KITH_OK);
	assert_int_equal(pread(fd, had, sizeof had, 0), sizeof had);
	assert_memory_equal(had, zeros, sizeof had);
	assert_int_equal(close(fd), 0);
	assert_int_equal(kith_identity_load(scratch, &back, NULL), KITH_OK);
	assert_memory_equal(kith_identity_ik(back), kith_identity_ik(id), 32);
	kith_identity_free(back);
	/* who has linked it elsewhere has a copy that stays one */
	assert_int_equal(link(scratch_path("identity.key"), scratch_path("copy")), 0);
	fd = open(scratch_path("copy"), O_RDONLY);
	assert_int_equal(kith_identity_replace(id, scratch, NULL, NULL, NULL), KITH_OK);
	assert_int_equal(pread(fd, had, sizeof had, 0), sizeof had);
	assert_memory_equal(had, "KITHKEY1", 8);
	assert_int_equal(close(fd), 0);
	kith_identity_free(id);
}

/* --- a change of keys -------------------------------------------------------------------------- */

static void stage(const struct kith_identity *new, bool ready)
{
	uint8_t bytes[KITH_KEYFILE_BYTES];

	assert_int_equal(kith_next_begin(scratch, NULL), KITH_OK);
	assert_true(kith_next_is_begun(scratch));
	assert_int_equal(kith_keyfile_make(new, NULL, NULL, bytes, NULL), KITH_OK);
	assert_int_equal(
		kith_next_put(scratch, "identity.key", kith_span(bytes, sizeof bytes), NULL),
		KITH_OK);
	assert_int_equal(kith_next_put(scratch, "retired.key", LITERAL("old"), NULL), KITH_OK);
	if (ready)
		assert_int_equal(kith_next_ready(scratch, kith_identity_ik(new), NULL), KITH_OK);
}

static void has_key_of(const struct kith_identity *id)
{
	struct kith_identity *now = NULL;

	assert_int_equal(kith_identity_load(scratch, &now, NULL), KITH_OK);
	assert_memory_equal(kith_identity_ik(now), kith_identity_ik(id), 32);
	kith_identity_free(now);
}

static void a_change_happens_where_the_store_says_so(void **state)
{
	struct kith_identity *old = identity(1), *new = identity(2);

	(void)state;
	assert_int_equal(kith_identity_save(old, scratch, NULL), KITH_OK);
	stage(new, true);
	assert_int_equal(kith_next_settle(scratch, kith_identity_ik(new), NULL), KITH_OK);
	has_key_of(new);
	assert_true(is_there("retired.key"));
	assert_false(kith_next_is_begun(scratch));
	assert_int_equal(kith_next_settle(scratch, kith_identity_ik(new), NULL), KITH_OK);
	has_key_of(new);
	kith_identity_free(old);
	kith_identity_free(new);
}

static void a_change_that_did_not_happen_leaves_nothing(void **state)
{
	struct kith_identity *old = identity(1), *new = identity(2);

	(void)state;
	assert_int_equal(kith_identity_save(old, scratch, NULL), KITH_OK);
	for (int ready = 0; ready < 2; ready++) {
		stage(new, ready);
		assert_int_equal(kith_next_settle(scratch, kith_identity_ik(old), NULL), KITH_OK);
		has_key_of(old);
		assert_int_equal(scratch_entries(), 1);
	}
	/* not ready, and yet the store has the key: that is none of this change */
	stage(new, false);
	assert_int_equal(kith_next_settle(scratch, kith_identity_ik(new), NULL), KITH_OK);
	has_key_of(old);
	assert_int_equal(scratch_entries(), 1);
	kith_identity_free(old);
	kith_identity_free(new);
}

/* Some files have moved already, as after a crash. */
static void a_change_goes_on_where_it_stopped(void **state)
{
	struct kith_identity *old = identity(1), *new = identity(2);

	(void)state;
	assert_int_equal(kith_identity_save(old, scratch, NULL), KITH_OK);
	stage(new, true);
	assert_int_equal(
		rename(scratch_path("next/identity.key"), scratch_path("identity.key")), 0);
	assert_int_equal(kith_next_settle(scratch, kith_identity_ik(new), NULL), KITH_OK);
	has_key_of(new);
	assert_true(is_there("retired.key"));
	assert_false(kith_next_is_begun(scratch));
	/* and a beginning that was cut short makes room for another */
	stage(old, false);
	stage(old, true);
	assert_int_equal(kith_next_settle(scratch, kith_identity_ik(old), NULL), KITH_OK);
	has_key_of(old);
	kith_identity_free(old);
	kith_identity_free(new);
}

/* --- on paper, and which machine ---------------------------------------------------------------- */

static void paper_names_the_line(void **state)
{
	struct kith_identity *id = identity(1), *back = NULL;
	char text[KITH_PAPER_CHARS + 1];
	struct kith_diag diag;

	(void)state;
	kith_paper_write(id, text);
	assert_int_equal(strlen(text), KITH_PAPER_CHARS);
	assert_int_equal(kith_paper_read(kith_span_str(text), &back, NULL), KITH_OK);
	assert_memory_equal(kith_identity_seed(back), kith_identity_seed(id), 32);
	kith_identity_free(back);
	for (int line = 0; line < KITH_PAPER_LINES; line++) {
		char want[16];
		char *c = &text[line * 20 + 2];
		char had = *c;
		*c = had == 'Q' ? 'R' : 'Q';
		diag.text[0] = 0;
		assert_int_equal(
			kith_paper_read(kith_span_str(text), &back, &diag), KITH_ERR_KEYFILE);
		(void)snprintf(want, sizeof want, "line %d ", line + 1);
		assert_non_null(strstr(diag.text, want));
		*c = had;
	}
	kith_identity_free(id);
}

/* What stands below the fourth line is no part of it; what stands behind it is. */
static void paper_ends_with_its_fourth_line(void **state)
{
	struct kith_identity *id = identity(1), *back = NULL;
	char text[KITH_PAPER_CHARS + 16];

	(void)state;
	kith_paper_write(id, text);
	memcpy(text + KITH_PAPER_CHARS, "Whoever; AAAA\n", 15);
	assert_int_equal(kith_paper_read(kith_span_str(text), &back, NULL), KITH_OK);
	assert_memory_equal(kith_identity_seed(back), kith_identity_seed(id), 32);
	text[KITH_PAPER_CHARS - 1] = ' ';
	memcpy(text + KITH_PAPER_CHARS, "A\n", 3);
	struct kith_identity *none = NULL;
	assert_int_equal(kith_paper_read(kith_span_str(text), &none, NULL), KITH_ERR_KEYFILE);
	assert_null(none);
	kith_identity_free(back);
	kith_identity_free(id);
}

static void a_machine_has_a_mark(void **state)
{
	/* BLAKE2b of "kith/1 device" and the text, by tests/python/kithref/backup.py */
	static const uint8_t want[KITH_DEVICE_BYTES] = {0xf3, 0xf2, 0x9f, 0x08, 0xd0, 0x8e, 0xe5,
		0x76, 0x3b, 0x40, 0xec, 0x40, 0xed, 0x2c, 0x2c, 0x51};
	uint8_t mark[KITH_DEVICE_BYTES] = {0}, other[KITH_DEVICE_BYTES];

	(void)state;
	const char *path =
		scratch_file("machine-id", "0123456789abcdef0123456789abcdef\n", 33, 0444);
	assert_true(kith_device_mark(path, mark));
	assert_memory_equal(mark, want, sizeof want);
	path = scratch_file("other", "0123456789abcdef0123456789abcdee", 32, 0444);
	assert_true(kith_device_mark(path, other));
	assert_memory_not_equal(mark, other, sizeof mark);
	/* none, or one that is none yet */
	assert_false(kith_device_mark(scratch_path("missing"), other));
	assert_false(kith_device_mark(scratch_file("early", "uninitialized\n", 14, 0444), other));
	assert_false(kith_device_mark(scratch_file("empty", "", 0, 0444), other));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(retired_keys_come_back),
		TEST(a_damaged_retired_key_is_noticed),
		TEST(a_replaced_key_file_is_overwritten),
		TEST(a_change_happens_where_the_store_says_so),
		TEST(a_change_that_did_not_happen_leaves_nothing),
		TEST(a_change_goes_on_where_it_stopped),
		TEST(paper_names_the_line),
		TEST(paper_ends_with_its_fourth_line),
		TEST(a_machine_has_a_mark),
	};

	if (kith_crypto_start())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
