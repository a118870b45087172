/* SPDX-License-Identifier: MIT
 *
 * keyfile - any bytes as identity.key.  Argon2id is replaced by a hash that looks at what it is asked
 * for, so that no file makes it do more than a reader agrees to.  case 39; T22.
 */
#include <sodium.h>

#include "crypto/keyfile.h"
#include "fuzz/fuzz.h"

static unsigned stretched;

/* Takes the place of libsodium's: any passphrase gives a key at once. */
int crypto_pwhash(unsigned char *const out, unsigned long long n, const char *const passphrase,
	unsigned long long passphrase_n, const unsigned char *const salt,
	unsigned long long opslimit, size_t memlimit, int alg)
{
	must(opslimit >= 1 && opslimit <= KITH_KEYFILE_OPS_MAX);
	must(memlimit >= 8192 && memlimit <= (size_t)KITH_KEYFILE_MEM_KIB_MAX * 1024);
	must(alg == crypto_pwhash_ALG_ARGON2ID13 && n >= 16 && n <= 64);
	must(passphrase_n <= 4096);
	(void)crypto_generichash(out, n, (const unsigned char *)passphrase, passphrase_n, salt, 16);
	stretched++;
	return 0;
}

static uint32_t u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* What may not open, whatever is typed (proto/card.md, "Key file"). */
static bool is_refused(struct kith_span file)
{
	if (file.n != KITH_KEYFILE_BYTES || memcmp(file.p, "KITHKEY1", 8) != 0 || file.p[8] > 1)
		return true;
	if (file.p[8] == 0)
		return !sodium_is_zero(file.p + 9, 24);
	return u32(file.p + 9) == 0 || u32(file.p + 9) > KITH_KEYFILE_OPS_MAX ||
	       u32(file.p + 13) < 8 || u32(file.p + 13) > KITH_KEYFILE_MEM_KIB_MAX;
}

/* The same seed, sealed by this kith, opens again. */
static void seals_and_opens(const uint8_t seed[static KITH_KEY_BYTES])
{
	uint8_t file[KITH_KEYFILE_BYTES], back[KITH_KEY_BYTES];

	kith_keyfile_seal(NULL, seed, file);
	must(kith_keyfile_open(kith_span(file, sizeof file), back) == KITH_OK);
	must(memcmp(seed, back, sizeof back) == 0);
}

static void opens(struct kith_span file, const struct kith_passphrase *passphrase)
{
	uint8_t seed[KITH_KEY_BYTES];

	memset(seed, 0xa5, sizeof seed);
	stretched = 0;
	enum kith_err err = kith_keyfile_unlock(file, passphrase, seed);
	must(err == KITH_OK || err == KITH_ERR_KEYFILE || err == KITH_ERR_PASSPHRASE ||
		err == KITH_ERR_VERSION);
	must(!is_refused(file) || (err != KITH_OK && stretched == 0));
	must(stretched <= 1 && (passphrase || stretched == 0));
	if (err == KITH_OK)
		seals_and_opens(seed);
	for (size_t i = 0; err && i < sizeof seed; i++)
		must(seed[i] == 0xa5); /* written on success only */
}

static bool is_same_key(const uint8_t *file, const struct kith_passphrase *passphrase)
{
	uint8_t back[KITH_KEY_BYTES], seed[KITH_KEY_BYTES] = {7};

	return kith_keyfile_unlock(kith_span(file, KITH_KEYFILE_BYTES), passphrase, back) ==
		       KITH_OK &&
	       memcmp(back, seed, sizeof back) == 0;
}

/* Any cost, if a reader agrees to it; and nobody but this passphrase opens it. */
static void protects(struct fuzz_in *in, const struct kith_passphrase *passphrase)
{
	uint8_t file[KITH_KEYFILE_BYTES], seed[KITH_KEY_BYTES] = {7};
	struct kith_passphrase *other = NULL;
	struct kith_keyfile_cost cost;

	cost.ops = (uint32_t)fuzz_number(in, fuzz_byte(in) % 5);
	cost.mem_kib = (uint32_t)fuzz_number(in, 4);
	enum kith_err err = kith_keyfile_protect(NULL, seed, passphrase, &cost, file);
	bool agreed = cost.ops >= 1 && cost.ops <= KITH_KEYFILE_OPS_MAX && cost.mem_kib >= 8 &&
		      cost.mem_kib <= KITH_KEYFILE_MEM_KIB_MAX;
	must(err == (agreed ? KITH_OK : KITH_ERR_LIMIT));
	if (err)
		return;
	must(kith_passphrase_new(kith_span_str("\xe2\x98\x83 other"), &other, NULL) == KITH_OK);
	must(is_same_key(file, passphrase));
	must(!is_same_key(file, other) || kith_passphrase_same(passphrase, other));
	must(!is_same_key(file, NULL));
	kith_passphrase_free(other);
}

/* A passphrase (its length first; 0: none is at hand), then the file; or, with the top bit, a cost. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	struct kith_passphrase *passphrase = NULL;

	fuzz_start();
	uint8_t length = fuzz_byte(&in);
	struct kith_span text = fuzz_take(&in, length & 0x7f);
	if (length > 0) {
		enum kith_err err = kith_passphrase_new(text, &passphrase, NULL);
		must(err == KITH_OK || (err == KITH_ERR_UTF8 && !passphrase));
		if (err)
			return 0;
	}
	if (length & 0x80)
		protects(&in, passphrase);
	else
		opens(fuzz_take(&in, in.n), passphrase);
	kith_passphrase_free(passphrase);
	return 0;
}
