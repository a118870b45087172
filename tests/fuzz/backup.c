/* SPDX-License-Identifier: MIT
 *
 * backup - any bytes as a backup: as a file, and as what is inside one, in pieces of any size.  Argon2id is
 * replaced by a hash, as in keyfile.c.
 */
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/limits.h"
#include "book/backupfile.h"
#include "crypto/keyring.h"
#include "crypto/paper.h"
#include "crypto/stretch.h"
#include "fuzz/fuzz.h"

int crypto_pwhash(unsigned char *const out, unsigned long long n, const char *const passphrase,
	unsigned long long passphrase_n, const unsigned char *const salt,
	unsigned long long opslimit, size_t memlimit, int alg)
{
	must(opslimit >= 1 && opslimit <= KITH_KEYFILE_OPS_MAX);
	must(memlimit >= 8192 && memlimit <= (size_t)KITH_KEYFILE_MEM_KIB_MAX * 1024);
	must(alg == crypto_pwhash_ALG_ARGON2ID13);
	(void)crypto_generichash(out, n, (const unsigned char *)passphrase, passphrase_n, salt, 16);
	return 0;
}

/* What a sink may be asked for, and in which order. */
struct seen {
	bool inside;
	uint64_t left;
	size_t parts;
	uint8_t digest[32]; /* of all that came */
};

static void mix(struct seen *s, const void *p, size_t n)
{
	crypto_generichash_state h;

	(void)crypto_generichash_init(&h, NULL, 0, sizeof s->digest);
	(void)crypto_generichash_update(&h, s->digest, sizeof s->digest);
	(void)crypto_generichash_update(&h, p, n);
	(void)crypto_generichash_final(&h, s->digest, sizeof s->digest);
}

static enum kith_err begin(void *ctx, const char *name, uint64_t size, struct kith_diag *diag)
{
	struct seen *s = ctx;
	size_t n = strlen(name);

	(void)diag;
	must(!s->inside && ++s->parts <= KITH_BACKUP_PARTS_MAX);
	must(n >= 1 && n < KITH_BACKUP_NAME && size <= KITH_BACKUP_MAX);
	must(!strchr(name, '/') && name[0] != '.' && name[0] != '-');
	s->inside = true;
	s->left = size;
	mix(s, name, n);
	return KITH_OK;
}

static enum kith_err bytes(void *ctx, struct kith_span piece, struct kith_diag *diag)
{
	struct seen *s = ctx;

	(void)diag;
	must(s->inside && piece.n > 0 && piece.n <= s->left);
	s->left -= piece.n;
	for (size_t i = 0; i < piece.n; i++)
		mix(s, piece.p + i, 1);
	return KITH_OK;
}

static enum kith_err end(void *ctx, struct kith_diag *diag)
{
	struct seen *s = ctx;

	(void)diag;
	must(s->inside && s->left == 0);
	s->inside = false;
	return KITH_OK;
}

/* The same content in pieces of that size. */
static enum kith_err feed(struct kith_span content, size_t piece, struct seen *ret)
{
	struct seen seen = {0};
	const struct kith_backup_sink sink = {&seen, begin, bytes, end};
	struct kith_backup_parser parser = {.sink = &sink};
	enum kith_err err = KITH_OK;

	while (!err && content.n > 0) {
		size_t n = content.n < piece ? content.n : piece;
		err = kith_backup_feed(&parser, kith_span(content.p, n), NULL);
		content = kith_span(content.p + n, content.n - n);
	}
	if (!err)
		err = kith_backup_fed(&parser);
	must(err || !seen.inside);
	*ret = seen;
	return err;
}

static void parses(struct kith_span content)
{
	struct seen whole, bits;
	enum kith_err err = feed(content, SIZE_MAX, &whole);

	must(err == KITH_OK || err == KITH_ERR_SHAPE || err == KITH_ERR_LIMIT ||
		err == KITH_ERR_TRUNCATED);
	must(feed(content, 1 + content.n % 7, &bits) == err);
	must(whole.parts == bits.parts &&
		memcmp(whole.digest, bits.digest, sizeof whole.digest) == 0);
}

static void reads(struct kith_span file, const struct kith_passphrase *word)
{
	struct seen seen = {0};
	const struct kith_backup_sink sink = {&seen, begin, bytes, end};
	struct kith_diag diag = {0};
	KITH_AUTO_FD int fd = memfd_create("backup", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, file.p, file.n) == (ssize_t)file.n &&
		lseek(fd, 0, SEEK_SET) == 0);
	enum kith_err err = kith_backup_read(fd, word, &sink, &diag);
	must(err || !seen.inside);
	must(!err || diag.text[0] || err == KITH_ERR_TRUNCATED || err == KITH_ERR_PASSPHRASE);
	must(err != KITH_ERR_INTERNAL && err != KITH_ERR_PROTOCOL && err != KITH_ERR_IO);
}

/* What is behind the stream's key, so that the parser is reached through the file too. */
static void seals_and_reads(struct kith_span content, const struct kith_passphrase *word)
{
	const struct kith_keyfile_cost quick = {1, 8};
	uint8_t header[KITH_STRETCH_HEADER], key[32];
	KITH_AUTO_BUF struct kith_buf file = {0};
	struct kith_seal seal;
	struct seen whole;

	must(!kith_stretch_new(NULL, "KITHBAK1", "kith/1 backup", word, &quick, header, key));
	must(!kith_buf_add(&file, header, sizeof header));
	kith_seal_start(&seal, key);
	must(!kith_seal_push(&seal, kith_span(NULL, 0), content, true, &file));
	struct seen seen = {0};
	const struct kith_backup_sink sink = {&seen, begin, bytes, end};
	KITH_AUTO_FD int fd = memfd_create("backup", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, file.p, file.n) == (ssize_t)file.n &&
		lseek(fd, 0, SEEK_SET) == 0);
	must(kith_backup_read(fd, word, &sink, NULL) == feed(content, SIZE_MAX, &whole));
	must(memcmp(whole.digest, seen.digest, sizeof seen.digest) == 0);
}

static void types(struct kith_span text)
{
	struct kith_identity *id = NULL, *again = NULL;
	char out[KITH_PAPER_CHARS + 1];

	if (kith_paper_read(text, &id, NULL))
		return;
	kith_paper_write(id, out);
	must(!kith_paper_read(kith_span_str(out), &again, NULL));
	must(memcmp(kith_identity_ik(id), kith_identity_ik(again), KITH_KEY_BYTES) == 0);
	kith_identity_free(id);
	kith_identity_free(again);
}

static void retires(struct kith_span file)
{
	static const uint8_t seed[KITH_KEY_BYTES] = {3};
	struct kith_retired_keys keys = {0};
	struct kith_identity *id = NULL;

	must(!kith_identity_from_seed(seed, &id));
	if (!kith_retired_open(id, file, &keys))
		must(keys.n >= 1 && keys.n <= KITH_STATEMENTS_MAX);
	kith_retired_free(&keys);
	kith_identity_free(id);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct kith_passphrase *word;
	struct fuzz_in in = {p, n};

	fuzz_start();
	if (!word)
		must(!kith_passphrase_new(kith_span_str("correct horse"), &word, NULL));
	uint8_t what = fuzz_byte(&in);
	struct kith_span rest = kith_span(in.p, in.n);
	if (what == 'f')
		reads(rest, word);
	else if (what == 't')
		types(rest);
	else if (what == 'r')
		retires(rest);
	else
		parses(rest);
	if (what == 's')
		seals_and_reads(rest, word);
	return 0;
}
