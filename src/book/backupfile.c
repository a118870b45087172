/* SPDX-License-Identifier: MIT */
#include "book/backupfile.h"

#include <errno.h>
#include <fcntl.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/limits.h"
#include "crypto/exchange.h"
#include "crypto/stretch.h"

#define STREAM_HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define BOX           (KITH_BACKUP_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)

static const char magic[8] = {'K', 'I', 'T', 'H', 'B', 'A', 'K', '1'};
static const char label[] = "kith/1 backup";

/* --- writing ---------------------------------------------------------------------------------- */

enum kith_err kith_backup_begin(struct kith_backup_writer *w, const char *path,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag)
{
	uint8_t header[KITH_STRETCH_HEADER];
	uint8_t key[32];

	*w = (struct kith_backup_writer){0};
	enum kith_err err = kith_file_begin(&w->file, path, diag);
	if (err)
		return err;
	err = kith_stretch_new(NULL, magic, label, passphrase, cost, header, key);
	if (err == KITH_ERR_NOMEM)
		return kith_fail(diag, err,
			"a passphrase takes %u MiB of memory here, which are not to be had",
			kith_stretch_least(cost));
	if (err)
		return err;
	kith_seal_start(&w->seal, key);
	kith_wipe(key, sizeof key);
	return kith_file_put(&w->file, kith_span(header, sizeof header), diag);
}

static enum kith_err put_box(
	struct kith_backup_writer *w, struct kith_span plain, bool final, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf box = {0};
	enum kith_err err = kith_seal_push(&w->seal, kith_span(NULL, 0), plain, final, &box);

	return err ? err : kith_file_put(&w->file, kith_buf_span(&box), diag);
}

/* Seals as many whole chunks as there are. */
static enum kith_err put(
	struct kith_backup_writer *w, struct kith_span bytes, struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	while (!err && bytes.n > 0) {
		size_t n = KITH_BACKUP_CHUNK - w->pending.n;
		n = bytes.n < n ? bytes.n : n;
		if ((err = kith_buf_add(&w->pending, bytes.p, n)))
			break;
		bytes = kith_span(bytes.p + n, bytes.n - n);
		if (w->pending.n < KITH_BACKUP_CHUNK)
			break;
		err = put_box(w, kith_buf_span(&w->pending), false, diag);
		kith_buf_clear(&w->pending);
	}
	return err;
}

enum kith_err kith_backup_part(struct kith_backup_writer *w, const char *name,
	struct kith_span bytes, struct kith_diag *diag)
{
	uint8_t head[1 + KITH_BACKUP_NAME + 8];
	size_t n = strlen(name);

	if (n == 0 || n >= KITH_BACKUP_NAME)
		return KITH_ERR_INTERNAL;
	head[0] = (uint8_t)n;
	memcpy(head + 1, name, n);
	for (size_t i = 0; i < 8; i++)
		head[1 + n + i] = (uint8_t)((uint64_t)bytes.n >> (56 - 8 * i));
	enum kith_err err = put(w, kith_span(head, 1 + n + 8), diag);
	return err ? err : put(w, bytes, diag);
}

enum kith_err kith_backup_end(struct kith_backup_writer *w, struct kith_diag *diag)
{
	enum kith_err err = put_box(w, kith_buf_span(&w->pending), true, diag);

	return err ? err : kith_file_end(&w->file, 0600, KITH_FILE_REPLACE, diag);
}

void kith_backup_writer_free(struct kith_backup_writer *w)
{
	kith_file_writer_free(&w->file);
	kith_wipe(&w->seal, sizeof w->seal);
	kith_buf_free(&w->pending);
}

/* --- what is inside --------------------------------------------------------------------------- */

static bool is_name(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool letter = (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= '0' && p[i] <= '9');
		if (!letter && (i == 0 || (p[i] != '.' && p[i] != '-')))
			return false;
	}
	return n > 0;
}

/* How long the head of a part is; 1 while that is not known. */
static size_t head_size(const struct kith_backup_parser *p)
{
	return p->have == 0 ? 1 : 1 + (size_t)p->head[0] + 8;
}

static enum kith_err begin_part(struct kith_backup_parser *p, struct kith_diag *diag)
{
	char name[KITH_BACKUP_NAME] = {0};
	size_t n = p->head[0];

	memcpy(name, p->head + 1, n);
	if (!is_name(p->head + 1, n))
		return kith_fail(diag, KITH_ERR_SHAPE, "a part of it has no proper name");
	p->left = 0;
	for (size_t i = 0; i < 8; i++)
		p->left = p->left << 8 | p->head[1 + n + i];
	if (++p->parts > KITH_BACKUP_PARTS_MAX)
		return kith_fail(
			diag, KITH_ERR_LIMIT, "it has more than %d parts", KITH_BACKUP_PARTS_MAX);
	if (p->left > KITH_BACKUP_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "a part of it is larger than %d MiB",
			KITH_BACKUP_MAX / 1048576);
	p->have = 0;
	p->inside = true;
	return p->sink->begin(p->sink->ctx, name, p->left, diag);
}

/* Takes bytes of the head. */
static enum kith_err feed_head(
	struct kith_backup_parser *p, struct kith_span *piece, struct kith_diag *diag)
{
	while (piece->n > 0 && p->have < head_size(p)) {
		p->head[p->have++] = *piece->p;
		*piece = kith_span(piece->p + 1, piece->n - 1);
		if (p->have == 1 && (p->head[0] == 0 || p->head[0] >= KITH_BACKUP_NAME))
			return kith_fail(diag, KITH_ERR_SHAPE, "a part of it has no proper name");
	}
	return p->have > 0 && p->have == head_size(p) ? begin_part(p, diag) : KITH_OK;
}

