/* SPDX-License-Identifier: MIT */
#include "crypto/passphrase.h"

#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/nfc.h"
#include "base/text.h"

/* All that follows in memory from sodium_malloc: guarded, locked, wiped when freed. */
struct kith_passphrase {
	size_t n;
	uint8_t bytes[KITH_PASSPHRASE_MAX + KITH_NFC_SPARE];
};

struct typed {
	size_t n;
	uint8_t bytes[KITH_PASSPHRASE_MAX + 2]; /* a CR before the end, and one too many */
	int32_t work[4 * KITH_PASSPHRASE_MAX];  /* for kith_nfc */
};

static enum kith_err make(struct typed *t, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct kith_passphrase *p;

	if (t->n > KITH_PASSPHRASE_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "the passphrase is longer than %d bytes",
			KITH_PASSPHRASE_MAX);
	if (!kith_text_valid(kith_span(t->bytes, t->n)))
		return kith_fail(diag, KITH_ERR_UTF8, "the passphrase is not valid UTF-8");
	p = sodium_malloc(sizeof *p);
	if (!p)
		return KITH_ERR_NOMEM;
	if (!kith_nfc(kith_span(t->bytes, t->n), t->work, sizeof t->work / sizeof t->work[0],
		    p->bytes, sizeof p->bytes, &p->n) ||
		p->n > KITH_PASSPHRASE_MAX) {
		sodium_free(p);
		return kith_fail(diag, KITH_ERR_LIMIT, "the passphrase is longer than %d bytes",
			KITH_PASSPHRASE_MAX);
	}
	(void)sodium_mprotect_readonly(p);
	*ret = p;
	return KITH_OK;
}

enum kith_err kith_passphrase_new(
	struct kith_span text, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct typed *t = sodium_malloc(sizeof *t);
	enum kith_err err;

	if (!t)
		return KITH_ERR_NOMEM;
	t->n = text.n < sizeof t->bytes ? text.n : sizeof t->bytes;
	if (t->n)
		memcpy(t->bytes, text.p, t->n);
	err = make(t, ret, diag);
	sodium_free(t);
	return err;
}

/* 1 a byte, 0 the end, -1 an error, -2 stop has become readable. */
static int next_byte(int fd, int stop, uint8_t *out)
{
	for (;;) {
		struct pollfd p[2] = {{fd, POLLIN, 0}, {stop, POLLIN, 0}};
		if (poll(p, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		if (p[1].revents)
			return -2;
		ssize_t n = read(fd, out, 1);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return (int)n;
	}
}

/* Byte by byte: what follows the line is for whoever reads next. */
static enum kith_err read_line(int fd, int stop, struct typed *t, struct kith_diag *diag)
{
	int got = 0;

	t->n = 0;
	while (t->n < sizeof t->bytes && (got = next_byte(fd, stop, &t->bytes[t->n])) == 1 &&
		t->bytes[t->n] != '\n')
		t->n++;
	if (got == -2)
		return kith_fail(diag, KITH_ERR_PASSPHRASE, "no passphrase was given");
	if (got < 0)
		return kith_fail(diag, KITH_ERR_IO,
			"cannot read a passphrase from descriptor %d: %s", fd, strerror(errno));
	if (t->n > 0 && t->bytes[t->n - 1] == '\r')
		t->n--;
	return KITH_OK;
}

enum kith_err kith_passphrase_read(
	int fd, int stop, struct kith_passphrase **ret, struct kith_diag *diag)
{
	struct typed *t = sodium_malloc(sizeof *t);
	enum kith_err err;

	if (!t)
		return KITH_ERR_NOMEM;
	err = read_line(fd, stop, t, diag);
	if (!err)
		err = make(t, ret, diag);
	sodium_free(t);
	return err;
}

enum kith_err kith_passphrase_write(const struct kith_passphrase *p, int fd, struct kith_diag *diag)
{
	size_t done = 0;

	while (done <= p->n) {
		ssize_t n =
			done < p->n ? write(fd, p->bytes + done, p->n - done) : write(fd, "\n", 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return kith_fail(diag, KITH_ERR_IO, "cannot hand the passphrase on: %s",
				strerror(errno));
		done += (size_t)n;
	}
	return KITH_OK;
}

void kith_passphrase_free(struct kith_passphrase *p)
{
	sodium_free(p);
}

bool kith_passphrase_empty(const struct kith_passphrase *p)
{
	return p->n == 0;
}

bool kith_passphrase_same(const struct kith_passphrase *a, const struct kith_passphrase *b)
{
	return a->n == b->n && sodium_memcmp(a->bytes, b->bytes, a->n) == 0;
}

struct kith_span kith_passphrase_span(const struct kith_passphrase *p)
{
	return kith_span(p->bytes, p->n);
}
