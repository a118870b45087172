/* SPDX-License-Identifier: MIT
 *
 * backup.txt - backups whole and broken, keys on paper, retired keys.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/auto.h"
#include "book/backupfile.h"
#include "crypto/keyring.h"
#include "crypto/paper.h"
#include "crypto/seed.h"
#include "vectors/vector.h"

#define PARTS 64

/* What was handed over: "name hex", as the lines of the vector have it. */
struct parts {
	struct kith_buf text[PARTS];
	size_t n;
};

static void parts_free(struct parts *p)
{
	for (size_t i = 0; i < PARTS; i++)
		kith_buf_free(&p->text[i]);
}

static enum kith_err begin(void *ctx, const char *name, uint64_t size, struct kith_diag *diag)
{
	struct parts *p = ctx;

	(void)diag;
	if (p->n == PARTS)
		return KITH_ERR_INTERNAL;
	return kith_buf_printf(&p->text[p->n], "%s %s", name, size ? "" : "-");
}

static enum kith_err bytes(void *ctx, struct kith_span s, struct kith_diag *diag)
{
	struct parts *p = ctx;
	enum kith_err err = KITH_OK;

	(void)diag;
	for (size_t i = 0; !err && i < s.n; i++)
		err = kith_buf_printf(&p->text[p->n], "%02x", s.p[i]);
	return err;
}

static enum kith_err end(void *ctx, struct kith_diag *diag)
{
	struct parts *p = ctx;

	(void)diag;
	return kith_buf_cstr(&p->text[p->n++]) ? KITH_OK : KITH_ERR_NOMEM;
}

/* Through a descriptor, as from a disk. */
static enum kith_err read_file(struct kith_span input, const struct kith_passphrase *passphrase,
	const struct kith_backup_sink *sink)
{
	KITH_AUTO_FD int fd = memfd_create("backup", MFD_CLOEXEC);

	if (fd < 0 || write(fd, input.p, input.n) != (ssize_t)input.n || lseek(fd, 0, SEEK_SET))
		return KITH_ERR_INTERNAL;
	return kith_backup_read(fd, passphrase, sink, NULL);
}

static void check_file(struct kith_vector *v)
{
	KITH_AUTO(parts_free) struct parts parts = {0};
	const struct kith_backup_sink sink = {&parts, begin, bytes, end};
	struct kith_passphrase *word = NULL;
	const char *want;
	size_t n = 0;

	if (kith_passphrase_new(kith_span_str(kith_vector_text(v, "passphrase")), &word, NULL)) {
		kith_vector_fail(v, "the passphrase is refused");
		return;
	}
	enum kith_err err = read_file(kith_vector_bytes(v, "input"), word, &sink);
	kith_passphrase_free(word);
	kith_vector_same_class(v, err);
	for (; !err && (want = kith_vector_text_at(v, "part", n)); n++)
		if (n >= parts.n || strcmp((const char *)parts.text[n].p, want) != 0)
			kith_vector_fail(v, "part %zu is not %s", n, want);
	if (!err && n != parts.n)
		kith_vector_fail(v, "%zu parts", parts.n);
}

static void check_paper(struct kith_vector *v)
{
	struct kith_identity *id = NULL;
	enum kith_err err = kith_paper_read(kith_span_str(kith_vector_text(v, "text")), &id, NULL);

	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same(v, "seed", kith_span(kith_identity_seed(id), KITH_KEY_BYTES));
	kith_identity_free(id);
}

static void check_retired(struct kith_vector *v)
{
	struct kith_retired_keys keys = {0};
	struct kith_identity *id = NULL;
	const char *want;
	size_t n = 0;

	if (kith_identity_from_seed(kith_vector_32(v, "seed"), &id)) {
		kith_vector_fail(v, "no identity");
		return;
	}
	enum kith_err err = kith_retired_open(id, kith_vector_bytes(v, "input"), &keys);
	kith_vector_same_class(v, err);
	for (; !err && (want = kith_vector_text_at(v, "key", n)); n++) {
		char line[160];
		int at = n < keys.n ? snprintf(line, sizeof line, "%llu ",
					      (unsigned long long)keys.at[n].seq)
				    : 0;
		for (size_t i = 0; n < keys.n && i < 32; i++)
			at += snprintf(
				line + at, sizeof line - (size_t)at, "%02x", keys.at[n].ik[i]);
		for (size_t i = 0; n < keys.n && i < 32; i++)
			at += snprintf(line + at, sizeof line - (size_t)at, "%s%02x", i ? "" : " ",
				keys.at[n].xk_secret[i]);
		if (at == 0 || strcmp(line, want) != 0)
			kith_vector_fail(v, "key %zu is not %s", n, want);
	}
	if (!err && n != keys.n)
		kith_vector_fail(v, "%zu keys", keys.n);
	kith_retired_free(&keys);
	kith_identity_free(id);
}

void kith_vector_backup(struct kith_vector *v)
{
	const char *kind = kith_vector_text(v, "kind");

	if (kind && strcmp(kind, "file") == 0)
		check_file(v);
	else if (kind && strcmp(kind, "paper") == 0)
		check_paper(v);
	else if (kind && strcmp(kind, "retired") == 0)
		check_retired(v);
	else
		kith_vector_fail(v, "an unknown kind");
}