static enum kith_err feed_bytes(
	struct kith_backup_parser *p, struct kith_span *piece, struct kith_diag *diag)
{
	size_t n = piece->n < p->left ? piece->n : (size_t)p->left;
	enum kith_err err = KITH_OK;

	if (n > 0)
		err = p->sink->bytes(p->sink->ctx, kith_span(piece->p, n), diag);
	*piece = kith_span(piece->p + n, piece->n - n);
	p->left -= n;
	if (err || p->left > 0)
		return err;
	p->inside = false;
	return p->sink->end(p->sink->ctx, diag);
}

enum kith_err kith_backup_feed(
	struct kith_backup_parser *p, struct kith_span piece, struct kith_diag *diag)
{
	enum kith_err err = KITH_OK;

	/* a part without bytes ends where it begins */
	while (!err && (piece.n > 0 || (p->inside && p->left == 0)))
		err = p->inside ? feed_bytes(p, &piece, diag) : feed_head(p, &piece, diag);
	return err;
}

enum kith_err kith_backup_fed(const struct kith_backup_parser *p)
{
	return p->inside || p->have ? KITH_ERR_TRUNCATED : KITH_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* At most n bytes, fewer only at the end of the file. */
static enum kith_err read_some(int fd, uint8_t *to, size_t n, size_t *ret_n, struct kith_diag *diag)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, to + done, n - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return kith_fail(
				diag, KITH_ERR_IO, "it cannot be read: %s", strerror(errno));
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*ret_n = done;
	return KITH_OK;
}

static enum kith_err fail_cut(struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_TRUNCATED, "it is cut off: its end is missing");
}

/* One box of the stream, and what is in it. */
static enum kith_err read_box(int fd, struct kith_seal *seal, struct kith_backup_parser *p,
	uint8_t box[static STREAM_HEADER + BOX], struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf plain = {0};
	bool first = !seal->begun;
	size_t most = BOX + (first ? STREAM_HEADER : 0), n;
	enum kith_err err = read_some(fd, box, most, &n, diag);

	if (err)
		return err;
	if (n < most - KITH_BACKUP_CHUNK) /* less than a box around nothing */
		return fail_cut(diag);
	err = kith_seal_pull(seal, kith_span(NULL, 0), kith_span(box, n), &plain);
	if (err == KITH_ERR_PROTOCOL && first) /* nothing in it says which of the three */
		return kith_fail(diag, KITH_ERR_SIG,
			"it is cut off, altered, or that is not its passphrase");
	if (err == KITH_ERR_PROTOCOL)
		return kith_fail(diag, KITH_ERR_SIG,
			n < most ? "it is cut off or altered" : "it was altered or is damaged");
	return err ? err : kith_backup_feed(p, kith_buf_span(&plain), diag);
}

static enum kith_err check_end(int fd, const struct kith_backup_parser *p, struct kith_diag *diag)
{
	uint8_t more;
	size_t n;
	enum kith_err err = read_some(fd, &more, 1, &n, diag);

	if (!err && n > 0)
		err = kith_fail(diag, KITH_ERR_SHAPE, "something stands behind its end");
	if (!err && kith_backup_fed(p))
		err = fail_cut(diag);
	return err;
}

static enum kith_err read_stream(int fd, const uint8_t key[static 32],
	const struct kith_backup_sink *sink, struct kith_diag *diag)
{
	struct kith_backup_parser parser = {.sink = sink};
	struct kith_seal seal;
	uint8_t *box = malloc(STREAM_HEADER + BOX);
	enum kith_err err = box ? KITH_OK : KITH_ERR_NOMEM;

	kith_seal_start(&seal, key);
	while (!err && !seal.ended)
		err = read_box(fd, &seal, &parser, box, diag);
	if (!err)
		err = check_end(fd, &parser, diag);
	kith_wipe(&seal, sizeof seal);
	free(box);
	return err;
}

enum kith_err kith_backup_read(int fd, const struct kith_passphrase *passphrase,
	const struct kith_backup_sink *sink, struct kith_diag *diag)
{
	uint8_t header[KITH_STRETCH_HEADER];
	uint8_t key[32];
	size_t n;
	enum kith_err err = read_some(fd, header, sizeof header, &n, diag);

	if (err)
		return err;
	if (n < sizeof magic || memcmp(header, magic, sizeof magic) != 0)
		return kith_fail(diag, KITH_ERR_NOTCARD, "it is no backup of kith's");
	if (n < sizeof header)
		return fail_cut(diag);
	if ((err = kith_stretch_check(kith_span(header, n), magic)) == KITH_ERR_VERSION)
		return kith_fail(diag, err, "it was written by a newer kith");
	if (err || !kith_stretch_protected(header))
		return kith_fail(diag, KITH_ERR_KEYFILE, "it is damaged");
	if ((err = kith_stretch_key(header, label, passphrase, key)) == KITH_ERR_NOMEM)
		return kith_fail(diag, err,
			"opening it takes %u MiB of memory, which are not to be had",
			kith_stretch_mib(header));
	if (!err)
		err = read_stream(fd, key, sink, diag);
	kith_wipe(key, sizeof key);
	return err;
}

bool kith_backup_is(const char *path)
{
	uint8_t begins[sizeof magic];
	size_t n = 0;
	KITH_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd >= 0 && !read_some(fd, begins, sizeof begins, &n, NULL) && n == sizeof begins &&
	       memcmp(begins, magic, sizeof magic) == 0;
}
