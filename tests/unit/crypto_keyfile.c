/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <sodium.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "crypto/keyfile.h"
#include "crypto/passphrase.h"
#include "crypto/seed.h"

/* The linker sends every call of Argon2id here (--wrap). */
int __real_crypto_pwhash(unsigned char *out, unsigned long long n, const char *word,
	unsigned long long word_n, const unsigned char *salt, unsigned long long ops, size_t mem,
	int alg);
int __wrap_crypto_pwhash(unsigned char *out, unsigned long long n, const char *word,
	unsigned long long word_n, const unsigned char *salt, unsigned long long ops, size_t mem,
	int alg);

static unsigned stretched;          /* how often it was called */
static size_t memory = SIZE_MAX;    /* what there is of it */
static unsigned long long last_ops; /* of the last call */
static size_t last_mem;

int __wrap_crypto_pwhash(unsigned char *out, unsigned long long n, const char *word,
	unsigned long long word_n, const unsigned char *salt, unsigned long long ops, size_t mem,
	int alg)
{
	stretched++;
	last_ops = ops;
	last_mem = mem;
	if (mem > memory)
		return -1;
	return __real_crypto_pwhash(out, n, word, word_n, salt, ops, mem, alg);
}

static const struct kith_keyfile_cost quick = {1, 8};

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

/* --- with a passphrase ------------------------------------------------------------------------ */

static struct kith_passphrase *word(const char *text)
{
	struct kith_passphrase *p = NULL;
	struct kith_diag diag = {0};

	assert_int_equal(kith_passphrase_new(kith_span_str(text), &p, &diag), KITH_OK);
	return p;
}

static enum kith_err unlock(const char *text)
{
	uint8_t out[32] = {0};
	struct kith_passphrase *p = word(text);
	enum kith_err err = kith_keyfile_unlock(kith_span(bytes, sizeof bytes), p, out);

	kith_passphrase_free(p);
	if (!err)
		assert_memory_equal(out, seed, sizeof out);
	else
		assert_true(sodium_is_zero(out, sizeof out));
	return err;
}

static enum kith_err protect(const char *text, const struct kith_keyfile_cost *cost)
{
	struct kith_passphrase *p = word(text);
	enum kith_err err = kith_keyfile_protect(NULL, seed, p, cost, bytes);

	kith_passphrase_free(p);
	return err;
}

