/* SPDX-License-Identifier: MIT */
#include "crypto/paper.h"

#include <sodium.h>
#include <stdio.h>

#include "base/base32.h"
#include "base/diag.h"
#include "crypto/hash.h"
#include "crypto/seed.h"

enum {
	PART = KITH_KEY_BYTES / KITH_PAPER_LINES, /* of the seed, in a line */
	CHECK = 2,                                /* bytes behind it */
	LETTERS = 16,                             /* of a line */
	ALL = LETTERS * KITH_PAPER_LINES,
};

/* Each line checks itself and its place, so that a person hears which one to look at again. */
static void put_check(uint8_t line, const uint8_t part[static PART], uint8_t out[static CHECK])
{
	struct kith_span parts[2] = {kith_span(&line, 1), kith_span(part, PART)};
	uint8_t h[KITH_HASH_BYTES];

	kith_hash(h, "kith/1 paper", parts, 2);
	memcpy(out, h, CHECK);
	sodium_memzero(h, sizeof h);
}

void kith_paper_write(const struct kith_identity *id, char out[static KITH_PAPER_CHARS + 1])
{
	uint8_t line[PART + CHECK];
	char letters[KITH_BASE32_CHARS(sizeof line) + 1];

	for (uint8_t i = 0; i < KITH_PAPER_LINES; i++) {
		memcpy(line, kith_identity_seed(id) + i * PART, PART);
		put_check(i, line, line + PART);
		kith_base32(letters, kith_span(line, sizeof line));
		out += snprintf(out, 21, "%.4s %.4s %.4s %.4s\n", letters, letters + 4, letters + 8,
			letters + 12);
	}
	sodium_memzero(line, sizeof line);
	sodium_memzero(letters, sizeof letters);
}

/* What base32 has in the place of that; 0 when it counts for nothing, '?' when it is wrong. */
static char letter(uint8_t c)
{
	if (c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	if ((c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'))
		return (char)c;
	switch (c) {
	case '0':
		return 'O';
	case '1':
		return 'I';
	case '8':
		return 'B';
	case ' ':
	case '\t':
	case '\r':
	case '\n':
	case '-':
	case '.':
		return 0;
	default:
		return '?';
	}
}

/* The letters that count; false, with a sentence, when there are not as many as there must be. */
static bool gather(struct kith_span text, char out[static ALL + 1], struct kith_diag *diag)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (n == ALL && text.p[i] == '\n') /* what was said below them is no part of it */
			break;
		char c = letter(text.p[i]);
		if (c == '?') {
			(void)kith_fail(diag, KITH_ERR_KEYFILE,
				"line %zu of the key holds a character that no key has",
				n / LETTERS < KITH_PAPER_LINES ? n / LETTERS + 1
							       : KITH_PAPER_LINES);
			return false;
		}
		if (c && n < ALL)
			out[n] = c;
		n += c != 0;
	}
	if (n != ALL)
		(void)kith_fail(diag, KITH_ERR_KEYFILE,
			"a key on paper has %d lines of %d letters and digits, %d in all; this has %zu",
			KITH_PAPER_LINES, LETTERS, ALL, n);
	return n == ALL;
}

/* The part of the seed in one line; false: it was mistyped. */
static bool read_line(uint8_t i, const char *letters, uint8_t out[static PART])
{
	uint8_t line[PART + CHECK], check[CHECK];
	bool good = kith_base32_read(line, sizeof line, kith_span(letters, LETTERS));

	if (good) {
		put_check(i, line, check);
		good = memcmp(check, line + PART, CHECK) == 0;
		memcpy(out, line, PART);
	}
	sodium_memzero(line, sizeof line);
	return good;
}

enum kith_err kith_paper_read(
	struct kith_span text, struct kith_identity **ret, struct kith_diag *diag)
{
	char letters[ALL + 1] = {0};
	uint8_t seed[KITH_KEY_BYTES];
	enum kith_err err = gather(text, letters, diag) ? KITH_OK : KITH_ERR_KEYFILE;

	for (uint8_t i = 0; !err && i < KITH_PAPER_LINES; i++)
		if (!read_line(i, letters + i * LETTERS, seed + i * PART))
			err = kith_fail(diag, KITH_ERR_KEYFILE,
				"line %d of the key is mistyped: compare it with the paper", i + 1);
	if (!err)
		err = kith_identity_from_seed(seed, ret);
	sodium_memzero(letters, sizeof letters);
	sodium_memzero(seed, sizeof seed);
	return err;
}