static uint32_t get32(size_t at)
{
	return (uint32_t)bytes[at] << 24 | (uint32_t)bytes[at + 1] << 16 |
	       (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
}

static void a_protected_seed_comes_back_with_its_passphrase(void **state)
{
	uint8_t before[KITH_KEYFILE_BYTES];

	(void)state;
	assert_int_equal(protect("correct horse", &quick), KITH_OK);
	assert_memory_equal(bytes, "KITHKEY1\1", 9);
	assert_int_equal(get32(OPS), 1);
	assert_int_equal(get32(MEM), 8);
	assert_int_equal(unlock("correct horse"), KITH_OK);
	assert_int_equal(open_it(), KITH_ERR_PASSPHRASE);
	memcpy(before, bytes, sizeof before);
	assert_int_equal(protect("correct horse", &quick), KITH_OK);
	assert_memory_not_equal(bytes + SALT, before + SALT, NONCE - SALT);
	assert_memory_not_equal(bytes + NONCE, before + NONCE, BOX - NONCE);
	assert_memory_not_equal(bytes + BOX, before + BOX, sizeof bytes - BOX);
}

/* case 39, T22: one answer, after the same work, as often as one likes. */
static void a_wrong_passphrase_is_one_answer_and_locks_nothing(void **state)
{
	static const char *const wrong[] = {
		"", "correct hors", "Correct horse", "correct horse ", "x", "correct horsf"};

	(void)state;
	assert_int_equal(protect("correct horse", &quick), KITH_OK);
	for (unsigned i = 0; i < 1000; i++) {
		stretched = 0;
		assert_int_equal(unlock(wrong[i % COUNT(wrong)]), KITH_ERR_PASSPHRASE);
		assert_int_equal(stretched, 1);
		assert_int_equal(last_ops, 1);
		assert_int_equal(last_mem, 8 * 1024);
	}
	stretched = 0;
	assert_int_equal(unlock("correct horse"), KITH_OK);
	assert_int_equal(stretched, 1);
}

static void every_flipped_bit_of_a_protected_file_is_noticed(void **state)
{
	(void)state;
	assert_int_equal(protect("p", &quick), KITH_OK);
	for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
		if (bit / 8 >= OPS && bit / 8 < SALT)
			continue; /* they cost more than a test may; see below */
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		enum kith_err want = bit / 8 < KDF    ? KITH_ERR_KEYFILE
				     : bit / 8 == KDF ? KITH_ERR_VERSION
						      : KITH_ERR_PASSPHRASE;
		if (bit / 8 == KDF && bytes[KDF] == 0)
			want = KITH_ERR_KEYFILE;
		assert_int_equal(unlock("p"), want);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	put32(OPS, 2);
	assert_int_equal(unlock("p"), KITH_ERR_PASSPHRASE);
	put32(OPS, 1);
	put32(MEM, 16);
	assert_int_equal(unlock("p"), KITH_ERR_PASSPHRASE);
	put32(MEM, 8);
	assert_int_equal(unlock("p"), KITH_OK);
}

/* case 39: 4 GiB, 2^31 passes, one past each limit: refused before anything is computed. */
static void hostile_parameters_cost_nothing(void **state)
{
	static const struct {
		uint32_t ops, mem_kib;
	} hostile[] = {{1, 4194304}, {UINT32_C(1) << 31, 8}, {UINT32_MAX, UINT32_MAX},
		{KITH_KEYFILE_OPS_MAX + 1, 8}, {1, KITH_KEYFILE_MEM_KIB_MAX + 1}, {0, 8}, {1, 7}};

	(void)state;
	assert_int_equal(protect("p", &quick), KITH_OK);
	stretched = 0;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		put32(OPS, hostile[i].ops);
		put32(MEM, hostile[i].mem_kib);
		assert_int_equal(unlock("p"), KITH_ERR_KEYFILE);
	}
	assert_int_equal(stretched, 0);
	/* at the limit it is for Argon2id to say, which here has no memory */
	put32(OPS, KITH_KEYFILE_OPS_MAX);
	put32(MEM, KITH_KEYFILE_MEM_KIB_MAX);
	memory = 1024;
	assert_int_equal(unlock("p"), KITH_ERR_NOMEM);
	memory = SIZE_MAX;
	assert_int_equal(stretched, 1);
	assert_int_equal(last_ops, KITH_KEYFILE_OPS_MAX);
	assert_int_equal(last_mem, (size_t)KITH_KEYFILE_MEM_KIB_MAX * 1024);
}

static void a_cost_that_no_reader_agrees_to_is_not_written(void **state)
{
	static const struct kith_keyfile_cost wrong[] = {
		{0, 8}, {1, 7}, {KITH_KEYFILE_OPS_MAX + 1, 8}, {1, KITH_KEYFILE_MEM_KIB_MAX + 1}};

	(void)state;
	stretched = 0;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(protect("p", &wrong[i]), KITH_ERR_LIMIT);
	assert_int_equal(stretched, 0);
	assert_int_equal(
		protect("p", &(struct kith_keyfile_cost){KITH_KEYFILE_OPS_MAX, 8}), KITH_OK);
	assert_int_equal(unlock("p"), KITH_OK);
}

/* What is not said is moderate, and interactive where the memory is not to be had. */
static void the_default_cost_is_what_the_page_says(void **state)
{
	(void)state;
	memory = (size_t)64 * 1024 * 1024 - 1;
	assert_int_equal(protect("p", NULL), KITH_ERR_NOMEM);
	memory++;
	stretched = 0;
	assert_int_equal(protect("p", NULL), KITH_OK);
	assert_int_equal(stretched, 2);
	assert_int_equal(get32(OPS), 2);
	assert_int_equal(get32(MEM), 65536);
	assert_int_equal(unlock("p"), KITH_OK);
	memory = SIZE_MAX;
	assert_int_equal(protect("p", NULL), KITH_OK);
	assert_int_equal(get32(OPS), 3);
	assert_int_equal(get32(MEM), 262144);
	/* and a cost that was asked for is kept to */
	memory = 1024;
	assert_int_equal(protect("p", &quick), KITH_ERR_NOMEM);
	memory = SIZE_MAX;
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

static void save_protected(const char *text)
{
	struct kith_identity *id = NULL;
	struct kith_diag diag = {0};
	struct kith_passphrase *p = word(text);

	assert_int_equal(kith_identity_from_seed(seed, &id), KITH_OK);
	assert_int_equal(kith_identity_save_protected(id, scratch, p, &quick, &diag), KITH_OK);
	kith_passphrase_free(p);
	kith_identity_free(id);
}

static enum kith_err load_with(const char *text)
{
	struct kith_identity *id = NULL;
	struct kith_diag diag = {0};
	struct kith_passphrase *p = word(text);
	enum kith_err err = kith_identity_load_protected(scratch, p, &id, &diag);

	assert_true(!err || diag.text[0]);
	if (!err)
		assert_memory_equal(kith_identity_seed(id), seed, 32);
	kith_passphrase_free(p);
	kith_identity_free(id);
	return err;
}

static bool is_protected(void)
{
	struct kith_diag diag = {0};
	bool is = false;

	assert_int_equal(kith_identity_is_protected(scratch, &is, &diag), KITH_OK);
	return is;
}

/* T22: the file does not hold the seed, which the other kind of file does not either. */
static void a_protected_identity_is_loaded_with_its_passphrase(void **state)
{
	struct stat st;
	struct kith_buf file = {0};

	(void)state;
	save_protected("correct horse");
	assert_true(is_protected());
	assert_int_equal(stat(scratch_path("identity.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(load_with("correct horse"), KITH_OK);
	assert_int_equal(load_with("correct hors"), KITH_ERR_PASSPHRASE);
	stretched = 0;
	assert_int_equal(load(scratch), KITH_ERR_PASSPHRASE);
	assert_int_equal(stretched, 0);
	assert_int_equal(kith_file_read(scratch_path("identity.key"), 200, &file, NULL), KITH_OK);
	assert_null(memmem(file.p, file.n, seed, sizeof seed));
	assert_null(memmem(file.p, file.n, "correct horse", 13));
	kith_buf_free(&file);
	assert_int_equal(unlink(scratch_path("identity.key")), 0);
	save();
	assert_false(is_protected());
	assert_int_equal(load_with("correct horse"), KITH_OK); /* not needed, not looked at */
}

static void whether_it_is_protected_is_told_of_sound_files_only(void **state)
{
	struct kith_diag diag = {0};
	bool is = false;

	(void)state;
	assert_int_equal(kith_identity_is_protected(scratch, &is, &diag), KITH_ERR_NOIDENTITY);
	bytes[KDF] = 1; /* with parameters of nothing */
	(void)scratch_file("identity.key", bytes, sizeof bytes, 0600);
	assert_int_equal(kith_identity_is_protected(scratch, &is, &diag), KITH_ERR_KEYFILE);
	assert_int_equal(chmod(scratch_path("identity.key"), 0640), 0);
	assert_int_equal(kith_identity_is_protected(scratch, &is, &diag), KITH_ERR_PERMISSION);
	assert_false(is);
}

/* case 82: what is no file of mine is no key, and nobody waits for a FIFO. */
static void a_fifo_or_folder_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(scratch_path("identity.key"), 0600), 0);
	assert_int_equal(load(scratch), KITH_ERR_PERMISSION);
	assert_int_equal(unlink(scratch_path("identity.key")), 0);
	assert_int_equal(mkdir(scratch_path("identity.key"), 0700), 0);
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
		SEALED(a_protected_seed_comes_back_with_its_passphrase),
		SEALED(a_wrong_passphrase_is_one_answer_and_locks_nothing),
		SEALED(every_flipped_bit_of_a_protected_file_is_noticed),
		SEALED(hostile_parameters_cost_nothing),
		SEALED(a_cost_that_no_reader_agrees_to_is_not_written),
		SEALED(the_default_cost_is_what_the_page_says),
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
		IN_HOME(a_protected_identity_is_loaded_with_its_passphrase),
		IN_HOME(whether_it_is_protected_is_told_of_sound_files_only),
		IN_HOME(a_fifo_or_folder_is_refused),
		IN_HOME(a_damaged_file_is_told),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
